// Package store keeps the history of a chain in a database: SQLite in one file, or PostgreSQL, with one schema.
//
//	open.go     the two databases, and what differs between them
//	migrate.go  versions of the schema
//	tx.go       one transaction per block
//	dump.go     everything that is kept, in an order that depends on nothing else
//
// A block is written in one transaction that also moves the height of the history on, by exactly one. Whoever is killed
// before the commit has written nothing, and whoever comes back reads the height: no block is lost and none counts
// twice.
package store
