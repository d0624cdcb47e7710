// Package keeper keeps portfolios: it loads them for rounds and stores what rounds made of them, hears their owners,
// and makes their payments. What is decided is decided by engine/cycle.
package keeper
