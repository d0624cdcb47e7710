package oracle

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Config is how the reports on one asset become a price (spec 06 §6.1).
type Config struct {
	DecaySeconds    int64     // age at which a report has lost half of its weight
	ClassCap        fixed.Wad // the largest part of the weight that a class can have, 0.5..1
	MinSources      int       // that must agree; the own auctions do not count
	MinClasses      int       // that must agree; the own auctions do not count
	OutlierFactor   fixed.Wad // deviations, as multiples of a standard deviation, beyond which a report is dropped
	OutlierFloor    fixed.Wad // the same as part of the median: it always keeps that much
	MinKept         fixed.Wad // the part of the weight that must survive the dropping
	MeanBand        fixed.Wad // how far the mean may leave the median, as a part of it
	ConfidenceFloor fixed.Wad // the narrowest confidence
}

// DefaultConfig is the configuration of the specification's worked numbers.
func DefaultConfig() Config {
	return Config{
		DecaySeconds: 300, ClassCap: fixed.FromBps(5_000), MinSources: 3, MinClasses: 2,
		OutlierFactor: fixed.FromInt(3), OutlierFloor: fixed.FromBps(50), MinKept: fixed.FromBps(6_000),
		MeanBand: fixed.FromBps(50), ConfidenceFloor: fixed.FromBps(5),
	}
}

// Validate checks the ranges within which the price cannot be moved by less than half of the effective weight.
func (cfg *Config) Validate() error {
	if cfg.DecaySeconds <= 0 || cfg.DecaySeconds > maxWindowSeconds {
		return fmt.Errorf("%w: expected a decay of 1..%d s, got %d", ErrConfig, maxWindowSeconds, cfg.DecaySeconds)
	}
	if cfg.MinSources < 1 || cfg.MinSources > MaxSources || cfg.MinClasses < 1 || cfg.MinClasses > cfg.MinSources {
		return fmt.Errorf("%w: expected a quorum of 1..%d sources and no more classes, got %d and %d",
			ErrConfig, MaxSources, cfg.MinSources, cfg.MinClasses)
	}
	half := fixed.FromBps(5_000)
	return ranges{
		{"class cap", cfg.ClassCap, half, fixed.One()},
		{"outlier factor", cfg.OutlierFactor, fixed.Wad{}, fixed.FromInt(1_000)},
		{"outlier floor", cfg.OutlierFloor, fixed.Wad{}, fixed.One()},
		{"kept part", cfg.MinKept, half, fixed.One()},
		{"mean band", cfg.MeanBand, fixed.Wad{}, half},
		{"confidence floor", cfg.ConfidenceFloor, fixed.Wad{}, fixed.One()},
	}.check()
}

// maxWindowSeconds is about 34 years: longer windows mean nothing and would only need wider sums.
const maxWindowSeconds = 1 << 30

// ranges is a list of parameters with the least and the largest value of each.
type ranges []struct {
	name          string
	value, lo, hi fixed.Wad
}

func (r ranges) check() error {
	for _, p := range r {
		if p.value.Less(p.lo) || p.hi.Less(p.value) {
			return fmt.Errorf("%w: expected a %s of %v..%v, got %v", ErrConfig, p.name, p.lo, p.hi, p.value)
		}
	}
	return nil
}
