package backtest_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

const jobA = `version: 1
name: job A
assets:
  - {asset: BTC, weight: 25%}
  - {asset: ETH, weight: 25%}
  - {asset: ATOM, weight: 25%}
  - {asset: LINK, weight: 25%}
speed: {interval: 1d, close: 100%, within: 1}
`

func TestJobs(t *testing.T) {
	tab, _, err := price.Load([]string{"../../shared/data/daily_majors.csv"}, price.Options{})
	if err != nil {
		t.Skip(err)
	}
	hourly, _, err := price.Load([]string{"../../shared/data/hourly_majors8.csv"}, price.Options{})
	if err != nil {
		t.Fatal(err)
	}
	hourly, _ = hourly.Last(43800)
	polC := `version: 1
name: job C
assets:
`
	for _, a := range []string{"BTC", "ETH", "BNB", "ADA", "XRP", "LTC", "LINK", "ATOM"} {
		polC += "  - {asset: " + a + ", weight: 12.5%}\n"
	}
	polC += "speed: {interval: 1h, close: 100%, within: 1}\ntrigger: {kind: periodic, every: day}\n"
	for _, j := range []struct {
		name, text string
		bps        int64
		conv       cost.Convention
		tab        *price.Table
	}{
		{"A0", jobA + "trigger: {kind: periodic, every: month}\n", 0, cost.Post, tab},
		{"A10", jobA + "trigger: {kind: periodic, every: month}\n", 10, cost.Post, tab},
		{"A10leg", jobA + "trigger: {kind: periodic, every: month}\n", 10, cost.Leg, tab},
		{"A10seq", jobA + "trigger: {kind: periodic, every: month}\n", 10, cost.Seq, tab},
		{"B0", jobA + "trigger: {kind: threshold, threshold: 5%}\n", 0, cost.Post, tab},
		{"B10", jobA + "trigger: {kind: threshold, threshold: 5%}\n", 10, cost.Post, tab},
		{"B10leg", jobA + "trigger: {kind: threshold, threshold: 5%}\n", 10, cost.Leg, tab},
		{"B10seq", jobA + "trigger: {kind: threshold, threshold: 5%}\n", 10, cost.Seq, tab},
		{"C0", polC, 0, cost.Post, hourly},
		{"C10", polC, 10, cost.Post, hourly},
	} {
		f, err := policy.Parse([]byte(j.text))
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		r, err := backtest.Run(backtest.Config{
			Table: j.tab, Market: backtest.IdealMarket, Fee: fixed.FromBps(j.bps), Convention: j.conv, Brief: true,
			Treasuries: []backtest.Holder{{Name: j.name, Policy: f, Capital: fixed.FromInt(1_000_000)}},
		})
		if err != nil {
			t.Fatal(err)
		}
		s := r.Treasuries[0].Summary
		fmt.Fprintf(os.Stderr, "%-7s %8v nav %.10g reb %d turn %.10g traded %.10g dd %.10g vol %.10g te %.10g\n", j.name, time.Since(start),
			s.FinalNAV.Float(), s.Rebalances, s.Turnover.Float(), s.Traded.Float(), s.MaxDrawdown.Float(), s.Volatility.Float(), s.TrackingError.Float())
	}
}
