package auction

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// MaxDurationSeconds bounds a curve: one year of 365.25 days.
const MaxDurationSeconds = 31_557_600

// Kind is the shape of a curve.
type Kind uint8

// The shapes of a curve.
const (
	// KindUnspecified is not a shape.
	KindUnspecified Kind = iota
	// Linear falls by the same amount in every step.
	Linear
	// Exponential falls by the same ratio in every step, so that the loss against a fair price is the same at every
	// level: the default.
	Exponential
)

// String names the shape.
func (k Kind) String() string {
	switch k {
	case Linear:
		return "linear"
	case Exponential:
		return "exponential"
	case KindUnspecified:
	}
	return "unspecified"
}

// Curve is the price of a lot as a function of effective time, a small value. Prices are pair prices: display units
// of the bought asset per display unit of the sold one. Build one with NewCurve; the zero value is worth nothing.
type Curve struct {
	Kind    Kind
	Start   fixed.Wad // price at step 0
	Reserve fixed.Wad // price from step Steps on, exactly
	Ratio   fixed.Wad // of two steps of an exponential curve; NewCurve sets it
	// Steps is N, the number of steps from Start to Reserve, at least 1.
	Steps       uint64
	StepSeconds int64
	// BucketSteps > 1 makes the curve stepwise: the price changes once in so many steps. 0 and 1 are smooth.
	BucketSteps uint64
}

// NewCurve checks the terms and sets the Ratio: the largest r with r^Steps <= Reserve/Start, by 60 bisections, about
// 20 us. A steep grid of too many steps, on which rounding could make an exponential price rise, is ErrCurve.
func NewCurve(terms Curve) (Curve, error) {
	terms.Ratio = fixed.Wad{}
	switch {
	case terms.Kind != Linear && terms.Kind != Exponential:
		return Curve{}, fmt.Errorf("%w: expected a linear or exponential kind, got %d", ErrCurve, terms.Kind)
	case terms.Reserve.Sign() <= 0 || terms.Start.Less(terms.Reserve):
		return Curve{}, fmt.Errorf("%w: expected start >= reserve > 0, got %v and %v",
			ErrCurve, terms.Start, terms.Reserve)
	case terms.Steps == 0 || terms.StepSeconds <= 0:
		return Curve{}, fmt.Errorf("%w: expected one step or more of one second or more, got %d of %d s",
			ErrCurve, terms.Steps, terms.StepSeconds)
	case terms.Steps > MaxDurationSeconds/uint64(terms.StepSeconds):
		return Curve{}, fmt.Errorf("%w: expected at most %d s, got %d steps of %d s",
			ErrCurve, MaxDurationSeconds, terms.Steps, terms.StepSeconds)
	case terms.BucketSteps > terms.Steps:
		return Curve{}, fmt.Errorf("%w: expected buckets of at most %d steps, got %d",
			ErrCurve, terms.Steps, terms.BucketSteps)
	case terms.Kind == Linear:
		return terms, nil
	}
	return terms.withRatio()
}

// withRatio sets the ratio and checks that the price cannot rise. PowDown rounds down at most Steps times on the way
// to a power, each time by 1e-18 of a number not below Reserve/Start, so its relative error stays below
// Steps*1e-18*Start/Reserve. A step must fall by more than that; twice is asked for. A ratio of 1 never falls.
func (cv Curve) withRatio() (Curve, error) {
	var c fixed.Calc // cannot fail: the quotient is in 0..1
	cv.Ratio = c.Root(c.DivDown(cv.Reserve, cv.Start), cv.Steps)
	fall := c.Sub(fixed.One(), cv.Ratio)
	noise := fixed.FromRawUint(2 * cv.Steps)
	if !fall.IsZero() && c.MulDivDown(fall, cv.Reserve, cv.Start).Less(noise) {
		return Curve{}, fmt.Errorf("%w: expected fewer than %d steps between %v and %v: steps below rounding",
			ErrCurve, cv.Steps, cv.Start, cv.Reserve)
	}
	return cv, nil
}

// Validate checks a curve that comes from outside: that NewCurve gives the same.
func (cv Curve) Validate() error {
	want, err := NewCurve(cv)
	if err != nil {
		return err
	}
	if want != cv {
		return fmt.Errorf("%w: expected a ratio of %v, got %v", ErrCurve, want.Ratio, cv.Ratio)
	}
	return nil
}

// DurationSeconds is the effective time after which the price is the reserve.
func (cv Curve) DurationSeconds() int64 {
	return int64(cv.Steps) * cv.StepSeconds //nolint:gosec // bounded by NewCurve
}

// Price is the price after an effective time; it starts at Start, never rises, and is Reserve exactly from
// DurationSeconds on. Both shapes round for the seller: the fall down, or the product up.
func (cv Curve) Price(elapsedSeconds int64) fixed.Wad {
	if elapsedSeconds < 0 {
		elapsedSeconds = 0
	}
	if elapsedSeconds >= cv.DurationSeconds() {
		return cv.Reserve
	}
	return cv.at(uint64(elapsedSeconds / cv.StepSeconds)) //nolint:gosec // not negative
}

// at is the price at step n, which is before the last.
func (cv Curve) at(n uint64) fixed.Wad {
	if cv.BucketSteps > 1 {
		n -= n % cv.BucketSteps
	}
	var c fixed.Calc // cannot fail: every result is at most Start
	if cv.Kind == Exponential {
		return c.MulUp(cv.Start, c.PowDown(cv.Ratio, n)).Max(cv.Reserve)
	}
	fall := c.MulDivDown(c.Sub(cv.Start, cv.Reserve), fixed.FromRawUint(n), fixed.FromRawUint(cv.Steps))
	return c.Sub(cv.Start, fall)
}

// FirstAtOrBelow is the first effective second at which the price is at most the given one, so that hosts and makers
// can skip ahead exactly. It is false when the price lies below the reserve, which the curve never reaches.
func (cv Curve) FirstAtOrBelow(price fixed.Wad) (seconds int64, reached bool) {
	if price.Less(cv.Reserve) {
		return 0, false
	}
	low, high := uint64(0), cv.Steps
	for low < high {
		mid := low + (high-low)/2
		if price.Less(cv.at(mid)) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return int64(low) * cv.StepSeconds, true
}
