package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	"cosmossdk.io/core/store"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/gogoproto/proto"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// Keeper holds the collections of the module. It has no state of its own.
type Keeper struct {
	authority string

	Schema collections.Schema
	Params collections.Item[types.Params]
	// Assets in the order of registration; an index is for life.
	Assets collections.Map[uint16, types.Asset]
	Denoms collections.Map[string, uint16]
	// What belongs to one asset is one value: aggregating reads few of them.
	Sources   collections.Map[uint16, types.SourceList]
	Reports   collections.Map[uint16, []types.LastReport]
	Histories collections.Map[uint16, oracle.History]
	Clearings collections.Map[uint16, oracle.ClearingPrice]
	// Prices as of the begin of the block, one for every asset.
	Prices collections.Item[oracle.Snapshot]
	// Points of the price history by asset and unix seconds.
	Points collections.Map[collections.Pair[uint16, int64], oracle.Price]
}

// New makes a keeper whose params, assets and sources the authority changes.
func New(cdc codec.BinaryCodec, service store.KVStoreService, authority string) (Keeper, error) {
	b := collections.NewSchemaBuilder(service)
	k := Keeper{
		authority: authority,
		Params:    collections.NewItem(b, types.ParamsKey(), "params", codec.CollValue[types.Params](cdc)),
		Assets: collections.NewMap(b, types.AssetsKey(), "assets", collections.Uint16Key,
			codec.CollValue[types.Asset](cdc)),
		Denoms: collections.NewMap(b, types.DenomsKey(), "denoms", collections.StringKey, collections.Uint16Value),
		Sources: collections.NewMap(b, types.SourcesKey(), "sources", collections.Uint16Key,
			codec.CollValue[types.SourceList](cdc)),
		Reports: collections.NewMap(b, types.ReportsKey(), "reports", collections.Uint16Key, types.ReportsCodec()),
		Histories: collections.NewMap(b, types.HistoriesKey(), "histories", collections.Uint16Key,
			types.HistoryCodec()),
		Clearings: collections.NewMap(b, types.ClearingsKey(), "clearings", collections.Uint16Key,
			types.ClearingsCodec()),
		Prices: collections.NewItem(b, types.SnapshotKey(), "snapshot", types.SnapshotCodec()),
		Points: collections.NewMap(b, types.PointsKey(), "points",
			collections.PairKeyCodec(collections.Uint16Key, collections.Int64Key), types.PriceCodec()),
	}
	var err error
	k.Schema, err = b.Build()
	return k, err
}

// Universe is all assets in the order of registration, the disabled ones included.
func (k Keeper) Universe(ctx context.Context) (asset.Universe, error) {
	assets, err := k.list(ctx)
	if err != nil {
		return asset.Universe{}, err
	}
	return types.Universe(assets)
}

// Snapshot is the prices as of the begin of the block, by asset.Index. That of a disabled asset has no status.
func (k Keeper) Snapshot(ctx context.Context) (oracle.Snapshot, error) { return k.Prices.Get(ctx) }

// Tradable reports whether an asset may be newly targeted and bought: it is neither in wind-down nor disabled. What
// is in wind-down is still valued and sold. An unknown index is ErrUnknownAsset.
func (k Keeper) Tradable(ctx context.Context, a asset.Index) (bool, error) {
	found, err := k.at(ctx, a)
	return found.Status == types.AssetActive, err
}

// Clear takes the clearing of an auction in which an asset was sold, or says why not. It is a source of the asset's
// price from the next block on, if a source of class auction is registered.
func (k Keeper) Clear(ctx context.Context, a asset.Index, c oracle.Clearing) (oracle.Refusal, error) {
	found, err := k.at(ctx, a)
	if err != nil {
		return oracle.RefusalNone, err
	}
	if found.Status == types.AssetDisabled { // its lots may close after it has gone: it forgot what it knew
		return oracle.RefusalDisabled, nil
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return oracle.RefusalNone, err
	}
	cfg, err := params.Clearing.Engine()
	if err != nil {
		return oracle.RefusalNone, err
	}
	price, err := orZero(k.Clearings.Get(ctx, uint16(a)))
	if err != nil {
		return oracle.RefusalNone, err
	}
	if refusal := price.Add(&cfg, c); refusal != oracle.RefusalNone {
		return refusal, nil
	}
	return oracle.RefusalNone, k.Clearings.Set(ctx, uint16(a), price)
}

// orZero is a value that is zero until it is stored.
func orZero[T any](value T, err error) (T, error) {
	if errors.Is(err, collections.ErrNotFound) {
		err = nil
	}
	return value, err
}

// emit writes an event. That an event cannot be written is no reason to undo what it tells.
func emit(ctx context.Context, event proto.Message) {
	c := sdk.UnwrapSDKContext(ctx)
	if err := c.EventManager().EmitTypedEvent(event); err != nil {
		c.Logger().Error("event not written", "module", types.ModuleName, "err", err)
	}
}
