package project

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Slicing is what is left to do of a one-time order: Remaining units to sell in Intervals intervals, of which Interval
// (from 0) comes next. Carried is the part of Remaining that earlier intervals owed but that was too small to send.
type Slicing struct {
	Remaining, Carried  asset.Amount
	Interval, Intervals int64
}

// SliceReason says what became of an interval's slice.
type SliceReason uint8

// Reasons.
const (
	SliceUnspecified SliceReason = iota
	SlicePlaced                  // it is to be sold
	SliceMerged                  // it is below the minimum and joins the next one
	SliceDropped                 // it is the last one and below the minimum: it goes back to its owner
)

// String returns the reason in words.
func (r SliceReason) String() string {
	switch r {
	case SlicePlaced:
		return "placed"
	case SliceMerged:
		return "below the minimum: merged into the next slice"
	case SliceDropped:
		return "last slice below the minimum: dropped"
	case SliceUnspecified:
	}
	return "unspecified"
}

// Slice is what one interval of a one-time order sells, in base units; zero unless it is placed.
type Slice struct {
	Amount asset.Amount
	Reason SliceReason
}

// Done reports an order without intervals left: what remains goes back to its owner.
func (s Slicing) Done() bool { return s.Interval >= s.Intervals }

// Next returns the slice of the next interval and the order after it (spec 12.1): what was carried, and an equal part,
// rounded down, of the rest for every interval that is left. Slices are equal while they fill, and an underfill is
// caught up. A slice below the minimum waits for the next one; the last one is dropped instead. ErrInput.
func (s Slicing) Next(minimum asset.Amount) (Slice, Slicing, error) {
	if s.Done() || s.Interval < 0 || s.Remaining.Less(s.Carried) {
		return Slice{}, s, fmt.Errorf("%w: expected an interval of 0..%d and no more carried than remains, got %+v",
			ErrInput, s.Intervals-1, s)
	}
	var c fixed.Calc
	left := natOf(s.Intervals - s.Interval)
	share := c.MulDivNatDown(c.SubNat(s.Remaining, s.Carried), fixed.NatOf(1), left)
	amount := c.AddNat(s.Carried, share)
	s.Interval++
	switch {
	case !amount.Less(minimum) && !amount.IsZero():
		s.Carried = asset.Amount{}
		return Slice{amount, SlicePlaced}, s, c.Err()
	case s.Done():
		return Slice{Reason: SliceDropped}, s, c.Err()
	}
	s.Carried = amount
	return Slice{Reason: SliceMerged}, s, c.Err()
}

// Fill takes sold units off the order. ErrInput when more were sold than remained.
func (s Slicing) Fill(sold asset.Amount) (Slicing, error) {
	if s.Remaining.Less(sold) {
		return s, fmt.Errorf("%w: expected at most %v sold, got %v", ErrInput, s.Remaining, sold)
	}
	s.Remaining = s.Remaining.Monus(sold)
	s.Carried = s.Carried.Min(s.Remaining)
	return s, nil
}
