// Package price reads, checks, joins and writes price histories.
//
// # Form
//
// A file is CSV: a header "time,ASSET,..." and rows of a time and one price per asset. The time is RFC 3339, in UTC,
// in whole seconds, and is the instant at which the close is known: a bar's open time plus its length. Lines end
// with LF or CR LF; a byte order mark, empty lines, a missing last line end, spaces around fields, and comment lines
// (#) above the header are accepted; quotes are not. The comment "# source: synthetic ..." marks drawn prices.
//
// # Numbers
//
// Prices are decimals, with an exponent or without, positive and at most 1e18 (spec 00 §0.0). They become fixed.Wad
// without a float in between. Up to 18 decimals nothing is rounded; further decimals are cut off, which rounds down
// by less than 1e-18, and a Warning counts them.
//
// # What is wrong with a file
//
// Duplicate times, disorder, zero, negative and missing prices, lines of the wrong length, times that are not UTC,
// gaps, jumps and a history of fewer than two rows are errors: a DefectError names file, line, asset and value. The
// first ten are listed, the others counted.
//
// # Gaps
//
// The step of a file is the median distance of its rows. A longer distance is a gap. Gaps of up to 48 hours or ten
// steps, whichever is longer, are kept as they are: time simply jumps there, and a Warning counts them. That covers
// the maintenance of exchanges (34 hours is the longest on record in our data) and the weekends and holidays of
// stock exchanges (5 days). A longer gap is an error, because the price on the other side cannot be traded toward;
// an asset that was delisted for 166 days shows it. Options.MaxGapSteps sets another limit. Options.ForwardFill
// repeats the last row, or the last price where a field is empty, for up to that many steps, and says so.
//
// # Jumps
//
// A rise by a factor of 100 in one step, or of 10 across a gap, is an error: such a price belongs to another asset
// under the same ticker (LUNA after the crash: a factor of 171,000 after 18 days). The largest true rise that we
// have seen is 3.8 in an hour (LUNA, 11 May 2022). A fall is never an error, since real ones have no floor (LUNA
// lost a factor of 7.5 in its last hour and of 3,365 in its last day); below a hundredth it is a Warning.
//
// # Limits
//
// 1,024 assets to a file, 64 bytes to a name. A table takes 32 bytes per price and 8 per row.
package price
