package auction_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// benchBids are bids of 1..1000 units with limits in so many levels between 1 and 2.
func benchBids(count, levels int) []auction.Bid {
	rnd := rand.New(rand.NewPCG(1, 2))
	bids := make([]auction.Bid, count)
	for i := range bids {
		limit := fixed.FromRaw(1e18 + rnd.Int64N(int64(levels))*(1e18/int64(levels)))
		bids[i] = bid(uint64(i), 1+rnd.Uint64N(1000), limit)
		bids[i].Bidder = rnd.Uint64N(500)
	}
	return bids
}

func BenchmarkClear(b *testing.B) {
	for _, bc := range []struct {
		name   string
		levels int
		sorted bool
		offer  uint64
		minima bool
	}{
		{"10000 unsorted half", 1_000_000, false, 2_500_000, false},
		{"10000 sorted half", 1_000_000, true, 2_500_000, false},
		{"10000 sorted all", 1_000_000, true, 10_000_000, false},
		{"10000 sorted 100 levels", 100, true, 2_500_000, false},
		{"10000 sorted one level", 1, true, 2_500_000, false},
		{"10000 sorted one level of minima", 1, true, 2_500_000, true},
		{"10000 unsorted one level", 1, false, 2_500_000, false},
	} {
		b.Run(bc.name, func(b *testing.B) {
			l, now := openLot(b, curveOf(b, auction.Exponential, "1.01", "1", 600), units(bc.offer))
			l.Clock.Effective = 600
			bids := benchBids(auction.MaxBids, bc.levels)
			if bc.minima {
				for i := range bids {
					bids[i].MinFill = bids[i].Quantity
				}
			}
			rand.New(rand.NewPCG(3, 4)).Shuffle(len(bids), func(i, j int) { bids[i], bids[j] = bids[j], bids[i] })
			if bc.sorted {
				slices.SortFunc(bids, func(x, y auction.Bid) int { return x.Compare(&y) })
			}
			var w auction.Workspace
			b.ReportAllocs()
			for b.Loop() {
				if _, err := w.Clear(l, bids, now); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkClearIdle(b *testing.B) {
	l, now := openLot(b, curveOf(b, auction.Exponential, "1.2", "0.8", 28800), units(100))
	var w auction.Workspace
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.Clear(l, nil, now); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrice(b *testing.B) {
	for _, kind := range []auction.Kind{auction.Linear, auction.Exponential} {
		b.Run(kind.String(), func(b *testing.B) {
			curve := curveOf(b, kind, "1.2", "0.8", 28800)
			for b.Loop() {
				curve.Price(28671) // most bits set
			}
		})
	}
}

func BenchmarkFirstAtOrBelow(b *testing.B) {
	curve := curveOf(b, auction.Exponential, "1.2", "0.8", 28800)
	price := fixed.FromInt(1)
	for b.Loop() {
		curve.FirstAtOrBelow(price)
	}
}

func BenchmarkNewCurve(b *testing.B) {
	for b.Loop() {
		curveOf(b, auction.Exponential, "1.2", "0.8", 28800)
	}
}

// BenchmarkQuote quotes a bid at the bottom of a book of 1000, which all fill before it.
func BenchmarkQuote(b *testing.B) {
	l, now := openLot(b, curveOf(b, auction.Exponential, "2", "1", 28800), units(1_000_000))
	resting := benchBids(1000, 1_000_000)
	last := bid(9999, 5, fixed.FromInt(1))
	var w auction.Workspace
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.Quote(l, resting, &last, now); err != nil {
			b.Fatal(err)
		}
	}
}
