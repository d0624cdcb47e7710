// Command plaind is a plain Cosmos SDK chain, which the end-to-end test puts a DAO on: accounts, a bank, staking,
// governance, transfers over IBC and the controller of interchain accounts. Nothing of Ballast is in it, so that what a
// treasury does from there is what it can do from any chain. Addresses start with cosmos and the stake is called stake.
//
//	app.go     keepers and modules
//	server.go  what a node asks of an application
//	main.go    the commands
package main
