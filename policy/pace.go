package policy

import (
	"fmt"
	"strings"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/policy/plain"
)

// when says what makes it act.
func (e *explainer) when() {
	t := &e.file.Trigger
	if e.idle() {
		return
	}
	look := capital(e.period()) + " it compares its weights with the target"
	switch t.kind() {
	case "always":
		e.say("%s and trades, however small the gap.", look)
	case "periodic":
		e.say("%s, and trades at the first look in %s.", look, e.calendar())
	case "aggregate":
		e.say("%s. It acts when more than %s of the value would have to be sold to close all gaps.", look,
			plain.Percent(t.Threshold.Wad))
	case "bands":
		e.say("%s. It acts when a weight leaves its inner band.", look)
	default:
		e.say("%s. It acts when a weight is more than %s%s%s.", look, e.distance(t.Threshold.Wad), e.exceptions(),
			e.after())
		e.edges()
	}
	if e.file.Bands != nil {
		e.widths()
	}
	e.goingOn(t)
	if v := t.Volatility; v != nil {
		e.say("That distance holds at a volatility of %s a year and follows it with the exponent %s%s, by at most a "+
			"quarter of itself per day.", plain.Percent(v.Reference.Wad), v.Exponent, v.limits())
	}
}

// calendar names the period of a periodic trigger.
func (e *explainer) calendar() string {
	switch p := e.file.Trigger.Every; p {
	case "day", "week", "month", "quarter", "year":
		return "every " + string(p) + " (UTC)"
	default:
		return plain.Every(p.interval().seconds)
	}
}

// distance is a threshold in words.
func (e *explainer) distance(theta fixed.Wad) string {
	if e.file.Trigger.Kind == "relative" {
		return plain.Percent(theta) + " of its target away from it"
	}
	return plain.Points(theta) + " from its target"
}

// exceptions are the thresholds of single assets.
func (e *explainer) exceptions() string {
	var list []string
	for i := range e.file.Assets {
		if p := &e.file.Assets[i]; p.Threshold != nil {
			list = append(list, p.Asset+": "+plain.Percent(p.Threshold.Wad))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}

// after is the second threshold of a hybrid trigger.
func (e *explainer) after() string {
	t := &e.file.Trigger
	if t.Kind != "hybrid" {
		return ""
	}
	return fmt.Sprintf(", or more than %s after %s without a trade", plain.Points(t.Small.Wad),
		plain.Span(t.Longest.Seconds))
}

// edges are the weights at which a threshold is passed.
func (e *explainer) edges() {
	if !e.steady() {
		return
	}
	var list []string
	for i := range e.file.Assets {
		w := e.final(e.at(i))
		theta := e.theta(i)
		var sides []string
		if low := e.calc.Sub(w, theta); low.Sign() > 0 {
			sides = append(sides, "below "+plain.Percent(low))
		}
		if high := e.calc.Add(w, theta); high.Less(fixed.One()) {
			sides = append(sides, "above "+plain.Percent(high))
		}
		if len(sides) > 0 && !w.IsZero() {
			list = append(list, e.file.Assets[i].Asset+" "+plain.Either(sides))
		}
	}
	when := "That is"
	if e.file.Target.Kind == "glide" {
		when = "At the end of the path that is"
	}
	e.say("%s: %s.", when, strings.Join(list, "; "))
}

// steady reports targets that stay the same in the end, so that weights can be named.
func (e *explainer) steady() bool {
	kind := e.file.Target.kind()
	return kind == "constant-mix" || kind == "glide"
}

// theta is the threshold of an asset as a weight.
func (e *explainer) theta(i int) fixed.Wad {
	theta := e.file.Trigger.Threshold.Wad
	set(&theta, ratioOf(e.file.Assets[i].Threshold))
	if e.file.Trigger.Kind == "relative" {
		theta = e.calc.MulTrunc(theta, e.final(e.at(i)))
	}
	return theta
}

// widths says where the four points of the bands are, for the targets as they will be in the end.
func (e *explainer) widths() {
	acts := e.file.Trigger.Kind == "bands"
	if e.steady() {
		for i := range e.file.Assets {
			w := e.final(e.at(i))
			if w.IsZero() {
				continue
			}
			points, name := e.around(w), e.file.Assets[i].Asset
			if acts {
				e.say("%s is held between %s and %s, and brought back from outside of that.", name, plain.Percent(points.BLB),
					plain.Percent(points.ALB))
			}
			e.say("Everything halts when %s falls to %s or rises to %s of the value.", name, plain.Percent(points.BUB),
				plain.Percent(points.AUB))
		}
	}
	e.estimate(acts)
}

// estimate says where the widths come from.
func (e *explainer) estimate(acts bool) {
	b := &e.policy.Bands
	if !b.Estimator.Sampled() {
		why := "stay as they are"
		if b.Estimator == band.NoTrade {
			why = "follow from the cost of a trade: inside them it would cost more than it gains"
		}
		e.say("These bands %s.", why)
		return
	}
	inner := ""
	if acts {
		inner = fmt.Sprintf("the inner one is as wide as %s of five days' moves, ", deviations(b.K1))
	}
	e.say("These bands hold until %d days of weights are seen. From then on they follow how much the weights move: "+
		"%sthe outer one is as wide as %s of five days' moves, within limits.", b.WarmUp, inner, deviations(b.K2))
}

func deviations(k fixed.Wad) string {
	if k == fixed.One() {
		return "1 standard deviation"
	}
	return plain.Number(k) + " standard deviations"
}

// around are the four points around a weight, before there are samples.
func (e *explainer) around(w fixed.Wad) band.Points {
	var half fixed.Wad
	if p := e.policy; !p.Cost.IsZero() {
		half = cost.HalfWidth(&e.calc, p.Cost, p.RiskAversion, w)
	}
	width, err := e.policy.Bands.Width(&band.Samples{}, w, half)
	e.fail(err)
	return width.Around(&e.calc, w)
}

// goingOn says when it stops, and how long it waits.
func (e *explainer) goingOn(t *Trigger) {
	if t.Inner != nil {
		most := ""
		if t.MaxActive != nil {
			most = fmt.Sprintf(", for at most %s", plain.Plural(int64(*t.MaxActive), "round"))
		}
		e.say("Once it acts it goes on until every weight is within %s of its target%s.", plain.Points(t.Inner.Wad), most)
	}
	if t.CoolDown != nil && t.CoolDown.Seconds > e.policy.PeriodSeconds {
		e.say("Between two orders it waits at least %s.", plain.Span(t.CoolDown.Seconds))
	}
}

func (v *VolScale) limits() string {
	switch {
	case v.Min != nil && v.Max != nil:
		return fmt.Sprintf(", between %s and %s", plain.Percent(v.Min.Wad), plain.Percent(v.Max.Wad))
	case v.Min != nil:
		return ", but not below " + plain.Percent(v.Min.Wad)
	case v.Max != nil:
		return ", but not above " + plain.Percent(v.Max.Wad)
	}
	return ""
}

// pace says how fast a gap closes.
func (e *explainer) pace() {
	g := &e.policy.Gains
	if e.idle() {
		return
	}
	half := fixed.FromBps(5_000)
	switch {
	case g.Kp == fixed.One():
		e.say("Each time it closes the whole gap (gain 1).")
	case !e.persists():
		e.say("Each time it closes %s of the gap (gain %s), and then waits until it is to act again.", plain.Percent(g.Kp),
			plain.Gain(g.Kp))
	default:
		e.say("Each round closes %s of the gap that is left (gain %s). If its orders fill, half of a gap is closed after "+
			"%s%s.", plain.Percent(g.Kp), plain.Gain(g.Kp), e.spanOf(e.steps(half)), e.most(half))
	}
	if !g.DeadBand.IsZero() {
		e.say("It trades to %s from the target and not onto it, which saves costs.", plain.Points(g.DeadBand))
	}
	e.back()
}

// persists reports a trigger that goes on round after round once it acts.
func (e *explainer) persists() bool {
	return e.file.Trigger.Inner != nil || e.file.Trigger.kind() == "always"
}

// most says when the part of a gap that the file names is closed.
func (e *explainer) most(half fixed.Wad) string {
	share := fixed.FromBps(9_000)
	set(&share, ratioOf(e.file.Speed.Close))
	if share == half {
		return ""
	}
	return fmt.Sprintf(" and %s of it after %s", plain.Percent(share),
		e.spanOf(e.steps(e.calc.Sub(fixed.One(), share))))
}

// idle reports a policy that wants what it holds.
func (e *explainer) idle() bool { return e.file.Target.Kind == "buy-and-hold" }

// back says how long a gap that fires the trigger takes to close.
func (e *explainer) back() {
	t := &e.file.Trigger
	if t.Inner == nil || t.Threshold == nil || t.Kind == "relative" || e.policy.Gains.Kp == fixed.One() {
		return
	}
	// With an edge the law sees the distance from it.
	edge := e.policy.Gains.DeadBand
	rest := e.calc.DivTrunc(e.calc.Sub(t.Inner.Wad, edge), e.calc.Sub(t.Threshold.Wad, edge))
	e.say("So a gap of %s is back within %s after %s.", plain.Points(t.Threshold.Wad), plain.Points(t.Inner.Wad),
		e.spanOf(e.steps(rest)))
}

// steps is the number of intervals after which at most a part of a gap is left.
func (e *explainer) steps(part fixed.Wad) int64 {
	left := e.calc.Sub(fixed.One(), e.policy.Gains.Kp)
	low, high := uint64(0), uint64(1)
	for part.Less(e.calc.PowDown(left, high)) && high < maxSteps {
		low, high = high, 2*high
	}
	for low+1 < high {
		if middle := (low + high) / 2; part.Less(e.calc.PowDown(left, middle)) {
			low = middle
		} else {
			high = middle
		}
	}
	return int64(high)
}

// maxSteps is longer than anybody waits.
const maxSteps = 1 << 30

// worst says what is sold at most.
func (e *explainer) worst() {
	most := e.policy.Limits.MaxSell
	switch {
	case e.idle():
		return
	case most.IsZero() && e.policy.Gains.Kp == fixed.One():
		e.say("There is no limits.max_sell: one round may sell everything.")
		return
	case most.IsZero():
		e.say("There is no limits.max_sell: one round may sell up to %s of its value, and more for a minimum balance, a "+
			"cap or a payment.", plain.Percent(e.policy.Gains.Kp))
		return
	}
	value, each := "", ""
	daily, when := e.daily(most)
	if e.opt.NAV.Sign() > 0 {
		value = fmt.Sprintf(", which is %s of %s", plain.Number(e.calc.MulDown(daily, e.opt.NAV)), plain.Number(e.opt.NAV))
	}
	if e.policy.PeriodSeconds < daySeconds {
		each = fmt.Sprintf(" (%s %s)", plain.Percent(most), e.period())
	}
	e.say("At worst it sells %s of its value %s%s%s.", plain.Percent(daily), when, each, value)
	if n := e.turns(most); n > 1 && n < maxSteps {
		e.say("To turn over the whole treasury takes it at least %s.", e.spanOf(n))
	}
}

// daily is the most that is sold in a day, or in a round where that is longer.
func (e *explainer) daily(most fixed.Wad) (fixed.Wad, string) {
	interval := e.policy.PeriodSeconds
	if interval > daySeconds {
		return most, "in " + plain.Span(interval)
	}
	return e.calc.MulInt(most, (daySeconds+interval-1)/interval).Min(fixed.One()), "a day"
}

// turns is the number of intervals in which everything can be sold once.
func (e *explainer) turns(most fixed.Wad) int64 {
	n, _ := e.calc.MulDivUp(fixed.One(), fixed.FromRaw(1), most).RawUint()
	return int64(n) //nolint:gosec // at most 10^18
}

// stability says how far the controller is from swinging, and whether it can go beyond its target.
func (e *explainer) stability() {
	if e.idle() {
		return
	}
	g := &e.policy.Gains
	m, err := pid.Margins(g, fixed.One())
	e.fail(err)
	e.say("The controller is stable whatever part of its orders fills: its margins are %s of 4, %s of 1 and %s of 2, "+
		"and 0 would be the edge.", plain.Gain(m.S1), plain.Gain(m.S2), plain.Gain(m.S3))
	switch {
	case g.NoOvershoot, g.Ki.IsZero() && g.Kd.IsZero():
		e.say("It comes to the target from one side and never crosses it.")
	case g.Ki.IsZero():
		e.say("It may cross the target a little and come back.")
	default:
		damping := e.calc.DivTrunc(e.calc.Add(g.Kp, g.Ki), e.calc.MulInt(e.calc.Sqrt(g.Ki), 2))
		e.say("It may cross the target and come back: what it remembers of past gaps pushes on until they are made up. It "+
			"does not swing (damping %s; below 1 it would).", plain.Number(damping))
	}
}
