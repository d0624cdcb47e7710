// Package ibctest tests the interchain: chains of ours that are linked by the test kit of ibc-go, in which blocks are
// made by hand, and whole nodes with a relayer between them. It has tests only. After each the money on all chains is
// counted: what one side keeps in escrow is what the other side issued for it.
package ibctest
