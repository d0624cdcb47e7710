// Package wallet signs and sends the transactions of one account, one after the other, without waiting for blocks in
// between: it counts the account's transactions itself and starts counting anew when the chain disagrees.
package wallet
