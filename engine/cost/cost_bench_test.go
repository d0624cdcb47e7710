package cost_test

import (
	"testing"

	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// book is a portfolio of a million in n assets, some percent away from equal weights.
func book(tb testing.TB, n int) (held, wanted []fixed.Wad) {
	tb.Helper()
	var c fixed.Calc
	var value fixed.Wad
	for i := range n {
		held = append(held, c.MulInt(enginetest.W(tb, "12345.678901234567890123"), int64(8+i%3)))
		value = c.Add(value, held[i])
	}
	wanted = make([]fixed.Wad, n)
	equal := make([]fixed.Wad, n)
	for i := range equal {
		equal[i] = fixed.One()
	}
	var split fixed.Splitter
	if err := split.LargestRemainder(wanted, equal, value); err != nil {
		tb.Fatal(err)
	}
	return held, wanted
}

func BenchmarkFill8(b *testing.B) {
	held, wanted := book(b, 8)
	dst := make([]fixed.Wad, 8)
	fee := fixed.FromBps(10)
	for _, conv := range []cost.Convention{cost.Post, cost.Leg, cost.Seq} {
		b.Run(conv.String(), func(b *testing.B) {
			var ws cost.Workspace
			b.ReportAllocs()
			for b.Loop() {
				if _, err := cost.Fill(&ws, conv, fee, held, wanted, dst); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkModelOf(b *testing.B) {
	m := cost.Model{Proportional: fixed.FromBps(5), Fixed: fixed.FromInt(5), Impact: enginetest.W(b, "0.8")}
	value, depth, sigma := fixed.FromInt(100_000), fixed.FromInt(20_000_000), enginetest.W(b, "0.04")
	var c fixed.Calc
	b.ReportAllocs()
	for b.Loop() {
		_ = m.Of(&c, value, depth, sigma)
	}
}

func BenchmarkHalfWidth(b *testing.B) {
	fee, gamma, weight := fixed.FromBps(30), fixed.FromInt(2), enginetest.W(b, "0.25")
	var c fixed.Calc
	b.ReportAllocs()
	for b.Loop() {
		_ = cost.HalfWidth(&c, fee, gamma, weight)
	}
}

func BenchmarkBand(b *testing.B) {
	s := halves(b)
	outer, inner := enginetest.W(b, "0.066"), enginetest.W(b, "0.04")
	var c fixed.Calc
	b.ReportAllocs()
	for b.Loop() {
		_ = s.Band(&c, outer, inner)
	}
}
