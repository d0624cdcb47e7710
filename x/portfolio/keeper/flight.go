package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// launch remembers what left over IBC, so that its end is booked once.
func (k Keeper) launch(ctx context.Context, fl *types.Flight) error {
	key := fl.Key()
	switch found, err := k.Flights.Has(ctx, key); {
	case err != nil:
		return err
	case found || fl.Sequence == 0:
		return types.ErrTransfer.Wrapf("expected a new packet of %s, got %d", fl.Channel, fl.Sequence)
	}
	fl.State = types.FlightState_FLIGHT_STATE_SENT
	return k.Flights.Set(ctx, key, *fl)
}

// Resolve books the end of a transfer over IBC: it arrived, or it returned for a reason and its units are back in the
// account. A second end, and one of a packet that no portfolio sent, change nothing. When the portfolio cannot be read
// the end is remembered until it can.
func (k Keeper) Resolve(ctx context.Context, key types.FlightKey, why types.Return, detail string) error {
	fl, err := k.Flights.Get(ctx, key)
	switch {
	case errors.Is(err, collections.ErrNotFound) || err == nil && fl.State != types.FlightState_FLIGHT_STATE_SENT:
		return nil
	case err != nil:
		return err
	}
	fl.State, fl.Returned, fl.Detail = types.FlightState_FLIGHT_STATE_SETTLED, why, types.Detail(detail)
	if why != types.Return_RETURN_UNSPECIFIED {
		fl.State = types.FlightState_FLIGHT_STATE_REFUNDED
	}
	f, unreadable := k.find(ctx, fl.Id)
	if unreadable != nil {
		return k.Flights.Set(ctx, key, fl)
	}
	if err := k.land(ctx, f, &fl); err != nil {
		return err
	}
	return k.put(ctx, f)
}

// landAll books what ended while the portfolio could not be read.
func (k Keeper) landAll(ctx context.Context, f *folio) error {
	var ended []types.Flight
	prefix := collections.NewPrefixedTripleRange[uint64, string, uint64](f.Id)
	err := k.Flights.Walk(ctx, prefix, func(_ types.FlightKey, fl types.Flight) (bool, error) {
		if fl.State != types.FlightState_FLIGHT_STATE_SENT {
			ended = append(ended, fl)
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	for i := range ended {
		if err := k.land(ctx, f, &ended[i]); err != nil {
			return err
		}
	}
	return nil
}

// land books the end of a flight into a portfolio, which the caller stores, and forgets the flight.
func (k Keeper) land(ctx context.Context, f *folio, fl *types.Flight) error {
	if err := k.Flights.Remove(ctx, fl.Key()); err != nil {
		return err
	}
	if fl.State == types.FlightState_FLIGHT_STATE_SETTLED {
		event := &types.EventPaymentSettled{
			Id: f.Id, PaymentId: fl.PaymentId, Amount: fl.Amount, Channel: fl.Channel, Sequence: fl.Sequence,
		}
		event.Last = f.arrived(fl, now(ctx))
		emit(ctx, event)
		return nil
	}
	event := &types.EventPaymentReturned{
		Id: f.Id, PaymentId: fl.PaymentId, Amount: fl.Amount, Channel: fl.Channel, Sequence: fl.Sequence,
		Reason: fl.Returned, Detail: fl.Detail,
	}
	if err := k.cameBack(ctx, f, fl, event); err != nil {
		return err
	}
	emit(ctx, event)
	return nil
}

// arrived goes on with what waited for a transfer, and reports that nothing is left to pay.
func (f *folio) arrived(fl *types.Flight, now int64) bool {
	if i := f.paymentOf(fl); i >= 0 {
		pay, owed := &f.Payments[i], f.memory.State.Payments[i]
		next, more := f.policy.Payments[i].Schedule.Due(owed.Number)
		if !more {
			f.drop(i)
			return true
		}
		if !owed.Paid.IsZero() { // a part of it is missing
			next = now + f.policy.PeriodSeconds
		}
		pay.InFlight, pay.Returned = 0, types.Return_RETURN_UNSPECIFIED
		pay.Wait(next)
		return false
	}
	i := f.payoutOf(fl)
	if i < 0 {
		return false
	}
	o := &f.Payouts[i]
	o.InFlight, o.Failures = 0, 0
	switch waits := !f.memory.State.Payable(o.Order).Amount.IsZero(); {
	case waits:
		o.NextAttempt = now
	case !f.lives(o.Order):
		f.Payouts = append(f.Payouts[:i:i], f.Payouts[i+1:]...)
		return true
	}
	return false
}

// cameBack makes what returned due again, an interval later; after too many failures a payment waits for its owner and
// proceeds are left to him (spec 12.2). What belongs to no payment any more is a deposit.
func (k Keeper) cameBack(
	ctx context.Context, f *folio, fl *types.Flight, event *types.EventPaymentReturned,
) error {
	units, err := num.Amount(fl.Amount.Amount)
	if err != nil {
		return types.Wrap(err)
	}
	if i := f.paymentOf(fl); i >= 0 {
		pay := &f.Payments[i]
		if f.memory.State, err = f.memory.State.Returned(f.policy, i, units); err != nil {
			return types.Wrap(err)
		}
		pay.InFlight, pay.Returned = 0, fl.Returned
		pay.Failed(now(ctx) + f.policy.PeriodSeconds)
		event.Owed, event.Failures, event.NextAttempt = true, pay.Failures, pay.NextAttempt
		return nil
	}
	i := f.payoutOf(fl)
	if i < 0 {
		return nil
	}
	if err := k.backToEarmark(ctx, f, fl, units); err != nil {
		return err
	}
	o := &f.Payouts[i]
	o.InFlight = 0
	if event.NextAttempt, err = f.giveUp(o, now(ctx)); err != nil {
		return err
	}
	event.Failures, event.Owed = o.Failures, event.NextAttempt > 0
	if o.NextAttempt == 0 && !f.lives(o.Order) {
		f.Payouts = append(f.Payouts[:i:i], f.Payouts[i+1:]...)
	}
	return nil
}

// backToEarmark sets returned proceeds aside for their recipient.
func (k Keeper) backToEarmark(ctx context.Context, f *folio, fl *types.Flight, units asset.Amount) error {
	a, err := f.universe.Find(asset.ID(fl.Amount.Denom))
	if err != nil {
		return types.Wrap(err)
	}
	held := num.Held(k.keepers.Bank.GetBalance(ctx, types.Account(f.Id), fl.Amount.Denom).Amount)
	f.memory.State, err = f.memory.State.ReturnPayout(fl.PaymentId, a, units, held)
	return types.Wrap(err)
}

// paymentOf finds the payment that a flight carries, or returns -1: its owner has cancelled it.
func (f *folio) paymentOf(fl *types.Flight) int {
	if i := f.Payment(fl.PaymentId); i >= 0 && f.Payments[i].InFlight == fl.Sequence &&
		f.Payments[i].Terms.To.Channel == fl.Channel {
		return i
	}
	return -1
}

// payoutOf finds the payout that a flight carries, or returns -1.
func (f *folio) payoutOf(fl *types.Flight) int {
	if i := f.Payout(fl.PaymentId); i >= 0 && f.Payouts[i].InFlight == fl.Sequence &&
		f.Payouts[i].To.Channel == fl.Channel {
		return i
	}
	return -1
}

// checkFlights compares the flights with the payments and payouts that wait for them.
func (k Keeper) checkFlights(ctx context.Context, f *folio, add func(uint64, string, ...any)) {
	check := func(item uint64, to *types.Destination, sequence uint64, queued int64) {
		if sequence == 0 {
			return
		}
		fl, err := k.Flights.Get(ctx, collections.Join3(f.Id, to.Channel, sequence))
		if err != nil || fl.PaymentId != item || !fl.Amount.IsPositive() {
			add(f.Id, "payment or order %d waits for packet %d of %s, which carries %d (%v)",
				item, sequence, to.Channel, fl.PaymentId, err)
		}
		if queued != 0 {
			add(f.Id, "payment or order %d is queued while packet %d carries it", item, sequence)
		}
	}
	for i := range f.Payments {
		p := &f.Payments[i]
		check(p.Id, &p.Terms.To, p.InFlight, p.NextAttempt)
	}
	for i := range f.Payouts {
		o := &f.Payouts[i]
		check(o.Order, &o.To, o.InFlight, o.NextAttempt)
	}
}
