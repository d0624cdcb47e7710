package app

import (
	"os"
	"path/filepath"

	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"

	"github.com/ballast-finance/ballast/app/base"
)

const (
	// Name is the program's.
	Name = "ballastd"
	// AddressPrefix is the human-readable part of account addresses.
	AddressPrefix = base.AddressPrefix
	// BondDenom is what validators stake and fees are paid in.
	BondDenom = base.BondDenom
	// BondExponent is the exponent of BondDenom's display unit.
	BondExponent = base.BondExponent
)

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
