package fixed

import (
	"fmt"
	"math/big"
	"math/bits"
)

// Wad is a signed decimal with 18 places: an integer count of 1e-18 of magnitude below 2^255. The zero value is 0.
// Wads are comparable with ==.
type Wad struct{ raw word256 }

const oneRaw = 1_000_000_000_000_000_000

var (
	oneWord = word256{w0: oneRaw}
	maxWord = word256{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0) >> 1}
	// leastWord is -2^255, the one pattern that is no Wad: without it every Wad has a negative.
	leastWord = word256{w3: 1 << 63}
)

// One is 1. It is a function because a package variable could be changed.
func One() Wad { return Wad{oneWord} }

// Max is the largest Wad, (2^255-1)e-18.
func Max() Wad { return Wad{maxWord} }

// FromInt returns n.
func FromInt(n int64) Wad {
	return scaled(n, oneRaw)
}

// FromRaw returns n*1e-18.
func FromRaw(n int64) Wad {
	s := signMask(uint64(n))                //nolint:gosec // the sign is extended to the left
	return Wad{word256{uint64(n), s, s, s}} //nolint:gosec // two's complement
}

// FromRawUint returns n*1e-18.
func FromRawUint(n uint64) Wad { return Wad{word256{w0: n}} }

// FromBps returns n/10,000.
func FromBps(n int64) Wad { return scaled(n, oneRaw/10_000) }

// scaled returns n*unit*1e-18.
func scaled(n int64, unit uint64) Wad {
	m, _ := FromRaw(n).raw.magnitude()
	return Wad{mulNat(m, Nat{lo: unit}).negateIf(uint64(n))} //nolint:gosec // the sign bit
}

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
	z := new(big.Int)
	for _, w := range [...]uint64{m.w3, m.w2, m.w1, m.w0} {
		z.Lsh(z, 64)
		z.Or(z, new(big.Int).SetUint64(w))
	}
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

// Less reports a < b. It subtracts and looks at what is borrowed, the signs turned round: that is short enough for the
// compiler to put it in place of the call.
func (a Wad) Less(b Wad) bool {
	const sign = 1 << 63
	_, borrow := bits.Sub64(a.raw.w0, b.raw.w0, 0)
	_, borrow = bits.Sub64(a.raw.w1, b.raw.w1, borrow)
	_, borrow = bits.Sub64(a.raw.w2, b.raw.w2, borrow)
	_, borrow = bits.Sub64(a.raw.w3^sign, b.raw.w3^sign, borrow)
	return borrow != 0
}

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
