package auction

import (
	"cmp"
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Bounds of a book. A host may choose lower ones.
const (
	// MaxBids is the number of bids that one clearing takes.
	MaxBids = 10_000
	// MaxBidsPerAccount keeps one account from filling a book.
	MaxBidsPerAccount = 16
)

// Bid is an offer to buy units of a lot. A live bid and a resting one are the same thing. Cancelling takes effect
// after the next clearing: the host lets the bid take part in it once more.
type Bid struct {
	ID     uint64 // unique in its lot, growing with age
	Bidder uint64
	// Quantity is the most, and MinFill the least number of units of the sold asset that the bidder takes in a
	// clearing. MinFill = Quantity is all or none.
	Quantity, MinFill asset.Amount
	Limit             fixed.Wad // highest pair price
	Expiry            int64     // last second at which the bid may fill; 0 = as long as the lot
	// SameOwner says that the bidder also sells in this lot: allowed, but such a price is no evidence.
	SameOwner bool
}

// Live reports whether the bid may fill at a time.
func (b *Bid) Live(now int64) bool { return b.Expiry == 0 || now <= b.Expiry }

// Until is the bid with an earlier expiry: how a cancelled bid, which takes part in the next clearing once more, looks
// to a quote.
func (b *Bid) Until(time int64) Bid {
	cut := *b
	if cut.Live(time) {
		cut.Expiry = time
	}
	return cut
}

// Escrow is what a bidder deposits, ceil(quantity*limit) base units of the bought asset: the most that it can pay.
// ErrOverflow means that the bid cannot be accepted.
func (b *Bid) Escrow(c *fixed.Calc, p asset.Pair) asset.Amount {
	return p.QuoteUp(c, b.Quantity, b.Limit)
}

// Validate checks a bid before it enters the book of a lot.
func (b *Bid) Validate(l *Lot, now int64) error {
	switch {
	case l.Status != Opening && l.Status != Open:
		return fmt.Errorf("%w: expected an open lot, lot %d is %v", ErrState, l.ID, l.Status)
	case b.Quantity.IsZero() || b.Quantity.Less(b.MinFill):
		return fmt.Errorf("%w: expected a quantity above zero and at least the minimum fill, got %v and %v",
			ErrBid, b.Quantity, b.MinFill)
	case b.Limit.Less(l.Curve.Reserve):
		return fmt.Errorf("%w: expected a limit of at least the reserve %v, got %v", ErrBid, l.Curve.Reserve, b.Limit)
	case !b.Live(now):
		return fmt.Errorf("%w: expired at %d, now is %d", ErrBid, b.Expiry, now)
	}
	var c fixed.Calc
	b.Escrow(&c, l.Pair)
	if err := c.Err(); err != nil {
		return fmt.Errorf("%w: escrow of %v at %v: %w", ErrBid, b.Quantity, b.Limit, err)
	}
	return nil
}

// CheckValue refuses a bid that is worth less than a minimum in the unit of account, at the price of the sold asset
// and its exponent: a book of crumbs costs its host more than it brings.
func (b *Bid) CheckValue(price fixed.Wad, exponent uint8, minimum fixed.Wad) error {
	var c fixed.Calc
	value := asset.ValueDown(&c, b.Quantity, price, exponent)
	if err := c.Err(); err != nil {
		return fmt.Errorf("%w: value of %v at %v: %w", ErrBid, b.Quantity, price, err)
	}
	if value.Less(minimum) {
		return fmt.Errorf("%w: expected a value of at least %v, got %v", ErrBid, minimum, value)
	}
	return nil
}

// Compare orders bids from the best to the worst: highest limit first, then the lowest id. A host that keeps its
// book in this order saves the sort in Clear.
func (b *Bid) Compare(other *Bid) int {
	if d := other.Limit.Cmp(b.Limit); d != 0 {
		return d
	}
	return cmp.Compare(b.ID, other.ID)
}

// Evict names the bid that leaves a full book for a newcomer: the one with the lowest limit, the highest id among
// equals. It is false when no bid is worse than the newcomer, which is then refused.
func Evict(book []Bid, newcomer *Bid) (index int, evicted bool) {
	worst := newcomer
	for i := range book {
		if book[i].Compare(worst) > 0 {
			worst, index, evicted = &book[i], i, true
		}
	}
	return index, evicted
}
