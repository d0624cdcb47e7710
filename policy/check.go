package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Words that a policy file may use.
var (
	targetKinds  = []string{"constant-mix", "glide", "buy-and-hold", "cppi", "tipp"}
	triggerKinds = []string{"always", "periodic", "threshold", "relative", "aggregate", "hybrid", "bands"}
	estimators   = []string{"increments", "levels", "robust", "static"}
	overrides    = []string{"proportional", "priority"}
	splits       = []string{"proportional", "fewest", "cheapest"}
	shortRules   = []string{"wait", "partial"}
	volExponents = []string{"1/3", "-1", "0", "1/2", "1"}
)

// maxPositions is the number of assets that one policy may name.
const maxPositions = 32

// checker collects problems.
type checker struct {
	source
	problems []error
}

func (c *checker) add(path []any, format string, args ...any) {
	c.problems = append(c.problems, &Problem{c.line(path...), fmt.Sprintf(format, args...)})
}

func at(path ...any) []any { return path }

// word checks a word against a list; empty is the default.
func (c *checker) word(value string, allowed []string, path ...any) {
	if value != "" && !slices.Contains(allowed, value) {
		c.add(path, "expected one of %s, got %q", strings.Join(allowed, ", "), value)
	}
}

// ratio checks lo <= value <= hi when the value is there.
func (c *checker) ratio(value *Ratio, lo, hi int64, path ...any) {
	if value == nil {
		return
	}
	if value.Less(fixed.FromInt(lo)) || fixed.FromInt(hi).Less(value.Wad) {
		c.add(path, "expected %d%% to %d%%, got %s", lo*100, hi*100, show(*value))
	}
}

// positive checks value > 0 when the value is there.
func (c *checker) positive(value *Decimal, path ...any) {
	if value != nil && value.Sign() <= 0 {
		c.add(path, "expected more than zero, got %s", value)
	}
}

func show(r Ratio) string {
	v, _ := r.MarshalYAML() //nolint:errcheck // it returns none
	return fmt.Sprint(v)
}

// check reports everything that can be said without prices.
func (f *File) check(src source) error {
	c := &checker{source: src}
	if f.Version != Version {
		c.add(at("version"), "expected version: %d, got %d", Version, f.Version)
	}
	c.positions(f)
	c.target(f)
	c.speed(f)
	c.trigger(f)
	c.bands(f)
	c.limits(f)
	c.payments(f)
	c.word(f.Override, overrides, "override")
	c.word(f.Split, splits, "split")
	c.ratio(f.Cost.Proportional, 0, 1, "cost", "proportional")
	c.positive(f.Cost.RiskAversion, "cost", "risk_aversion")
	return errors.Join(c.problems...)
}

func (c *checker) positions(f *File) {
	if n := len(f.Assets); n < 1 || n > maxPositions {
		c.add(at("assets"), "expected 1 to %d assets, got %d", maxPositions, n)
	}
	seen := make([]string, 0, len(f.Assets))
	var calc fixed.Calc
	var sum fixed.Wad
	for i, p := range f.Assets {
		switch {
		case p.Asset == "":
			c.add(at("assets", i), "expected the name of an asset, as `asset: BTC`")
		case slices.Contains(seen, p.Asset):
			c.add(at("assets", i), "%s is listed twice; write each asset once", p.Asset)
		}
		seen = append(seen, p.Asset)
		if p.Exponent != nil && *p.Exponent > 18 {
			c.add(at("assets", i, "exponent"), "expected an exponent of 0 to 18, got %d", *p.Exponent)
		}
		c.ratio(&p.Weight, 0, 1, "assets", i, "weight")
		c.ratio(p.MaxWeight, 0, 1, "assets", i, "max_weight")
		c.ratio(p.Threshold, 0, 1, "assets", i, "threshold")
		if p.MinBalance != nil && p.MinBalance.Sign() < 0 {
			c.add(at("assets", i, "min_balance"), "expected zero or more, got %s", p.MinBalance)
		}
		sum = calc.Add(sum, p.Weight.Wad)
	}
	c.sum(f, sum)
}

// sum checks that the weights add up to one; buy-and-hold has none.
func (c *checker) sum(f *File, sum fixed.Wad) {
	if f.Target.Kind == "buy-and-hold" && sum.IsZero() {
		return
	}
	var calc fixed.Calc
	if off := calc.Sub(sum, fixed.One()); fixed.FromRaw(int64(len(f.Assets))).Less(off.Abs()) {
		c.add(at("assets"), "expected the weights to add up to 100%%, got %s", show(Ratio{sum}))
	}
}

func (c *checker) target(f *File) {
	t := f.Target
	c.word(t.Kind, targetKinds, "target", "kind")
	switch t.Kind {
	case "glide":
		if t.Start == nil || t.End == nil || t.End.Unix <= t.Start.Unix {
			c.add(at("target"), "a glide path needs a start and an end after it")
		}
		c.weights(f, t.From, "from")
	case "cppi", "tipp":
		c.cushion(f)
	}
	c.ratio(t.MaxExposure, 0, 1, "target", "max_exposure")
	c.ratio(t.Ratchet, 0, 1, "target", "ratchet")
	c.ratio(t.FloorRate, -1, 1, "target", "floor_rate")
}

// cushion checks what CPPI and TIPP need.
func (c *checker) cushion(f *File) {
	t := f.Target
	if t.Multiplier == nil || t.Multiplier.Less(fixed.One()) {
		c.add(at("target"), "%s needs a multiplier of 1 or more", t.Kind)
	}
	if t.Kind == "cppi" && (t.Floor == nil || t.Floor.Sign() <= 0) {
		c.add(at("target"), "cppi needs a floor above zero")
	}
	if t.Kind == "tipp" && (t.Ratchet == nil || t.Ratchet.Sign() <= 0) {
		c.add(at("target"), "tipp needs a ratchet, the floor as a part of the highest value, such as 85%%")
	}
	c.weights(f, t.Safe, "safe")
}

// weights checks a second set of weights: known assets, a sum of one.
func (c *checker) weights(f *File, w map[string]Ratio, name string) {
	var calc fixed.Calc
	var sum fixed.Wad
	known := 0
	for _, p := range f.Assets {
		if r, ok := w[p.Asset]; ok {
			known++
			c.ratio(&r, 0, 1, "target", name, p.Asset)
			sum = calc.Add(sum, r.Wad)
		}
	}
	if known != len(w) {
		c.add(at("target", name), "names an asset that is not in assets; list it there, with weight 0%% if need be")
	}
	if sum != fixed.One() {
		c.add(at("target", name), "expected the weights to add up to 100%%, got %s", show(Ratio{sum}))
	}
}

func (c *checker) speed(f *File) {
	s := f.Speed
	if s.Interval.Seconds <= 0 {
		c.add(at("speed", "interval"), "expected an interval such as 1d")
	}
	c.ratio(s.Close, 0, 1, "speed", "close")
	switch {
	case s.Gains != nil && (s.Close != nil || s.Within != nil):
		c.add(at("speed"), "expected either gains, or close and within, got both")
	case s.Gains == nil && (s.Close == nil || s.Within == nil):
		c.add(at("speed"), "expected close and within, as `close: 90%%` and `within: 10`, or gains")
	case s.Within != nil && (*s.Within < 1 || *s.Within > 100_000):
		c.add(at("speed", "within"), "expected 1 to 100000 intervals, got %d", *s.Within)
	case s.Close != nil && s.Close.Sign() <= 0:
		c.add(at("speed", "close"), "expected more than 0%%, got %s", show(*s.Close))
	}
}

func (c *checker) trigger(f *File) {
	t := f.Trigger
	c.word(t.Kind, triggerKinds, "trigger", "kind")
	if slices.Contains([]string{"threshold", "relative", "aggregate", "hybrid"}, t.Kind) && t.Threshold == nil {
		c.add(at("trigger"), "a %s trigger needs a threshold, such as 5%%", t.Kind)
	}
	if t.Kind == "hybrid" && (t.Longest == nil || t.Small == nil) {
		c.add(at("trigger"), "a hybrid trigger needs longest and small: after that long the small threshold is enough")
	}
	if t.Kind == "periodic" && t.Every == "" {
		c.add(at("trigger"), "a periodic trigger needs every: a span such as 1d, or week, month, quarter")
	}
	if t.Every != "" {
		if _, err := parsePeriod(t.Every); err != nil {
			c.add(at("trigger", "every"), "%v", err)
		}
	}
	c.ratio(t.Threshold, 0, 1, "trigger", "threshold")
	c.ratio(t.Small, 0, 1, "trigger", "small")
	c.ratio(t.Inner, 0, 1, "trigger", "inner")
	if t.Inner != nil && t.Threshold != nil && t.Threshold.Less(t.Inner.Wad) {
		c.add(at("trigger", "inner"), "expected at most the threshold %s, got %s", show(*t.Threshold), show(*t.Inner))
	}
	if v := t.Volatility; v != nil {
		c.word(v.Exponent, volExponents, "trigger", "volatility", "exponent")
		if v.Reference.Sign() <= 0 {
			c.add(at("trigger", "volatility", "reference"), "expected more than 0%%, the annual volatility at which the threshold holds")
		}
	}
	if t.Kind == "bands" && f.Bands == nil {
		c.add(at("trigger", "kind"), "a bands trigger needs a bands section; `bands: {}` takes the defaults")
	}
}

func (c *checker) bands(f *File) {
	b := f.Bands
	if b == nil {
		return
	}
	c.word(b.Estimator, estimators, "bands", "estimator")
	c.positive(b.K1, "bands", "k1")
	c.positive(b.K2, "bands", "k2")
	if b.Inner != nil && b.Outer != nil && b.Outer.Cmp(b.Inner.Wad) <= 0 {
		c.add(at("bands", "outer"), "expected more than inner %s, got %s", show(*b.Inner), show(*b.Outer))
	}
	c.ratio(b.Outer, 0, 1, "bands", "outer")
	c.ratio(b.MaxOuter, 0, 1, "bands", "max_outer")
}

func (c *checker) limits(f *File) {
	l := f.Limits
	c.ratio(l.MaxSell, 0, 1, "limits", "max_sell")
	c.ratio(l.MaxSlippage, 0, 1, "limits", "max_slippage")
	if l.MinOrder != nil && l.MinOrder.Sign() < 0 {
		c.add(at("limits", "min_order"), "expected zero or more, got %s", l.MinOrder)
	}
	if b := f.LossBudget; b != nil {
		c.ratio(&b.Cap, 0, 1, "loss_budget", "cap")
		if b.Cap.Sign() <= 0 || b.Refill.Seconds <= 0 {
			c.add(at("loss_budget"), "expected a cap such as 1%% and a refill such as 7d")
		}
	}
}

func (c *checker) payments(f *File) {
	for i, p := range f.Payments {
		if !slices.ContainsFunc(f.Assets, func(a Position) bool { return a.Asset == p.Asset }) {
			c.add(at("payments", i, "asset"), "%q is not in assets; list it there, with weight 0%% if need be", p.Asset)
		}
		if p.Amount.Sign() <= 0 {
			c.add(at("payments", i, "amount"), "expected more than zero, got %s", p.Amount)
		}
		if p.Every != "" {
			if _, err := parsePeriod(p.Every); err != nil {
				c.add(at("payments", i, "every"), "%v", err)
			}
		}
		c.word(p.WhenShort, shortRules, "payments", i, "when_short")
	}
}

// period is a span or a calendar period.
type period struct {
	seconds int64
	months  int
	weekly  bool
}

func parsePeriod(text string) (period, error) {
	switch text {
	case "day":
		return period{seconds: 86400}, nil
	case "week":
		return period{seconds: 604800, weekly: true}, nil
	case "month":
		return period{months: 1}, nil
	case "quarter":
		return period{months: 3}, nil
	}
	s, err := ParseSpan(text)
	if err != nil || s.Seconds == 0 {
		return period{}, fmt.Errorf("expected day, week, month, quarter or a span such as 12h, got %q", text)
	}
	return period{seconds: s.Seconds}, nil
}
