package netting_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/netting"
)

// pairs is a table of "A->C" or "A<->C": value.
type pairs map[string]uint64

type vectors struct {
	Example struct {
		F, Pairwise, Residual pairs
		AfterPairs            pairs `json:"after_pairs"`
		Cycles                []ring
	}
	Totals struct{ Gross, Netted, Residual uint64 }
	Greedy struct {
		F, Optflow      pairs
		Greedy, Optimal uint64
	} `json:"greedy_vs_opt"`
	Units struct {
		MatchValue uint64 `json:"match_value"`
		PA         string `json:"pA"`
		PB         string `json:"pB"`
		UnitsA     uint64 `json:"aA"`
		UnitsB     uint64 `json:"aB"`
		SellersA   []uint64
		SellersB   []uint64
		DebitA     []uint64
		CreditB    []uint64
		DebitB     []uint64
		CreditA    []uint64
	}
}

// ring is [["A", "B", "A"], value].
type ring struct {
	nodes []asset.Index
	value uint64
}

func (r *ring) UnmarshalJSON(data []byte) error {
	var names []string
	if err := json.Unmarshal(data, &[]any{&names, &r.value}); err != nil {
		return err
	}
	for _, name := range names[:len(names)-1] { // the last is the first again
		r.nodes = append(r.nodes, index(name))
	}
	return nil
}

func load(tb testing.TB) vectors {
	tb.Helper()
	var v vectors
	enginetest.Vectors(tb, "netting.json", &v)
	return v
}

func index(name string) asset.Index { return asset.Index(name[0] - 'A') }

// table makes flows of n assets.
func table(n int, p pairs) []uint64 {
	flows := make([]uint64, n*n)
	for name, value := range p {
		sell, buy, _ := strings.Cut(name, "->")
		flows[int(index(sell))*n+int(index(buy))] = value
	}
	return flows
}

func sum(values []uint64) uint64 {
	var total uint64
	for _, v := range values {
		total += v
	}
	return total
}

func volume(cycles []netting.Cycle) uint64 {
	var total uint64
	for _, c := range cycles {
		total += c.Volume()
	}
	return total
}

func TestExample(t *testing.T) {
	t.Parallel()
	const n = 4
	v := load(t)
	flows := table(n, v.Example.F)
	if got := sum(flows); got != v.Totals.Gross {
		t.Errorf("gross %d, want %d", got, v.Totals.Gross)
	}
	var ws netting.Workspace
	cycles, err := netting.Cross(&ws, n, flows, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	two := 0
	for _, c := range cycles {
		if len(c.Nodes) > 2 {
			break
		}
		two++
		name := string('A'+rune(c.Nodes[0])) + "<->" + string('A'+rune(c.Nodes[1]))
		if v.Example.Pairwise[name] != c.Value {
			t.Errorf("%s crosses %d, want %d", name, c.Value, v.Example.Pairwise[name])
		}
	}
	if two != len(v.Example.Pairwise) || len(cycles) != two+len(v.Example.Cycles) {
		t.Fatalf("cycles %v", cycles)
	}
	for k, want := range v.Example.Cycles {
		if got := cycles[two+k]; !slices.Equal(got.Nodes, want.nodes) || got.Value != want.value {
			t.Errorf("ring %d is %v, want %v", k, got, want)
		}
	}
	if want := table(n, v.Example.Residual); !slices.Equal(flows, want) {
		t.Errorf("residual %v, want %v", flows, want)
	}
	if volume(cycles) != v.Totals.Netted || sum(flows) != v.Totals.Residual {
		t.Errorf("netted %d, residual %d", volume(cycles), sum(flows))
	}
}

func TestAfterPairs(t *testing.T) {
	t.Parallel()
	const n = 4
	v := load(t).Example
	flows := table(n, v.AfterPairs)
	var ws netting.Workspace
	cycles, err := netting.Cross(&ws, n, flows, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(cycles) != len(v.Cycles) || !slices.Equal(flows, table(n, v.Residual)) {
		t.Errorf("cycles %v, residual %v", cycles, flows)
	}
}

func TestGreedyAndOptimum(t *testing.T) {
	t.Parallel()
	const n = 5
	v := load(t).Greedy
	var ws netting.Workspace
	greedy, err := netting.Cross(&ws, n, table(n, v.F), nil, nil)
	if err != nil || volume(greedy) != v.Greedy {
		t.Errorf("greedy %d, error %v; want %d", volume(greedy), err, v.Greedy)
	}
	flows := table(n, v.F)
	most, err := netting.CrossMost(&ws, n, flows, nil, nil)
	if err != nil || volume(most) != v.Optimal {
		t.Errorf("most %d, error %v; want %d", volume(most), err, v.Optimal)
	}
	crossed := table(n, v.F)
	for k := range crossed {
		crossed[k] -= flows[k]
	}
	if want := table(n, v.Optflow); !slices.Equal(crossed, want) {
		t.Errorf("crossed %v, want %v", crossed, want)
	}
	flows = table(n, v.F)
	hinted, err := netting.CrossHint(&ws, n, flows, nil, nil, table(n, v.Optflow))
	if err != nil || volume(hinted) != v.Optimal || sum(flows) != sum(table(n, v.F))-v.Optimal {
		t.Errorf("hinted %d, error %v, residual %v", volume(hinted), err, flows)
	}
}

func TestSavings(t *testing.T) {
	t.Parallel()
	const n = 5
	v := load(t).Greedy
	savings := make([]uint32, n*n)
	savings[1*n+3] = 30 // B->D saves most: the search goes there first
	var ws netting.Workspace
	cycles, err := netting.Cross(&ws, n, table(n, v.F), nil, savings)
	if err != nil || len(cycles) != 1 || !slices.Equal(cycles[0].Nodes, []asset.Index{0, 1, 3, 4}) {
		t.Errorf("cycles %v, error %v", cycles, err)
	}
	savings[2*n+0] = 1000 // C->A saves more than the long ring together
	most, err := netting.CrossMost(&ws, n, table(n, v.F), nil, savings)
	if err != nil || len(most) != 1 || !slices.Equal(most[0].Nodes, []asset.Index{0, 1, 2}) {
		t.Errorf("most %v, error %v", most, err)
	}
}

func TestBlocked(t *testing.T) {
	t.Parallel()
	const n = 4
	v := load(t).Example
	flows := table(n, v.F)
	blocked := make([]bool, n*n)
	blocked[0*n+1], blocked[3*n+2] = true, true // A->B and D->C
	var ws netting.Workspace
	cycles, err := netting.Cross(&ws, n, flows, blocked, nil)
	if err != nil || len(cycles) != 0 || !slices.Equal(flows, table(n, v.F)) {
		t.Errorf("cycles %v, error %v: A->B is in every ring, D->C in the other pair", cycles, err)
	}
	most, err := netting.CrossMost(&ws, n, flows, blocked, nil)
	if err != nil || len(most) != 0 {
		t.Errorf("most %v, error %v", most, err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	var ws netting.Workspace
	tests := []struct {
		name    string
		n       int
		flows   []uint64
		blocked []bool
		savings []uint32
	}{
		{"negative size", -1, make([]uint64, 1), nil, nil},
		{"too many assets", asset.MaxAssets + 1, nil, nil, nil},
		{"flows", 2, make([]uint64, 3), nil, nil},
		{"blocked", 2, make([]uint64, 4), make([]bool, 3), nil},
		{"savings", 2, make([]uint64, 4), nil, make([]uint32, 5)},
		{"itself", 2, []uint64{0, 0, 0, 1}, nil, nil},
		{"sum", 2, []uint64{0, math.MaxUint64, 1, 0}, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var ws netting.Workspace
			_, err := netting.Cross(&ws, test.n, test.flows, test.blocked, test.savings)
			_, most := netting.CrossMost(&ws, test.n, test.flows, test.blocked, test.savings)
			_, hint := netting.CrossHint(&ws, test.n, test.flows, test.blocked, test.savings, test.flows)
			if !errors.Is(err, netting.ErrFlows) || !errors.Is(hint, netting.ErrFlows) ||
				!errors.Is(most, netting.ErrFlows) && !errors.Is(most, netting.ErrSize) {
				t.Errorf("errors %v, %v, %v", err, most, hint)
			}
		})
	}
	const many = netting.MaxOptimal + 1
	if _, err := netting.CrossMost(&ws, many, make([]uint64, many*many), nil, nil); !errors.Is(err, netting.ErrSize) {
		t.Errorf("too many assets for the optimum: %v", err)
	}
}

func TestHint(t *testing.T) {
	t.Parallel()
	const n = 5
	v := load(t).Greedy
	tests := []struct {
		name    string
		hint    []uint64
		blocked []bool
		ok      bool
	}{
		{"optimum", table(n, v.Optflow), nil, true},
		{"as good as greedy", table(n, pairs{"A->B": 100, "B->C": 100, "C->A": 100}), nil, true},
		{"worse than greedy", table(n, pairs{"A->B": 99, "B->C": 99, "C->A": 99}), nil, false},
		{"nothing", table(n, nil), nil, false},
		{"above the flow", table(n, pairs{"A->B": 101, "B->C": 101, "C->A": 101}), nil, false},
		{"leaks", table(n, pairs{"A->B": 100, "B->C": 100, "C->A": 99}), nil, false},
		{"blocked", table(n, v.Optflow), slices.Repeat([]bool{true}, n*n), false},
		{"size", make([]uint64, n), nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var ws netting.Workspace
			flows := table(n, v.F)
			cycles, err := netting.CrossHint(&ws, n, flows, test.blocked, nil, test.hint)
			if test.ok {
				if err != nil || volume(cycles) != sum(test.hint) {
					t.Errorf("volume %d, error %v", volume(cycles), err)
				}
				return
			}
			if !errors.Is(err, netting.ErrHint) || !slices.Equal(flows, table(n, v.F)) {
				t.Errorf("error %v, flows %v", err, flows)
			}
		})
	}
}

// TestWideWorth compares worths of more than 64 bits: 4*2^64 of the hint with 3*2^64+2^60 of the greedy ring.
func TestWideWorth(t *testing.T) {
	t.Parallel()
	const n = 5
	v := load(t).Greedy
	flows, hint := table(n, v.F), table(n, v.Optflow)
	savings := slices.Repeat([]uint32{16}, n*n)
	savings[2*n+0] = 17 // C->A, in the greedy ring only
	for k := range flows {
		flows[k] = flows[k] / 100 << 60
		hint[k] = hint[k] / 100 << 60
	}
	var ws netting.Workspace
	if _, err := netting.CrossHint(&ws, n, slices.Clone(flows), nil, savings, hint); err != nil {
		t.Error(err)
	}
	for _, more := range []uint32{33, 49} { // now the greedy ring is worth more, in the low word or in both
		savings[2*n+0] = more
		if _, err := netting.CrossHint(&ws, n, flows, nil, savings, hint); !errors.Is(err, netting.ErrHint) {
			t.Errorf("worth less than the greedy ring: %v", err)
		}
	}
}

// TestAllocations is not parallel: it counts the allocations of the whole program.
func TestAllocations(t *testing.T) {
	flows := dense(benchAssets, rand.New(rand.NewPCG(1, 1)))
	spoilt := make([]uint64, len(flows))
	var ws netting.Workspace
	round := func() {
		copy(spoilt, flows)
		if _, err := netting.Cross(&ws, benchAssets, spoilt, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	round()
	if n := testing.AllocsPerRun(3, round); n != 0 {
		t.Errorf("%v allocations after warm-up", n)
	}
}
