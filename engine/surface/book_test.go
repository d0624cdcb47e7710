package surface_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/surface"
)

// pairs is a table of "A->C": value.
type pairs map[string]uint64

type vectors struct {
	Flows map[string]pairs
	F     pairs
	Smax  pairs
	Alloc struct {
		S, B []uint64
		Flow [][]uint64
	} `json:"alloc_rows_vector"`
	Partial struct {
		Executed, Proceeds uint64
		Sold, Got, Refund  []uint64
	}
	NW      [][3]uint64 `json:"nw_p1"`
	MinCost struct {
		Cost         [][]uint32
		Best         []uint64
		Proportional uint64
	} `json:"mincost"`
}

func load(tb testing.TB) vectors {
	tb.Helper()
	var v vectors
	enginetest.Vectors(tb, "surface.json", &v)
	return v
}

// Assets of the worked example.
const (
	A asset.Index = iota
	B
	C
	D
	assets
)

func name(i, j asset.Index) string { return string('A'+rune(i)) + "->" + string('A'+rune(j)) }

// legs reads asset, value, asset, value, ...
func legs(numbers ...uint64) []surface.Leg {
	var out []surface.Leg
	for k := 0; k < len(numbers); k += 2 {
		out = append(out, surface.Leg{Asset: asset.Index(numbers[k]), Value: numbers[k+1]})
	}
	return out
}

// example holds the three portfolios of spec 03 §3.6.
func example(tb testing.TB) *surface.Book {
	tb.Helper()
	book := empty(tb, int(assets))
	add(tb, book, 1, portfolio{legs(0, 600, 1, 400), legs(2, 700, 3, 300)}, surface.Proportional, 0)
	add(tb, book, 2, portfolio{legs(0, 500), legs(2, 500)}, surface.Proportional, 0)
	add(tb, book, 3, portfolio{legs(2, 250), legs(1, 250)}, surface.Proportional, 0)
	return book
}

func empty(tb testing.TB, n int) *surface.Book {
	tb.Helper()
	book := new(surface.Book)
	if err := book.Reset(n); err != nil {
		tb.Fatal(err)
	}
	return book
}

func add(tb testing.TB, b *surface.Book, owner uint32, p portfolio, m surface.Mode, minOrder uint64) {
	tb.Helper()
	if err := b.Add(owner, p.sells, p.buys, m, minOrder); err != nil {
		tb.Fatal(err)
	}
}

func TestExample(t *testing.T) {
	t.Parallel()
	v, book := load(t), example(t)
	got := map[string]pairs{}
	for _, f := range book.Flows() {
		owner := "p" + string('0'+rune(f.Owner))
		if got[owner] == nil {
			got[owner] = pairs{}
		}
		got[owner][name(f.Sell, f.Buy)] = f.Value
	}
	for owner, want := range v.Flows {
		equal(t, owner, got[owner], want)
	}
	totals, most := pairs{}, pairs{}
	for i := range assets {
		for j := range assets {
			put(totals, name(i, j), book.Total(i, j))
			put(most, name(i, j), book.MaxCorrection(i, j))
		}
	}
	equal(t, "F", totals, v.F)
	equal(t, "Smax", most, v.Smax)
	if book.Total(A, B) != 0 || book.Total(B, A) != 0 {
		t.Error("A and B both move, but no portfolio swaps them")
	}
	if got := book.Volume(); got != 1000+500+250 {
		t.Errorf("volume %d", got)
	}
	if book.Len() != int(assets) || book.Dropped() != 0 {
		t.Errorf("%d assets, %d dropped", book.Len(), book.Dropped())
	}
}

func put(to pairs, name string, value uint64) {
	if value != 0 {
		to[name] = value
	}
}

func equal(t *testing.T, what string, got, want pairs) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
	for k := range want {
		if got[k] != want[k] {
			t.Errorf("%s: %s is %d, want %d", what, k, got[k], want[k])
		}
	}
}

func TestPartialExecution(t *testing.T) {
	t.Parallel()
	v, book := load(t).Partial, example(t)
	var sold, got, refund []uint64
	for _, f := range book.Flows() {
		if f.Sell == A && f.Buy == C {
			x := share(t, f, book.Total(A, C), v.Executed)
			sold = append(sold, x)
			refund = append(refund, f.Value-x)
			got = append(got, share(t, f, book.Total(A, C), v.Proceeds))
		}
	}
	if !slices.Equal(sold, v.Sold) || !slices.Equal(got, v.Got) || !slices.Equal(refund, v.Refund) {
		t.Errorf("sold %v, got %v, refund %v; want %+v", sold, got, refund, v)
	}
}

// share is a flow's part of x, which was executed of its pair's total.
func share(tb rapid.TB, f surface.Flow, total, x uint64) uint64 {
	tb.Helper()
	var c fixed.Calc
	s := c.PrefixShare(fixed.NatOf(f.Offset), fixed.NatOf(f.Value), fixed.NatOf(total), fixed.NatOf(x))
	n, ok := s.Uint64()
	if err := c.Err(); err != nil || !ok {
		tb.Fatalf("share %v, error %v", s, err)
	}
	return n
}

func TestRowsAndColumns(t *testing.T) {
	t.Parallel()
	v := load(t).Alloc
	book := empty(t, 5)
	add(t, book, 1, portfolio{legs(0, v.S[0], 1, v.S[1], 2, v.S[2]), legs(3, v.B[0], 4, v.B[1])}, surface.Proportional, 0)
	for i, row := range v.Flow {
		for j, want := range row {
			if got := book.Total(asset.Index(i), asset.Index(3+j)); got != want {
				t.Errorf("cell %d, %d is %d, want %d", i, j, got, want)
			}
		}
	}
}

func TestNorthWestCorner(t *testing.T) {
	t.Parallel()
	book := empty(t, 4)
	add(t, book, 1, portfolio{legs(0, 600, 1, 400), legs(2, 700, 3, 300)}, surface.Fewest, 0)
	got := make([][3]uint64, 0, 3)
	for _, f := range book.Flows() {
		got = append(got, [3]uint64{uint64(f.Sell), uint64(f.Buy - C), f.Value})
	}
	if want := load(t).NW; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestCheapest(t *testing.T) {
	t.Parallel()
	v := load(t).MinCost
	costs := make([]uint32, assets*assets)
	for i, row := range v.Cost {
		for j, c := range row {
			costs[i*int(assets)+2+j] = c
		}
	}
	paid := func(mode surface.Mode) (uint64, []uint64) {
		book := empty(t, int(assets))
		if err := book.SetCosts(costs); err != nil {
			t.Fatal(err)
		}
		add(t, book, 1, portfolio{legs(0, 600, 1, 400), legs(2, 700, 3, 300)}, mode, 0)
		var sum uint64
		var cells []uint64
		for i := range C {
			for j := C; j <= D; j++ {
				cells = append(cells, book.Total(i, j))
				sum += book.Total(i, j) * uint64(costs[int(i)*int(assets)+int(j)])
			}
		}
		return sum, cells
	}
	if sum, cells := paid(surface.Cheapest); sum != v.Best[0] || !slices.Equal(cells, v.Best[1:]) {
		t.Errorf("cheapest pays %d with %v, want %v", sum, cells, v.Best)
	}
	if sum, _ := paid(surface.Proportional); sum != v.Proportional {
		t.Errorf("proportional pays %d, want %d", sum, v.Proportional)
	}
}

func TestMinOrder(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		sells, buys []surface.Leg
		minOrder    uint64
		want        pairs
		dropped     uint64
	}{
		{
			"nothing small", legs(0, 60, 1, 40), legs(2, 70, 3, 30), 12,
			pairs{"A->C": 42, "A->D": 18, "B->C": 28, "B->D": 12},
			0,
		},
		{"no room", legs(0, 90, 1, 910), legs(2, 10, 3, 990), 11, pairs{"A->D": 90, "B->D": 900}, 10},
		// 90, 10, 10 and 0: without B's 10, C has room for A's, but B has no flow left.
		{"room", legs(0, 100, 1, 10), legs(2, 100, 3, 10), 11, pairs{"A->C": 100}, 10},
		// 87, 13, 7 and 1: without B's 7, C has room for 7 of A's 13.
		{"room for a part", legs(0, 100, 1, 8), legs(2, 94, 3, 14), 14, pairs{"A->C": 94}, 14},
		{"all small", legs(0, 6, 1, 4), legs(2, 7, 3, 3), 100, pairs{}, 10},
		{"one is no minimum", legs(0, 1), legs(2, 1), 1, pairs{"A->C": 1}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			book := empty(t, int(assets))
			add(t, book, 1, portfolio{test.sells, test.buys}, surface.Proportional, test.minOrder)
			got := pairs{}
			for _, f := range book.Flows() {
				got[name(f.Sell, f.Buy)] = f.Value
			}
			equal(t, "flows", got, test.want)
			if book.Dropped() != test.dropped {
				t.Errorf("dropped %d, want %d", book.Dropped(), test.dropped)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	const most = math.MaxUint64
	tests := []struct {
		name        string
		sells, buys []surface.Leg
		mode        surface.Mode
		want        error
	}{
		{"descending", legs(1, 5, 0, 5), legs(2, 10), surface.Proportional, surface.ErrLegs},
		{"twice", legs(1, 5), legs(2, 2, 2, 3), surface.Proportional, surface.ErrLegs},
		{"unknown asset", legs(1, 5), legs(4, 5), surface.Proportional, surface.ErrLegs},
		{"sold and bought", legs(0, 2, 1, 3), legs(1, 5), surface.Proportional, surface.ErrLegs},
		{"unequal", legs(0, 2, 1, 3), legs(2, 4), surface.Proportional, surface.ErrUnequal},
		{"legs overflow", legs(0, most, 1, 1), legs(2, 0), surface.Proportional, surface.ErrOverflow},
		{"book overflows", legs(0, most-1749), legs(2, most-1749), surface.Proportional, surface.ErrOverflow},
		{"unknown mode", legs(0, 1), legs(2, 1), 3, surface.ErrMode},
		{"no costs", legs(0, 1), legs(2, 1), surface.Cheapest, surface.ErrMode},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			book := example(t)
			before := slices.Clone(book.Flows())
			if err := book.Add(9, test.sells, test.buys, test.mode, 0); !errors.Is(err, test.want) {
				t.Fatalf("error %v, want %v", err, test.want)
			}
			if !slices.Equal(before, book.Flows()) || book.Volume() != 1750 || book.MaxCorrection(A, C) != 1100 {
				t.Error("the failed Add changed the book")
			}
		})
	}
	var book surface.Book
	for _, n := range []int{-1, asset.MaxAssets + 1} {
		if err := book.Reset(n); !errors.Is(err, surface.ErrSize) {
			t.Errorf("Reset(%d): %v", n, err)
		}
	}
	if err := book.SetCosts(make([]uint32, 3)); !errors.Is(err, surface.ErrSize) {
		t.Errorf("SetCosts: %v", err)
	}
}

func TestFullRange(t *testing.T) {
	t.Parallel()
	book := empty(t, 4)
	add(t, book, 1, portfolio{legs(0, math.MaxUint64-7, 1, 7), legs(2, 9, 3, math.MaxUint64-9)}, surface.Proportional, 0)
	if sum := book.Total(A, C) + book.Total(B, C); sum != 9 {
		t.Errorf("C receives %d, want 9", sum)
	}
	if sum := book.Total(A, C) + book.Total(A, D); sum != math.MaxUint64-7 {
		t.Errorf("A gives %d", sum)
	}
}

func TestOptOut(t *testing.T) {
	t.Parallel()
	book := example(t)
	if err := book.AddUncrossed(4, legs(0, 80), legs(2, 80), surface.Proportional, 0); err != nil {
		t.Fatal(err)
	}
	add(t, book, 5, portfolio{legs(0, 20), legs(2, 20)}, surface.Proportional, 0)
	flows := book.Flows()
	out, last := flows[len(flows)-2], flows[len(flows)-1]
	if out.Crossable() || !last.Crossable() {
		t.Errorf("crossable: %v and %v", out.Crossable(), last.Crossable())
	}
	if out.Offset != 920 || last.Offset != 1000 || last.CrossOffset != 920 {
		t.Errorf("offsets: %+v, %+v", out, last)
	}
	if book.Total(A, C) != 1020 || book.CrossTotal(A, C) != 940 {
		t.Errorf("totals %d, %d", book.Total(A, C), book.CrossTotal(A, C))
	}
	totals := book.CrossTotals(nil)
	if len(totals) != 16 || totals[int(A)*4+int(C)] != 940 || totals[int(C)*4+int(B)] != 250 {
		t.Errorf("cross totals %v", totals)
	}
	if book.Total(A, assets) != 0 || book.CrossTotal(assets, A) != 0 {
		t.Error("an unknown asset has a total")
	}
}

func TestModeString(t *testing.T) {
	t.Parallel()
	for mode, want := range []string{"proportional", "fewest", "cheapest", "unknown mode"} {
		if got := surface.Mode(mode).String(); got != want {
			t.Errorf("mode %d is %q, want %q", mode, got, want)
		}
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	book := example(t)
	if err := book.Reset(2); err != nil {
		t.Fatal(err)
	}
	if book.Len() != 2 || len(book.Flows()) != 0 || book.Volume() != 0 || book.Total(A, B) != 0 {
		t.Error("something is left")
	}
}

// TestAllocations is not parallel: it counts the allocations of the whole program.
func TestAllocations(t *testing.T) {
	book := empty(t, benchAssets)
	all := crowd(100)
	round := func() {
		if err := book.Reset(benchAssets); err != nil {
			t.Fatal(err)
		}
		for owner, p := range all {
			for mode := range surface.Cheapest {
				add(t, book, uint32(owner), p, mode, 50_000_000)
			}
		}
	}
	round()
	if n := testing.AllocsPerRun(3, round); n != 0 {
		t.Errorf("%v allocations after warm-up", n)
	}
}
