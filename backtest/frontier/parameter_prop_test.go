package frontier_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/backtest/frontier"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// TestRange holds ranges to their ends and their order, whatever the numbers.
func TestRange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lo := fixed.FromRawUint(rapid.Uint64Range(1, 1<<62).Draw(t, "lo"))
		hi := fixed.FromRawUint(rapid.Uint64Range(1, 1<<62).Draw(t, "hi"))
		n := rapid.IntRange(2, 60).Draw(t, "n")
		text := fmt.Sprintf("x=%s..%s/%d%s", lo, hi, n, rapid.SampledFrom([]string{"", ",log"}).Draw(t, "log"))
		p, err := frontier.ParseParameter(text)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Values) > n || p.Values[0] != lo.String() || p.Values[len(p.Values)-1] != hi.String() {
			t.Fatalf("%s: got %v", text, p.Values)
		}
		for i := 1; i < len(p.Values); i++ {
			a, b := parse(t, p.Values[i-1]), parse(t, p.Values[i])
			if inner := i > 1 && i < len(p.Values)-1; inner && a.Less(b) != lo.Less(hi) {
				t.Fatalf("%s: %s stands before %s", text, a, b)
			}
		}
	})
}

func parse(t *rapid.T, text string) fixed.Wad {
	t.Helper()
	w, err := fixed.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func FuzzParameter(f *testing.F) {
	for _, seed := range []string{
		"a=1..2/3", "a=1%..2%/3,log", "a=1h..2d/5", "a=b,c", "=", "a=..", "a=-1..1/3", "a=1.,.0",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := frontier.ParseParameter(text)
		isRange := func(value string) bool { return strings.Contains(value, "..") }
		if err == nil && (p.Path == "" || len(p.Values) == 0 || slices.ContainsFunc(p.Values, isRange)) {
			t.Errorf("%q: got %+v", text, p)
		}
	})
}
