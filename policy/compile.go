package policy

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/surface"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// DefaultExponent is the exponent of an asset whose policy names none.
const DefaultExponent = 18

// Universe is the universe of all assets that some policies name. Policies must agree on exponents.
func Universe(files ...*File) (asset.Universe, error) {
	var list []asset.Asset
	for _, f := range files {
		for _, p := range f.Assets {
			a := asset.Asset{ID: asset.ID(p.Asset), Exponent: p.exponent()}
			at := slices.IndexFunc(list, func(x asset.Asset) bool { return x.ID == a.ID })
			switch {
			case at < 0:
				list = append(list, a)
			case list[at].Exponent != a.Exponent:
				return asset.Universe{}, &Problem{Text: fmt.Sprintf(
					"%s: expected one exponent for %s in all policies, got %d and %d", f.Name, a.ID, list[at].Exponent, a.Exponent)}
			}
		}
	}
	return asset.NewUniverse(list)
}

func (p *Position) exponent() uint8 {
	if p.Exponent == nil {
		return DefaultExponent
	}
	return *p.Exponent
}

// compiler binds a file to a universe. Everything per asset is in the order of the universe.
type compiler struct {
	file     *File
	universe asset.Universe
	order    []int // order[k] is the position in the file of asset k of the policy
	calc     fixed.Calc
}

// Compile gives the policy that the engine takes. The universe must hold all assets of the file.
func (f *File) Compile(u asset.Universe) (*cycle.Policy, error) {
	c := &compiler{file: f, universe: u}
	p := &cycle.Policy{PeriodSeconds: f.Speed.Interval.Seconds, CrossingOff: f.Crossing != nil && !*f.Crossing}
	if err := c.assets(p); err != nil {
		return nil, err
	}
	c.target(p)
	c.trigger(p)
	c.bands(p)
	c.limits(p)
	p.Override = choose(f.Override, overrides, []project.Strategy{project.Proportional, project.Priority})
	p.Mode = choose(f.Split, splits, []surface.Mode{surface.Proportional, surface.Fewest, surface.Cheapest})
	gains, err := f.gains()
	if err != nil {
		return nil, &Problem{Text: fmt.Sprintf("speed: %v", err)}
	}
	p.Gains = gains
	if f.Cost.Proportional != nil && f.Cost.RiskAversion != nil {
		p.Cost, p.RiskAversion = f.Cost.Proportional.Wad, f.Cost.RiskAversion.Wad
	}
	if err := c.extras(p); err != nil {
		return nil, err
	}
	if err := c.calc.Err(); err != nil {
		return nil, &Problem{Text: fmt.Sprintf("a number is out of range: %v", err)}
	}
	return p, validate(p)
}

// validate asks every stage whether it can work with its part.
func validate(p *cycle.Policy) error {
	checks := []struct {
		part string
		err  error
	}{
		{"target", p.Target.Validate(len(p.Assets))},
		{"trigger", p.Trigger.Validate()},
		{"bands", p.Bands.Validate()},
		{"speed", p.Gains.Validate()},
	}
	for _, c := range checks {
		if c.err != nil {
			return &Problem{Text: fmt.Sprintf("%s: %v", c.part, c.err)}
		}
	}
	return nil
}

// choose translates a word; the empty one is the first.
func choose[T any](word string, words []string, values []T) T {
	if at := slices.Index(words, word); at >= 0 {
		return values[at]
	}
	return values[0]
}

func (c *compiler) assets(p *cycle.Policy) error {
	indices := make([]asset.Index, len(c.file.Assets))
	for i, a := range c.file.Assets {
		at, err := c.universe.Find(asset.ID(a.Asset))
		if err != nil {
			return &Problem{Text: fmt.Sprintf("%s is not a known asset", a.Asset)}
		}
		indices[i] = at
		c.order = append(c.order, i)
	}
	slices.SortFunc(c.order, func(x, y int) int { return cmp.Compare(indices[x], indices[y]) })
	p.Priority = make([]uint8, len(c.order))
	for k, i := range c.order {
		p.Assets = append(p.Assets, indices[i])
		p.Priority[i] = uint8(k) //nolint:gosec // at most maxPositions
	}
	return nil
}

// weights are the weights of the list of assets, made to add up to exactly one: what is missing by rounding goes to
// the largest.
func (c *compiler) weights() []fixed.Wad {
	w := make([]fixed.Wad, len(c.order))
	for k, i := range c.order {
		w[k] = c.file.Assets[i].Weight.Wad
	}
	return c.whole(w)
}

func (c *compiler) mix(named map[string]Ratio) []fixed.Wad {
	w := make([]fixed.Wad, len(c.order))
	for k, i := range c.order {
		w[k] = named[c.file.Assets[i].Asset].Wad
	}
	return c.whole(w)
}

func (c *compiler) whole(w []fixed.Wad) []fixed.Wad {
	largest := 0
	sum := fixed.Wad{}
	for k := range w {
		sum = c.calc.Add(sum, w[k])
		if w[largest].Less(w[k]) {
			largest = k
		}
	}
	if !sum.IsZero() {
		w[largest] = c.calc.Add(w[largest], c.calc.Sub(fixed.One(), sum))
	}
	return w
}

func (c *compiler) target(p *cycle.Policy) {
	t := c.file.Target
	s := target.Schedule{
		Kind: choose(t.Kind, targetKinds,
			[]target.Kind{target.ConstantMix, target.Glide, target.BuyAndHold, target.CPPI, target.TIPP}),
		Weights: c.weights(), MaxExposure: fixed.One(),
	}
	if t.Start != nil && t.End != nil {
		s.Start, s.End = t.Start.Unix, t.End.Unix
	}
	switch s.Kind {
	case target.Glide:
		s.From = c.mix(t.From)
	case target.CPPI, target.TIPP:
		s.From = c.mix(t.Safe)
	}
	set(&s.Floor, decimalOf(t.Floor))
	set(&s.FloorRate, ratioOf(t.FloorRate))
	set(&s.Multiplier, decimalOf(t.Multiplier))
	set(&s.MaxExposure, ratioOf(t.MaxExposure))
	set(&s.Ratchet, ratioOf(t.Ratchet))
	p.Target = s
}

// set writes a value that is there.
func set(to *fixed.Wad, value *fixed.Wad) {
	if value != nil {
		*to = *value
	}
}

func ratioOf(r *Ratio) *fixed.Wad {
	if r == nil {
		return nil
	}
	return &r.Wad
}

func decimalOf(d *Decimal) *fixed.Wad {
	if d == nil {
		return nil
	}
	return &d.Wad
}

// gains are those by hand, or those that close a part of the gap in a number of intervals.
func (f *File) gains() (pid.Gains, error) {
	if f.Speed.Gains == nil {
		kp, err := pid.HorizonGain(f.Speed.Close.Wad, uint64(*f.Speed.Within), fixed.One()) //nolint:gosec // checked
		return pid.Default(kp), err
	}
	h := f.Speed.Gains
	g := pid.Default(h.Kp.Wad)
	set(&g.Ki, decimalOf(h.Ki))
	set(&g.Kd, decimalOf(h.Kd))
	set(&g.Tau, decimalOf(h.Filter))
	set(&g.Rho, decimalOf(h.Leak))
	set(&g.IMax, ratioOf(h.MaxIntegral))
	set(&g.IZone, ratioOf(h.Zone))
	g.NoOvershoot = !h.Overshoot
	return g, nil
}

func (c *compiler) trigger(p *cycle.Policy) {
	t := c.file.Trigger
	g := trigger.Config{
		Mode: choose(t.Kind, triggerKinds, []trigger.Mode{
			trigger.Always, trigger.Time, trigger.Absolute, trigger.Relative, trigger.Aggregate, trigger.Hybrid, trigger.Band,
		}),
	}
	if t.Every != "" {
		span, _ := parsePeriod(t.Every) //nolint:errcheck // checked by Parse
		g.Period = span.period()
	}
	set(&g.Threshold, ratioOf(t.Threshold))
	set(&g.Small, ratioOf(t.Small))
	set(&g.Inner, ratioOf(t.Inner))
	if t.Longest != nil {
		g.LongestSeconds = t.Longest.Seconds
	}
	if t.CoolDown != nil {
		g.CoolDownSeconds = t.CoolDown.Seconds
	}
	if t.MaxActive != nil {
		g.MaxActive = *t.MaxActive
	}
	if slices.ContainsFunc(c.file.Assets, func(a Position) bool { return a.Threshold != nil }) {
		g.Thresholds = make([]fixed.Wad, len(c.order))
		for k, i := range c.order {
			set(&g.Thresholds[k], ratioOf(c.file.Assets[i].Threshold))
		}
	}
	if v := t.Volatility; v != nil {
		g.Scaling = trigger.Scaling{
			Law: trigger.Power, Reference: v.Reference.Wad, DailyChange: trigger.DailyChange(),
			Exponent: choose(v.Exponent, volExponents,
				[]band.Exponent{band.CubeRoot, band.Inverse, band.Flat, band.SquareRoot, band.Linear}),
		}
		set(&g.Scaling.Min, ratioOf(v.Min))
		set(&g.Scaling.Max, ratioOf(v.Max))
	}
	p.Trigger = g
}

// period is the trigger's form of a period.
func (s period) period() trigger.Period {
	switch {
	case s.months == 1:
		return trigger.Monthly()
	case s.months == 3:
		return trigger.Quarterly()
	case s.weekly:
		return trigger.Weekly()
	}
	return trigger.Every(s.seconds, 0)
}

func (c *compiler) bands(p *cycle.Policy) {
	b := c.file.Bands
	if b == nil {
		return
	}
	g := band.Default()
	g.Estimator = choose(b.Estimator, estimators, []band.Estimator{band.Increments, band.Levels, band.Robust, band.Static})
	set(&g.Default.X, ratioOf(b.Inner))
	set(&g.Default.Y, ratioOf(b.Outer))
	set(&g.K1, decimalOf(b.K1))
	set(&g.K2, decimalOf(b.K2))
	set(&g.MinX, ratioOf(b.MinInner))
	set(&g.MaxX, ratioOf(b.MaxInner))
	set(&g.MaxY, ratioOf(b.MaxOuter))
	p.Bands = g
}

func (c *compiler) limits(p *cycle.Policy) {
	l := c.file.Limits
	set(&p.Limits.MaxSell, ratioOf(l.MaxSell))
	set(&p.Limits.MinOrder, decimalOf(l.MinOrder))
	set(&p.Limits.MinNAV, decimalOf(l.MinValue))
	set(&p.Limits.MaxSlippage, ratioOf(l.MaxSlippage))
	if l.MaxPriceAge != nil {
		p.Limits.MaxPriceAgeSeconds = l.MaxPriceAge.Seconds
	}
	for k, i := range c.order {
		a := c.file.Assets[i]
		if a.MinBalance != nil {
			if p.Limits.MinBalances == nil {
				p.Limits.MinBalances = make([]asset.Amount, len(c.order))
			}
			p.Limits.MinBalances[k] = c.units(a, a.MinBalance.Wad)
		}
		if a.MaxWeight != nil {
			if p.Limits.MaxWeights == nil {
				p.Limits.MaxWeights = make([]fixed.Wad, len(c.order))
			}
			p.Limits.MaxWeights[k] = a.MaxWeight.Wad
		}
	}
}

// units are the base units of an amount in display units, rounded up: a minimum must not lose a unit.
func (c *compiler) units(a Position, display fixed.Wad) asset.Amount {
	return asset.UnitsUp(&c.calc, display, fixed.One(), a.exponent())
}
