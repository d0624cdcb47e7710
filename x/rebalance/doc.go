// Package rebalance is the module that hosts the cycle: prices freeze, portfolios decide, opposite orders cross, the
// rest goes to auction, everybody is paid.
package rebalance
