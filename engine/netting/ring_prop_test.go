package netting_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/netting"
)

// network is a table of flows with some pairs blocked.
type network struct {
	n       int
	flows   []uint64
	blocked []bool
}

func drawNetwork(t *rapid.T, assetsMax int, valueMax uint64) network {
	n := rapid.IntRange(0, assetsMax).Draw(t, "assets")
	w := network{n: n, flows: make([]uint64, n*n), blocked: make([]bool, n*n)}
	density := rapid.IntRange(0, 3).Draw(t, "density")
	for k := range w.flows {
		if k/n == k%n || rapid.IntRange(0, 3).Draw(t, "arc") > density {
			continue
		}
		w.flows[k] = rapid.Uint64Range(0, valueMax).Draw(t, "value")
		w.blocked[k] = rapid.IntRange(0, 9).Draw(t, "blocked") == 0
	}
	return w
}

func drawSavings(t *rapid.T, n int) []uint32 {
	if rapid.Bool().Draw(t, "all alike") {
		return nil
	}
	return rapid.SliceOfN(rapid.Uint32Range(0, 9), n*n, n*n).Draw(t, "savings")
}

// imbalance is outflow minus inflow of an asset, modulo 2^64.
func imbalance(n int, flows []uint64, i int) uint64 {
	var d uint64
	for j := range n {
		d += flows[i*n+j] - flows[j*n+i]
	}
	return d
}

// hasRing searches by taking away assets without inflow until none is left.
func hasRing(w network, flows []uint64) bool {
	gone := make([]bool, w.n)
	for range w.n {
		for i := range w.n {
			inflow := false
			for j := range w.n {
				inflow = inflow || !gone[j] && flows[j*w.n+i] > 0 && !w.blocked[j*w.n+i]
			}
			gone[i] = gone[i] || !inflow
		}
	}
	return slices.Contains(gone, false)
}

// checkCrossing holds what every crossing must keep: rings account for all that is gone, blocked pairs are as they
// were, imbalances too.
func checkCrossing(t *rapid.T, w network, left []uint64, cycles []netting.Cycle) {
	t.Helper()
	back := slices.Clone(left)
	for _, c := range cycles {
		seen := make([]bool, w.n)
		for k, node := range c.Nodes {
			if seen[node] || c.Value == 0 {
				t.Fatalf("ring %v is not simple", c)
			}
			seen[node] = true
			pair := int(node)*w.n + int(c.Nodes[(k+1)%len(c.Nodes)])
			if w.blocked[pair] {
				t.Fatalf("ring %v crosses a blocked pair", c)
			}
			back[pair] += c.Value
		}
	}
	if !slices.Equal(back, w.flows) {
		t.Fatalf("residual and rings are %v, the flows were %v", back, w.flows)
	}
	for i := range w.n {
		if imbalance(w.n, left, i) != imbalance(w.n, w.flows, i) {
			t.Fatalf("asset %d: the imbalance changed", i)
		}
	}
}

func TestCrossInvariants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawNetwork(t, 12, 1<<55)
		var ws netting.Workspace
		left := slices.Clone(w.flows)
		cycles, err := netting.Cross(&ws, w.n, left, w.blocked, drawSavings(t, w.n))
		if err != nil {
			t.Fatal(err)
		}
		checkCrossing(t, w, left, cycles)
		if hasRing(w, left) {
			t.Fatalf("the residual %v has a ring", left)
		}
	})
}

// TestCrossTwin compares the search that goes on with one that starts again after every ring (§4.1).
func TestCrossTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawNetwork(t, 9, 20)
		savings := drawSavings(t, w.n)
		var ws netting.Workspace
		left := slices.Clone(w.flows)
		cycles, err := netting.Cross(&ws, w.n, left, w.blocked, savings)
		if err != nil {
			t.Fatal(err)
		}
		want := twin(w, savings)
		same := slices.EqualFunc(cycles, want, func(a, b netting.Cycle) bool {
			return a.Value == b.Value && slices.Equal(a.Nodes, b.Nodes)
		})
		if !same {
			t.Fatalf("cycles %v, want %v", cycles, want)
		}
	})
}

// twin is the slow and obvious form of the rule.
func twin(w network, savings []uint32) []netting.Cycle {
	flows := slices.Clone(w.flows)
	var out []netting.Cycle
	for i := range w.n {
		for j := i + 1; j < w.n; j++ {
			pair := []int{i, j}
			out = cancel(w, flows, pair, out)
		}
	}
	for {
		colour := make([]int, w.n)
		var found []int
		for root := 0; root < w.n && found == nil; root++ {
			found = visit(w, flows, savings, colour, nil, root)
		}
		if found == nil {
			return out
		}
		out = cancel(w, flows, found, out)
	}
}

func cancel(w network, flows []uint64, nodes []int, out []netting.Cycle) []netting.Cycle {
	value := ^uint64(0)
	ring := netting.Cycle{}
	for k, node := range nodes {
		pair := node*w.n + nodes[(k+1)%len(nodes)]
		if w.blocked[pair] {
			value = 0
		}
		value = min(value, flows[pair])
		ring.Nodes = append(ring.Nodes, asset.Index(node))
	}
	if ring.Value = value; value == 0 {
		return out
	}
	for k, node := range nodes {
		flows[node*w.n+nodes[(k+1)%len(nodes)]] -= value
	}
	return append(out, ring)
}

// visit returns the first ring of a depth-first search, or nil. Colours: 0 new, 1 on the path, 2 done.
func visit(w network, flows []uint64, savings []uint32, colour, path []int, node int) []int {
	if colour[node] != 0 {
		return nil
	}
	colour[node] = 1
	path = append(path, node)
	order := make([]int, 0, w.n)
	for j := range w.n {
		if k := node*w.n + j; flows[k] > 0 && !w.blocked[k] {
			order = append(order, j)
		}
	}
	if savings != nil {
		slices.SortStableFunc(order, func(a, b int) int { return int(savings[node*w.n+b]) - int(savings[node*w.n+a]) })
	}
	for _, j := range order {
		if colour[j] == 1 {
			return slices.Clone(path[slices.Index(path, j):])
		}
		if found := visit(w, flows, savings, colour, path, j); found != nil {
			return found
		}
	}
	colour[node] = 2
	return nil
}

// TestCrossMostTwin tries every circulation of small networks.
func TestCrossMostTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawNetwork(t, 4, 2)
		for k := range w.flows { // at most 8 arcs, so that all circulations can be tried
			if k > 10 {
				w.flows[k] = 0
			}
		}
		savings := drawSavings(t, w.n)
		var ws netting.Workspace
		left := slices.Clone(w.flows)
		cycles, err := netting.CrossMost(&ws, w.n, left, w.blocked, savings)
		if err != nil {
			t.Fatal(err)
		}
		checkCrossing(t, w, left, cycles)
		var got uint64
		for k := range left {
			got += (w.flows[k] - left[k]) * worth(savings, k)
		}
		if want := best(w, savings, make([]uint64, w.n*w.n), 0); got != want {
			t.Fatalf("worth %d, the best is %d", got, want)
		}
	})
}

func worth(savings []uint32, pair int) uint64 {
	if savings == nil {
		return 1
	}
	return uint64(savings[pair])
}

// best is the largest worth of a circulation, by trying all values from an arc on.
func best(w network, savings []uint32, x []uint64, arc int) uint64 {
	if arc == len(x) {
		var total uint64
		for k, v := range x {
			total += v * worth(savings, k)
		}
		for i := range w.n {
			if imbalance(w.n, x, i) != 0 {
				return 0
			}
		}
		return total
	}
	most := uint64(0)
	for v := range w.flows[arc] + 1 {
		if v > 0 && w.blocked[arc] {
			break
		}
		x[arc] = v
		most = max(most, best(w, savings, x, arc+1))
	}
	x[arc] = 0
	return most
}

// TestMostAndHint: the optimum is at least the greedy volume, scales with the flows, and is accepted as a hint.
func TestMostAndHint(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawNetwork(t, 10, 1<<40)
		var ws netting.Workspace
		left, rest := slices.Clone(w.flows), slices.Clone(w.flows)
		greedy, err := netting.Cross(&ws, w.n, left, w.blocked, nil)
		if err != nil {
			t.Fatal(err)
		}
		least := volume(greedy)
		most, err := netting.CrossMost(&ws, w.n, rest, w.blocked, nil)
		if err != nil {
			t.Fatal(err)
		}
		checkCrossing(t, w, rest, most)
		if volume(most) < least {
			t.Fatalf("most is %d, greedy %d", volume(most), least)
		}
		hint, doubled := make([]uint64, len(rest)), slices.Clone(w.flows)
		for k := range rest {
			hint[k] = w.flows[k] - rest[k]
			doubled[k] *= 2
		}
		total := volume(most)
		flows := slices.Clone(w.flows)
		hinted, err := netting.CrossHint(&ws, w.n, flows, w.blocked, nil, hint)
		if err != nil || volume(hinted) != total {
			t.Fatalf("hinted %d of %d, error %v", volume(hinted), total, err)
		}
		checkCrossing(t, w, flows, hinted)
		if twice, err := netting.CrossMost(&ws, w.n, doubled, w.blocked, nil); err != nil || volume(twice) != 2*total {
			t.Fatalf("twice the flows give %d, error %v; once %d", volume(twice), err, total)
		}
	})
}

// FuzzHint offers hints of any kind: what is refused changes nothing, what is taken is a crossing.
func FuzzHint(f *testing.F) { f.Fuzz(rapid.MakeFuzz(anyHint)) }

func TestAnyHint(t *testing.T) {
	t.Parallel()
	rapid.Check(t, anyHint)
}

func anyHint(t *rapid.T) {
	w := drawNetwork(t, 4, 3)
	size := len(w.flows) + rapid.IntRange(0, 12).Draw(t, "too long")/12
	hint := rapid.SliceOfN(rapid.OneOf(rapid.Uint64Range(0, 2), rapid.Uint64()), size, size).Draw(t, "hint")
	left := slices.Clone(w.flows)
	var ws netting.Workspace
	cycles, err := netting.CrossHint(&ws, w.n, left, w.blocked, nil, hint)
	if err != nil && !slices.Equal(left, w.flows) {
		t.Fatal("a refused hint changed the flows")
	}
	if err == nil {
		checkCrossing(t, w, left, cycles)
	}
}
