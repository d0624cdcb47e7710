package cycle

import (
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// Market is all that a decision may know of the world.
type Market struct {
	Now      int64
	Universe asset.Universe
	Prices   []oracle.Price // by asset.Index
}

// Decision is one interval of one portfolio with every intermediate value. Its slices are parallel to the policy's
// assets, belong to the Workspace and last until its next decision.
type Decision struct {
	Note

	Measured   bool             // Report is there: the portfolio was valued and compared
	Report     drift.Report     // weights against the targets that were used
	Stored     []fixed.Wad      // the targets before minimum balances overrode them
	Overridden bool             // Report.Targets are not Stored
	Floors     []fixed.Wad      // minimum balances and reserved payments, as values
	Trigger    trigger.Decision //
	Verdict    band.Verdict     //
	Band       band.Event       // what the bands' state did
	Commands   []fixed.Wad      // the controller's answer, as weights
	Raw        []fixed.Wad      // the same as values
	Orders     []fixed.Wad      // after projection: values, sells negative; they add up to zero
	Matched    fixed.Wad        // the value of all sells
	Forced     fixed.Wad        // the part of it that minimum balances and caps demanded
}

// Active reports that the decision places orders.
func (d *Decision) Active() bool { return d.Outcome == Ordered }

// quantum is the smallest part of an order's value, 1e-6 of the unit of account: what the surface counts in.
const quantum = 1_000_000_000_000

// Decide takes one portfolio through its interval: value, target, drift, bands, trigger, control law, projection. It
// never looks at another portfolio. It updates p.State; when the outcome is Failed the state is in the middle of that
// and the caller keeps the one before. It does not allocate once the workspace has grown.
func (ws *Workspace) Decide(p *Portfolio, m *Market) *Decision {
	d := &ws.decision
	d.reset(p.ID)
	err := p.fits(m)
	if err == nil {
		if d.Outcome = p.ready(m.Now); d.Outcome != OutcomeUnspecified {
			return d
		}
		err = ws.decide(p, m, d)
	}
	if err != nil {
		d.Outcome, d.Err = Failed, fmt.Errorf("portfolio %d: %w", p.ID, err)
	}
	return d
}

func (d *Decision) reset(id uint64) {
	d.Note = Note{Portfolio: id}
	d.Measured, d.Band = false, band.Event{}
	d.Overridden, d.Trigger, d.Verdict = false, trigger.Decision{}, band.VerdictUnspecified
	d.Matched, d.Forced = fixed.Wad{}, fixed.Wad{}
	d.Commands, d.Raw, d.Orders = d.Commands[:0], d.Raw[:0], d.Orders[:0]
}

// fits checks what a decision relies on without looking.
func (p *Portfolio) fits(m *Market) error {
	n := len(p.Policy.Assets)
	if len(p.Holdings) != n || len(p.State.Controller.Assets) != n {
		return fmt.Errorf("%w: expected %d holdings and controller states, got %d and %d",
			ErrPortfolio, n, len(p.Holdings), len(p.State.Controller.Assets))
	}
	if len(m.Prices) != m.Universe.Len() {
		return fmt.Errorf("%w: expected %d prices, got %d", ErrPortfolio, m.Universe.Len(), len(m.Prices))
	}
	return p.Policy.fits(len(m.Prices))
}

// ready says why a portfolio that fits has no decision to take now, or OutcomeUnspecified.
func (p *Portfolio) ready(now int64) Outcome {
	st := &p.State
	switch {
	case st.Paused:
		return Paused
	case len(st.Orders) > 0:
		return Busy
	case st.Decided && p.Policy.slot(now) <= p.Policy.slot(st.DecidedAt):
		return NotDue
	}
	return OutcomeUnspecified
}

// slot counts the policy's intervals from its anchor. An owner may change both: what is remembered are times.
func (pol *Policy) slot(now int64) int64 { return slotOf(now, pol.AnchorSeconds, pol.PeriodSeconds) }

// decide is Decide once the portfolio is due.
func (ws *Workspace) decide(p *Portfolio, m *Market, d *Decision) error {
	st := &p.State
	healthy, err := ws.value(p, m, d)
	if err != nil {
		return err
	}
	if !healthy {
		ws.unhealthy(p, m, d)
		return nil
	}
	st.Decided, st.DecidedAt = true, m.Now
	next, err := ws.aim(p, m, d)
	if err != nil || d.Outcome != OutcomeUnspecified {
		return err
	}
	st.Target = next
	if err := ws.watch(p, m, d); err != nil || d.Outcome != OutcomeUnspecified {
		return err
	}
	return ws.act(p, m, d)
}

// value sets the values of what is held. It is false, with the outcome set, when a price that matters is not to be
// used.
func (ws *Workspace) value(p *Portfolio, m *Market, d *Decision) (bool, error) {
	pol := p.Policy
	ws.values = ws.values[:0]
	var c fixed.Calc
	for k, a := range pol.Assets {
		if !p.matters(k) {
			ws.values = append(ws.values, fixed.Wad{})
			continue
		}
		price, held := &m.Prices[a], p.Holdings[k].Monus(p.State.earmarked(a))
		if bad := pol.fault(price); bad != OutcomeUnspecified {
			d.Outcome, d.Asset, d.HasAsset = bad, a, true
			return false, nil
		}
		ws.values = append(ws.values, asset.ValueDown(&c, held, price.Value, m.Universe.At(a).Exponent))
	}
	return true, c.Err()
}

// matters reports an asset without whose price there is no decision: it is held, or it may have to be.
func (p *Portfolio) matters(k int) bool {
	pol := p.Policy
	a, s := pol.Assets[k], &pol.Target
	switch {
	case k < len(s.Weights) && !s.Weights[k].IsZero() || k < len(s.From) && !s.From[k].IsZero(),
		k < len(pol.Limits.MinBalances) && !pol.Limits.MinBalances[k].IsZero(),
		p.State.earmarked(a).Less(p.Holdings[k]):
		return true
	}
	return slices.ContainsFunc(pol.Payments, func(y project.Payment) bool { return y.Asset == a })
}

// fault says what is wrong with a price for this policy, or OutcomeUnspecified.
func (pol *Policy) fault(price *oracle.Price) Outcome {
	switch {
	case price.Status == oracle.StatusTripped:
		return PriceTripped
	case price.Status != oracle.StatusOK || price.Value.Sign() <= 0:
		return PriceMissing
	case pol.Limits.MaxPriceAgeSeconds > 0 && price.AgeSeconds > pol.Limits.MaxPriceAgeSeconds:
		return PriceStale
	}
	return OutcomeUnspecified
}

// aim finds the target weights and measures the distance to them.
func (ws *Workspace) aim(p *Portfolio, m *Market, d *Decision) (target.State, error) {
	pol, st := p.Policy, &p.State
	n := len(pol.Assets)
	d.Stored = grow(d.Stored, n)
	var c fixed.Calc
	var nav fixed.Wad
	for _, v := range ws.values {
		nav = c.Add(nav, v)
	}
	if err := c.Err(); err != nil {
		return st.Target, err
	}
	if nav.IsZero() || nav.Less(pol.Limits.MinNAV) {
		d.Outcome = Empty
		if !nav.IsZero() {
			d.Outcome = BelowMinimum
		}
		d.Report.NAV = nav
		return st.Target, nil
	}
	in := target.Input{Now: m.Now, NAV: nav}
	// Only these rules look at weights or volatilities.
	if kind := pol.Target.Kind; kind == target.BuyAndHold {
		in.Current = ws.weightsOf(&c, nav)
	} else if kind == target.VolTarget || kind == target.InverseVol {
		in.Sigma = ws.sigmasOf(pol, m)
	}
	next, err := target.At(&ws.target, &pol.Target, st.Target, in, d.Stored)
	if err != nil {
		return st.Target, err
	}
	if err := ws.floors(p, m, d, nav); err != nil {
		return st.Target, err
	}
	targets := d.Stored
	if ws.bound {
		targets = grow(ws.targets, n)
		ws.targets = targets
		d.Overridden, err = project.Override(&ws.project, targets, d.Stored, d.Floors, nav, pol.Priority, pol.Override)
		if err != nil {
			return st.Target, err
		}
	}
	if err := drift.Measure(&d.Report, ws.values, targets); err != nil {
		return st.Target, err
	}
	d.Measured = true
	return next, nil
}

// Errors measures how far a portfolio is from its targets now, as its next decision would: what Retune asks for. It is
// empty when a price is not to be used or there is too little to measure. The state of p may change; take a copy.
func (ws *Workspace) Errors(p *Portfolio, m *Market) ([]fixed.Wad, error) {
	d := &ws.decision
	d.reset(p.ID)
	if err := p.fits(m); err != nil {
		return nil, err
	}
	if healthy, err := ws.value(p, m, d); err != nil || !healthy {
		return nil, err
	}
	if _, err := ws.aim(p, m, d); err != nil || !d.Measured {
		return nil, err
	}
	return slices.Clone(d.Report.Errors), nil
}

// weightsOf returns the weights held, for the rules that look at them.
func (ws *Workspace) weightsOf(c *fixed.Calc, nav fixed.Wad) []fixed.Wad {
	ws.current = ws.current[:0]
	for _, v := range ws.values {
		ws.current = append(ws.current, c.DivDown(v, nav))
	}
	return ws.current
}

func (ws *Workspace) sigmasOf(pol *Policy, m *Market) []fixed.Wad {
	ws.sigmas = ws.sigmas[:0]
	for _, a := range pol.Assets {
		ws.sigmas = append(ws.sigmas, m.Prices[a].Sigma)
	}
	return ws.sigmas
}

// act runs the control law and makes orders of its answer.
func (ws *Workspace) act(p *Portfolio, m *Market, d *Decision) error {
	pol, st := p.Policy, &p.State
	n := len(pol.Assets)
	forced := ws.forced(d)
	if !d.Trigger.Fired && !forced {
		d.Outcome, d.Reason = Held, d.Trigger.Reason
		if pol.Gains.Ki.IsZero() && pol.Gains.Kd.IsZero() {
			return nil
		}
	}
	d.Commands, d.Raw, d.Orders = grow(d.Commands, n), grow(d.Raw, n), grow(d.Orders, n)
	ws.controller.Last, ws.controller.Ran = st.Controller.Last, st.Controller.Ran
	ws.controller.Assets = append(ws.controller.Assets[:0], st.Controller.Assets...)
	in := pid.Input{
		Now: m.Now, PeriodSeconds: pol.PeriodSeconds,
		Errors: d.Report.Errors, Weights: d.Report.Weights, Active: d.Trigger.Fired,
	}
	if err := pid.Step(&pol.Gains, &ws.controller, in, d.Commands); err != nil {
		return err
	}
	if d.Outcome == OutcomeUnspecified {
		if err := ws.order(pol, d, forced); err != nil {
			return err
		}
	}
	st.Controller.Last, st.Controller.Ran = ws.controller.Last, ws.controller.Ran
	copy(st.Controller.Assets, ws.controller.Assets)
	return nil
}

// order projects the commands onto orders that pay for themselves and break no limit.
func (ws *Workspace) order(pol *Policy, d *Decision, forced bool) error {
	var c fixed.Calc
	nav := d.Report.NAV
	for k, u := range d.Commands {
		if d.Trigger.Fired {
			d.Raw[k] = c.MulTrunc(u, nav)
		}
	}
	ws.gaps = ws.gaps[:0]
	ws.minOrders = ws.minOrders[:0]
	for k := range d.Raw {
		// Only a minimum and a forced trade look at the gap.
		if forced || !pol.Limits.MinOrder.IsZero() {
			ws.gaps = append(ws.gaps, c.MulTrunc(d.Report.Errors[k], nav))
			ws.minOrders = append(ws.minOrders, pol.Limits.MinOrder)
		}
	}
	if err := c.Err(); err != nil {
		return err
	}
	result, err := project.Feasible(&ws.project, project.Input{
		Raw: d.Raw, Values: ws.values, Gaps: ws.gaps, Floors: d.Floors, Ceilings: ws.ceilings, MinOrders: ws.minOrders,
		Locked: ws.locked, MaxSell: ws.maxSell, OneTime: ws.oneTime, Quantum: fixed.FromRaw(quantum),
	}, d.Orders)
	if err != nil {
		return err
	}
	d.Matched, d.Forced, d.Clamp, d.Reason = result.Matched, result.Forced, result.Clamp, d.Trigger.Reason
	d.Outcome = Ordered
	if result.Matched.IsZero() {
		d.Outcome = Clamped
	}
	return nil
}
