package metrics

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// SufficientReturns is the number of returns below which a deviation says little.
const SufficientReturns = 20

// Performance measures a series of NAVs per share, equally spaced in time, against the returns of a benchmark. The
// zero value is empty.
type Performance struct {
	returns, active fixed.Moments
	first, last     fixed.Wad
	drawdown        Drawdown
}

// Figures is what a Performance says. Returns and deviations are fractions, not percent.
type Figures struct {
	Returns      int64 // number of returns, one less than the samples
	Insufficient bool  // fewer than SufficientReturns
	TotalReturn  fixed.Wad
	// StepVolatility and StepTrackingError are sample deviations per step; Volatility and TrackingError the same per
	// year, times the square root of the steps of a year.
	StepVolatility, StepTrackingError fixed.Wad
	Volatility, TrackingError         fixed.Wad
	// Sharpe is the mean return above the risk-free one over the deviation, both per year; HasSharpe is false when the
	// deviation is zero.
	Sharpe    fixed.Wad
	HasSharpe bool
	Drawdown  Drawdown
}

// Observe takes in the NAV per share at the end of a step and the return of the benchmark over the step, which is
// ignored for the first sample. ErrSample when the NAV is not above zero.
func (p *Performance) Observe(nav, benchmark fixed.Wad) error {
	if nav.Sign() <= 0 {
		return fmt.Errorf("%w: expected a NAV above zero, got %v", ErrSample, nav)
	}
	if p.first.IsZero() {
		p.first = nav
		return p.mark(nav)
	}
	var c fixed.Calc
	r := c.Sub(c.DivTrunc(nav, p.last), fixed.One())
	active := c.Sub(r, benchmark)
	if err := c.Err(); err != nil {
		return fmt.Errorf("metrics: return from NAV %v to %v: %w", p.last, nav, err)
	}
	if err := p.returns.Add(r); err != nil {
		return fmt.Errorf("metrics: return %v: %w", r, err)
	}
	if err := p.active.Add(active); err != nil {
		err = errors.Join(err, p.returns.Remove(r)) // which was added just now
		return fmt.Errorf("metrics: return %v against %v: %w", r, benchmark, err)
	}
	return p.mark(nav)
}

func (p *Performance) mark(nav fixed.Wad) error {
	p.last = nav
	return p.drawdown.Observe(nav)
}

// Figures reports the series so far; a year has stepsPerYear steps, riskFree is the risk-free return of one step.
func (p *Performance) Figures(stepsPerYear int64, riskFree fixed.Wad) (Figures, error) {
	if stepsPerYear <= 0 {
		return Figures{}, fmt.Errorf("%w: expected steps per year above zero, got %d", ErrSample, stepsPerYear)
	}
	n := p.returns.Count()
	f := Figures{
		Returns:           n,
		Insufficient:      n < SufficientReturns,
		StepVolatility:    p.returns.SampleDeviation(),
		StepTrackingError: p.active.SampleDeviation(),
		Drawdown:          p.drawdown,
	}
	var c fixed.Calc
	root := c.Sqrt(fixed.FromInt(stepsPerYear))
	f.Volatility = c.MulTrunc(f.StepVolatility, root)
	f.TrackingError = c.MulTrunc(f.StepTrackingError, root)
	if n > 0 {
		f.TotalReturn = Return(&c, p.first, p.last)
	}
	if !f.Volatility.IsZero() {
		excess := c.MulInt(c.Sub(p.returns.Mean(), riskFree), stepsPerYear)
		f.Sharpe, f.HasSharpe = c.DivTrunc(excess, f.Volatility), true
	}
	if err := c.Err(); err != nil {
		return Figures{}, fmt.Errorf("metrics: figures: %w", err)
	}
	return f, nil
}

// Return is end/start - 1.
func Return(c *fixed.Calc, start, end fixed.Wad) fixed.Wad {
	return c.Sub(c.DivTrunc(end, start), fixed.One())
}

// TrackingDifference is the return of a portfolio less that of its benchmark, over the same time.
func TrackingDifference(c *fixed.Calc, start, end, benchStart, benchEnd fixed.Wad) fixed.Wad {
	return c.Sub(c.DivTrunc(end, start), c.DivTrunc(benchEnd, benchStart))
}
