// Package types has the messages, the stored records and the errors of the auctions, and the border between them and
// the engine.
package types
