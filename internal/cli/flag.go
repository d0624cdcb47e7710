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
