package sim

import (
	"cmp"
	"slices"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// first gives the units on offer to the eligible bids of the quickest desks at the clock's price: no batch, no limit
// that counts beyond being eligible. What a bid deposited above the clock goes back at once.
func (h *house) first(l *hall, now int64) ([]auction.Bid, error) {
	clock, clearing, err := l.lot.ClockPrice(now)
	if err != nil || !clearing {
		return nil, err
	}
	order := make([]int, 0, len(l.bids))
	for i := range l.bids {
		if b := &l.bids[i]; !b.Limit.Less(clock) && b.Live(now) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(h.latency(l.bids[a].Bidder), h.latency(l.bids[b].Bidder))
	})
	var c fixed.Calc
	left := l.lot.Offered(clock)
	var taken []auction.Bid
	for _, i := range order {
		b := l.bids[i]
		if left.Less(b.MinFill) {
			continue // all or nothing, and there is not all
		}
		before := b.Escrow(&c, l.lot.Pair)
		b.Quantity, b.Limit = b.Quantity.Min(left), clock
		if b.Quantity.IsZero() {
			break
		}
		left = c.SubNat(left, b.Quantity)
		back := c.SubNat(before, b.Escrow(&c, l.lot.Pair))
		if err := h.ledger.Move(lotAccount(l.lot.ID), outside, l.lot.Buy, back); err != nil {
			return nil, err
		}
		taken = append(taken, b)
	}
	return taken, c.Err()
}
