// Package devnet keeps what a network of validators has agreed on, so that it can be executed again: the start of the
// chain, and for each block what consensus handed to the application and what the application answered.
//
// A file is compressed by gzip and holds messages of CometBFT with their lengths before them: RequestInitChain, then
// RequestFinalizeBlock and ResponseFinalizeBlock in turn. Of an answer it keeps what validators agree on: the hash of
// the state, and of each transaction its code, its data and its gas.
package devnet
