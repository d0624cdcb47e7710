// Package oracle turns the reports of many sources into one price per asset, and remembers what is needed to judge the
// next one. Source: spec 06; spec 02 §2.2 for volatility.
//
// # From reports to a price
//
// Aggregate takes the reports on an asset at one time. Each weighs w*tau/(tau+age). A class of sources that fail
// together is cut to its cap, at least a half, so that at most one is cut; the own auctions never have more than a
// quarter and manual prices never more than a third. Reports further from the weighted median than three standard
// deviations of the median kind are dropped, and the price is the weighted mean of the rest, held to their median and
// to the median of all by 0.5 %. Sources with less than half of the effective weight therefore cannot move the price
// beyond the range of the others, widened by that much. The own auctions count for no quorum: they start from the
// price that they report on.
//
// Poll is the stake-weighted median of validators, one of the sources: no third of their power moves it out of what the
// others say. ClearingPrice is another: what the own auctions clear at.
//
// # From prices to a judgement
//
// A History is fed one Aggregation at a time. It keeps time-weighted means (Ring), the volatility of irregular samples
// (Volatility) and the Breaker, which stops the use of a price that leaves its own past, and yields the Price to
// publish. A host that has many observations in a block passes on the last one of the block before: a flash loan cannot
// carry a price across blocks.
//
//	a, err := oracle.Aggregate(&ws, &cfg.Aggregate, reports, now, history.Sigma(&cfg.History))
//	...
//	price, err := history.Observe(&cfg.History, now, &a)
//
// # Status
//
// A value never travels alone: Aggregation, Tally and Price carry the status beside it, and there is no accessor
// without. With any status but StatusOK the value is the last good one and for display only. There is no fallback.
//
// # Rounding, limits, errors
//
// All steps round toward zero. Prices are in (0, 1e18], an asset has at most MaxSources sources and a poll at most
// MaxVotes ballots. Disagreement is a status; errors are invalid configurations, reports or ballots twice, and times
// that run backwards. Nothing panics, and no update allocates.
package oracle
