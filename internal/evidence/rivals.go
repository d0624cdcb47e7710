package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
	"github.com/ballast-finance/ballast/sim"
)

// study is one data set with the mix that is held on it.
type study struct {
	file  string
	mix   []share
	label string
}

type share struct {
	asset   string
	percent string
}

var studies = []study{
	{"hourly_btc_eth.csv", []share{{"BTC", "60"}, {"ETH", "40"}}, "BTC 60, ETH 40"},
	{
		"hourly_treasury_usdc.csv",
		[]share{{"ATOM", "30"}, {"ETH", "20"}, {"BTC", "10"}, {"USDC", "40"}},
		"ATOM 30, ETH 20, BTC 10, USDC 40",
	},
	{"hourly_cosmos_ntrn.csv", []share{{"NTRN", "40"}, {"ATOM", "20"}, {"BTC", "40"}}, "NTRN 40, ATOM 20, BTC 40"},
	{
		"hourly_defi8.csv",
		[]share{{"ETH", "30"}, {"UNI", "20"}, {"AAVE", "20"}, {"MKR", "15"}, {"LINK", "15"}},
		"ETH 30, UNI 20, AAVE 20, MKR 15, LINK 15",
	},
	{
		"hourly_majors8.csv",
		[]share{{"BTC", "40"}, {"ETH", "30"}, {"BNB", "15"}, {"XRP", "15"}},
		"BTC 40, ETH 30, BNB 15, XRP 15",
	},
}

// rival is one way of keeping the mix.
type rival struct {
	name   string
	policy string // what follows the list of assets
	tune   func(*backtest.Settings)
}

var rivals = []rival{
	{"Ballast, default policy", `
speed: {interval: 1d, close: 90%, within: 10}
trigger: {kind: threshold, threshold: 5%, inner: 2%}
limits: {max_sell: 5%, min_order: 100, max_slippage: 5%}
loss_budget: {cap: 1%, refill: 7d}
`, nil},
	{"buy and hold", `
target: {kind: buy-and-hold}
speed: {interval: 1d, close: 100%, within: 1}
`, nil},
	{"periodic, monthly", `
speed: {interval: 1d, close: 100%, within: 1}
trigger: {kind: periodic, every: month}
`, nil},
	{"plain threshold, 5 %", `
speed: {interval: 1d, close: 100%, within: 1}
trigger: {kind: threshold, threshold: 5%}
`, nil},
	{"Ballast, at the speed of the next line", `
speed: {interval: 1d, gains: {kp: 0.5}}
limits: {max_slippage: 5%}
`, nil},
	{"Valence-like", `
speed: {interval: 1d, gains: {kp: 0.5, ki: 0.005, kd: 0.01, overshoot: true}}
crossing: false
`, func(s *backtest.Settings) {
		s.Mechanism, s.Linear = sim.FirstCome, true
		s.BaseWidth, s.WidthFactor, s.WidthCap = fixed.FromBps(2000), fixed.Wad{}, fixed.FromBps(2000)
		s.WindowSeconds = 80_000 // nearly the day that its auctions last, so that one ends before the next begins
	}},
}

// capital is what every treasury begins with.
const capital = 10_000_000

// outcome is what a rival did on a data set, with the intervals of the block bootstrap.
type outcome struct {
	rival    string
	tracking interval
	cost     interval // against the price of the decision, bp a year
	spread   float64  // of it against the mid of the fill, bp a year
	turnover float64
	drawdown float64
	final    float64
}

// rivalsReport is the generated part of the evidence.
func rivalsReport(data string) (string, error) {
	var b strings.Builder
	for _, s := range studies {
		table, _, err := price.Load([]string{filepath.Join(data, s.file)}, price.Options{})
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "### %s\n\n%s, %s rows, %s to %s.\n\n", s.file, s.label,
			grouped(int64(table.Len())), day(table.Times[0]), day(table.Times[table.Len()-1]))
		b.WriteString("| policy | tracking error, % a year | cost, bp a year | of it against the mid, bp a year |" +
			" turnover, % a year | largest drawdown, % | final value, million |\n|---|---|---|---|---|---|---|\n")
		var mix []fixed.Wad // the costless mix, that of the first rival: what all of them are compared with
		for _, r := range rivals {
			result, err := s.play(table, r)
			if err != nil {
				return "", fmt.Errorf("%s, %s: %w", s.file, r.name, err)
			}
			if mix == nil {
				mix = result.Treasuries[0].Series.Bench[0]
			}
			o := measure(r.name, result, mix)
			fmt.Fprintf(&b, "| %s | %s | %s | %.1f | %.0f | %.1f | %.2f |\n", o.rival,
				o.tracking.text(100, 2), o.cost.text(10_000, 0), o.spread*10_000, o.turnover*100, o.drawdown*100, o.final/1e6)
		}
		b.WriteString("\n")
	}
	return b.String(), nil
}

// play runs one rival on one data set.
func (s study) play(table *price.Table, r rival) (*backtest.Result, error) {
	var text strings.Builder
	fmt.Fprintf(&text, "version: 1\nname: %q\nassets:\n", r.name)
	names := make([]string, len(s.mix))
	for i, m := range s.mix {
		fmt.Fprintf(&text, "  - {asset: %s, weight: %s%%}\n", m.asset, m.percent)
		names[i] = m.asset
	}
	text.WriteString(r.policy)
	f, err := policy.Parse([]byte(text.String()))
	if err != nil {
		return nil, err
	}
	columns, err := table.Select(names)
	if err != nil {
		return nil, err
	}
	settings := backtest.DefaultSettings()
	if r.tune != nil {
		r.tune(&settings)
	}
	return backtest.Run(context.Background(), backtest.Config{
		Table: columns, Market: backtest.AuctionMarket, Settings: settings, Seed: 1,
		Treasuries: []backtest.Holder{{Name: r.name, Policy: f, Capital: fixed.FromInt(capital)}},
	})
}

// measure reads the figures of a result off its curves and its summary.
func measure(name string, r *backtest.Result, mix []fixed.Wad) outcome {
	t := &r.Treasuries[0]
	years := float64(r.To-r.From) / (365 * 86400)
	perYear := float64(len(t.Series.Time)-1) / years
	gaps, costs := steps(&t.Series, mix)
	o := outcome{
		rival:    name,
		tracking: bootstrap(gaps, func(x []float64) float64 { return deviation(x) * root(perYear) }),
		cost:     bootstrap(costs, func(x []float64) float64 { return mean(x) * perYear }),
		spread:   t.Summary.SpreadYear.Float(), turnover: t.Summary.TurnoverYear.Float(),
		drawdown: t.Summary.MaxDrawdown.Float(), final: t.Summary.FinalNAV.Float(),
	}
	return o
}

// steps are, for every step of the curves, the return less that of the costless mix, and the cost in parts of the
// value.
func steps(s *backtest.Series, mix []fixed.Wad) (gaps, costs []float64) {
	for i := 1; i < len(s.NAV); i++ {
		nav, before := s.NAV[i].Float(), s.NAV[i-1].Float()
		gaps = append(gaps, nav/before-mix[i].Float()/mix[i-1].Float())
		costs = append(costs, (s.Cost[i].Float()-s.Cost[i-1].Float())/before)
	}
	return slices.Clip(gaps), slices.Clip(costs)
}
