// Package fold turns a block of the chain into rows of the history.
//
//	fold.go       one block: its events in their order
//	write.go      how a row is written
//	oracle.go     assets and prices
//	portfolio.go  portfolios: who owns them, what they are to do
//	payment.go    payments, other coins that left, pauses
//	onetime.go    one-time orders
//	round.go      rounds and intervals
//	benchmark.go  what holding, or the target mix, would be worth beside a portfolio
//	auction.go    lots, clearings, bids, fills and sales
//
// Nothing is computed here but counts of rows: figures are the chain's, taken from its events and, for the records of
// a round, its prices and the policy of a portfolio, from its answers about that height. The sum of all portfolios'
// values is the engine's exact addition, and the benchmarks of a portfolio are those of engine/metrics.
package fold
