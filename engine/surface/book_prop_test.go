package surface_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/surface"
)

const propAssets = 8

// want is a portfolio that a test adds.
type want struct {
	sells, buys []surface.Leg
	mode        surface.Mode
	minOrder    uint64
	opted       bool // out of crossing
}

// split cuts total into parts at random places; some parts may be zero.
func split(t *rapid.T, total uint64, parts int, label string) []uint64 {
	cuts := make([]uint64, parts)
	cuts[0] = total
	for k := range cuts[1:] {
		cuts[k] = rapid.Uint64Range(0, total).Draw(t, label)
		cuts[k+1] = total
	}
	slices.Sort(cuts)
	out, before := make([]uint64, parts), uint64(0)
	for k, cut := range cuts {
		out[k] = cut - before
		before = cut
	}
	return out
}

func drawWant(t *rapid.T, volumeMax uint64) want {
	order := rapid.Permutation([]asset.Index{0, 1, 2, 3, 4, 5, 6, 7}).Draw(t, "assets")
	k := rapid.IntRange(1, propAssets-1).Draw(t, "sells")
	m := rapid.IntRange(1, propAssets-k).Draw(t, "buys")
	volume := rapid.Uint64Range(0, volumeMax).Draw(t, "volume")
	if rapid.Bool().Draw(t, "small") {
		volume %= 1000
	}
	sells, buys := order[:k:k], order[k:k+m]
	slices.Sort(sells)
	slices.Sort(buys)
	w := want{mode: surface.Mode(rapid.IntRange(0, 2).Draw(t, "mode")), opted: rapid.Bool().Draw(t, "opted")}
	for j, v := range split(t, volume, k, "sell") {
		w.sells = append(w.sells, surface.Leg{Asset: sells[j], Value: v})
	}
	for j, v := range split(t, volume, m, "buy") {
		w.buys = append(w.buys, surface.Leg{Asset: buys[j], Value: v})
	}
	if rapid.Bool().Draw(t, "has a smallest order") {
		w.minOrder = rapid.Uint64Range(0, volume/2).Draw(t, "smallest order")
	}
	return w
}

func drawWants(t *rapid.T) []want {
	n := rapid.IntRange(1, 8).Draw(t, "portfolios")
	out := make([]want, n)
	for p := range out {
		out[p] = drawWant(t, ^uint64(0)/8)
	}
	return out
}

func enter(t *rapid.T, b *surface.Book, wants []want) {
	costs := make([]uint32, propAssets*propAssets)
	for k := range costs {
		costs[k] = uint32(k * 7919 % 101)
	}
	if err := b.Reset(propAssets); err != nil {
		t.Fatal(err)
	}
	if err := b.SetCosts(costs); err != nil {
		t.Fatal(err)
	}
	for p, w := range wants {
		add := b.Add
		if w.opted {
			add = b.AddUncrossed
		}
		if err := add(uint32(p), w.sells, w.buys, w.mode, w.minOrder); err != nil {
			t.Fatal(err)
		}
	}
}

func valueOf(legs []surface.Leg, a asset.Index) uint64 {
	for _, l := range legs {
		if l.Asset == a {
			return l.Value
		}
	}
	return 0
}

// TestMargins: rows and columns add up exactly, unless something was dropped; nothing is below the smallest order.
func TestMargins(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWant(t, ^uint64(0))
		var book surface.Book
		enter(t, &book, []want{w})
		var rows, columns [propAssets]uint64
		var sum uint64
		for _, f := range book.Flows() {
			rows[f.Sell] += f.Value
			columns[f.Buy] += f.Value
			sum += f.Value
			if f.Value == 0 || f.Value < w.minOrder {
				t.Fatalf("%+v is below %d", f, w.minOrder)
			}
		}
		for a := range asset.Index(propAssets) {
			s, b := valueOf(w.sells, a), valueOf(w.buys, a)
			if rows[a] > s || columns[a] > b {
				t.Fatalf("asset %d: sold %d of %d, bought %d of %d", a, rows[a], s, columns[a], b)
			}
		}
		if sum+book.Dropped() != book.Volume() {
			t.Fatalf("%d in flows and %d dropped of %d", sum, book.Dropped(), book.Volume())
		}
		if w.minOrder <= 1 && book.Dropped() != 0 {
			t.Fatalf("dropped %d without a smallest order", book.Dropped())
		}
		if n := len(book.Flows()); w.mode != surface.Proportional && n > len(w.sells)+len(w.buys)-1 {
			t.Fatalf("%v: %d flows", w.mode, n)
		}
	})
}

// TestTheorems holds (a) no common portfolio, no trade; (b) nobody trades beyond his delta; (c) conservation, of §3.3.
func TestTheorems(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		wants := drawWants(t)
		var book surface.Book
		enter(t, &book, wants)
		for i := range asset.Index(propAssets) {
			for j := range asset.Index(propAssets) {
				total := book.Total(i, j)
				if total > book.MaxCorrection(i, j) {
					t.Fatalf("%d->%d: flow %d above the largest correction %d", i, j, total, book.MaxCorrection(i, j))
				}
				common := slices.ContainsFunc(wants, func(w want) bool {
					return valueOf(w.sells, i) > 0 && valueOf(w.buys, j) > 0
				})
				if total > 0 && !common {
					t.Fatalf("%d->%d trades %d, but no portfolio swaps them", i, j, total)
				}
				executed := rapid.Uint64Range(0, total).Draw(t, "executed")
				proceeds := rapid.Uint64().Draw(t, "proceeds")
				execute(t, &book, i, j, executed, proceeds)
			}
		}
	})
}

// execute splits an execution over the pair's flows.
func execute(t *rapid.T, book *surface.Book, i, j asset.Index, executed, proceeds uint64) {
	t.Helper()
	total := book.Total(i, j)
	var sold, got, offset, crossable uint64
	for _, f := range book.Flows() {
		if f.Sell != i || f.Buy != j {
			continue
		}
		if f.Offset != offset || f.Crossable() && f.CrossOffset != crossable {
			t.Fatalf("%+v: expected offsets %d and %d", f, offset, crossable)
		}
		offset += f.Value
		if f.Crossable() {
			crossable += f.Value
		}
		x := share(t, f, total, executed)
		if x > f.Value {
			t.Fatalf("%+v sells %d", f, x)
		}
		sold += x
		got += share(t, f, total, proceeds)
	}
	if offset != total || crossable != book.CrossTotal(i, j) {
		t.Fatalf("%d->%d: flows of %d and %d, totals %d and %d", i, j, offset, crossable, total, book.CrossTotal(i, j))
	}
	if total > 0 && (sold != executed || got != proceeds) {
		t.Fatalf("%d->%d: sold %d of %d, got %d of %d", i, j, sold, executed, got, proceeds)
	}
}

// TestOrder: totals do not depend on the order of Add.
func TestOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		wants := drawWants(t)
		var one, other surface.Book
		enter(t, &one, wants)
		enter(t, &other, rapid.Permutation(wants).Draw(t, "order"))
		for i := range asset.Index(propAssets) {
			for j := range asset.Index(propAssets) {
				if one.Total(i, j) != other.Total(i, j) || one.CrossTotal(i, j) != other.CrossTotal(i, j) ||
					one.MaxCorrection(i, j) != other.MaxCorrection(i, j) {
					t.Fatalf("%d->%d differs", i, j)
				}
			}
		}
	})
}

// TestTwin compares the proportional flows with the definition of §3.2 in arbitrary integers.
func TestTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawWant(t, ^uint64(0))
		w.mode, w.minOrder = surface.Proportional, 0
		var book surface.Book
		enter(t, &book, []want{w})
		for i, row := range twin(w) {
			for j, x := range row {
				if got := book.Total(w.sells[i].Asset, w.buys[j].Asset); x.Cmp(new(big.Int).SetUint64(got)) != 0 {
					t.Fatalf("cell %d, %d is %d, want %v", i, j, got, x)
				}
			}
		}
	})
}

// twin is the slow and obvious row-sequential prefix allocation.
func twin(w want) [][]*big.Int {
	rem := make([]*big.Int, len(w.buys))
	for j, l := range w.buys {
		rem[j] = new(big.Int).SetUint64(l.Value)
	}
	out := make([][]*big.Int, len(w.sells))
	for i, l := range w.sells {
		s, sum, prefix := new(big.Int).SetUint64(l.Value), new(big.Int), new(big.Int)
		for _, r := range rem {
			sum.Add(sum, r)
		}
		for j, r := range rem {
			x := new(big.Int)
			if sum.Sign() > 0 {
				upper := new(big.Int).Add(prefix, r)
				x.Sub(floor(upper, s, sum), floor(prefix, s, sum))
			}
			out[i] = append(out[i], x)
			prefix = new(big.Int).Add(prefix, r)
			rem[j] = new(big.Int).Sub(r, x)
		}
	}
	return out
}

func floor(a, b, d *big.Int) *big.Int {
	z := new(big.Int).Mul(a, b)
	return z.Div(z, d)
}

// FuzzAdd adds legs of any kind: what is refused leaves the book alone, what is taken adds up.
func FuzzAdd(f *testing.F) { f.Fuzz(rapid.MakeFuzz(addAnything)) }

func TestAddAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, addAnything)
}

func addAnything(t *rapid.T) {
	side := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) surface.Leg {
		return surface.Leg{
			Asset: asset.Index(rapid.IntRange(0, 5).Draw(t, "asset")),
			Value: rapid.OneOf(rapid.Uint64Range(0, 9), rapid.Uint64()).Draw(t, "value"),
		}
	}), 0, 3)
	var book surface.Book
	if err := book.Reset(5); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		flows, volume := len(book.Flows()), book.Volume()
		mode := surface.Mode(rapid.IntRange(0, 3).Draw(t, "mode"))
		err := book.Add(1, side.Draw(t, "sells"), side.Draw(t, "buys"), mode, rapid.Uint64Range(0, 9).Draw(t, "smallest"))
		if err != nil && (len(book.Flows()) != flows || book.Volume() != volume) {
			t.Fatalf("refused with %v, but entered", err)
		}
	}
	sum := book.Dropped()
	for _, f := range book.Flows() {
		sum += f.Value
	}
	if sum != book.Volume() {
		t.Fatalf("flows and dropped are %d, volume %d", sum, book.Volume())
	}
}
