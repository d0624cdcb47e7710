package backtest_test

import (
	"testing"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

func BenchmarkJobB(b *testing.B) {
	tab, _, err := price.Load([]string{"../../shared/data/daily_majors.csv"}, price.Options{})
	if err != nil {
		b.Skip(err)
	}
	f, err := policy.Parse([]byte(jobA + "trigger: {kind: threshold, threshold: 5%}\n"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_, err := backtest.Run(backtest.Config{
			Table: tab, Market: backtest.IdealMarket, Fee: fixed.FromBps(10), Brief: true,
			Treasuries: []backtest.Holder{{Name: "B", Policy: f, Capital: fixed.FromInt(1_000_000)}},
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
