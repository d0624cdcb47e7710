package oracle

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// MaxSources is the most sources that an asset can have: aggregating is bounded by it.
const MaxSources = 32

var (
	// ErrConfig says that a parameter lies outside its range.
	ErrConfig = errors.New("oracle: invalid configuration")
	// ErrSource says that a list of sources or reports breaks a rule.
	ErrSource = errors.New("oracle: invalid source")
	// ErrTime says that a time lies before one that was already observed, or before 1970.
	ErrTime = errors.New("oracle: time runs backwards")
	// ErrPrice says that a price is not in (0, 1e18].
	ErrPrice = errors.New("oracle: invalid price")
	// ErrState says that a stored value is none that this package has made.
	ErrState = errors.New("oracle: invalid state")
	// ErrFuture says that a report is further ahead of the clock than is allowed.
	ErrFuture = errors.New("oracle: report from the future")
	// ErrStale says that a report is older than its source allows.
	ErrStale = errors.New("oracle: report too old")
)

// maxPrice is 1e18, the highest price for which spec 00 §0.0 promises that amounts can be valued.
func maxPrice() fixed.Wad { return fixed.FromInt(1_000_000_000_000_000_000) }

// CheckPrice fails with ErrPrice for what is not in (0, 1e18].
func CheckPrice(p fixed.Wad) error {
	if p.Sign() <= 0 || maxPrice().Less(p) {
		return fmt.Errorf("%w: expected a price in (0, 1e18], got %v", ErrPrice, p)
	}
	return nil
}

// Class groups sources that fail together: a class can never outvote the others.
type Class uint8

// Classes.
const (
	ClassUnspecified Class = iota
	Vote                   // validators' stake-weighted median
	Feed                   // off-chain markets
	DEX                    // pools, time-weighted
	Auction                // clearing prices of the own auctions, which the price itself has shaped
	Manual                 // set by governance
	classCount
)

// String returns the class in words.
func (k Class) String() string {
	names := [classCount]string{"unspecified", "vote", "feed", "dex", "auction", "manual"}
	if k >= classCount {
		return "unknown class"
	}
	return names[k]
}

// share is the divisor of the other classes' weight that limits a class: 2 for a third of the total, 3 for a quarter,
// 0 for a class with no limit of its own.
func (k Class) share() uint64 {
	switch k {
	case Manual:
		return 2
	case Auction:
		return 3
	case ClassUnspecified, Vote, Feed, DEX, classCount:
	}
	return 0
}

// Source is a registered source of prices of one asset.
type Source struct {
	ID            uint32
	Class         Class
	Weight        uint32 // of a fresh report
	MaxAgeSeconds int64
	Paused        bool
}

// Report is what a source says.
type Report struct {
	Source Source
	Price  fixed.Wad // unit of account per display unit
	Time   int64     // unix seconds of the observation
}

// Accept says whether a host should keep a report instead of its source's last one, which was observed at last: its
// price is in (0, 1e18], and it is not older than the last one, nor older than its source allows, nor more than
// aheadSeconds ahead of now. Clocks differ, and the time of a block is behind them by about a block; until the host's
// clock has caught up with a report, Aggregate does not use it. Errors are ErrPrice, ErrTime, ErrStale and ErrFuture.
func (r *Report) Accept(last, now, aheadSeconds int64) error {
	if err := CheckPrice(r.Price); err != nil {
		return err
	}
	if r.Time < 0 || r.Time < last {
		return fmt.Errorf("%w: expected %d or later, got %d", ErrTime, max(last, 0), r.Time)
	}
	switch age := now - r.Time; { // both are not negative: the difference fits
	case age > r.Source.MaxAgeSeconds:
		return fmt.Errorf("%w: expected an age of %d s or less, got %d s", ErrStale, r.Source.MaxAgeSeconds, age)
	case age < -aheadSeconds:
		return fmt.Errorf("%w: expected %d s ahead or less, got %d s", ErrFuture, aheadSeconds, -age)
	}
	return nil
}

// ValidateSources checks the sources of one asset: at most MaxSources with different ids, each with a class, a weight
// and an age limit; the own auctions at most a quarter and manual prices at most a third of the whole weight.
func ValidateSources(sources []Source) error {
	if len(sources) > MaxSources {
		return fmt.Errorf("%w: expected at most %d sources, got %d", ErrSource, MaxSources, len(sources))
	}
	var total uint64
	var weights [classCount]uint64
	for i, s := range sources {
		switch {
		case s.Class == ClassUnspecified || s.Class >= classCount:
			return fmt.Errorf("%w: source %d: expected a class, got %v", ErrSource, s.ID, s.Class)
		case s.Weight == 0 || s.MaxAgeSeconds <= 0:
			return fmt.Errorf("%w: source %d: expected a weight and an age limit above 0, got %d and %d s",
				ErrSource, s.ID, s.Weight, s.MaxAgeSeconds)
		case duplicate(sources[:i], s.ID):
			return fmt.Errorf("%w: source %d: expected an id of its own, got that of another", ErrSource, s.ID)
		}
		weights[s.Class] += uint64(s.Weight)
		total += uint64(s.Weight)
	}
	for k := range classCount {
		if d := k.share(); d > 0 && d*weights[k] > total-weights[k] {
			return fmt.Errorf("%w: class %v: expected at most 1/%d of the total weight %d, got %d",
				ErrSource, k, d+1, total, weights[k])
		}
	}
	return nil
}

func duplicate(sources []Source, id uint32) bool {
	for i := range sources {
		if sources[i].ID == id {
			return true
		}
	}
	return false
}
