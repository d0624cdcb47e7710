package band

import (
	"math/bits"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// The roots below give what Calc.Sqrt and Calc.Cbrt give, for arguments below 18.4, whose raw count fits a word. A
// volatility changes at every interval, and the root was most of what a decision cost: a cube root of 256 bits takes
// five times as long and allocates. Larger arguments take the general way.

// One squared, 1e36, in words.
const (
	squareHi = 54_210_108_624_275_221
	squareLo = 12_919_594_847_110_692_864
)

const (
	oneRaw     = 1_000_000_000_000_000_000
	oneRootRaw = 1_000_000_000_000 // the cube root of 1e36
)

// squareRoot returns the root of a, rounded down; a >= 0.
func squareRoot(c *fixed.Calc, a fixed.Wad) fixed.Wad {
	raw, fits := a.RawUint()
	if !fits || raw == 0 {
		return c.Sqrt(a)
	}
	hi, lo := bits.Mul64(raw, oneRaw)
	// Newton's iteration from above stops at the floor. The root is above hi, so every quotient fits a word.
	r := (roughSquareRoot(raw) + 1) * (oneRootRaw / 1_000)
	for {
		q, _ := bits.Div64(hi, lo, r)
		next := (r + q) / 2
		if next >= r {
			return fixed.FromRawUint(r)
		}
		r = next
	}
}

// cubeRoot returns the cube root of a, rounded down; a >= 0.
func cubeRoot(c *fixed.Calc, a fixed.Wad) fixed.Wad {
	raw, fits := a.RawUint()
	if !fits || raw == 0 {
		return c.Cbrt(a)
	}
	mid, w0 := bits.Mul64(raw, squareLo)
	w2, low := bits.Mul64(raw, squareHi)
	w1, carry := bits.Add64(low, mid, 0)
	w2 += carry
	// As above. The root is above w2 and not above its square's quotient, so every quotient fits.
	r := (roughCubeRoot(raw) + 1) * oneRootRaw
	for {
		hi, rest := bits.Div64(w2, w1, r)
		lo, _ := bits.Div64(rest, w0, r)
		q, _ := bits.Div64(hi, lo, r)
		next := (2*r + q) / 3
		if next >= r {
			return fixed.FromRawUint(r)
		}
		r = next
	}
}

// roughSteps brings a start of at most twice the root as near as whole numbers allow a root of 32 bits.
const roughSteps = 5

// roughSquareRoot returns the square root of n > 0, rounded down, or a little more.
func roughSquareRoot(n uint64) uint64 {
	r := uint64(1) << ((bits.Len64(n) + 1) / 2)
	for range roughSteps {
		r = (r + n/r) / 2
	}
	return r
}

// roughCubeRoot returns the cube root of n > 0, rounded down, or a little more.
func roughCubeRoot(n uint64) uint64 {
	r := uint64(1) << ((bits.Len64(n) + 2) / 3)
	for range roughSteps {
		r = (2*r + n/(r*r)) / 3
	}
	return r
}
