// Package ticker knows what assets cost now, for a validator that votes on prices. It runs inside the node, asks public
// exchanges or reads a file, and keeps the last answers in memory: whoever asks for a price is answered at once, and
// consensus never waits for a network.
//
//	config.go    the section [oracle] of app.toml: its text, and reading it
//	provider.go  who is asked for what
//	preset.go    exchanges that are known: where to ask, and where the price stands in the answer
//	answer.go    reading an answer
//	client.go    asking for one
//	file.go      prices from a file that another program writes
//	ticker.go    the prices that are known, and what is said of them
//	loop.go      asking again and again
//	survey.go    asking everybody once, for an operator
//
// # What is said
//
// A price is the median of the providers that have one which is not older than max-age: engine/oracle's median of
// validators, with equal powers. Of two providers that is the lower one, so that three are better than two. With fewer
// than min-providers nothing is said. What is not known is not said: the vote leaves the asset out.
//
// # Faults
//
// Every provider is asked by a goroutine of its own, one request after the other. A request has a time limit, its
// answer a size limit, and redirections are not followed. When a provider does not answer, is busy (408, 418, 429, 5xx,
// or its own words for it) or asks for patience by Retry-After, it is left alone: for an interval, then twice as long,
// up to a minute, or for as long as it asks, up to an hour. The next round begins behind the asset that failed. Any
// other failure costs one asset one answer. A failure is logged when it begins and when it is over.
package ticker
