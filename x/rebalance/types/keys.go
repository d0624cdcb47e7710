package types

import "cosmossdk.io/collections"

const (
	// ModuleName names the module, its store and its account.
	ModuleName = "rebalance"
	// StoreKey names the store.
	StoreKey = ModuleName
	// AuctionModule names the account that holds the units of lots and of standalone sellers.
	AuctionModule = "auction"
)

// Prefixes of the store.
var (
	ParamsKey   = collections.NewPrefix(0)
	PendingKey  = collections.NewPrefix(1)
	HaltedKey   = collections.NewPrefix(2)
	RoundKey    = collections.NewPrefix(3)
	ProgressKey = collections.NewPrefix(4)
	SummaryKey  = collections.NewPrefix(5)
	RecordKey   = collections.NewPrefix(6)
	DebtKey     = collections.NewPrefix(7)
)
