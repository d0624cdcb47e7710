// Package agents holds the programs that work with the chain: feeders of prices, the prices that a validator votes
// with, and market makers. They are parts of ballastd, and libraries for whoever wants to build a better one.
package agents
