package cost

import "github.com/ballast-finance/ballast/engine/fixed"

// Diffusion is the annual volatility s = w(1-w)*sigma of the weight w of an asset whose volatility against the rest of
// the portfolio is sigma.
func Diffusion(c *fixed.Calc, weight, sigma fixed.Wad) fixed.Wad {
	return c.MulTrunc(spread(c, weight), sigma)
}

// HalfWidth is the half width of the no-trade region under a proportional cost, to the edge of which it is best to
// trade: (3/(2 gamma) * cost * w^2 (1-w)^2)^(1/3). It does not depend on sigma. cost is the cost of a unit of one-way
// turnover, gamma > 0.
func HalfWidth(c *fixed.Calc, cost, gamma, weight fixed.Wad) fixed.Wad {
	return c.Cbrt(c.DivTrunc(c.MulInt(c.MulTrunc(cost, square(c, spread(c, weight))), 3), c.MulInt(gamma, 2)))
}

// FixedHalfWidth is the half width at which it is best to trade back to the target when a rebalance has a fixed cost,
// as a part of the value, and no other: (12/gamma * fixedCost * w^2 (1-w)^2)^(1/4).
func FixedHalfWidth(c *fixed.Calc, fixedCost, gamma, weight fixed.Wad) fixed.Wad {
	return c.Sqrt(c.Sqrt(c.DivTrunc(c.MulInt(c.MulTrunc(fixedCost, square(c, spread(c, weight))), 12), gamma)))
}

// CheckedHalfWidth is the half width that a band acts like when it is looked at only every so many seconds: the weight
// passes the band before anyone sees it, by 0.5826*s*sqrt(seconds) on average.
func CheckedHalfWidth(c *fixed.Calc, half, diffusion fixed.Wad, seconds int64) fixed.Wad {
	return c.Add(half, c.MulTrunc(c.MulTrunc(overshoot(), diffusion), c.Sqrt(years(c, seconds))))
}

// Flatness is what a band that is ratio times the best one costs, in parts of the cost of the best one:
// (ratio^2 + 2/ratio)/3.
func Flatness(c *fixed.Calc, ratio fixed.Wad) fixed.Wad {
	return c.DivIntTrunc(c.Add(square(c, ratio), c.DivTrunc(fixed.FromInt(2), ratio)), 3)
}

// spread is w(1-w).
func spread(c *fixed.Calc, weight fixed.Wad) fixed.Wad {
	return c.MulTrunc(weight, c.Sub(fixed.One(), weight))
}

// overshoot is -zeta(1/2)/sqrt(2 pi) to four places, as the literature has it.
func overshoot() fixed.Wad { return fixed.FromRaw(582_600_000_000_000_000) }
