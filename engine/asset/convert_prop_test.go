package asset_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// drawAmount draws amounts of all lengths.
func drawAmount(t *rapid.T, label string) asset.Amount {
	n := new(big.Int).SetUint64(rapid.Uint64().Draw(t, label))
	n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(rapid.Uint64().Draw(t, label+" low")))
	z, err := fixed.NatFromBig(n.Rsh(n, rapid.UintRange(0, 127).Draw(t, label+" shift")))
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// drawPrice draws prices from 1e-18 to 1e18.
func drawPrice(t *rapid.T) fixed.Wad {
	var c fixed.Calc
	scale := rapid.SampledFrom([]int64{1, 1e9, 1e18}).Draw(t, "scale")
	return c.MulInt(fixed.FromRawUint(rapid.Uint64Range(1, 1e18).Draw(t, "price")), scale)
}

func drawExponent(t *rapid.T, label string) uint8 {
	return rapid.Uint8Max(asset.MaxExponent).Draw(t, label)
}

// TestRoundTrips checks that going to value and back never gains, and loses less than a unit or the value of one.
func TestRoundTrips(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var c fixed.Calc
		q, p, e := drawAmount(t, "amount"), drawPrice(t), drawExponent(t, "exponent")
		down, up := asset.ValueDown(&c, q, p, e), asset.ValueUp(&c, q, p, e)
		if up.Less(down) || fixed.FromRaw(1).Less(c.Sub(up, down)) {
			t.Fatalf("%v is worth %v..%v", q, down, up)
		}
		if back := asset.UnitsDown(&c, down, p, e); q.Less(back) {
			t.Fatalf("%v became %v", q, back)
		}
		if c.Err() != nil {
			t.Fatal(c.Err())
		}
		back := asset.UnitsUp(&c, up, p, e)
		if c.Err() == nil && back.Less(q) {
			t.Fatalf("%v became %v", q, back)
		}
	})
}

func TestUnitsCoverTheValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var c fixed.Calc
		p, e := drawPrice(t), drawExponent(t, "exponent")
		v := asset.ValueDown(&c, drawAmount(t, "worth"), p, e)
		down, up := asset.UnitsDown(&c, v, p, e), asset.UnitsUp(&c, v, p, e)
		if c.Err() != nil {
			return // more than 2^128 units
		}
		if v.Less(asset.ValueDown(&c, down, p, e)) || asset.ValueUp(&c, up, p, e).Less(v) {
			t.Fatalf("%v is bought by %v..%v units at %v", v, down, up, p)
		}
		if !up.Monus(down).Less(fixed.NatOf(2)) {
			t.Fatalf("%v is bought by %v..%v units", v, down, up)
		}
	})
}

// TestCoverIsTheLargest checks the definition of CoverDown with QuoteUp.
func TestCoverIsTheLargest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var c fixed.Calc
		pair := asset.Pair{
			Sell: asset.Asset{ID: "sell", Exponent: drawExponent(t, "sell")},
			Buy:  asset.Asset{ID: "buy", Exponent: drawExponent(t, "buy")},
		}
		price, payment := drawPrice(t), drawAmount(t, "payment")
		taken := pair.CoverDown(&c, payment, price)
		if c.Err() != nil {
			return // more than 2^128 units
		}
		if cost := pair.QuoteUp(&c, taken, price); c.Err() != nil || payment.Less(cost) {
			t.Fatalf("%v units cost %v, more than %v (%v)", taken, cost, payment, c.Err())
		}
		if worth := pair.QuoteDown(&c, taken, price); payment.Less(worth) {
			t.Fatalf("%v units bring %v, more than %v", taken, worth, payment)
		}
		next := c.AddNat(taken, fixed.NatOf(1))
		if cost := pair.QuoteUp(&c, next, price); c.Err() == nil && cost.Cmp(payment) <= 0 {
			t.Fatalf("%v units cost only %v of %v", next, cost, payment)
		}
	})
}

// TestQuotesAgainstFractions compares with the exact product of the amount, the price and both exponents.
func TestQuotesAgainstFractions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var c fixed.Calc
		sell, buy := drawExponent(t, "sell"), drawExponent(t, "buy")
		pair := asset.Pair{Sell: asset.Asset{Exponent: sell}, Buy: asset.Asset{Exponent: buy}}
		q, price := drawAmount(t, "amount"), drawPrice(t)
		exact := new(big.Rat).SetFrac(new(big.Int).Mul(q.Big(), price.Big()), power(fixed.Decimals+sell))
		exact.Mul(exact, new(big.Rat).SetInt(power(buy)))
		down, up := pair.QuoteDown(&c, q, price), pair.QuoteUp(&c, q, price)
		if c.Err() != nil {
			return // more than 2^128 units
		}
		low, high := new(big.Rat).SetInt(down.Big()), new(big.Rat).SetInt(up.Big())
		if low.Cmp(exact) > 0 || high.Cmp(exact) < 0 || !up.Monus(down).Less(fixed.NatOf(2)) {
			t.Fatalf("%v at %v is quoted %v..%v, exactly %v", q, price, down, up, exact)
		}
	})
}

func power(exponent uint8) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(exponent)), nil)
}
