// Package quote is the command that says exactly what a bid would get: ballastd query auction quote.
package quote
