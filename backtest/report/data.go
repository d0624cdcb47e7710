package report

import (
	"math"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// resultData is what the scripts of a page read: columns, with words replaced by their place in a list.
type resultData struct {
	Kind       string         `json:"kind"`
	Synthetic  bool           `json:"synthetic"`
	Step       int64          `json:"step"`
	Treasuries []treasuryData `json:"treasuries"`
	Lots       *lotData       `json:"lots,omitempty"`
}

type treasuryData struct {
	Name       string       `json:"name"`
	Assets     []string     `json:"assets"`
	Benchmarks []string     `json:"benchmarks"`
	Series     seriesData   `json:"series"`
	Intervals  intervalData `json:"intervals"`
}

type seriesData struct {
	Time    column   `json:"time"`
	NAV     column   `json:"nav"`
	Bench   []column `json:"bench"`
	Weights []column `json:"weights"`
	Targets []column `json:"targets"`
	Lower   []column `json:"lower,omitempty"`
	Upper   []column `json:"upper,omitempty"`
	Drift   column   `json:"drift"`
	Cost    column   `json:"cost"`
}

type intervalData struct {
	Words   []string `json:"words"` // of outcomes and reasons
	Time    column   `json:"time"`
	Outcome column   `json:"outcome"` // place in words
	Reason  column   `json:"reason"`  // place in words
	NAV     column   `json:"nav"`
	Drift   column   `json:"drift"`
	Weights []column `json:"weights"`
	Targets []column `json:"targets"`
	Orders  []column `json:"orders"`
	Filled  []column `json:"filled"`
	Crossed column   `json:"crossed"`
	Sold    column   `json:"sold"`
	Fill    column   `json:"fill"`
	Cost    column   `json:"cost"`
}

func newResultData(r *backtest.Result) resultData {
	data := resultData{Kind: "result", Synthetic: r.Synthetic, Step: r.StepSeconds, Lots: newLotData(r.Auctions)}
	data.Treasuries = make([]treasuryData, len(r.Treasuries))
	for i := range r.Treasuries {
		t := &r.Treasuries[i]
		d := treasuryData{Name: t.Name, Assets: t.Assets, Benchmarks: make([]string, len(t.Benchmarks))}
		for k := range t.Benchmarks {
			d.Benchmarks[k] = t.Benchmarks[k].Name
		}
		d.Series = newSeriesData(&t.Series)
		d.Intervals = newIntervalData(t.Intervals, len(t.Assets))
		data.Treasuries[i] = d
	}
	return data
}

func newSeriesData(s *backtest.Series) seriesData {
	return seriesData{
		Time:    wholes(len(s.Time), func(i int) int64 { return s.Time[i] }),
		NAV:     curve(s.NAV, navDigits),
		Bench:   curves(s.Bench, navDigits),
		Weights: curves(s.Weights, usualDigits),
		Targets: curves(s.Targets, usualDigits),
		Lower:   curves(s.Lower, usualDigits),
		Upper:   curves(s.Upper, usualDigits),
		Drift:   curve(s.Drift, usualDigits),
		Cost:    curve(s.Cost, navDigits),
	}
}

func newIntervalData(rows []backtest.Interval, assets int) intervalData {
	words := dictionary{place: make(map[string]int64)}
	value := func(digits int, of func(*backtest.Interval) fixed.Wad) column {
		c := column{values: make([]float64, len(rows)), digits: digits}
		for i := range rows {
			c.values[i] = float(of(&rows[i]))
		}
		return c
	}
	d := intervalData{
		Time:    wholes(len(rows), func(i int) int64 { return rows[i].Time }),
		Outcome: wholes(len(rows), func(i int) int64 { return words.of(rows[i].Outcome) }),
		Reason:  wholes(len(rows), func(i int) int64 { return words.of(rows[i].Reason) }),
		NAV:     value(navDigits, func(v *backtest.Interval) fixed.Wad { return v.NAV }),
		Drift:   value(usualDigits, func(v *backtest.Interval) fixed.Wad { return v.Drift }),
		Crossed: value(usualDigits, func(v *backtest.Interval) fixed.Wad { return v.Crossed }),
		Sold:    value(usualDigits, func(v *backtest.Interval) fixed.Wad { return v.Sold }),
		Fill:    value(usualDigits, func(v *backtest.Interval) fixed.Wad { return v.Fill }),
		Cost:    value(usualDigits, func(v *backtest.Interval) fixed.Wad { return v.Cost }),
	}
	parts := func(of func(*backtest.Interval) []fixed.Wad) []column {
		list := make([]column, assets)
		for k := range list {
			list[k] = part(rows, k, of)
		}
		return list
	}
	d.Weights = parts(func(v *backtest.Interval) []fixed.Wad { return v.Weights })
	d.Targets = parts(func(v *backtest.Interval) []fixed.Wad { return v.Targets })
	d.Orders = parts(func(v *backtest.Interval) []fixed.Wad { return v.Orders })
	d.Filled = parts(func(v *backtest.Interval) []fixed.Wad { return v.Filled })
	d.Words = words.words
	return d
}

// dictionary numbers words in the order of their first use.
type dictionary struct {
	words []string
	place map[string]int64
}

func (d *dictionary) of(word string) int64 {
	at, ok := d.place[word]
	if !ok {
		at = int64(len(d.words))
		d.words, d.place[word] = append(d.words, word), at
	}
	return at
}

// part is one asset's column of a table whose rows may lack it.
func part(rows []backtest.Interval, k int, of func(*backtest.Interval) []fixed.Wad) column {
	c := column{values: make([]float64, len(rows)), digits: usualDigits}
	for i := range rows {
		c.values[i] = math.NaN()
		if values := of(&rows[i]); k < len(values) {
			c.values[i] = float(values[k])
		}
	}
	return c
}

func curve(values []fixed.Wad, digits int) column {
	c := column{values: make([]float64, len(values)), digits: digits}
	for i, w := range values {
		c.values[i] = float(w)
	}
	return c
}

func curves(values [][]fixed.Wad, digits int) []column {
	out := make([]column, len(values))
	for i := range values {
		out[i] = curve(values[i], digits)
	}
	return out
}

// wholes is a column of integers.
func wholes(n int, of func(int) int64) column {
	c := column{values: make([]float64, n)}
	for i := range n {
		c.values[i] = float64(of(i))
	}
	return c
}
