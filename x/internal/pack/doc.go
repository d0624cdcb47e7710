// Package pack stores values of the engine: one deterministic, compact encoding of plain structs.
//
// # Why not a schema of their own
//
// What a module must remember between two blocks is the engine's own state (cycle.State, auction.Lot,
// oracle.History): some sixty fields that only the engine understands. A second description of them, in another
// language, would be a copy that drifts; here the Go type is the schema. What people and other programs read
// (messages, events, queries) is protocol buffers.
//
// # The encoding
//
//	bool                 one byte, 0 or 1
//	int, uint of a size  signed or unsigned varint, in its shortest form
//	string, []T          length as an unsigned varint, then the elements; nil and empty are the same
//	[n]T, struct         the elements or fields in order
//	fixed.Wad, fixed.Nat their own canonical form
//	error                its text; it comes back as a text
//
// Every value has exactly one encoding, and Decode refuses all others: what is equal is stored as equal bytes. Maps,
// pointers, floats, interfaces and unexported fields have no encoding: New reports them.
//
// # Changes
//
// A stored value starts with the version of its type. Whoever changes a type that is stored raises the version and
// writes a migration; Shape, held by a golden test in every module, fails until that is done.
package pack
