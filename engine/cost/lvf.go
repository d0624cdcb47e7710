package cost

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// BlockVariance is the variance of the logarithm of a price between two blocks, sigma^2*seconds/year, rounded down.
func BlockVariance(c *fixed.Calc, sigma fixed.Wad, seconds int64) fixed.Wad {
	return c.MulDivDown(square(c, sigma), fixed.FromRaw(seconds), fixed.FromRaw(oracle.SecondsPerYear))
}

// Zeta is the rate zeta = 2/(sqrt(decay^2+2*variance)+decay) of the exponential undershoot at which an auction fills:
// the clock price falls by decay in each block, relatively, and the fair price has the variance of BlockVariance.
func Zeta(c *fixed.Calc, decay, variance fixed.Wad) fixed.Wad {
	return c.DivTrunc(fixed.FromInt(2), reach(c, decay, variance))
}

// LVF is the expected loss of an auction's seller against the fair price at the fill, 1/(1+zeta): no faster decay than
// DecayPerBlock keeps it within a budget. A single bidder is assumed; competition can only lower it.
func LVF(c *fixed.Calc, decay, variance fixed.Wad) fixed.Wad {
	r := reach(c, decay, variance)
	return c.DivTrunc(r, c.Add(r, fixed.FromInt(2)))
}

// FillSeconds is the expected time to the fill of an auction that starts above the fair price by gap, relatively:
// (gap+1/zeta)/decay blocks of so many seconds; decay > 0.
func FillSeconds(c *fixed.Calc, gap, decay, variance fixed.Wad, seconds int64) fixed.Wad {
	distance := c.Add(gap, c.DivIntTrunc(reach(c, decay, variance), 2))
	return c.MulDivDown(c.MulInt(distance, seconds), fixed.One(), decay)
}

// DecayPerBlock is the fastest relative decay per block that keeps LVF within a loss budget:
// s - variance/(2 s), s = loss/(1-loss). A budget below what a clock at rest loses is ErrLoss, and so is one of 1 or
// more.
func DecayPerBlock(c *fixed.Calc, loss, variance fixed.Wad) fixed.Wad {
	if loss.Sign() <= 0 || fixed.One().Cmp(loss) <= 0 {
		c.Fail(fmt.Errorf("%w: expected a budget above 0 and below 1, got %v", ErrLoss, loss))
		return fixed.Wad{}
	}
	s := c.DivTrunc(loss, c.Sub(fixed.One(), loss))
	decay := c.Sub(s, c.DivTrunc(variance, c.MulInt(s, 2)))
	if decay.Sign() <= 0 {
		c.Fail(fmt.Errorf("%w: expected more than sqrt(variance/2) of variance %v per block, got %v",
			ErrLoss, variance, loss))
		return fixed.Wad{}
	}
	return decay
}

// reach is 2/zeta. The form of the specification, (sqrt(decay^2+2*variance)-decay)/variance, subtracts nearly equal
// numbers; this is the same, multiplied out.
func reach(c *fixed.Calc, decay, variance fixed.Wad) fixed.Wad {
	return c.Add(c.Sqrt(c.Add(square(c, decay), c.MulInt(variance, 2))), decay)
}
