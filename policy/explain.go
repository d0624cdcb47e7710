package policy

import (
	"fmt"
	"strings"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy/plain"
)

// ExplainOptions are what is known of the world beyond the policy. What is zero is not known, and left out.
type ExplainOptions struct {
	NAV        fixed.Wad            // net asset value
	Volatility fixed.Wad            // annual, of the assets against each other
	Prices     map[string]fixed.Wad // of display units
	Now        int64                // unix seconds; payments are listed from here on
}

// Explain says in plain words what a policy will do: sentences, in the order in which a round takes its steps. Its
// error is Problems when the file is not valid, or fixed.ErrOverflow when an option is out of range.
func Explain(f *File, opt ExplainOptions) ([]string, error) {
	p, err := f.compileAlone()
	if err != nil {
		return nil, err
	}
	e := &explainer{file: f, policy: p, opt: opt}
	e.wants()
	e.minima()
	e.when()
	e.pace()
	e.worst()
	e.stability()
	e.orders()
	e.payments()
	e.crash()
	e.floor()
	e.budget()
	e.cost()
	if err := e.calc.Err(); err != nil {
		return nil, fmt.Errorf("policy: explain: %w", err)
	}
	return e.text, nil
}

// explainer writes sentences.
type explainer struct {
	file   *File
	policy *cycle.Policy
	opt    ExplainOptions
	calc   fixed.Calc
	text   []string
}

func (e *explainer) say(format string, args ...any) {
	e.text = append(e.text, fmt.Sprintf(format, args...))
}

// fail keeps the first error.
func (e *explainer) fail(err error) {
	if err != nil {
		e.calc.Fail(err)
	}
}

// shares lists weights in the order of the file: 60 % BTC and 40 % USDC. Those of zero are left out.
func (e *explainer) shares(weight func(k int) fixed.Wad) string {
	var parts []string
	for i := range e.file.Assets {
		if w := weight(e.at(i)); !w.IsZero() {
			parts = append(parts, plain.Percent(w)+" "+e.file.Assets[i].Asset)
		}
	}
	return plain.List(parts)
}

// at is the place in the compiled policy of an asset of the file.
func (e *explainer) at(i int) int { return int(e.policy.Priority[i]) }

func (e *explainer) final(k int) fixed.Wad { return e.policy.Target.Weights[k] }

func (e *explainer) from(k int) fixed.Wad { return e.policy.Target.From[k] }

// wants says what is held.
func (e *explainer) wants() {
	t := &e.file.Target
	switch t.kind() {
	case "constant-mix":
		e.say("It wants %s of its net asset value.", e.shares(e.final))
		e.unwanted()
	case "glide":
		e.say("It moves in a straight line from %s on %s to %s on %s (%s), and stays there.", e.shares(e.from),
			plain.Date(t.Start.Unix), e.shares(e.final), plain.Date(t.End.Unix), plain.Span(t.End.Unix-t.Start.Unix))
		e.unwanted()
	case "buy-and-hold":
		e.say("It keeps what it holds: prices move the weights, and nothing is traded to undo that.")
		if e.rests() {
			e.say("So it never trades.")
		}
	default:
		e.cushion(t)
	}
}

// unwanted names the assets that are listed to be sold.
func (e *explainer) unwanted() {
	for i := range e.file.Assets {
		p := &e.file.Assets[i]
		if e.final(e.at(i)).IsZero() && p.MinBalance == nil {
			e.say("%s has no weight in the end: what there is of it is sold.", p.Asset)
		}
	}
}

func (e *explainer) cushion(t *Target) {
	s := &e.policy.Target
	if t.Kind == "tipp" {
		e.say("It protects a floor: %s of the highest value so far%s.", plain.Percent(s.Ratchet), e.startOfFloor())
	} else {
		e.say("It protects a floor of %s.", plain.Number(s.Floor))
	}
	if !s.FloorRate.IsZero() {
		e.say("The floor grows by %s a year.", plain.Percent(s.FloorRate))
	}
	e.say("It holds %s what lies above the floor in the risky mix (%s), at most %s of the value, and the rest in the "+
		"safe mix (%s).", plain.Times(s.Multiplier), e.shares(e.final), plain.Percent(s.MaxExposure), e.shares(e.from))
	if e.opt.NAV.Sign() <= 0 {
		return
	}
	floor := s.Floor
	if t.Kind == "tipp" {
		floor = floor.Max(e.calc.MulTrunc(s.Ratchet, e.opt.NAV))
	}
	above := e.calc.Sub(e.opt.NAV, floor).Max(fixed.Wad{})
	risky := e.calc.MulTrunc(s.Multiplier, above).Min(e.calc.MulTrunc(s.MaxExposure, e.opt.NAV))
	e.say("At a value of %s that is %s in the risky mix.", plain.Number(e.opt.NAV),
		plain.Percent(e.calc.DivTrunc(risky, e.opt.NAV)))
}

// startOfFloor tells the floor that a tipp begins with.
func (e *explainer) startOfFloor() string {
	if e.policy.Target.Floor.IsZero() {
		return ""
	}
	return ", and never less than " + plain.Number(e.policy.Target.Floor)
}

// minima says which balances and caps come before the weights.
func (e *explainer) minima() {
	kept := false
	for i := range e.file.Assets {
		p := &e.file.Assets[i]
		if p.MinBalance != nil {
			kept = true
			e.say("It never sells below %s %s, and buys what is missing of that before anything else.",
				plain.Number(p.MinBalance.Wad), p.Asset)
		}
		if p.MaxWeight != nil {
			e.say("It sells %s above %s of its value before anything else, and never buys beyond that.", p.Asset,
				plain.Percent(p.MaxWeight.Wad))
		}
	}
	if kept && len(e.file.Assets) > 2 {
		how := "in proportion to their weights"
		if e.file.Override == "priority" {
			how = "by priority: " + e.file.Assets[0].Asset + " keeps its weight longest"
		}
		e.say("When such a balance needs more than its target weight, the others make room %s.", how)
	}
}

// capital writes the first letter in upper case.
func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// period is how often a policy is looked at.
func (e *explainer) period() string { return plain.Every(e.policy.PeriodSeconds) }

// spanOf is the length of some intervals.
func (e *explainer) spanOf(intervals int64) string {
	return plain.Span(intervals * e.policy.PeriodSeconds)
}
