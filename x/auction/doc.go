// Package auction is the module that sells lots: README.md says what it does, keeper does it.
package auction
