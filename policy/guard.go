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
	"github.com/ballast-finance/ballast/policy/plain"
)

// orders says which orders are sent and how they are filled.
func (e *explainer) orders() {
	l := &e.file.Limits
	if e.rests() {
		return
	}
	if l.MinOrder != nil && l.MinOrder.Sign() > 0 {
		e.say("Orders below %s are not sent.", plain.Number(l.MinOrder.Wad))
	}
	if l.MinValue != nil && l.MinValue.Sign() > 0 {
		e.say("It rests while it is worth less than %s.", plain.Number(l.MinValue.Wad))
	}
	where := "Its orders first cross with opposite ones of other treasuries at the oracle's price; the rest is auctioned"
	if e.policy.CrossingOff {
		where = "All its orders are auctioned"
	}
	if l.MaxSlippage != nil {
		e.say("%s, at most %s below that price. What finds no such buyer stays unsold.", where,
			plain.Percent(l.MaxSlippage.Wad))
		return
	}
	e.say("%s. There is no limits.max_slippage: it accepts any price at which an auction closes.", where)
}

// rests reports a policy that never has anything to trade.
func (e *explainer) rests() bool {
	bound := func(p Position) bool { return p.MinBalance != nil || p.MaxWeight != nil }
	return e.idle() && len(e.file.Payments) == 0 && !slices.ContainsFunc(e.file.Assets, bound)
}

// payments says what is paid and when it is put aside.
func (e *explainer) payments() {
	for i := range e.file.Payments {
		p := &e.file.Payments[i]
		s := &e.policy.Payments[i].Schedule
		until := ""
		if p.Until != nil {
			until = " until " + plain.Date(p.Until.Unix)
		}
		dates := e.dates(s)
		what := fmt.Sprintf("It pays %s %s %s%s", plain.Number(p.Amount.Wad), p.Asset, p.rhythm(), until)
		if len(dates) == 0 {
			e.say("%s; none is left.", what)
			continue
		}
		e.say("%s: next on %s.", what, plain.List(dates))
		short := "it waits until the whole amount is there"
		if p.WhenShort == "partial" {
			short = "it pays what is there and owes the rest"
		}
		e.say("%s; if it is short all the same, %s.", e.lead(p), short)
	}
}

// rhythm is how often a payment is due.
func (p *Payment) rhythm() string {
	switch every := p.Every.interval(); {
	case p.Every == "":
		return "a single time"
	case every.months == 0:
		return plain.Every(every.seconds)
	default:
		return "every " + string(p.Every)
	}
}

// dates lists the next occurrences.
func (e *explainer) dates(s *project.Schedule) []string {
	const most = 3
	var list []string
	// A schedule that began long ago is not walked through: what is listed begins near now.
	first := int64(0)
	if step := s.EverySeconds + s.EveryMonths*longMonth; step > 0 && e.opt.Now > s.First {
		first = (e.opt.Now - s.First) / step
	}
	for k := first; len(list) < most; k++ {
		due, ok := s.Due(k)
		if !ok {
			break
		}
		if due >= e.opt.Now {
			list = append(list, plain.Date(due))
		}
	}
	return list
}

// longMonth is at least as long as any month, in seconds.
const longMonth = 31 * daySeconds

// lead says when a payment is put aside.
func (e *explainer) lead(p *Payment) string {
	const text = "What is missing for that is bought beforehand in equal parts and is complete one round before it is due"
	price, known := e.opt.Prices[p.Asset]
	most := e.policy.Limits.MaxSell
	if most.IsZero() {
		return text
	}
	if !known || e.opt.NAV.Sign() <= 0 {
		return text + fmt.Sprintf(", beginning at most %s ahead", e.spanOf(cycle.MaxLead))
	}
	value := e.calc.MulUp(p.Amount.Wad, price)
	n, err := project.LeadTime(value, e.calc.MulDown(most, e.opt.NAV), cycle.MaxLead)
	e.fail(err)
	return text + fmt.Sprintf(", beginning %s ahead if nothing of it is there", e.spanOf(n))
}

// crash says what happens when prices fall or fail.
func (e *explainer) crash() {
	if e.rests() {
		return
	}
	faults := []string{"is missing", "is disputed between its sources", "has its circuit breaker open"}
	if age := e.file.Limits.MaxPriceAge; age != nil {
		faults = append(faults, "is older than "+plain.Span(age.Seconds))
	}
	e.say("While a price %s, nothing is traded.", plain.Either(faults))
	b := &e.policy.Bands
	switch kind := e.file.Target.kind(); {
	case e.idle():
	case e.file.Bands != nil:
		e.say("In a crash that takes a weight out of its outer band it halts, whatever the trigger says. It goes on when "+
			"all weights are inside again for %d looks in a row, or when the prices have confirmed the move for %s; then at "+
			"a quarter of max_sell, once a day, until all weights are inside.", b.ReentrySamples,
			plain.Span(b.ConfirmSeconds))
	case kind == "cppi" || kind == "tipp":
		e.say("In a crash it sells the risky mix, down to the floor, and buys it back on the way up.")
	default:
		e.say("In a crash it buys what falls%s: there are no bands that would halt it.", e.atMost())
	}
}

// atMost repeats the limit on sales.
func (e *explainer) atMost() string {
	most := e.policy.Limits.MaxSell
	if most.IsZero() {
		return ""
	}
	daily, when := e.daily(most)
	return fmt.Sprintf(", with at most %s of its value %s", plain.Percent(daily), when)
}

// floor says what fall the floor of a cppi survives: the gap rule.
func (e *explainer) floor() {
	s := &e.policy.Target
	if s.Kind != target.CPPI && s.Kind != target.TIPP {
		return
	}
	e.say("Between two executions the risky mix may fall by %s before the floor is broken.",
		plain.Percent(e.calc.DivDown(fixed.One(), s.Multiplier)))
	fall := target.Fall(&e.calc, fixed.FromInt(gapDeviations), e.opt.Volatility.Max(fixed.Wad{}), e.policy.PeriodSeconds)
	if fall.IsZero() {
		return
	}
	most := e.calc.DivDown(fixed.One(), fall)
	verdict := "so the multiplier keeps the gap rule"
	if most.Less(s.Multiplier) {
		verdict = "so the multiplier breaks the gap rule: lower it, or trade more often"
	}
	e.say("At a volatility of %s a year a fall of four standard deviations in %s is %s, which allows a multiplier of up "+
		"to %s; %s.", plain.Percent(e.opt.Volatility), e.spanOf(1), plain.Percent(fall), plain.Number(most), verdict)
}

// gapDeviations is the move, in standard deviations, that the gap rule wants to survive.
const gapDeviations = 4

// budget says when bad execution stops it.
func (e *explainer) budget() {
	b := e.file.LossBudget
	if e.rests() {
		return
	}
	if b == nil {
		e.say("There is no loss_budget: however badly its orders are filled, it goes on.")
		return
	}
	e.say("If its orders lose more than %s of its value against the oracle's price within about %s, it halts by itself, "+
		"and goes on when a quarter of that budget is back, after %s or more.", plain.Percent(b.Cap.Wad),
		plain.Span(b.Refill.Seconds), plain.Span(b.Refill.Seconds/4))
}

// cost compares the threshold with the widths that are best for the cost.
func (e *explainer) cost() {
	p := e.policy
	if p.Cost.IsZero() || !e.steady() {
		return
	}
	var list []string
	for i := range e.file.Assets {
		if w := e.final(e.at(i)); !w.IsZero() && w != fixed.One() {
			half := cost.HalfWidth(&e.calc, p.Cost, p.RiskAversion, w)
			list = append(list, e.file.Assets[i].Asset+" "+plain.Percent(half))
		}
	}
	if len(list) > 0 {
		e.say("If a trade costs %s one way and the risk aversion is %s, it does not pay to trade while weights are this "+
			"near to their targets: %s.", plain.Percent(p.Cost), plain.Number(p.RiskAversion), strings.Join(list, ", "))
	}
}
