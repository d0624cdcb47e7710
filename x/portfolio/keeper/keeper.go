package keeper

import (
	"context"

	"cosmossdk.io/collections"
	"cosmossdk.io/core/store"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/gogoproto/proto"

	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// ownerKey orders portfolios by owner, the closed ones last, and id.
type ownerKey = collections.Triple[sdk.AccAddress, bool, uint64]

// Keeper holds the collections of the module. It has no memory between calls.
type Keeper struct {
	keepers   types.Keepers
	authority string

	Schema collections.Schema
	Params collections.Item[types.Params]
	NextID collections.Item[uint64]
	// Records and Memory are the two values of a portfolio, by id. Open, Market, Owners and Due follow from them.
	Records    collections.Map[uint64, types.Portfolio]
	Memory     collections.Map[uint64, types.Memory]
	Open       collections.KeySet[uint64] // takes part in rounds
	Market     collections.KeySet[uint64] // has orders in the market
	Owners     collections.KeySet[ownerKey]
	Due        collections.KeySet[types.DueItem]
	Quarantine collections.Map[uint64, string] // the reason
	Flights    collections.Map[types.FlightKey, types.Flight]
}

// New makes a keeper whose params the authority changes. It fails only when the store's schema is wrong.
func New(cdc codec.BinaryCodec, service store.KVStoreService, keepers types.Keepers, authority string) (Keeper, error) {
	b := collections.NewSchemaBuilder(service)
	k := Keeper{
		keepers: keepers, authority: authority,
		Params: collections.NewItem(b, types.ParamsKey(), "params", codec.CollValue[types.Params](cdc)),
		NextID: collections.NewItem(b, types.NextIDKey(), "next_id", collections.Uint64Value),
		Records: collections.NewMap(b, types.RecordsKey(), "records", collections.Uint64Key,
			codec.CollValue[types.Portfolio](cdc)),
		Memory: collections.NewMap(b, types.MemoryKey(), "memory", collections.Uint64Key, types.MemoryCodec),
		Open:   collections.NewKeySet(b, types.OpenKey(), "open", collections.Uint64Key),
		Market: collections.NewKeySet(b, types.InMarketKey(), "in_market", collections.Uint64Key),
		Owners: collections.NewKeySet(b, types.OwnersKey(), "owners",
			collections.TripleKeyCodec(sdk.AccAddressKey, collections.BoolKey, collections.Uint64Key)),
		Due: collections.NewKeySet(b, types.DueKey(), "due",
			collections.TripleKeyCodec(collections.Int64Key, collections.Uint64Key, collections.Uint64Key)),
		Quarantine: collections.NewMap(b, types.QuarantineKey(), "quarantine", collections.Uint64Key,
			collections.StringValue),
		Flights: collections.NewMap(b, types.FlightsKey(), "flights",
			collections.TripleKeyCodec(collections.Uint64Key, collections.StringKey, collections.Uint64Key),
			codec.CollValue[types.Flight](cdc)),
	}
	var err error
	k.Schema, err = b.Build()
	return k, err
}

// Account is where the units of a portfolio are. Anyone may send to it; only the module sends from it.
func (Keeper) Account(id uint64) sdk.AccAddress { return types.Account(id) }

// Migrations lead the store from one version to the next, the first from version 1. There are none yet.
func (Keeper) Migrations() []func(sdk.Context) error { return nil }

func now(ctx context.Context) int64 { return sdk.UnwrapSDKContext(ctx).BlockTime().Unix() }

// emit tells the world. What cannot be told is a defect of an event's type and must not stop a block.
func emit(ctx context.Context, event proto.Message) {
	sdkCtx := sdk.UnwrapSDKContext(ctx)
	if err := sdkCtx.EventManager().EmitTypedEvent(event); err != nil {
		sdkCtx.Logger().Error("event not emitted", "module", types.ModuleName, "error", err)
	}
}

// mark keeps an index: a key is in the set, or it is not.
func mark[K any](ctx context.Context, set collections.KeySet[K], key K, in bool) error {
	if in {
		return set.Set(ctx, key)
	}
	return set.Remove(ctx, key)
}
