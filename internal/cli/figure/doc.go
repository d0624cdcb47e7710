// Package figure writes numbers and tables for people. Numbers are rounded half away from zero from their exact
// decimals; a negative zero is never shown. What programs read is written elsewhere, exactly.
package figure
