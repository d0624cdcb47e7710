package backtest_test

import (
	"testing"

	"github.com/ballast-finance/ballast/backtest/synth"
	"github.com/ballast-finance/ballast/engine/cost"
)

func BenchmarkJobB(b *testing.B) {
	table := recorded(b, "daily_majors.csv")
	f := parse(b, threshold)
	b.ReportAllocs()
	for b.Loop() {
		run(b, table, f, 10, cost.Post)
	}
}

func BenchmarkJobC(b *testing.B) {
	table, err := recorded(b, "hourly_majors8.csv").Last(43_800)
	if err != nil {
		b.Fatal(err)
	}
	f := parse(b, daily)
	b.ReportAllocs()
	for b.Loop() {
		run(b, table, f, 10, cost.Post)
	}
}

// BenchmarkIdealRows shows that the cost of a run grows in proportion to its rows.
func BenchmarkIdealRows(b *testing.B) {
	text := equal("1h", "{kind: threshold, threshold: 5%}", "GOV", "BTC", "ETH", "USDC")
	for _, rows := range []int{1000, 5000, 25_000} {
		table, err := synth.Sample().Last(rows)
		if err != nil {
			b.Fatal(err)
		}
		f := parse(b, text)
		b.Run(itoa(rows), func(b *testing.B) {
			for b.Loop() {
				run(b, table, f, 10, cost.Post)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows), "ns/row")
		})
	}
}
