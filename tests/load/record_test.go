package load_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// record keeps how long answers took, by path.
type record struct {
	mu     sync.Mutex
	took   map[string][]time.Duration
	wrong  map[string]int // answers that were none, by what they said
	bytes  int64
	blocks int // that viewers were told of
}

func newRecord() *record { return &record{took: map[string][]time.Duration{}, wrong: map[string]int{}} }

func (r *record) add(path string, took time.Duration, bytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.took[path] = append(r.took[path], took)
	r.bytes += bytes
}

func (r *record) fail(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wrong[what]++
}

func (r *record) told() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.blocks++
}

// processor is how much of it this process has used.
func processor() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// part is a value below which a part of a sorted list lies.
func part(list []time.Duration, of float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	return list[min(len(list)-1, int(float64(len(list))*of))]
}

// show prints the record and holds it to the bound.
func (r *record) show(t *testing.T, took, used time.Duration) {
	t.Helper()
	var out strings.Builder
	total := 0
	fmt.Fprintf(&out, "\n%-44s %8s %9s %9s %9s\n", "path", "answers", "p50", "p99", "longest")
	round := func(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
	for _, path := range slices.Sorted(maps.Keys(r.took)) {
		list := r.took[path]
		slices.Sort(list)
		total += len(list)
		p99 := part(list, 0.99)
		fmt.Fprintf(&out, "%-44s %8d %9v %9v %9v\n", path, len(list), round(part(list, 0.5)), round(p99),
			round(list[len(list)-1]))
		if *bound > 0 && p99 > *bound {
			t.Errorf("%s: expected a p99 of %v, got %v", path, *bound, p99)
		}
	}
	fmt.Fprintf(&out, "%d answers, %.0f in a second, %.1f MB in a second; %d times told of a block\n",
		total, float64(total)/took.Seconds(), float64(r.bytes)/1e6/took.Seconds(), r.blocks)
	fmt.Fprintf(&out, "server, viewers and writer together used %v of processor, %.2f cores, %v for an answer",
		used.Round(time.Millisecond), used.Seconds()/took.Seconds(),
		(used / time.Duration(max(1, total))).Round(time.Microsecond))
	t.Log(out.String())
	for what, n := range r.wrong {
		t.Errorf("%d times: %s", n, what)
	}
	if r.blocks == 0 {
		t.Error("expected that viewers are told of blocks")
	}
}
