package fixed

import (
	"fmt"
	"math/big"
	"math/bits"
)

// Nat is a natural number below 2^128: a count of base units. The zero value is 0; Nats are comparable with ==.
type Nat struct{ hi, lo uint64 }

// NatOf returns n.
func NatOf(n uint64) Nat { return Nat{lo: n} }

// MaxNat is 2^128-1.
func MaxNat() Nat { return Nat{^uint64(0), ^uint64(0)} }

// NatFromBig returns n, or an error when it is negative or needs more than 128 bits.
func NatFromBig(n *big.Int) (Nat, error) {
	if n.Sign() < 0 {
		return Nat{}, fmt.Errorf("%w: expected 0 or more, got %v", ErrNegative, n)
	}
	if n.BitLen() > 128 {
		return Nat{}, fmt.Errorf("%w: expected at most 2^128-1, got a number of %d bits", ErrOverflow, n.BitLen())
	}
	var buf [16]byte
	n.FillBytes(buf[:])
	var z Nat
	for i := range 8 {
		z.hi = z.hi<<8 | uint64(buf[i])
		z.lo = z.lo<<8 | uint64(buf[8+i])
	}
	return z, nil
}

// Big returns n as a new big integer.
func (n Nat) Big() *big.Int {
	z := new(big.Int).SetUint64(n.hi)
	return z.Or(z.Lsh(z, 64), new(big.Int).SetUint64(n.lo))
}

// IsZero reports n == 0.
func (n Nat) IsZero() bool { return n.hi|n.lo == 0 }

// Cmp is -1, 0 or 1 as n is below, equal to or above m.
func (n Nat) Cmp(m Nat) int {
	switch {
	case n == m:
		return 0
	case n.hi != m.hi:
		return order(n.hi < m.hi)
	}
	return order(n.lo < m.lo)
}

// Less reports n < m.
func (n Nat) Less(m Nat) bool { return n.Cmp(m) < 0 }

// Min returns the smaller of n and m.
func (n Nat) Min(m Nat) Nat {
	if m.Less(n) {
		return m
	}
	return n
}

// Max returns the larger of n and m.
func (n Nat) Max(m Nat) Nat {
	if n.Less(m) {
		return m
	}
	return n
}

// Monus returns n-m, or 0 when m > n.
func (n Nat) Monus(m Nat) Nat {
	lo, borrow := bits.Sub64(n.lo, m.lo, 0)
	hi, borrow := bits.Sub64(n.hi, m.hi, borrow)
	if borrow != 0 {
		return Nat{}
	}
	return Nat{hi, lo}
}

// Uint64 returns n and whether it is below 2^64.
func (n Nat) Uint64() (uint64, bool) { return n.lo, n.hi == 0 }

// Raw returns n as the raw count of a Wad, that is n*1e-18, for formulas that mix both.
func (n Nat) Raw() Wad { return Wad{n.wide()} }

func (n Nat) wide() word256 { return word256{w0: n.lo, w1: n.hi} }

// shr is n/2^s, s below 128.
func (n Nat) shr(s uint) Nat {
	if s >= 64 {
		return Nat{lo: n.hi >> (s & 63)}
	}
	return Nat{n.hi >> (s & 63), n.lo>>(s&63) | n.hi<<1<<(63-s&63)}
}

// minus is n-m modulo 2^128.
func (n Nat) minus(m Nat) Nat {
	lo, borrow := bits.Sub64(n.lo, m.lo, 0)
	hi, _ := bits.Sub64(n.hi, m.hi, borrow)
	return Nat{hi, lo}
}

// mulLow is n*m modulo 2^128.
func (n Nat) mulLow(m Nat) Nat {
	hi, lo := bits.Mul64(n.lo, m.lo)
	return Nat{hi + n.hi*m.lo + n.lo*m.hi, lo}
}

// Nat returns the raw count of a as a Nat.
func (c *Calc) Nat(a Wad) Nat {
	if a.raw.negative() {
		c.Fail(ErrNegative)
		return Nat{}
	}
	if !a.raw.fits128() {
		c.Fail(ErrOverflow)
		return Nat{}
	}
	return Nat{a.raw.w1, a.raw.w0}
}

// AddNat returns n+m.
func (c *Calc) AddNat(n, m Nat) Nat {
	lo, carry := bits.Add64(n.lo, m.lo, 0)
	hi, carry := bits.Add64(n.hi, m.hi, carry)
	if carry != 0 {
		c.Fail(ErrOverflow)
	}
	return Nat{hi, lo}
}

// SubNat returns n-m; m > n is ErrNegative.
func (c *Calc) SubNat(n, m Nat) Nat {
	if n.Less(m) {
		c.Fail(ErrNegative)
		return Nat{}
	}
	return n.Monus(m)
}

// MulWord returns n*m.
func (c *Calc) MulWord(n Nat, m uint64) Nat {
	carried, lo := bits.Mul64(n.lo, m)
	beyond, hi := bits.Mul64(n.hi, m)
	hi, carry := bits.Add64(hi, carried, 0)
	if beyond|carry != 0 {
		c.Fail(ErrOverflow)
	}
	return Nat{hi, lo}
}

// MulDivNatDown returns n*m/d rounded down.
func (c *Calc) MulDivNatDown(n, m, d Nat) Nat { return c.Nat(c.MulDivDown(n.Raw(), m.Raw(), d.Raw())) }

// MulDivNatUp returns n*m/d rounded up.
func (c *Calc) MulDivNatUp(n, m, d Nat) Nat { return c.Nat(c.MulDivUp(n.Raw(), m.Raw(), d.Raw())) }
