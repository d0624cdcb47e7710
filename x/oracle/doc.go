// Package oracle is the module that turns the reports of many sources into one price per asset, in every block. The
// arithmetic is engine/oracle; README.md says what is stored, asked and emitted.
package oracle
