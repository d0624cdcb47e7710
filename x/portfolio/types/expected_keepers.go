package types

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"
	transfertypes "github.com/cosmos/ibc-go/v11/modules/apps/transfer/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// AccountKeeper makes the accounts of portfolios.
type AccountKeeper interface {
	GetAccount(ctx context.Context, addr sdk.AccAddress) sdk.AccountI
	NewAccountWithAddress(ctx context.Context, addr sdk.AccAddress) sdk.AccountI
	SetAccount(ctx context.Context, account sdk.AccountI)
}

// BankKeeper holds and moves coins.
type BankKeeper interface {
	GetBalance(ctx context.Context, addr sdk.AccAddress, denom string) sdk.Coin
	// WalkBalances hands over what the accounts from one address to another hold, the last one excluded, by account
	// and denom, until take returns false.
	WalkBalances(
		ctx context.Context, from, end sdk.AccAddress, take func(addr sdk.AccAddress, coin sdk.Coin) (more bool),
	) error
	SendCoins(ctx context.Context, from, to sdk.AccAddress, amount sdk.Coins) error
	BlockedAddr(addr sdk.AccAddress) bool
}

// OracleKeeper knows assets and prices.
type OracleKeeper interface {
	// Universe is append-only: an index is for life.
	Universe(ctx context.Context) (asset.Universe, error)
	// Snapshot is the prices of this block, by index.
	Snapshot(ctx context.Context) (oracle.Snapshot, error)
	// Tradable reports an asset that may be newly targeted: neither in wind-down nor disabled.
	Tradable(ctx context.Context, a asset.Index) (bool, error)
}

// TransferKeeper sends over IBC. ibc-go's transfer keeper is one.
type TransferKeeper interface {
	Transfer(ctx context.Context, msg *transfertypes.MsgTransfer) (*transfertypes.MsgTransferResponse, error)
}

// Keepers are what portfolios need of others. Transfer may be nil: then nothing is paid over IBC.
type Keepers struct {
	Account  AccountKeeper
	Bank     BankKeeper
	Oracle   OracleKeeper
	Transfer TransferKeeper
}
