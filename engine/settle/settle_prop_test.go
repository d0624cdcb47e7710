package settle_test

import (
	"errors"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/settle"
)

// drawAmount draws an amount of any length up to bits.
func drawAmount(t *rapid.T, bits uint, label string) asset.Amount {
	n := new(big.Int).SetUint64(rapid.Uint64().Draw(t, label+" high"))
	n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(rapid.Uint64().Draw(t, label+" low")))
	n.Rsh(n, 128-rapid.UintRange(0, bits).Draw(t, label+" bits"))
	z, err := fixed.NatFromBig(n)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func add(t *rapid.T, n, m asset.Amount) asset.Amount {
	t.Helper()
	var c fixed.Calc
	sum := c.AddNat(n, m)
	if c.Err() != nil {
		t.Fatal(c.Err())
	}
	return sum
}

// drawSale draws orders and what became of them.
func drawSale(t *rapid.T) (settle.Sale, []asset.Amount) {
	bits := rapid.UintRange(1, 124).Draw(t, "size")
	weights := make([]asset.Amount, rapid.IntRange(1, 12).Draw(t, "orders"))
	var s settle.Sale
	for k := range weights {
		weights[k] = drawAmount(t, bits, "weight")
		if k > 0 && rapid.Bool().Draw(t, "like the one before") {
			weights[k] = weights[k-1]
		}
		s.Total = add(t, s.Total, weights[k])
	}
	s.Sold = drawAmount(t, 128, "sold").Min(s.Total)
	if !s.Total.IsZero() {
		s.Proceeds = drawAmount(t, 128, "proceeds")
	}
	return s, weights
}

// TestClaims: every unit is somewhere, nobody sells beyond his order, equals are equal within a unit, and a claim made
// alone is the claim made in a row.
func TestClaims(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, weights := drawSale(t)
		claims, err := s.Claims(nil, weights)
		if err != nil {
			t.Fatal(err)
		}
		var offset, sold, proceeds asset.Amount
		for k, c := range claims {
			if add(t, c.Sold, c.Refund) != weights[k] {
				t.Fatalf("order %d of %v: %+v", k, weights[k], c)
			}
			if lazy, err := s.Claim(offset, weights[k]); err != nil || lazy != c {
				t.Fatalf("order %d: alone %+v, in a row %+v, error %v", k, lazy, c, err)
			}
			if k > 0 && weights[k] == weights[k-1] {
				if d := claims[k-1]; apart(d.Sold, c.Sold) || apart(d.Proceeds, c.Proceeds) {
					t.Fatalf("orders of %v get %+v and %+v", weights[k], d, c)
				}
			}
			if !quota(c.Sold, weights[k], s.Sold, s.Total) || !quota(c.Proceeds, weights[k], s.Proceeds, s.Total) {
				t.Fatalf("order %d of %v in %+v: %+v is off its quota", k, weights[k], s, c)
			}
			offset, sold, proceeds = add(t, offset, weights[k]), add(t, sold, c.Sold), add(t, proceeds, c.Proceeds)
		}
		if sold != s.Sold || proceeds != s.Proceeds {
			t.Fatalf("sold %v of %v, paid %v of %v", sold, s.Sold, proceeds, s.Proceeds)
		}
	})
}

// apart reports a difference of more than one unit.
func apart(n, m asset.Amount) bool { return fixed.NatOf(1).Less(n.Max(m).Monus(n.Min(m))) }

// quota reports whether a part is the floor or the ceiling of weight*whole/sum, in arbitrary integers.
func quota(part, weight, whole, sum asset.Amount) bool {
	if sum.IsZero() {
		return part.IsZero()
	}
	exact := new(big.Int).Mul(weight.Big(), whole.Big())
	scaled := new(big.Int).Mul(part.Big(), sum.Big())
	return new(big.Int).Abs(exact.Sub(exact, scaled)).Cmp(sum.Big()) < 0
}

// TestClaimsTwin compares with the formula of spec 05 §5.4 in arbitrary integers.
func TestClaimsTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, weights := drawSale(t)
		claims, err := s.Claims(nil, weights)
		if err != nil {
			t.Fatal(err)
		}
		before := new(big.Int)
		for k, c := range claims {
			after := new(big.Int).Add(before, weights[k].Big())
			for _, side := range []struct{ got, whole asset.Amount }{{c.Sold, s.Sold}, {c.Proceeds, s.Proceeds}} {
				want := floors(after, side.whole, s.Total)
				if want.Sub(want, floors(before, side.whole, s.Total)); want.Cmp(side.got.Big()) != 0 {
					t.Fatalf("order %d: %v, want %v", k, side.got, want)
				}
			}
			before = after
		}
	})
}

func floors(at *big.Int, whole, sum asset.Amount) *big.Int {
	z := new(big.Int)
	if !sum.IsZero() {
		z.Mul(at, whole.Big()).Div(z, sum.Big())
	}
	return z
}

type movement struct {
	account settle.Account
	asset   asset.Index
	delta   fixed.Wad
}

// some assets, whose indices differ in both bytes.
var some = []asset.Index{0, 3, 259, asset.MaxAssets - 1}

func drawMovements(t *rapid.T) []movement {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) movement {
		delta := drawAmount(t, 120, "delta").Raw()
		if rapid.Bool().Draw(t, "debit") {
			delta = delta.Neg()
		}
		kind := settle.Kind(rapid.IntRange(1, 5).Draw(t, "kind"))
		id := rapid.Uint64Range(0, 2).Draw(t, "low") + rapid.Uint64Range(0, 2).Draw(t, "high")<<rapid.SampledFrom(
			[]int{8, 16, 24, 32, 40, 48, 56, 62}).Draw(t, "shift")
		i := rapid.SampledFrom(some).Draw(t, "asset")
		return movement{settle.Account{Kind: kind, ID: id}, i, delta}
	}), 0, 20).Draw(t, "movements")
}

// balance adds what is missing to a sum of zero per asset on the outside.
func balance(moves []movement) []movement {
	var c fixed.Calc
	for _, i := range some {
		var excess fixed.Wad
		for _, m := range moves {
			if m.asset == i {
				excess = c.Add(excess, m.delta)
			}
		}
		moves = append(moves, movement{settle.Account{Kind: settle.Outside}, i, excess.Neg()})
	}
	return moves
}

func enter(b *settle.Book, moves []movement) ([]settle.Transfer, error) {
	b.Reset()
	for _, m := range moves {
		b.Add(m.account, m.asset, m.delta)
	}
	return b.Close()
}

// TestBookProperties: transfers are the sums of a map, sorted, whatever the order; one unit more and nothing moves.
func TestBookProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		moves := balance(drawMovements(t))
		var b, other settle.Book
		got, err := enter(&b, moves)
		if err != nil {
			t.Fatal(err)
		}
		type key struct {
			account settle.Account
			asset   asset.Index
		}
		var c fixed.Calc
		nets := map[key]fixed.Wad{}
		for _, m := range moves {
			k := key{m.account, m.asset}
			nets[k] = c.Add(nets[k], m.delta)
		}
		for k, tr := range got {
			id := key{tr.Account, tr.Asset}
			if nets[id] != tr.Delta || tr.Delta.IsZero() || k > 0 && !before(got[k-1], tr) {
				t.Fatalf("transfer %+v after %v, net %v", tr, got[:k], nets[id])
			}
			delete(nets, id)
		}
		for id, net := range nets {
			if !net.IsZero() {
				t.Fatalf("%+v lacks %v", id, net)
			}
		}
		again, err := enter(&other, rapid.Permutation(moves).Draw(t, "order"))
		if err != nil || !slices.Equal(got, again) {
			t.Fatalf("in another order: %v, error %v", again, err)
		}
		moves = append(moves, movement{settle.Account{Kind: settle.Lot}, 3, fixed.FromRaw(1)})
		if got, err := enter(&other, moves); !errors.Is(err, settle.ErrUnbalanced) || got != nil {
			t.Fatalf("unbalanced: %v, error %v", got, err)
		}
	})
}

// before reports the order of transfers.
func before(x, y settle.Transfer) bool {
	switch a, b := x.Account, y.Account; {
	case a.Kind != b.Kind:
		return a.Kind < b.Kind
	case a.ID != b.ID:
		return a.ID < b.ID
	}
	return x.Asset < y.Asset
}

// FuzzBook closes anything: either everything adds up or nothing moves.
func FuzzBook(f *testing.F) { f.Fuzz(rapid.MakeFuzz(anyBook)) }

func TestAnyBook(t *testing.T) {
	t.Parallel()
	rapid.Check(t, anyBook)
}

func anyBook(t *rapid.T) {
	var b settle.Book
	transfers, err := enter(&b, drawMovements(t))
	if err != nil {
		if transfers != nil {
			t.Fatalf("error %v with transfers %v", err, transfers)
		}
		return
	}
	var c fixed.Calc
	var sums [asset.MaxAssets]fixed.Wad
	for _, tr := range transfers {
		sums[tr.Asset] = c.Add(sums[tr.Asset], tr.Delta)
	}
	if sums != [asset.MaxAssets]fixed.Wad{} {
		t.Fatalf("transfers add up to %v", sums)
	}
}
