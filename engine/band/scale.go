package band

import (
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// Exponent says how a threshold or a width follows the volatility: as (sigma/reference)^exponent.
type Exponent uint8

// Exponents. Flat does not follow; Inverse keeps the tracking error, Linear the number of trades, CubeRoot the optimum
// when spreads widen with the volatility.
const (
	Flat Exponent = iota
	CubeRoot
	SquareRoot
	Linear
	Inverse
	exponentCount
)

var exponentText = [exponentCount]string{"0", "1/3", "1/2", "1", "-1"}

// String returns the exponent as a fraction.
func (e Exponent) String() string {
	if e >= exponentCount {
		return "unknown exponent"
	}
	return exponentText[e]
}

// Valid reports a known exponent.
func (e Exponent) Valid() bool { return e < exponentCount }

// Scale returns value*(sigma/reference)^e, every step toward zero; sigma and reference are positive.
func (e Exponent) Scale(c *fixed.Calc, value, sigma, reference fixed.Wad) fixed.Wad {
	if e == Flat {
		return value
	}
	ratio := c.DivTrunc(sigma, reference)
	if e == Inverse {
		return c.DivTrunc(value, ratio.Max(fixed.FromRaw(1))) // a ratio below the last digit is not a division by zero
	}
	if e == CubeRoot {
		ratio = cubeRoot(c, ratio)
	}
	if e == SquareRoot {
		ratio = c.Sqrt(ratio)
	}
	return c.MulTrunc(value, ratio)
}

// Horizon returns the root of a time in years, the factor from an annual deviation to that of the time.
func Horizon(c *fixed.Calc, seconds int64) fixed.Wad {
	return c.Sqrt(c.DivIntTrunc(fixed.FromInt(seconds), oracle.SecondsPerYear))
}
