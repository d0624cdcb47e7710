// Package cli holds the commands of ballast: they read files, call the engine through policy and backtest, and print.
// No rule lives here.
package cli
