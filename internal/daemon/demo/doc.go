// Package demo is a chain in one process that a person can watch: treasuries that converge to their policies, feeders
// that play history back, and market makers that compete for what the treasuries sell. Everything in it is the real
// thing (consensus, modules, agents); only time is compressed, so that an interval of a day takes some seconds.
//
//	options.go   what may be chosen
//	market.go    the assets and their history
//	treasury.go  the treasuries: policy files like those of the backtester
//	genesis.go   the start of the chain
//	run.go       the whole show
//	watch.go     what happens meanwhile
//	stage.go     where it is seen: on a terminal, or as lines in a pipe
//	scene.go     what is seen on a terminal
//	shoot.go     how that is asked for
//	report.go    how it ended
package demo
