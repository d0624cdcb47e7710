// Package keeper is the state of the oracle: who reports, what was reported, what it makes, and what is remembered.
// Every decision is the engine's (engine/oracle); this package loads, asks once, and stores.
package keeper
