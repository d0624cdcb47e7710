package types

import (
	"encoding/binary"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/address"
)

const (
	// ModuleName is the name of the module.
	ModuleName = "portfolio"
	// StoreKey is the name of its store.
	StoreKey = ModuleName
)

// Prefixes of the store.
const (
	paramsPrefix = iota
	nextIDPrefix
	recordsPrefix
	memoryPrefix
	openPrefix
	inMarketPrefix
	ownersPrefix
	duePrefix
	quarantinePrefix
	flightsPrefix
)

// ParamsKey is where the params are.
func ParamsKey() collections.Prefix { return collections.NewPrefix(paramsPrefix) }

// NextIDKey is where the id of the next portfolio is.
func NextIDKey() collections.Prefix { return collections.NewPrefix(nextIDPrefix) }

// RecordsKey is where the records are, by id.
func RecordsKey() collections.Prefix { return collections.NewPrefix(recordsPrefix) }

// MemoryKey is where the engine's memory of portfolios is, by id.
func MemoryKey() collections.Prefix { return collections.NewPrefix(memoryPrefix) }

// OpenKey is where the ids of portfolios are that take part in rounds.
func OpenKey() collections.Prefix { return collections.NewPrefix(openPrefix) }

// InMarketKey is where the ids of portfolios are that have orders in the market.
func InMarketKey() collections.Prefix { return collections.NewPrefix(inMarketPrefix) }

// OwnersKey is where ids are by owner, the closed ones last.
func OwnersKey() collections.Prefix { return collections.NewPrefix(ownersPrefix) }

// DueKey is where payments and payouts are by the time of their next attempt.
func DueKey() collections.Prefix { return collections.NewPrefix(duePrefix) }

// QuarantineKey is where the reasons are why portfolios cannot be read, by id.
func QuarantineKey() collections.Prefix { return collections.NewPrefix(quarantinePrefix) }

// FlightsKey is where transfers over IBC are that have not ended, by portfolio, channel and sequence.
func FlightsKey() collections.Prefix { return collections.NewPrefix(flightsPrefix) }

// Account is the address of a portfolio's account.
func Account(id uint64) sdk.AccAddress {
	return address.Module(ModuleName, binary.BigEndian.AppendUint64(nil, id))
}
