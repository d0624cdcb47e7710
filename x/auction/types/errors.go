package types

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/internal/code"
)

var (
	// ErrInvalid says that a field of a message cannot be read or is out of range.
	ErrInvalid = errorsmod.Register(ModuleName, 2, "invalid message")
	// ErrUnknownLot says that there is no such lot.
	ErrUnknownLot = errorsmod.Register(ModuleName, 3, "unknown lot")
	// ErrUnknownBid says that the sender has no such bid.
	ErrUnknownBid = errorsmod.Register(ModuleName, 4, "unknown bid")
	// ErrUnknownSale says that the sender has no such sale.
	ErrUnknownSale = errorsmod.Register(ModuleName, 5, "unknown sale")
	// ErrUnknownDenom says that a denom is not listed.
	ErrUnknownDenom = errorsmod.Register(ModuleName, 6, "unknown denom")
	// ErrLotState says that a lot takes no bids, or not this operation, in its state.
	ErrLotState = errorsmod.Register(ModuleName, 7, "wrong state of the lot")
	// ErrBid says that a bid is not acceptable.
	ErrBid = errorsmod.Register(ModuleName, 8, "invalid bid")
	// ErrSmall says that a bid or a sale is worth less than the least value.
	ErrSmall = errorsmod.Register(ModuleName, 9, "too small")
	// ErrOverflow says that amounts do not fit.
	ErrOverflow = errorsmod.Register(ModuleName, 10, "amounts too large")
	// ErrTooMany says that an account has as many bids or sales as it may.
	ErrTooMany = errorsmod.Register(ModuleName, 11, "too many")
	// ErrBookFull says that the book is full of better bids.
	ErrBookFull = errorsmod.Register(ModuleName, 12, "book full")
	// ErrCancelled says that a bid was cancelled before.
	ErrCancelled = errorsmod.Register(ModuleName, 13, "cancelled already")
	// ErrPaused says that the auctions are paused, or are not.
	ErrPaused = errorsmod.Register(ModuleName, 14, "paused")
	// ErrUnauthorized says that the sender may not do this.
	ErrUnauthorized = errorsmod.Register(ModuleName, 15, "unauthorized")
	// ErrNothing says that nothing is owed.
	ErrNothing = errorsmod.Register(ModuleName, 16, "nothing to claim")
	// ErrParams says that terms are out of range.
	ErrParams = errorsmod.Register(ModuleName, 17, "invalid params")
	// ErrGenesis says that a genesis state is not consistent.
	ErrGenesis = errorsmod.Register(ModuleName, 18, "invalid genesis")
	// ErrInMarket says that a sale is part of the round that runs.
	ErrInMarket = errorsmod.Register(ModuleName, 19, "sale in the market")
	// ErrWindDown says that an asset may not be bought any more.
	ErrWindDown = errorsmod.Register(ModuleName, 20, "asset in wind-down")
)

// Map gives an error of the engine the code under which the chain reports it.
func Map(err error) error {
	return code.Wrap(err, []code.Code{
		{Engine: fixed.ErrOverflow, Registered: ErrOverflow},
		{Engine: auction.ErrState, Registered: ErrLotState},
		{Engine: auction.ErrTime, Registered: ErrLotState},
		{Engine: auction.ErrBid, Registered: ErrBid},
		{Engine: auction.ErrBook, Registered: ErrBookFull},
	})
}
