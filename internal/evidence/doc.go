// Command evidence makes the tables and pictures of docs/guides/evidence.md and docs/guides/crashes.md from recorded
// prices: the same engine, auctions and market makers for every rival. It is run by `make evidence`.
//
// Floats appear in the statistics of the reports only: block-bootstrap intervals and pictures.
package main
