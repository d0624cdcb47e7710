package policy

import (
	"slices"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy/form"
)

// A setting that its kind does not look at is a mistake: its owner believes that it does something.
var (
	targetUses = map[string][]string{
		"constant-mix": {},
		"glide":        {"from", "start", "end"},
		"buy-and-hold": {},
		"cppi":         {"safe", "floor", "floor_rate", "multiplier", "max_exposure"},
		"tipp":         {"safe", "floor", "floor_rate", "multiplier", "max_exposure", "ratchet"},
	}
	targetNeeds = map[string][]string{
		"glide": {"from", "start", "end"},
		"cppi":  {"safe", "floor", "multiplier"},
		"tipp":  {"safe", "multiplier", "ratchet"},
	}
	triggerUses = map[string][]string{
		"always":    {"cool_down"},
		"periodic":  {"every", "inner", "cool_down", "max_active"},
		"threshold": {"threshold", "inner", "cool_down", "max_active", "volatility"},
		"relative":  {"threshold", "inner", "cool_down", "max_active", "volatility"},
		"aggregate": {"threshold", "inner", "cool_down", "max_active", "volatility"},
		"hybrid":    {"threshold", "small", "longest", "inner", "cool_down", "max_active", "volatility"},
		"bands":     {"inner", "cool_down", "max_active"},
	}
	triggerNeeds = map[string][]string{
		"periodic": {"every"}, "threshold": {"threshold"}, "relative": {"threshold"}, "aggregate": {"threshold"},
		"hybrid": {"threshold", "small", "longest"},
	}
	bandUses = map[string][]string{
		"increments": {"inner", "outer", "k1", "k2", "min_inner", "max_inner", "max_outer"},
		"levels":     {"inner", "outer", "k1", "k2", "min_inner", "max_inner", "max_outer"},
		"robust":     {"inner", "outer", "k1", "k2", "min_inner", "max_inner", "max_outer"},
		"no-trade":   {"inner", "outer", "min_inner", "max_inner", "max_outer"},
		"static":     {"inner", "outer"},
	}
	// examples are what the settings that a kind needs may look like.
	examples = map[string]string{
		"from": "{BTC: 80%, USDC: 20%}", "start": "2026-01-31", "end": "2026-07-31", "safe": "{USDC: 100%}",
		"floor": "850_000", "multiplier": "4", "ratchet": "85%", "every": "month", "threshold": "5%", "small": "2%",
		"longest": "30d",
	}
)

// section is a part of the file whose settings depend on a word in it.
type section struct {
	name, word, value string // the section, the setting that decides, and what it says
	written           bool   // the word is in the file, not a default
	given             []string
	uses, needs       []string
}

// settings checks that a section has what its word needs and nothing that it does not look at.
func (c *checker) settings(s section) {
	for _, name := range s.needs {
		if !slices.Contains(s.given, name) {
			c.add(form.At(s.name, name), "%s %s needs it; write it as `%s: %s`", s.word, s.value, name, examples[name])
		}
	}
	for _, name := range s.given {
		switch {
		case name == s.word || slices.Contains(s.uses, name):
		case !s.written:
			c.add(form.At(s.name, name), "does nothing while %s is %s, as it is where none is written; add a line `%s: ...`",
				s.word, s.value, s.word)
		default:
			c.add(form.At(s.name, name), "does nothing with %s %s; delete it, or change the %s", s.word, s.value, s.word)
		}
	}
}

func (c *checker) target(f *File) {
	t := &f.Target
	kind := t.kind()
	c.settings(section{"target", "kind", kind, t.Kind != "", form.Given(*t), targetUses[kind], targetNeeds[kind]})
	if t.Start != nil && t.End != nil && t.End.Unix <= t.Start.Unix {
		c.add(form.At("target", "end"), "expected a moment after the start %v, got %v", *t.Start, *t.End)
	}
	if t.Kind == "cppi" && t.Floor != nil && t.Floor.IsZero() {
		c.add(form.At("target", "floor"), "expected more than 0, got 0; without a floor nothing is protected")
	}
	c.mix(f, t.From, "from")
	c.mix(f, t.Safe, "safe")
}

func (c *checker) speed(f *File) {
	s := &f.Speed
	switch {
	case s.Gains != nil && (s.Close != nil || s.Within != nil):
		c.add(form.At("speed", "gains"), "expected either gains, or close and within, got both; delete one of them")
	case s.Gains != nil:
		c.gains(s.Gains)
	case s.Close == nil && s.Within == nil:
		c.add(form.At("speed"), "says how often but not how fast; add `close: 90%%` and `within: 10`, "+
			"which closes 90%% of a gap within 10 intervals")
	case s.Close == nil:
		c.add(form.At("speed", "close"), "is missing beside within; write it as `close: 90%%`")
	case s.Within == nil:
		c.add(form.At("speed", "within"), "is missing beside close; write it as `within: 10`, a number of intervals")
	case *s.Within > 1 && s.Close.Wad == fixed.One():
		c.add(form.At("speed", "close"), "expected less than 100%%, got 100%% within %d intervals: equal parts of what is "+
			"left never close all of it; write 99%%, or `within: 1`", *s.Within)
	}
	if s.Edge != nil && f.Trigger.Inner != nil && f.Trigger.Inner.Cmp(s.Edge.Wad) <= 0 {
		c.add(form.At("speed", "edge"), "expected less than trigger.inner %v, got %v: it would never be reached",
			*f.Trigger.Inner, *s.Edge)
	}
}

// gains checks the admissible box, inside which the loop is stable whatever part of the orders fills.
func (c *checker) gains(g *Gains) {
	var calc fixed.Calc
	if g.Kp.Sign() <= 0 || fixed.One().Less(g.Kp.Wad) {
		return // form has said so
	}
	if g.Ki != nil {
		most := calc.DivIntTrunc(calc.MulDown(g.Kp.Wad, g.Kp.Wad), kiParts)
		if most.Less(g.Ki.Wad) {
			c.add(form.At("speed", "gains", "ki"), "expected at most kp*kp/%d = %v, so that the loop is stable even after a "+
				"missed interval, got %v; lower ki or raise kp", kiParts, Decimal{Wad: most}, *g.Ki)
		}
	}
	if g.Kd == nil {
		return
	}
	filter := fixed.One()
	set(&filter, decimalOf(g.Filter))
	most := calc.DivIntTrunc(calc.MulInt(filter, 2), 5)
	if calc.Err() == nil && most.Less(g.Kd.Wad) {
		c.add(form.At("speed", "gains", "kd"), "expected at most 0.4 times the filter = %v, got %v; lower kd or raise "+
			"filter", Decimal{Wad: most}, *g.Kd)
	}
}

// kiParts: the box has Ki*DtMax <= Kp^2/4, and DtMax is 2 in pid.Default.
const kiParts = 8

func (c *checker) trigger(f *File) {
	t := &f.Trigger
	kind := t.kind()
	c.settings(section{"trigger", "kind", kind, t.Kind != "", form.Given(*t), triggerUses[kind], triggerNeeds[kind]})
	c.period(t.Every, form.At("trigger", "every"))
	if t.MaxActive != nil && t.Inner == nil {
		c.add(form.At("trigger", "max_active"), "does nothing without inner, which makes a trigger go on")
	}
	if kind == "bands" && f.Bands == nil {
		c.add(form.At("trigger", "kind"), "a bands trigger needs a section bands; `bands: {}` takes the defaults")
	}
	c.thresholds(f, kind)
	c.volatility(t.Volatility)
}

// thresholds checks the order of the distances: small and inner within the threshold, that within a weight.
func (c *checker) thresholds(f *File, kind string) {
	t := &f.Trigger
	if t.Threshold == nil {
		return
	}
	if kind != "relative" {
		c.weight(t.Threshold, form.At("trigger", "threshold"))
		for i := range f.Assets {
			c.weight(f.Assets[i].Threshold, form.At("assets", i, "threshold"))
		}
		if t.Inner != nil && t.Threshold.Less(t.Inner.Wad) {
			c.add(form.At("trigger", "inner"), "expected at most the threshold %v, got %v", *t.Threshold, *t.Inner)
		}
	}
	if t.Small != nil && t.Threshold.Less(t.Small.Wad) {
		c.add(form.At("trigger", "small"), "expected at most the threshold %v, got %v", *t.Threshold, *t.Small)
	}
	if t.Longest != nil && t.CoolDown != nil && t.Longest.Seconds < t.CoolDown.Seconds {
		c.add(form.At("trigger", "longest"), "expected at least the cool_down %v, got %v", *t.CoolDown, *t.Longest)
	}
}

// weight checks a threshold in parts of the whole.
func (c *checker) weight(threshold *Ratio, path form.Path) {
	if threshold != nil && fixed.One().Less(threshold.Wad) {
		c.add(path, "expected at most 100%%, got %v; only a relative trigger has larger ones", *threshold)
	}
}

func (c *checker) volatility(v *VolScale) {
	if v != nil && v.Min != nil && v.Max != nil && v.Max.Less(v.Min.Wad) {
		c.add(form.At("trigger", "volatility", "max"), "expected at least min %v, got %v", *v.Min, *v.Max)
	}
}

func (c *checker) bands(f *File) {
	b := f.Bands
	if b == nil {
		return
	}
	kind := b.estimator()
	c.settings(section{"bands", "estimator", kind, b.Estimator != "", form.Given(*b), bandUses[kind], nil})
	if kind == "no-trade" && f.Cost.Proportional == nil {
		c.add(form.At("bands", "estimator"), "no-trade needs the cost of a trade; add `cost: {proportional: 0.3%%}`")
	}
	g := b.config()
	given := form.Given(*b)
	c.below(given, bound{"inner", g.Default.X}, bound{"outer", g.Default.Y})
	if kind == "static" {
		return
	}
	c.below(given, bound{"max_inner", g.MaxX}, bound{"max_outer", g.MaxY})
	if g.MaxX.Less(g.MinX) {
		c.order(given, bound{"min_inner", g.MinX}, bound{"max_inner", g.MaxX}, "at most", "at least")
	}
	if g.K2.Less(g.K1) {
		c.add(form.At("bands", "k2"), "expected at least k1 %v, got %v", Decimal{Wad: g.K1}, Decimal{Wad: g.K2})
	}
}

// bound is a setting of the bands with its default filled in.
type bound struct {
	name  string
	value fixed.Wad
}

// below checks that one bound lies below another.
func (c *checker) below(given []string, low, high bound) {
	if !low.value.Less(high.value) {
		c.order(given, low, high, "less than", "more than")
	}
}

// order reports two bounds that are in the wrong order, at the one that was written.
func (c *checker) order(given []string, low, high bound, below, above string) {
	if !slices.Contains(given, low.name) {
		low, high, below = high, low, above
	}
	c.add(form.At("bands", low.name), "expected %s %s %v, got %v", below, high.name, Ratio{Wad: high.value},
		Ratio{Wad: low.value})
}

// config is the engine's form of the bands.
func (b *Bands) config() band.Config {
	g := band.Default()
	g.Estimator = choose(b.Estimator, estimators,
		[]band.Estimator{band.Increments, band.Levels, band.Robust, band.NoTrade, band.Static})
	set(&g.Default.X, ratioOf(b.Inner))
	set(&g.Default.Y, ratioOf(b.Outer))
	set(&g.K1, decimalOf(b.K1))
	set(&g.K2, decimalOf(b.K2))
	set(&g.MinX, ratioOf(b.MinInner))
	set(&g.MaxX, ratioOf(b.MaxInner))
	set(&g.MaxY, ratioOf(b.MaxOuter))
	return g
}
