package types

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/x/internal/code"
)

// Errors of the module. Their codes are part of what the chain computes and never change.
var (
	ErrParams       = errorsmod.Register(ModuleName, 2, "invalid params")
	ErrNotFound     = errorsmod.Register(ModuleName, 3, "no such portfolio")
	ErrNotAllowed   = errorsmod.Register(ModuleName, 4, "not allowed")
	ErrPolicy       = errorsmod.Register(ModuleName, 5, "invalid policy")
	ErrUnknownAsset = errorsmod.Register(ModuleName, 6, "unknown asset")
	ErrWindDown     = errorsmod.Register(ModuleName, 7, "asset may not be newly bought")
	ErrClosed       = errorsmod.Register(ModuleName, 8, "portfolio is closed")
	ErrBusy         = errorsmod.Register(ModuleName, 9, "orders are in the market")
	ErrPaused       = errorsmod.Register(ModuleName, 10, "already paused")
	ErrNotPaused    = errorsmod.Register(ModuleName, 11, "not paused")
	ErrFunds        = errorsmod.Register(ModuleName, 12, "not enough")
	ErrAmount       = errorsmod.Register(ModuleName, 13, "invalid amount")
	ErrRecipient    = errorsmod.Register(ModuleName, 14, "invalid recipient")
	ErrOrder        = errorsmod.Register(ModuleName, 15, "invalid one-time order")
	ErrPayment      = errorsmod.Register(ModuleName, 16, "invalid payment")
	ErrPaymentDue   = errorsmod.Register(ModuleName, 17, "payments are due")
	ErrTransfer     = errorsmod.Register(ModuleName, 18, "no transfers over IBC here")
	ErrRelease      = errorsmod.Register(ModuleName, 19, "halt not released")
	ErrBudget       = errorsmod.Register(ModuleName, 20, "invalid loss budget")
	ErrTooMany      = errorsmod.Register(ModuleName, 21, "too many")
	ErrName         = errorsmod.Register(ModuleName, 22, "invalid name")
	ErrAddress      = errorsmod.Register(ModuleName, 23, "invalid address")
	ErrGains        = errorsmod.Register(ModuleName, 24, "invalid gains")
	ErrStored       = errorsmod.Register(ModuleName, 25, "stored value cannot be read")
	ErrGenesis      = errorsmod.Register(ModuleName, 26, "invalid genesis")
)

// Wrap gives an error of the engine its code. Others are returned as they are.
func Wrap(err error) error {
	return code.Wrap(err, []code.Code{
		{Engine: cycle.ErrBusy, Registered: ErrBusy},
		{Engine: cycle.ErrRelease, Registered: ErrRelease},
		{Engine: cycle.ErrOneTime, Registered: ErrOrder},
		{Engine: cycle.ErrEarmark, Registered: ErrFunds},
		{Engine: settle.ErrBudget, Registered: ErrBudget},
		{Engine: pid.ErrGains, Registered: ErrGains},
		{Engine: asset.ErrUnknown, Registered: ErrUnknownAsset},
		{Engine: project.ErrInput, Registered: ErrPayment},
		{Engine: cycle.ErrPolicy, Registered: ErrPolicy},
		{Engine: cycle.ErrPortfolio, Registered: ErrStored},
		{Engine: fixed.ErrOverflow, Registered: ErrAmount},
		{Engine: fixed.ErrNegative, Registered: ErrAmount},
		{Engine: fixed.ErrSyntax, Registered: ErrAmount},
	})
}
