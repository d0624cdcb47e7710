package asset

import "github.com/ballast-finance/ballast/engine/fixed"

// powers holds 10^0 .. 10^36 as raw counts.
var powers = func() [2*MaxExponent + 1]fixed.Wad {
	var c fixed.Calc
	var p [2*MaxExponent + 1]fixed.Wad
	p[0] = fixed.FromRaw(1)
	for i := 1; i < len(p); i++ {
		p[i] = c.MulInt(p[i-1], 10)
	}
	return p
}()

// Scale returns 10^exponent as a raw count, and 0 for an exponent above 36.
func Scale(exponent uint8) fixed.Wad {
	if int(exponent) >= len(powers) {
		return fixed.Wad{}
	}
	return powers[exponent]
}

// scale is 10^exponent for the exponent of an asset, or 10^(18+s-b) for those of a pair. An asset outside of a universe
// may have any exponent, so it is checked.
func scale(c *fixed.Calc, exponent int) fixed.Wad {
	if exponent < 0 || exponent >= len(powers) {
		c.Fail(ErrAsset)
		return powers[0]
	}
	return powers[exponent]
}

// ValueDown is the value of q base units at price p, rounded down: floor(q*p/10^exponent).
func ValueDown(c *fixed.Calc, q Amount, p fixed.Wad, exponent uint8) fixed.Wad {
	if exponent == fixed.Decimals {
		return c.MulDown(q.Raw(), p) // the same, by a division that is known beforehand
	}
	return c.MulDivDown(q.Raw(), p, scale(c, int(exponent)))
}

// ValueUp is the value of q base units at price p, rounded up.
func ValueUp(c *fixed.Calc, q Amount, p fixed.Wad, exponent uint8) fixed.Wad {
	return c.MulDivUp(q.Raw(), p, scale(c, int(exponent)))
}

// UnitsDown is the number of base units that value v buys at price p, rounded down: floor(v*10^exponent/p).
func UnitsDown(c *fixed.Calc, v, p fixed.Wad, exponent uint8) Amount {
	return c.Nat(c.MulDivDown(v, scale(c, int(exponent)), p))
}

// UnitsUp is the smallest number of base units that are worth at least v at price p.
func UnitsUp(c *fixed.Calc, v, p fixed.Wad, exponent uint8) Amount {
	return c.Nat(c.MulDivUp(v, scale(c, int(exponent)), p))
}

// Pair is a directed pair: Sell is given for Buy. A pair price is Buy per Sell, both in display units.
type Pair struct{ Sell, Buy Asset }

// QuoteDown is what q base units of Sell bring at a pair price, in base units of Buy, rounded down.
func (p Pair) QuoteDown(c *fixed.Calc, q Amount, price fixed.Wad) Amount {
	return c.Nat(c.MulDivDown(q.Raw(), price, p.scale(c)))
}

// QuoteUp is what q base units of Sell cost at a pair price, in base units of Buy, rounded up.
func (p Pair) QuoteUp(c *fixed.Calc, q Amount, price fixed.Wad) Amount {
	return c.Nat(c.MulDivUp(q.Raw(), price, p.scale(c)))
}

// CoverDown is the largest number of base units of Sell whose QuoteUp is at most the payment: what a payment in base
// units of Buy can take at a pair price.
func (p Pair) CoverDown(c *fixed.Calc, payment Amount, price fixed.Wad) Amount {
	return c.Nat(c.MulDivDown(payment.Raw(), p.scale(c), price))
}

// scale is 10^(18+s-b): it turns base units of Sell times a raw pair price into base units of Buy.
func (p Pair) scale(c *fixed.Calc) fixed.Wad {
	return scale(c, fixed.Decimals+int(p.Sell.Exponent)-int(p.Buy.Exponent))
}

// PriceDown is the pair price of two prices in the unit of account, rounded down.
func PriceDown(c *fixed.Calc, sell, buy fixed.Wad) fixed.Wad { return c.DivDown(sell, buy) }
