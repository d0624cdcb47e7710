package band

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Width returns the width of the band around a target. The half-width is that of the no-trade region, as a weight;
// zero if it does not matter. Samples are read by the estimators that are Sampled only and may be nil for the others.
// A target outside 0..1 is ErrWeight; a target of zero has no relative width and gets the default one.
func (cfg *Config) Width(s *Samples, target, halfWidth fixed.Wad) (Width, error) {
	if target.Sign() < 0 || fixed.One().Less(target) {
		return Width{}, fmt.Errorf("%w: expected a target of 0..1, got %v", ErrWeight, target)
	}
	switch {
	case cfg.Estimator == Off:
		return Width{}, nil
	case cfg.Estimator == Static || target.IsZero():
		return cfg.Default, nil
	case cfg.Estimator == NoTrade:
		return cfg.Spread(target, fixed.Wad{}, halfWidth)
	}
	sd, n, err := s.Deviation(cfg.Estimator, cfg.HorizonDays)
	if err != nil {
		return Width{}, err
	}
	if n < cfg.WarmUp {
		return cfg.Default, nil
	}
	return cfg.Spread(target, sd, halfWidth)
}

// Spread returns the width around a target above zero whose weight has the given deviation, whoever estimated it.
func (cfg *Config) Spread(target, deviation, halfWidth fixed.Wad) (Width, error) {
	var c fixed.Calc
	// The owner's MaxX is a promise; that trading is dear does not override it.
	floor := c.DivTrunc(halfWidth, target).Max(cfg.MinX).Min(cfg.MaxX)
	x := c.DivTrunc(c.MulTrunc(cfg.K1, deviation), target).Clamp(floor, cfg.MaxX)
	y := c.DivTrunc(c.MulTrunc(cfg.K2, deviation), target)
	if err := c.Err(); err != nil {
		return Width{}, fmt.Errorf("band: width around %v for a deviation of %v: %w", target, deviation, err)
	}
	return Width{X: x, Y: cfg.outer(&c, x, y)}, nil
}

// Scale returns the width times a factor, such as Exponent.Scale gives, within the limits of the configuration.
func (cfg *Config) Scale(c *fixed.Calc, w Width, factor fixed.Wad) Width {
	x := c.MulTrunc(w.X, factor).Clamp(cfg.MinX, cfg.MaxX)
	return Width{X: x, Y: cfg.outer(c, x, c.MulTrunc(w.Y, factor))}
}

// outer holds an outer width to its limits.
func (cfg *Config) outer(c *fixed.Calc, x, y fixed.Wad) fixed.Wad {
	return y.Max(c.MulTrunc(cfg.Ratio, x)).Min(cfg.MaxY)
}
