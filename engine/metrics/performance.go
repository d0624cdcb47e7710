package metrics

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
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

// Leg is an asset of a portfolio between two looks at it. What was traded is what the portfolio's own orders sold and
// got, in base units.
type Leg struct {
	Weight, Target fixed.Wad    // at the look before
	Before, Now    fixed.Wad    // prices; Before is zero for an asset that was not looked at
	Bought, Sold   asset.Amount // since the look before
	AllBought      asset.Amount // since the first look
	AllSold        asset.Amount
	Exponent       uint8
}

// Benchmarks are what other ways of holding the same money would be worth: Hold, had it traded nothing since the first
// look, and Mix, had it kept the target weights of each look until the next without costs. What came in or went out by
// other ways than trading counts the same in all three.
type Benchmarks struct{ Hold, Mix fixed.Wad }

// Held are the benchmarks at the first look: all are the NAV.
func Held(nav fixed.Wad) Benchmarks { return Benchmarks{nav, nav} }

// Next takes the benchmarks from a look to the next, between two NAVs. Hold is the NAV less the value of everything
// that was bought, with that of what was sold, at the prices of now. What came in is the NAV less what the holdings of
// the look before grew to and what was traded; Mix grows by its own weights and takes that in. Products are truncated.
func (b Benchmarks) Next(c *fixed.Calc, before, now fixed.Wad, legs []Leg) Benchmarks {
	hold, flow := now, now
	var grown fixed.Wad
	for i := range legs {
		l := &legs[i]
		value := func(n asset.Amount) fixed.Wad { return asset.ValueDown(c, n, l.Now, l.Exponent) }
		hold = c.Add(c.Sub(hold, value(l.AllBought)), value(l.AllSold))
		flow = c.Add(c.Sub(flow, value(l.Bought)), value(l.Sold))
		if l.Before.Sign() <= 0 {
			continue
		}
		flow = c.Sub(flow, c.MulDivTrunc(c.MulTrunc(before, l.Weight), l.Now, l.Before))
		grown = c.Add(grown, c.MulDivTrunc(l.Target, l.Now, l.Before))
	}
	return Benchmarks{Hold: hold, Mix: c.Add(c.MulTrunc(b.Mix, grown), flow)}
}
