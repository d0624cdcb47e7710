package policy

import (
	"errors"

	"github.com/ballast-finance/ballast/engine/trigger"
	"github.com/ballast-finance/ballast/policy/form"
)

// Words that a policy file may use. The first of each list is the default.
var (
	targetKinds  = []string{"constant-mix", "glide", "buy-and-hold", "cppi", "tipp"}
	triggerKinds = []string{"always", "periodic", "threshold", "relative", "aggregate", "hybrid", "bands"}
	estimators   = []string{"increments", "levels", "robust", "no-trade", "static"}
	overrides    = []string{"proportional", "priority"}
	splits       = []string{"proportional", "fewest", "cheapest"}
	shortRules   = []string{"wait", "partial"}
	volExponents = []string{"1/3", "-1", "0", "1/2", "1"}
)

// vocabulary are the lists by the names that the tags of File use.
func vocabulary() form.Words {
	return form.Words{
		"target": targetKinds, "trigger": triggerKinds, "estimator": estimators, "override": overrides, "split": splits,
		"short": shortRules, "exponent": volExponents,
	}
}

// choose translates a word; the empty one is the first.
func choose[T any](word string, words []string, values []T) T {
	for i, w := range words {
		if w == word {
			return values[i]
		}
	}
	return values[0]
}

// kind is the kind with its default.
func (t *Target) kind() string { return choose(t.Kind, targetKinds, targetKinds) }

// kind is the kind with its default.
func (t *Trigger) kind() string { return choose(t.Kind, triggerKinds, triggerKinds) }

// estimator is the estimator with its default.
func (b *Bands) estimator() string { return choose(b.Estimator, estimators, estimators) }

// Period is how often something happens: day, week, month, quarter, year, or a span such as 12h.
type Period string

var errPeriod = errors.New("expected day, week, month, quarter, year or a span such as 12h")

// UnmarshalText reads a period.
func (p *Period) UnmarshalText(text []byte) error {
	if Period(text).interval() == (interval{}) {
		return errPeriod
	}
	*p = Period(text)
	return nil
}

// interval is a period in seconds, or in months of the calendar. The zero value is none.
type interval struct {
	seconds, months int64
	weekly          bool // from Monday to Monday
}

const daySeconds = 86_400

// interval is what the text of a period means; nothing where it is not a period.
func (p Period) interval() interval {
	switch p {
	case "day":
		return interval{seconds: daySeconds}
	case "week":
		return interval{seconds: 7 * daySeconds, weekly: true}
	case "month":
		return interval{months: 1}
	case "quarter":
		return interval{months: 3}
	case "year":
		return interval{months: 12}
	}
	s, err := form.ParseSpan(string(p))
	if err != nil {
		return interval{}
	}
	return interval{seconds: s.Seconds}
}

// slots are the interval as the trigger counts it.
func (i interval) slots() trigger.Period {
	switch {
	case i.months > 0:
		return trigger.Period{Months: i.months}
	case i.weekly:
		return trigger.Weekly()
	}
	return trigger.Every(i.seconds, 0)
}
