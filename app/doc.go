// Package app wires the modules into a chain. Start at modules.go: it lists what runs and in which order.
//
//	app.go      the application: codecs, stores, hooks
//	keepers.go  the keepers of the SDK's modules
//	ballast.go  ours
//	ibc.go      the interchain: what comes in and goes out, and what an interchain account may do
//	modules.go  all modules, and their order in genesis and in a block
//	ante.go     what a transaction has to pass
//	genesis.go  the defaults of a new chain, and export
//	server.go   the services of a node
//	upgrade.go  the handlers of upgrades
package app
