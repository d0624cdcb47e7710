package asset_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func TestNewUniverse(t *testing.T) {
	t.Parallel()
	many := make([]asset.Asset, asset.MaxAssets+1)
	for i := range many {
		many[i].ID = asset.ID(fmt.Sprintf("denom%04d", i))
	}
	for _, test := range []struct {
		name   string
		assets []asset.Asset
		want   error
	}{
		{"none", nil, nil},
		{"unsorted", []asset.Asset{{"uosmo", 6}, {"uatom", 6}}, nil},
		{"as many as possible", many[1:], nil},
		{"one too many", many, asset.ErrAsset},
		{"no denom", []asset.Asset{{"uatom", 6}, {"", 6}}, asset.ErrAsset},
		{"longest denom", []asset.Asset{{asset.ID(strings.Repeat("d", asset.MaxDenomLength)), 6}}, nil},
		{"denom too long", []asset.Asset{{asset.ID(strings.Repeat("d", asset.MaxDenomLength+1)), 6}}, asset.ErrAsset},
		{"largest exponent", []asset.Asset{{"aevmos", asset.MaxExponent}}, nil},
		{"exponent too large", []asset.Asset{{"aevmos", asset.MaxExponent + 1}}, asset.ErrAsset},
		{"listed twice", []asset.Asset{{"uatom", 6}, {"uosmo", 6}, {"uatom", 8}}, asset.ErrAsset},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			u, err := asset.NewUniverse(test.assets)
			if !errors.Is(err, test.want) {
				t.Fatalf("error %v, want %v", err, test.want)
			}
			if err != nil {
				return
			}
			if u.Len() != len(test.assets) {
				t.Fatalf("%d assets, want %d", u.Len(), len(test.assets))
			}
			for _, a := range test.assets {
				i, err := u.Find(a.ID)
				if err != nil || u.At(i) != a {
					t.Errorf("%v is at %d: %v (%v)", a, i, u.At(i), err)
				}
			}
		})
	}
}

// TestListed: the order is that of the list, and a prefix has the same indices.
func TestListed(t *testing.T) {
	t.Parallel()
	list := []asset.Asset{{"uosmo", 6}, {"uatom", 6}, {"aevmos", 18}}
	u, err := asset.Listed(list)
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(list) + 1 {
		p := u.Prefix(n)
		if p.Len() != n {
			t.Fatalf("got a prefix of %d, want %d", p.Len(), n)
		}
		for i, a := range list {
			at, err := p.Find(a.ID)
			if i < n && (err != nil || at != asset.Index(i) || p.At(at) != a) {
				t.Errorf("%d of %d: got %d, %v", i, n, at, err)
			}
			if i >= n && !errors.Is(err, asset.ErrUnknown) {
				t.Errorf("%d of %d: got %d, %v", i, n, at, err)
			}
		}
	}
	if _, err := asset.Listed([]asset.Asset{{"b", 0}, {"a", 0}, {"b", 1}}); !errors.Is(err, asset.ErrAsset) {
		t.Errorf("twice: got %v", err)
	}
}

func TestUniverseIsItsOwn(t *testing.T) {
	t.Parallel()
	assets := []asset.Asset{{"uosmo", 6}, {"uatom", 6}}
	u, err := asset.NewUniverse(assets)
	if err != nil {
		t.Fatal(err)
	}
	if assets[0].ID != "uosmo" {
		t.Error("the caller's list was sorted")
	}
	assets[0].ID = "changed"
	if u.At(0).ID != "uatom" || u.At(1).ID != "uosmo" {
		t.Errorf("universe %v, %v", u.At(0), u.At(1))
	}
	if _, err := u.Find("untrn"); !errors.Is(err, asset.ErrUnknown) {
		t.Errorf("error %v, want %v", err, asset.ErrUnknown)
	}
}

func TestBasketValidate(t *testing.T) {
	t.Parallel()
	u, err := asset.NewUniverse([]asset.Asset{{"a", 6}, {"b", 6}, {"c", 6}})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		basket asset.Basket
		want   error
	}{
		{"empty", nil, nil},
		{"one", asset.Basket{{Asset: 2}}, nil},
		{"sorted", asset.Basket{{Asset: 0}, {Asset: 2}}, nil},
		{"unsorted", asset.Basket{{Asset: 2}, {Asset: 0}}, asset.ErrBasket},
		{"twice", asset.Basket{{Asset: 1}, {Asset: 1}}, asset.ErrBasket},
		{"outside of the universe", asset.Basket{{Asset: 0}, {Asset: 3}}, asset.ErrBasket},
	} {
		if err := test.basket.Validate(u); !errors.Is(err, test.want) {
			t.Errorf("%s: error %v, want %v", test.name, err, test.want)
		}
	}
}

func TestAmountOf(t *testing.T) {
	t.Parallel()
	b := asset.Basket{{Asset: 1, Amount: fixed.NatOf(10)}, {Asset: 3, Amount: fixed.NatOf(30)}}
	for i, want := range []uint64{0, 10, 0, 30, 0} {
		if got := b.AmountOf(asset.Index(i)); got != fixed.NatOf(want) {
			t.Errorf("asset %d: %v, want %d", i, got, want)
		}
	}
}
