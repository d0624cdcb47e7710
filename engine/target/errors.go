package target

import "errors"

var (
	// ErrKind says that a schedule has no kind, or one that does not exist.
	ErrKind = errors.New("target: unknown kind")
	// ErrLength says that a list does not have one entry for each asset.
	ErrLength = errors.New("target: wrong length")
	// ErrWeights says that weights are negative or do not add up to exactly 1.
	ErrWeights = errors.New("target: invalid weights")
	// ErrPeriod says that a glide path does not end after it starts.
	ErrPeriod = errors.New("target: invalid period")
	// ErrFloor says that a floor, its rate or its ratchet is out of range.
	ErrFloor = errors.New("target: invalid floor")
	// ErrMultiplier says that a multiplier is not positive.
	ErrMultiplier = errors.New("target: invalid multiplier")
	// ErrExposure says that the largest exposure is not above 0 and at most 1.
	ErrExposure = errors.New("target: invalid largest exposure")
	// ErrBounds says that bounds contradict each other, or that no weights can keep them.
	ErrBounds = errors.New("target: bounds cannot be kept")
	// ErrSigma says that a volatility is missing or negative.
	ErrSigma = errors.New("target: invalid volatility")
	// ErrNoValue says that a portfolio has no value and so no weights.
	ErrNoValue = errors.New("target: no value")
)
