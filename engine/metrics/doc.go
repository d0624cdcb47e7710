// Package metrics measures what the engine did: how close a portfolio stayed to its target, what that cost, how well
// orders were executed, how the controller behaved and whether prices could be trusted. Source: spec 11.
//
// # Accumulators
//
// Every measure is an accumulator of constant size whose zero value is empty: a host keeps one per portfolio, pair or
// source and feeds it as things happen. Nothing is kept that grows with the number of samples, and taking a sample in
// allocates nothing. On an error an accumulator is unchanged.
//
//	Performance  NAV per share and benchmark returns -> return, volatility, tracking error, Sharpe ratio, drawdown
//	Drawdown     NAV per share                       -> depth, fall, longest time under a peak
//	Trading      rebalances                          -> turnover, traded value, fees, count
//	Execution    orders, fills, ends                 -> implementation shortfall, fill ratio, price improvement
//	Markout      fills and later prices              -> what the buyer's side gained
//	Netting      crossed, auctioned, routed value    -> netting rate
//	Dwell        time inside and outside a band      -> time in band
//	Average      any value with a weight             -> weighted mean and maximum: drift, NAV, confidence
//	Control      errors after a step                 -> ITAE, overshoot, settling steps
//	Health       prices and how long they held       -> share of time in each status, confidence
//	Source       accepted and rejected reports       -> rejection rate
//	Benchmarks   NAV, prices, weights, trades        -> what holding, or the target mix, would be worth
//
// # Conventions
//
// Returns are of NAV per share: deposits and withdrawals do not count. The deviation is of the sample,
// sqrt((n*S2-S1^2)/(n(n-1))), on exact integer sums: it has no drift, and the order of the samples does not matter.
// A year is 365 days; the caller says how many steps a year has (365 daily, 8760 hourly). A positive cost is bad. Every
// ratio states its denominator. A ratio whose denominator is zero is zero and is not a measurement: the counts tell.
// Fewer than 20 returns are reported as insufficient.
//
// Quantities of assets are in display units (base units times 10^-exponent, exact as a decimal), prices in buy asset
// or unit of account per display unit, and a fee is a value in the same.
//
// # Rounding
//
// Every quotient and product is truncated toward zero at the 18th decimal; roots are rounded down. These are reports:
// no payment depends on them.
//
// # Errors
//
// ErrSample for a sample that makes no sense, such as a NAV of zero; fixed.ErrOverflow for sums out of range.
package metrics
