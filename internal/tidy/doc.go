// Package tidy holds the limits of CONTRIBUTING.md as tests: sizes, documentation, leftovers. A limit is there so that
// a reader can hold the thing in his head; the message of each test says what to do when it is passed.
package tidy
