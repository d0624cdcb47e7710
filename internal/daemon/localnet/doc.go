// Package localnet makes a network of validators on this machine, one process each, and watches over them. The tests of
// what a network survives start it as a person would.
//
//	command.go    the command
//	options.go    what is asked for
//	write.go      the homes: keys, files, and the ports of each node
//	genesis.go    the first state: money, assets, validators
//	supervise.go  the processes
package localnet
