package types

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/internal/code"
)

// Errors of the module. Their codes are part of what the chain computes and never change.
var (
	ErrParams       = errorsmod.Register(ModuleName, 2, "invalid params")
	ErrAsset        = errorsmod.Register(ModuleName, 3, "invalid asset")
	ErrUnknownAsset = errorsmod.Register(ModuleName, 4, "unknown asset")
	ErrAssetExists  = errorsmod.Register(ModuleName, 5, "asset exists")
	ErrTooMany      = errorsmod.Register(ModuleName, 6, "too many")
	ErrSource       = errorsmod.Register(ModuleName, 7, "invalid source")
	ErrReport       = errorsmod.Register(ModuleName, 8, "invalid report")
	ErrReporter     = errorsmod.Register(ModuleName, 9, "not a reporter")
	ErrPrice        = errorsmod.Register(ModuleName, 10, "invalid price")
	ErrTime         = errorsmod.Register(ModuleName, 11, "invalid time")
	ErrGenesis      = errorsmod.Register(ModuleName, 12, "invalid genesis")
	ErrVote         = errorsmod.Register(ModuleName, 13, "invalid vote extension")
)

// Wrap gives an error of the engine its code. Others are returned as they are.
func Wrap(err error) error {
	return code.Wrap(err, []code.Code{
		{Engine: oracle.ErrConfig, Registered: ErrParams},
		{Engine: oracle.ErrSource, Registered: ErrSource},
		{Engine: oracle.ErrPrice, Registered: ErrPrice},
		{Engine: oracle.ErrTime, Registered: ErrTime},
		{Engine: oracle.ErrFuture, Registered: ErrTime},
		{Engine: oracle.ErrStale, Registered: ErrTime},
		{Engine: asset.ErrAsset, Registered: ErrAsset},
	})
}
