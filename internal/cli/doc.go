// Package cli holds the commands of ballast: they read files, call the engine through policy and backtest, and print.
// No rule lives here.
//
// What a command is asked for goes to the standard output, and nothing else: in a pipe it is clean. Progress,
// warnings and errors go to the standard error, progress only when that is a terminal. An error says what was wrong,
// what was expected and how to mend it. Exit codes: 0 it worked, 1 it did not, 2 the command line was not understood.
package cli
