package sim

import (
	"cmp"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/settle"
)

// Mechanism says how a block of an auction is cleared.
type Mechanism uint8

// Mechanisms. FirstCome is how other systems do it: who comes first takes what he wants at the clock's price. It is
// here to be compared with.
const (
	Batch Mechanism = iota
	FirstCome
)

// hall is one open lot with its book.
type hall struct {
	lot    auction.Lot
	bids   []auction.Bid
	nextID uint64
	atMid  asset.Amount
	fair   fixed.Wad // the oracle's mid now
	stale  bool      // a healthy mid was missing at a fill
}

// house runs the lots of a world.
type house struct {
	ledger    *Ledger
	desks     []desk
	mechanism Mechanism
	halls     []*hall
	closed    []cycle.Closed
	mids      []fixed.Wad // the oracle's prices now, by asset.Index
	ws        auction.Workspace
	watch     Watcher
}

// open takes a new lot in; the desks bid for it at what they see.
func (h *house) open(lot auction.Lot, now int64, seen func(latencySeconds int64) []fixed.Wad) error {
	if err := lot.Open(now); err != nil {
		return err
	}
	l := &hall{lot: lot}
	h.halls = append(h.halls, l)
	var c fixed.Calc
	l.fair = asset.PriceDown(&c, h.mids[lot.Sell], h.mids[lot.Buy])
	for i := range h.desks {
		if err := h.bid(&c, l, &h.desks[i], now, seen(h.desks[i].LatencySeconds)); err != nil {
			return err
		}
	}
	return c.Err()
}

// reprice tells the house the oracle's new prices.
func (h *house) reprice(mids []fixed.Wad) error {
	h.mids = mids
	var c fixed.Calc
	for _, l := range h.halls {
		l.fair = asset.PriceDown(&c, mids[l.lot.Sell], mids[l.lot.Buy])
	}
	return c.Err()
}

// requote lets one desk replace its bids at the prices that it sees now.
func (h *house) requote(index int, now int64, seen []fixed.Wad) error {
	d := &h.desks[index]
	var c fixed.Calc
	for _, l := range h.halls {
		if err := h.withdraw(l, d.id); err != nil {
			return err
		}
		if err := h.bid(&c, l, d, now, seen); err != nil {
			return err
		}
	}
	return c.Err()
}

// bid enters a desk's bid, backed by a deposit.
func (h *house) bid(c *fixed.Calc, l *hall, d *desk, now int64, seen []fixed.Wad) error {
	sell, buy := seen[l.lot.Sell], seen[l.lot.Buy]
	limit := d.limit(c, asset.PriceDown(c, sell, buy))
	if limit.Less(l.lot.Curve.Reserve) {
		return nil
	}
	units := d.size(c, now, sell, l.lot.Pair.Sell.Exponent, l.lot.Offered(l.lot.Curve.Reserve))
	b := auction.Bid{ID: l.nextID + 1, Bidder: d.id, Quantity: units, Limit: limit}
	if units.IsZero() || !l.accepts(&b, now) || loses(c, l, &b, sell, buy) {
		return nil // too small or too dear for this lot: no bid
	}
	l.nextID++
	l.bids = append(l.bids, b)
	return h.ledger.Move(outside, lotAccount(l.lot.ID), l.lot.Buy, b.Escrow(c, l.lot.Pair))
}

// accepts reports a bid that the lot would take.
func (l *hall) accepts(b *auction.Bid, now int64) bool { return b.Validate(&l.lot, now) == nil }

// loses reports a bid whose payment, rounded up to whole base units, would be worth more than what it buys: where the
// bought asset is coarse, crumbs are not worth a bid.
func loses(c *fixed.Calc, l *hall, b *auction.Bid, sell, buy fixed.Wad) bool {
	pair := l.lot.Pair
	worth := asset.ValueUp(c, b.Quantity, sell, pair.Sell.Exponent)
	return worth.Less(asset.ValueDown(c, b.Escrow(c, pair), buy, pair.Buy.Exponent))
}

// withdraw returns the bids of a bidder, or of all with id 0.
func (h *house) withdraw(l *hall, bidder uint64) error {
	var c fixed.Calc
	kept := l.bids[:0]
	for i := range l.bids {
		b := l.bids[i]
		if bidder != 0 && b.Bidder != bidder {
			kept = append(kept, b)
			continue
		}
		if err := h.ledger.Move(lotAccount(l.lot.ID), outside, l.lot.Buy, b.Escrow(&c, l.lot.Pair)); err != nil {
			return err
		}
	}
	l.bids = kept
	return c.Err()
}

func lotAccount(id uint64) settle.Account { return settle.Account{Kind: settle.Lot, ID: id} }

// run clears the lots up to a time, block by block; blocks in which nothing can happen are skipped.
func (h *house) run(until int64) error {
	for _, l := range h.halls {
		if err := h.runLot(l, until); err != nil {
			return err
		}
	}
	h.halls = slices.DeleteFunc(h.halls, func(l *hall) bool { return l.lot.Status == auction.Closed })
	return nil
}

func (h *house) runLot(l *hall, until int64) error {
	step := l.lot.Pace.BlockSeconds
	for l.lot.Status != auction.Closed && l.lot.Clock.Last+step <= until {
		h.skip(l, until)
		now := l.lot.Clock.Last + step
		if err := h.clear(l, now); err != nil {
			return err
		}
	}
	if l.lot.Status != auction.Closed {
		return nil
	}
	if err := h.withdraw(l, 0); err != nil {
		return err
	}
	atMid := l.atMid
	if l.stale {
		atMid = asset.Amount{}
	}
	h.closed = append(h.closed, cycle.Closed{Lot: l.lot, AtMid: atMid})
	h.watch.Closed(&l.lot, l.atMid)
	return nil
}

// skip moves an open lot to the block before the next one in which anything can happen, but not beyond until.
func (*house) skip(l *hall, until int64) {
	if l.lot.Status != auction.Open {
		return
	}
	var best fixed.Wad
	for i := range l.bids {
		best = best.Max(l.bids[i].Limit)
	}
	k, step := &l.lot.Clock, l.lot.Pace.BlockSeconds
	idle := (l.lot.IdleUntil(best) - k.Effective + step - 1) / step
	blocks := min(idle, (until-k.Last)/step) - 1
	if blocks > 0 {
		k.Effective += blocks * step
		k.Last += blocks * step
	}
}

// clear makes the clearing of one block.
func (h *house) clear(l *hall, now int64) error {
	bids := l.bids
	if h.mechanism == FirstCome {
		var err error
		if bids, err = h.first(l, now); err != nil {
			return err
		}
	}
	cl, err := h.ws.Clear(&l.lot, bids, now)
	if err != nil {
		return err
	}
	for i := range cl.Fills {
		if err := h.deliver(l, &cl.Fills[i], now); err != nil {
			return err
		}
	}
	if len(cl.Fills) > 0 {
		h.watch.Cleared(&l.lot, &cl, l.fair, now)
		l.drop(cl.Fills)
	}
	return l.lot.Apply(&cl)
}

// deliver gives a winner his units and the rest of his deposit, and books the desk's side.
func (h *house) deliver(l *hall, f *auction.Fill, now int64) error {
	var c fixed.Calc
	if err := h.ledger.Move(lotAccount(l.lot.ID), outside, l.lot.Sell, f.Units); err != nil {
		return err
	}
	if err := h.ledger.Move(lotAccount(l.lot.ID), outside, l.lot.Buy, f.Refund); err != nil {
		return err
	}
	mid := l.lot.Pair.QuoteDown(&c, f.Units, l.fair)
	l.atMid = c.AddNat(l.atMid, mid)
	price, exponent := h.mids[l.lot.Buy], l.lot.Pair.Buy.Exponent
	d := &h.desks[f.Bidder-1]
	d.free(&c, now)
	d.take(&c, asset.ValueDown(&c, mid, price, exponent), asset.ValueDown(&c, f.Payment, price, exponent))
	return c.Err()
}

// drop takes filled bids out of the book.
func (l *hall) drop(fills []auction.Fill) {
	l.bids = slices.DeleteFunc(l.bids, func(b auction.Bid) bool {
		return slices.ContainsFunc(fills, func(f auction.Fill) bool { return f.ID == b.ID })
	})
}

// first gives the units on offer to the eligible bids of the quickest desks at the clock's price: no batch, no limit
// that counts beyond being eligible. What a bid deposited above the clock goes back at once.
func (h *house) first(l *hall, now int64) ([]auction.Bid, error) {
	clock, clearing, err := l.lot.ClockPrice(now)
	if err != nil || !clearing {
		return nil, err
	}
	order := make([]int, 0, len(l.bids))
	for i := range l.bids {
		if !l.bids[i].Limit.Less(clock) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(h.desks[l.bids[a].Bidder-1].LatencySeconds, h.desks[l.bids[b].Bidder-1].LatencySeconds)
	})
	var c fixed.Calc
	left := l.lot.Offered(clock)
	var taken []auction.Bid
	for _, i := range order {
		b := l.bids[i]
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

// lotOf finds a lot that is open, or closed and not brought back yet.
func (h *house) lotOf(id uint64) *auction.Lot {
	for _, l := range h.halls {
		if l.lot.ID == id {
			return &l.lot
		}
	}
	for i := range h.closed {
		if h.closed[i].Lot.ID == id {
			return &h.closed[i].Lot
		}
	}
	return nil
}
