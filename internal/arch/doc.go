// Package arch holds the import rules and the purity rules of ARCHITECTURE.md, as tests.
//
// The pipeline is the import order: a package of engine/ imports only packages to its left, so that the way of the
// values and the way of the imports are one picture. The engine has no clock, no I/O, no goroutines, no floating
// point and no maps: whatever hosts it gets the same answer from the same input, to the last unit. Each rule is checked
// twice, here and by depguard in .golangci.yml; this test also runs where no linter is installed.
package arch
