package types

import (
	"bytes"
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

// accountStem is the first 24 of the 32 bytes of the address of every portfolio: of a hash, so that nobody finds a key
// or another module's account whose address begins with them.
var accountStem = address.Module(ModuleName, []byte("accounts"))[:24]

// Account is the address of a portfolio's account: the stem, and the id in eight bytes. So the accounts of portfolios
// stand side by side in the order of their ids, and what they hold with them.
func Account(id uint64) sdk.AccAddress {
	return binary.BigEndian.AppendUint64(bytes.Clone(accountStem), id)
}

// OfAccount is the inverse of Account; it is not found for an address that is not a portfolio's.
func OfAccount(addr sdk.AccAddress) (id uint64, found bool) {
	if len(addr) != len(accountStem)+8 || !bytes.HasPrefix(addr, accountStem) {
		return 0, false
	}
	return binary.BigEndian.Uint64(addr[len(accountStem):]), true
}
