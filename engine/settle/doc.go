// Package settle ends a round: it splits what a sale brought among those who sold, gathers all movements in a book that
// closes only when they add up to zero, and keeps the budget of what execution may lose. Sources: spec 00 §0.2,
// 05 §5.4, 12 §12.3.
//
// # Claims
//
// Orders stand one after the other on a line 0..Total; an order is its offset and its weight. Of the units sold it gets
// floor((offset+weight)*Sold/Total) - floor(offset*Sold/Total), of the proceeds likewise, and back what was not sold.
// The parts of orders that fill the line add up exactly, each is the floor or the ceiling of its quota, and as long as
// no more is sold than there was, none sells more than its weight. A claim needs no other order and can be made at any
// time; a Run makes many in one pass, at one division each. Sold and proceeds are rounded apart, so that a seller's own
// price may differ from the common one by a base unit on either side. There is no dust account: nothing is left.
//
// # Book
//
// Every movement is a signed number of base units on an account. Close gives one net transfer per account and asset, in
// order of account and asset, whatever the order in which they were added. If an asset does not add up to zero there is
// no transfer at all: ErrUnbalanced names the asset and the excess.
//
// # Budget
//
// Execution may lose a part of the net asset value, Cap, per window. The budget refills evenly; gains refill it too, up
// to full. Below zero the portfolio halts, and resumes when a quarter of the budget is back, or when the owner raises
// the cap. Divisions are truncated, as everywhere in control values.
//
// # Limits, errors
//
// Amounts are below 2^128, and so is every net transfer. Nothing panics; after warm-up nothing but an error allocates.
package settle
