package cost

import "errors"

var (
	// ErrModel says that a cost is negative, or a proportional cost 1 or more.
	ErrModel = errors.New("cost: invalid model")
	// ErrDepth says that an impact needs a depth that is not known.
	ErrDepth = errors.New("cost: no depth")
	// ErrConvention says that a convention does not exist.
	ErrConvention = errors.New("cost: unknown convention")
	// ErrFee says that a fee is negative, or 1 or more.
	ErrFee = errors.New("cost: invalid fee")
	// ErrLength says that lists that describe the same assets have different lengths.
	ErrLength = errors.New("cost: lengths differ")
	// ErrValue says that a value is negative.
	ErrValue = errors.New("cost: negative value")
	// ErrUnfunded says that less is wanted than is held: nobody takes the rest.
	ErrUnfunded = errors.New("cost: wanted values are less than held values")
	// ErrPolicy says that the parameters of a policy, or what it is judged in, are out of range.
	ErrPolicy = errors.New("cost: invalid policy")
	// ErrLoss says that a loss budget is smaller than what any auction loses between two blocks.
	ErrLoss = errors.New("cost: loss budget too small")
)
