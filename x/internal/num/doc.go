// Package num is the one border between the engine's numbers and those of a chain: decimals as plain texts in
// messages, base units as coins. Both ways are exact; what does not fit is an error.
package num
