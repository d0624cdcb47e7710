package netting_test

import (
	"errors"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/netting"
)

func universe(tb rapid.TB, exponents ...uint8) asset.Universe {
	tb.Helper()
	list := make([]asset.Asset, len(exponents))
	for k, e := range exponents {
		list[k] = asset.Asset{ID: asset.ID(rune('A' + k)), Exponent: e}
	}
	u, err := asset.NewUniverse(list)
	if err != nil {
		tb.Fatal(err)
	}
	return u
}

func nat(tb rapid.TB, n asset.Amount) uint64 {
	tb.Helper()
	v, ok := n.Uint64()
	if !ok {
		tb.Fatalf("%v is not a word", n)
	}
	return v
}

func TestUnits(t *testing.T) {
	t.Parallel()
	v := load(t).Units
	cross := []netting.Cycle{{Nodes: []asset.Index{0, 1}, Value: v.MatchValue}}
	var ws netting.Workspace
	fills, err := netting.Settle(&ws, cross, enginetest.Ws(t, v.PA, v.PB), universe(t, 6, 6), nil)
	if err != nil || len(fills) != 2 {
		t.Fatalf("fills %v, error %v", fills, err)
	}
	a, b := fixed.NatOf(v.UnitsA), fixed.NatOf(v.UnitsB)
	want := []netting.Fill{{0, 1, a, b, v.MatchValue}, {1, 0, b, a, v.MatchValue}}
	if !slices.Equal(fills, want) {
		t.Fatalf("fills %v, want %v", fills, want)
	}
	for _, test := range []struct {
		name    string
		sellers []uint64
		units   asset.Amount
		want    []uint64
	}{
		{"debit A", v.SellersA, fills[0].Sold, v.DebitA},
		{"credit B", v.SellersA, fills[0].Bought, v.CreditB},
		{"debit B", v.SellersB, fills[1].Sold, v.DebitB},
		{"credit A", v.SellersB, fills[1].Bought, v.CreditA},
	} {
		var c fixed.Calc
		var offset uint64
		var got []uint64
		total := fixed.NatOf(sum(test.sellers))
		for _, w := range test.sellers {
			got = append(got, nat(t, c.PrefixShare(fixed.NatOf(offset), fixed.NatOf(w), total, test.units)))
			offset += w
		}
		if !slices.Equal(got, test.want) || c.Err() != nil {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestCaps(t *testing.T) {
	t.Parallel()
	// At 2 USD a unit of A, with 6 exponents, a micro-unit is half a base unit.
	prices, u := enginetest.Ws(t, "2", "1", "1"), universe(t, 6, 6, 6)
	rings := []netting.Cycle{
		{Nodes: []asset.Index{0, 1}, Value: 1001},
		{Nodes: []asset.Index{0, 1, 2}, Value: 1000},
	}
	caps := make([]asset.Amount, 9)
	for k := range caps {
		caps[k] = fixed.MaxNat()
	}
	caps[0*3+1] = fixed.NatOf(700) // of A for B: 500 go into the pair, 200 are left for the ring, worth 400 or 401
	var ws netting.Workspace
	fills, err := netting.Settle(&ws, rings, prices, u, caps)
	want := []netting.Fill{
		{0, 1, fixed.NatOf(700), fixed.NatOf(1001 + 401), 1001 + 401},
		{1, 0, fixed.NatOf(1001), fixed.NatOf(500), 1001},
		{1, 2, fixed.NatOf(401), fixed.NatOf(401), 401},
		{2, 0, fixed.NatOf(401), fixed.NatOf(200), 401},
	}
	if err != nil || !slices.Equal(fills, want) {
		t.Errorf("fills %v, error %v; want %v", fills, err, want)
	}
	caps[0*3+1] = asset.Amount{}
	if fills, err := netting.Settle(&ws, rings, prices, u, caps); err != nil || len(fills) != 0 {
		t.Errorf("without A to sell: fills %v, error %v", fills, err)
	}
}

// TestNothingForSomething: one unit of A is worth more than the ring, so that nobody gives B for nothing.
func TestNothingForSomething(t *testing.T) {
	t.Parallel()
	var ws netting.Workspace
	ring := []netting.Cycle{{Nodes: []asset.Index{0, 1}, Value: 999_999}}
	fills, err := netting.Settle(&ws, ring, enginetest.Ws(t, "1", "1"), universe(t, 0, 18), nil)
	if err != nil || len(fills) != 0 {
		t.Errorf("fills %v, error %v", fills, err)
	}
}

func TestSettleErrors(t *testing.T) {
	t.Parallel()
	u := universe(t, 6, 6)
	good := netting.Cycle{Nodes: []asset.Index{0, 1}, Value: 5}
	tests := []struct {
		name   string
		ring   netting.Cycle
		prices []fixed.Wad
		caps   []asset.Amount
		want   error
	}{
		{"prices", good, enginetest.Ws(t, "1"), nil, netting.ErrFlows},
		{"caps", good, enginetest.Ws(t, "1", "1"), make([]asset.Amount, 3), netting.ErrFlows},
		{"no price", good, enginetest.Ws(t, "1", "0"), nil, netting.ErrPrice},
		{"short ring", netting.Cycle{Nodes: []asset.Index{0}}, enginetest.Ws(t, "1", "1"), nil, netting.ErrRing},
		{"unknown asset", netting.Cycle{Nodes: []asset.Index{0, 2}}, enginetest.Ws(t, "1", "1"), nil, netting.ErrRing},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var ws netting.Workspace
			_, err := netting.Settle(&ws, []netting.Cycle{test.ring}, test.prices, u, test.caps)
			if !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
	var ws netting.Workspace
	dear := []netting.Cycle{{Nodes: []asset.Index{0, 1}, Value: 1 << 63}}
	prices := []fixed.Wad{fixed.FromRaw(1), fixed.One()}
	if _, err := netting.Settle(&ws, dear, prices, universe(t, 18, 18), nil); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("more than 2^128 units: %v", err)
	}
}

// TestSettleProperties: units conserve per asset, caps hold, nobody gives more value than he is due.
func TestSettleProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := drawNetwork(t, 6, 1<<50)
		exponents := rapid.SliceOfN(rapid.Uint8Range(0, 18), w.n, w.n).Draw(t, "exponents")
		prices := make([]fixed.Wad, w.n)
		for k := range prices {
			prices[k] = fixed.FromRaw(rapid.Int64Range(1e9, 1e18).Draw(t, "price"))
		}
		var caps []asset.Amount
		if rapid.Bool().Draw(t, "capped") {
			for range w.n * w.n {
				caps = append(caps, fixed.NatOf(rapid.Uint64().Draw(t, "cap")>>rapid.IntRange(0, 60).Draw(t, "shift")))
			}
		}
		var ws netting.Workspace
		left := slices.Clone(w.flows)
		cycles, err := netting.Cross(&ws, w.n, left, w.blocked, nil)
		if err != nil {
			t.Fatal(err)
		}
		u := universe(t, exponents...)
		fills, err := netting.Settle(&ws, cycles, prices, u, caps)
		if err != nil {
			t.Fatal(err)
		}
		want := slowFills(cycles, prices, u, caps)
		net := make([]big.Int, w.n)
		for _, f := range fills {
			pair := int(f.Sell)*w.n + int(f.Buy)
			if f.Value > w.flows[pair]-left[pair] || caps != nil && caps[pair].Less(f.Sold) {
				t.Fatalf("%+v is above what crossed or above the cap", f)
			}
			net[f.Sell].Add(&net[f.Sell], f.Sold.Big())
			net[f.Buy].Sub(&net[f.Buy], f.Bought.Big())
			if f.Sold.Big().Cmp(&want[pair].sold) != 0 || f.Bought.Big().Cmp(&want[pair].bought) != 0 {
				t.Fatalf("%+v, want sold %v and bought %v", f, &want[pair].sold, &want[pair].bought)
			}
		}
		for k := range net {
			if net[k].Sign() != 0 {
				t.Fatalf("asset %d: %v more units sold than bought", k, &net[k])
			}
		}
	})
}

type slowFill struct{ sold, bought big.Int }

// slowFills tries values downwards by bisection until a ring fits its caps.
func slowFills(cycles []netting.Cycle, prices []fixed.Wad, u asset.Universe, caps []asset.Amount) []slowFill {
	n := u.Len()
	out := make([]slowFill, n*n)
	units := func(x uint64, a asset.Index) *big.Int {
		z := new(big.Int).SetUint64(x)
		z.Mul(z, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(u.At(a).Exponent)+12), nil))
		return z.Div(z, prices[a].Big())
	}
	fits := func(ring netting.Cycle, x uint64) bool {
		for k, a := range ring.Nodes {
			pair := int(a)*n + int(ring.Nodes[(k+1)%len(ring.Nodes)])
			sold := new(big.Int).Add(&out[pair].sold, units(x, a))
			if caps != nil && sold.Cmp(caps[pair].Big()) > 0 {
				return false
			}
		}
		return true
	}
	for _, ring := range cycles {
		lo, hi := uint64(0), ring.Value
		for lo < hi {
			if mid := hi - (hi-lo)/2; fits(ring, mid) {
				lo = mid
			} else {
				hi = mid - 1
			}
		}
		empty := slices.ContainsFunc(ring.Nodes, func(a asset.Index) bool { return units(lo, a).Sign() == 0 })
		for k, a := range ring.Nodes {
			next := ring.Nodes[(k+1)%len(ring.Nodes)]
			if f := &out[int(a)*n+int(next)]; !empty {
				f.sold.Add(&f.sold, units(lo, a))
				f.bought.Add(&f.bought, units(lo, next))
			}
		}
	}
	return out
}
