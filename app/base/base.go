package base

import (
	"os"

	sdk "github.com/cosmos/cosmos-sdk/types"
)

const (
	// AddressPrefix is the human-readable part of account addresses.
	AddressPrefix = "ballast"
	// BondDenom is what validators stake and fees are paid in: millionths of a BLST.
	BondDenom = "ublst"
	// BondExponent is the exponent of BondDenom's display unit.
	BondExponent = 6
)

// The SDK keeps these in globals that everything below reads; they are set once, before anything runs.
func init() { //nolint:gochecknoinits // the SDK offers no other way
	// Without a name of its own the configuration is found by asking the system for host and file, at every address.
	if os.Getenv(sdk.EnvConfigScope) == "" {
		_ = os.Setenv(sdk.EnvConfigScope, AddressPrefix) // it fails for malformed names only
	}
	cfg := sdk.GetConfig()
	cfg.SetBech32PrefixForAccount(AddressPrefix, AddressPrefix+"pub")
	cfg.SetBech32PrefixForValidator(AddressPrefix+"valoper", AddressPrefix+"valoperpub")
	cfg.SetBech32PrefixForConsensusNode(AddressPrefix+"valcons", AddressPrefix+"valconspub")
	sdk.DefaultBondDenom = BondDenom
}
