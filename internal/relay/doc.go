// Package relay carries packets of IBC v2 between two chains: for demos and tests. It is small rather than fast, and no
// replacement for a real relayer: it has one key, sends one transaction at a time, and pays no attention to cost.
//
//	Link     makes two chains known to each other: a client on each, and each the counterparty of the other
//	Step     carries what is waiting on both sides once: packets, acknowledgements, timeouts
//	Run      steps until it is told to stop
//
// It remembers nothing that a chain does not: after a restart it reads the blocks again and asks the chains which
// packets are still open. A chain is talked to by the RPC of CometBFT, inside the process or over HTTP.
package relay
