// Package netting crosses opposite flows inside the system: pairs, then rings, at one price per asset, so that nobody
// pays a spread to a neighbour. Source: spec 04.
//
// # Rings
//
// A table of flows, value by directed pair, is a network. Cross takes out first what two opposite flows have in common,
// then ring after ring (A is sold for B, B for C, C for A) the smallest flow of each, in an order that depends on
// nothing but the table. Every ring empties an arc; the residual has no ring, and every asset's outflow minus inflow is
// what it was. Greedy rings are maximal but not maximum: CrossMost finds the maximum for few assets, CrossHint accepts
// one that was computed elsewhere, after checking it.
//
// # Units
//
// Crossing happens at prices that nobody knew when the flows froze. Settle moves floor(x/p_i) base units of each asset
// of a ring of value x, from the sellers of one pair to the sellers of the pair before: sold and bought agree exactly,
// per asset. Rounding is down, so a side misses less than one base unit per ring; an asset whose base unit is worth
// something does not belong here. Debits and credits of single orders are split by prefix over the pair's flows
// (fixed.Calc.PrefixShare), again exactly.
//
// # When not (§4.3)
//
// The mid is a free option for whoever knows better. Gate says for a pair why it must not cross, or that it may.
//
// # Limits, cost, errors
//
// All flows together are below 2^64 micro-units, 1.8e13 USD; a book of surface never has more. Cross passes every arc
// once and allocates nothing after warm-up. Nothing recurses. Errors leave the flows as they were.
package netting
