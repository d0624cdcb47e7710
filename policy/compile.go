package policy

import (
	"cmp"
	"errors"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/surface"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
	"github.com/ballast-finance/ballast/policy/form"
)

// DefaultExponent is the exponent of an asset whose policy names none.
const DefaultExponent = 18

// Universe is the universe of all assets that some policies name. Policies must agree on exponents.
func Universe(files ...*File) (asset.Universe, error) {
	var list []asset.Asset
	for _, f := range files {
		for i := range f.Assets {
			p := &f.Assets[i]
			a := asset.Asset{ID: asset.ID(p.Asset), Exponent: p.exponent()}
			at := slices.IndexFunc(list, func(x asset.Asset) bool { return x.ID == a.ID })
			switch {
			case at < 0:
				list = append(list, a)
			case list[at].Exponent != a.Exponent:
				return asset.Universe{}, Problems{f.source.Problem(form.At("assets", i, "exponent"),
					"expected the same exponent for %s everywhere, got %d in %s and %d before; where none is written it is %d",
					a.ID, a.Exponent, form.Quote(f.Name), list[at].Exponent, DefaultExponent)}
			}
		}
	}
	u, err := asset.NewUniverse(list)
	if err != nil {
		return asset.Universe{}, Problems{{Where: "assets", Text: err.Error()}}
	}
	return u, nil
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

// Compile checks the file and gives the policy that the engine takes. The universe must hold all assets of the file,
// with the exponents that the file writes; where it writes none the universe decides. Its error is Problems, with lines
// where the file was read from a text.
func (f *File) Compile(u asset.Universe) (*cycle.Policy, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	return f.compile(u)
}

// compileAlone checks the file and compiles it for the universe of its own assets.
func (f *File) compileAlone() (*cycle.Policy, error) {
	var u asset.Universe
	err := f.check()
	if err == nil {
		u, err = Universe(f)
	}
	if err != nil {
		return nil, err
	}
	return f.compile(u)
}

// compile is Compile for a file that has been checked.
func (f *File) compile(u asset.Universe) (*cycle.Policy, error) {
	c := &compiler{file: f, universe: u}
	p := &cycle.Policy{PeriodSeconds: f.Speed.Interval.Seconds, CrossingOff: f.Crossing != nil && !*f.Crossing}
	if err := c.assets(p); err != nil {
		return nil, err
	}
	c.target(p)
	c.trigger(p)
	if f.Bands != nil {
		p.Bands = f.Bands.config()
	}
	c.limits(p)
	c.payments(p)
	p.Override = choose(f.Override, overrides, []project.Strategy{project.Proportional, project.Priority})
	p.Mode = choose(f.Split, splits, []surface.Mode{surface.Proportional, surface.Fewest, surface.Cheapest})
	if f.Cost.Proportional != nil {
		p.Cost, p.RiskAversion = f.Cost.Proportional.Wad, f.Cost.aversion()
	}
	gains, err := f.gains()
	p.Gains = gains
	if err := errors.Join(err, c.calc.Err(), p.Validate(u)); err != nil {
		return nil, Problems{{Text: err.Error()}} // what the checks of the file overlooked
	}
	return p, nil
}

// aversion is the risk aversion with its default.
func (c *Cost) aversion() fixed.Wad {
	if c.RiskAversion == nil {
		return fixed.FromInt(defaultAversion)
	}
	return c.RiskAversion.Wad
}

const defaultAversion = 2

func (c *compiler) assets(p *cycle.Policy) error {
	indices := make([]asset.Index, len(c.file.Assets))
	var found Problems
	for i := range c.file.Assets {
		a := &c.file.Assets[i]
		at, err := c.universe.Find(asset.ID(a.Asset))
		if err != nil {
			found = append(found, c.file.source.Problem(form.At("assets", i, "asset"),
				"%s is not known here: there is no price for it", a.Asset))
			continue
		}
		if known := c.universe.At(at).Exponent; a.Exponent != nil && *a.Exponent != known {
			found = append(found, c.file.source.Problem(form.At("assets", i, "exponent"),
				"expected %d, which %s has here, got %d", known, a.Asset, *a.Exponent))
		}
		indices[i] = at
		c.order = append(c.order, i)
	}
	if len(found) > 0 {
		return found
	}
	slices.SortFunc(c.order, func(x, y int) int { return cmp.Compare(indices[x], indices[y]) })
	p.Priority = make([]uint8, len(c.order))
	for k, i := range c.order {
		p.Assets = append(p.Assets, indices[i])
		p.Priority[i] = uint8(k)
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
	for _, named := range [...]map[string]Ratio{t.From, t.Safe} { // at most one of them is there
		if len(named) > 0 {
			s.From = c.mix(named)
		}
	}
	set(&s.Floor, decimalOf(t.Floor))
	set(&s.FloorRate, ratioOf(t.FloorRate))
	set(&s.Multiplier, decimalOf(t.Multiplier))
	set(&s.MaxExposure, ratioOf(t.MaxExposure))
	set(&s.Ratchet, ratioOf(t.Ratchet))
	p.Target = s
}

// set writes a value that is there.
func set(to, value *fixed.Wad) {
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
	g, err := f.Speed.gains()
	set(&g.DeadBand, ratioOf(f.Speed.Edge))
	return g, err
}

func (s *Speed) gains() (pid.Gains, error) {
	h := s.Gains
	if h == nil {
		kp, err := pid.HorizonGain(s.Close.Wad, uint64(*s.Within), fixed.One()) //nolint:gosec // checked
		return pid.Default(kp), err
	}
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
		g.Period = t.Every.interval().slots()
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

// limits sets what one interval may do, and the loss budget.
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
		a := &c.file.Assets[i]
		if a.MinBalance != nil {
			p.Limits.MinBalances = grown(p.Limits.MinBalances, len(c.order))
			p.Limits.MinBalances[k] = c.units(p.Assets[k], a.MinBalance.Wad)
		}
		if a.MaxWeight != nil {
			p.Limits.MaxWeights = grown(p.Limits.MaxWeights, len(c.order))
			p.Limits.MaxWeights[k] = a.MaxWeight.Wad
		}
	}
	if b := c.file.LossBudget; b != nil {
		p.Budget = settle.BudgetConfig{Cap: b.Cap.Wad, WindowSeconds: b.Refill.Seconds}
	}
}

// grown is a list with one entry for each asset; the first entry that is written makes it.
func grown[T any](list []T, n int) []T {
	if list == nil {
		return make([]T, n)
	}
	return list
}

// units are the base units of an amount in display units, rounded up where the universe knows fewer of them than the
// file: a minimum must not lose a unit.
func (c *compiler) units(at asset.Index, display fixed.Wad) asset.Amount {
	return asset.UnitsUp(&c.calc, display, fixed.One(), c.universe.At(at).Exponent)
}

func (c *compiler) payments(p *cycle.Policy) {
	for i := range c.file.Payments {
		pay := &c.file.Payments[i]
		for k, at := range c.order {
			if c.file.Assets[at].Asset == pay.Asset {
				p.Payments = append(p.Payments, project.Payment{
					Asset: p.Assets[k], Amount: c.units(p.Assets[k], pay.Amount.Wad), Schedule: pay.Schedule(),
					OnShort: choose(pay.WhenShort, shortRules, []project.OnShort{project.Wait, project.Partial}),
				})
			}
		}
	}
}

// Schedule is the engine's form of when a payment is due.
func (p *Payment) Schedule() project.Schedule {
	every := p.Every.interval()
	s := project.Schedule{First: p.First.Unix, EverySeconds: every.seconds, EveryMonths: every.months}
	if p.Until != nil {
		s.Until = p.Until.Unix
	}
	return s
}
