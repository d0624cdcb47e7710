// Package report says what a round did: to the log, to whoever asks what a portfolio is worth, why it traded and what
// that cost, and to whoever checks that nothing is missing.
//
//	Entry    what a round did with one portfolio: written at its decision, completed at its settlement
//	Summary  what a round was: its times, prices, pairs and totals
//	Worth    what a portfolio owns, its units in the market included, and its value
//	Audit    adds up what all orders of a round own and compares it with the round's books and its escrow
//
// Sentences are made from an Entry, so that what is said is what is stored. Values round down; shares and costs that
// are shown to people are cut, never rounded up. Nothing here decides: a host can drop all of it and rounds go on.
package report
