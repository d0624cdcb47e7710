package types

import (
	"errors"

	errorsmod "cosmossdk.io/errors"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
)

// Errors of the module.
var (
	ErrParams    = errorsmod.Register(ModuleName, 2, "invalid parameters")
	ErrSigner    = errorsmod.Register(ModuleName, 3, "not allowed")
	ErrAddress   = errorsmod.Register(ModuleName, 4, "invalid address")
	ErrHalted    = errorsmod.Register(ModuleName, 5, "rounds are halted")
	ErrRunning   = errorsmod.Register(ModuleName, 6, "rounds are not halted")
	ErrReason    = errorsmod.Register(ModuleName, 7, "invalid reason")
	ErrDebt      = errorsmod.Register(ModuleName, 8, "nothing is owed")
	ErrRecord    = errorsmod.Register(ModuleName, 9, "no record")
	ErrPortfolio = errorsmod.Register(ModuleName, 10, "portfolio cannot be loaded")
	ErrStep      = errorsmod.Register(ModuleName, 11, "step failed")
	ErrTransfer  = errorsmod.Register(ModuleName, 12, "transfer failed")
	ErrGenesis   = errorsmod.Register(ModuleName, 13, "invalid genesis")
	ErrRequest   = errorsmod.Register(ModuleName, 14, "invalid request")
)

// Registered gives an error of the engine the code that clients see. What is unknown to it stays as it is.
func Registered(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, cycle.ErrConfig):
		return ErrParams.Wrap(err.Error())
	case errors.Is(err, cycle.ErrPortfolio), errors.Is(err, cycle.ErrPolicy):
		return ErrPortfolio.Wrap(err.Error())
	case errors.Is(err, cycle.ErrInput), errors.Is(err, cycle.ErrTime), errors.Is(err, cycle.ErrBook),
		errors.Is(err, asset.ErrAsset):
		return ErrStep.Wrap(err.Error())
	}
	return err
}
