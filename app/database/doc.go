// Package database opens what the application keeps its state in. LevelDB's defaults are those of a phone: with 8 MB of
// blocks in memory the reading of 400,000 balances, which a round over 100,000 portfolios is, decodes the same blocks
// and indices from the disk again and again.
//
//	database.go  the database of a node
package database
