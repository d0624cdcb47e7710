package auction_test

import (
	"errors"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// situation is a lot in front of a clearing and the bids for it.
type situation struct {
	lot  *auction.Lot
	bids []auction.Bid
	now  int64
}

// drawLimit draws from few values, so that levels hold several bids.
func drawLimit(t *rapid.T) fixed.Wad {
	return fixed.FromRaw(rapid.Int64Range(8, 24).Draw(t, "limit") * (1e18 / 8))
}

func drawBids(t *rapid.T, minima bool) []auction.Bid {
	count := rapid.IntRange(0, 14).Draw(t, "bids")
	bids := make([]auction.Bid, count)
	for i := range bids {
		quantity := rapid.Uint64Range(0, 60).Draw(t, "quantity")
		bids[i] = bid(uint64(i)+1, quantity, drawLimit(t))
		bids[i].Bidder = rapid.Uint64Range(1, 5).Draw(t, "bidder")
		if rapid.IntRange(0, 9).Draw(t, "expires") == 0 {
			bids[i].Expiry = rapid.Int64Range(1, 40).Draw(t, "expiry")
		}
		if minima {
			bids[i].MinFill = n(rapid.Uint64Range(0, quantity+1).Draw(t, "minimum"))
		}
	}
	return rapid.Permutation(bids).Draw(t, "order")
}

func drawSituation(t *rapid.T, minima bool) situation {
	curve, err := auction.NewCurve(auction.Curve{
		Kind:  rapid.SampledFrom([]auction.Kind{auction.Linear, auction.Exponential}).Draw(t, "kind"),
		Start: fixed.FromInt(2), Reserve: fixed.FromInt(1),
		Steps: rapid.Uint64Range(1, 40).Draw(t, "steps"), StepSeconds: 1,
		BucketSteps: rapid.Uint64Range(0, 1).Draw(t, "bucket"),
	})
	if err != nil {
		t.Fatal(err)
	}
	tranches := make([]auction.Tranche, rapid.IntRange(1, 4).Draw(t, "tranches"))
	for i := range tranches {
		tranches[i] = units(rapid.Uint64Range(1, 90).Draw(t, "units"))
		if rapid.Bool().Draw(t, "limited") {
			tranches[i].Limit = drawLimit(t)
		}
	}
	l, now := openLot(t, curve, tranches...)
	l.Pair = pairOf(6, uint8(rapid.IntRange(5, 7).Draw(t, "exponent")))
	l.Clock.Effective = rapid.Int64Range(0, 40).Draw(t, "effective")
	return situation{l, drawBids(t, minima), now}
}

func (s situation) clear(t *rapid.T) auction.Clearing {
	var w auction.Workspace
	cl, err := w.Clear(s.lot, s.bids, s.now)
	if err != nil {
		t.Fatal(err)
	}
	return cl
}

func (s situation) find(t *rapid.T, id uint64) *auction.Bid {
	for i := range s.bids {
		if s.bids[i].ID == id {
			return &s.bids[i]
		}
	}
	t.Fatalf("no bid %d", id)
	return nil
}

func filled(cl *auction.Clearing) map[uint64]asset.Amount {
	out := map[uint64]asset.Amount{}
	for _, f := range cl.Fills {
		out[f.ID] = f.Units
	}
	return out
}

// TestClearAgainstTwin compares with the slow clearing, with and without minima.
func TestClearAgainstTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		minima := rapid.Bool().Draw(r, "minima")
		s := drawSituation(r, minima)
		cl := s.clear(r)
		price, fills := twin(cl.Offered, cl.Clock, s.bids, s.now)
		for id, want := range fills {
			if want.Sign() == 0 {
				delete(fills, id)
			}
		}
		if len(fills) != len(cl.Fills) || len(fills) > 0 && price != cl.Price {
			r.Fatalf("price %v, %d fills, want %v, %d", cl.Price, len(cl.Fills), price, len(fills))
		}
		for _, f := range cl.Fills {
			if f.Units.Big().Cmp(fills[f.ID]) != 0 || s.bids[f.Index].ID != f.ID {
				r.Fatalf("bid %d at %d: %v, want %v", f.ID, f.Index, f.Units, fills[f.ID])
			}
		}
		if !minima && len(fills) > 0 && cl.Price != twinPrice(cl.Offered, cl.Clock, s.bids, s.now) {
			r.Fatalf("price %v is not its definition", cl.Price)
		}
	})
}

// TestClearInvariants checks what holds for every clearing.
func TestClearInvariants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := drawSituation(r, rapid.Bool().Draw(r, "minima"))
		checkClearing(r, &s)
	})
}

// checkClearing clears, applies, and checks prices, payments, minima and conservation. It reports whether the
// clearing succeeded; only an overflow may keep it from that.
func checkClearing(r *rapid.T, s *situation) bool {
	var w auction.Workspace
	before := slices.Clone(s.lot.Tranches)
	cl, err := w.Clear(s.lot, s.bids, s.now)
	if !slices.Equal(before, s.lot.Tranches) {
		r.Fatal("Clear changed the lot")
	}
	if err != nil {
		if !errors.Is(err, fixed.ErrOverflow) {
			r.Fatalf("error %v", err)
		}
		return false
	}
	if len(cl.Fills) > 0 && (cl.Price.Less(cl.Clock) || cl.Clock.Less(s.lot.Curve.Reserve)) {
		r.Fatalf("price %v, clock %v, reserve %v", cl.Price, cl.Clock, s.lot.Curve.Reserve)
	}
	sold, proceeds := new(big.Int), new(big.Int)
	for _, f := range cl.Fills {
		checkFill(r, s, &cl, f)
		sold.Add(sold, f.Units.Big())
		proceeds.Add(proceeds, f.Payment.Big())
	}
	if sold.Cmp(cl.Sold.Big()) != 0 || proceeds.Cmp(cl.Proceeds.Big()) != 0 || cl.Offered.Less(cl.Sold) {
		r.Fatalf("sold %v for %v of %v, fills say %v for %v", cl.Sold, cl.Proceeds, cl.Offered, sold, proceeds)
	}
	if cl.Exhausted() != (cl.Sold == cl.Offered && !cl.Offered.IsZero()) {
		r.Fatalf("exhausted %t, sold %v of %v", cl.Exhausted(), cl.Sold, cl.Offered)
	}
	checkEnvy(r, s, &cl)
	if err := s.lot.Apply(&cl); err != nil {
		r.Fatal(err)
	}
	checkTranches(r, s.lot, before, &cl)
	return true
}

func checkFill(r *rapid.T, s *situation, cl *auction.Clearing, f auction.Fill) {
	b := s.find(r, f.ID)
	var c fixed.Calc
	escrow := b.Escrow(&c, s.lot.Pair)
	switch {
	case f.Units.IsZero() || b.Quantity.Less(f.Units) || f.Units.Less(b.MinFill):
		r.Fatalf("bid %d for %v..%v got %v", f.ID, b.MinFill, b.Quantity, f.Units)
	case b.Limit.Less(cl.Price) || !b.Live(s.now):
		r.Fatalf("bid %d with limit %v and expiry %d filled at %v", f.ID, b.Limit, b.Expiry, cl.Price)
	case c.AddNat(f.Payment, f.Refund) != escrow || c.Err() != nil:
		r.Fatalf("bid %d: %v and %v are not the escrow %v", f.ID, f.Payment, f.Refund, escrow)
	}
}

// checkEnvy: whoever bid more than the price is filled in full, or cannot be: a minimum kept it out. Only bids at the
// price share, and then the lot is exhausted. An idle block means that nobody's minimum could be met.
func checkEnvy(r *rapid.T, s *situation, cl *auction.Clearing) {
	got := filled(cl)
	for i := range s.bids {
		b := &s.bids[i]
		if !takesPart(b, cl.Clock, s.now) {
			if units, ok := got[b.ID]; ok {
				r.Fatalf("bid %d takes no part and got %v", b.ID, units)
			}
			continue
		}
		units := got[b.ID]
		switch {
		case cl.Outcome == auction.OutcomeIdle && !cl.Offered.Less(b.MinFill) && !cl.Offered.IsZero():
			r.Fatalf("bid %d wants %v of %v and the block is idle", b.ID, b.MinFill, cl.Offered)
		case units == b.Quantity || cl.Offered.IsZero():
		case units.IsZero() && !b.MinFill.IsZero():
		case !cl.Exhausted() || cl.Price.Less(b.Limit):
			r.Fatalf("bid %d with limit %v got %v of %v at %v", b.ID, b.Limit, units, b.Quantity, cl.Price)
		}
	}
}

func checkTranches(r *rapid.T, l *auction.Lot, before []auction.Tranche, cl *auction.Clearing) {
	var c fixed.Calc
	var sold, proceeds asset.Amount
	for i, after := range l.Tranches {
		units := c.SubNat(after.Sold, before[i].Sold)
		paid := c.SubNat(after.Proceeds, before[i].Proceeds)
		sold, proceeds = c.AddNat(sold, units), c.AddNat(proceeds, paid)
		if after.Units.Less(after.Sold) || after.Closed && !units.IsZero() {
			r.Fatalf("tranche %d: %+v sold %v", i, after, units)
		}
		if !units.IsZero() && paid.Less(l.Pair.QuoteDown(&c, units, cl.Price.Max(after.Limit))) {
			r.Fatalf("tranche %d got %v for %v at %v, limit %v", i, paid, units, cl.Price, after.Limit)
		}
	}
	if sold != cl.Sold || proceeds != cl.Proceeds || c.Err() != nil {
		r.Fatalf("tranches sold %v for %v, the lot %v for %v", sold, proceeds, cl.Sold, cl.Proceeds)
	}
}

// TestClearSum: without minima the fills sum to min(offer, demand).
func TestClearSum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := drawSituation(r, false)
		cl := s.clear(r)
		demand := new(big.Int)
		for i := range s.bids {
			if takesPart(&s.bids[i], cl.Clock, s.now) {
				demand.Add(demand, s.bids[i].Quantity.Big())
			}
		}
		if want := cl.Offered.Big(); demand.Cmp(want) > 0 {
			demand = want
		}
		if cl.Sold.Big().Cmp(demand) != 0 {
			r.Fatalf("sold %v, want %v", cl.Sold, demand)
		}
	})
}

// TestClearOrder: the result does not depend on the order of the bids, nor on a workspace's past.
func TestClearOrder(t *testing.T) {
	t.Parallel()
	var used auction.Workspace
	rapid.Check(t, func(r *rapid.T) {
		s := drawSituation(r, true)
		cl := s.clear(r)
		for range 2 {
			shuffled := rapid.Permutation(s.bids).Draw(r, "shuffle")
			other, err := used.Clear(s.lot, shuffled, s.now)
			if err != nil || other.Price != cl.Price || other.Proceeds != cl.Proceeds || len(other.Fills) != len(cl.Fills) {
				r.Fatalf("%+v, %v, want %+v", other, err, cl)
			}
			for i, f := range other.Fills {
				f.Index = cl.Fills[i].Index
				if f != cl.Fills[i] {
					r.Fatalf("fill %d: %+v, want %+v", i, f, cl.Fills[i])
				}
			}
		}
	})
}

// TestSplittingGainsNothing: two bids at the same limit get what one gets, but for the rounding of each.
func TestSplittingGainsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := drawSituation(r, false)
		if len(s.bids) == 0 {
			return
		}
		whole := s.clear(r)
		victim := rapid.IntRange(0, len(s.bids)-1).Draw(r, "who")
		b := s.bids[victim]
		part := rapid.Uint64Range(0, 60).Draw(r, "part")
		other := b
		other.ID, other.Quantity = 99, b.Quantity.Monus(n(part))
		b.Quantity = b.Quantity.Monus(other.Quantity)
		split := situation{s.lot, append(slices.Clone(s.bids), other), s.now}
		split.bids[victim] = b
		cl := split.clear(r)
		if cl.Price != whole.Price && len(cl.Fills) > 0 {
			r.Fatalf("the price went from %v to %v", whole.Price, cl.Price)
		}
		var c fixed.Calc
		two := filled(&cl)
		gained := c.AddNat(two[b.ID], two[99]).Monus(filled(&whole)[b.ID])
		if n(1).Less(gained) || c.Err() != nil {
			r.Fatalf("splitting %d gained %v units", b.ID, gained)
		}
	})
}

// TestMoreDemandNeverLowersThePrice adds a bid.
func TestMoreDemandNeverLowersThePrice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := drawSituation(r, false)
		before := s.clear(r)
		s.bids = append(s.bids, bid(99, rapid.Uint64Range(1, 60).Draw(r, "quantity"), drawLimit(r)))
		after := s.clear(r)
		if after.Price.Less(before.Price) || after.Sold.Less(before.Sold) {
			r.Fatalf("%v at %v, before %v at %v", after.Sold, after.Price, before.Sold, before.Price)
		}
	})
}

// TestLotConserves runs a lot to its end: every unit is sold once or returns, every escrow is paid or refunded.
func TestLotConserves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := drawSituation(r, true)
		total := s.lot.Offered(s.lot.Curve.Start.Max(fixed.FromInt(9)))
		sold := new(big.Int)
		for ; s.lot.Status != auction.Closed; s.now += rapid.Int64Range(0, 30).Draw(r, "block") {
			last := s.lot.Clock
			if !checkClearing(r, &s) {
				r.Fatal("overflow")
			}
			if s.lot.Clock.Effective < last.Effective || s.lot.Clock.Effective > last.Effective+pace.CapSeconds() {
				r.Fatalf("clock from %+v to %+v", last, s.lot.Clock)
			}
		}
		for _, tr := range s.lot.Tranches {
			sold.Add(sold, tr.Sold.Big())
		}
		if sold.Cmp(total.Big()) > 0 {
			r.Fatalf("sold %v of %v", sold, total)
		}
	})
}

// drawWild draws bids from the ends of their ranges.
func drawWild(t *rapid.T, id uint64) auction.Bid {
	amounts := []asset.Amount{n(0), n(1), n(2), n(1 << 63), fixed.MaxNat(), fixed.MaxNat().Monus(n(1))}
	limits := []fixed.Wad{
		fixed.FromInt(-1), {}, fixed.FromRaw(1), fixed.FromInt(1), fixed.FromInt(2), fixed.FromInt(1 << 62), fixed.Max(),
	}
	return auction.Bid{
		ID: id, Bidder: rapid.Uint64().Draw(t, "bidder"),
		Quantity: rapid.SampledFrom(amounts).Draw(t, "quantity"), MinFill: rapid.SampledFrom(amounts).Draw(t, "minimum"),
		Limit: rapid.SampledFrom(limits).Draw(t, "limit"), Expiry: rapid.Int64().Draw(t, "expiry"),
		SameOwner: rapid.Bool().Draw(t, "own"),
	}
}

func wild(r *rapid.T) {
	s := drawSituation(r, true)
	scale := rapid.SampledFrom([]asset.Amount{n(1), n(1 << 62), fixed.MaxNat()}).Draw(r, "scale")
	s.lot.Tranches[0].Units = s.lot.Tranches[0].Units.Max(scale.Monus(n(1 << 40)))
	for id := range rapid.Uint64Range(0, 5).Draw(r, "wild") {
		s.bids = append(s.bids, drawWild(r, 50+id))
	}
	checkClearing(r, &s)
}

// TestWildBids clears bids that nobody should have let in: no panic, conservation or a typed error.
func TestWildBids(t *testing.T) {
	t.Parallel()
	rapid.Check(t, wild)
}

// FuzzClear is TestWildBids under the fuzzer.
func FuzzClear(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(wild))
}
