package frontier_test

import (
	"os"
	"testing"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/frontier"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

// BenchmarkJobD sweeps a thousand thresholds over recorded prices.
func BenchmarkJobD(b *testing.B) {
	const path = "../../../shared/data/daily_majors.csv"
	if _, err := os.Stat(path); err != nil {
		b.Skipf("NOTICE: %s is not here, nothing was measured", path)
	}
	table, _, err := price.Load([]string{path}, price.Options{})
	if err != nil {
		b.Fatal(err)
	}
	text := `version: 1
name: equal weights
assets:
  - {asset: BTC, weight: 25%}
  - {asset: ETH, weight: 25%}
  - {asset: ATOM, weight: 25%}
  - {asset: LINK, weight: 25%}
speed: {interval: 1d, close: 100%, within: 1}
trigger: {kind: threshold, threshold: 5%}
`
	file, err := policy.Parse([]byte(text))
	if err != nil {
		b.Fatal(err)
	}
	parameter, err := frontier.ParseParameter("trigger.threshold=0.05%..50%/1000")
	if err != nil {
		b.Fatal(err)
	}
	cfg := frontier.Config{
		Parameters: []frontier.Parameter{parameter},
		Run: backtest.Config{
			Table: table, Fee: fixed.FromBps(10),
			Treasuries: []backtest.Holder{{Name: "job", Policy: file, Text: text, Capital: fixed.FromInt(1_000_000)}},
		},
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := frontier.Run(b.Context(), cfg); err != nil {
			b.Fatal(err)
		}
	}
}
