package surface

import (
	"errors"

	"github.com/ballast-finance/ballast/engine/asset"
)

var (
	// ErrSize says that a book has more assets than a universe may have, or that a cost matrix is of another size.
	ErrSize = errors.New("surface: wrong size")
	// ErrLegs says that legs are not ascending, name an unknown asset, or sell what they buy.
	ErrLegs = errors.New("surface: invalid legs")
	// ErrUnequal says that sells and buys do not add up to the same value.
	ErrUnequal = errors.New("surface: sells and buys differ")
	// ErrOverflow says that the sells of a book would leave the range of a word, 1.8e13 USD.
	ErrOverflow = errors.New("surface: overflow")
	// ErrMode says that a mode is unknown, or that it needs costs and there are none.
	ErrMode = errors.New("surface: invalid mode")
)

// Leg is the value of one asset that a portfolio sells or buys, in micro-units of the account (1e-6 USD).
type Leg struct {
	Asset asset.Index
	Value uint64
}

// Mode says how a portfolio's sells are paired with its buys.
type Mode uint8

// Modes.
const (
	Proportional Mode = iota // every sell buys every buy, in proportion
	Fewest                   // at most sells+buys-1 flows
	Cheapest                 // the cheapest pairs first; at most sells+buys-1 flows
	modeCount
)

// String returns the mode in words.
func (m Mode) String() string {
	if m >= modeCount {
		return "unknown mode"
	}
	return [...]string{"proportional", "fewest", "cheapest"}[m]
}

// Flow is a value that a portfolio gives in one asset for another, in micro-units of the account. With the totals of
// its pair it is all that settling it takes: its share of an amount X is floor((Offset+Value)*X/Total) -
// floor(Offset*X/Total).
type Flow struct {
	Sell, Buy   asset.Index
	Owner       uint32
	Value       uint64 // never zero
	Offset      uint64 // the pair's total before this flow
	CrossOffset uint64 // the pair's crossable total before this flow; notCrossable when it may not cross
}

// notCrossable is no offset: a total is below 2^64, and a flow has a value.
const notCrossable = 1<<64 - 1

// Crossable reports whether the flow may cross internally. Only then has CrossOffset a meaning.
func (f Flow) Crossable() bool { return f.CrossOffset != notCrossable }
