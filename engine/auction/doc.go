// Package auction sells a lot by a falling clock with one uniform clearing per block. Source: spec 05; one-time
// limits spec 12 §12.1; evidence for the oracle spec 06 §6.6.
//
// # Life of a lot
//
//	Width.Range, Steps, NewCurve   where the price starts and ends, and how fast it falls
//	Lot.Open                       Opening: collect bids for 2 blocks or more
//	Workspace.Clear, Lot.Apply     once in every block: Open, until Closed
//	Lot.Evidence                   what the lot says about the price
//
// Clear finds what a block does and changes nothing; Apply commits it. A fill is over: the bidder pays Payment and gets
// Refund and the Units. When the clearing's Status is Closed the host refunds the escrow of every bid that did not
// fill, and returns the unsold units. When its Outcome is frozen the chain halted and the price is void: Reanchor
// with the curve of a healthy price, or Cancel. The two names of a lot's price: the clock, which falls with time, and
// the clearing price, which competition lifts above the clock.
//
// # Formulas
//
// Effective time: tau += min(dt, 3 target block times). Step n = tau/StepSeconds of N, in buckets when stepwise.
//
//	linear       P = S - floor((S-E)*n/N)
//	exponential  P = max(E, ceil(S*r^n)), r the largest with r^N <= E/S
//	both         P = E exactly from N on
//
// One clearing at clock P, A units on offer, D(p) the demand of the live bids with limits >= p:
//
//	D(P) < A    price P, all of them filled
//	D(P) >= A   price p* = max{p >= P : D(p) >= A}, the limit of the marginal bid; limits above it filled in full,
//	            the rest pro rata at it, largest remainders, ties to the older bid. The lot is exhausted and closes.
//
// # Minimum fills
//
// Levels are walked from the highest limit down. Only the marginal level can give a bid less than it asked for. If
// floor(left*quantity/demand) of one of its bids is below its minimum, bids leave the level for this clearing: those
// whose minimum is more than all that is left, then the youngest, until every minimum that stays is met. If the level
// then no longer exhausts the lot, the walk goes on down. Whoever leaves rests. Every departure makes the other parts
// larger, so one pass over the level is enough and the whole walk is linear after the sort. The result depends on
// limits, ids, quantities and minima only, not on the order in which bids are given. See dropUnmet for why the oldest
// stay. Without minima the price never falls when a bid is added and the fills sum to min(A, D); with minima both can
// fail at the marginal level, where a bidder who cares bids one digit more.
//
// # Tranches
//
// Sellers with the same limit form a tranche. When the clock falls below its limit it closes and what is unsold
// returns. Fills go to the open tranches pro rata to what each offers, proceeds pro rata to what each sold, both by
// largest remainders, so that the tranches add up to the fills exactly and each gets at least floor(units*price).
//
// # Rounding
//
// Clock prices, start and reserve round up, for the seller. Payments and escrows round up, so payment <= escrow
// always. Widths round down. The engine divides totals only; it keeps no dust.
//
// # Limits
//
// MaxTranches tranches, MaxBids bids in a clearing, curves of up to a year. Amounts below 2^128, sums of payments
// too. Curves whose steps are smaller than the rounding of r^N are refused. Gradual Dutch pricing (spec 05 §5.5) needs
// an exponential function, which the engine does not have, and is left out.
//
// # Skipping blocks
//
// An open lot none of whose bids can be reached may be left alone until IdleUntil: keep one Clock for all lots,
// Advance it in every block, and give the lot its Last and the growth of its Effective before the next Clear. Quote
// does so.
//
// # Errors
//
// ErrCurve, ErrPace, ErrLot, ErrBid, ErrWidth and ErrReveal name bad terms; ErrStale and ErrWindow mean that a lot
// must not open; ErrState and ErrTime are calls out of turn; ErrBook is too many bids. Overflow of payments wraps
// fixed.ErrOverflow.
package auction
