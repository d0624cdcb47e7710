package policy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

// TestWarned holds the words of every warning. With -update it writes what is said now.
func TestWarned(t *testing.T) {
	t.Parallel()
	const name = "testdata/warned.txt"
	var b strings.Builder
	for _, s := range slips(t, name) {
		found, err := policy.Warnings(parse(t, []byte(s.text())), world(t))
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		s.want = found.Error()
		b.WriteString(s.String() + "\n")
	}
	golden(t, name, []byte(b.String()))
}

// TestWarnedByOwnLimits uses what the file says where the world is not known.
func TestWarnedByOwnLimits(t *testing.T) {
	t.Parallel()
	const limits = "limits: {max_sell: 5%, max_slippage: 1%, min_order: 500, min_value: 1_000}\n" +
		"loss_budget: {cap: 1%, refill: 7d}\n"
	for text, want := range map[string]string{
		sound + limits: "line 7: limits.min_order: of a treasury of 1,000, its whole weight of USDC is 400, less than " +
			"the smallest order 500: it is never traded",
		strings.Replace(sound+limits, "min_value: 1_000", "min_value: 5_000", 1): "",
		strings.Replace(sound, "close: 90%, within: 10", "close: 100%, within: 1", 1) +
			"target: {kind: cppi, safe: {USDC: 100%}, floor: 1, multiplier: 6}\n" +
			"limits: {max_slippage: 1%}\nloss_budget: {cap: 1%, refill: 7d}\n": "line 7: target.multiplier: with rounds of " +
			"1 day and a volatility of 80 % a year the gap rule allows 5.97, got 6: a fall of four standard deviations " +
			"between two rounds breaks the floor",
	} {
		found, err := policy.Warnings(parse(t, []byte(text)), policy.ExplainOptions{})
		if err != nil || found.Error() != want {
			t.Errorf("got %v, %v, want %s", found, err, want)
		}
	}
}

// TestUnusable gives files and options that nothing can be said about.
func TestUnusable(t *testing.T) {
	t.Parallel()
	if _, err := policy.Explain(new(policy.File), policy.ExplainOptions{}); !errors.Is(err, policy.ErrPolicy) {
		t.Errorf("got %v", err)
	}
	if _, err := policy.Warnings(new(policy.File), policy.ExplainOptions{}); !errors.Is(err, policy.ErrPolicy) {
		t.Errorf("got %v", err)
	}
	f := parse(t, []byte(full))
	huge := policy.ExplainOptions{
		NAV: fixed.Max(), Volatility: fixed.Max(), Prices: map[string]fixed.Wad{"USDC": fixed.Max()},
	}
	if _, err := policy.Explain(f, huge); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("got %v", err)
	}
	if _, err := policy.Warnings(f, huge); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("got %v", err)
	}
}
