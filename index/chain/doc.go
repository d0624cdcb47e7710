// Package chain reads a node: blocks with their typed events, and what the modules answer about a height.
//
//	chain.go   what the history needs of a chain
//	node.go    a node behind CometBFT's RPC, or in this process
//	event.go   typed events out of those of a block
//	tape.go    a chain that was recorded, for tests and for reports of faults
package chain
