package sim

import (
	"math/rand/v2"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
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

// HouseConfig bounds the books. Zeros are the bounds of the engine: auction.MaxBids, and no smallest bid.
type HouseConfig struct {
	BookSize int       // bids in the book of a lot; the worst one leaves for a better newcomer
	MinBid   fixed.Wad // value of the smallest bid
}

// hall is one open lot with its book.
type hall struct {
	lot    auction.Lot
	bids   []auction.Bid
	nextID uint64
	tally  auction.Tally
	fair   fixed.Wad // the oracle's mid now
}

// house runs the lots of a world.
type house struct {
	ledger    *Ledger
	desks     []desk
	mechanism Mechanism
	cfg       HouseConfig
	halls     []*hall
	closed    []cycle.Closed
	prices    []oracle.Price // by asset.Index
	ws        auction.Workspace
	watch     Watcher
	reanchor  func(lot *auction.Lot, now int64) error
	rnd       *rand.Rand // of the bidders
	incidents Incidents
}

// open takes a new lot in; the desks bid for it at what they see.
func (h *house) open(lot auction.Lot, now int64, seen func(latencySeconds int64) []fixed.Wad) error {
	if err := lot.Open(now); err != nil {
		return err
	}
	l := &hall{lot: lot}
	h.halls = append(h.halls, l)
	if err := h.value(l); err != nil {
		return err
	}
	for i := range h.desks {
		if err := h.bid(l, &h.desks[i], now, seen(h.desks[i].LatencySeconds)); err != nil {
			return err
		}
	}
	return nil
}

// value sets the oracle's mid of a lot.
func (h *house) value(l *hall) error {
	var c fixed.Calc
	s, b := &h.prices[l.lot.Sell], &h.prices[l.lot.Buy]
	l.fair = asset.PriceDown(&c, s.Value, b.Value)
	return c.Err()
}

// reprice tells the house the oracle's new prices.
func (h *house) reprice(prices []oracle.Price) error {
	h.prices = prices
	for _, l := range h.halls {
		if err := h.value(l); err != nil {
			return err
		}
	}
	return nil
}

// requote lets one desk replace its bids at the prices that it sees now.
func (h *house) requote(index int, now int64, seen []fixed.Wad) error {
	d := &h.desks[index]
	for _, l := range h.halls {
		if err := h.withdraw(l, d.id); err != nil {
			return err
		}
		if err := h.bid(l, d, now, seen); err != nil {
			return err
		}
	}
	return nil
}

// bid enters what a desk bids at the prices that it sees.
func (h *house) bid(l *hall, d *desk, now int64, seen []fixed.Wad) error {
	if d.Tactic != FairPrice {
		for _, b := range d.scheme(h.rnd, l, seen) {
			if err := h.enter(l, b, now); err != nil {
				return err
			}
		}
		return nil
	}
	var c fixed.Calc
	sell, buy := seen[l.lot.Sell], seen[l.lot.Buy]
	limit := d.limit(&c, asset.PriceDown(&c, sell, buy))
	if limit.Less(l.lot.Curve.Reserve) {
		return nil
	}
	units := d.size(&c, now, sell, l.lot.Pair.Sell.Exponent, l.lot.Offered(l.lot.Curve.Reserve))
	b := auction.Bid{Bidder: d.id, Quantity: units, Limit: limit}
	if err := c.Err(); err != nil {
		return err
	}
	if units.IsZero() || loses(&c, l, &b, sell, buy) {
		return nil // too small or too dear for this lot: no bid
	}
	return h.enter(l, b, now)
}

// accepts reports a bid that the lot would take.
func (l *hall) accepts(b *auction.Bid, now int64) bool { return b.Validate(&l.lot, now) == nil }

// worthy reports a bid that is worth a host's while.
func worthy(b *auction.Bid, price fixed.Wad, exponent uint8, least fixed.Wad) bool {
	return b.CheckValue(price, exponent, least) == nil
}

// enter puts a bid that is acceptable into the book, backed by a deposit. A full book lets its worst bid go for it.
func (h *house) enter(l *hall, b auction.Bid, now int64) error {
	b.ID = l.nextID + 1
	price, exponent := h.prices[l.lot.Sell].Value, l.lot.Pair.Sell.Exponent
	if !l.accepts(&b, now) || !worthy(&b, price, exponent, h.cfg.MinBid) {
		return nil // the host refuses it
	}
	var c fixed.Calc
	deposit := b.Escrow(&c, l.lot.Pair)
	if !h.ledger.affords(l.lot.Buy, deposit) {
		return c.Err() // nobody has so much
	}
	size := h.cfg.BookSize
	if size == 0 {
		size = auction.MaxBids
	}
	if len(l.bids) >= size {
		worst, evicted := auction.Evict(l.bids, &b)
		if !evicted {
			return c.Err()
		}
		back := l.bids[worst].Escrow(&c, l.lot.Pair)
		if err := h.ledger.Move(lotAccount(l.lot.ID), outside, l.lot.Buy, back); err != nil {
			return err
		}
		l.bids = slices.Delete(l.bids, worst, worst+1)
		h.incidents.Evicted++
	}
	l.nextID++
	l.bids = append(l.bids, b)
	if err := c.Err(); err != nil {
		return err
	}
	return h.ledger.Move(outside, lotAccount(l.lot.ID), l.lot.Buy, deposit)
}

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
		if bidder != 0 && b.Bidder%sybils != bidder {
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
	h.sweep()
	return nil
}

func (h *house) runLot(l *hall, until int64) error {
	step := l.lot.Pace.BlockSeconds
	for l.lot.Status != auction.Closed && l.lot.Clock.Last+step <= until {
		h.skip(l, until)
		if err := h.clear(l, l.lot.Clock.Last+step); err != nil {
			return err
		}
	}
	return h.close(l)
}

// block makes one block now, however long ago the last one was.
func (h *house) block(now int64) error {
	for _, l := range h.halls {
		if err := h.clear(l, now); err != nil {
			return err
		}
		if err := h.close(l); err != nil {
			return err
		}
	}
	h.sweep()
	return nil
}

// close brings a lot that is over to the door: bids go back, the rest waits for the cycle.
func (h *house) close(l *hall) error {
	if l.lot.Status != auction.Closed {
		return nil
	}
	if err := h.withdraw(l, 0); err != nil {
		return err
	}
	if l.tally.Stale {
		h.incidents.Stale++
	}
	h.closed = append(h.closed, cycle.Closed{Lot: l.lot, AtMid: l.tally.Mid(), Opening: l.tally.Opening})
	h.watch.Closed(&l.lot)
	return nil
}

func (h *house) sweep() {
	h.halls = slices.DeleteFunc(h.halls, func(l *hall) bool { return l.lot.Status == auction.Closed })
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
	if err := h.snipe(l, now); err != nil {
		return err
	}
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
	if err := l.tally.Add(l.lot.Pair, &cl, h.prices[l.lot.Sell], h.prices[l.lot.Buy]); err != nil {
		return err
	}
	if err := l.lot.Apply(&cl); err != nil {
		return err
	}
	if cl.Outcome != auction.OutcomeFrozen {
		return nil
	}
	if h.reanchor(&l.lot, now) == nil {
		h.incidents.Reanchored++
		return nil
	}
	h.incidents.Cancelled++
	l.lot.Cancel() // no price to go on with: everything goes back
	return nil
}

// snipe lets desks that wait for it bid just before the last block.
func (h *house) snipe(l *hall, now int64) error {
	last := l.lot.Curve.DurationSeconds() + l.lot.TailSeconds - l.lot.Pace.BlockSeconds
	if l.lot.Status != auction.Open || l.lot.Clock.Effective < last {
		return nil
	}
	for i := range h.desks {
		d := &h.desks[i]
		if d.Tactic != Snipe {
			continue
		}
		b := auction.Bid{Bidder: d.id, Quantity: l.lot.Offered(l.lot.Curve.Reserve), Limit: l.lot.Curve.Reserve}
		if err := h.enter(l, b, now); err != nil {
			return err
		}
	}
	return nil
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
	price, exponent := h.prices[l.lot.Buy].Value, l.lot.Pair.Buy.Exponent
	d := &h.desks[f.Bidder%sybils-1]
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

// latency is that of the desk behind a bidder.
func (h *house) latency(bidder uint64) int64 { return h.desks[bidder%sybils-1].LatencySeconds }

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
