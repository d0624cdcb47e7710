package cycle

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/target"
)

var (
	// ErrBusy says that a portfolio has orders in the market that the request would orphan.
	ErrBusy = errors.New("cycle: orders in the market")
	// ErrRelease says that a halt cannot be ended now.
	ErrRelease = errors.New("cycle: halt not released")
	// ErrOneTime says that a one-time order is not valid or not known.
	ErrOneTime = errors.New("cycle: invalid one-time order")
	// ErrEarmark says that more was to be released than is earmarked.
	ErrEarmark = errors.New("cycle: invalid release of an earmark")
)

// The messages of an owner are functions of the state: they return the state after them and leave the one before as it
// was. None of them touches orders that are in the market; they take effect at the next decision.

// Retarget prepares a state for another policy: new targets, assets, limits or triggers. The integral belongs to the
// old targets and goes, as does the floor of a CPPI; the bands start anew; what is known of an asset that stays is
// kept. While orders are in the market the assets must stay the same: ErrBusy. The caller stores the new policy.
func (st State) Retarget(old, next *Policy) (State, error) {
	if len(st.Controller.Assets) != len(old.Assets) {
		return st, fmt.Errorf("%w: expected %d controller states, got %d",
			ErrPortfolio, len(old.Assets), len(st.Controller.Assets))
	}
	s := st.clone()
	if !slices.Equal(old.Assets, next.Assets) {
		if len(st.Orders) > 0 {
			return st, fmt.Errorf("%w: the assets of a policy change between rounds", ErrBusy)
		}
		s.Controller.Assets = carry(st.Controller.Assets, old, next)
		if len(st.Samples) > 0 {
			s.Samples = carry(st.Samples, old, next)
		}
	}
	pid.UpdateTarget(&s.Controller)
	s.Trigger = s.Trigger.Retuned()
	s.Target, s.Retargeted = target.State{}, true
	s.Widths, s.WidthTargets = nil, nil
	return s, nil
}

// carry takes what is kept per asset from one policy's order to another's. A new asset starts from nothing.
func carry[T any](values []T, old, next *Policy) []T {
	moved := make([]T, len(next.Assets))
	for k, a := range next.Assets {
		if i, found := slices.BinarySearch(old.Assets, a); found && i < len(values) {
			moved[k] = values[i]
		}
	}
	return moved
}

// Retune prepares a state for other gains, without a bump in the command: errs are the errors of this moment, parallel
// to the policy's assets. The caller stores the new gains.
func (st State) Retune(old, next *pid.Gains, errs []fixed.Wad) (State, error) {
	s := st.clone()
	if err := pid.UpdateGains(&s.Controller, old, next, errs); err != nil {
		return st, err
	}
	return s, nil
}

// Pause stops decisions. Orders in the market finish, and payments are still made.
func (st State) Pause() State {
	st.Paused = true
	return st
}

// Resume lets a paused portfolio decide again. Nothing that was under way before the pause goes on.
func (st State) Resume() State {
	s := st.clone()
	s.Paused = false
	s.rest()
	return s
}

// Forget prepares a state whose orders were settled without it, because it could not be loaded then: their units have
// arrived, and what they taught nobody learned. Nothing that was under way goes on, and a one-time order that had a
// slice among them ends: what is left of it is not known, and it must not sell more than its owner wanted.
func (st State) Forget() State {
	s := st.clone()
	s.OneTime = slices.DeleteFunc(s.OneTime, func(o OneTime) bool { return st.inMarket(o.ID) })
	s.Orders = nil
	s.rest()
	return s
}

// Release ends a band halt at the owner's or the trustee's word, if every price of the policy is healthy and lies
// within its bound; bounds are parallel to the policy's assets and say which market the sender saw. ErrRelease
// otherwise, or if there is no halt.
func (st State) Release(pol *Policy, bounds []band.Bound, prices []oracle.Price, now int64) (State, error) {
	if st.Machine.Phase != band.Halted {
		return st, fmt.Errorf("%w: expected a halt, the bands are %v", ErrRelease, st.Machine.Phase)
	}
	values := make([]fixed.Wad, 0, len(pol.Assets))
	for _, a := range pol.Assets {
		if int(a) >= len(prices) || pol.fault(&prices[a]) != OutcomeUnspecified {
			return st, fmt.Errorf("%w: the price of asset %d is not healthy", ErrRelease, a)
		}
		values = append(values, prices[a].Value)
	}
	if band.Admit(bounds, values) != band.Granted {
		return st, fmt.Errorf("%w: expected %d prices within their bounds", ErrRelease, len(values))
	}
	s := st.clone()
	s.Machine, _ = st.Machine.Next(&pol.Bands, band.Observation{Now: now, Healthy: true, Release: band.Granted})
	return s, nil
}

// RaiseBudget lets a portfolio go on whose executions lost more than its loss budget; larger is the new cap. The caller
// stores the new cap in the policy.
func (st State) RaiseBudget(pol *Policy, now int64, larger fixed.Wad) (State, error) {
	raised, err := st.Budget.Raise(pol.Budget, now, larger)
	if err != nil {
		return st, err
	}
	st.Budget = raised
	return st, nil
}

// AddOneTime takes a one-time order of the owner. Its size is Slicing.Remaining in units, or Share of NAV; its slices
// start at the next decision. ErrOneTime.
func (st State) AddOneTime(pol *Policy, u asset.Universe, o OneTime) (State, error) {
	s := &o.Slicing
	_, held := slices.BinarySearch(pol.Assets, o.Sell)
	switch {
	case !held || o.Sell == o.Buy || int(o.Buy) >= u.Len():
		return st, fmt.Errorf("%w: expected an asset of the policy for another one, got %d for %d",
			ErrOneTime, o.Sell, o.Buy)
	case o.ID == 0 || st.oneTime(o.ID) >= 0 || st.inMarket(o.ID):
		return st, fmt.Errorf("%w: expected an id above zero that is not in use, got %d", ErrOneTime, o.ID)
	case len(st.OneTime) >= MaxOneTime:
		return st, fmt.Errorf("%w: expected at most %d orders at once", ErrOneTime, MaxOneTime)
	case !unit(o.Share) || o.Share.IsZero() == s.Remaining.IsZero():
		return st, fmt.Errorf("%w: expected a size in units or a share of 0..1, got %v units and %v",
			ErrOneTime, s.Remaining, o.Share)
	case s.Intervals < 1 || o.Limit.Sign() < 0 || o.Proceeds > PayoutProceeds:
		return st, fmt.Errorf("%w: expected 1 interval or more, a limit of 0 or more and a known rule for its proceeds, "+
			"got %d, %v and %d", ErrOneTime, s.Intervals, o.Limit, o.Proceeds)
	case s.Interval != 0 || !s.Carried.IsZero() || o.Cancelled:
		return st, fmt.Errorf("%w: expected a new order, got one after %d intervals", ErrOneTime, s.Interval)
	}
	next := st.clone()
	next.OneTime = append(next.OneTime, o)
	return next, nil
}

// CancelOneTime ends a one-time order. A slice in the market finishes there. ErrOneTime when there is no such order.
func (st State) CancelOneTime(id uint64) (State, error) {
	at := st.oneTime(id)
	if at < 0 {
		return st, fmt.Errorf("%w: expected one that lives, got %d", ErrOneTime, id)
	}
	s := st.clone()
	if s.inMarket(id) {
		s.OneTime[at].Cancelled = true
	} else {
		s.OneTime = slices.Delete(s.OneTime, at, at+1)
	}
	return s, nil
}

// ReleaseEarmark gives earmarked units back to what is managed, or to the owner. What waits for its payout stays.
// ErrEarmark when fewer are earmarked.
func (st State) ReleaseEarmark(a asset.Index, units asset.Amount) (State, error) {
	at := slices.IndexFunc(st.Earmarked, func(e Earmark) bool { return e.Asset == a && e.Payout == 0 })
	var have asset.Amount
	if at >= 0 {
		have = st.Earmarked[at].Amount
	}
	if units.IsZero() || have.Less(units) {
		return st, fmt.Errorf("%w: expected 1..%v units of asset %d, got %v", ErrEarmark, have, a, units)
	}
	s := st.clone()
	if s.Earmarked[at].Amount = have.Monus(units); have == units {
		s.Earmarked = slices.Delete(s.Earmarked, at, at+1)
	}
	return s, nil
}

// Payable returns the proceeds of a one-time order that wait to be paid out; nothing when there are none.
func (st *State) Payable(order uint64) Earmark {
	for _, e := range st.Earmarked {
		if e.Payout == order && order != 0 {
			return e
		}
	}
	return Earmark{}
}

// PaidOut books proceeds that were paid out.
func (st State) PaidOut(order uint64) State {
	s := st.clone()
	s.Earmarked = slices.DeleteFunc(s.Earmarked, func(e Earmark) bool { return e.Payout == order && order != 0 })
	return s
}

// KeepPayout leaves proceeds that cannot be paid out to the owner, earmarked.
func (st State) KeepPayout(order uint64) (State, error) {
	mark := st.Payable(order)
	s := st.PaidOut(order)
	mark.Payout = 0
	var c fixed.Calc
	s.earmark(&c, mark)
	return s, c.Err()
}

// Returned books units of a payment that were sent and came back: they are owed again (spec 7.5, 12.2). ErrPortfolio
// when there is no such payment, project.ErrInput when it never paid so much.
func (st State) Returned(pol *Policy, payment int, units asset.Amount) (State, error) {
	if payment < 0 || payment >= min(len(pol.Payments), len(st.Payments)) {
		return st, fmt.Errorf("%w: expected a payment below %d, got %d", ErrPortfolio, len(pol.Payments), payment)
	}
	owed, err := pol.Payments[payment].Return(st.Payments[payment], units)
	if err != nil {
		return st, err
	}
	s := st.clone()
	s.Payments[payment] = owed
	return s, nil
}

// ReturnPayout books proceeds that were paid out and came back: they wait to be paid out again. Of what is held more is
// never earmarked than is there, so that what is earmarked stays covered.
func (st State) ReturnPayout(order uint64, a asset.Index, units, held asset.Amount) (State, error) {
	s := st.clone()
	var c fixed.Calc
	if units = units.Min(st.Free(a, held)); !units.IsZero() {
		s.earmark(&c, Earmark{Asset: a, Amount: units, Payout: order})
	}
	return s, c.Err()
}

// Free is what the owner may take of an asset of which so much is held: what nobody earmarked.
func (st *State) Free(a asset.Index, held asset.Amount) asset.Amount {
	return held.Monus(st.earmarked(a))
}

// Covered reports that what is earmarked of an asset is held.
func (st *State) Covered(a asset.Index, held asset.Amount) bool { return !held.Less(st.earmarked(a)) }

// AddPayment makes room for a payment that the policy gets as its last, after n others. What of it was due before now
// counts as paid.
func (st State) AddPayment(y *project.Payment, n int, now int64) State {
	s := st.clone()
	s.matchPayments(n)
	s.Payments = append(s.Payments, project.Owed{Number: y.Schedule.Before(now)})
	return s
}

// DropPayment forgets what has been done of a payment; those after it move up, as in the policy.
func (st State) DropPayment(payment int) State {
	s := st.clone()
	if payment < len(s.Payments) {
		s.Payments = slices.Delete(s.Payments, payment, payment+1)
	}
	return s
}

// Close ends a portfolio: it decides nothing more, and one-time orders and payments are forgotten. Orders in the
// market finish there; what is earmarked is free once there are none.
func (st State) Close() State {
	st.Paused, st.OneTime, st.Payments = true, nil, nil
	if len(st.Orders) == 0 {
		st.Earmarked = nil
	}
	return st
}

// Paid books a payout that arrived.
func (st State) Paid(o Payout) State {
	s := st.clone()
	for len(s.Payments) <= o.Payment {
		s.Payments = append(s.Payments, project.Owed{})
	}
	s.Payments[o.Payment] = o.Next
	return s
}

// Wanted lists the assets that a policy may buy: those with a target, a minimum or a payment.
func (pol *Policy) Wanted() []asset.Index {
	var list []asset.Index
	positive := func(weights []fixed.Wad, k int) bool { return k < len(weights) && !weights[k].IsZero() }
	for k, a := range pol.Assets {
		s := &pol.Target
		if positive(s.Weights, k) || positive(s.From, k) || positive(s.Min, k) ||
			k < len(pol.Limits.MinBalances) && !pol.Limits.MinBalances[k].IsZero() ||
			slices.ContainsFunc(pol.Payments, func(y project.Payment) bool { return y.Asset == a }) {
			list = append(list, a)
		}
	}
	return list
}
