// Package types has the messages, the records and the errors of x/portfolio, and the border between its words and the
// engine's: convert.go reads a policy, render.go writes one, and both ways are exact.
package types
