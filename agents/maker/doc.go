// Package maker is the reference market maker: it finds the lots of the chain, decides what each is worth to it, and
// rests one bid in each. It is meant to be read and replaced: Strategy is the part with the opinion, the rest is
// plumbing.
//
// A lot clears once in every block, at one price for all bids, so being first buys nothing: the maker places its limit
// once and moves it only when its own price has moved.
//
//	strategy.go  what to bid: a pure function
//	maker.go     the loop: look, decide, bid, count
//	chain.go     what is asked of a node, over several endpoints
//	stats.go     fills, realised margin, metrics
package maker
