// Package index keeps a history of a chain: it follows the blocks of a node into a database.
//
//	chain/  what a node says: blocks, typed events, answers about a height
//	fold/   a block as rows
//	store/  SQLite or PostgreSQL, one transaction per block
//
// The node knows nothing of it: whoever reads the history can neither slow consensus down nor change anything.
package index
