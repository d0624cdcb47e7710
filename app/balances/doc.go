// Package balances reads what accounts hold that stand side by side.
package balances
