// Package backtest shows what a policy would have done: it feeds recorded prices to the engine, row by row, and
// keeps everything that a treasury wants to see afterwards in a Result.
//
// There are two markets. Ideal fills every order at the row's close at a proportional cost: it exists for comparison
// with other tools and its order of operations is pinned by tests. Auction is the real thing: the sim package runs
// the engine's own cycle, auctions and settlement block by block against market makers, and what was really filled
// goes back to the controller.
//
// Every number of a Result that concerns money comes from the engine's fixed-point arithmetic; nothing is computed
// with floats before it is drawn.
package backtest
