package app

import (
	"os"
	"path/filepath"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
)

const (
	// Name is the program's.
	Name = "ballastd"
	// AddressPrefix is the human-readable part of account addresses.
	AddressPrefix = "ballast"
	// BondDenom is what validators stake and fees are paid in: millionths of a BLST.
	BondDenom = "ublst"
	// BondExponent is the exponent of BondDenom's display unit.
	BondExponent = 6
)

// The SDK keeps these in globals that everything below reads; they are set once, before anything runs.
func init() { //nolint:gochecknoinits // the SDK offers no other way
	cfg := sdk.GetConfig()
	cfg.SetBech32PrefixForAccount(AddressPrefix, AddressPrefix+"pub")
	cfg.SetBech32PrefixForValidator(AddressPrefix+"valoper", AddressPrefix+"valoperpub")
	cfg.SetBech32PrefixForConsensusNode(AddressPrefix+"valcons", AddressPrefix+"valconspub")
	sdk.DefaultBondDenom = BondDenom
}

// DefaultHome is the folder of a node: what BALLASTD_HOME says, else .ballastd in the user's home.
func DefaultHome() string {
	if folder := os.Getenv("BALLASTD_HOME"); folder != "" {
		return folder
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	return filepath.Join(home, "."+Name)
}

// Authority is the account that may change parameters: the governance module's.
func Authority() string { return authtypes.NewModuleAddress(govtypes.ModuleName).String() }
