// Package telemetry tells Prometheus what the modules do. Nothing of it is on the way of consensus: it is handed the
// events of a block after the block has been executed, reads committed state when it is asked for numbers, and looks at
// a clock only around a module's hook. The state of a node is the same without it.
//
//	telemetry.go  where it is attached to an application
//	event.go      what is counted from events
//	state.go      what is read from the state, at each scrape
//	vote.go       how validators vote on prices
//	provider.go   how the providers of prices do that a validator asks
package telemetry
