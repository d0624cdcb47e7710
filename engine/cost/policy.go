package cost

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// Setting is what a policy is judged in. Rates are per year.
type Setting struct {
	// Sigma is the volatility of the asset against the rest of the portfolio.
	Sigma fixed.Wad
	// Diffusion is the volatility of its weight; see Diffusion, the function.
	Diffusion fixed.Wad
	// Gamma is the aversion to risk: variance costs gamma*sigma^2/2 for each unit.
	Gamma fixed.Wad
	// Proportional is the cost of a unit of one-way turnover, both legs together.
	Proportional fixed.Wad
	// Fixed is the cost of one rebalance as a part of the value.
	Fixed fixed.Wad
}

// Outcome is what a policy does in an average year.
type Outcome struct {
	// Variance is the time average of the squared deviation of the weight.
	Variance fixed.Wad
	// TrackingError is sigma*sqrt(Variance), the deviation of the return.
	TrackingError fixed.Wad
	// Turnover is what is traded one way, in parts of the value.
	Turnover fixed.Wad
	// Frequency is the number of rebalances. A policy that trades to the edge of its band trades a little at every
	// check of its host, so it has none of its own and Frequency is 0.
	Frequency fixed.Wad
	// Cost is the proportional cost of the turnover and the fixed cost of the rebalances.
	Cost fixed.Wad
	// Objective is gamma*sigma^2/2*Variance + Cost: what the user wants least of.
	Objective fixed.Wad
}

// Validate returns ErrPolicy unless volatilities and the aversion to risk are positive and costs not negative.
func (s Setting) Validate() error {
	if s.Sigma.Sign() <= 0 || s.Diffusion.Sign() <= 0 || s.Gamma.Sign() <= 0 {
		return fmt.Errorf("%w: expected a positive sigma, diffusion and gamma, got %v, %v and %v",
			ErrPolicy, s.Sigma, s.Diffusion, s.Gamma)
	}
	if s.Proportional.Sign() < 0 || s.Fixed.Sign() < 0 {
		return fmt.Errorf("%w: expected costs of 0 or more, got %v and %v", ErrPolicy, s.Proportional, s.Fixed)
	}
	return nil
}

// Band waits until the weight is outer away from its target and trades back to inner, 0 <= inner < outer.
func (s Setting) Band(c *fixed.Calc, outer, inner fixed.Wad) Outcome {
	if inner.Sign() < 0 || outer.Cmp(inner) <= 0 {
		c.Fail(fmt.Errorf("%w: expected 0 <= inner < outer, got %v and %v", ErrPolicy, inner, outer))
		return Outcome{}
	}
	s2, h2, a2 := square(c, s.Diffusion), square(c, outer), square(c, inner)
	return s.judge(c, Outcome{
		Variance:  c.DivIntTrunc(c.Add(h2, a2), 6),
		Turnover:  c.DivTrunc(s2, c.Add(outer, inner)),
		Frequency: c.DivTrunc(s2, c.Sub(h2, a2)),
	})
}

// ToTarget waits until the weight is half away from its target and trades all the way back.
func (s Setting) ToTarget(c *fixed.Calc, half fixed.Wad) Outcome { return s.Band(c, half, fixed.Wad{}) }

// ToEdge keeps the weight within half of its target and trades no further than to that edge; half > 0.
func (s Setting) ToEdge(c *fixed.Calc, half fixed.Wad) Outcome {
	if half.Sign() <= 0 {
		c.Fail(fmt.Errorf("%w: expected a positive half width, got %v", ErrPolicy, half))
		return Outcome{}
	}
	return s.judge(c, Outcome{
		Variance: c.DivIntTrunc(square(c, half), 3),
		Turnover: c.DivTrunc(square(c, s.Diffusion), c.MulInt(half, 2)),
	})
}

// Periodic trades to the target every so many seconds.
func (s Setting) Periodic(c *fixed.Calc, seconds int64) Outcome {
	t := years(c, seconds)
	return s.judge(c, Outcome{
		Variance:  c.DivIntTrunc(c.MulTrunc(square(c, s.Diffusion), t), 2),
		Turnover:  c.MulTrunc(s.Diffusion, c.Sqrt(c.DivTrunc(twoOverPi(), t))),
		Frequency: c.DivTrunc(fixed.One(), t),
	})
}

// Partial trades the part gain of the deviation every so many seconds: a proportional controller. gain is the gain
// times the expected fill, above 0 and below 2, where the loop is stable.
func (s Setting) Partial(c *fixed.Calc, gain fixed.Wad, seconds int64) Outcome {
	if gain.Sign() <= 0 || fixed.FromInt(2).Cmp(gain) <= 0 {
		c.Fail(fmt.Errorf("%w: expected a gain above 0 and below 2, got %v", ErrPolicy, gain))
		return Outcome{}
	}
	t := years(c, seconds)
	damped := c.MulTrunc(gain, c.Sub(fixed.FromInt(2), gain)) // 1-r^2 for r = 1-gain
	before := c.DivTrunc(c.MulTrunc(square(c, s.Diffusion), t), damped)
	return s.judge(c, Outcome{
		Variance:  c.DivIntTrunc(c.MulTrunc(before, c.Sub(fixed.FromInt(2), damped)), 2),
		Turnover:  c.MulDivTrunc(gain, c.Sqrt(c.MulTrunc(before, twoOverPi())), t),
		Frequency: c.DivTrunc(fixed.One(), t),
	})
}

// judge adds what follows from variance, turnover and frequency.
func (s Setting) judge(c *fixed.Calc, o Outcome) Outcome {
	o.TrackingError = c.MulTrunc(s.Sigma, c.Sqrt(o.Variance))
	o.Cost = c.Add(c.MulTrunc(s.Proportional, o.Turnover), c.MulTrunc(s.Fixed, o.Frequency))
	o.Objective = c.Add(c.MulTrunc(s.aversion(c), o.Variance), o.Cost)
	return o
}

// aversion is gamma*sigma^2/2.
func (s Setting) aversion(c *fixed.Calc) fixed.Wad {
	return c.DivIntTrunc(c.MulTrunc(s.Gamma, square(c, s.Sigma)), 2)
}

// PeriodSeconds is the period that is best for Periodic without a fixed cost, (c/(A s)*sqrt(2/pi))^(2/3) years, in
// whole seconds, rounded down. Where trading costs nothing it is 0.
func (s Setting) PeriodSeconds(c *fixed.Calc) int64 {
	x := c.DivTrunc(s.Proportional, c.MulTrunc(s.aversion(c), s.Diffusion))
	t := c.Cbrt(c.MulTrunc(square(c, x), twoOverPi()))
	seconds, fits := c.MulDivDown(t, fixed.FromRaw(oracle.SecondsPerYear), fixed.One()).RawUint()
	if !fits || seconds > 1<<62 {
		c.Fail(fmt.Errorf("%w: expected a period below 2^62 s, got %v years", ErrPolicy, t))
		return 0
	}
	return int64(seconds)
}

// years turns seconds into a positive part of a year.
func years(c *fixed.Calc, seconds int64) fixed.Wad {
	if seconds <= 0 {
		c.Fail(fmt.Errorf("%w: expected a positive period, got %d s", ErrPolicy, seconds))
		return fixed.One()
	}
	return c.MulDivTrunc(fixed.One(), fixed.FromRaw(seconds), fixed.FromRaw(oracle.SecondsPerYear))
}

func square(c *fixed.Calc, a fixed.Wad) fixed.Wad { return c.MulTrunc(a, a) }

// twoOverPi is 2/pi, rounded down.
func twoOverPi() fixed.Wad { return fixed.FromRaw(636_619_772_367_581_343) }
