package report_test

import (
	"math"
	"testing"

	"github.com/ballast-finance/ballast/backtest/report"
)

func TestGrouped(t *testing.T) {
	t.Parallel()
	tests := []struct {
		x        float64
		decimals int
		want     string
	}{
		{0, 0, "0"},
		{999, 0, "999"},
		{1000, 0, "1,000"},
		{1234567.891, 2, "1,234,567.89"},
		{-1234567.5, 0, "-1,234,568"},
		{-0.004, 2, "0.00"},
		{-0.006, 2, "-0.01"},
		{math.Copysign(0, -1), 1, "0.0"},
		{0.5, 6, "0.500000"},
		{1e21, 0, "1,000,000,000,000,000,000,000"},
		{math.NaN(), 2, "n/a"},
		{math.Inf(-1), 2, "n/a"},
	}
	for _, test := range tests {
		if got := report.Grouped(test.x, test.decimals); got != test.want {
			t.Errorf("%v to %d places: %q, want %q", test.x, test.decimals, got, test.want)
		}
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int64]string{
		0: "n/a", -5: "n/a", 45: "45 s", 90: "90 s", 900: "15 min", 3600: "1 h", 14400: "4 h", 86400: "1 d",
		7 * 86400: "7 d",
	} {
		if got := report.Duration(seconds); got != want {
			t.Errorf("%d s: %q, want %q", seconds, got, want)
		}
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Größe €": "Größe €", "\x1b[31mred\a": "?[31mred?", "a\nb\tc": "a?b?c", "\xff": "?", "\u202etxt": "?txt",
	} {
		if got := report.Printable(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
