package auction_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// TestClearRanksManyBids clears books of many bids in random order and in that of Bid.Compare: near the clock, far
// above it, and both, with ids of any size.
func TestClearRanksManyBids(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(5, 6))
	for round := range 60 {
		bids := make([]auction.Bid, 1+rnd.IntN(1200))
		levels, stride := 1+rnd.Int64N(2000), 1+rnd.Uint64N(1<<50)
		for i := range bids {
			limit := fixed.FromRaw(1e18 + rnd.Int64N(levels)*1e12)
			if rnd.IntN(4) == 0 && round%2 == 0 {
				limit = fixed.FromInt(20 + rnd.Int64N(5)) // more than 2^64 raw units above
			}
			bids[i] = bid(1+uint64(i)*stride, 1+rnd.Uint64N(100), limit)
		}
		l, now := openLot(t, curveOf(t, auction.Exponential, "1.01", "1", 600), units(1+rnd.Uint64N(60_000)))
		l.Clock.Effective = 600
		sorted := slices.Clone(bids)
		slices.SortFunc(sorted, func(x, y auction.Bid) int { return x.Compare(&y) })
		rnd.Shuffle(len(bids), func(i, j int) { bids[i], bids[j] = bids[j], bids[i] })
		var w, other auction.Workspace
		got, err := w.Clear(l, bids, now)
		if err != nil {
			t.Fatal(err)
		}
		want, err := other.Clear(l, sorted, now)
		if err != nil {
			t.Fatal(err)
		}
		if got.Price != want.Price || got.Proceeds != want.Proceeds || len(got.Fills) != len(want.Fills) {
			t.Fatalf("round %d: %v for %v, want %v for %v", round, got.Price, got.Proceeds, want.Price, want.Proceeds)
		}
		for i, f := range got.Fills {
			f.Index = want.Fills[i].Index
			if f != want.Fills[i] {
				t.Fatalf("round %d: fill %d is %v, want %v", round, i, f, want.Fills[i])
			}
		}
	}
}
