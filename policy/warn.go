package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/policy/form"
	"github.com/ballast-finance/ballast/policy/plain"
)

// Warnings lists what a valid policy allows but its owner will hardly want, in the order of its lines. What depends on
// the world is only said as far as the options know it. Its error is that of Explain.
func Warnings(f *File, opt ExplainOptions) (Problems, error) {
	p, err := f.compileAlone()
	if err != nil {
		return nil, err
	}
	w := &warner{explainer: explainer{file: f, policy: p, opt: opt}}
	w.holdings()
	w.thresholds()
	w.pace()
	w.sizes()
	w.outer()
	w.cushion()
	w.payments()
	w.stops()
	if err := w.calc.Err(); err != nil {
		return nil, fmt.Errorf("policy: warnings: %w", err)
	}
	slices.SortStableFunc(w.problems, func(a, b *Problem) int { return a.Line - b.Line })
	return w.problems, nil
}

// warner knows a policy as the explainer does, and collects what is unwise in it.
type warner struct {
	explainer

	problems Problems
}

func (w *warner) add(path form.Path, format string, args ...any) {
	w.problems = append(w.problems, w.file.source.Problem(path, format, args...))
}

// holdings looks at the list of assets.
func (w *warner) holdings() {
	if len(w.file.Assets) == 1 {
		w.add(form.At("assets"), "with a single asset there is nothing to trade it against")
	}
	var sum fixed.Wad
	for i := range w.file.Assets {
		sum = w.calc.Add(sum, w.file.Assets[i].Weight.Wad)
	}
	if off := w.calc.Sub(fixed.One(), sum); !off.IsZero() && !sum.IsZero() {
		w.add(form.At("assets"), "the weights add up to %v; the largest takes the rest, so that they add up to 100%%",
			Ratio{Wad: sum})
	}
}

// measured reports a trigger that compares the distance of single weights with a threshold.
func (w *warner) measured() bool {
	return slices.Contains([]string{"threshold", "relative", "hybrid"}, w.file.Trigger.Kind)
}

// thresholds looks for distances that can never be reached, and for those that cost more than they gain.
func (w *warner) thresholds() {
	if !w.measured() || !w.steady() {
		return
	}
	for i := range w.file.Assets {
		weight, theta := w.final(w.at(i)), w.theta(i)
		path := form.At("trigger", "threshold")
		if w.file.Assets[i].Threshold != nil {
			path = form.At("assets", i, "threshold")
		}
		if w.file.Trigger.Kind != "relative" && !weight.IsZero() && !theta.Less(weight) {
			w.add(path, "%s has a weight of %s: it could fall to nothing before a threshold of %s sees it; give it a "+
				"threshold of its own, such as %s", w.file.Assets[i].Asset, plain.Percent(weight), plain.Percent(theta),
				plain.Percent(w.calc.DivIntTrunc(weight, 3)))
		}
	}
	w.narrow()
	if t := &w.file.Trigger; t.Kind == "relative" && fixed.One().Cmp(t.Threshold.Wad) <= 0 {
		w.add(form.At("trigger", "threshold"), "an asset could fall to nothing before a threshold of %v of its target "+
			"sees it; stay below 100%%", *t.Threshold)
	}
	if t := &w.file.Trigger; t.Inner == nil && w.policy.Gains.Kp.Less(fixed.One()) {
		w.add(form.At("trigger"), "without inner each alarm closes only %s of the gap and then waits for the next; add "+
			"`inner: 2%%`", plain.Percent(w.policy.Gains.Kp))
	}
}

// narrow finds the asset whose threshold is furthest below the width that is best for the cost.
func (w *warner) narrow() {
	if w.policy.Cost.IsZero() {
		return
	}
	worst, extra := -1, fixed.FromBps(flatBps)
	for i := range w.file.Assets {
		half := w.half(i)
		if half.IsZero() || !w.theta(i).Less(half) {
			continue
		}
		ratio := w.calc.DivTrunc(w.theta(i), half).Max(fixed.FromBps(100)) // what is more is not worth telling apart
		if flat := cost.Flatness(&w.calc, ratio); extra.Less(flat) {
			worst, extra = i, flat
		}
	}
	if worst < 0 {
		return
	}
	w.add(form.At("trigger", "threshold"), "%s trades at a distance of %s, but at a cost of %s it pays to wait until "+
		"%s: what trading and drifting cost together is %s the least", w.file.Assets[worst].Asset,
		plain.Percent(w.theta(worst)),
		plain.Percent(w.policy.Cost), plain.Percent(w.half(worst)), plain.Times(extra))
}

// flatBps is the cost of a threshold, in bp of the least, up to which it is not worth a word.
const flatBps = 12_500

// half is the half width of the region around an asset's weight in which trading does not pay.
func (w *warner) half(i int) fixed.Wad {
	weight := w.final(w.at(i))
	if weight.IsZero() || weight == fixed.One() {
		return fixed.Wad{}
	}
	return cost.HalfWidth(&w.calc, w.policy.Cost, w.policy.RiskAversion, weight)
}

// pace looks whether the limit on sales lets the controller do what it was asked for.
func (w *warner) pace() {
	most := w.policy.Limits.MaxSell
	if most.IsZero() {
		return
	}
	if t := &w.file.Trigger; t.Threshold != nil && t.Kind != "relative" {
		first := w.calc.MulTrunc(w.policy.Gains.Kp, t.Threshold.Wad)
		if most.Less(first) {
			w.add(form.At("limits", "max_sell"), "a gap of %s asks for sales of %s of the value in a round, more than "+
				"max_sell %s: it closes more slowly than speed says", plain.Points(t.Threshold.Wad), plain.Percent(first),
				plain.Percent(most))
		}
	}
	w.glide(most)
}

// glide looks whether the limit on sales can follow the path.
func (w *warner) glide(most fixed.Wad) {
	s := &w.policy.Target
	if s.Kind != target.Glide {
		return
	}
	var moved fixed.Wad
	for k := range s.Weights {
		moved = w.calc.Add(moved, w.calc.Sub(s.From[k], s.Weights[k]).Max(fixed.Wad{}))
	}
	rounds := (s.End - s.Start) / w.policy.PeriodSeconds
	if possible := w.calc.MulInt(most, rounds); possible.Less(moved) {
		w.add(form.At("limits", "max_sell"), "the path sells %s of the value in %s, and max_sell %s allows %s in that "+
			"time: it is reached late", plain.Percent(moved), plain.Span(s.End-s.Start), plain.Percent(most),
			plain.Percent(possible))
	}
}

// sizes looks whether orders can be as large as the smallest one that is sent.
func (w *warner) sizes() {
	l := &w.file.Limits
	least := w.policy.Limits.MinNAV
	if w.opt.NAV.Sign() > 0 {
		least = w.opt.NAV
	}
	if l.MinOrder == nil || least.IsZero() || !w.steady() {
		return
	}
	for i := range w.file.Assets {
		gap, what := w.final(w.at(i)), "its whole weight"
		if w.measured() {
			gap, what = gap.Min(w.theta(i)), "the gap at which it acts"
		}
		value := w.calc.MulTrunc(gap, least)
		if !gap.IsZero() && value.Less(l.MinOrder.Wad) {
			w.add(form.At("limits", "min_order"), "of a treasury of %s, %s of %s is %s, less than the smallest order %s: it "+
				"is never traded", plain.Number(least), what, w.file.Assets[i].Asset, plain.Number(value),
				plain.Number(l.MinOrder.Wad))
			return
		}
	}
}

// outer looks whether a halt comes before the trigger.
func (w *warner) outer() {
	if w.file.Bands == nil || !w.measured() || !w.steady() {
		return
	}
	for i := range w.file.Assets {
		weight := w.final(w.at(i))
		if weight.IsZero() {
			continue
		}
		reach := w.calc.Sub(w.around(weight).AUB, weight)
		if !w.theta(i).Less(reach) {
			w.add(form.At("bands"), "%s halts everything at a distance of %s, before its threshold of %s makes it trade; "+
				"widen outer, or lower the threshold", w.file.Assets[i].Asset, plain.Percent(reach), plain.Percent(w.theta(i)))
			return
		}
	}
}

// usualVolatilityBps is what a large coin had over the last years; it stands in where none is given.
const usualVolatilityBps = 8_000

// cushion looks whether a cppi or tipp can keep its floor.
func (w *warner) cushion() {
	s := &w.policy.Target
	if s.Kind != target.CPPI && s.Kind != target.TIPP {
		return
	}
	sigma := w.opt.Volatility
	if sigma.Sign() <= 0 {
		sigma = fixed.FromBps(usualVolatilityBps)
	}
	fall := target.Fall(&w.calc, fixed.FromInt(gapDeviations), sigma, w.policy.PeriodSeconds)
	if fixed.One().Less(w.calc.MulDown(fall, s.Multiplier)) {
		w.add(form.At("target", "multiplier"), "with rounds of %s and a volatility of %s a year the gap rule allows %s, "+
			"got %v: a fall of four standard deviations between two rounds breaks the floor", w.spanOf(1),
			plain.Percent(sigma),
			plain.Number(w.calc.DivDown(fixed.One(), fall)), Decimal{Wad: s.Multiplier})
	}
	if w.policy.Gains.Kp.Less(fixed.One()) {
		w.add(form.At("speed"), "a floor is only kept by selling at once, and this closes %s of a gap in a round; write "+
			"`close: 100%%` and `within: 1`", plain.Percent(w.policy.Gains.Kp))
	}
	if most := w.policy.Limits.MaxSell; !most.IsZero() && most.Less(s.MaxExposure) {
		w.add(form.At("limits", "max_sell"), "a floor is only kept by selling at once, and of %s at risk this lets go of "+
			"%s in a round", plain.Percent(s.MaxExposure), plain.Percent(most))
	}
}

// payments looks whether the money for them can be there in time.
func (w *warner) payments() {
	for i := range w.file.Payments {
		p := &w.file.Payments[i]
		if !stable(p.Asset) {
			w.add(form.At("payments", i, "asset"), "%s does not look like a stable asset: what this payment costs will move "+
				"with its price", p.Asset)
		}
		w.funding(i)
	}
}

// stables are the names of stable assets that do not contain a currency.
var stables = []string{"DAI", "SDAI", "FRAX", "MIM", "GHO", "RAI", "FEI", "DOLA", "UST", "USTC", "EURS", "EURC", "EURT"}

// stable guesses from its name whether an asset keeps its value.
func stable(name string) bool {
	upper := strings.ToUpper(name)
	return strings.Contains(upper, "USD") || slices.Contains(stables, upper)
}

// funding looks whether one payment can be bought in time.
func (w *warner) funding(i int) {
	p := &w.file.Payments[i]
	price, most := w.opt.Prices[p.Asset], w.policy.Limits.MaxSell
	if w.opt.NAV.Sign() <= 0 || price.Sign() <= 0 || most.IsZero() {
		return
	}
	value := w.calc.MulUp(p.Amount.Wad, price)
	if w.opt.NAV.Less(value) {
		w.add(form.At("payments", i, "amount"), "is worth %s, more than the whole treasury of %s", plain.Number(value),
			plain.Number(w.opt.NAV))
		return
	}
	// What the target keeps of the asset anyway need not be bought.
	kept := fixed.Wad{}
	if w.steady() {
		kept = w.calc.MulTrunc(w.final(w.at(w.indexOf(p.Asset))), w.opt.NAV)
	}
	capacity := w.calc.MulDown(most, w.opt.NAV)
	missing := w.calc.Sub(value, kept).Max(fixed.Wad{})
	n, err := project.LeadTime(missing, capacity, cycle.MaxLead)
	w.fail(err)
	switch due := (p.First.Unix - w.opt.Now) / w.policy.PeriodSeconds; {
	case w.calc.MulInt(capacity, cycle.MaxLead).Less(missing):
		w.add(form.At("payments", i, "amount"), "%s of it must be bought, and max_sell %s raises %s in the %s before it "+
			"is due", plain.Number(missing), plain.Percent(most), plain.Number(w.calc.MulInt(capacity, cycle.MaxLead)),
			w.spanOf(cycle.MaxLead))
	case w.opt.Now > 0 && due >= 0 && due < n && !missing.IsZero():
		w.add(form.At("payments", i, "first"), "%s of it must be bought, which takes %s with max_sell %s; it is due in %s",
			plain.Number(missing), w.spanOf(n), plain.Percent(most), plain.Span(p.First.Unix-w.opt.Now))
	}
}

func (w *warner) indexOf(id string) int {
	return slices.IndexFunc(w.file.Assets, func(p Position) bool { return p.Asset == id })
}

// stops looks for the brakes that every treasury should have.
func (w *warner) stops() {
	if w.rests() {
		return
	}
	if w.file.Limits.MaxSlippage == nil {
		w.add(form.At("limits"), "without max_slippage it accepts any price at which an auction closes; add "+
			"`max_slippage: 2%%`")
	}
	if w.file.LossBudget == nil {
		w.add(form.At("loss_budget"), "without it nothing stops a treasury whose orders fill badly; add "+
			"`loss_budget: {cap: 1%%, refill: 7d}`")
	}
	if w.steady() && w.policy.Limits.MaxSell.IsZero() {
		w.add(form.At("limits"), "without max_sell one round may sell %s of the value; add `max_sell: 5%%`",
			plain.Percent(w.policy.Gains.Kp))
	}
}
