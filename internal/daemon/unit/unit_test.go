package unit_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"cosmossdk.io/math"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

// assets are four, one of them disabled.
func assets() unit.Assets {
	return unit.Assets{
		{Denom: "uusdc", Display: "USDC", Exponent: 6, Status: oracletypes.AssetActive},
		{Denom: "ibc/A1B2", Display: "ATOM", Exponent: 6, Status: oracletypes.AssetWindDown},
		{Denom: "aeth", Display: "ETH", Exponent: 18, Status: oracletypes.AssetActive},
		{Denom: "uold", Display: "ATOM", Exponent: 6, Status: oracletypes.AssetDisabled},
	}
}

func TestCoins(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, want, exact string
		err               error
	}{
		{"100USDC", "100000000uusdc", "100 USDC = 100000000uusdc", nil},
		{"1_000.5 USDC", "1000500000uusdc", "1,000.5 USDC = 1000500000uusdc", nil},
		{"0.000001USDC", "1uusdc", "0.000001 USDC = 1uusdc", nil},
		{"0.50USDC", "500000uusdc", "0.5 USDC = 500000uusdc", nil},
		{"7uusdc", "7uusdc", "0.000007 USDC = 7uusdc", nil},
		{"2ATOM", "2000000ibc/A1B2", "2 ATOM = 2000000ibc/A1B2", nil},
		{"2ibc/A1B2", "2ibc/A1B2", "0.000002 ATOM = 2ibc/A1B2", nil},
		{"5uold", "5uold", "0.000005 ATOM = 5uold", nil},
		{"3BLST", "3000000ublst", "3 BLST = 3000000ublst", nil},
		{"1ETH,2USDC", "1000000000000000000aeth,2000000uusdc", "", nil},
		{"", "", "", nil},
		{"0.0000001USDC", "", "", unit.ErrAmount},
		{"0.5uusdc", "", "", unit.ErrAmount},
		{"0USDC", "", "", unit.ErrAmount},
		{"-1USDC", "", "", unit.ErrAmount},
		{"1USDC,2uusdc", "", "", unit.ErrAmount},
		{"USDC", "", "", unit.ErrAmount},
		{"1,000USDC", "", "", unit.ErrAmount},
		{"1e80USDC", "", "", unit.ErrAsset},
		{"1usdc", "", "", unit.ErrAsset},
		{"1DOGE", "", "", unit.ErrAsset},
		{"99999999999999999999999999999999999999999999999999999999999999999999999999999USDC", "", "", unit.ErrAmount},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			got, err := assets().Coins(test.text)
			if got.String() != test.want || !errors.Is(err, test.err) {
				t.Fatalf("got %v, %v, want %s, %v", got, err, test.want, test.err)
			}
			if len(got) == 1 {
				if exact := assets().Exact(got[0]); exact != test.exact {
					t.Errorf("got %q, want %q", exact, test.exact)
				}
			}
		})
	}
}

// TestDisplayIsRead reads what is written, exactly.
func TestDisplayIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := assets()
		a := list[rapid.IntRange(0, 2).Draw(t, "asset")]
		units := math.NewIntFromUint64(rapid.Uint64Min(1).Draw(t, "units")).MulRaw(rapid.Int64Min(1).Draw(t, "times"))
		var plain []rune
		for _, r := range list.Text(a.Denom, units) {
			if r == ',' {
				r = '_'
			}
			plain = append(plain, r)
		}
		coin, err := list.Coin(string(plain))
		if err != nil || coin.Denom != a.Denom || !coin.Amount.Equal(units) {
			t.Fatalf("%s: got %v, %v, want %v", string(plain), coin, err, units)
		}
	})
}

func TestNamed(t *testing.T) {
	t.Parallel()
	u, err := assets().Named([]string{"ETH", "ibc/A1B2"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		id asset.ID
		at asset.Index
	}{{"ETH", 2}, {"ibc/A1B2", 1}} {
		if at, err := u.Find(want.id); err != nil || at != want.at {
			t.Errorf("%s: got %d, %v, want %d", want.id, at, err, want.at)
		}
	}
	for _, names := range [][]string{{"DOGE"}, {"BLST"}, {"uold"}, {"ETH", "aeth"}, {"eth"}} {
		if _, err := assets().Named(names); !errors.Is(err, unit.ErrAsset) {
			t.Errorf("%q: got %v", names, err)
		}
	}
	// A name that means two things means nothing.
	list := append(assets(), oracletypes.Asset{
		Denom: "ETH", Display: "WETH", Exponent: 6, Status: oracletypes.AssetActive,
	})
	if _, err := list.Find("ETH"); !errors.Is(err, unit.ErrAsset) {
		t.Errorf("got %v", err)
	}
}
