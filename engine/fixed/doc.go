// Package fixed is the arithmetic of the engine: signed decimals with 18 places (Wad), natural numbers of 128
// bits (Nat), exact splitting, integer roots and exact moments. Source: spec 00 §0.1 and §0.2.
//
// # Numbers
//
// A Wad is an integer count of 1e-18, of magnitude below 2^255. Products and quotients go through a 512-bit
// intermediate, so that a*b/c is exact whenever the result itself fits. A Nat is a count of base units.
//
// # Rounding
//
// No operation rounds silently: its name says the side. Trunc is toward zero (the rule of signed control values),
// Down is toward minus infinity, Up is toward plus infinity. Down and Up take non-negative operands only: they are
// for money, where the sign is never in doubt. Whatever is paid out rounds down, whatever is paid in rounds up.
//
// # Errors
//
// Nothing panics. A Calc runs a formula and keeps the first thing that went wrong, so that the formula reads as it
// is written in the specification and its error is looked at once:
//
//	var c fixed.Calc
//	u := c.Sub(c.Add(c.MulTrunc(kp, eps), i), d)
//	if err := c.Err(); err != nil {
//		return fmt.Errorf("pid: %w", err)
//	}
//
// After an error the values that a Calc returns are meaningless.
//
// # Cost
//
// Operands below 2^128 take a short path: one 128 by 128 bit product and a division by multiplication, 20 to 60 ns. No
// operation of Calc allocates, except roots of numbers beyond 2^192 (Sqrt) and 2^128 (Cbrt) counts.
package fixed
