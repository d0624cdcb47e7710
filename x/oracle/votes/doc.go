// Package votes makes the validators a source of prices: what they say in their vote extensions becomes the
// stake-weighted median of each asset. It is the part of x/oracle that the application hangs into consensus.
//
//	extend.go     what a validator adds to its vote, and what it accepts of others
//	injection.go  the votes as the first transaction of the next block: their one encoding
//	propose.go    putting them into a proposal, and judging one
//	tally.go      the medians, in every block that was decided
//	runner.go     the result of the injected transaction, the same for all executors
//
// # Heights
//
// Extensions are made for the blocks from vote_extensions_enable_height on (0: never). They are part of the block
// after: everything but the making of them starts one block later.
//
// # Liveness
//
// Nothing here may stop a chain. A validator without prices says nothing, and is no less a validator. What others say
// is refused when it is malformed; but a vote that comes after its block was decided is not shown to anybody before it
// is in the commit, so that an honest proposer may have something malformed to inject. It is therefore valid to inject
// it, and it counts as silent. Only what is longer than types.MaxVoteBytes is taken out, else a few validators could
// make every proposal too large; a vote that is taken out is shown as absent, and without it there must still be two
// thirds.
//
// # What a proposer can do
//
// It cannot invent, change, reorder or repeat a vote: signatures are checked, and the votes must be those of the commit
// of the block before. It can leave votes out, as long as more than two thirds of the power stay; and an asset has a
// median only with two thirds of the whole power, and more than a third on each side of it (engine/oracle). A median is
// within what honest validators say unless more than a third of the whole power lies and is half of what has reported.
package votes
