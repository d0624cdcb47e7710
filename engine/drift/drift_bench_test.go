package drift_test

import (
	"testing"

	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// portfolio draws n values around a million and equal targets.
func portfolio(tb testing.TB, n int) (values, targets []fixed.Wad) {
	tb.Helper()
	var c fixed.Calc
	for i := range n {
		values = append(values, c.MulInt(enginetest.W(tb, "250123.456789012345678901"), int64(1+i%3)))
		targets = append(targets, c.DivIntTrunc(fixed.One(), int64(n)))
	}
	return values, targets
}

func BenchmarkMeasure4(b *testing.B)  { benchmarkMeasure(b, 4) }
func BenchmarkMeasure32(b *testing.B) { benchmarkMeasure(b, 32) }

func benchmarkMeasure(b *testing.B, n int) {
	b.Helper()
	values, targets := portfolio(b, n)
	var r drift.Report
	b.ReportAllocs()
	for b.Loop() {
		if err := drift.Measure(&r, values, targets); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkL2Norm4(b *testing.B) {
	values, targets := portfolio(b, 4)
	var r drift.Report
	if err := drift.Measure(&r, values, targets); err != nil {
		b.Fatal(err)
	}
	var c fixed.Calc
	b.ReportAllocs()
	for b.Loop() {
		_ = r.L2Norm(&c)
	}
}
