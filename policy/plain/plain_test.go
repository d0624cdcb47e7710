package plain_test

import (
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/policy/plain"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ in, number, percent, points, gain string }{
		{"0", "0", "0 %", "0 percentage points", "0"},
		{"1", "1", "100 %", "100 percentage points", "1"},
		{"0.01", "0.01", "1 %", "1 percentage point", "0.01"},
		{"0.02", "0.02", "2 %", "2 percentage points", "0.02"},
		{"1000000", "1,000,000", "100,000,000 %", "100,000,000 percentage points", "1,000,000"},
		{"-1234567.891", "-1,234,567.89", "-123,456,789.1 %", "-123,456,789.1 percentage points", "-1,234,567.891"},
		{"0.205671765275718497", "0.21", "20.57 %", "20.57 percentage points", "0.2057"},
		{"0.333333333333333333", "0.33", "33.33 %", "33.33 percentage points", "0.3333"},
		{"0.999999", "1", "100 %", "100 percentage points", "1"},
		{"0.005", "0.01", "0.5 %", "0.5 percentage points", "0.005"},
		{"0.0012345", "0.0012", "0.12 %", "0.12 percentage points", "0.0012"},
		{"0.000012345", "0.000012", "0.0012 %", "0.0012 percentage points", "0.000012"},
		{
			"0.000000000000000001", "0.000000000000000001", "0.0000000000000001 %", "0.0000000000000001 percentage points",
			"0.000000000000000001",
		},
		{
			"-0.000000000000000001", "-0.000000000000000001", "-0.0000000000000001 %",
			"-0.0000000000000001 percentage points", "-0.000000000000000001",
		},
	} {
		w := enginetest.W(t, test.in)
		if got := plain.Number(w); got != test.number {
			t.Errorf("number of %s: got %s, want %s", test.in, got, test.number)
		}
		if got := plain.Percent(w); got != test.percent {
			t.Errorf("percent of %s: got %s, want %s", test.in, got, test.percent)
		}
		if got := plain.Points(w); got != test.points {
			t.Errorf("points of %s: got %s, want %s", test.in, got, test.points)
		}
		if got := plain.Gain(w); got != test.gain {
			t.Errorf("gain of %s: got %s, want %s", test.in, got, test.gain)
		}
	}
	if got := plain.Times(enginetest.W(t, "1.26")); got != "1.3 times" {
		t.Error(got)
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		seconds     int64
		span, every string
	}{
		{0, "0 seconds", "every 0 seconds"},
		{1, "1 second", "every second"},
		{90, "90 seconds", "every 90 seconds"},
		{60, "1 minute", "every minute"},
		{5400, "90 minutes", "every 90 minutes"},
		{3600, "1 hour", "every hour"},
		{21600, "6 hours", "every 6 hours"},
		{86400, "1 day", "every day"},
		{604800, "7 days", "every week"},
		{1209600, "14 days", "every 2 weeks"},
		{86400 * 1000, "1,000 days", "every 1,000 days"},
	} {
		if got := plain.Span(test.seconds); got != test.span {
			t.Errorf("got %s, want %s", got, test.span)
		}
		if got := plain.Every(test.seconds); got != test.every {
			t.Errorf("got %s, want %s", got, test.every)
		}
	}
	for seconds, want := range map[int64]string{
		0: "0 seconds", 59: "59 seconds", 119: "119 seconds", 150: "2.5 minutes", 3600: "1 hour", 5400: "90 minutes",
		86400: "1 day", 100 * 3600: "4.2 days", 30 * 3600: "30 hours", 90000 + 900: "25.3 hours", 10 * 86400: "10 days",
		(1 << 40) * 86400: "1,099,511,627,776 days",
	} {
		if got := plain.About(seconds); got != want {
			t.Errorf("%d: got %s, want %s", seconds, got, want)
		}
	}
	for unix, want := range map[int64]string{
		0: "1 January 1970", 1_767_225_600: "1 January 2026", 1_767_225_600 + 45_240: "1 January 2026 12:34 UTC",
	} {
		if got := plain.Date(unix); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		words        []string
		list, either string
	}{
		{nil, "", ""},
		{[]string{"a"}, "a", "a"},
		{[]string{"a", "b"}, "a and b", "a or b"},
		{[]string{"a", "b", "c"}, "a, b and c", "a, b or c"},
	} {
		if got := plain.List(test.words); got != test.list {
			t.Errorf("got %s, want %s", got, test.list)
		}
		if got := plain.Either(test.words); got != test.either {
			t.Errorf("got %s, want %s", got, test.either)
		}
	}
}
