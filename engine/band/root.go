package band

import (
	"math/bits"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// One squared, 1e36, in words, and its cube root.
const (
	squareHi   = 54_210_108_624_275_221
	squareLo   = 12_919_594_847_110_692_864
	oneRootRaw = 1_000_000_000_000
)

// cubeRoot returns what Calc.Cbrt returns. A volatility changes at every interval, and of a decision with a threshold
// that follows it the root was the larger part: a ratio of volatilities fits one machine word, and then half the time
// is enough. Ratios of 18.4 and more take the general way.
func cubeRoot(c *fixed.Calc, a fixed.Wad) fixed.Wad {
	raw, fits := a.RawUint()
	if !fits || raw == 0 {
		return c.Cbrt(a)
	}
	mid, w0 := bits.Mul64(raw, squareLo)
	w2, low := bits.Mul64(raw, squareHi)
	w1, carry := bits.Add64(low, mid, 0)
	w2 += carry
	// Newton's iteration from above stops at the floor. The root is above w2, so that every quotient fits.
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

// roughSteps brings a start of at most twice the root as near as whole numbers allow a root of 22 bits.
const roughSteps = 5

// roughCubeRoot returns the cube root of n > 0, rounded down, or a little more.
func roughCubeRoot(n uint64) uint64 {
	r := uint64(1) << ((bits.Len64(n) + 2) / 3)
	for range roughSteps {
		r = (2*r + n/(r*r)) / 3
	}
	return r
}
