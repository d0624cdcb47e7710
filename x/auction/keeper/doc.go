// Package keeper runs the lots of engine/auction under consensus: it keeps the books, deposits and claims, and calls
// the engine once for every open lot in every block.
//
// EndBlock reads the open lots only, and of a book only the bids that the clock has reached. What it pays goes through
// claims, so that a recipient who cannot be paid stops nobody. Lot by lot and claim by claim, what fails leaves no
// trace but an event.
//
// Other modules meet the keeper through Open, Closed, Take, Frozen, Replace, Cancel, Lot, Sales and SaveSales.
package keeper
