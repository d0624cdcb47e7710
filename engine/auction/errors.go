package auction

import "errors"

var (
	// ErrCurve says that the terms of a price curve are not valid.
	ErrCurve = errors.New("auction: invalid curve")
	// ErrPace says that the pace of a clock is not valid.
	ErrPace = errors.New("auction: invalid pace")
	// ErrTime says that a time runs backward.
	ErrTime = errors.New("auction: time runs backward")
	// ErrWidth says that the parameters or the state of the width rule are not valid.
	ErrWidth = errors.New("auction: invalid width")
	// ErrStale says that no healthy, fresh price exists and the lot must not open.
	ErrStale = errors.New("auction: no fresh price")
	// ErrWindow says that a loss budget needs a slower clock than the window allows.
	ErrWindow = errors.New("auction: window too short")
	// ErrLot says that a lot's description is not valid.
	ErrLot = errors.New("auction: invalid lot")
	// ErrState says that a lot is not in the state that the operation needs.
	ErrState = errors.New("auction: wrong state")
	// ErrBid says that a bid is not acceptable.
	ErrBid = errors.New("auction: invalid bid")
	// ErrBook says that a book holds too many bids.
	ErrBook = errors.New("auction: book too large")
	// ErrReveal says that a sealed bid's reveal is not valid.
	ErrReveal = errors.New("auction: invalid reveal")
)
