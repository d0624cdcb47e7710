package asset_test

import (
	"errors"
	"math/big"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// TestExtremes holds the conversions to the limits that spec 00 §0.0 promises: no overflow, and no digit lost but the
// last.
func TestExtremes(t *testing.T) {
	t.Parallel()
	prices := enginetest.Ws(t,
		"1000000000000000000", "999999999999999999.999999999999999999", "1", "0.000000000000000001")
	amounts := []asset.Amount{fixed.MaxNat(), fixed.NatOf(1), fixed.NatOf(1e18 - 1), {}}
	for exponent := range uint8(asset.MaxExponent + 1) {
		power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(exponent)), nil)
		for _, price := range prices {
			for _, amount := range amounts {
				var c fixed.Calc
				exact := new(big.Int).Mul(amount.Big(), price.Big())
				floor, rest := new(big.Int).DivMod(exact, power, new(big.Int))
				ceiling := new(big.Int).Add(floor, big.NewInt(int64(rest.Sign())))
				down, up := asset.ValueDown(&c, amount, price, exponent), asset.ValueUp(&c, amount, price, exponent)
				if c.Err() != nil || down.Big().Cmp(floor) != 0 || up.Big().Cmp(ceiling) != 0 {
					t.Fatalf("%v at %v, exponent %d: %v..%v (%v), want %v..%v",
						amount, price, exponent, down.Big(), up.Big(), c.Err(), floor, ceiling)
				}
				if back := asset.UnitsUp(&c, up, price, exponent); c.Err() == nil && back.Less(amount) {
					t.Fatalf("%v at %v, exponent %d: came back as %v", amount, price, exponent, back)
				}
			}
		}
	}
}

// TestValueOfOneDisplayUnit is the reason for prices per display unit: an 18-decimal token at 2,000 USD keeps every
// digit of its price.
func TestValueOfOneDisplayUnit(t *testing.T) {
	t.Parallel()
	price := enginetest.W(t, "2000.123456789012345678")
	for exponent := range uint8(asset.MaxExponent + 1) {
		var c fixed.Calc
		one := c.Nat(asset.Scale(exponent))
		if got := asset.ValueDown(&c, one, price, exponent); got != price || c.Err() != nil {
			t.Errorf("one display unit of 10^%d is worth %v (%v), want %v", exponent, got, c.Err(), price)
		}
	}
	if asset.Scale(36).Text() != "1000000000000000000.000000000000000000" || !asset.Scale(37).IsZero() {
		t.Errorf("scales %v and %v", asset.Scale(36), asset.Scale(37))
	}
}

func TestConversionErrors(t *testing.T) {
	t.Parallel()
	one, most := fixed.One(), fixed.MaxNat()
	usdc, weth := asset.Asset{ID: "usdc", Exponent: 6}, asset.Asset{ID: "weth", Exponent: 18}
	up, bad := asset.Pair{Sell: usdc, Buy: weth}, asset.Pair{Sell: usdc, Buy: asset.Asset{ID: "bad", Exponent: 255}}
	least := fixed.FromRaw(1)
	for _, test := range []struct {
		name string
		run  func(c *fixed.Calc)
		want error
	}{
		{"units at no price", func(c *fixed.Calc) { asset.UnitsDown(c, one, fixed.Wad{}, 6) }, fixed.ErrDivideByZero},
		{"units up at no price", func(c *fixed.Calc) { asset.UnitsUp(c, one, fixed.Wad{}, 6) }, fixed.ErrDivideByZero},
		{"units at a negative price", func(c *fixed.Calc) { asset.UnitsDown(c, one, one.Neg(), 6) }, fixed.ErrNegative},
		{"too many units", func(c *fixed.Calc) { asset.UnitsDown(c, fixed.Max(), least, 18) }, fixed.ErrOverflow},
		{"value at an exponent of no asset", func(c *fixed.Calc) { asset.ValueDown(c, most, one, 37) }, asset.ErrAsset},
		{"value up at an exponent of no asset", func(c *fixed.Calc) { asset.ValueUp(c, most, one, 255) }, asset.ErrAsset},
		{"units at an exponent of no asset", func(c *fixed.Calc) { asset.UnitsDown(c, one, one, 99) }, asset.ErrAsset},
		{"pair of no asset", func(c *fixed.Calc) { bad.QuoteUp(c, most, one) }, asset.ErrAsset},
		{"quote too large", func(c *fixed.Calc) { up.QuoteDown(c, most, one) }, fixed.ErrOverflow},
		{"cover at no price", func(c *fixed.Calc) { up.CoverDown(c, most, fixed.Wad{}) }, fixed.ErrDivideByZero},
		{"pair price of nothing", func(c *fixed.Calc) { asset.PriceDown(c, one, fixed.Wad{}) }, fixed.ErrDivideByZero},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c fixed.Calc
			test.run(&c)
			if !errors.Is(c.Err(), test.want) {
				t.Errorf("error %v, want %v", c.Err(), test.want)
			}
		})
	}
}

// TestPairQuotes are sums that one can do in the head.
func TestPairQuotes(t *testing.T) {
	t.Parallel()
	usdc, weth := asset.Asset{ID: "usdc", Exponent: 6}, asset.Asset{ID: "weth", Exponent: 18}
	var c fixed.Calc
	price := asset.PriceDown(&c, enginetest.W(t, "2000"), fixed.One()) // USDC per WETH
	back := asset.PriceDown(&c, fixed.One(), enginetest.W(t, "2000"))
	sell, buy := asset.Pair{Sell: weth, Buy: usdc}, asset.Pair{Sell: usdc, Buy: weth}
	for _, test := range []struct {
		name      string
		got, want string
	}{
		{"one and a half WETH", sell.QuoteDown(&c, enginetest.N(t, "1500000000000000000"), price).String(), "3000000000"},
		{"dust of WETH brings nothing", sell.QuoteDown(&c, fixed.NatOf(499_999_999), price).String(), "0"},
		{"dust of WETH costs a unit", sell.QuoteUp(&c, fixed.NatOf(1), price).String(), "1"},
		{"one unit of USDC", buy.QuoteDown(&c, fixed.NatOf(1), back).String(), "500000000"},
		{"a unit of USDC covers", sell.CoverDown(&c, fixed.NatOf(1), price).String(), "500000000"},
	} {
		if test.got != test.want {
			t.Errorf("%s: %s, want %s", test.name, test.got, test.want)
		}
	}
	if c.Err() != nil {
		t.Error(c.Err())
	}
}

// TestUnitsPerBaseUnit holds the conversion to another system's, which keeps base units of an asset per base unit of
// the money as a fraction of 2^112. That fraction is rounded before it is used, so that one USDC brings 2499 units of
// an asset at 40,000 USD with 8 decimals; a pair price rounds once and brings 2500.
func TestUnitsPerBaseUnit(t *testing.T) {
	t.Parallel()
	units := []string{"2500", "500000000000000000"}
	for i, peer := range enginetest.Peers(t, "oracle assetPerBaseInUQ") {
		var in struct {
			BaseAnswer         string `json:"base_answer"`
			BaseAnswerDecimals uint8  `json:"base_answer_decimals"`
			BaseDecimals       uint8  `json:"base_decimals"`
			AssetAnswer        string `json:"asset_answer"`
			AnswerDecimals     uint8  `json:"answer_decimals"`
			AssetDecimals      uint8  `json:"asset_decimals"`
		}
		var theirs struct {
			Fraction string `json:"assetPerBaseInUQ"`
		}
		enginetest.Decode(t, peer.Inputs, &in)
		enginetest.Decode(t, peer.Expected, &theirs)
		var c fixed.Calc
		usd := func(answer string, decimals uint8) fixed.Wad {
			return asset.ValueDown(&c, enginetest.N(t, answer), fixed.One(), decimals)
		}
		price := asset.PriceDown(&c, usd(in.BaseAnswer, in.BaseAnswerDecimals), usd(in.AssetAnswer, in.AnswerDecimals))
		pair := asset.Pair{Sell: asset.Asset{Exponent: in.BaseDecimals}, Buy: asset.Asset{Exponent: in.AssetDecimals}}
		one := c.Nat(asset.Scale(in.BaseDecimals))
		got := pair.QuoteDown(&c, one, price)
		if got.String() != units[i] || c.Err() != nil {
			t.Errorf("%s: %v units (%v), want %s", peer.ID, got, c.Err(), units[i])
		}
		fraction, _ := new(big.Int).SetString(theirs.Fraction, 10)
		lower := new(big.Int).Rsh(new(big.Int).Mul(fraction, one.Big()), 112)
		if short := new(big.Int).Sub(got.Big(), lower); short.Sign() < 0 || short.Cmp(big.NewInt(1)) > 0 {
			t.Errorf("%s: %v units, their fraction gives %v", peer.ID, got, lower)
		}
	}
}
