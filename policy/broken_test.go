package policy_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/policy"
)

// sound is a small policy; what is appended to it begins on line 7.
const sound = `version: 1
name: T
assets:
  - {asset: USDC, exponent: 6, weight: 40%}
  - {asset: BTC, exponent: 8, weight: 60%}
speed: {interval: 1d, close: 90%, within: 10}
`

// slip is a change of the sound policy, a part of it replaced and lines appended, and what is said about the result.
type slip struct{ name, old, now, more, want string }

func (s slip) text() string {
	text := sound
	if s.old != "" {
		text = strings.Replace(text, s.old, s.now, 1)
	}
	if s.more != "" {
		text += s.more + "\n"
	}
	return text
}

// slips reads a file of blocks: # the name, - what is replaced, + by what, & what is appended, > what is said.
func slips(tb testing.TB, name string) []slip {
	tb.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	var all []slip
	for block := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n\n") {
		parts := make(map[byte][]string)
		for line := range strings.SplitSeq(block, "\n") {
			parts[line[0]] = append(parts[line[0]], strings.TrimPrefix(line[1:], " "))
		}
		join := func(mark byte) string { return strings.Join(parts[mark], "\n") }
		all = append(all, slip{join('#'), join('-'), join('+'), join('&'), join('>')})
	}
	return all
}

func (s slip) String() string {
	var b strings.Builder
	for _, part := range []struct{ mark, text string }{
		{"#", s.name}, {"-", s.old}, {"+", s.now}, {"&", s.more}, {">", s.want},
	} {
		for line := range strings.SplitSeq(part.text, "\n") {
			if part.text != "" {
				fmt.Fprintln(&b, strings.TrimRight(part.mark+" "+line, " "))
			}
		}
	}
	return b.String()
}

// TestBroken holds the words of every message. With -update it writes what is said now.
func TestBroken(t *testing.T) {
	t.Parallel()
	const name = "testdata/broken.txt"
	var b strings.Builder
	for _, s := range slips(t, name) {
		_, err := policy.Parse([]byte(s.text()))
		s.want = refusal(t, s.name, err)
		fmt.Fprintln(&b, s)
	}
	golden(t, name, []byte(b.String()))
}

// refusal is the text of an error, which must be a Problem.
func refusal(t *testing.T, name string, err error) string {
	t.Helper()
	var one *policy.Problem
	if !errors.Is(err, policy.ErrPolicy) || !errors.As(err, &one) {
		t.Fatalf("%s: got %v, want a problem", name, err)
	}
	return err.Error()
}

// TestTooMuch holds the messages about texts that are too long to be written down.
func TestTooMuch(t *testing.T) {
	t.Parallel()
	crowd := strings.Builder{}
	for i := range 31 {
		fmt.Fprintf(&crowd, "  - {asset: X%d}\n", i)
	}
	for _, s := range []slip{
		{"empty", sound, "", "", "expected a policy, got an empty file; `ballast init` writes one to start from"},
		{
			"a long name", "name: T", "name: " + strings.Repeat("x", 101), "",
			"line 2: name: expected at most 100 bytes that can be printed on one line, got \"" +
				strings.Repeat("x", 60) + "\"...",
		},
		{"assets", "speed", crowd.String() + "speed", "", "line 3: assets: expected 1 to 32 assets, got 33"},
		{
			"a minimum", "weight: 40%", "weight: 40%, min_balance: 1" + strings.Repeat("0", 33), "",
			"line 4: assets.1.min_balance: expected fewer than 3.4e38 of the smallest units of USDC, got 1" +
				strings.Repeat("_000", 11),
		},
		{
			"payments", "", "", "payments:\n" + strings.Repeat("  - {asset: USDC, amount: 1, first: 2026-01-01}\n", 101),
			"line 7: payments: expected at most 100 payments, got 101",
		},
		{
			"a recipient", "", "", "payments:\n  - {asset: USDC, amount: 1, to: my friend, first: 2026-01-01}\n",
			"line 8: payments.1.to: expected an address, or channel-0/ADDRESS behind an IBC channel, got \"my friend\"",
		},
		{
			"bytes", "", "", strings.Repeat("#", 1<<18),
			"expected a text of at most 262144 bytes, got 262305",
		},
		{"letters", "name: T", "name: \xff", "", "line 2: expected text in UTF-8, got other bytes; save the file as UTF-8"},
	} {
		_, err := policy.Parse([]byte(s.text()))
		if got := refusal(t, s.name, err); got != s.want {
			t.Errorf("%s: got\n%v\nwant\n%s", s.name, got, s.want)
		}
	}
}

// TestSound accepts what looks odd but is right.
func TestSound(t *testing.T) {
	t.Parallel()
	for _, s := range slips(t, "testdata/sound.txt") {
		if _, err := policy.Parse([]byte(s.text())); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
	}
}
