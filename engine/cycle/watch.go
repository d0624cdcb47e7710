package cycle

import (
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// watch looks at the weights: it takes the daily sample, judges the bands, moves their state on, and asks the trigger.
// It sets the outcome when the portfolio must not act.
func (ws *Workspace) watch(p *Portfolio, m *Market, d *Decision) error {
	pol, st := p.Policy, &p.State
	if pol.Bands.Estimator != band.Off {
		if err := ws.judge(p, m, d); err != nil {
			return err
		}
		var event band.Event
		st.Machine, event = st.Machine.Next(&pol.Bands, band.Observation{
			Now: m.Now, Verdict: d.Verdict, Healthy: true, Confirmed: pol.confirms(m), Retargeted: st.Retargeted,
		})
		d.Band = event
		st.Retargeted = false
		d.Verdict = st.Machine.Effective(d.Verdict)
	}
	terms := st.Machine.Terms()
	if !terms.Trade {
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
	if err := ws.lock(p, m); err != nil {
		return err
	}
	ws.limits(pol, d, terms)
	decision, next, err := trigger.Evaluate(&pol.Trigger, st.Trigger, &d.Report, trigger.Input{
		Now: m.Now, Healthy: true, Verdict: d.Verdict, Sigma: ws.sigma(pol, m, d), CoolDownSeconds: terms.IntervalSeconds,
	})
	if err != nil {
		return err
	}
	d.Trigger, st.Trigger = decision, next
	return nil
}

// unhealthy tells the bands that a price is not to be used. Nothing else moves: the controller keeps its state.
func (ws *Workspace) unhealthy(p *Portfolio, m *Market, d *Decision) error {
	cfg := &p.Policy.Bands
	if cfg.Estimator == band.Off {
		return nil
	}
	p.State.Machine, d.Band = p.State.Machine.Next(cfg, band.Observation{Now: m.Now, Tripped: d.Outcome == PriceTripped})
	return nil
}

// judge keeps the daily samples and the widths that follow from them, and classifies the weights.
func (ws *Workspace) judge(p *Portfolio, m *Market, d *Decision) error {
	pol, st := p.Policy, &p.State
	n := len(pol.Assets)
	fresh := len(st.Widths) != n
	if fresh {
		st.Widths = make([]band.Width, n)
	}
	if pol.Bands.Estimator.Sampled() && !st.Machine.Frozen() {
		taken, err := ws.sample(p, m, d)
		if err != nil {
			return err
		}
		fresh = fresh || taken
	}
	if fresh || d.retargeted(st) {
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
func (ws *Workspace) sample(p *Portfolio, m *Market, d *Decision) (bool, error) {
	st, day := &p.State, band.Day(m.Now)
	if st.Sampled && day <= st.SampleDay {
		return false, nil
	}
	if len(st.Samples) != len(p.Policy.Assets) {
		st.Samples = make([]band.Samples, len(p.Policy.Assets))
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
func (ws *Workspace) widths(pol *Policy, st *State, d *Decision) error {
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

// confirms reports that every price of the portfolio confirms its move.
func (pol *Policy) confirms(m *Market) bool {
	for k, a := range pol.Assets {
		if pol.wants(k) && !pol.Bands.Confirms(m.Prices[a]) {
			return false
		}
	}
	return true
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

// floors sets the value that must stay in each asset: the owner's minimum or the reserve for payments, whichever is
// larger. ws.bound says that one of them is worth more than its target.
func (ws *Workspace) floors(p *Portfolio, m *Market, d *Decision) error {
	pol := p.Policy
	n := len(pol.Assets)
	d.Floors, ws.bound = grow(d.Floors, n), false
	if len(pol.Limits.MinBalances) == 0 && len(pol.Payments) == 0 {
		return nil
	}
	reserves, err := ws.reserves(p, m)
	if err != nil {
		return err
	}
	var c fixed.Calc
	nav := fixed.Wad{}
	for _, v := range ws.values {
		nav = c.Add(nav, v)
	}
	for k, a := range pol.Assets {
		least := reserves[k]
		if len(pol.Limits.MinBalances) > 0 {
			least = least.Max(pol.Limits.MinBalances[k])
		}
		if least.IsZero() {
			continue
		}
		d.Floors[k] = asset.ValueUp(&c, least, m.Prices[a].Value, m.Universe.At(a).Exponent)
		ws.bound = ws.bound || c.MulTrunc(d.Stored[k], nav).Less(d.Floors[k])
	}
	return c.Err()
}

// limits sets the caps of this interval in value.
func (ws *Workspace) limits(pol *Policy, d *Decision, terms band.Terms) {
	var c fixed.Calc
	nav := d.Report.NAV
	ws.maxSell = nav
	if part := pol.Limits.MaxSell; !part.IsZero() {
		ws.maxSell = c.MulDown(part, nav)
	}
	if terms.SellScale != fixed.One() {
		ws.maxSell = c.MulDown(terms.SellScale, ws.maxSell)
	}
	ws.ceilings = ws.ceilings[:0]
	for _, w := range pol.Limits.MaxWeights {
		most := fixed.Max()
		if !w.IsZero() {
			most = c.MulDown(w, nav)
		}
		ws.ceilings = append(ws.ceilings, most)
	}
}

// forced reports an asset below its floor or above its cap: that is mended even while the trigger rests.
func (ws *Workspace) forced(_ *Policy, d *Decision) bool {
	for k, v := range d.Report.Values {
		if v.Less(d.Floors[k]) || k < len(ws.ceilings) && ws.ceilings[k].Less(v) {
			return true
		}
	}
	return false
}
