// Package trigger decides whether a portfolio acts in this interval, and says why. Source: spec 02 §2.1 and §2.5,
// 01 §1.6.
//
//	Always      at every interval
//	Time        in every new slot of a Period: slot(now) > slot(last)
//	Absolute    max |error| > theta, or |error_i| > theta_i of some asset
//	Relative    max |error|/target > theta, or the weight of an asset without a target > Dust
//	Aggregate   sum |error|/2 > theta
//	Hybrid      one of the three measures > theta, or > Small once Longest has passed
//	Band        the verdict of package band is Rebalance
//
// All comparisons with a threshold are strict. Slots are anchored, so a late interval does not shift the ones after.
//
// # Order of the rules
//
//  1. A verdict of Halt, or prices that are not healthy, never trigger.
//  2. With Inner set a portfolio that fired stays active, and fires again, until every |error| <= Inner or it fired
//     MaxActive times in a row (hysteresis).
//  3. Nothing fires within the cool-down of the last fire, whatever the rule.
//  4. An error below MinDrift is not worth an order. A slot of Time is used up by finding that out: a calendar looks
//     once.
//
// # Thresholds that follow the volatility
//
//	Power           theta = theta0 * (sigma/reference)^e,  e in {-1, 0, 1/3, 1/2, 1}
//	TrackingBudget  theta = sqrt(3) * TE/sigma
//	Diffusion       theta_i = k * w_i(1-w_i) * sigma * sqrt(H),  per asset
//
// The result is held to Min..Max and moves by at most DailyChange of itself per day; for Diffusion it is sigma that
// moves so, since one number is remembered and not one per asset. A sigma of zero is not known: theta0 holds.
//
// # Rounding
//
// Every step rounds toward zero.
//
// # Limits and errors
//
// The state is a small value that the caller stores; Evaluate changes nothing and allocates nothing. ErrConfig and
// ErrLength say what was wrong. Times are seconds since 1970 of magnitude below 2^53.
package trigger
