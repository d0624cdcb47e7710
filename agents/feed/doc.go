// Package feed reports prices to the chain: those of a public exchange, or of a recorded history that is played back.
// A feeder never invents a price: what its source does not know it does not report, and the chain lets the old report
// age.
package feed
