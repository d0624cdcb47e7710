package auction

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Outcome is what a block did to a lot.
type Outcome uint8

// The outcomes of a block.
const (
	// OutcomeUnspecified is not an outcome.
	OutcomeUnspecified Outcome = iota
	// OutcomeCollecting says that the lot is opening and only collects bids.
	OutcomeCollecting
	// OutcomeFrozen says that the chain halted: call Reanchor with a healthy price, or Cancel.
	OutcomeFrozen
	// OutcomeIdle says that nothing was sold.
	OutcomeIdle
	// OutcomePartial says that some units were sold and some are left.
	OutcomePartial
	// OutcomeExhausted says that everything on offer was sold.
	OutcomeExhausted
)

// String names the outcome.
func (o Outcome) String() string {
	switch o {
	case OutcomeCollecting:
		return "collecting"
	case OutcomeFrozen:
		return "frozen"
	case OutcomeIdle:
		return "idle"
	case OutcomePartial:
		return "partial"
	case OutcomeExhausted:
		return "exhausted"
	case OutcomeUnspecified:
	}
	return "unspecified"
}

// Fill is what one bid gets. A filled bid is over: it leaves the book.
type Fill struct {
	Index          int // of the bid in the slice given to Clear
	ID, Bidder     uint64
	Units, Payment asset.Amount // units of the sold asset; ceil(units*price) of the bought one
	Refund         asset.Amount // escrow - payment
}

// Clearing is what one block does to a lot. Its slices belong to the Workspace and last until its next use.
type Clearing struct {
	Outcome Outcome
	Status  Status    // of the lot afterwards; Closed: refund every bid that did not fill, in full
	Clock   fixed.Wad // clock price; 0 when there was no clearing
	Price   fixed.Wad // uniform price, at least Clock; 0 when nothing was sold
	// Offered is the number of units for sale, Sold of them went to the Fills for Proceeds.
	Offered, Sold, Proceeds asset.Amount
	Fills                   []Fill // best bid first
	DistinctBidders         int    // of this lot so far, counted up to MaxDistinctBidders
	AtReserve, SameOwner    bool   // of this clearing

	next Lot // with its tranches in the workspace
}

// Exhausted reports that everything on offer was sold.
func (cl *Clearing) Exhausted() bool { return cl.Outcome == OutcomeExhausted }

// Workspace keeps the buffers of clearings and quotes, so that repeated use does not allocate. The zero value is
// ready; it must not be shared.
type Workspace struct {
	order    []int32 // live bids at or above the clock, best first
	keys     []rankKey
	spare    []rankKey
	taken    []asset.Amount // units of order[:len(taken)]
	fills    []Fill
	weights  []fixed.Wad
	parts    []fixed.Wad
	split    fixed.Splitter
	tranches []Tranche
	forecast forecast
}

// Clear finds what the block at now does to a lot: one clearing at one price for all bids, in any order; bids that
// are sorted as Bid.Compare does are cheaper. Bids below the clock, expired ones and ones without a quantity or with
// more minimum than quantity take no part. Neither the lot nor the bids change: Apply commits the result.
//
// An overflow of the payments cannot happen while every escrow was really deposited; it is an error, upon which the
// host cancels the lot.
func (w *Workspace) Clear(l *Lot, bids []Bid, now int64) (Clearing, error) {
	if len(bids) > MaxBids {
		return Clearing{}, fmt.Errorf("%w: lot %d: expected at most %d bids, got %d", ErrBook, l.ID, MaxBids, len(bids))
	}
	next, outcome, err := l.next(now)
	if err != nil {
		return Clearing{}, err
	}
	w.tranches = append(w.tranches[:0], l.Tranches...)
	next.Tranches = w.tranches
	cl := Clearing{Outcome: outcome, Status: next.Status, DistinctBidders: next.Bidders.Count, next: next}
	if outcome != OutcomeUnspecified {
		return cl, nil
	}
	cl.Clock = next.Curve.Price(next.Clock.Effective)
	cl.Offered = cl.next.closeBelow(cl.Clock)
	w.rank(bids, cl.Clock, now)
	price, exhausted := w.match(bids, cl.Clock, cl.Offered)
	var c fixed.Calc
	w.price(&c, &cl, bids, price)
	w.share(&c, &cl)
	if err := c.Err(); err != nil {
		return Clearing{}, fmt.Errorf("auction: clearing of lot %d: %w", l.ID, err)
	}
	cl.finish(exhausted)
	return cl, nil
}

// closeBelow closes the tranches whose limit is above the clock, and returns what the others offer.
func (l *Lot) closeBelow(clock fixed.Wad) asset.Amount {
	for i := range l.Tranches {
		if clock.Less(l.Tranches[i].Limit) {
			l.Tranches[i].Closed = true
		}
	}
	return l.Offered(clock)
}

// match walks the price levels from the best bid down until the offer is exhausted, and sets what each bid takes.
// Every bid is looked at once, and once more at the level where the demand exceeds what is left.
func (w *Workspace) match(bids []Bid, clock fixed.Wad, offered asset.Amount) (price fixed.Wad, exhausted bool) {
	w.taken = w.taken[:0]
	var c fixed.Calc // sums of at most MaxBids quantities cannot overflow
	left := offered.Raw()
	for first := 0; first < len(w.order) && left.Sign() > 0; {
		limit := bids[w.order[first]].Limit
		last, demand := first, fixed.Wad{}
		for ; last < len(w.order) && bids[w.order[last]].Limit == limit; last++ {
			b := &bids[w.order[last]]
			w.taken = append(w.taken, b.Quantity)
			demand = c.Add(demand, b.Quantity.Raw())
		}
		if left.Less(demand) {
			demand = w.dropUnmet(bids, first, left, demand)
		}
		if left == demand {
			return limit, true
		}
		if left.Less(demand) {
			w.prorate(first, left)
			return limit, true
		}
		left = c.Sub(left, demand)
		first = last
	}
	return clock, false
}

// dropUnmet takes bids out of the marginal level, order[first:len(taken)], whose part of what is left would be below
// their minimum: first those whose minimum is more than all that is left, then the youngest, until every minimum is
// met. It returns the demand that stays.
//
// A part is counted without the odd unit of the largest remainder, floor(left*quantity/demand). Each bid that leaves
// makes the parts of the others larger, so a minimum that is met stays met, and one pass from the youngest to the
// oldest settles the level. The oldest stay because somebody must: if all left, two bidders who each want the whole
// lot at the same limit would keep each other, and the seller, from trading until the end. So some bid fills at the
// level whenever one has a minimum of at most what is left, and a bid that rests after a clearing without any sale
// wants more than is left and never fills.
func (w *Workspace) dropUnmet(bids []Bid, first int, left, demand fixed.Wad) fixed.Wad {
	var c fixed.Calc // parts are at most 2^128
	for k := first; k < len(w.taken); k++ {
		if b := &bids[w.order[k]]; left.Less(b.MinFill.Raw()) {
			w.taken[k] = asset.Amount{}
			demand = c.Sub(demand, b.Quantity.Raw())
		}
	}
	for k := len(w.taken) - 1; k >= first && left.Less(demand); k-- {
		b := &bids[w.order[k]]
		if w.taken[k].IsZero() || b.MinFill.IsZero() {
			continue
		}
		if part := c.MulDivDown(left, b.Quantity.Raw(), demand); part.Less(b.MinFill.Raw()) {
			w.taken[k] = asset.Amount{}
			demand = c.Sub(demand, b.Quantity.Raw())
		}
	}
	return demand
}

// prorate divides what is left over the marginal level by largest remainders, ties to the older bid.
func (w *Workspace) prorate(first int, left fixed.Wad) {
	var c fixed.Calc // a part is at most its quantity
	w.weights = w.weights[:0]
	for _, q := range w.taken[first:] {
		w.weights = append(w.weights, q.Raw())
	}
	w.splitOver(&c, left)
	for i, part := range w.parts {
		w.taken[first+i] = c.Nat(part)
	}
}

// splitOver divides a total over the weights into the parts.
func (w *Workspace) splitOver(c *fixed.Calc, total fixed.Wad) {
	w.parts = append(w.parts[:0], w.weights...)
	c.Fail(w.split.LargestRemainder(w.parts, w.weights, total))
}

// price turns what the bids take into fills at one price.
func (w *Workspace) price(c *fixed.Calc, cl *Clearing, bids []Bid, price fixed.Wad) {
	w.fills = w.fills[:0]
	for k, units := range w.taken {
		if units.IsZero() {
			continue
		}
		index := int(w.order[k])
		b := &bids[index]
		payment := cl.next.Pair.QuoteUp(c, units, price)
		refund := c.SubNat(b.Escrow(c, cl.next.Pair), payment)
		w.fills = append(w.fills, Fill{index, b.ID, b.Bidder, units, payment, refund})
		cl.Sold = c.AddNat(cl.Sold, units)
		cl.Proceeds = c.AddNat(cl.Proceeds, payment)
		cl.SameOwner = cl.SameOwner || b.SameOwner
		cl.next.Bidders.add(b.Bidder)
	}
	cl.Fills = w.fills
	if len(w.fills) > 0 {
		cl.Price = price
		cl.AtReserve = price == cl.next.Curve.Reserve
	}
}

// share divides units and proceeds over the open tranches: units pro rata to what each offers, proceeds pro rata to
// the units sold, both by largest remainders in the order of the tranches. A tranche of x units gets at least
// floor(x*price), and so never less than its limit, rounded down.
func (w *Workspace) share(c *fixed.Calc, cl *Clearing) {
	if cl.Sold.IsZero() {
		return
	}
	tranches := cl.next.Tranches
	w.weights = w.weights[:0]
	for i := range tranches {
		w.weights = append(w.weights, tranches[i].offered(cl.Clock).Raw())
	}
	w.splitOver(c, cl.Sold.Raw())
	w.weights = append(w.weights[:0], w.parts...)
	for i := range tranches {
		tranches[i].Sold = c.AddNat(tranches[i].Sold, c.Nat(w.parts[i]))
	}
	w.splitOver(c, cl.Proceeds.Raw())
	for i := range tranches {
		tranches[i].Proceeds = c.AddNat(tranches[i].Proceeds, c.Nat(w.parts[i]))
	}
}

// finish sets the outcome and closes the lot when nothing is left to sell or no time to sell it.
func (cl *Clearing) finish(exhausted bool) {
	switch {
	case exhausted:
		cl.Outcome = OutcomeExhausted
	case cl.Sold.IsZero():
		cl.Outcome = OutcomeIdle
	default:
		cl.Outcome = OutcomePartial
	}
	n := &cl.next
	n.AtReserve = n.AtReserve || cl.AtReserve
	n.SameOwner = n.SameOwner || cl.SameOwner
	if exhausted || cl.Offered.IsZero() || n.Clock.Effective >= n.endSeconds() {
		n.Status = Closed
	}
	cl.Status = n.Status
	cl.DistinctBidders = n.Bidders.Count
}

// Apply commits a clearing to the lot that it was made from. Only the next clearing of that lot is accepted.
func (l *Lot) Apply(cl *Clearing) error {
	if cl.next.ID != l.ID || cl.next.Blocks != l.Blocks+1 || len(cl.next.Tranches) != len(l.Tranches) {
		return fmt.Errorf("%w: expected clearing %d of lot %d, got %d of lot %d",
			ErrState, l.Blocks+1, l.ID, cl.next.Blocks, cl.next.ID)
	}
	tranches := l.Tranches
	copy(tranches, cl.next.Tranches)
	*l = cl.next
	l.Tranches = tranches
	return nil
}
