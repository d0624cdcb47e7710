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

// Scale returns 10^exponent as a raw count; exponent must be at most 36.
func Scale(exponent uint8) fixed.Wad { return powers[exponent] }

// ValueDown is the value of q base units at price p, rounded down: floor(q*p/10^exponent).
func ValueDown(c *fixed.Calc, q Amount, p fixed.Wad, exponent uint8) fixed.Wad {
	return c.MulDivDown(q.Raw(), p, powers[exponent])
}

// ValueUp is the value of q base units at price p, rounded up.
func ValueUp(c *fixed.Calc, q Amount, p fixed.Wad, exponent uint8) fixed.Wad {
	return c.MulDivUp(q.Raw(), p, powers[exponent])
}

// UnitsDown is the number of base units that value v buys at price p, rounded down: floor(v*10^exponent/p).
func UnitsDown(c *fixed.Calc, v, p fixed.Wad, exponent uint8) Amount {
	return c.Nat(c.MulDivDown(v, powers[exponent], p))
}

// UnitsUp is the number of base units that are worth at least v at price p.
func UnitsUp(c *fixed.Calc, v, p fixed.Wad, exponent uint8) Amount {
	return c.Nat(c.MulDivUp(v, powers[exponent], p))
}

// Pair is a directed pair: Sell is given for Buy. A pair price is Buy per Sell, both in display units.
type Pair struct{ Sell, Buy Asset }

// QuoteDown is what q base units of Sell bring at a pair price, in base units of Buy, rounded down.
func (p Pair) QuoteDown(c *fixed.Calc, q Amount, price fixed.Wad) Amount {
	return c.Nat(c.MulDivDown(q.Raw(), price, powers[fixed.Decimals+p.Sell.Exponent-p.Buy.Exponent]))
}

// QuoteUp is what q base units of Sell cost at a pair price, in base units of Buy, rounded up.
func (p Pair) QuoteUp(c *fixed.Calc, q Amount, price fixed.Wad) Amount {
	return c.Nat(c.MulDivUp(q.Raw(), price, powers[fixed.Decimals+p.Sell.Exponent-p.Buy.Exponent]))
}

// CoverDown is the largest number of base units of Sell whose QuoteUp is at most the payment: what a payment in base
// units of Buy can take at a pair price.
func (p Pair) CoverDown(c *fixed.Calc, payment Amount, price fixed.Wad) Amount {
	return c.Nat(c.MulDivDown(payment.Raw(), powers[fixed.Decimals+p.Sell.Exponent-p.Buy.Exponent], price))
}

// PriceDown is the pair price of two prices in the unit of account, rounded down.
func PriceDown(c *fixed.Calc, sell, buy fixed.Wad) fixed.Wad { return c.DivDown(sell, buy) }
