package compile_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/internal/daemon/compile"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
	"github.com/ballast-finance/ballast/policy"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

// templateAssets are those of all templates.
var templateAssets = unit.Assets{
	{Denom: "uusdc", Display: "USDC", Exponent: 6, Status: oracletypes.AssetActive},
	{Denom: "ubtc", Display: "BTC", Exponent: 8, Status: oracletypes.AssetActive},
	{Denom: "aeth", Display: "ETH", Exponent: 18, Status: oracletypes.AssetActive},
	{Denom: "uatom", Display: "ATOM", Exponent: 6, Status: oracletypes.AssetActive},
	{Denom: "ugov", Display: "GOV", Exponent: 6, Status: oracletypes.AssetActive},
	{Denom: "uold", Display: "OLD", Exponent: 6, Status: oracletypes.AssetDisabled},
}

// TestChainCompilesTheSame: what the chain makes of the message is what the backtester makes of the file, whatever the
// order is in which the chain's assets were registered.
func TestChainCompilesTheSame(t *testing.T) {
	t.Parallel()
	for _, name := range policy.Templates() {
		text, err := policy.Template(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				list := unit.Assets(rapid.Permutation([]oracletypes.Asset(templateAssets)).Draw(t, "assets"))
				checkSame(t, text, list)
			})
		})
	}
}

func checkSame(t *rapid.T, text []byte, list unit.Assets) {
	f, err := policy.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	called := make([]asset.Asset, len(list))
	for i := range list {
		called[i] = asset.Asset{ID: asset.ID(list[i].Display), Exponent: uint8(list[i].Exponent)}
	}
	displays, err := asset.Listed(called)
	if err != nil {
		t.Fatal(err)
	}
	want, err := f.Compile(displays)
	if err != nil {
		t.Fatal(err)
	}
	c, err := compile.Text(text, list)
	if err != nil {
		t.Fatal(err)
	}
	denoms, err := list.Denoms()
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Policy.Engine(denoms)
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Payments {
		p, err := c.Payments[i].Engine(denoms)
		if err != nil {
			t.Fatal(err)
		}
		got.Payments = append(got.Payments, p)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	const head = "version: 1\nname: x\nspeed: {interval: 1d, close: 90%, within: 10}\nassets:\n"
	for _, assets := range []string{
		"  - {asset: DOGE, exponent: 8, weight: 100%}\n",
		"  - {asset: BTC, exponent: 6, weight: 100%}\n",
		"  - {asset: OLD, exponent: 6, weight: 100%}\n",
		"  - {asset: BTC, exponent: 8, weight: 90%}\n",
		"  - {asset: BTC, exponent: 8, weight: 50%}\n  - {asset: ubtc, exponent: 8, weight: 50%}\n",
	} {
		if _, err := compile.Text([]byte(head+assets), templateAssets); err == nil {
			t.Errorf("expected an error of\n%s", assets)
		}
	}
	denom := []byte(head + "  - {asset: ubtc, exponent: 8, weight: 100%}\n")
	if _, err := compile.Text(denom, templateAssets); err != nil {
		t.Errorf("denoms are names too: %v", err)
	}
}
