// Package surface pairs what portfolios sell with what they buy: directed flows "sell A for B", each with its owner,
// and their totals per pair, the rebalancing surface. Source: spec 03.
//
// # What comes in
//
// A portfolio's sells and its buys at the prices of the freeze, after projection: legs in ascending order of asset, no
// asset on both sides, both sides adding up to the same value M. Values are words, in micro-units of the account
// (1e-6 USD): at 100,000 portfolios of ten assets words are forty times faster than arbitrary integers. All sells of
// a book together stay below 2^64 micro-units, 1.8e13 USD; since no pair, no row and no ring can exceed that sum, it
// is the only overflow there is.
//
// # Flows
//
// Proportional flows are the exact form of s_i*b_j/M: row by row, row i is split by prefix rounding over what the
// columns still need (§3.2),
//
//	x_ij = floor((C_j+rem_j)*s_i/R) - floor(C_j*s_i/R),   rem_j -= x_ij,
//
// with R the sum of rem and C its prefix. Rows and columns add up exactly and no flow is negative; the obvious
// two-dimensional rounding has neither property. Fewest fills from the north-west corner, Cheapest in ascending order
// of the pair's cost: both give at most k+m-1 flows.
//
// A flow below the portfolio's smallest order is given to the largest other flow of its row whose column has room; what
// finds no room is dropped, and the controller asks for it again at the next interval, because only fills count there.
//
// # What follows (§3.3)
//
// A pair trades only if one portfolio sells the one and buys the other. With executed amounts split by prefix over
// (Offset, Value, Total) nobody trades beyond his flow, and nothing is left over.
//
// MaxCorrection is the sum of min(s_i, b_j): the most that trading this one pair alone could correct. It is not smaller
// than the flow.
//
// # Crossing
//
// A portfolio may opt out of internal crossing. A pair keeps two totals, of all flows and of those that may cross, and
// a flow has an offset in each, so that crossed and auctioned amounts are both split by prefix.
//
// # Order, errors, cost
//
// Totals do not depend on the order of Add, offsets do: add portfolios by ascending id. An Add that fails changes
// nothing. After warm-up, that is once the buffers have grown, Add does not allocate.
package surface
