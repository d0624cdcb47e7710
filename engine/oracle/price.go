package oracle

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// SecondsPerYear is the year of every annual rate, 365.25 days.
const SecondsPerYear = 31_557_600

// Status says what a price may be used for. The zero value is no price at all.
type Status uint8

// Statuses.
const (
	StatusUnspecified Status = iota // no price was ever seen
	StatusOK                        // enough independent sources agree
	StatusNoQuorum                  // too few sources: the last good value, for display only
	StatusTripped                   // the breaker is open: the last good value, for display only
	statusCount
)

// String returns the status in words.
func (s Status) String() string {
	names := [statusCount]string{"unspecified", "ok", "no quorum", "tripped"}
	if s >= statusCount {
		return "unknown status"
	}
	return names[s]
}

// Price is what is known about the price of one asset. Its status is part of it: when that is not StatusOK the value is
// the last good one and may be shown, but nothing may be traded, crossed or minted at it.
type Price struct {
	Value      fixed.Wad // unit of account per display unit
	Confidence fixed.Wad // half-width, relative to the value
	Sigma      fixed.Wad // annual volatility
	TWAP       fixed.Wad // time-weighted mean of earlier values
	AgeSeconds int64     // weighted age of the sources, and the time since
	Classes    int       // classes of sources that agree
	Status     Status
}

// Validate checks a price that was stored: it is zero or in range, and its status has a name.
func (p Price) Validate() error {
	if p.Status >= statusCount || p.Classes < 0 || p.Classes > int(classCount) || p.AgeSeconds < 0 {
		return fmt.Errorf("%w: expected a status, an age and a number of classes, got %d, %d s and %d",
			ErrState, p.Status, p.AgeSeconds, p.Classes)
	}
	if p.Value.IsZero() {
		return nil
	}
	return CheckPrice(p.Value)
}

// Lost is the price some seconds later when nothing could be found out about it: the last value, for display only.
// It gets no younger when a host's clock was put back.
func (p Price) Lost(elapsedSeconds int64) Price {
	if p.Status, p.Classes = StatusNoQuorum, 0; !p.Value.IsZero() {
		p.AgeSeconds += max(elapsedSeconds, 0)
	}
	return p
}

// Snapshot is the prices of all assets at one time.
type Snapshot struct {
	Time   int64   // unix seconds
	Prices []Price // by asset.Index
}

// Rhythm is a distance in time, in seconds, above 0. A host that publishes in every block does what is rare in the
// first block of each slot of a rhythm.
type Rhythm int64

// Due reports whether now lies in a later slot than before.
func (r Rhythm) Due(before, now int64) bool { return now/int64(r) > before/int64(r) }

// Oldest is the begin of the oldest of the last count slots.
func (r Rhythm) Oldest(now int64, count int) int64 {
	return (now/int64(r) - int64(count) + 1) * int64(r)
}
