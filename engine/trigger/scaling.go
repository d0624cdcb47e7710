package trigger

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Law says how a threshold follows the volatility.
type Law uint8

// Laws. The zero value leaves the threshold as it is.
const (
	Constant Law = iota
	Power
	TrackingBudget
	Diffusion
	lawCount
)

var lawText = [lawCount]string{"constant", "power", "tracking budget", "diffusion"}

// String returns the law in words.
func (l Law) String() string {
	if l >= lawCount {
		return "unknown law"
	}
	return lawText[l]
}

// Scaling makes a threshold follow the volatility sigma of the portfolio's assets against each other, annual.
type Scaling struct {
	Law Law
	// Exponent and Reference belong to Power: the threshold is theta0 when sigma is Reference.
	Exponent  band.Exponent
	Reference fixed.Wad
	// TrackingError belongs to TrackingBudget: annual.
	TrackingError fixed.Wad
	// Multiple and HorizonSeconds belong to Diffusion: so many deviations of the weight over so long.
	Multiple       fixed.Wad
	HorizonSeconds int64
	// Min and Max bound the threshold; a Max of zero is no bound.
	Min, Max fixed.Wad
	// DailyChange bounds the relative change of the threshold per day; 0 is no bound.
	DailyChange fixed.Wad
}

// DailyChange returns the recommended bound of 25 % per day.
func DailyChange() fixed.Wad { return fixed.FromBps(2_500) }

func (s *Scaling) validate(measure Mode, perAsset int) error {
	switch {
	case s.Law == Constant:
		return nil
	case s.Law >= lawCount:
		return fmt.Errorf("%w: expected a law of 0..%d, got %d", ErrConfig, lawCount-1, s.Law)
	case s.Law != Power && (measure != Absolute || perAsset > 0):
		return fmt.Errorf("%w: expected the absolute measure and no thresholds per asset with the law %v, got %v and %d",
			ErrConfig, s.Law, measure, perAsset)
	case s.Min.Sign() < 0 || s.Max.Sign() < 0 || !s.Max.IsZero() && s.Max.Less(s.Min) || !bounded(s.Max):
		return fmt.Errorf("%w: expected thresholds 0 <= Min <= Max <= %d, got %v and %v",
			ErrConfig, thresholdMax, s.Min, s.Max)
	case !ratio(s.DailyChange):
		return fmt.Errorf("%w: expected a daily change of 0..1, got %v", ErrConfig, s.DailyChange)
	}
	return s.validateLaw()
}

func (s *Scaling) validateLaw() error {
	switch {
	case s.Law == Power && (!s.Exponent.Valid() || s.Reference.Sign() <= 0 || !bounded(s.Reference)):
		return fmt.Errorf("%w: expected a known exponent and a reference volatility of 0..%d, got %v and %v",
			ErrConfig, thresholdMax, s.Exponent, s.Reference)
	case s.Law == TrackingBudget && (s.TrackingError.Sign() <= 0 || !ratio(s.TrackingError)):
		return fmt.Errorf("%w: expected a tracking error of 0..1, got %v", ErrConfig, s.TrackingError)
	case s.Law == Diffusion && (s.Multiple.Sign() <= 0 || !bounded(s.Multiple)):
		return fmt.Errorf("%w: expected a multiple of 0..%d, got %v", ErrConfig, thresholdMax, s.Multiple)
	case s.Law == Diffusion && (s.HorizonSeconds <= 0 || !span(s.HorizonSeconds)):
		return fmt.Errorf("%w: expected a horizon above 0 seconds, got %d", ErrConfig, s.HorizonSeconds)
	}
	return nil
}

// clamp holds a threshold to Min..Max.
func (s *Scaling) clamp(theta fixed.Wad) fixed.Wad {
	if !s.Max.IsZero() {
		theta = theta.Min(s.Max)
	}
	return theta.Max(s.Min)
}

// sqrt3Raw is the raw count of the square root of 3: a weight that is as likely anywhere in a band of half-width h has
// the deviation h/sqrt(3).
const sqrt3Raw = 1_732_050_807_568_877_293

// theta returns the threshold that the law gives for a volatility, before the daily bound. Diffusion has one for each
// asset: there it is the volatility that is bounded and handed on.
func (s *Scaling) theta(c *fixed.Calc, theta0, sigma fixed.Wad) fixed.Wad {
	if s.Law == Power {
		return s.clamp(s.Exponent.Scale(c, theta0, sigma, s.Reference))
	}
	if s.Law == TrackingBudget {
		return s.clamp(c.DivTrunc(c.MulTrunc(s.TrackingError, fixed.FromRaw(sqrt3Raw)), sigma))
	}
	return sigma
}
