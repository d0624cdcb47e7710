package auction_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// TestQuoteIsWhatHappens compares a quote with the blocks as they come.
func TestQuoteIsWhatHappens(t *testing.T) {
	t.Parallel()
	var w auction.Workspace
	rapid.Check(t, func(r *rapid.T) {
		s := drawSituation(r, true)
		s.lot.Clock.Effective = rapid.Int64Range(0, 30).Draw(r, "age")
		s.lot.TailSeconds = rapid.Int64Range(0, 20).Draw(r, "tail")
		drawPhase(r, s.lot)
		b := bid(99, rapid.Uint64Range(1, 80).Draw(r, "quantity"), drawLimit(r))
		b.MinFill = n(rapid.Uint64Range(0, 80).Draw(r, "minimum")).Min(b.Quantity)
		if rapid.Bool().Draw(r, "expires") {
			b.Expiry = rapid.Int64Range(0, 90).Draw(r, "until")
		}
		at := rapid.Int64Range(0, 60).Draw(r, "at")
		if b.Validate(s.lot, at) != nil {
			return
		}
		resting := slices.Clone(s.bids)
		got, err := w.Quote(s.lot, resting, &b, at)
		if !slices.Equal(resting, s.bids) {
			r.Fatal("a quote changed the book")
		}
		want, happened := happens(r, &s, b, at)
		if happened != (err == nil) || got != want {
			r.Fatalf("%+v, %v, want %+v, %t", got, err, want, happened)
		}
	})
}

// drawPhase puts a lot into its opening, or just after.
func drawPhase(r *rapid.T, l *auction.Lot) {
	if rapid.Bool().Draw(r, "open") {
		l.Status = auction.Open
		return
	}
	l.OpeningBlocks = rapid.Uint32Range(0, 3).Draw(r, "opening")
}

// happens runs every block at its target time and says how the bid ends; false when the lot closes before it comes.
func happens(tb reporter, s *situation, b auction.Bid, at int64) (auction.Quote, bool) {
	tb.Helper()
	var w auction.Workspace
	var c fixed.Calc
	placed, now := false, s.lot.Clock.Last
	for s.lot.Status != auction.Closed {
		now += pace.BlockSeconds
		if !placed && now >= at {
			s.bids, placed = append(s.bids, b), true
		}
		if placed && !b.Live(now) {
			return auction.Quote{Time: now, Refund: b.Escrow(&c, s.lot.Pair)}, true
		}
		cl := advance(tb, &w, s.lot, s.bids, now)
		for _, f := range cl.Fills {
			if f.ID == b.ID {
				return auction.Quote{Time: now, Price: cl.Price, Units: f.Units, Payment: f.Payment, Refund: f.Refund}, true
			}
			s.bids = slices.DeleteFunc(s.bids, func(o auction.Bid) bool { return o.ID == f.ID })
		}
	}
	if !placed {
		return auction.Quote{}, false
	}
	return auction.Quote{Time: now, Refund: b.Escrow(&c, s.lot.Pair)}, true
}

// TestTakeIsWhatHappens bids what CostToTake says, at its price: a lone bidder gets just that.
func TestTakeIsWhatHappens(t *testing.T) {
	t.Parallel()
	var w auction.Workspace
	rapid.Check(t, func(r *rapid.T) {
		s := drawSituation(r, false)
		drawPhase(r, s.lot)
		at := rapid.Int64Range(0, 90).Draw(r, "at")
		take, err := s.lot.CostToTake(n(rapid.Uint64Range(1, 400).Draw(r, "units")), at)
		if err != nil || take.Units.IsZero() {
			return
		}
		b := bid(1, 0, take.Price)
		b.Quantity = take.Units
		got, err := w.Quote(s.lot, nil, &b, at)
		want := auction.Quote{Time: take.Time, Price: take.Price, Units: take.Units, Payment: take.Payment}
		if err != nil || got != want {
			r.Fatalf("%+v, %v, want %+v", got, err, want)
		}
		back, err := s.lot.UnitsFor(take.Payment, at)
		if err != nil || back.Units.Less(take.Units) || take.Payment.Less(back.Payment) {
			r.Fatalf("the payment buys %+v, %v, want %+v", back, err, take)
		}
		var c fixed.Calc
		if more := c.AddNat(back.Units, n(1)); !s.lot.Offered(take.Price).Less(more) {
			if take.Payment.Cmp(s.lot.Pair.QuoteUp(&c, more, take.Price)) >= 0 {
				r.Fatalf("%v units would have been paid for too", more)
			}
		}
	})
}
