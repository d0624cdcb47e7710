package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	"cosmossdk.io/core/store"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/report"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// Keeper is the state of the rebalancer. It holds no memory between calls.
type Keeper struct {
	keepers   types.Keepers
	authority string
	escrow    sdk.AccAddress
	auction   sdk.AccAddress

	Schema    collections.Schema
	Params    collections.Item[types.Params]
	Pending   collections.Item[types.Params] // wait for the end of the running round
	Halted    collections.Item[bool]
	Round     collections.Item[cycle.Round]
	Progress  collections.Item[types.Progress]
	Summaries collections.Map[uint64, report.Summary]                         // by slot: round modulo history
	Records   collections.Map[collections.Pair[uint64, uint64], report.Entry] // by slot and portfolio
	Debts     collections.Map[uint64, types.Debt]                             // by portfolio
}

// New makes the keeper. It fails only when the store's schema is wrong.
func New(cdc codec.BinaryCodec, service store.KVStoreService, keepers types.Keepers, authority string) (Keeper, error) {
	sb := collections.NewSchemaBuilder(service)
	k := Keeper{
		keepers: keepers, authority: authority,
		escrow:  authtypes.NewModuleAddress(types.ModuleName),
		auction: authtypes.NewModuleAddress(types.AuctionModule),

		Params:   collections.NewItem(sb, types.ParamsKey, "params", codec.CollValue[types.Params](cdc)),
		Pending:  collections.NewItem(sb, types.PendingKey, "pending", codec.CollValue[types.Params](cdc)),
		Halted:   collections.NewItem(sb, types.HaltedKey, "halted", collections.BoolValue),
		Round:    collections.NewItem(sb, types.RoundKey, "round", types.RoundCodec),
		Progress: collections.NewItem(sb, types.ProgressKey, "progress", types.ProgressCodec),
		Summaries: collections.NewMap(
			sb, types.SummaryKey, "summaries", collections.Uint64Key, types.SummaryCodec),
		Records: collections.NewMap(
			sb, types.RecordKey, "records", collections.PairKeyCodec(collections.Uint64Key, collections.Uint64Key),
			types.EntryCodec),
		Debts: collections.NewMap(sb, types.DebtKey, "debts", collections.Uint64Key, codec.CollValue[types.Debt](cdc)),
	}
	var err error
	k.Schema, err = sb.Build()
	return k, err
}

// Migrations are what brings the store from each of its versions to the next, from version 1 on. There is none yet.
func (Keeper) Migrations() []module.MigrationHandler { return nil }

// get reads an item; one that was never written is its zero value.
func get[V any](ctx context.Context, item collections.Item[V]) (V, error) {
	v, err := item.Get(ctx)
	if errors.Is(err, collections.ErrNotFound) {
		var zero V
		return zero, nil
	}
	return v, err
}

// find reads a value of a map; found says that there is one.
func find[K, V any](ctx context.Context, m collections.Map[K, V], key K) (v V, found bool, err error) {
	v, err = m.Get(ctx, key)
	if errors.Is(err, collections.ErrNotFound) {
		var zero V
		return zero, false, nil
	}
	return v, err == nil, err
}

// emit tells the world. What cannot be told is a defect of an event's type and must not stop a block.
func emit(ctx context.Context, event interface {
	Reset()
	String() string
	ProtoMessage()
},
) {
	sdkCtx := sdk.UnwrapSDKContext(ctx)
	if err := sdkCtx.EventManager().EmitTypedEvent(event); err != nil {
		sdkCtx.Logger().Error("event not emitted", "module", types.ModuleName, "error", err)
	}
}
