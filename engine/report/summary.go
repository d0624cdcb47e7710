package report

import (
	"cmp"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// Summary is what a round was. Heights are zero until their block has come.
type Summary struct {
	Round    uint64
	FrozeAt  int64 // time of the prices
	Froze    int64 // height of the freeze
	Crossed  int64 // height of the crossing
	Closed   int64 // height at which the last lot was back
	Finished int64 // height at which the last portfolio was paid
	Prices   []oracle.Price
	Pairs    []cycle.PairBook
	Outcomes []Count
	Lots     uint64
	Ordered  fixed.Wad // value that portfolios ordered to sell; one-time orders are not in these values
	Inside   fixed.Wad // part of it that crossed
	Sold     fixed.Wad // part of it that was sold at all
	Lost     fixed.Wad // value that auctions brought less than the mids, where these were known
}

// Count is the number of notes of an outcome.
type Count struct {
	Outcome cycle.Outcome
	Number  uint64
}

// Add takes a step in: before and after are the round around it. Totals that do not fit stay as they were.
func (s *Summary) Add(before, after *cycle.Round, out *cycle.Output, height int64) {
	if before.Phase == cycle.Idle {
		*s = Summary{Round: after.Number, FrozeAt: after.FrozeAt, Froze: after.Height, Prices: after.Frozen}
	}
	for i := range out.Notes {
		s.count(out.Notes[i].Outcome)
	}
	var c fixed.Calc
	ordered, inside, sold, lost := s.Ordered, s.Inside, s.Sold, s.Lost
	for i := range out.Fills {
		f := &out.Fills[i]
		ordered, inside = c.Add(ordered, f.Ordered), c.Add(inside, f.Crossed)
		sold, lost = c.Add(sold, f.Sold), c.Add(lost, f.Lost)
	}
	if c.Err() == nil {
		s.Ordered, s.Inside, s.Sold, s.Lost = ordered, inside, sold, lost
	}
	s.Lots += uint64(len(out.Lots))
	if before.Phase == cycle.Crossing {
		s.Crossed = height
	}
	if after.Phase == cycle.Settling && before.Phase != cycle.Settling {
		s.Closed, s.Pairs = height, after.Books
	}
	if after.Phase == cycle.Idle {
		s.Finished, s.Pairs = height, before.Books
	}
}

func (s *Summary) count(o cycle.Outcome) {
	at, found := slices.BinarySearchFunc(s.Outcomes, o, func(x Count, o cycle.Outcome) int {
		return cmp.Compare(x.Outcome, o)
	})
	if !found {
		s.Outcomes = slices.Insert(s.Outcomes, at, Count{Outcome: o})
	}
	s.Outcomes[at].Number++
}

// Pair is what became of a pair, over all its tranches.
type Pair struct {
	Sell, Buy                                asset.Index
	Lot                                      uint64
	Done                                     bool
	Units, Crossed, Received, Sold, Proceeds asset.Amount
	Width                                    fixed.Wad
}

// PairOf adds up the tranches of a pair's book. Their sums are amounts: the book took care of that.
func PairOf(b *cycle.PairBook) Pair {
	var c fixed.Calc
	p := Pair{Sell: b.Sell, Buy: b.Buy, Lot: b.Lot, Done: b.Done, Width: b.Width}
	for i := range b.Tranches {
		t := &b.Tranches[i]
		p.Units, p.Crossed = c.AddNat(p.Units, t.Units), c.AddNat(p.Crossed, t.Crossed)
		p.Received, p.Sold = c.AddNat(p.Received, t.Received), c.AddNat(p.Sold, t.Sold)
		p.Proceeds = c.AddNat(p.Proceeds, t.Proceeds)
	}
	return p
}
