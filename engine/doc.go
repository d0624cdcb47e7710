// Package engine is the table of contents of Ballast's decision engine. It holds no code.
//
// The packages below it stand in the order in which data passes through them, and each imports only those before it:
//
//	fixed     signed 18-decimal arithmetic with the rounding side named at every operation
//	asset     denoms, amounts in base units, value
//	oracle    many price reports become one price with a confidence, an age and a status
//	target    the weights that the owner wants now
//	drift     the weights that there are, and the distance
//	cost      what trading costs, and the closed forms that follow from it
//	band      the four points around a target weight, and the state beyond the outer one
//	trigger   act, wait or stop, with the reason
//	pid       how much of the gap to close now
//	project   the nearest orders that pay for themselves and break no limit
//	surface   sells paired with buys: who gives what for what
//	netting   opposite flows cross inside at the oracle price
//	auction   the rest descends in Dutch auctions, cleared in batches at one price
//	settle    every unit back to its owner, pro rata
//	metrics   what it was worth
//	cycle     the whole interval as a value: Step(config, state, input) gives state and output
//	report    what a round did, in numbers and in words
//
// Everything is a pure function of its arguments: no clock, no I/O, no floats, no maps, no goroutines. A chain under
// consensus, a backtester and a browser call the same functions on the same values and get the same bytes.
package engine
