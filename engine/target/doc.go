// Package target says which weights a portfolio should have now. Source: spec 02 §2.7.
//
//	ConstantMix  w
//	Glide        w0 + (w1-w0)(t-t0)/(t1-t0), clamped to t0..t1
//	BuyAndHold   the current weights
//	CPPI         cushion C = max(V-F, 0), exposure e = min(m*C, b*V)/V, weights e*risky + (1-e)*safe
//	             F accrues at the floor rate (Perold and Sharpe 1988; Black and Perold 1992)
//	TIPP         CPPI with F = max(F, k*V): the floor follows the value up (Estep and Kritzman 1988)
//	VolTarget    e = min(b, target volatility/volatility of the risky mix)
//	InverseVol   w_i in proportion to budget_i/volatility_i
//
// Bounds per asset may be added to every kind; Bound keeps them while the other weights share what is left in
// proportion, and Cap is the capped market capitalisation index. MaxMultiplier is the gap rule: the largest multiplier
// whose floor survives the moves between two executions.
//
// # Rounding
//
// Each weight rounds toward zero and the raw units that are missing go to the largest remainders, ties to the lower
// index: weights add up to exactly 1, to the last of 18 decimals. A floor accrues rounded up, an exposure rounds down.
//
// # The floor
//
// The floor accrues simple interest since the moment at which it was set or last raised. It therefore depends neither
// on how often it is looked at nor on skipped intervals. A floor at or above the value is not an error: the cushion is
// gone, the portfolio sits in its safe mix, and stays there.
//
// The volatility of a risky mix is taken as sum w_i*sigma_i, as if its assets moved together. That is an upper bound,
// so the realised volatility is at or below the target. Volatilities are an input; this package estimates nothing.
//
// # Errors
//
// Validate names what is wrong with a schedule; At fails only on inputs: no value (ErrNoValue), no volatility
// (ErrSigma), slices of other lengths (ErrLength), numbers out of range (fixed.ErrOverflow). At allocates nothing after
// the first call with a workspace.
package target
