package fixed

import "errors"

var (
	// ErrOverflow says that a result does not fit its type.
	ErrOverflow = errors.New("fixed: overflow")
	// ErrDivideByZero says that a divisor was zero.
	ErrDivideByZero = errors.New("fixed: division by zero")
	// ErrNegative says that an operand had to be zero or more.
	ErrNegative = errors.New("fixed: negative operand")
	// ErrSyntax says that a text is not a number.
	ErrSyntax = errors.New("fixed: not a number")
	// ErrDomain says that an operand lies outside the domain of a function.
	ErrDomain = errors.New("fixed: outside the domain")
)
