// Package asset names what is owned and what it is worth: denoms with their exponents, amounts in base units,
// baskets, and the four conversions between units and value. Source: spec 00 §0.0.
//
// An amount is a count of base units. A price is the unit of account (USD) per display unit, that is per
// 10^exponent base units. A value is a Wad of the unit of account. Every conversion is one 512-bit product and one
// division, so it rounds once, on the side that its name says.
package asset
