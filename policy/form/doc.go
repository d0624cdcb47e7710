// Package form reads what a person wrote in YAML strictly into Go structs, and writes it back. Whatever it does not
// understand is a Problem that names the line, what was expected and how to mend it; nothing is guessed, nothing is
// dropped, and no number passes through a float.
//
// The structs say what is allowed, in tags:
//
//	yaml:"max_sell,omitempty"   the name; without omitempty the field must be there
//	range:"(0%,100%]"           bounds in the field's own notation: ( ) exclude, [ ] include, an empty side is open
//	words:"kinds"               the name of the list of words that may be used
//	like:"1d"                   an example, for the message that the field is missing: all that must be there have one
//
// Scalars are strings, booleans, whole numbers, and types that read themselves (encoding.TextUnmarshaler), such as
// Ratio, Decimal, Span and Moment of this package. An UnmarshalText returns what it expected; the reader adds what it
// got.
//
// # Limits
//
// One document of at most MaxBytes, in UTF-8. Anchors, aliases, merge keys and tags are refused, so that a text is as
// large as it looks. An empty value is refused except for a whole section, which then is as if it were not there. At
// most MaxProblems are reported. Reading never panics.
package form
