// Package unit knows the assets of a chain by the names that people use, and reads and writes amounts of them in
// display units: 1_000.5USDC is 1000500000uusdc. Nothing is rounded; what is not a whole number of base units is an
// error.
package unit
