// Package hostile does to a network what happens to networks: processes are killed, validators vanish, cables are cut,
// clocks are wrong, programs are replaced. The nodes are real processes of ballastd, made by localnet; after each of
// these days all of them have the same history, every module's books add up, and no auction has sold what it should
// not.
//
// `go test` does the shortest; `make hostile` does all, with the program as it is built for operators.
//
//	main_test.go       the flags, and a process of this test that is a node
//	chain_test.go      a network and its processes
//	cable_test.go      cables between nodes that can be cut
//	market_test.go     prices, a treasury, and the lots it sells
//	crash_test.go      killed in the middle of an auction; two of four gone
//	partition_test.go  a network in halves, and one that is cut off
//	clock_linux_test.go  a validator whose clock is wrong
//	sync_test.go       a fifth node from a snapshot, in the middle of a round
//	export_test.go     the state written down, and another network from it
//	upgrade_test.go    a next program, with another layout of the store, by a vote
//	record_test.go     the history of a network, recorded for tests/chain
//	guide_test.go      the commands that the guides name
//	monitor_test.go    what deploy/ asks for is there, and explained
//	next/              what that program has that this one has not
package hostile
