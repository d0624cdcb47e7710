package band

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

var (
	// ErrConfig says that a configuration is not valid.
	ErrConfig = errors.New("band: invalid configuration")
	// ErrWeight says that a weight or a target is outside 0..1.
	ErrWeight = errors.New("band: weight outside 0..1")
	// ErrLength says that slices which belong together differ in length.
	ErrLength = errors.New("band: lengths differ")
)

// Estimator says what the widths come from.
type Estimator uint8

// Estimators. The zero value switches the bands off, and the state machine with them.
const (
	Off        Estimator = iota
	Static               // the widths of Config.Default
	Levels               // the deviation of the weight
	Increments           // the deviation of its daily changes, own trades left out
	Robust               // the same from the median change, which one wild day does not move
	NoTrade              // the no-trade region of proportional costs
	estimatorCount
)

var estimatorText = [estimatorCount]string{"off", "static", "levels", "increments", "robust", "no-trade"}

// String returns the name of the estimator.
func (e Estimator) String() string {
	if e >= estimatorCount {
		return "unknown estimator"
	}
	return estimatorText[e]
}

// Sampled reports an estimator that needs Samples.
func (e Estimator) Sampled() bool { return e == Levels || e == Increments || e == Robust }

// Config says how wide the bands are and how a halt ends. Everything but Estimator is ignored while it is Off.
type Config struct {
	Estimator Estimator
	// Default is the width of Static bands, and of the others until there are WarmUp samples.
	Default Width
	// K1 and K2 are the widths of the inner and the outer band in deviations.
	K1, K2 fixed.Wad
	// MinX and MaxX bound the inner width, MaxY the outer one; all are relative to the target.
	MinX, MaxX, MaxY fixed.Wad
	// Ratio is the least that the outer width is of the inner one; above 1.
	Ratio fixed.Wad
	// HorizonDays is the time over which daily changes are summed to a deviation.
	HorizonDays int64
	// WarmUp is the number of samples from which an estimate counts; 2 to 30.
	WarmUp int
	// Dust is the weight up to which an asset without a target is left alone.
	Dust fixed.Wad
	// ReentrySamples is the number of consecutive samples inside the outer band that ends a halt.
	ReentrySamples int
	// ConfirmSeconds is the time for which every sample must confirm the prices to end a halt outside of it.
	ConfirmSeconds int64
	// GapSeconds is the longest time between two samples that still counts as consecutive; 0 is no limit.
	GapSeconds int64
	// MinClasses, MaxConfidence and Z are what a price must satisfy to be confirmed: see Confirms. MeanSeconds is the
	// window of the mean that it is compared with.
	MinClasses       int
	MaxConfidence, Z fixed.Wad
	MeanSeconds      int64
}

// Default returns the recommended configuration: increments over 5 days, inner width one deviation within 0.5 % to
// 20 %, outer width five deviations up to 60 %, 5 % and 25 % until 15 samples are in. A halt ends after 3 samples, or
// after 24 hours of confirmed prices; a sample may come up to 36 hours after the last, which a daily host keeps easily.
func Default() Config {
	return Config{
		Estimator:      Increments,
		Default:        Width{X: fixed.FromBps(500), Y: fixed.FromBps(2_500)},
		K1:             fixed.FromInt(1),
		K2:             fixed.FromInt(5),
		MinX:           fixed.FromBps(50),
		MaxX:           fixed.FromBps(2_000),
		MaxY:           fixed.FromBps(6_000),
		Ratio:          fixed.FromInt(2),
		HorizonDays:    5,
		WarmUp:         15,
		Dust:           fixed.FromBps(10),
		ReentrySamples: 3,
		ConfirmSeconds: daySeconds,
		GapSeconds:     daySeconds * 3 / 2,
		MinClasses:     2,
		MaxConfidence:  fixed.FromBps(100),
		Z:              fixed.FromInt(4),
		MeanSeconds:    daySeconds,
	}
}

const (
	daySeconds = 86_400
	// horizonMax keeps H times the square of a weight far below the limits of fixed.Moments.
	horizonMax = 3_650
	// multipleMax bounds every multiple of a deviation; more is a slip of the pen.
	multipleMax = 1_000
)

// Validate returns ErrConfig with the first thing that is wrong. Bands that are off are always valid.
func (cfg *Config) Validate() error {
	switch {
	case cfg.Estimator == Off:
		return nil
	case cfg.Estimator >= estimatorCount:
		return fmt.Errorf("%w: expected an estimator of 0..%d, got %d", ErrConfig, estimatorCount-1, cfg.Estimator)
	case !increasing(fixed.Wad{}, cfg.Default.X, cfg.Default.Y, fixed.One()):
		return fmt.Errorf("%w: expected default widths 0 < x < y < 1, got %v and %v",
			ErrConfig, cfg.Default.X, cfg.Default.Y)
	case cfg.Dust.Sign() < 0 || !cfg.Dust.Less(fixed.One()):
		return fmt.Errorf("%w: expected dust in 0..1, got %v", ErrConfig, cfg.Dust)
	}
	if cfg.Estimator != Static {
		if err := cfg.validateWidth(); err != nil {
			return err
		}
	}
	return cfg.validateExit()
}

// validateWidth checks what a computed width needs: together these make 0 < x < y < 1 hold for every sample.
func (cfg *Config) validateWidth() error {
	limit := fixed.FromInt(multipleMax)
	var c fixed.Calc
	switch {
	case cfg.MinX.Sign() <= 0 || cfg.MaxX.Less(cfg.MinX) || !increasing(cfg.MaxX, cfg.MaxY, fixed.One()):
		return fmt.Errorf("%w: expected 0 < MinX <= MaxX < MaxY < 1, got %v, %v and %v",
			ErrConfig, cfg.MinX, cfg.MaxX, cfg.MaxY)
	case cfg.K1.Sign() <= 0 || cfg.K2.Less(cfg.K1) || limit.Less(cfg.K2):
		return fmt.Errorf("%w: expected 0 < K1 <= K2 <= %v, got %v and %v", ErrConfig, limit, cfg.K1, cfg.K2)
	case limit.Less(cfg.Ratio) || !cfg.MinX.Less(c.MulTrunc(cfg.Ratio, cfg.MinX)):
		return fmt.Errorf("%w: expected a ratio of more than 1 and at most %v, got %v", ErrConfig, limit, cfg.Ratio)
	case cfg.HorizonDays < 1 || cfg.HorizonDays > horizonMax:
		return fmt.Errorf("%w: expected a horizon of 1..%d days, got %d", ErrConfig, horizonMax, cfg.HorizonDays)
	case cfg.WarmUp < 2 || cfg.WarmUp > Window:
		return fmt.Errorf("%w: expected a warm-up of 2..%d samples, got %d", ErrConfig, Window, cfg.WarmUp)
	}
	return nil
}

// validateExit checks how a halt ends.
func (cfg *Config) validateExit() error {
	switch {
	case cfg.ReentrySamples < 1:
		return fmt.Errorf("%w: expected at least one sample for re-entry, got %d", ErrConfig, cfg.ReentrySamples)
	case cfg.ConfirmSeconds < 1 || cfg.MeanSeconds < 1:
		return fmt.Errorf("%w: expected a confirmation and a mean over at least one second, got %d and %d",
			ErrConfig, cfg.ConfirmSeconds, cfg.MeanSeconds)
	case cfg.GapSeconds < 0:
		return fmt.Errorf("%w: expected a gap of 0 seconds or more, got %d", ErrConfig, cfg.GapSeconds)
	case cfg.MinClasses < 1:
		return fmt.Errorf("%w: expected at least one class of sources, got %d", ErrConfig, cfg.MinClasses)
	case cfg.MaxConfidence.Sign() <= 0 || cfg.Z.Sign() <= 0 || fixed.FromInt(multipleMax).Less(cfg.Z):
		return fmt.Errorf("%w: expected a positive confidence limit and a z of 0..%d, got %v and %v",
			ErrConfig, multipleMax, cfg.MaxConfidence, cfg.Z)
	}
	return nil
}

func increasing(ascending ...fixed.Wad) bool {
	for i := 1; i < len(ascending); i++ {
		if !ascending[i-1].Less(ascending[i]) {
			return false
		}
	}
	return true
}
