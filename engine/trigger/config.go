package trigger

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

var (
	// ErrConfig says that a configuration is not valid.
	ErrConfig = errors.New("trigger: invalid configuration")
	// ErrLength says that there is not one threshold for each asset.
	ErrLength = errors.New("trigger: lengths differ")
)

// Mode is the rule that makes a portfolio act.
type Mode uint8

// Modes.
const (
	ModeUnspecified Mode = iota
	Always
	Time
	Absolute
	Relative
	Aggregate
	Hybrid
	Band
	modeCount
)

var modeText = [modeCount]string{
	"unspecified", "always", "time", "absolute", "relative", "aggregate", "hybrid", "band",
}

// String returns the mode in a word.
func (m Mode) String() string {
	if m >= modeCount {
		return "unknown mode"
	}
	return modeText[m]
}

// thresholds reports a mode that compares a drift with a threshold.
func (m Mode) thresholds() bool {
	return m == Absolute || m == Relative || m == Aggregate || m == Hybrid
}

// Config is when a portfolio acts. The zero value is not valid: Mode must be set. What a mode does not use is ignored.
type Config struct {
	Mode Mode
	// Measure is the drift that Hybrid looks at: Absolute (also when unspecified), Relative or Aggregate.
	Measure Mode
	// Period holds the slots of Time.
	Period Period
	// Threshold is theta, or theta0 where it follows the volatility; in weight, or in parts of the target if Relative.
	Threshold fixed.Wad
	// Thresholds are one for each asset, in its place; a zero takes Threshold. Empty: all take it.
	Thresholds []fixed.Wad
	// Small is the threshold of Hybrid after LongestSeconds.
	Small fixed.Wad
	// LongestSeconds is the time without a fire after which Hybrid takes Small.
	LongestSeconds int64
	// Dust is the weight up to which Relative leaves an asset without a target alone.
	Dust fixed.Wad
	// MinDrift is the least largest error, in weight, that is worth an order; 0 is none.
	MinDrift fixed.Wad
	// Inner is the error to which a portfolio is brought back once it fired; 0 fires once.
	Inner fixed.Wad
	// MaxActive is the most fires in a row; 0 is no limit.
	MaxActive int
	// CoolDownSeconds is the least time between two fires.
	CoolDownSeconds int64
	// Scaling makes the threshold follow the volatility.
	Scaling Scaling
}

// measure returns Absolute, Relative or Aggregate.
func (cfg *Config) measure() Mode {
	switch {
	case cfg.Mode != Hybrid:
		return cfg.Mode
	case cfg.Measure == ModeUnspecified:
		return Absolute
	}
	return cfg.Measure
}

// Validate returns ErrConfig with the first thing that is wrong.
func (cfg *Config) Validate() error {
	switch {
	case cfg.Mode == ModeUnspecified || cfg.Mode >= modeCount:
		return fmt.Errorf("%w: expected a mode of 1..%d, got %d", ErrConfig, modeCount-1, cfg.Mode)
	case !ratio(cfg.MinDrift) || !ratio(cfg.Inner) || !ratio(cfg.Dust):
		return fmt.Errorf("%w: expected MinDrift, Inner and Dust in 0..1, got %v, %v and %v",
			ErrConfig, cfg.MinDrift, cfg.Inner, cfg.Dust)
	case cfg.MaxActive < 0 || !span(cfg.CoolDownSeconds):
		return fmt.Errorf("%w: expected MaxActive and CoolDownSeconds of 0 or more, got %d and %d",
			ErrConfig, cfg.MaxActive, cfg.CoolDownSeconds)
	case cfg.Mode == Time:
		return cfg.Period.Validate()
	case cfg.Mode.thresholds():
		return cfg.validateThreshold()
	}
	return nil
}

func (cfg *Config) validateThreshold() error {
	measure := cfg.measure()
	switch {
	case measure != Absolute && measure != Relative && measure != Aggregate:
		return fmt.Errorf("%w: expected a measure of absolute, relative or aggregate, got %v", ErrConfig, measure)
	case cfg.Threshold.Sign() <= 0 || !bounded(cfg.Threshold):
		return fmt.Errorf("%w: expected a threshold of 0..%d, got %v", ErrConfig, thresholdMax, cfg.Threshold)
	case measure != Relative && cfg.Threshold.Less(cfg.Inner):
		return fmt.Errorf("%w: expected Inner at most the threshold %v, got %v", ErrConfig, cfg.Threshold, cfg.Inner)
	case measure == Aggregate && len(cfg.Thresholds) > 0:
		return fmt.Errorf("%w: expected no thresholds per asset with an aggregate, got %d", ErrConfig, len(cfg.Thresholds))
	case cfg.Mode == Hybrid && (cfg.Small.Sign() <= 0 || cfg.Threshold.Less(cfg.Small)):
		return fmt.Errorf("%w: expected a small threshold of 0..%v, got %v", ErrConfig, cfg.Threshold, cfg.Small)
	case cfg.Mode == Hybrid && (!span(cfg.LongestSeconds) || cfg.LongestSeconds < cfg.CoolDownSeconds):
		return fmt.Errorf("%w: expected a longest wait of at least the cool-down %d s, got %d s",
			ErrConfig, cfg.CoolDownSeconds, cfg.LongestSeconds)
	}
	for i, t := range cfg.Thresholds {
		if t.Sign() < 0 || !bounded(t) {
			return fmt.Errorf("%w: expected a threshold of 0..%d for asset %d, got %v", ErrConfig, thresholdMax, i, t)
		}
	}
	return cfg.Scaling.validate(measure, len(cfg.Thresholds))
}

// thresholdMax bounds what is compared with a drift: a relative error of 1,000 is beyond any portfolio.
const thresholdMax = 1_000

func bounded(x fixed.Wad) bool { return x.Cmp(fixed.FromInt(thresholdMax)) <= 0 }

func ratio(x fixed.Wad) bool { return x.Sign() >= 0 && x.Cmp(fixed.One()) <= 0 }

func span(seconds int64) bool { return seconds >= 0 && seconds <= timeMax }
