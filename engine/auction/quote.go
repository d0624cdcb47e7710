package auction

import (
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Quote is what a bid would get if no other bid came and every block took its target time.
type Quote struct {
	// Time is the block in which the bid is over: filled, expired, or returned because the lot closed.
	Time  int64
	Price fixed.Wad // uniform price; 0 when the bid does not fill
	// Units of the sold asset for Payment base units of the bought one; Refund is the rest of the escrow.
	Units, Payment, Refund asset.Amount
}

// Quote finds what a bid placed at a time would get, with the resting bids in the book: the same clearings, block by
// block, that will be made, except that blocks in which nothing can happen are skipped. The bid's id must be the
// next of the book. A lot that is frozen, or closed by then, is ErrState.
func (w *Workspace) Quote(l *Lot, resting []Bid, bid *Bid, at int64) (Quote, error) {
	if err := bid.Validate(l, at); err != nil {
		return Quote{}, err
	}
	if len(resting) >= MaxBids {
		return Quote{}, fmt.Errorf("%w: lot %d: expected fewer than %d bids, got %d", ErrBook, l.ID, MaxBids, len(resting))
	}
	if l.Clock.Frozen {
		return Quote{}, fmt.Errorf("%w: expected a running clock, lot %d is frozen", ErrState, l.ID)
	}
	var c fixed.Calc // Validate checked the escrow
	nothing := Quote{Refund: bid.Escrow(&c, l.Pair)}
	f := &w.forecast
	f.load(l, resting)
	for placed, wake := false, at; f.lot.Status != Closed; {
		now := f.lot.Clock.Last + f.lot.Pace.BlockSeconds
		if !placed && now >= at {
			placed, wake = true, bid.end()
			f.place(bid)
		}
		if placed && !bid.Live(now) {
			nothing.Time = now
			return nothing, nil
		}
		fill, found, err := w.run(bid.ID, now, wake)
		if err != nil || found {
			return fill, err
		}
	}
	nothing.Time = f.lot.Clock.Last
	if nothing.Time < at {
		return Quote{}, fmt.Errorf("%w: lot %d closes at %d, before %d", ErrState, l.ID, nothing.Time, at)
	}
	return nothing, nil
}

// endless is the end of a bid that does not expire.
const endless = 1<<63 - 1

// end is the first second at which the bid can no longer fill.
func (b *Bid) end() int64 {
	if b.Expiry == 0 || b.Expiry == endless {
		return endless
	}
	return b.Expiry + 1
}

// run makes the clearing of the block at now and looks for the bid among its fills. When no bid is left that the
// clock has reached, it skips the blocks in which nothing can happen, up to the wake time.
func (w *Workspace) run(id uint64, now, wake int64) (Quote, bool, error) {
	f := &w.forecast
	eligible := f.eligible(now)
	cl, err := w.Clear(&f.lot, f.live()[:eligible], now)
	if err != nil {
		return Quote{}, false, err
	}
	for i := range cl.Fills {
		if fill := &cl.Fills[i]; fill.ID == id {
			return Quote{now, cl.Price, fill.Units, fill.Payment, fill.Refund}, true, nil
		}
	}
	err = f.lot.Apply(&cl)
	if cl.Outcome == OutcomeIdle {
		f.head += eligible // they want more than is left: they never fill
		eligible = 0
	}
	if resting := f.remove(cl.Fills, eligible); resting == 0 && f.lot.Status == Open {
		f.skip(wake)
	}
	return Quote{}, false, err
}

// forecast is a copy of a lot and its book that runs ahead.
type forecast struct {
	lot      Lot
	tranches []Tranche
	book     []Bid // best first
	head     int   // the first of book that may still fill
}

func (f *forecast) live() []Bid { return f.book[f.head:] }

func (f *forecast) load(l *Lot, resting []Bid) {
	f.tranches = append(f.tranches[:0], l.Tranches...)
	f.lot = *l
	f.lot.Tranches = f.tranches
	f.book = append(f.book[:0], resting...)
	f.head = 0
	slices.SortFunc(f.book, func(a, b Bid) int { return a.Compare(&b) })
}

func (f *forecast) place(b *Bid) {
	i, _ := slices.BinarySearchFunc(f.live(), *b, func(x, y Bid) int { return x.Compare(&y) })
	f.book = slices.Insert(f.book, f.head+i, *b)
}

// eligible is the number of bids at or above the clock of the block at now; 0 when there is no clearing, for any
// reason: Clear then says which.
func (f *forecast) eligible(now int64) int {
	price, clearing, err := f.lot.ClockPrice(now)
	if err != nil || !clearing {
		return 0
	}
	n, _ := slices.BinarySearchFunc(f.live(), price, func(b Bid, p fixed.Wad) int {
		if b.Limit.Less(p) {
			return 1
		}
		return -1
	})
	return n
}

// remove takes the filled bids out of the first ones, by moving those that stay up to the others, and counts these.
func (f *forecast) remove(fills []Fill, first int) int {
	live := f.live()
	kept := first
	for i := first - 1; i >= 0; i-- {
		if last := len(fills) - 1; last >= 0 && fills[last].Index == i {
			fills = fills[:last]
			continue
		}
		kept--
		live[kept] = live[i]
	}
	f.head += kept
	return first - kept
}

// skip moves the lot to the block before the next one in which anything can happen: a bid becomes eligible, a tranche
// closes, the lot ends, or the wake time has come.
func (f *forecast) skip(wake int64) {
	best := fixed.Wad{}
	if live := f.live(); len(live) > 0 {
		best = live[0].Limit
	}
	k, step := f.lot.Clock, f.lot.Pace.BlockSeconds
	blocks := blocksTo(f.lot.IdleUntil(best)-k.Effective, step)
	blocks = min(blocks, blocksTo(max(wake, k.Last)-k.Last, step))
	k.Effective += (blocks - 1) * step
	k.Last += (blocks - 1) * step
	f.lot.Clock = k
}

// blocksTo is the number of blocks of a length, at least 1, that it takes for so many seconds to pass.
func blocksTo(seconds, step int64) int64 { return max(0, seconds-1)/step + 1 }

// IdleUntil is the effective second before which clearings change nothing, when no live bid has a limit above best: a
// host may skip the lot until then, and then set its Clock to that of the block before.
func (l *Lot) IdleUntil(best fixed.Wad) int64 {
	until := l.endSeconds()
	if seconds, reached := l.Curve.FirstAtOrBelow(best); reached {
		until = min(until, seconds)
	}
	var c fixed.Calc // limits are not negative
	for i := range l.Tranches {
		t := &l.Tranches[i]
		if t.Closed || t.Remaining().IsZero() {
			continue
		}
		if seconds, reached := l.Curve.FirstAtOrBelow(c.Sub(t.Limit, fixed.FromRaw(1))); reached {
			until = min(until, seconds)
		}
	}
	return until
}

// Take is a price and what it comes to.
type Take struct {
	Time    int64 // of the block that clears
	Price   fixed.Wad
	Units   asset.Amount // of the sold asset
	Payment asset.Amount // base units of the bought one, ceil(Units*Price)
}

// CostToTake is what so many units, at most those on offer, cost a bidder who comes at a time, bids the clock price
// and meets no other bid, when every block takes its target time. A lot that is closed by then is ErrState.
func (l *Lot) CostToTake(units asset.Amount, at int64) (Take, error) {
	t, err := l.offer(at)
	if err != nil {
		return Take{}, err
	}
	t.Units = t.Units.Min(units)
	return l.paid(t)
}

// UnitsFor is the most units that a payment buys, otherwise like CostToTake. What the payment exceeds the result's
// Payment by comes back.
func (l *Lot) UnitsFor(payment asset.Amount, at int64) (Take, error) {
	t, err := l.offer(at)
	if err != nil {
		return Take{}, err
	}
	all, err := l.paid(t)
	if err == nil && !payment.Less(all.Payment) {
		return all, nil
	}
	var c fixed.Calc // cannot fail: less than all units
	t.Units = l.Pair.CoverDown(&c, payment, t.Price)
	return l.paid(t)
}

func (l *Lot) paid(t Take) (Take, error) {
	var c fixed.Calc
	t.Payment = l.Pair.QuoteUp(&c, t.Units, t.Price)
	if err := c.Err(); err != nil {
		return Take{}, fmt.Errorf("auction: price of %v units at %v: %w", t.Units, t.Price, err)
	}
	return t, nil
}

// offer is the first clearing at or after a time: its block, its clock price, and the units on offer.
func (l *Lot) offer(at int64) (Take, error) {
	if l.Status != Opening && l.Status != Open || l.Clock.Frozen {
		return Take{}, fmt.Errorf("%w: expected an open lot, lot %d is %v and frozen is %t",
			ErrState, l.ID, l.Status, l.Clock.Frozen)
	}
	step := l.Pace.BlockSeconds
	blocks, waiting := blocksTo(max(at, l.Clock.Last)-l.Clock.Last, step), int64(0)
	if l.Status == Opening {
		waiting = int64(l.OpeningBlocks) + 1
		blocks = max(blocks, waiting)
	}
	last := waiting + blocksTo(l.endSeconds()-l.Clock.Effective, step)
	if l.Status == Opening && l.endSeconds() <= l.Clock.Effective { // the first clearing is the last
		last = waiting
	}
	if blocks > last {
		return Take{}, fmt.Errorf("%w: lot %d closes at %d, before %d", ErrState, l.ID, l.Clock.Last+last*step, at)
	}
	price := l.Curve.Price(l.Clock.Effective + (blocks-waiting)*step)
	return Take{Time: l.Clock.Last + blocks*step, Price: price, Units: l.Offered(price)}, nil
}
