package price

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ballast-finance/ballast/engine/fixed"
)

const (
	// yearSeconds is the year of a market that never closes, 365 days: 8,760 hours.
	yearSeconds = 365 * 86_400
	// calendarSeconds is the mean length of a year, with which rows of a market that closes are counted.
	calendarSeconds = 31_557_600
)

// Table is a history of closes. Its times grow strictly and its prices are positive.
type Table struct {
	Source    string      // where the prices come from: file names, or "synthetic (seed 1)"
	Synthetic bool        // the prices are drawn, not recorded: say so wherever they show
	Assets    []string    // in the order of the columns
	Times     []int64     // seconds of UTC since 1970, the instant at which the row is known
	Prices    []fixed.Wad // per display unit; row after row, len(Assets) to a row
}

// Len is the number of rows.
func (t *Table) Len() int { return len(t.Times) }

// Row returns the prices of row i, parallel to Assets. It shares the table's memory.
func (t *Table) Row(i int) []fixed.Wad {
	n := len(t.Assets)
	return t.Prices[i*n : (i+1)*n : (i+1)*n]
}

// Select returns the table with the named columns in the given order, or ErrAsset that lists what is missing and what
// there is. It shares the times.
func (t *Table) Select(assets []string) (*Table, error) {
	columns := make([]int, len(assets))
	var missing []string
	for k, name := range assets {
		columns[k] = slices.Index(t.Assets, name)
		if columns[k] < 0 {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 || len(assets) == 0 {
		return nil, fmt.Errorf("%w: no column %s in %s: expected some of %s",
			ErrAsset, strings.Join(missing, ", "), t.Source, strings.Join(t.Assets, ", "))
	}
	selected := *t
	selected.Assets = slices.Clone(assets)
	selected.Prices = make([]fixed.Wad, 0, len(assets)*t.Len())
	for i := range t.Len() {
		row := t.Row(i)
		for _, column := range columns {
			selected.Prices = append(selected.Prices, row[column])
		}
	}
	return &selected, nil
}

// Slice returns the rows with from <= time <= to, or ErrRows when fewer than two are left. It shares the table's
// memory.
func (t *Table) Slice(from, to int64) (*Table, error) {
	start, _ := slices.BinarySearch(t.Times, from)
	end, found := slices.BinarySearch(t.Times, to)
	if found {
		end++
	}
	if end-start < minRows {
		return nil, fmt.Errorf("%w: %d of %s between %s and %s: it has %s",
			ErrRows, max(0, end-start), t.Source, instant(from), instant(to), t.span())
	}
	return t.rows(start, end), nil
}

// Last returns the last n rows, or ErrRows when n is below two or the table is shorter. It shares the table's memory.
func (t *Table) Last(n int) (*Table, error) {
	if n < minRows || n > t.Len() {
		return nil, fmt.Errorf("%w: asked for the last %d of %s: it has %s", ErrRows, n, t.Source, t.span())
	}
	return t.rows(t.Len()-n, t.Len()), nil
}

func (t *Table) rows(start, end int) *Table {
	n := len(t.Assets)
	part := *t
	part.Times = t.Times[start:end:end]
	part.Prices = t.Prices[start*n : end*n : end*n]
	return &part
}

// span describes the rows of the table: "53638 rows from ... to ...".
func (t *Table) span() string {
	if t.Len() == 0 {
		return "no rows"
	}
	return fmt.Sprintf("%d rows from %s to %s", t.Len(), instant(t.Times[0]), instant(t.Times[t.Len()-1]))
}

// StepSeconds is the median distance of two rows, the lower one of an even number; 0 with fewer than two rows.
func (t *Table) StepSeconds() int64 {
	if t.Len() < minRows {
		return 0
	}
	if step, found := t.usualStep(); found {
		return step
	}
	steps := make([]int64, t.Len()-1)
	for i := range steps {
		steps[i] = t.Times[i+1] - t.Times[i]
	}
	slices.Sort(steps)
	return steps[(len(steps)-1)/2]
}

// usualStep is the distance of more than half of the rows to the one before, if there is one: then it is the median. It
// is the candidate that a vote leaves over, when a count confirms it (Boyer and Moore, "MJRTY", 1981).
func (t *Table) usualStep() (step int64, found bool) {
	votes, count := 0, 0
	for i := 1; i < t.Len(); i++ {
		switch d := t.Times[i] - t.Times[i-1]; {
		case votes == 0:
			step, votes = d, 1
		case d == step:
			votes++
		default:
			votes--
		}
	}
	for i := 1; i < t.Len(); i++ {
		if t.Times[i]-t.Times[i-1] == step {
			count++
		}
	}
	return step, 2*count > t.Len()-1
}

// PeriodsPerYear is the number of rows of a year, to annualise with. A market that hardly ever closes has
// 365 days / step: 8,760 hourly rows, 365 daily ones. When more than a tenth of the steps is missing the rows are
// counted instead (about 252 for a stock exchange by the day). It is at least 1.
func (t *Table) PeriodsPerYear() int64 {
	step := t.StepSeconds()
	if step <= 0 {
		return 1
	}
	rows, length := int64(t.Len()-1), t.Times[t.Len()-1]-t.Times[0]
	if 10*rows*step >= 9*length {
		return max(1, (yearSeconds+step/2)/step)
	}
	return max(1, (rows*calendarSeconds+length/2)/length)
}

// Validate checks what every table of this package holds: as many prices as rows times assets, distinct names,
// growing times, positive prices. For tables that were made by hand.
func (t *Table) Validate() error {
	if len(t.Prices) != len(t.Times)*len(t.Assets) || len(t.Assets) == 0 {
		return fmt.Errorf("%w: expected %d prices for %d rows of %d assets, got %d",
			ErrRows, len(t.Times)*len(t.Assets), len(t.Times), len(t.Assets), len(t.Prices))
	}
	for j, name := range t.Assets {
		if slices.Contains(t.Assets[:j], name) {
			return fmt.Errorf("%w: %s is there twice", ErrAsset, name)
		}
	}
	for i := 1; i < t.Len(); i++ {
		if t.Times[i] <= t.Times[i-1] {
			return fmt.Errorf("%w: %s follows %s", ErrOrder, instant(t.Times[i]), instant(t.Times[i-1]))
		}
	}
	for k, p := range t.Prices {
		if p.Sign() <= 0 {
			return fmt.Errorf("%w: row %d, %s: expected a positive price, got %v",
				ErrPrice, k/len(t.Assets), t.Assets[k%len(t.Assets)], p)
		}
	}
	return nil
}

// instant prints a time as the files have it.
func instant(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(time.RFC3339) }

// spell prints a duration: "1h30m0s", "18 days 6h0m0s".
func spell(seconds int64) string {
	days, rest := seconds/daySeconds, time.Duration(seconds%daySeconds)*time.Second
	switch {
	case days < 2:
		return (time.Duration(seconds) * time.Second).String()
	case rest == 0:
		return plural(days, "day")
	}
	return plural(days, "day") + " " + rest.String()
}
