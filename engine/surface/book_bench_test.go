package surface_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/surface"
)

const (
	benchAssets     = 50
	benchPortfolios = 100_000
)

// portfolio is what one portfolio brings to a book.
type portfolio struct{ sells, buys []surface.Leg }

// crowd draws portfolios of ten assets, five sold and five bought, of some thousands of dollars each.
func crowd(n int) []portfolio {
	rnd := rand.New(rand.NewPCG(5, 6))
	out := make([]portfolio, n)
	for p := range out {
		var chosen [benchAssets]bool
		for count := 0; count < 10; {
			if a := rnd.IntN(benchAssets); !chosen[a] {
				chosen[a] = true
				count++
			}
		}
		var sells, buys []surface.Leg
		var sold, bought uint64
		for a := range asset.Index(benchAssets) {
			if !chosen[a] {
				continue
			}
			if value := 1_000_000 + rnd.Uint64N(10_000_000_000); len(sells) < 5 && (rnd.IntN(2) == 0 || len(buys) == 5) {
				sells = append(sells, surface.Leg{Asset: a, Value: value})
				sold += value
			} else {
				buys = append(buys, surface.Leg{Asset: a, Value: value})
				bought += value
			}
		}
		if sold > bought {
			buys[4].Value += sold - bought
		} else {
			sells[4].Value += bought - sold
		}
		out[p] = portfolio{sells, buys}
	}
	return out
}

func benchmarkAdd(b *testing.B, mode surface.Mode, minOrder uint64) {
	b.Helper()
	all := crowd(benchPortfolios)
	costs := make([]uint32, benchAssets*benchAssets)
	rnd := rand.New(rand.NewPCG(7, 8))
	for k := range costs {
		costs[k] = rnd.Uint32N(100)
	}
	var book surface.Book
	b.ReportAllocs()
	round := func() {
		if err := book.Reset(benchAssets); err != nil {
			b.Fatal(err)
		}
		if err := book.SetCosts(costs); err != nil {
			b.Fatal(err)
		}
		for owner, p := range all {
			if err := book.Add(uint32(owner), p.sells, p.buys, mode, minOrder); err != nil {
				b.Fatal(err)
			}
		}
	}
	round() // the buffers grow
	for b.Loop() {
		round()
	}
	b.ReportMetric(float64(len(book.Flows())), "flows")
}

func BenchmarkAdd(b *testing.B)         { benchmarkAdd(b, surface.Proportional, 0) }
func BenchmarkAddMinOrder(b *testing.B) { benchmarkAdd(b, surface.Proportional, 1_000_000) }
func BenchmarkAddMerging(b *testing.B)  { benchmarkAdd(b, surface.Proportional, 100_000_000) }
func BenchmarkAddFewest(b *testing.B)   { benchmarkAdd(b, surface.Fewest, 0) }
func BenchmarkAddCheapest(b *testing.B) { benchmarkAdd(b, surface.Cheapest, 0) }
