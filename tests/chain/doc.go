// Package chain holds the proofs over the whole chain: the application of app/, with every module and the real bank,
// is handed blocks of signed transactions as consensus would hand them, and what must hold is looked at after each.
//
//	world_test.go    the chain in a test: people, assets, blocks, and the audit after every block
//	soak_test.go     a long run of random messages over all modules, which conserves every denom
//	siege_test.go    people who mean harm, and what they must not be able to do; plots_test.go has the harm,
//	simx_test.go     the run of it
//	devnet_test.go   blocks that a network once agreed on, executed again
//	same_test.go     the same blocks give the same hashes, whoever executes them
//	export_test.go   a state that is exported in the middle of auctions goes on as if nothing had been
//	foretell_test.go a simulation is the result, a quote is the fill
//	refuse_test.go   every message, sent wrongly in every way that applies to it
//	fuzz_test.go     bytes of messages and of a genesis
//	vectors_test.go  worked numbers of the specification, through messages
//	speed_*_test.go  what an interval and a full book cost, beside bank sends
//	upgrade_test.go  an upgrade at a height
//	watched_test.go  what a node shows of itself is what happened, and looking changes nothing
package chain
