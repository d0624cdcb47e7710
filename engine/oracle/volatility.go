package oracle

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// VolatilityConfig is how returns become a volatility (spec 02 §2.2).
type VolatilityConfig struct {
	TauSeconds int64     // memory of the moving average
	MinSeconds int64     // samples closer together than this are ignored
	Winsor     fixed.Wad // deviations to which a return is cut, 0 for none
	Initial    fixed.Wad // annual volatility before any return, 0 to take the first return as it is
	Floor      fixed.Wad // the least annual volatility that is reported
}

// Validate checks the ranges.
func (cfg *VolatilityConfig) Validate() error {
	if min(cfg.TauSeconds, cfg.MinSeconds) < 1 || max(cfg.TauSeconds, cfg.MinSeconds) > maxWindowSeconds {
		return fmt.Errorf("%w: expected a memory and a least distance of samples of 1..%d s, got %d and %d",
			ErrConfig, maxWindowSeconds, cfg.TauSeconds, cfg.MinSeconds)
	}
	most := fixed.FromInt(100)
	return ranges{
		{"cut of returns", cfg.Winsor, fixed.Wad{}, most},
		{"initial volatility", cfg.Initial, fixed.Wad{}, most},
		{"least volatility", cfg.Floor, fixed.Wad{}, most},
	}.check()
}

// Volatility is an exponentially weighted moving average of squared returns at irregular times. The zero value is
// empty. All fields are state that a host may store.
type Volatility struct {
	Variance fixed.Wad // annual
	Sigma    fixed.Wad // its root, annual; rounded down
	Value    fixed.Wad // price of the last sample that counted
	Time     int64     // of that sample
	Known    bool      // whether Variance holds anything
}

// Observe takes a price in. A return is 2(b-a)/(a+b), which is odd and needs no logarithm; its weight dt/(tau+dt) never
// overshoots.
func (v *Volatility) Observe(cfg *VolatilityConfig, now int64, value fixed.Wad) error {
	if err := CheckPrice(value); err != nil {
		return err
	}
	var c fixed.Calc
	v.observe(&c, cfg, now, value)
	return c.Err()
}

// observe is Observe for a value that is valid.
func (v *Volatility) observe(c *fixed.Calc, cfg *VolatilityConfig, now int64, value fixed.Wad) {
	elapsed := now - v.Time
	switch {
	case v.Value.IsZero():
		v.Known, v.Sigma = !cfg.Initial.IsZero(), cfg.Initial
		v.Variance = c.MulTrunc(cfg.Initial, cfg.Initial)
	case elapsed < cfg.MinSeconds:
		return
	default:
		v.Variance = v.next(c, cfg, elapsed, value)
		v.Known, v.Sigma = true, c.Sqrt(v.Variance)
	}
	v.Value, v.Time = value, now
}

// next is the variance after a return.
func (v *Volatility) next(c *fixed.Calc, cfg *VolatilityConfig, elapsed int64, value fixed.Wad) fixed.Wad {
	r := c.DivTrunc(c.MulInt(c.Sub(value, v.Value), 2), c.Add(value, v.Value)).Abs()
	if v.Known && !v.Sigma.IsZero() && !cfg.Winsor.IsZero() {
		r = r.Min(c.MulTrunc(cfg.Winsor, drift(c, v.Sigma, elapsed)))
	}
	instant := c.DivIntTrunc(c.MulInt(c.MulTrunc(r, r), SecondsPerYear), elapsed)
	if !v.Known {
		return instant
	}
	alpha := c.DivIntTrunc(fixed.FromInt(elapsed), cfg.TauSeconds+elapsed)
	return c.Add(v.Variance, c.MulTrunc(alpha, c.Sub(instant, v.Variance)))
}

// MaxReturns is the most returns that a Realised keeps.
const MaxReturns = 64

// Realised is the volatility realised over the last returns of equal distance. The zero value is empty. All fields are
// state that a host may store.
type Realised struct {
	Squares [MaxReturns]fixed.Wad // circular
	Sum     fixed.Wad
	Value   fixed.Wad // last price
	Next    uint8
	Count   uint8
}

// Observe takes the price of the next step in; window is the number of returns to keep, 1..MaxReturns.
func (r *Realised) Observe(window int, value fixed.Wad) error {
	if window < 1 || window > MaxReturns {
		return fmt.Errorf("%w: expected a window of 1..%d returns, got %d", ErrConfig, MaxReturns, window)
	}
	if err := CheckPrice(value); err != nil {
		return err
	}
	before := r.Value
	r.Value = value
	if before.IsZero() {
		return nil
	}
	var c fixed.Calc
	change := c.DivTrunc(c.MulInt(c.Sub(value, before), 2), c.Add(value, before))
	square := c.MulTrunc(change, change)
	for int(r.Count) >= window {
		oldest := (int(r.Next) + MaxReturns - int(r.Count)) % MaxReturns
		r.Sum = c.Sub(r.Sum, r.Squares[oldest])
		r.Count--
	}
	r.Sum = c.Add(r.Sum, square)
	r.Squares[r.Next] = square
	r.Next = (r.Next + 1) % MaxReturns
	r.Count++
	return c.Err()
}

// Sigma is the annual volatility sqrt(sum/n*year/step), rounded down; 0 without returns. Samples are stepSeconds apart.
func (r *Realised) Sigma(stepSeconds int64) (fixed.Wad, error) {
	if stepSeconds < 1 || stepSeconds > maxWindowSeconds {
		return fixed.Wad{}, fmt.Errorf("%w: expected a step of 1..%d s, got %d", ErrConfig, maxWindowSeconds, stepSeconds)
	}
	if r.Count == 0 {
		return fixed.Wad{}, nil
	}
	var c fixed.Calc
	return c.Sqrt(c.DivIntTrunc(c.MulInt(r.Sum, SecondsPerYear), int64(r.Count)*stepSeconds)), c.Err()
}
