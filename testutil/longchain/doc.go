// Package longchain is a chain that was never run: a source for a history of any size, made from a few numbers. Every
// block is a round in which all portfolios decide, some order, and two lots are sold. It is for tests of speed: what it
// says is well formed, and means nothing.
package longchain
