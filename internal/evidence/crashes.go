package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

// crash is a data set that a treasury would rather not have lived through.
type crash struct {
	file, title string
	assets      string // of the policy, as YAML
	victim      string // the asset whose price the picture shows
}

var crashList = []crash{
	{
		"luna_crash_1h.csv", "LUNA and UST, May 2022",
		"[{asset: LUNA, weight: 30%}, {asset: UST, weight: 30%}, {asset: BTC, weight: 40%}]", "LUNA",
	},
	{
		"ftx_crash_1h.csv", "FTX, November 2022",
		"[{asset: FTT, weight: 30%}, {asset: SOL, weight: 20%}, {asset: BTC, weight: 50%}]", "FTT",
	},
	{
		"usdc_depeg_1h.csv", "USDC below its peg, March 2023",
		"[{asset: USDC, weight: 50%}, {asset: BTC, weight: 30%}, {asset: ETH, weight: 20%}]", "USDC",
	},
	{
		"mar2020_crash_1h.csv", "March 2020",
		"[{asset: BTC, weight: 50%}, {asset: ETH, weight: 30%}, {asset: LINK, weight: 20%}]", "BTC",
	},
}

// guards are the two ways in which the crashes are met.
var guards = []struct{ name, text string }{
	{"threshold, no bands", `
speed: {interval: 6h, close: 90%, within: 10}
trigger: {kind: threshold, threshold: 5%, inner: 2%}
limits: {max_sell: 5%, min_order: 100, max_slippage: 5%}
loss_budget: {cap: 1%, refill: 7d}
`},
	{"with bands", `
speed: {interval: 6h, close: 90%, within: 10}
bands: {estimator: static, inner: 10%, outer: 30%}
trigger: {kind: bands}
limits: {max_sell: 5%, min_order: 100, max_slippage: 5%}
loss_budget: {cap: 1%, refill: 7d}
`},
}

// crashesReport is the generated part of the guide on crashes; pictures go to a folder.
func crashesReport(data, pictures string) (string, error) {
	var b strings.Builder
	for _, c := range crashList {
		table, _, err := price.Load([]string{filepath.Join(data, c.file)}, price.Options{})
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "### %s\n\n`%s`, %s hourly rows, %s to %s. The policy holds %s.\n\n", c.title, c.file,
			grouped(int64(table.Len())), day(table.Times[0]), day(table.Times[table.Len()-1]), plain(c.assets))
		b.WriteString("| policy | value at the end, % of the start | largest drawdown, % | buy and hold, % | orders |" +
			" auction loss against the mid, bp of NAV | first stop |\n|---|---|---|---|---|---|---|\n")
		var runs []*backtest.Treasury
		for _, g := range guards {
			t, err := c.play(table, g.name, g.text)
			if err != nil {
				return "", fmt.Errorf("%s, %s: %w", c.file, g.name, err)
			}
			b.WriteString(row(t))
			runs = append(runs, t)
		}
		name := strings.TrimSuffix(c.file, ".csv") + ".svg"
		if err := c.draw(filepath.Join(pictures, name), table, runs); err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "\n![%s](img/%s)\n\n", c.title, name)
		for i, g := range guards {
			fmt.Fprintf(&b, "%s, what every decision came to: %s.\n\n", g.name, tally(runs[i]))
		}
	}
	return b.String(), nil
}

// play runs the crash with the checkers on: conservation, escrows and lots after every row.
func (c crash) play(table *price.Table, name, text string) (*backtest.Treasury, error) {
	f, err := policy.Parse([]byte("version: 1\nname: " + name + "\nassets: " + c.assets + text))
	if err != nil {
		return nil, err
	}
	settings := backtest.DefaultSettings()
	settings.Checking = true
	r, err := backtest.Run(context.Background(), backtest.Config{
		Table: table, Market: backtest.AuctionMarket, Settings: settings, Seed: 1,
		Treasuries: []backtest.Holder{{Name: name, Policy: f, Capital: fixed.FromInt(capital)}},
	})
	if err != nil {
		return nil, err
	}
	return &r.Treasuries[0], nil
}

func row(t *backtest.Treasury) string {
	s := &t.Summary
	hold := t.Benchmarks[1].FinalNAV.Float() / s.InitialNAV.Float()
	first := "none"
	for i := range t.Intervals {
		if in := &t.Intervals[i]; stops(in.Outcome) {
			first = fmt.Sprintf("%s, %s", time.Unix(in.Time, 0).UTC().Format("2006-01-02 15:04"), in.Reason)
			break
		}
	}
	years := float64(t.Series.Time[len(t.Series.Time)-1]-t.Series.Time[0]) / (365 * 86400)
	return fmt.Sprintf("| %s | %.1f | %.1f | %.1f | %d | %.1f | %s |\n", t.Name,
		100*s.FinalNAV.Float()/s.InitialNAV.Float(), 100*s.MaxDrawdown.Float(), 100*hold, s.Rebalances,
		s.SpreadYear.Float()*years*10_000, first)
}

func stops(outcome string) bool {
	return strings.HasPrefix(outcome, "halted") || strings.HasPrefix(outcome, "price")
}

// tally counts what the decisions came to.
func tally(t *backtest.Treasury) string {
	counts := map[string]int{}
	for i := range t.Intervals {
		counts[t.Intervals[i].Outcome]++
	}
	names := make([]string, 0, len(counts))
	for n := range counts {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	for i, n := range names {
		names[i] = fmt.Sprintf("%s %d", n, counts[n])
	}
	return strings.Join(names, ", ")
}

// plain turns the list of assets into words.
func plain(assets string) string {
	return strings.NewReplacer("[", "", "]", "", "{asset: ", "", ", weight:", "", "}", "").Replace(assets)
}

// draw makes the picture: the victim's price and the values of both policies and of holding on, all from 100.
func (c crash) draw(path string, table *price.Table, runs []*backtest.Treasury) error {
	column := 0
	for i, a := range table.Assets {
		if a == c.victim {
			column = i
		}
	}
	chart := picture{title: c.title, unit: "start = 100"}
	victim := curve{name: c.victim + " price"}
	for i := range table.Len() {
		victim.add(table.Times[i], table.Row(i)[column].Float())
	}
	chart.curves = append(chart.curves, victim)
	hold := curve{name: "buy and hold"}
	for i, t := range runs[0].Series.Time {
		hold.add(t, runs[0].Series.Bench[1][i].Float())
	}
	chart.curves = append(chart.curves, hold)
	for _, t := range runs {
		nav := curve{name: t.Name}
		for i, at := range t.Series.Time {
			nav.add(at, t.Series.NAV[i].Float())
		}
		chart.curves = append(chart.curves, nav)
	}
	last := runs[len(runs)-1]
	for i := range last.Intervals {
		if stops(last.Intervals[i].Outcome) {
			chart.stops = append(chart.stops, last.Intervals[i].Time)
		}
	}
	return chart.write(path)
}
