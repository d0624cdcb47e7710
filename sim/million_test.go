package sim_test

import (
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/engine/asset"
)

var (
	cycles = flag.Int("sim.cycles", 2000, "rounds to simulate, from the freeze to the settlement")
	seed   = flag.Uint64("sim.seed", 1, "seed of the first world")
)

func sortIndices(a []asset.Index) { slices.Sort(a) }

// rowsPerWorld is the life of one world, in hours.
const rowsPerWorld = 400

// TestMillion simulates random worlds with every checker on: after each row all units have exactly one owner, escrows
// hold what orders own, lots stay within their tranches; every decision keeps its limits and brings the weights
// nearer; every clearing is at or above clock and reserve. `make sim` runs a million rounds of it.
func TestMillion(t *testing.T) {
	t.Parallel()
	t.Logf("seed %d, %d rounds", *seed, *cycles)
	start := time.Now()
	rounds, orders, worlds := 0, 0, uint64(0)
	for ; rounds < *cycles; worlds++ {
		at := *seed + worlds
		d, err := draw(at)
		if err != nil {
			t.Fatalf("world %d: %v", at, err)
		}
		if err := d.hours(rowsPerWorld); err != nil {
			t.Fatalf("world %d, at %d: %v; run it alone with -sim.seed=%d -sim.cycles=1", at, d.now, err, at)
		}
		rounds += d.watch.rounds
		orders += d.watch.orders
	}
	t.Logf("%d worlds, %d rounds, %d decisions with orders, %.0f rounds/s",
		worlds, rounds, orders, float64(rounds)/time.Since(start).Seconds())
	if orders == 0 {
		t.Fatal("nothing was ever ordered: the worlds prove nothing")
	}
}

// FuzzWorld lets the fuzzer choose the worlds.
func FuzzWorld(f *testing.F) {
	for range 4 {
		f.Add(rand.Uint64(), uint8(50))
	}
	f.Fuzz(func(t *testing.T, seed uint64, rows uint8) {
		d, err := draw(seed)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.hours(int(rows)); err != nil {
			t.Fatalf("world %d: %v", seed, err)
		}
	})
}
