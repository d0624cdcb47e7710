package cycle

import (
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// watch looks at the weights: it takes the daily sample, judges the bands, moves their state on, and asks the trigger.
// It sets the outcome when the portfolio must not act.
func (ws *Workspace) watch(p *Portfolio, m *Market, d *Decision) error {
	pol, st := p.Policy, &p.State
	if err := ws.guard(p, m, d); err != nil {
		return err
	}
	terms := st.Machine.Terms()
	if !terms.Trade {
		st.rest()
		d.Outcome = BandHalted
		return nil
	}
	if !pol.Budget.Cap.IsZero() {
		budget, err := st.Budget.At(pol.Budget, m.Now)
		if err != nil {
			return err
		}
		if st.Budget = budget; budget.Halted {
			d.Outcome = BudgetHalted
			return nil
		}
	}
	if err := ws.lock(p, m, d); err != nil {
		return err
	}
	if err := ws.limits(pol, d, terms); err != nil {
		return err
	}
	var err error
	d.Trigger, err = trigger.Step(&pol.Trigger, &st.Trigger, &d.Report, &trigger.Input{
		Now: m.Now, Healthy: true, Verdict: d.Verdict, Sigma: ws.sigma(pol, m, d), CoolDownSeconds: terms.IntervalSeconds,
	})
	return err
}

// guard judges the bands and moves their state on. A machine that is left over from bands that are off now goes back
// to its zero value.
func (ws *Workspace) guard(p *Portfolio, m *Market, d *Decision) error {
	pol, st := p.Policy, &p.State
	retargeted := st.Retargeted
	st.Retargeted = false
	if pol.Bands.Estimator == band.Off && st.Machine == (band.Machine{}) {
		return nil
	}
	if pol.Bands.Estimator != band.Off {
		if err := ws.judge(p, m, d); err != nil {
			return err
		}
	}
	out := d.Verdict == band.Halt || st.Machine.Phase == band.Halted // otherwise nobody asks for a confirmation
	st.Machine, d.Band = st.Machine.Next(&pol.Bands, band.Observation{
		Now: m.Now, Verdict: d.Verdict, Healthy: true, Confirmed: out && p.confirms(m), Retargeted: retargeted,
	})
	d.Verdict = st.Machine.Effective(d.Verdict)
	return nil
}

// rest is what a halt leaves of a portfolio: nothing that was under way goes on after it (spec 01 §1.6).
func (st *State) rest() {
	pid.Reset(&st.Controller)
	st.Trigger.Active, st.Trigger.Fires = false, 0
}

// unhealthy tells the bands that a price is not to be used. Nothing else moves, unless an open breaker halts them: the
// controller keeps its state.
func (*Workspace) unhealthy(p *Portfolio, m *Market, d *Decision) {
	st := &p.State
	st.Machine, d.Band = st.Machine.Next(&p.Policy.Bands, band.Observation{
		Now: m.Now, Tripped: d.Outcome == PriceTripped,
	})
	if !st.Machine.Terms().Trade {
		st.rest()
	}
}

// judge keeps the daily samples and the widths that follow from them, and classifies the weights.
func (ws *Workspace) judge(p *Portfolio, m *Market, d *Decision) error {
	pol, st := p.Policy, &p.State
	n := len(pol.Assets)
	fresh := len(st.Widths) != n
	if fresh {
		st.Widths = make([]band.Width, n)
	}
	if pol.Bands.Estimator.Sampled() && len(st.Samples) != n {
		st.Samples = make([]band.Samples, n) // also when a halt comes before the first sample
	}
	if pol.Bands.Estimator.Sampled() && !st.Machine.Frozen() {
		taken, err := ws.sample(p, m, d)
		if err != nil {
			return err
		}
		fresh = fresh || taken
	}
	if fresh || d.retargeted(st) && !st.Machine.Frozen() {
		if err := ws.widths(pol, st, d); err != nil {
			return err
		}
	}
	verdict, decisive, err := pol.Bands.Judge(st.Widths, d.Report.Targets, d.Report.Weights)
	if err != nil {
		return err
	}
	d.Verdict = verdict
	if decisive >= 0 {
		d.Asset, d.HasAsset = pol.Assets[decisive], true
	}
	return nil
}

// sample records the weights of a new day.
func (*Workspace) sample(p *Portfolio, m *Market, d *Decision) (bool, error) {
	st, day := &p.State, band.Day(m.Now)
	if st.Sampled && day <= st.SampleDay {
		return false, nil
	}
	for k := range st.Samples {
		if err := st.Samples[k].Record(day, d.Report.Weights[k]); err != nil {
			return false, err
		}
	}
	st.Sampled, st.SampleDay = true, day
	return true, nil
}

// widths recomputes the bands. They are kept between samples: an estimate over thirty days does not change within one.
func (*Workspace) widths(pol *Policy, st *State, d *Decision) error {
	var c fixed.Calc
	for k := range st.Widths {
		var half fixed.Wad
		if !pol.Cost.IsZero() && !pol.RiskAversion.IsZero() {
			half = cost.HalfWidth(&c, pol.Cost, pol.RiskAversion, d.Report.Targets[k])
		}
		var samples *band.Samples
		if len(st.Samples) > 0 {
			samples = &st.Samples[k]
		}
		width, err := pol.Bands.Width(samples, d.Report.Targets[k], half)
		if err != nil {
			return err
		}
		st.Widths[k] = width
	}
	st.WidthTargets = append(st.WidthTargets[:0], d.Report.Targets...)
	return c.Err()
}

// retargeted reports targets other than those that the widths were made for.
func (d *Decision) retargeted(st *State) bool {
	for k, w := range d.Report.Targets {
		if k >= len(st.WidthTargets) || st.WidthTargets[k] != w {
			return true
		}
	}
	return false
}

// confirms reports that every price that matters to the portfolio confirms its move.
func (p *Portfolio) confirms(m *Market) bool {
	for k, a := range p.Policy.Assets {
		if p.matters(k) && !p.Policy.Bands.Confirms(m.Prices[a]) {
			return false
		}
	}
	return true
}

// Edges are the weights beyond which a portfolio would act now, with the targets that it would aim at. Lower and Upper
// are empty when there are no such: it acts by time, or by a sum over all assets.
type Edges struct{ Targets, Lower, Upper []fixed.Wad }

// Edges finds the edges of the bands, or of the thresholds, as the next decision would. It is for reports: everything
// is empty when a price is not to be used or there is too little to measure. The state of p may change; take a copy.
func (ws *Workspace) Edges(p *Portfolio, m *Market) (Edges, error) {
	if errors, err := ws.Errors(p, m); err != nil || errors == nil {
		return Edges{}, err
	}
	d, pol, st := &ws.decision, p.Policy, &p.State
	e := Edges{Targets: slices.Clone(d.Report.Targets)}
	lower, upper := make([]fixed.Wad, len(e.Targets)), make([]fixed.Wad, len(e.Targets))
	var c fixed.Calc
	switch {
	case pol.Trigger.Mode != trigger.Band:
		in := trigger.Input{Now: m.Now, Sigma: ws.sigma(pol, m, d)}
		if !pol.Trigger.Edges(&c, st.Trigger, in, e.Targets, lower, upper) {
			return e, c.Err()
		}
	case pol.Bands.Estimator == band.Off:
		return e, nil
	default:
		if err := ws.judge(p, m, d); err != nil {
			return Edges{}, err
		}
		for k, w := range e.Targets {
			points := st.Widths[k].Around(&c, w)
			lower[k], upper[k] = points.BLB, points.ALB
			if w.IsZero() {
				upper[k] = pol.Bands.Dust
			}
		}
	}
	e.Lower, e.Upper = lower, upper
	return e, c.Err()
}

// sigma is the volatility that thresholds follow: that of the assets, by target weight.
func (ws *Workspace) sigma(pol *Policy, m *Market, d *Decision) fixed.Wad {
	if pol.Trigger.Scaling.Law == trigger.Constant {
		return fixed.Wad{}
	}
	var c fixed.Calc
	var sum fixed.Wad
	for k, sigma := range ws.sigmasOf(pol, m) {
		sum = c.Add(sum, c.MulTrunc(d.Report.Targets[k], sigma))
	}
	return sum
}

// Plain reports a valid policy whose usual interval Glance can decide: a constant mix of assets that all have a weight,
// and nothing that keeps a memory of its own or forces a trade.
func (pol *Policy) Plain() bool {
	t, l, g := &pol.Target, &pol.Limits, &pol.Gains
	if t.Kind != target.ConstantMix || len(t.Min)+len(t.Max) > 0 || len(t.Weights) != len(pol.Assets) {
		return false
	}
	var c fixed.Calc
	var sum fixed.Wad
	for _, w := range t.Weights {
		if w.Sign() <= 0 {
			return false
		}
		sum = c.Add(sum, w)
	}
	return c.Err() == nil && sum == fixed.One() && len(l.MinBalances)+len(l.MaxWeights)+len(pol.Payments) == 0 &&
		pol.Bands.Estimator == band.Off && pol.Budget.Cap.IsZero() && g.Ki.IsZero() && g.Kd.IsZero()
}

// Glance is Decide for the usual interval of a plain policy, in which the weights are looked at and the trigger rests:
// a third of the work, because nothing is written down but the extent and the state. It is false, with the state as it
// was, when anything else may come of the interval: ask Decide then.
func (ws *Workspace) Glance(p *Portfolio, m *Market) (drift.Extent, bool) {
	pol, st := p.Policy, &p.State
	if p.fits(m) != nil || p.ready(m.Now) != OutcomeUnspecified || len(st.OneTime)+len(st.Earmarked) > 0 ||
		st.Machine != (band.Machine{}) {
		return drift.Extent{}, false
	}
	ws.raw = grow(ws.raw, len(pol.Assets))
	var c fixed.Calc
	for k, a := range pol.Assets {
		price := &m.Prices[a]
		if pol.fault(price) != OutcomeUnspecified {
			return drift.Extent{}, false
		}
		ws.raw[k] = c.Nat(asset.ValueDown(&c, p.Holdings[k], price.Value, m.Universe.At(a).Exponent))
	}
	e, ok := drift.Gauge(ws.raw, pol.Target.Weights)
	if !ok || c.Err() != nil || e.NAV.Less(pol.Limits.MinNAV) || !pol.Trigger.Rests(&st.Trigger, &e, m.Now) {
		return drift.Extent{}, false
	}
	st.Decided, st.DecidedAt, st.Retargeted = true, m.Now, false
	return e, true
}
