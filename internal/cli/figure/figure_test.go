package figure_test

import (
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/cli/figure"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	w := func(s string) fixed.Wad { return enginetest.W(t, s) }
	for _, test := range []struct{ name, got, want string }{
		{"thousands", figure.Decimal(w("1234567.891"), 2), "1,234,567.89"},
		{"half up", figure.Decimal(w("0.005"), 2), "0.01"},
		{"half away from zero", figure.Decimal(w("-0.005"), 2), "-0.01"},
		{"no negative zero", figure.Decimal(w("-0.001"), 2), "0.00"},
		{"no decimals", figure.Decimal(w("999.5"), 0), "1,000"},
		{"carry", figure.Decimal(w("0.999"), 2), "1.00"},
		{"largest", figure.Decimal(fixed.Max(), 2), fixed.Max().String()},
		{"percent", figure.Percent(w("0.12345"), 2), "12.35 %"},
		{"percent of the largest", figure.Percent(fixed.Max(), 2), fixed.Max().String()},
		{"bps", figure.Bps(w("0.00123"), 1), "12.3 bp"},
		{"bps of the largest", figure.Bps(fixed.Max(), 2), fixed.Max().String()},
		{"large amount", figure.Amount(w("1234.5678")), "1,234.57"},
		{"amount", figure.Amount(w("12.345678")), "12.3457"},
		{"small amount", figure.Amount(w("0.000123456789")), "0.000123457"},
		{"round amount", figure.Amount(w("12")), "12.00"},
		{"zero", figure.Amount(w("0")), "0.00"},
		{"signed", figure.Signed(w("5")), "+5.00"},
		{"signed below zero", figure.Signed(w("-5")), "-5.00"},
		{"signed zero", figure.Signed(w("0")), "0.00"},
		{"count", figure.Count(1234567), "1,234,567"},
		{"seconds", figure.Span(59), "59 s"},
		{"no time", figure.Span(0), "0 s"},
		{"hours", figure.Span(3660), "1 h 1 m"},
		{"days", figure.Span(86400), "1 d"},
		{"many days", figure.Span(100*86400 + 3600), "100 d"},
		{"stamp", figure.Stamp(0), "1970-01-01T00:00:00Z"},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, test.got, test.want)
		}
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	table := figure.Table{Left: 1}
	table.Row("asset", "kind", "value")
	table.Row("ÄTH", "a\x1b[31m", "1.00")
	table.Row("B")
	var b strings.Builder
	if _, err := table.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	const want = "  asset  kind    value\n  ÄTH    a?[31m   1.00\n  B\n"
	if b.String() != want {
		t.Errorf("got\n%q, want\n%q", b.String(), want)
	}
}
