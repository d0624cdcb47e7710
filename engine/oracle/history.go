package oracle

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// HistoryConfig is what a History needs to know.
type HistoryConfig struct {
	Breaker     BreakerConfig
	Volatility  VolatilityConfig
	MeanSeconds int64 // window of the time-weighted mean in a Price
}

// DefaultHistoryConfig is the configuration of the specification: a breaker of 1 % and four deviations about the mean
// of five minutes, a volatility with a memory of a day, a mean of a day.
func DefaultHistoryConfig() HistoryConfig {
	return HistoryConfig{
		Breaker:     BreakerConfig{WindowSeconds: 300, Floor: fixed.FromBps(100), Z: fixed.FromInt(4), ClearAfter: 3},
		Volatility:  VolatilityConfig{TauSeconds: 86_400, MinSeconds: 1, Winsor: fixed.FromInt(5)},
		MeanSeconds: 86_400,
	}
}

// Validate checks the ranges.
func (cfg *HistoryConfig) Validate() error {
	if cfg.MeanSeconds <= 0 || cfg.MeanSeconds > maxWindowSeconds {
		return fmt.Errorf("%w: expected a mean over 1..%d s, got %d", ErrConfig, maxWindowSeconds, cfg.MeanSeconds)
	}
	if err := cfg.Breaker.Validate(); err != nil {
		return err
	}
	return cfg.Volatility.Validate()
}

// History is all that the oracle remembers of one asset: the last good price, its means, its volatility and the
// breaker. A host feeds it one Aggregation at a time and gets the Price to publish. The zero value is empty; a copy is
// independent. All fields are state that a host may store.
type History struct {
	Time       int64 // of the last aggregation, good or not
	Good       Good
	Breaker    Breaker
	Missing    bool // the last aggregation had no quorum
	Volatility Volatility
	Short      Ring // for the breaker
	Long       Ring // for the mean that is published
}

// Good is the last price that passed the breaker.
type Good struct {
	Value      fixed.Wad
	Dispersion fixed.Wad
	Time       int64 // of the aggregation
	AgeSeconds int64 // of its sources, then
	Classes    int
}

// Certain is the aggregation of a price that needs no sources, such as one of a recorded market.
func Certain(value fixed.Wad, classes int) Aggregation {
	return Aggregation{Status: StatusOK, Value: value, Mean: value, Median: value, Centre: value, Classes: classes}
}

// Validate checks a history that was stored.
func (h *History) Validate() error {
	if h.Time < 0 || h.Good.Time > h.Time || h.Breaker.Good < 0 || h.Volatility.Time > h.Time {
		return fmt.Errorf("%w: expected no time after %d", ErrState, h.Time)
	}
	if max(h.Short.Time, h.Long.Time) > h.Time {
		return fmt.Errorf("%w: expected no observation after %d", ErrState, h.Time)
	}
	if err := h.Short.Validate(); err != nil {
		return err
	}
	return h.Long.Validate()
}

// Sigma is the annual volatility so far, at least the floor: what Aggregate wants.
func (h *History) Sigma(cfg *HistoryConfig) fixed.Wad {
	return h.Volatility.Sigma.Max(cfg.Volatility.Floor)
}

// Observe takes an aggregation in and returns the price to publish. Breaker and means see only what came before, so
// that a price is never measured against itself; an open breaker keeps watching, and closes once the mean has come to
// the price or the price back to the mean. A time that runs backwards or a value outside (0, 1e18] is an error that
// changes nothing. The configuration must be valid.
func (h *History) Observe(cfg *HistoryConfig, now int64, a *Aggregation) (Price, error) {
	if now < h.Time {
		return Price{}, fmt.Errorf("%w: expected %d or later, got %d", ErrTime, h.Time, now)
	}
	if a.Status == StatusOK {
		if err := h.take(cfg, now, a); err != nil {
			return Price{}, err
		}
	} else {
		h.Breaker = h.Breaker.Missed()
	}
	h.Time, h.Missing = now, a.Status != StatusOK
	return h.Price(cfg, now)
}

// take takes a good aggregation in.
func (h *History) take(cfg *HistoryConfig, now int64, a *Aggregation) error {
	if err := CheckPrice(a.Value); err != nil {
		return err
	}
	var c fixed.Calc
	if h.Short.Count > 0 {
		mean := h.Short.mean(&c, cfg.Breaker.WindowSeconds, now)
		h.Breaker = h.Breaker.Next(&cfg.Breaker, cfg.Breaker.Read(&c, a.Value, mean, h.Sigma(cfg), now-h.Short.Time))
	}
	h.Short.observe(&c, cfg.Breaker.WindowSeconds, now, a.Value)
	h.Long.observe(&c, cfg.MeanSeconds, now, a.Value)
	h.Volatility.observe(&c, &cfg.Volatility, now, a.Value)
	if !h.Breaker.Open {
		h.Good = Good{a.Value, a.Dispersion, now, a.AgeSeconds, a.Classes}
	}
	return c.Err()
}

// Price is the price to publish at a time that is not before the last aggregation: the last good one, older and less
// certain by the time that has passed.
func (h *History) Price(cfg *HistoryConfig, now int64) (Price, error) {
	if now < h.Time {
		return Price{}, fmt.Errorf("%w: expected %d or later, got %d", ErrTime, h.Time, now)
	}
	p := Price{Status: h.status(), Value: h.Good.Value, Sigma: h.Sigma(cfg)}
	if h.Good.Value.IsZero() {
		return p, nil
	}
	var c fixed.Calc
	p.TWAP = h.Long.mean(&c, cfg.MeanSeconds, now)
	p.AgeSeconds = h.Good.AgeSeconds + now - h.Good.Time
	p.Confidence = c.Add(h.Good.Dispersion, drift(&c, p.Sigma, p.AgeSeconds))
	if p.Status == StatusOK {
		p.Classes = h.Good.Classes
	}
	return p, c.Err()
}

// Reading is how far the last value that the breaker saw is from its mean, at a time that is not before the last
// aggregation, and that mean. All is zero before the first value.
func (h *History) Reading(cfg *HistoryConfig, now int64) (r Reading, mean fixed.Wad, err error) {
	if now < h.Time {
		return r, mean, fmt.Errorf("%w: expected %d or later, got %d", ErrTime, h.Time, now)
	}
	if h.Short.Count == 0 {
		return r, mean, nil
	}
	var c fixed.Calc
	mean = h.Short.mean(&c, cfg.Breaker.WindowSeconds, now)
	return cfg.Breaker.Read(&c, h.Short.Value, mean, h.Sigma(cfg), now-h.Short.Time), mean, c.Err()
}

func (h *History) status() Status {
	switch {
	case h.Breaker.Open:
		return StatusTripped
	case h.Missing:
		return StatusNoQuorum
	case h.Good.Value.IsZero():
		return StatusUnspecified
	}
	return StatusOK
}
