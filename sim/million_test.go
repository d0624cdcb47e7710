package sim_test

import (
	"flag"
	"fmt"
	"testing"
	"time"
)

var (
	cycles = flag.Int("sim.cycles", 2000, "rounds to simulate, each from the freeze to the settlement")
	seed   = flag.Uint64("sim.seed", 1, "seed of the first world; the next ones count on from it")
)

// rowsPerWorld is the life of one world.
const rowsPerWorld = 400

// TestMillion simulates random worlds with every checker on: after each row all units have exactly one owner, escrows
// hold what orders own, lots stay within their tranches; every decision keeps its limits and brings the weights
// nearer; every clearing is at or above clock and reserve; at the end everything can be taken out. `make sim` runs a
// million rounds of it.
func TestMillion(t *testing.T) {
	t.Parallel()
	t.Logf("seed %d, %d rounds", *seed, *cycles)
	start := time.Now()
	var sum checker
	worlds := uint64(0)
	for ; sum.rounds < *cycles; worlds++ {
		k, err := live(*seed+worlds, rowsPerWorld)
		if err != nil {
			t.Fatalf("%v; run it alone: go test ./sim -run TestMillion -sim.seed=%d -sim.cycles=1", err, *seed+worlds)
		}
		sum.rounds += k.rounds
		sum.orders += k.orders
		sum.slices += k.slices
		sum.lots += k.lots
		sum.fills += k.fills
	}
	t.Logf("%d worlds, %d rounds, %d decisions with orders, %d slices, %d lots, %d clearings, %.0f rounds/s",
		worlds, sum.rounds, sum.orders, sum.slices, sum.lots, sum.fills, float64(sum.rounds)/time.Since(start).Seconds())
	if sum.orders == 0 || sum.fills == 0 {
		t.Fatal("nothing was ever ordered and sold: the worlds prove nothing")
	}
}

// live is the life of the world of a seed.
func live(seed uint64, rows int) (*checker, error) {
	d, err := draw(seed)
	if err != nil {
		return nil, fmt.Errorf("world %d: %w", seed, err)
	}
	if err := d.live(rows); err != nil {
		return nil, fmt.Errorf("world %d, at %d: %w", seed, d.now, err)
	}
	if err := d.end(); err != nil {
		return nil, fmt.Errorf("world %d, at its end: %w", seed, err)
	}
	return d.watch, nil
}

// FuzzWorld lets the fuzzer choose the worlds.
func FuzzWorld(f *testing.F) {
	for s := range uint64(4) {
		f.Add(s, uint8(50))
	}
	f.Fuzz(func(t *testing.T, seed uint64, rows uint8) {
		if _, err := live(seed, int(rows)); err != nil {
			t.Fatal(err)
		}
	})
}
