// Package policy reads a treasury's policy file: YAML of a versioned schema, checked line by line, and compiled to
// what the engine takes. The same file drives the backtester and a portfolio on the chain.
//
// A File is the text as it stands; Parse reports every problem it can find with the line, what was expected and how
// to mend it. Compile binds a File to a universe of assets and gives a cycle.Policy. Explain says in plain words
// what a policy will do.
//
// Ratios may be written as 40% or 0.4, amounts with underscores (1_000_000), spans as 90m, 6h, 1d or 2w, moments as
// 2024-01-31 or in RFC 3339. Nothing is read through a float.
package policy
