package policy_test

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

// check is what a test needs to complain; rapid has its own.
type check interface {
	Helper()
	Fatalf(format string, args ...any)
}

// holds reads any text. What is accepted compiles, is explained, and stays the same when it is written and read again;
// what is refused is refused with problems. It reports whether the text was accepted.
func holds(t check, text []byte) bool {
	t.Helper()
	file, err := policy.Parse(text)
	if err != nil {
		var all policy.Problems
		if !errors.As(err, &all) || len(all) == 0 || slices.Contains(all, nil) {
			t.Fatalf("got %T %v", err, err)
		}
		return false
	}
	written, err := policy.Marshal(file)
	if err != nil {
		t.Fatalf("%v", err)
	}
	again, err := policy.Parse(written)
	if err != nil {
		t.Fatalf("%v\n%s", err, written)
	}
	if twice, err := policy.Marshal(again); err != nil || !bytes.Equal(twice, written) {
		t.Fatalf("%v\n%s\nbecame\n%s", err, written, twice)
	}
	if one, other := compiledBy(t, file), compiledBy(t, again); !reflect.DeepEqual(one, other) {
		t.Fatalf("%+v\nbecame\n%+v", one, other)
	}
	told(t, file)
	return true
}

func compiledBy(t check, f *policy.File) *cycle.Policy {
	t.Helper()
	u, err := policy.Universe(f)
	if err != nil {
		t.Fatalf("%v", err)
	}
	p, err := f.Compile(u)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return p
}

// told asks for everything that can be said about a policy.
func told(t check, f *policy.File) {
	t.Helper()
	rich := policy.ExplainOptions{
		NAV: fixed.FromInt(5_000_000), Volatility: fixed.FromBps(8_000), Now: 1_795_219_200,
		Prices: map[string]fixed.Wad{"USDC": fixed.One()},
	}
	for _, opt := range []policy.ExplainOptions{{}, rich} {
		if lines, err := policy.Explain(f, opt); err != nil || len(lines) == 0 {
			t.Fatalf("got %v, %v", lines, err)
		}
		if _, err := policy.Warnings(f, opt); err != nil {
			t.Fatalf("%v", err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range policy.Templates() {
		text, err := policy.Template(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(full))
	for _, name := range []string{"broken", "sound", "said", "warned"} {
		for _, s := range slips(f, filepath.Join("testdata", name+".txt")) {
			f.Add([]byte(s.text()))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) { holds(t, text) })
}

// TestDrawnPolicies composes policies of settings that mostly go together, with numbers of every size.
func TestDrawnPolicies(t *testing.T) {
	t.Parallel()
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		if holds(t, []byte(draw(t))) {
			accepted++
		}
	})
	if accepted == 0 && !testing.Short() { // a short run draws too few
		t.Error("none was accepted")
	}
}

// FuzzDrawnPolicies is the same, led by the fuzzer.
func FuzzDrawnPolicies(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) { holds(t, []byte(draw(t))) }))
}

// draw composes the text of a policy.
func draw(t *rapid.T) string {
	var b strings.Builder
	b.WriteString("version: 1\nname: drawn\nassets:\n")
	names := []string{"USDC", "BTC", "ETH", "GOV"}[:rapid.IntRange(1, 4).Draw(t, "assets")]
	left := int64(10_000)
	for i, name := range names {
		weight := left
		if i < len(names)-1 {
			weight = rapid.Int64Range(0, left).Draw(t, "weight")
		}
		left -= weight
		fmt.Fprintf(&b, "  - asset: %s\n    weight: %d.%02d%%\n", name, weight/100, weight%100)
		some(t, &b, 4, []string{
			"exponent: " + fmt.Sprint(rapid.IntRange(0, 18).Draw(t, "exponent")), "min_balance: " + number(t),
			"max_weight: " + percent(t), "threshold: " + percent(t),
		})
	}
	mixes := "{" + rapid.SampledFrom(names).Draw(t, "mix") + ": 100%}"
	section(t, &b, "target", map[string][]string{
		"constant-mix": nil, "buy-and-hold": nil, "glide": {"from: " + mixes, "start: 2026-01-01", "end: " + date(t)},
		"cppi": {"safe: " + mixes, "floor: " + number(t), "multiplier: " + number(t)},
		"tipp": {"safe: " + mixes, "ratchet: " + percent(t), "multiplier: 4"},
	}, []string{"floor_rate: " + percent(t), "max_exposure: " + percent(t)})
	b.WriteString("speed:\n  interval: " + span(t) + "\n")
	if rapid.Bool().Draw(t, "gains") {
		fmt.Fprintf(&b, "  gains: {kp: 0.%d, ki: %s, overshoot: %v}\n", rapid.IntRange(1, 99999).Draw(t, "kp"),
			rapid.SampledFrom([]string{"0", "0.001", "0.01"}).Draw(t, "ki"), rapid.Bool().Draw(t, "overshoot"))
	} else {
		fmt.Fprintf(&b, "  close: %s\n  within: %d\n", percent(t), rapid.IntRange(1, 100_000).Draw(t, "within"))
	}
	theta := "threshold: " + percent(t)
	section(t, &b, "trigger", map[string][]string{
		"always": nil, "periodic": {"every: " + span(t)}, "threshold": {theta}, "relative": {theta}, "aggregate": {theta},
		"hybrid": {theta, "small: " + percent(t), "longest: " + span(t)}, "bands": nil,
	}, []string{
		"inner: " + percent(t), "cool_down: " + span(t), "max_active: 5",
		"volatility: {exponent: 1/2, reference: " + percent(t) + ", max: " + percent(t) + "}",
	})
	if rapid.Bool().Draw(t, "bands") {
		b.WriteString("bands: {}\n")
	}
	b.WriteString("limits:\n")
	some(t, &b, 2, []string{
		"max_sell: " + percent(t), "min_order: " + number(t), "min_value: " + number(t), "max_slippage: " + percent(t),
		"max_price_age: " + span(t),
	})
	b.WriteString("payments:\n")
	for range rapid.IntRange(0, 2).Draw(t, "payments") {
		fmt.Fprintf(&b, "  - asset: %s\n    amount: %s\n    first: %s\n", rapid.SampledFrom(names).Draw(t, "paid"),
			number(t), date(t))
		some(t, &b, 4, []string{"every: " + span(t), "when_short: partial", "to: channel-0/osmo1abc"})
	}
	b.WriteString("cost:\n")
	some(t, &b, 2, []string{"proportional: " + percent(t)})
	return b.String()
}

// section writes a section of a kind with what it needs, and perhaps more.
func section(t *rapid.T, b *strings.Builder, name string, kinds map[string][]string, more []string) {
	words := make([]string, 0, len(kinds))
	for word := range kinds {
		words = append(words, word)
	}
	slices.Sort(words)
	kind := rapid.SampledFrom(words).Draw(t, name)
	fmt.Fprintf(b, "%s:\n  kind: %s\n", name, kind)
	for _, line := range kinds[kind] {
		b.WriteString("  " + line + "\n")
	}
	if rapid.IntRange(0, 2).Draw(t, "more") == 0 {
		some(t, b, 2, more)
	}
}

// some writes a few of the lines.
func some(t *rapid.T, b *strings.Builder, indent int, lines []string) {
	for _, line := range lines {
		if rapid.IntRange(0, 3).Draw(t, "line") == 0 {
			b.WriteString(strings.Repeat(" ", indent) + line + "\n")
		}
	}
}

func percent(t *rapid.T) string {
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) string { return fmt.Sprintf("%d%%", rapid.IntRange(0, 100).Draw(t, "percent")) }),
		rapid.SampledFrom([]string{"0.0000000000000001%", "0.5%", "99.9999999999999999%", "0.000000000000000001", "1000%"}),
	).Draw(t, "ratio")
}

func number(t *rapid.T) string {
	return rapid.OneOf(
		rapid.Custom(func(t *rapid.T) string { return fmt.Sprint(rapid.IntRange(0, 10_000_000).Draw(t, "whole")) }),
		rapid.SampledFrom([]string{"0.000001", "1", "99.5", "340282366920938463463", "1_000_000_000_000_000"}),
	).Draw(t, "number")
}

func span(t *rapid.T) string {
	return fmt.Sprintf("%d%s", rapid.IntRange(0, 400).Draw(t, "count"),
		rapid.SampledFrom([]string{"s", "m", "h", "d"}).Draw(t, "unit"))
}

func date(t *rapid.T) string {
	return rapid.SampledFrom([]string{"1970-01-01", "2026-01-31", "2026-12-31T23:59:59Z", "9999-12-31T23:59:59Z"}).
		Draw(t, "date")
}
