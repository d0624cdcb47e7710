// Package portfolio is the module that keeps treasuries: who owns them, what they are to hold, what they owe, and what
// the engine remembers of them. README.md explains it.
package portfolio
