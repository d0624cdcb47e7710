package types

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// AccountKeeper knows accounts.
type AccountKeeper interface {
	GetAccount(ctx context.Context, addr sdk.AccAddress) sdk.AccountI
	GetModuleAddress(name string) sdk.AccAddress
}

// BankKeeper moves coins.
type BankKeeper interface {
	GetBalance(ctx context.Context, addr sdk.AccAddress, denom string) sdk.Coin
	SendCoinsFromAccountToModule(ctx context.Context, from sdk.AccAddress, module string, coins sdk.Coins) error
	SendCoinsFromModuleToAccount(ctx context.Context, module string, to sdk.AccAddress, coins sdk.Coins) error
}

// OracleKeeper knows assets and prices.
type OracleKeeper interface {
	Universe(ctx context.Context) (asset.Universe, error)
	Snapshot(ctx context.Context) (oracle.Snapshot, error)
	// Tradable reports an asset that may be newly bought: neither in wind-down nor disabled.
	Tradable(ctx context.Context, a asset.Index) (bool, error)
}

// SellerKeeper knows who sells.
type SellerKeeper interface {
	// Sells reports the owner of a portfolio that has an order of the pair in the market.
	Sells(ctx context.Context, who sdk.AccAddress, sell, buy asset.Index) (bool, error)
}

// Keepers are what the auctions need of others.
type Keepers struct {
	Account AccountKeeper
	Bank    BankKeeper
	Oracle  OracleKeeper
	Seller  SellerKeeper
}
