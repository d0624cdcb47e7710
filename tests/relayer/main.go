// Command rly is the Go relayer, https://github.com/cosmos/relayer, at the version that go.mod pins.
//
// It is a module of its own: the relayer is built on an older Cosmos SDK than the chain, and nothing else needs that.
package main

import (
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/relayer/v2/cmd"
)

func main() {
	// Addresses of two chains differ in their prefix alone; the SDK's cache of them would mix them up.
	sdk.SetAddrCacheEnabled(false)
	cmd.Execute()
}
