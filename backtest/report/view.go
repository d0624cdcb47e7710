package report

import (
	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// figure is one line of the tables of key figures.
type figure struct {
	Group string // a heading, on the first figure of a group
	Label string
	Unit  string
	Help  string
	of    func(t *backtest.Treasury) string
	bench func(t *backtest.Treasury, b *backtest.Benchmark) string // nil: the figure means nothing for a benchmark
}

// figures are the lines of the key figures, in order.
var figures = []figure{
	{
		Group: "Performance", Label: "Initial NAV", Unit: "USD", Help: "Net asset value after the first row.",
		of: func(t *backtest.Treasury) string { return money(t.Summary.InitialNAV) },
	},
	{
		Label: "Final NAV", Unit: "USD", Help: "Net asset value after the last row, costs paid.",
		of:    func(t *backtest.Treasury) string { return money(t.Summary.FinalNAV) },
		bench: func(_ *backtest.Treasury, b *backtest.Benchmark) string { return money(b.FinalNAV) },
	},
	{
		Label: "Total return", Unit: "%", Help: "Final over initial NAV, minus one.",
		of:    func(t *backtest.Treasury) string { return percent(t.Summary.TotalReturn) },
		bench: benchReturn,
	},
	{
		Label: "Volatility", Unit: "% a year", Help: "Standard deviation of the returns, per year.",
		of:    func(t *backtest.Treasury) string { return percent(t.Summary.Volatility) },
		bench: func(_ *backtest.Treasury, b *backtest.Benchmark) string { return percent(b.Volatility) },
	},
	{
		Label: "Tracking error", Unit: "% a year", Help: "Volatility of the return above the costless target mix.",
		of: func(t *backtest.Treasury) string { return percent(t.Summary.TrackingError) },
	},
	{
		Label: "Max drawdown", Unit: "%", Help: "Largest fall from a peak.",
		of:    func(t *backtest.Treasury) string { return percent(t.Summary.MaxDrawdown.Neg()) },
		bench: func(_ *backtest.Treasury, b *backtest.Benchmark) string { return percent(b.MaxDrawdown.Neg()) },
	},
	{
		Label: "Longest drawdown", Unit: "days", Help: "Longest time below an earlier peak.",
		of: func(t *backtest.Treasury) string { return days(t.Summary.DrawdownSeconds) },
	},
	{
		Label: "Sharpe ratio", Help: "Mean return over volatility, per year; the risk-free rate is taken as zero.",
		of: func(t *backtest.Treasury) string {
			return unless(t.Summary.Volatility.IsZero(), ratio(t.Summary.Sharpe))
		},
	},
	{
		Group: "Trading", Label: "Rebalances", Help: "Intervals in which something was bought or sold.",
		of: func(t *backtest.Treasury) string { return count(t.Summary.Rebalances) },
	},
	{
		Label: "Traded", Unit: "USD", Help: "Value bought and sold.",
		of: func(t *backtest.Treasury) string { return money(t.Summary.Traded) },
	},
	{
		Label: "Turnover", Unit: "x a year", Help: "Half the traded value over NAV, per year.",
		of: func(t *backtest.Treasury) string { return ratio(t.Summary.TurnoverYear) },
	},
	{
		Label: "Cost", Unit: "USD", Help: "Fees, and what was lost against the oracle price at the decision.",
		of: func(t *backtest.Treasury) string { return money(t.Summary.Cost) },
	},
	{
		Label: "Cost of NAV", Unit: "bp a year", Help: "Cost over average NAV, per year; one bp is 0.01 %.",
		of: func(t *backtest.Treasury) string { return basisPoints(t.Summary.CostYear) },
	},
	{
		Label: "Cost of trading", Unit: "bp", Help: "Cost over the value sold, against the mid at the decision.",
		of: func(t *backtest.Treasury) string { return basisPointsOf(t.Summary.Cost, t.Summary.Traded) },
	},
	{
		Label: "Fill ratio", Unit: "%", Help: "Value sold over value ordered to be sold.",
		of: func(t *backtest.Treasury) string { return unless(still(t), percent(t.Summary.FillRatio)) },
	},
	{
		Label: "Crossed inside", Unit: "%",
		Help: "Part of the sold value that met another treasury's order, without a spread.",
		of:   func(t *backtest.Treasury) string { return unless(still(t), percent(t.Summary.NettingRate)) },
	},
	{
		Label: "Price over mid", Unit: "bp", Help: "Realised price over the oracle mid at the fill, minus one.",
		of: func(t *backtest.Treasury) string { return unless(still(t), basisPoints(t.Summary.Improvement)) },
	},
	{
		Group: "Control", Label: "Mean drift", Unit: "%",
		Help: "Mean over time of half the sum of all gaps between weight and target.",
		of:   func(t *backtest.Treasury) string { return percent(t.Summary.MeanDrift) },
	},
	{
		Label: "Largest drift", Unit: "%", Help: "Largest of the same.",
		of: func(t *backtest.Treasury) string { return percent(t.Summary.MaxDrift) },
	},
	{
		Label: "Time in band", Unit: "%", Help: "Part of the time with every weight inside its band.",
		of: func(t *backtest.Treasury) string { return percent(t.Summary.TimeInBand) },
	},
	{
		Label: "Payments", Help: "Scheduled payments made, and those that fell short.",
		of: payments,
	},
}

// still reports a treasury that never traded: what is a ratio of trades means nothing then.
func still(t *backtest.Treasury) bool { return t.Summary.Traded.IsZero() }

func unless(empty bool, text string) string {
	if empty {
		return missing
	}
	return text
}

// basisPointsOf is cost over the value sold, which is half of what was traded.
func basisPointsOf(cost, traded fixed.Wad) string {
	if traded.Sign() <= 0 {
		return missing
	}
	return grouped(2e4*float(cost)/float(traded), 1)
}

func benchReturn(t *backtest.Treasury, b *backtest.Benchmark) string {
	if t.Summary.InitialNAV.Sign() <= 0 {
		return missing
	}
	return grouped(100*(float(b.FinalNAV)/float(t.Summary.InitialNAV)-1), 2)
}

func payments(t *backtest.Treasury) string {
	if t.Summary.PaymentsShort == 0 {
		return count(t.Summary.Payments)
	}
	return count(t.Summary.Payments) + " + " + count(t.Summary.PaymentsShort) + " short"
}

// row is a figure of several columns, as text.
type row struct {
	figure

	Values []string
}

// rows lists the figures of a treasury and its benchmarks.
func rows(t *backtest.Treasury) []row {
	out := make([]row, len(figures))
	for i, f := range figures {
		out[i] = row{figure: f, Values: []string{f.of(t)}}
		for k := range t.Benchmarks {
			text := "–"
			if f.bench != nil {
				text = f.bench(t, &t.Benchmarks[k])
			}
			out[i].Values = append(out[i].Values, text)
		}
	}
	return out
}

// compared lists the figures of all treasuries side by side.
func compared(all []backtest.Treasury) []row {
	out := make([]row, len(figures))
	for i, f := range figures {
		out[i].figure = f
		for k := range all {
			out[i].Values = append(out[i].Values, f.of(&all[k]))
		}
	}
	return out
}

// card is one of the figures that a page shows large.
type card struct {
	Label, Value, Unit, Note string
}

func cards(t *backtest.Treasury) []card {
	s := &t.Summary
	list := make([]card, 0, 5+len(t.Benchmarks))
	list = append(list, []card{
		{"Final NAV", money(s.FinalNAV), "USD", "from " + money(s.InitialNAV) + " USD"},
		{"Total return", percent(s.TotalReturn), "%", "max drawdown " + percent(s.MaxDrawdown.Neg()) + " %"},
		{"Cost", basisPoints(s.CostYear), "bp a year", money(s.Cost) + " USD in all"},
		{"Tracking error", percent(s.TrackingError), "% a year", "mean drift " + percent(s.MeanDrift) + " %"},
		{"Rebalances", count(s.Rebalances), "", "turnover " + ratio(s.TurnoverYear) + " x a year"},
	}...)
	for i := range t.Benchmarks {
		b := &t.Benchmarks[i]
		note := "it ended at " + money(b.FinalNAV) + " USD"
		list = append(list, card{"Against " + b.Name, against(s.FinalNAV, b.FinalNAV), "%", note})
	}
	return list
}

// against is the part by which a NAV is above another, in percent.
func against(nav, other fixed.Wad) string {
	if other.Sign() <= 0 {
		return missing
	}
	return grouped(100*(float(nav)/float(other)-1), 2)
}
