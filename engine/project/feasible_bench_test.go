package project_test

import (
	"strconv"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
)

// treasury is a portfolio of n assets as a cycle meets it: bounds, minimum orders, micro-dollar quanta, and sums of
// buys and sells that differ by rounding only.
func treasury(b *testing.B, n int) project.Input {
	b.Helper()
	wishes := enginetest.Ws(b, "-45000.765432109876543210", "110000.25", "-120000.123456789012345678", "40000.125",
		"12000.013888888888888888", "-16000.5", "6000.5")
	values := enginetest.Ws(b, "400000.123456789012345678", "260000.98765", "190000", "150000", "100000.5", "180000",
		"70000", "60000")
	in := project.Input{MaxSell: fixed.FromInt(1_000_000), Quantum: enginetest.W(b, "0.000001")}
	last := fixed.FromRaw(3_000_000_000_000) // what rounding leaves: one side is scaled by a little
	for i := range n {
		var c fixed.Calc
		wish := last.Neg()
		if i < n-1 {
			wish = wishes[i]
		}
		last = c.Add(last, wish)
		in.Raw = append(in.Raw, wish)
		in.Values = append(in.Values, values[i])
		in.Gaps = append(in.Gaps, c.MulInt(wish, 5))
		in.Floors = append(in.Floors, fixed.FromInt(50000))
		in.Ceilings = append(in.Ceilings, fixed.FromInt(10_000_000))
		in.MinOrders = append(in.MinOrders, fixed.FromInt(1000))
		in.Locked = append(in.Locked, fixed.Wad{})
	}
	return in
}

func BenchmarkFeasible(b *testing.B) {
	for _, n := range []int{2, 4, 8} {
		for _, limit := range []struct {
			name string
			most int64
		}{{"free", 1_000_000}, {"capped", 60_000}} {
			b.Run(strconv.Itoa(n)+"/"+limit.name, func(b *testing.B) {
				in := treasury(b, n)
				in.MaxSell = fixed.FromInt(limit.most)
				var ws project.Workspace
				out := make([]fixed.Wad, n)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := project.Feasible(&ws, in, out); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/asset")
			})
		}
	}
}
