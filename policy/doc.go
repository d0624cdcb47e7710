// Package policy reads a treasury's policy file: YAML of a versioned schema, checked line by line, and compiled to
// what the engine takes. The same file drives the backtester and a portfolio on the chain.
//
// A File is the text as it stands. Parse reports every problem that it can find, each with its line, what was expected
// and how to mend it; what it accepts compiles. Compile binds a File to a universe of assets and gives a cycle.Policy.
// Explain says in plain words what a policy will do, and Warnings what its owner will hardly want. Templates are files
// to start from, and Schema helps editors: it is made of the types and comments of file.go.
//
// # Numbers
//
// Ratios are written as 40% or 0.4, amounts in display units with underscores (1_000_000), spans as 90m, 6h, 1d or 2w,
// moments as 2026-01-31 or in RFC 3339. Nothing is read through a float (package form). Weights that miss 100% by less
// than one count of 1e-18 for each asset, as three thirds do, are made whole: the largest takes the rest. A gain from
// close and within rounds up (pid.HorizonGain); amounts must be whole base units. What Explain and Warnings write is
// rounded for reading (package plain).
//
// # Errors
//
// Problems, each wrapping ErrPolicy, with lines when the File was read from a text. ErrTemplate for a template that
// does not exist. Nothing panics, whatever the text.
package policy
