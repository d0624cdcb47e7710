package types

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// OracleKeeper knows the assets and their prices.
type OracleKeeper interface {
	// Universe is append-only: an index is for life.
	Universe(ctx context.Context) (asset.Universe, error)
	// Snapshot is the prices of this block, by index.
	Snapshot(ctx context.Context) (oracle.Snapshot, error)
	// Clear hears what one of our auctions says about a price.
	Clear(ctx context.Context, a asset.Index, c oracle.Clearing) (oracle.Refusal, error)
}

// PortfolioKeeper keeps portfolios. One that cannot be loaded is left out of pages.
type PortfolioKeeper interface {
	// Page returns the portfolios above an id that are not closed, ascending.
	Page(ctx context.Context, after uint64, limit int) (page []cycle.Portfolio, last bool, err error)
	// InMarket returns those of them that have orders.
	InMarket(ctx context.Context, after uint64, limit int) (page []cycle.Portfolio, last bool, err error)
	// Save stores the states and hears what was noted on them.
	Save(ctx context.Context, page []cycle.Portfolio, notes []cycle.Note) error
	// Load returns one portfolio.
	Load(ctx context.Context, id uint64) (cycle.Portfolio, error)
	// Account is where the units of a portfolio are.
	Account(id uint64) sdk.AccAddress
}

// AuctionKeeper runs lots.
type AuctionKeeper interface {
	LotKeeper
	FrozenKeeper
	SaleKeeper
}

// LotKeeper opens lots and gives closed ones back.
type LotKeeper interface {
	// Open opens lots whose units lie in the auction's account.
	Open(ctx context.Context, lots []auction.Lot) error
	// Closed returns lots that closed and were not taken.
	Closed(ctx context.Context, limit int) ([]cycle.Closed, error)
	// Take forgets closed lots whose units and proceeds are brought back.
	Take(ctx context.Context, ids []uint64) error
	// Lot returns a lot that was not taken.
	Lot(ctx context.Context, id uint64) (auction.Lot, bool, error)
}

// FrozenKeeper knows the lots that a halt of the chain froze.
type FrozenKeeper interface {
	// Frozen returns lots that wait for a decision.
	Frozen(ctx context.Context, limit int) ([]auction.Lot, error)
	// Replace lets a lot go on with another curve.
	Replace(ctx context.Context, lot auction.Lot) error
	// Cancel closes a lot; what is unsold returns.
	Cancel(ctx context.Context, id uint64) error
}

// SaleKeeper keeps the sales of those who have no portfolio.
type SaleKeeper interface {
	// Sales returns the sales above an id, ascending.
	Sales(ctx context.Context, after uint64, limit int) (page []cycle.Sale, last bool, err error)
	// SaveSales stores sales after a step, and hears what settled ones brought.
	SaveSales(ctx context.Context, page []cycle.Sale, fills []cycle.SaleFill) error
}

// BankKeeper moves units.
type BankKeeper interface {
	SendCoins(ctx context.Context, from, to sdk.AccAddress, amount sdk.Coins) error
	// InputOutputCoins sends one account's coins to many: all of them or none.
	InputOutputCoins(ctx context.Context, from banktypes.Input, to []banktypes.Output) error
	GetBalance(ctx context.Context, account sdk.AccAddress, denom string) sdk.Coin
}

// Checker is a module that can say what does not add up in it.
type Checker interface {
	Invariants(ctx context.Context) []error
}

// Keepers are the modules that a round needs.
type Keepers struct {
	Oracle    OracleKeeper
	Portfolio PortfolioKeeper
	Auction   AuctionKeeper
	Bank      BankKeeper
	Checkers  []Checker // the other modules, for the query of all invariants
}
