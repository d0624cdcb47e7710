package types

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/x/internal/code"
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
	return code.Wrap(err, []code.Code{
		{Engine: cycle.ErrConfig, Registered: ErrParams},
		{Engine: cycle.ErrPortfolio, Registered: ErrPortfolio},
		{Engine: cycle.ErrPolicy, Registered: ErrPortfolio},
		{Engine: cycle.ErrInput, Registered: ErrStep},
		{Engine: cycle.ErrTime, Registered: ErrStep},
		{Engine: cycle.ErrBook, Registered: ErrStep},
		{Engine: asset.ErrAsset, Registered: ErrStep},
	})
}
