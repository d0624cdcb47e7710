package sim_test

import (
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/sim"
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
// million rounds of it, as many worlds at once as there are processors.
func TestMillion(t *testing.T) {
	t.Parallel()
	t.Logf("seed %d, %d rounds", *seed, *cycles)
	start := time.Now()
	sum, worlds, err := many(*seed, *cycles, runtime.GOMAXPROCS(0))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d worlds, %d rounds, %d decisions with orders, %d slices, %d lots, %d clearings, %.0f rounds/s",
		worlds, sum.rounds, sum.orders, sum.slices, sum.lots, sum.fills, float64(sum.rounds)/time.Since(start).Seconds())
	t.Logf("%+v", sum.incidents)
	var notes []string
	for o, n := range sum.outcomes {
		if n > 0 {
			notes = append(notes, fmt.Sprintf("%d %v", n, cycle.Outcome(o)))
		}
	}
	t.Log(strings.Join(notes, ", "))
	if sum.orders == 0 || sum.fills == 0 {
		t.Fatal("nothing was ever ordered and sold: the worlds prove nothing")
	}
}

// tally is what many worlds saw.
type tally struct {
	checker

	incidents sim.Incidents
}

func (s *tally) add(d *drawn) {
	s.checker.add(d.watch)
	i := d.world.Incidents()
	s.incidents.Reanchored += i.Reanchored
	s.incidents.Cancelled += i.Cancelled
	s.incidents.Evicted += i.Evicted
	s.incidents.Stale += i.Stale
}

// many lives world after world until so many rounds are over. An error is that of the lowest seed that was tried.
func many(first uint64, rounds, workers int) (*tally, uint64, error) {
	var (
		sum   tally
		mu    sync.Mutex
		group sync.WaitGroup
		next  atomic.Uint64
		fault error
		at    uint64
	)
	going := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return sum.rounds < rounds && fault == nil
	}
	work := func() {
		for going() {
			world := next.Add(1) - 1
			d, err := live(first+world, rowsPerWorld)
			mu.Lock()
			switch {
			case err == nil:
				sum.add(d)
			case fault == nil || world < at:
				at = world
				fault = fmt.Errorf("%w; run it alone: go test ./sim -run TestMillion -v -sim.seed=%d -sim.cycles=1",
					err, first+world)
			}
			mu.Unlock()
		}
	}
	for range workers {
		group.Go(work)
	}
	group.Wait()
	return &sum, next.Load(), fault
}

// live is the life of the world of a seed.
func live(seed uint64, rows int) (*drawn, error) {
	d, err := life(rand.NewPCG(seed, 1), rows)
	if err != nil {
		return nil, fmt.Errorf("world %d: %w", seed, err)
	}
	return d, nil
}

// life is the life of a world that is drawn from a source.
func life(source rand.Source, rows int) (*drawn, error) {
	d, err := draw(source)
	if err != nil {
		return nil, err
	}
	if err := d.live(rows); err != nil {
		return nil, fmt.Errorf("at %d: %w", d.now, err)
	}
	if err := d.end(); err != nil {
		return nil, fmt.Errorf("at its end: %w", err)
	}
	return d, nil
}

// tape is a source of bytes that somebody wrote: policies, prices, bids and accidents are what they say. When it is
// over, chance goes on.
type tape struct {
	bytes []byte
	rest  *rand.PCG
}

// Uint64 reads a word.
func (s *tape) Uint64() uint64 {
	if len(s.bytes) == 0 {
		return s.rest.Uint64()
	}
	var word [8]byte
	s.bytes = s.bytes[copy(word[:], s.bytes):]
	return binary.LittleEndian.Uint64(word[:])
}

// FuzzWorld lets the fuzzer write worlds.
func FuzzWorld(f *testing.F) {
	for s := range uint64(4) {
		r := rand.New(rand.NewPCG(s, 2))
		bytes := make([]byte, 512)
		for i := range bytes {
			bytes[i] = byte(r.Uint32())
		}
		f.Add(bytes, uint8(20))
	}
	f.Fuzz(func(t *testing.T, bytes []byte, rows uint8) {
		if _, err := life(&tape{bytes, rand.NewPCG(1, 1)}, int(rows)%64); err != nil {
			t.Fatal(err)
		}
	})
}
