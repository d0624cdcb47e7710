package band

import (
	"math/bits"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// cubeRoot returns what Calc.Cbrt returns. A volatility changes at every interval, and of a decision with a threshold
// that follows it the root was the larger part. A ratio of volatilities fits one machine word, its root 62 bits, and
// then one short division brings as many digits as the long ones of 256 bits. Ratios of 18.4 and more take those.
func cubeRoot(c *fixed.Calc, a fixed.Wad) fixed.Wad {
	raw, fits := a.RawUint()
	if !fits || raw == 0 {
		return c.Cbrt(a)
	}
	n := timesSquare(raw)
	// Newton's iteration from above, r - (r^3-n)/(3r^2). A step that is too short stays above; none is shorter than 1.
	r := (roughCubeRoot(raw) + 1) * oneRootRaw
	for {
		rest, above := cubeOver(r, n)
		if !above {
			return fixed.FromRawUint(r)
		}
		r -= max(1, rest.shortOver(r))
	}
}

// One squared, 1e36, in words, and its cube root.
const (
	squareHi   = 54_210_108_624_275_221
	squareLo   = 12_919_594_847_110_692_864
	oneRootRaw = 1_000_000_000_000
)

// rootsOfTwo are the powers 0, 1/3 and 2/3 of two in 2^-16, rounded up.
var rootsOfTwo = [3]uint64{65_536, 82_571, 104_032}

// roughSteps brings a start of at most 1.26 times the root as near as whole numbers allow a root of 22 bits.
const roughSteps = 3

// roughCubeRoot returns the cube root of n > 0, rounded down, or a little more.
func roughCubeRoot(n uint64) uint64 {
	size := bits.Len64(n)
	r := rootsOfTwo[size%3]<<(size/3)>>16 + 1
	for range roughSteps {
		r = (2*r + n/(r*r)) / 3
	}
	return r
}

// word192 is an unsigned integer of three words.
type word192 struct{ w2, w1, w0 uint64 }

// timesSquare returns n*1e36.
func timesSquare(n uint64) word192 {
	mid, w0 := bits.Mul64(n, squareLo)
	w2, low := bits.Mul64(n, squareHi)
	w1, carry := bits.Add64(low, mid, 0)
	return word192{w2 + carry, w1, w0}
}

// cubeOver returns r^3-n and whether it is above zero.
func cubeOver(r uint64, n word192) (word192, bool) {
	hi, lo := bits.Mul64(r, r)
	mid, w0 := bits.Mul64(lo, r)
	w2, low := bits.Mul64(hi, r)
	w1, carry := bits.Add64(low, mid, 0)
	var d word192
	var borrow uint64
	d.w0, borrow = bits.Sub64(w0, n.w0, 0)
	d.w1, borrow = bits.Sub64(w1, n.w1, borrow)
	d.w2, borrow = bits.Sub64(w2+carry, n.w2, borrow)
	return d, borrow == 0 && d != word192{}
}

// shortOver returns n/(3r^2) from the leading 64 bits of both, never too large; r is below 2^62.
func (n word192) shortOver(r uint64) uint64 {
	hi, lo := bits.Mul64(r, r)
	carry, lo3 := bits.Mul64(lo, 3)
	divisor := word192{0, 3*hi + carry, lo3}
	size := 64 + bits.Len64(n.w1|divisor.w1)
	if n.w2 > 0 {
		size = 128 + bits.Len64(n.w2)
	}
	shift := uint(size - 64)
	return n.leading(shift) / (divisor.leading(shift) + 1)
}

// leading returns n shifted right, if what is left fits a word.
func (n word192) leading(shift uint) uint64 {
	if shift < 64 {
		return n.w1<<(64-shift) | n.w0>>shift
	}
	return n.w2<<(128-shift) | n.w1>>(shift-64)
}
