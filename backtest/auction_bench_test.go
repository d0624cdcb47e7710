package backtest_test

import (
	"testing"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/synth"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

const treasury = `version: 1
name: treasury
assets:
  - {asset: GOV, exponent: 6, weight: 40%}
  - {asset: ETH, exponent: 18, weight: 20%}
  - {asset: USDC, exponent: 6, weight: 40%, min_balance: 1000}
speed: {interval: 1d, close: 90%, within: 10}
trigger: {kind: threshold, threshold: 3%, inner: 1%}
limits: {max_sell: 5%, min_order: 50, max_slippage: 3%}
loss_budget: {cap: 1%, refill: 7d}
`

const index = `version: 1
name: index
assets:
  - {asset: GOV, exponent: 6, weight: 20%}
  - {asset: BTC, exponent: 8, weight: 40%}
  - {asset: USDC, exponent: 6, weight: 40%}
speed: {interval: 1d, close: 50%, within: 5}
bands: {}
trigger: {kind: bands}
`

// BenchmarkAuctionYear is a year of hourly rows with four treasuries and three makers.
func BenchmarkAuctionYear(b *testing.B) {
	tab, err := synth.Sample().Last(8760)
	if err != nil {
		b.Fatal(err)
	}
	var holders []backtest.Holder
	for i, text := range []string{treasury, index, treasury, index} {
		f, err := policy.Parse([]byte(text))
		if err != nil {
			b.Fatal(err)
		}
		capital := fixed.FromInt(int64(5_000_000 * (i + 1)))
		holders = append(holders, backtest.Holder{Name: f.Name, Policy: f, Capital: capital})
	}
	b.ReportAllocs()
	for b.Loop() {
		_, err := backtest.Run(b.Context(), backtest.Config{
			Table: tab, Market: backtest.AuctionMarket, Settings: backtest.DefaultSettings(), Treasuries: holders,
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
