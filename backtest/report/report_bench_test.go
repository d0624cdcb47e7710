package report_test

import (
	"io"
	"testing"

	"github.com/ballast-finance/ballast/backtest/report"
)

// BenchmarkHTML is the page of four treasuries over a year of hours.
func BenchmarkHTML(b *testing.B) {
	r := sample(3, 4, 8760)
	b.ReportAllocs()
	for b.Loop() {
		if err := report.HTML(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkJSON is the same result in full.
func BenchmarkJSON(b *testing.B) {
	r := sample(3, 4, 8760)
	b.ReportAllocs()
	for b.Loop() {
		if err := report.JSON(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCSV is its table of intervals.
func BenchmarkCSV(b *testing.B) {
	r := sample(3, 4, 8760)
	b.ReportAllocs()
	for b.Loop() {
		if err := report.CSV(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}
