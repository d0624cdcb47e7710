package fixed

import (
	"math/big"
	"math/bits"
)

// Sqrt returns the square root of a rounded down; a >= 0.
func (c *Calc) Sqrt(a Wad) Wad {
	if a.raw.negative() {
		c.Fail(ErrNegative)
		return Wad{}
	}
	if a.raw.w3 != 0 { // a*1e18 leaves 256 bits
		n := a.Big()
		root, _ := FromBig(n.Sqrt(n.Mul(n, big.NewInt(oneRaw)))) // a root above 1 is smaller than its square
		return root
	}
	return isqrt(a.raw.mulLow(oneWord)).Raw()
}

// rootSeeds[i] is the square root of (64+i+1/2)*2^56, to sixteen bits.
var rootSeeds = func() [192]uint32 {
	var table [192]uint32
	root, square := uint64(0), uint64(129<<23)
	for i := range table {
		for (root+1)*(root+1) <= square {
			root++
		}
		table[i] = uint32(root) << 16
		square += 2 << 23
	}
	return table
}()

// isqrt is the square root rounded down: from a table to 32 bits by Newton's iteration, then twice to twice the bits by
// a division (Zimmermann, "Karatsuba square root", INRIA RR-3805, 1999, where a quotient is at most one too large).
func isqrt(n word256) Nat {
	if n.isZero() {
		return Nat{}
	}
	shift := uint(n.leadingZeros()) &^ 1
	n = n.shl(shift)
	r := uint64(rootSeeds[n.w3>>56-64])
	r = (r + n.w3/r) / 2
	r = min((r+n.w3/r)/2, 1<<32-1)
	if r*r > n.w3 {
		r--
	}
	rest := n.w3 - r*r // at most 2r
	q := min((rest<<31|n.w2>>33)/r, 1<<32-1)
	r = r<<32 + q
	hi, lo := bits.Mul64(r, r)
	if hi > n.w3 || hi == n.w3 && lo > n.w2 {
		r--
		hi, lo = bits.Mul64(r, r)
	}
	lo, borrow := bits.Sub64(n.w2, lo, 0)
	hi = n.w3 - hi - borrow // hi:lo is at most 2r
	root := Nat{r, ^uint64(0)}
	if half := hi<<63 | lo>>1; half < r {
		root.lo, _ = div2by1(half, lo<<63|n.w1>>1, r, reciprocal2by1(r))
	}
	if n.cmp(mulNat(root, root)) < 0 {
		root = root.Monus(Nat{lo: 1})
	}
	return root.shr(shift / 2)
}

// Cbrt returns the cube root of a rounded down; a >= 0.
func (c *Calc) Cbrt(a Wad) Wad {
	if a.raw.negative() {
		c.Fail(ErrNegative)
		return Wad{}
	}
	if !a.raw.fits128() { // a*1e36 may leave 256 bits
		root, _ := FromBig(cbrtBig(a.Big()))
		return root
	}
	return cbrt(a.raw.low().scaleUp().mulLow(oneWord)).Raw()
}

// cbrt is Newton's iteration from above, first on the leading word and then on all; it stops at the floor of the root.
func cbrt(n word256) Nat {
	if n.isZero() {
		return Nat{}
	}
	length := 256 - n.leadingZeros()
	k := max(0, length-61) / 3
	leading := n.shl(uint(256-length)).w3 >> uint(64-length+3*k) // n/8^k, below 2^63
	r := Nat{lo: wordCbrt(leading) + 1}.shiftedBy(uint(k))
	for {
		q, _ := n.div(r)
		q, _ = q.div(r)
		sum, _ := q.add(r.wide())
		sum, _ = sum.add(r.wide())
		next, _ := sum.divWord(3)
		if !next.low().Less(r) {
			return r
		}
		r = next.low()
	}
}

func wordCbrt(n uint64) uint64 {
	r := uint64(1) << ((bits.Len64(n) + 2) / 3)
	for {
		next := (2*r + n/(r*r)) / 3
		if next >= r {
			return r
		}
		r = next
	}
}

// cbrtBig is the cube root of raw counts too large for cbrt.
func cbrtBig(raw *big.Int) *big.Int {
	one, three := big.NewInt(oneRaw), big.NewInt(3)
	n := new(big.Int).Mul(raw, one)
	n.Mul(n, one)
	r := new(big.Int).Lsh(big.NewInt(1), uint(n.BitLen()+2)/3)
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
