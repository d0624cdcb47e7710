package policy

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy/form"
)

// Limits of a policy.
const (
	maxPositions = 32 // as many as one portfolio of the engine may have
	maxPayments  = 100
	maxName      = 100 // bytes
	maxRecipient = 256 // bytes
)

// checker collects problems that are about more than one field; form checks the fields one by one.
type checker struct {
	form.Source

	problems Problems
}

func (c *checker) add(path form.Path, format string, args ...any) {
	c.problems = append(c.problems, c.Problem(path, format, args...))
}

// check reports everything that can be said without prices.
func (f *File) check() error {
	c := &checker{f.source, form.Check(*f, f.source, vocabulary())}
	if f.Version != Version {
		c.add(form.At("version"), "expected version %d, got %d; this program reads no other", Version, f.Version)
	}
	// A name is shown on terminals and in reports, where a control character could pretend to be something else.
	if len(f.Name) > maxName || strings.ContainsFunc(f.Name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		c.add(form.At("name"), "expected at most %d bytes that can be printed on one line, got %s", maxName,
			form.Quote(f.Name))
	}
	c.positions(f)
	c.target(f)
	c.speed(f)
	c.trigger(f)
	c.bands(f)
	c.payments(f)
	if f.Cost.RiskAversion != nil && f.Cost.Proportional == nil {
		c.add(form.At("cost", "risk_aversion"), "does nothing without proportional, the cost of a trade, such as 0.3%%")
	}
	return c.problems.Err()
}

// denom is what an asset may be called: no spaces, no quotes, nothing that a price file could not have as a column.
var denom = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9/:._-]*$`)

func (c *checker) positions(f *File) {
	if n := len(f.Assets); n < 1 || n > maxPositions {
		c.add(form.At("assets"), "expected 1 to %d assets, got %d", maxPositions, n)
	}
	seen := make([]string, 0, len(f.Assets))
	for i := range f.Assets {
		p := &f.Assets[i]
		at := form.At("assets", i, "asset")
		switch first := slices.Index(seen, p.Asset); {
		case p.Asset == "": // form has said so
		case !denom.MatchString(p.Asset) || len(p.Asset) > asset.MaxDenomLength:
			c.add(at, "expected up to %d letters, digits and / : . _ -, got %s", asset.MaxDenomLength, form.Quote(p.Asset))
		case first >= 0:
			c.add(at, "%s is listed twice, first as number %d; write each asset once", p.Asset, first+1)
		}
		seen = append(seen, p.Asset)
		c.position(f, i)
	}
	c.sum(f)
}

func (c *checker) position(f *File, i int) {
	p := &f.Assets[i]
	if p.MinBalance != nil {
		c.amount(p.MinBalance.Wad, p, form.At("assets", i, "min_balance"))
	}
	if p.Threshold != nil && !slices.Contains([]string{"threshold", "relative", "hybrid"}, f.Trigger.Kind) {
		c.add(form.At("assets", i, "threshold"),
			"only the triggers threshold, relative and hybrid look at it, and this one is %s; delete it, or change "+
				"trigger.kind", f.Trigger.kind())
	}
	steady := f.Target.kind() == "constant-mix" || f.Target.Kind == "glide"
	if p.MaxWeight != nil && steady && p.MaxWeight.Less(p.Weight.Wad) {
		c.add(form.At("assets", i, "max_weight"), "expected at least the target weight %v, got %v", p.Weight, *p.MaxWeight)
	}
}

// amount checks that an amount is a whole number of the asset's smallest units, and not too many of them.
func (c *checker) amount(display fixed.Wad, p *Position, path form.Path) {
	if display.Sign() < 0 || p.exponent() > asset.MaxExponent {
		return // form has said so
	}
	var calc fixed.Calc
	down := asset.UnitsDown(&calc, display, fixed.One(), p.exponent())
	up := asset.UnitsUp(&calc, display, fixed.One(), p.exponent())
	switch {
	case calc.Err() != nil:
		c.add(path, "expected fewer than 3.4e38 of the smallest units of %s, got %v", p.Asset, Decimal{Wad: display})
	case down != up:
		c.add(path, "expected at most %d decimals, as %s has (its exponent), got %v", p.exponent(), p.Asset,
			Decimal{Wad: display})
	}
}

// sum checks that the weights add up to one; buy-and-hold needs none.
func (c *checker) sum(f *File) {
	list := make([]fixed.Wad, len(f.Assets))
	given := false
	for i := range f.Assets {
		list[i] = f.Assets[i].Weight.Wad
		given = given || !list[i].IsZero()
	}
	if !given && f.Target.Kind == "buy-and-hold" {
		return
	}
	c.whole(list, form.At("assets"))
}

// whole checks that weights add up to one, up to the rounding of thirds and the like.
func (c *checker) whole(list []fixed.Wad, path form.Path) {
	var calc fixed.Calc
	var sum fixed.Wad
	for _, w := range list {
		sum = calc.Add(sum, w)
	}
	off := calc.Sub(fixed.One(), sum)
	switch {
	case calc.Err() != nil || off.Abs().Cmp(fixed.FromRaw(int64(len(list)))) <= 0:
	case off.Sign() > 0:
		c.add(path, "expected the weights to add up to 100%%, got %v: %v is missing", Ratio{Wad: sum}, Ratio{Wad: off})
	default:
		c.add(path, "expected the weights to add up to 100%%, got %v: %v too much", Ratio{Wad: sum}, Ratio{Wad: off.Neg()})
	}
}

// mix checks a second set of weights: known assets, a sum of one.
func (c *checker) mix(f *File, w map[string]Ratio, name string) {
	list := make([]fixed.Wad, 0, len(w))
	for _, id := range sortedKeys(w) {
		path := form.At("target", name, id)
		if f.position(id) == nil {
			c.unknownAsset(f, id, path)
		}
		if r := w[id]; r.Sign() < 0 || fixed.One().Less(r.Wad) {
			c.add(path, "expected 0%% to 100%%, got %v", r)
		}
		list = append(list, w[id].Wad)
	}
	if len(w) > 0 {
		c.whole(list, form.At("target", name))
	}
}

func sortedKeys(w map[string]Ratio) []string {
	keys := make([]string, 0, len(w))
	for id := range w {
		keys = append(keys, id)
	}
	slices.Sort(keys)
	return keys
}

// position returns the position of an asset, or nil.
func (f *File) position(id string) *Position {
	at := slices.IndexFunc(f.Assets, func(p Position) bool { return p.Asset == id })
	if at < 0 {
		return nil
	}
	return &f.Assets[at]
}

func (c *checker) unknownAsset(f *File, id string, path form.Path) {
	names := make([]string, len(f.Assets))
	for i := range f.Assets {
		names[i] = f.Assets[i].Asset
	}
	hint := "list it there, with weight 0% if need be"
	if near := form.Nearest(id, names); near != "" {
		hint = "did you mean " + near + "?"
	}
	c.add(path, "%s is not in assets; %s", form.Quote(id), hint)
}

func (c *checker) payments(f *File) {
	if n := len(f.Payments); n > maxPayments {
		c.add(form.At("payments"), "expected at most %d payments, got %d", maxPayments, n)
		return
	}
	for i := range f.Payments {
		p := &f.Payments[i]
		at := func(name string) form.Path { return form.At("payments", i, name) }
		if held := f.position(p.Asset); held != nil {
			c.amount(p.Amount.Wad, held, at("amount"))
		} else if p.Asset != "" {
			c.unknownAsset(f, p.Asset, at("asset"))
		}
		c.period(p.Every, at("every"))
		if p.To != "" && (!denom.MatchString(p.To) || len(p.To) > maxRecipient) {
			c.add(at("to"), "expected an address, or channel-0/ADDRESS behind an IBC channel, got %s", form.Quote(p.To))
		}
		switch {
		case p.Until == nil:
		case p.Every == "":
			c.add(at("until"), "does nothing without every, such as `every: month`")
		case p.Until.Unix < p.First.Unix:
			c.add(at("until"), "expected a moment after the first payment on %v, got %v", p.First, *p.Until)
		}
	}
}

// period checks a period that did not come from a text.
func (c *checker) period(p Period, path form.Path) {
	if p != "" && p.interval() == (interval{}) {
		c.add(path, "%v, got %s", errPeriod, form.Quote(string(p)))
	}
}
