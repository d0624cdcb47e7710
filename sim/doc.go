// Package sim is the world around the engine: a ledger that owns every unit, price feeders, market makers, an auction
// house that clears block by block, adversaries, and checkers that run all the while. It holds no rule of its own: it
// drives cycle.Step as a chain does and gives it the closed lots back.
//
// A world is a function of its configuration and its seed. The backtester runs it on recorded prices; the tests run
// it on drawn ones, a million rounds of them.
package sim
