package auction

import (
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Bounds of a lot.
const (
	// MaxTranches is the number of different seller limits in a lot.
	MaxTranches = 16
	// MinOpeningBlocks is the shortest opening: no single proposer can then shut the others out.
	MinOpeningBlocks = 2
	// MaxOpeningBlocks is the longest opening.
	MaxOpeningBlocks = 1000
	// MaxDistinctBidders is where the count of distinct bidders stops.
	MaxDistinctBidders = 8
)

// Status is the state of a lot.
type Status uint8

// The states of a lot: Opening, then Open, then Closed.
const (
	// StatusUnspecified is a lot that was not opened yet.
	StatusUnspecified Status = iota
	// Opening collects bids and clears nothing; the clock stands.
	Opening
	// Open clears once in every block.
	Open
	// Closed is final: unsold units return to their sellers, every escrow that is left to its bidder.
	Closed
)

// String names the state.
func (s Status) String() string {
	switch s {
	case Opening:
		return "opening"
	case Open:
		return "open"
	case Closed:
		return "closed"
	case StatusUnspecified:
	}
	return "unspecified"
}

// Tranche is the units of all sellers of a lot with the same limit, and their totals. Who of them gets what is
// settled downstream, by prefix shares of these totals.
type Tranche struct {
	// Limit is the lowest pair price that the sellers accept; 0 means the lot's reserve. When the clock falls below
	// it the tranche closes and its unsold units are no longer for sale.
	Limit                 fixed.Wad
	Units, Sold, Proceeds asset.Amount
	Closed                bool
}

// Remaining is the number of unsold units.
func (t *Tranche) Remaining() asset.Amount { return t.Units.Monus(t.Sold) }

// offered is the number of units for sale when the clock stands at a price.
func (t *Tranche) offered(clock fixed.Wad) asset.Amount {
	if t.Closed || clock.Less(t.Limit) {
		return asset.Amount{}
	}
	return t.Remaining()
}

// Lot is one auction: all units that are sold for one other asset in a cycle. Fill in the exported fields down to
// Tranches and call Open; the others are state, kept by Open, Apply, Reanchor and Cancel, exported for storage.
type Lot struct {
	ID        uint64
	Sell, Buy asset.Index
	Pair      asset.Pair
	Curve     Curve
	Pace      Pace
	// TailSeconds keeps the lot open at the reserve after the curve has reached it: time for slow bidders.
	TailSeconds int64
	// OpeningBlocks is the number of blocks that still only collect bids.
	OpeningBlocks uint32
	Tranches      []Tranche

	Status Status
	Clock  Clock
	// Blocks counts the clearings applied, so that each is applied once and in turn.
	Blocks    uint64
	Bidders   Bidders
	AtReserve bool // units were sold at the reserve
	SameOwner bool // units were sold to one of the sellers
}

// Open checks a new lot and starts to collect bids in the block at now.
func (l *Lot) Open(now int64) error {
	if l.Status != StatusUnspecified {
		return fmt.Errorf("%w: expected a new lot, lot %d is %v", ErrState, l.ID, l.Status)
	}
	if err := l.validate(now); err != nil {
		return err
	}
	l.Status = Opening
	l.Clock = Clock{Last: now}
	return nil
}

func (l *Lot) validate(now int64) error {
	if err := l.Curve.Validate(); err != nil {
		return fmt.Errorf("lot %d: %w", l.ID, err)
	}
	if err := l.Pace.Validate(); err != nil {
		return fmt.Errorf("lot %d: %w", l.ID, err)
	}
	switch {
	case l.Sell == l.Buy || max(l.Pair.Sell.Exponent, l.Pair.Buy.Exponent) > asset.MaxExponent:
		return fmt.Errorf("%w: lot %d: expected two different assets with exponents of 0..%d",
			ErrLot, l.ID, asset.MaxExponent)
	case now < 0:
		return fmt.Errorf("%w: lot %d: expected a time of 0 or more, got %d", ErrLot, l.ID, now)
	case l.TailSeconds < 0 || l.TailSeconds > MaxDurationSeconds:
		return fmt.Errorf("%w: lot %d: expected a tail of 0..%d s, got %d",
			ErrLot, l.ID, MaxDurationSeconds, l.TailSeconds)
	case l.OpeningBlocks < MinOpeningBlocks || l.OpeningBlocks > MaxOpeningBlocks:
		return fmt.Errorf("%w: lot %d: expected an opening of %d..%d blocks, got %d",
			ErrLot, l.ID, MinOpeningBlocks, MaxOpeningBlocks, l.OpeningBlocks)
	case len(l.Tranches) > MaxTranches:
		return fmt.Errorf("%w: lot %d: expected at most %d tranches, got %d",
			ErrLot, l.ID, MaxTranches, len(l.Tranches))
	}
	return l.validateTranches()
}

func (l *Lot) validateTranches() error {
	var c fixed.Calc
	var units asset.Amount
	for i := range l.Tranches {
		t := &l.Tranches[i]
		if t.Limit.Sign() < 0 || t.Closed || !t.Sold.IsZero() || !t.Proceeds.IsZero() {
			return fmt.Errorf("%w: lot %d: expected a new tranche with a limit of 0 or more at %d", ErrLot, l.ID, i)
		}
		units = c.AddNat(units, t.Units)
	}
	if err := c.Err(); err != nil || units.IsZero() {
		return fmt.Errorf("%w: lot %d: expected 1..2^128-1 units in all", ErrLot, l.ID)
	}
	return nil
}

// Total is the number of units that the lot sells, those that are sold included.
func (l *Lot) Total() asset.Amount {
	var c fixed.Calc // cannot fail: Open checks the sum
	var units asset.Amount
	for i := range l.Tranches {
		units = c.AddNat(units, l.Tranches[i].Units)
	}
	return units
}

// Offered is the number of units for sale when the clock stands at a price.
func (l *Lot) Offered(clock fixed.Wad) asset.Amount {
	var c fixed.Calc // cannot fail: Open checked the sum
	var units asset.Amount
	for i := range l.Tranches {
		units = c.AddNat(units, l.Tranches[i].offered(clock))
	}
	return units
}

// ClockPrice is the clock price of the clearing in the block at now, so that a host needs to read only the bids with
// a limit at or above it. There is none when that block only collects bids, when the clock is or becomes frozen, and
// when the lot is closed.
func (l *Lot) ClockPrice(now int64) (price fixed.Wad, clearing bool, err error) {
	next, outcome, err := l.next(now)
	if err != nil || outcome != OutcomeUnspecified {
		return fixed.Wad{}, false, err
	}
	return next.Curve.Price(next.Clock.Effective), true, nil
}

// next is the lot in the block at now, before its clearing; the outcome is set when there is no clearing.
func (l *Lot) next(now int64) (Lot, Outcome, error) {
	n := *l
	if n.Status != Opening && n.Status != Open {
		return n, OutcomeUnspecified, fmt.Errorf("%w: expected an open lot, lot %d is %v", ErrState, l.ID, l.Status)
	}
	clock, tick, err := n.Clock.Advance(n.Pace, now)
	if err != nil {
		return n, OutcomeUnspecified, fmt.Errorf("lot %d: %w", l.ID, err)
	}
	n.Clock = clock
	n.Blocks++
	if tick == TickFrozen {
		return n, OutcomeFrozen, nil
	}
	if n.Status == Open {
		return n, OutcomeUnspecified, nil
	}
	n.Clock.Effective = l.Clock.Effective // the clock stands until the first clearing, which is at the start price
	if n.OpeningBlocks > 0 {
		n.OpeningBlocks--
		return n, OutcomeCollecting, nil
	}
	n.Status = Open
	return n, OutcomeUnspecified, nil
}

// endSeconds is the effective time of the last clearing.
func (l *Lot) endSeconds() int64 { return l.Curve.DurationSeconds() + l.TailSeconds }

// Reanchor gives a frozen lot a curve around a fresh price and lets its clock run on from now.
func (l *Lot) Reanchor(curve Curve, now int64) error {
	if !l.Clock.Frozen || l.Status == Closed {
		return fmt.Errorf("%w: expected a frozen lot, lot %d is %v and frozen is %t",
			ErrState, l.ID, l.Status, l.Clock.Frozen)
	}
	if now < l.Clock.Last {
		return fmt.Errorf("%w: lot %d: expected at least %d, got %d", ErrTime, l.ID, l.Clock.Last, now)
	}
	if err := curve.Validate(); err != nil {
		return fmt.Errorf("lot %d: %w", l.ID, err)
	}
	l.Curve = curve
	l.Clock = l.Clock.Resume(now)
	return nil
}

// Hold passes over the block at now: a pause by the chain's guardian keeps the clock where it is, and nothing clears.
// The time of the pause counts neither against the window nor as a halt.
func (l *Lot) Hold(now int64) error {
	switch {
	case l.Status != Opening && l.Status != Open:
		return fmt.Errorf("%w: expected an open lot, lot %d is %v", ErrState, l.ID, l.Status)
	case now < l.Clock.Last:
		return fmt.Errorf("%w: lot %d: expected at least %d, got %d", ErrTime, l.ID, l.Clock.Last, now)
	}
	l.Clock.Last = now
	return nil
}

// Cancel closes a lot before its time: what is unsold returns, every escrow is refunded.
func (l *Lot) Cancel() { l.Status = Closed }

// Bidders is the set of the first MaxDistinctBidders bidders who bought.
type Bidders struct {
	IDs   [MaxDistinctBidders]uint64
	Count int
}

func (s *Bidders) add(id uint64) {
	if s.Count == len(s.IDs) || slices.Contains(s.IDs[:s.Count], id) {
		return
	}
	s.IDs[s.Count] = id
	s.Count++
}

// Evidence is what a lot says about the price of its pair (spec 06 §6.6).
type Evidence struct {
	Price          fixed.Wad // pair price, volume-weighted over the clearings, rounded down; 0 when nothing was sold
	Sold, Proceeds asset.Amount
	Bidders        int // distinct bidders filled, counted up to MaxDistinctBidders
	AtReserve      bool
	SameOwner      bool
}

// Usable reports whether the price may be a source of the oracle: two owners bought, none of them a seller, nothing
// at the reserve. The oracle checks the distance from its own price at the opening.
func (e Evidence) Usable() bool { return e.Bidders >= 2 && !e.AtReserve && !e.SameOwner }

// Evidence sums the lot up. It fails only when the price or the proceeds do not fit.
func (l *Lot) Evidence() (Evidence, error) {
	var c fixed.Calc
	e := Evidence{Bidders: l.Bidders.Count, AtReserve: l.AtReserve, SameOwner: l.SameOwner}
	for i := range l.Tranches {
		e.Sold = c.AddNat(e.Sold, l.Tranches[i].Sold)
		e.Proceeds = c.AddNat(e.Proceeds, l.Tranches[i].Proceeds)
	}
	if !e.Sold.IsZero() {
		scale := asset.Scale(fixed.Decimals + l.Pair.Sell.Exponent - l.Pair.Buy.Exponent)
		e.Price = c.MulDivDown(e.Proceeds.Raw(), scale, e.Sold.Raw())
	}
	if err := c.Err(); err != nil {
		return Evidence{}, fmt.Errorf("auction: evidence of lot %d: %w", l.ID, err)
	}
	return e, nil
}
