// Package prices lets the operator of a validator look at the prices that it would vote with.
package prices
