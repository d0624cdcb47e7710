package netting_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/netting"
)

const benchAssets = 50

// dense draws a flow for every directed pair of n assets.
func dense(n int, rnd *rand.Rand) []uint64 {
	flows := make([]uint64, n*n)
	for k := range flows {
		if k/n != k%n {
			flows[k] = 1 + rnd.Uint64N(1_000_000_000_000)
		}
	}
	return flows
}

// oneWay keeps one direction of every pair at random: nothing crosses in pairs, everything in rings.
func oneWay(n int, rnd *rand.Rand) []uint64 {
	flows := dense(n, rnd)
	for i := range n {
		for j := range i {
			if rnd.IntN(2) == 0 {
				flows[i*n+j] = 0
			} else {
				flows[j*n+i] = 0
			}
		}
	}
	return flows
}

func BenchmarkCross(b *testing.B) {
	rnd := rand.New(rand.NewPCG(3, 3))
	for _, test := range []struct {
		name  string
		flows []uint64
	}{{"2450 arcs", dense(benchAssets, rnd)}, {"1225 arcs", oneWay(benchAssets, rnd)}} {
		b.Run(test.name, func(b *testing.B) {
			var ws netting.Workspace
			flows := make([]uint64, len(test.flows))
			rings := 0
			b.ReportAllocs()
			for b.Loop() {
				copy(flows, test.flows)
				cycles, err := netting.Cross(&ws, benchAssets, flows, nil, nil)
				if err != nil {
					b.Fatal(err)
				}
				rings = len(cycles)
			}
			b.ReportMetric(float64(rings), "rings")
		})
	}
}

func BenchmarkCrossMost(b *testing.B) {
	for _, n := range []int{5, 10, netting.MaxOptimal} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			all := oneWay(n, rand.New(rand.NewPCG(4, 4)))
			flows := make([]uint64, len(all))
			var ws netting.Workspace
			b.ReportAllocs()
			for b.Loop() {
				copy(flows, all)
				if _, err := netting.CrossMost(&ws, n, flows, nil, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSettle(b *testing.B) {
	rnd := rand.New(rand.NewPCG(5, 5))
	list, prices := make([]asset.Asset, benchAssets), make([]fixed.Wad, benchAssets)
	for k := range benchAssets {
		list[k] = asset.Asset{ID: asset.ID(fmt.Sprintf("denom%02d", k)), Exponent: uint8(6 + 12*(k%2))}
		prices[k] = fixed.FromRaw(1 + rnd.Int64N(9_000_000_000_000_000_000))
	}
	u, err := asset.NewUniverse(list)
	if err != nil {
		b.Fatal(err)
	}
	var ws netting.Workspace
	cycles, err := netting.Cross(&ws, benchAssets, dense(benchAssets, rnd), nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := netting.Settle(&ws, cycles, prices, u, nil); err != nil {
			b.Fatal(err)
		}
	}
}
