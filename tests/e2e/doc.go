// Package e2e runs the guide to the interchain for real: a plain chain that holds a DAO, a chain of ours, a feeder, a
// maker and the Go relayer, each a process on the loopback. `make e2e` builds them and runs it; `go test ./...` does
// not, because the relayer alone takes minutes to build.
//
// Every block of docs/guides/interchain.md that is marked "sh run" is run as it stands. Between the blocks the books of
// both chains are added up; at the end the relayer is killed while money and calls are under way.
//
//	guide_test.go       the blocks of the guide
//	shell_test.go       the shell that runs them, and the end of everything that it started
//	chain_test.go       what a chain says over its HTTP interface
//	books_test.go       what must add up on both chains
//	interchain_test.go  the story
//	chains.sh           makes and starts both chains, the feeder and the maker
package e2e
