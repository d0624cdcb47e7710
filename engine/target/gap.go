package target

import (
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// Fall is the relative fall that a multiplier must survive: z standard deviations of the move between two executions,
// z*sigma*sqrt(seconds/year), sigma being annual. Each step rounds down.
func Fall(c *fixed.Calc, z, sigma fixed.Wad, seconds int64) fixed.Wad {
	years := c.MulDivTrunc(fixed.One(), fixed.FromRaw(seconds), fixed.FromRaw(oracle.SecondsPerYear))
	return c.MulTrunc(z, c.MulTrunc(sigma, c.Sqrt(years)))
}

// MaxMultiplier is the gap rule of CPPI: a fall of more than 1/multiplier between two executions breaks the floor, so
// the multiplier is at most 1/Fall. seconds is the interval and the time that an auction takes. Where nothing can fall
// it fails with fixed.ErrDivideByZero: any multiplier will do.
func MaxMultiplier(c *fixed.Calc, z, sigma fixed.Wad, seconds int64) fixed.Wad {
	return c.DivTrunc(fixed.One(), Fall(c, z, sigma, seconds))
}
