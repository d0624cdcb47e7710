package metrics_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/metrics"
)

// TestBenchmarks: 100 in two halves; the first asset doubles, half of the gain is sold at a loss of 1, and 10 come in.
func TestBenchmarks(t *testing.T) {
	t.Parallel()
	w := func(text string) fixed.Wad { return enginetest.W(t, text) }
	nat := fixed.NatOf
	var c fixed.Calc
	b := metrics.Held(w("100")).Next(&c, w("100"), w("150"), []metrics.Leg{
		{Weight: w("0.5"), Target: w("0.5"), Before: w("1"), Now: w("2")},
		{Weight: w("0.5"), Target: w("0.5"), Before: w("1"), Now: w("1")},
	})
	if b != (metrics.Benchmarks{Hold: w("150"), Mix: w("150")}) {
		t.Fatalf("a rise: got %+v, %v", b, c.Err())
	}
	// 12.5 of the first are sold at 2 for 24; then 10 of the second come in: 37.5 * 2 + 50 + 24 + 10.
	legs := []metrics.Leg{
		{
			Weight: w("0.666666666666666666"), Target: w("0.5"), Before: w("2"), Now: w("2"), Sold: nat(125),
			AllSold: nat(125), Exponent: 1,
		},
		{
			Weight: w("0.333333333333333333"), Target: w("0.5"), Before: w("1"), Now: w("1"), Bought: nat(240),
			AllBought: nat(240), Exponent: 1,
		},
	}
	b = b.Next(&c, w("150"), w("159"), legs)
	if b.Hold != w("160") || c.Sub(b.Mix, w("160")).Abs().Cmp(w("0.000000000000001")) > 0 || c.Err() != nil {
		t.Errorf("a trade and a deposit: expected 160 and 160, got %+v, %v", b, c.Err())
	}
	// The first falls to 1 again: what was sold of it would have fallen, too.
	legs[0].Before, legs[0].Now, legs[0].Sold, legs[0].Weight = w("2"), w("1"), nat(0), w("0.471698113207547169")
	legs[1].Bought, legs[1].Weight = nat(0), w("0.528301886792452830")
	legs = append(legs, metrics.Leg{Now: w("7")}) // one that nobody held before
	b = b.Next(&c, w("159"), w("121.5"), legs)
	if b.Hold != w("110") || c.Sub(b.Mix, w("120")).Abs().Cmp(w("0.000000000000001")) > 0 || c.Err() != nil {
		t.Errorf("a fall: expected 110 and 120, got %+v, %v", b, c.Err())
	}
}

// TestBenchmarksIdle: whoever trades nothing and has the target's weights is worth both benchmarks, whatever comes in.
func TestBenchmarksIdle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var c fixed.Calc
		n := rapid.IntRange(1, 4).Draw(t, "assets")
		held, prices := make([]asset.Amount, n), make([]fixed.Wad, n)
		price := func() fixed.Wad { return fixed.FromBps(rapid.Int64Range(1, 100_000_000).Draw(t, "price")) }
		worth := func() (nav fixed.Wad) {
			for k := range held {
				nav = c.Add(nav, asset.ValueDown(&c, held[k], prices[k], 6))
			}
			return nav
		}
		for k := range held {
			held[k], prices[k] = fixed.NatOf(rapid.Uint64Range(1, 1<<40).Draw(t, "held")), price()
		}
		before := worth()
		b := metrics.Held(before)
		for range rapid.IntRange(1, 5).Draw(t, "looks") {
			legs := make([]metrics.Leg, n)
			for k := range legs {
				weight := c.DivTrunc(asset.ValueDown(&c, held[k], prices[k], 6), before)
				legs[k] = metrics.Leg{Weight: weight, Target: weight, Before: prices[k], Exponent: 6}
				prices[k] = price()
				legs[k].Now = prices[k]
				held[k] = c.AddNat(held[k], fixed.NatOf(rapid.Uint64Range(0, 1<<30).Draw(t, "comes in")))
			}
			now := worth()
			b = b.Next(&c, before, now, legs)
			before = now
		}
		if c.Err() != nil || b.Hold != before {
			t.Fatalf("expected to hold %v, got %v, %v", before, b.Hold, c.Err())
		}
		dust := c.MulTrunc(before, fixed.FromRaw(10_000_000_000)).Max(fixed.FromRaw(1_000_000_000_000))
		if off := c.Sub(b.Mix, before).Abs(); dust.Less(off) {
			t.Fatalf("expected a mix of %v, got %v", before, b.Mix)
		}
	})
}
