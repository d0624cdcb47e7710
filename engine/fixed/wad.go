package fixed

import (
	"fmt"
	"math/big"
	"strings"
)

// Decimals is the number of decimal places of a Wad.
const Decimals = 18

// Wad is a signed decimal with 18 places: an integer count of 1e-18 of magnitude below 2^255. The zero value is 0.
// Wads are comparable with ==.
type Wad struct{ raw word256 }

const oneRaw = 1_000_000_000_000_000_000

var (
	oneWord = word256{w0: oneRaw}
	maxWord = word256{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0) >> 1}
)

// One is 1. It is a function because a package variable could be changed.
func One() Wad { return Wad{oneWord} }

// Max is the largest Wad, (2^255-1)e-18.
func Max() Wad { return Wad{maxWord} }

// FromInt returns n.
func FromInt(n int64) Wad {
	if n < 0 {
		return Wad{mul128(word256{w0: uint64(-n)}, oneWord).neg()} //nolint:gosec // -MinInt64 wraps to the right word
	}
	return Wad{mul128(word256{w0: uint64(n)}, oneWord)}
}

// FromRaw returns n*1e-18.
func FromRaw(n int64) Wad {
	if n < 0 {
		return Wad{word256{w0: uint64(-n)}.neg()} //nolint:gosec // as in FromInt
	}
	return Wad{word256{w0: uint64(n)}}
}

// FromRawUint returns n*1e-18.
func FromRawUint(n uint64) Wad { return Wad{word256{w0: n}} }

// FromBps returns n/10,000.
func FromBps(n int64) Wad { return FromRaw(n * (oneRaw / 10_000)) }

// FromBig returns raw*1e-18, or ErrOverflow when its magnitude is 2^255 or more.
func FromBig(raw *big.Int) (Wad, error) {
	if raw.BitLen() > 255 {
		return Wad{}, fmt.Errorf("%w: expected a magnitude below 2^255, got one of %d bits", ErrOverflow, raw.BitLen())
	}
	var z word256
	var mag big.Int
	mag.Abs(raw)
	var buf [32]byte
	mag.FillBytes(buf[:])
	for i := range 8 {
		z.w3 = z.w3<<8 | uint64(buf[i])
		z.w2 = z.w2<<8 | uint64(buf[8+i])
		z.w1 = z.w1<<8 | uint64(buf[16+i])
		z.w0 = z.w0<<8 | uint64(buf[24+i])
	}
	if raw.Sign() < 0 {
		z = z.neg()
	}
	return Wad{z}, nil
}

// Big returns the count of 1e-18 as a new big integer.
func (a Wad) Big() *big.Int {
	m := a.Abs().raw
	var buf [32]byte
	for i := range 8 {
		shift := 56 - 8*i
		buf[i] = byte(m.w3 >> shift)
		buf[8+i] = byte(m.w2 >> shift)
		buf[16+i] = byte(m.w1 >> shift)
		buf[24+i] = byte(m.w0 >> shift)
	}
	z := new(big.Int).SetBytes(buf[:])
	if a.Sign() < 0 {
		z.Neg(z)
	}
	return z
}

// RawUint returns the count of 1e-18 and whether it is in 0..2^64-1.
func (a Wad) RawUint() (uint64, bool) { return a.raw.w0, a.raw.fits64() }

// Sign is -1, 0 or 1.
func (a Wad) Sign() int {
	switch {
	case a.raw.negative():
		return -1
	case a.raw.isZero():
		return 0
	}
	return 1
}

// IsZero reports a == 0.
func (a Wad) IsZero() bool { return a.raw.isZero() }

// Cmp is -1, 0 or 1 as a is below, equal to or above b.
func (a Wad) Cmp(b Wad) int {
	an, bn := a.raw.negative(), b.raw.negative()
	if an != bn {
		return order(an)
	}
	return a.raw.cmp(b.raw)
}

// Less reports a < b.
func (a Wad) Less(b Wad) bool { return a.Cmp(b) < 0 }

// Neg returns -a. It cannot overflow: the range is symmetric.
func (a Wad) Neg() Wad { return Wad{a.raw.neg()} }

// Abs returns |a|.
func (a Wad) Abs() Wad {
	if a.raw.negative() {
		return a.Neg()
	}
	return a
}

// Min returns the smaller of a and b.
func (a Wad) Min(b Wad) Wad {
	if b.Less(a) {
		return b
	}
	return a
}

// Max returns the larger of a and b.
func (a Wad) Max(b Wad) Wad {
	if a.Less(b) {
		return b
	}
	return a
}

// Clamp returns the value of lo..hi that is nearest to a; lo wins when lo > hi.
func (a Wad) Clamp(lo, hi Wad) Wad { return a.Min(hi).Max(lo) }

// Float returns the nearest float64: for drawing and for reports only, never for a decision.
func (a Wad) Float() float64 {
	f, _ := new(big.Rat).SetFrac(a.Big(), big.NewInt(oneRaw)).Float64()
	return f
}

// String prints the exact value without trailing zeros: "0.5", "-12", "0".
func (a Wad) String() string {
	s := strings.TrimRight(a.Text(), "0")
	return strings.TrimSuffix(s, ".")
}

// Text prints the exact value with all 18 decimals: "0.500000000000000000".
func (a Wad) Text() string {
	digits := a.Abs().Big().String()
	if pad := Decimals + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	s := digits[:len(digits)-Decimals] + "." + digits[len(digits)-Decimals:]
	if a.Sign() < 0 {
		return "-" + s
	}
	return s
}

// MarshalText prints String.
func (a Wad) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what Parse reads.
func (a *Wad) UnmarshalText(text []byte) error {
	w, err := Parse(string(text))
	if err != nil {
		return err
	}
	*a = w
	return nil
}

// Parse reads a plain decimal: an optional minus sign, digits, and at most 18 more after a point. Nothing is rounded:
// a nineteenth decimal, an exponent, a plus sign or a space is ErrSyntax, a value out of range ErrOverflow.
func Parse(s string) (Wad, error) {
	body, negative := strings.CutPrefix(s, "-")
	whole, frac, point := strings.Cut(body, ".")
	if whole == "" || point && frac == "" || !digitsOnly(whole) || !digitsOnly(frac) {
		return Wad{}, fmt.Errorf("%w: expected a decimal like 0.25, got %.40q", ErrSyntax, s)
	}
	if len(frac) > Decimals {
		return Wad{}, fmt.Errorf("%w: expected at most %d decimals, got %d in %.40q", ErrSyntax, Decimals, len(frac), s)
	}
	var z word256
	for i := range len(whole) + Decimals {
		digit := uint64(0)
		if i < len(whole) {
			digit = uint64(whole[i] - '0')
		} else if i-len(whole) < len(frac) {
			digit = uint64(frac[i-len(whole)] - '0')
		}
		if z.w3>>60 != 0 { // times ten would leave the 255 bits
			return Wad{}, fmt.Errorf("%w: expected a magnitude below 2^255 counts of 1e-18, got %.40q", ErrOverflow, s)
		}
		z = z.timesTenPlus(digit)
	}
	if z.negative() {
		return Wad{}, fmt.Errorf("%w: expected a magnitude below 2^255 counts of 1e-18, got %.40q", ErrOverflow, s)
	}
	if negative {
		z = z.neg()
	}
	return Wad{z}, nil
}

func (x word256) timesTenPlus(digit uint64) word256 {
	x2, _ := x.add(x)
	x4, _ := x2.add(x2)
	x5, _ := x4.add(x)
	x10, _ := x5.add(x5)
	z, _ := x10.add(word256{w0: digit})
	return z
}

func digitsOnly(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
