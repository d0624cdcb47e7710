// Package sparing keeps what is already stored from being stored again.
package sparing
