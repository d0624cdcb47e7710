// Package entry reads what a person writes about a treasury beside its policy: holdings, prices, and what a backtest
// begins with. The command line and the lab in a browser read the same words.
package entry
