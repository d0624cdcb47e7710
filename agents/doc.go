// Package agents holds the programs that work with the chain from outside: feeders of prices and market makers. They
// are subcommands of ballastd, and libraries for whoever wants to build a better one.
package agents
