package fixed

import (
	"math/big"

	"github.com/holiman/uint256"
)

// Sqrt returns the square root of a rounded down; a >= 0.
func (c *Calc) Sqrt(a Wad) Wad {
	if a.raw.negative() {
		c.Fail(ErrNegative)
		return Wad{}
	}
	if a.raw.w3 != 0 { // a*1e18 leaves 256 bits
		n := a.Big()
		return c.fromBig(n.Sqrt(n.Mul(n, big.NewInt(oneRaw))))
	}
	return Wad{isqrt(times(a.raw, oneRaw))}
}

// times returns x*m for x below 2^192.
func times(x word256, m uint64) word256 {
	i, f := x.int(), uint256.Int{m}
	i.Mul(&i, &f)
	return fromInt(&i)
}

func isqrt(n word256) word256 {
	i := n.int()
	var z uint256.Int
	z.Sqrt(&i)
	return fromInt(&z)
}

// Cbrt returns the cube root of a rounded down; a >= 0.
func (c *Calc) Cbrt(a Wad) Wad {
	if a.raw.negative() {
		c.Fail(ErrNegative)
		return Wad{}
	}
	if a.raw.isZero() {
		return Wad{}
	}
	if a.raw.w3|a.raw.w2 != 0 { // a*1e36 may leave 256 bits
		return c.fromBig(cbrtBig(a.Big()))
	}
	n := times(times(a.raw, oneRaw), oneRaw).int()
	return Wad{fromInt(cbrt(&n))}
}

// cbrt is Newton's iteration from above; it stops at the floor of the root.
func cbrt(n *uint256.Int) *uint256.Int {
	three := uint256.Int{3}
	r := new(uint256.Int).Lsh(uint256.NewInt(1), uint(n.BitLen()+2)/3) //nolint:gosec // 1..256
	for {
		var next, square uint256.Int
		square.Mul(r, r)
		next.Div(n, &square)
		next.Add(&next, r)
		next.Add(&next, r)
		next.Div(&next, &three)
		if !next.Lt(r) {
			return r
		}
		r.Set(&next)
	}
}

// cbrtBig is the cube root of raw counts too large for cbrt.
func cbrtBig(raw *big.Int) *big.Int {
	one, three := big.NewInt(oneRaw), big.NewInt(3)
	n := new(big.Int).Mul(raw, one)
	n.Mul(n, one)
	r := new(big.Int).Lsh(big.NewInt(1), uint(n.BitLen()+2)/3) //nolint:gosec // small
	for {
		next := new(big.Int).Mul(r, r)
		next.Div(n, next)
		next.Add(next, r)
		next.Add(next, r)
		next.Div(next, three)
		if next.Cmp(r) >= 0 {
			return r
		}
		r = next
	}
}

func (c *Calc) fromBig(n *big.Int) Wad {
	w, err := FromBig(n)
	if err != nil {
		c.Fail(ErrOverflow)
	}
	return w
}

// PowDown returns r^n by square and multiply, rounding down at every step; r >= 0.
func (c *Calc) PowDown(r Wad, n uint64) Wad {
	z := One()
	for n > 0 {
		if n&1 == 1 {
			z = c.MulDown(z, r)
		}
		n >>= 1
		if n > 0 {
			r = c.MulDown(r, r)
		}
	}
	return z
}

// Root returns the largest r in 0..1 with PowDown(r, n) <= x, for x in 0..1 and n >= 1, by bisection in 60 steps.
func (c *Calc) Root(x Wad, n uint64) Wad {
	if x.Sign() < 0 || One().Less(x) || n == 0 {
		c.Fail(ErrDomain)
		return Wad{}
	}
	lo, hi := uint64(0), uint64(oneRaw)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if c.PowDown(FromRawUint(mid), n).Cmp(x) <= 0 {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return FromRawUint(lo)
}

// lnTerms is the number of terms of LnRatio; 12 give 16 correct decimals at a ratio of 2.
const lnTerms = 12

// LnRatio returns ln(a/b) for a, b > 0 as 2*sum z^(2k+1)/(2k+1), z = (a-b)/(a+b), every step toward zero. It is
// meant for ratios near 1: the truncated series falls short of the logarithm as the ratio leaves 1/4..4.
func (c *Calc) LnRatio(a, b Wad) Wad {
	if a.Sign() <= 0 || b.Sign() <= 0 {
		c.Fail(ErrDomain)
		return Wad{}
	}
	z := c.DivTrunc(c.Sub(a, b), c.Add(a, b))
	square := c.MulTrunc(z, z)
	var sum Wad
	for k := range int64(lnTerms) {
		sum = c.Add(sum, c.DivIntTrunc(z, 2*k+1))
		z = c.MulTrunc(z, square)
	}
	return c.Add(sum, sum)
}
