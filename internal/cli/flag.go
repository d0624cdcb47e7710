package cli

import (
	"encoding"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

// text makes a flag of a value that reads itself. Its usual value, as text, stands in the help.
type text struct {
	value encoding.TextUnmarshaler
	name  string
	shown string
}

// Set reads the flag.
func (t *text) Set(s string) error {
	t.shown = s
	if err := t.value.UnmarshalText([]byte(s)); err != nil {
		return fmt.Errorf("%w, got %q", err, s)
	}
	return nil
}

// String is the text that was read, or that of the default.
func (t *text) String() string { return t.shown }

// Type names what the flag takes.
func (t *text) Type() string { return t.name }

// Numbers of the command line, read as those of a policy file are.
type (
	ratio  struct{ to *fixed.Wad } // 40% or 0.4
	number struct{ to *fixed.Wad } // 1_000_000 or 0.25
	bps    struct{ to *fixed.Wad } // basis points
	moment struct{ to *int64 }     // 2026-01-31 or RFC 3339
	span   struct{ to *int64 }     // 90s, 6h, 1d
)

// UnmarshalText reads a ratio.
func (r ratio) UnmarshalText(b []byte) error {
	var v policy.Ratio
	err := v.UnmarshalText(b)
	*r.to = v.Wad
	return err
}

// UnmarshalText reads a number.
func (n number) UnmarshalText(b []byte) error {
	var v policy.Decimal
	err := v.UnmarshalText(b)
	*n.to = v.Wad
	return err
}

// UnmarshalText reads basis points into a fraction of one.
func (n bps) UnmarshalText(b []byte) error {
	var v policy.Decimal
	if err := v.UnmarshalText(b); err != nil || v.Sign() < 0 {
		return errors.New("expected basis points like 10 or 7.5")
	}
	var c fixed.Calc
	*n.to = c.DivIntTrunc(v.Wad, 10_000)
	return c.Err()
}

// UnmarshalText reads a moment into seconds since 1970.
func (m moment) UnmarshalText(b []byte) error {
	var v policy.Moment
	err := v.UnmarshalText(b)
	*m.to = v.Unix
	return err
}

// UnmarshalText reads a span into seconds.
func (s span) UnmarshalText(b []byte) error {
	var v policy.Span
	err := v.UnmarshalText(b)
	*s.to = v.Seconds
	return err
}

// textFlag adds a flag whose usual value is read from its text; an empty one leaves the value as it is.
func textFlag(f *pflag.FlagSet, value encoding.TextUnmarshaler, name, usual, help string) {
	kind, _, _ := strings.Cut(strings.TrimPrefix(fmt.Sprintf("%T", value), "cli."), "{")
	t := &text{value: value, name: kind}
	if usual != "" {
		_ = t.Set(usual) // TestDefaults reads every one of them
	}
	f.Var(t, name, help)
}

// amount is a number that belongs to an asset.
type amount struct {
	asset string
	value fixed.Wad
}

// amounts reads "SYMBOL=AMOUNT,SYMBOL=AMOUNT".
func amounts(list string) ([]amount, error) {
	var all []amount
	for item := range strings.SplitSeq(list, ",") {
		name, value, found := strings.Cut(strings.TrimSpace(item), "=")
		var v fixed.Wad
		err := number{&v}.UnmarshalText([]byte(value))
		if !found || name == "" || err != nil || v.Sign() < 0 {
			return nil, fmt.Errorf("expected a list like ETH=12.5,USDC=1_000_000, got %q", item)
		}
		for _, a := range all {
			if a.asset == name {
				return nil, fmt.Errorf("%s is listed twice; name each asset once", name)
			}
		}
		all = append(all, amount{name, v})
	}
	return all, nil
}

// What to do about an asset that a list lacks.
const (
	noHolding = "write %s=0 when none is held"
	noPrice   = "add %s=PRICE"
)

// valuesOf are the numbers of a list for some assets, in their order. A list may neither lack one nor have others.
func valuesOf(list []amount, assets []string, hint string) ([]fixed.Wad, error) {
	values := make([]fixed.Wad, len(assets))
	var missing []string
	known := 0
	for i, name := range assets {
		found := false
		for _, a := range list {
			if a.asset == name {
				values[i], found = a.value, true
				known++
			}
		}
		if !found {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("expected a number for every asset of the policy, %s is missing; %s",
			strings.Join(missing, ", "), fmt.Sprintf(hint, missing[0]))
	}
	if known < len(list) {
		return nil, fmt.Errorf("expected only assets of the policy, which are %s", strings.Join(assets, ", "))
	}
	return values, nil
}
