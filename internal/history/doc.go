// Package history is the command that keeps a history of a chain and serves it: index/ with flags around it.
//
//	command.go  ballast-index, which ballastd index runs
//	run.go      the follower beside the server
package history
