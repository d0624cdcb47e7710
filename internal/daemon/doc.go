// Package daemon is ballastd: a node of the chain, and the commands that talk to one.
//
//	root.go     the tree of commands
//	extend.go   our own commands in it, from the packages below
//	node.go     how the SDK's commands get at the application
//	start.go    the node that is started, the prices that it votes with, its history
package daemon
