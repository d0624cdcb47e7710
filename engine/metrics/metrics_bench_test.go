package metrics_test

import (
	"testing"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/metrics"
)

// walk is a NAV around a million that is often below its peak.
func walk() []fixed.Wad {
	nav := make([]fixed.Wad, 1024)
	value, seed := int64(1_000_000_000_000), uint64(7)
	for i := range nav {
		seed = seed*6364136223846793005 + 1442695040888963407
		value += int64(seed>>34) - 1<<29
		var c fixed.Calc
		nav[i] = c.MulInt(fixed.FromRaw(1_000_000_000_000), value)
	}
	return nav
}

func BenchmarkPerformance(b *testing.B) {
	nav := walk()
	benchmark := fixed.FromRaw(1e14)
	b.ReportAllocs()
	var p metrics.Performance
	for i := 0; b.Loop(); i++ {
		if err := p.Observe(nav[i%len(nav)], benchmark); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFigures(b *testing.B) {
	var p metrics.Performance
	for _, nav := range walk() {
		if err := p.Observe(nav, fixed.Wad{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Figures(365, fixed.Wad{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExecutionFill(b *testing.B) {
	price := fixed.FromBps(99_700)
	f := metrics.Fill{Quantity: fixed.FromInt(400), Price: price, Mid: price, Fee: fixed.One()}
	b.ReportAllocs()
	var e metrics.Execution
	for b.Loop() {
		if err := e.Fill(price, f); err != nil {
			b.Fatal(err)
		}
	}
}
