package oracle

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// BreakerConfig is how far a price may be from its own past (spec 06 §6.1 step 10).
type BreakerConfig struct {
	WindowSeconds int64     // of the mean that a price is compared with
	Floor         fixed.Wad // relative distance that is always allowed
	Z             fixed.Wad // and that many deviations of the window more
	ClearAfter    int       // good samples in a row that close an open breaker
}

// Validate checks the ranges.
func (cfg *BreakerConfig) Validate() error {
	if cfg.WindowSeconds <= 0 || cfg.WindowSeconds > maxWindowSeconds || cfg.ClearAfter < 1 || cfg.ClearAfter > 1_000 {
		return fmt.Errorf("%w: expected a window of 1..%d s and 1..1000 good samples, got %d and %d",
			ErrConfig, maxWindowSeconds, cfg.WindowSeconds, cfg.ClearAfter)
	}
	return ranges{
		{"breaker floor", cfg.Floor, fixed.Wad{}, fixed.One()},
		{"breaker width", cfg.Z, fixed.Wad{}, fixed.FromInt(100)},
	}.check()
}

// Breaker stops the use of a price that has left its own past. The zero value is closed.
type Breaker struct {
	Open bool
	Good int // good samples in a row while open
}

// Reading is a price's distance from its mean and the limit of it, both relative to the mean.
type Reading struct{ Distance, Limit fixed.Wad }

// Read measures a value against its mean. Samples further apart than the window allow for the time between them: what
// a day can do is no fault of a price that is seen once a day.
func (cfg *BreakerConfig) Read(c *fixed.Calc, value, mean, sigma fixed.Wad, elapsedSeconds int64) Reading {
	return Reading{
		Distance: c.DivTrunc(c.Sub(value, mean).Abs(), mean),
		Limit:    c.Add(cfg.Floor, c.MulTrunc(cfg.Z, drift(c, sigma, max(cfg.WindowSeconds, elapsedSeconds)))),
	}
}

// Next is the breaker after a reading. A bad one opens it; ClearAfter good ones in a row close it.
func (b Breaker) Next(cfg *BreakerConfig, r Reading) Breaker {
	switch {
	case r.Limit.Less(r.Distance):
		return Breaker{Open: true}
	case b.Open && b.Good+1 < cfg.ClearAfter:
		return Breaker{Open: true, Good: b.Good + 1}
	}
	return Breaker{}
}

// Missed is the breaker after a sample without a price: it breaks a row of good ones.
func (b Breaker) Missed() Breaker { return Breaker{Open: b.Open} }
