// Package asset names what is owned and what it is worth: denoms with their exponents, amounts in base units,
// baskets, and the conversions between units and value. Source: spec 00 §0.0.
//
// An amount is a count of base units. A price is the unit of account (USD) per display unit, that is per
// 10^exponent base units. A value is a Wad of the unit of account. A pair price is display units of the asset bought
// per display unit of the asset sold.
//
// # Rounding
//
// Every conversion is one 512-bit product and one division, so it rounds once, on the side that its name says. Going
// there and back on the same side therefore never gains: UnitsDown of ValueDown of an amount is at most the amount.
//
// # Limits and errors
//
// Amounts up to 2^128-1, prices up to 1e18 and exponents up to 18 never overflow on the way to a value. On the way to
// units a result above 2^128-1 is fixed.ErrOverflow and a price of zero fixed.ErrDivideByZero; an exponent that no
// valid asset has is ErrAsset. A universe holds at most MaxAssets assets.
package asset
