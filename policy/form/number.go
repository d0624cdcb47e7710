package form

import (
	"errors"
	"strings"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Ratio is a fraction of one, written as 40% or 0.4.
type Ratio struct{ fixed.Wad }

var (
	errRatio   = errors.New("expected a ratio like 40% or 0.4")
	errPercent = errors.New("expected a percentage with at most 16 decimals")
	errDecimal = errors.New("expected a number like 1_000_000 or 0.25")
)

// UnmarshalText reads a ratio, exactly: a percentage has at most 16 decimals.
func (r *Ratio) UnmarshalText(text []byte) error {
	number, percent := strings.CutSuffix(strings.TrimSpace(string(text)), "%")
	w, err := fixed.Parse(strings.TrimSpace(number))
	if err != nil {
		return errRatio
	}
	if percent {
		var c fixed.Calc
		whole := w
		if w = c.DivIntTrunc(whole, 100); c.MulInt(w, 100) != whole {
			return errPercent
		}
	}
	r.Wad = w
	return nil
}

// MarshalText prints the ratio as a percentage, exactly.
func (r Ratio) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// String prints the ratio as a percentage, or as a decimal where a percentage would be out of range.
func (r Ratio) String() string {
	var c fixed.Calc
	if p := c.MulInt(r.Wad, 100); c.Err() == nil {
		return p.String() + "%"
	}
	return r.Wad.String()
}

// Size is the fraction.
func (r Ratio) Size() fixed.Wad { return r.Wad }

// Decimal is a number, such as an amount in display units or a value, with underscores between digits as one likes.
type Decimal struct{ fixed.Wad }

// UnmarshalText reads a decimal with at most 18 places, exactly.
func (d *Decimal) UnmarshalText(text []byte) error {
	w, err := fixed.Parse(strings.ReplaceAll(strings.TrimSpace(string(text)), "_", ""))
	if err != nil {
		return errDecimal
	}
	d.Wad = w
	return nil
}

// MarshalText prints the number, exactly.
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// String prints the number with an underscore before every three digits left of the point.
func (d Decimal) String() string {
	sign, digits := "", d.Wad.String()
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	whole, decimals, found := strings.Cut(digits, ".")
	if found {
		decimals = "." + decimals
	}
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "_" + whole[at:]
	}
	return sign + whole + decimals
}

// Size is the number.
func (d Decimal) Size() fixed.Wad { return d.Wad }
