package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"
	collcodec "cosmossdk.io/collections/codec"
	corestore "cosmossdk.io/core/store"

	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"github.com/cosmos/gogoproto/proto"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/auction/types"
)

// Keys of the collections.
type (
	bookKey  = collections.Triple[uint64, fixed.Wad, uint64]      // lot, limit, bid
	ownerKey = collections.Triple[sdk.AccAddress, uint64, uint64] // bidder, lot, bid
	timeKey  = collections.Triple[int64, uint64, uint64]          // time, lot, bid
	lotKey   = collections.Pair[uint64, uint64]                   // lot, bid
	claimKey = collections.Pair[sdk.AccAddress, uint64]           // owner, claim or sale
)

// Keeper keeps the auctions.
type Keeper struct {
	types.Keepers

	authority string

	Schema    collections.Schema
	Params    collections.Item[types.Params]
	Paused    collections.Item[bool]
	LastBlock collections.Item[int64]  // time of the last block
	Cursor    collections.Item[uint64] // last lot visited when not all were

	Halls  collections.Map[uint64, types.Hall]
	Books  collections.Map[uint64, types.Book]
	Live   collections.KeySet[uint64] // lots to clear
	Froze  collections.KeySet[uint64] // lots that wait for a price
	Over   collections.KeySet[uint64] // closed lots that wait to be taken
	Drains collections.KeySet[uint64] // closed lots with bids left
	Done   collections.KeySet[collections.Pair[int64, uint64]]

	Bids     collections.Map[bookKey, types.Resting]
	Owners   collections.Map[ownerKey, fixed.Wad]
	Expiries collections.Map[timeKey, fixed.Wad]
	Cancels  collections.Map[lotKey, fixed.Wad]
	Fills    collections.Map[ownerKey, types.Filled]
	Buyers   collections.Map[lotKey, sdk.AccAddress]

	Claims  collections.Map[claimKey, types.Owed]
	Queue   collections.Map[uint64, sdk.AccAddress] // claims to be paid
	ClaimID collections.Sequence
	Selling collections.Map[uint64, types.Selling]
	Sellers collections.KeySet[claimKey]
	SaleID  collections.Sequence
}

// New returns the keeper over a store. The authority may change the params.
func New(
	cdc codec.BinaryCodec, store corestore.KVStoreService, others types.Keepers, authority string,
) (Keeper, error) {
	sb := collections.NewSchemaBuilder(store)
	prefix := collections.NewPrefix[int]
	id, addr := collections.Uint64Key, sdk.AccAddressKey
	byOwner := collections.TripleKeyCodec(addr, id, id)
	byLot := collections.PairKeyCodec(id, id)
	byClaim := collections.PairKeyCodec(addr, id)
	addrValue := collcodec.KeyToValueCodec(addr)
	k := Keeper{
		Keepers: others, authority: authority,
		Params:    collections.NewItem(sb, prefix(types.ParamsPrefix), "params", codec.CollValue[types.Params](cdc)),
		Paused:    collections.NewItem(sb, prefix(types.PausedPrefix), "paused", collections.BoolValue),
		LastBlock: collections.NewItem(sb, prefix(types.LastBlockPrefix), "last_block", collections.Int64Value),
		Cursor:    collections.NewItem(sb, prefix(types.CursorPrefix), "cursor", collections.Uint64Value),

		Halls:  collections.NewMap(sb, prefix(types.HallsPrefix), "halls", id, types.HallCodec),
		Books:  collections.NewMap(sb, prefix(types.BooksPrefix), "books", id, types.BookCodec),
		Live:   collections.NewKeySet(sb, prefix(types.OpenPrefix), "open", id),
		Froze:  collections.NewKeySet(sb, prefix(types.FrozenPrefix), "frozen", id),
		Over:   collections.NewKeySet(sb, prefix(types.ClosedPrefix), "closed", id),
		Drains: collections.NewKeySet(sb, prefix(types.DrainPrefix), "drain", id),
		Done: collections.NewKeySet(sb, prefix(types.DonePrefix), "done",
			collections.PairKeyCodec(collections.Int64Key, id)),

		Bids: collections.NewMap(sb, prefix(types.BidsPrefix), "bids",
			collections.TripleKeyCodec(id, types.LimitKey, id), types.RestingCodec),
		Owners: collections.NewMap(sb, prefix(types.OwnersPrefix), "owners", byOwner, types.LimitCodec),
		Expiries: collections.NewMap(sb, prefix(types.ExpiriesPrefix), "expiries",
			collections.TripleKeyCodec(collections.Int64Key, id, id), types.LimitCodec),
		Cancels: collections.NewMap(sb, prefix(types.CancelsPrefix), "cancels", byLot, types.LimitCodec),
		Fills:   collections.NewMap(sb, prefix(types.FillsPrefix), "fills", byOwner, types.FilledCodec),
		Buyers:  collections.NewMap(sb, prefix(types.BuyersPrefix), "buyers", byLot, addrValue),

		Claims:  collections.NewMap(sb, prefix(types.ClaimsPrefix), "claims", byClaim, types.OwedCodec),
		Queue:   collections.NewMap(sb, prefix(types.QueuePrefix), "queue", id, addrValue),
		ClaimID: collections.NewSequence(sb, prefix(types.ClaimIDPrefix), "claim_id"),
		Selling: collections.NewMap(sb, prefix(types.SalesPrefix), "sales", id, types.SellingCodec),
		Sellers: collections.NewKeySet(sb, prefix(types.SellersPrefix), "sellers", byClaim),
		SaleID:  collections.NewSequence(sb, prefix(types.SaleIDPrefix), "sale_id"),
	}
	schema, err := sb.Build()
	k.Schema = schema
	return k, err
}

// Authority may change the params.
func (k Keeper) Authority() string { return k.authority }

// paused reports that nothing clears.
func (k Keeper) paused(ctx context.Context) (bool, error) {
	return k.Paused.Has(ctx)
}

// lastBlock is the time of the last block that the auctions saw, 0 before the first.
func (k Keeper) lastBlock(ctx context.Context) (int64, error) {
	at, err := k.LastBlock.Get(ctx)
	if errors.Is(err, collections.ErrNotFound) {
		return 0, nil
	}
	return at, err
}

func now(ctx context.Context) int64 { return sdk.UnwrapSDKContext(ctx).BlockTime().Unix() }

// first reads the first entries of a range, at most so many. Whoever goes through a collection and writes to it reads
// first: an open iterator sees no writes.
func first[K, V any](
	ctx context.Context, m collections.Map[K, V], r collections.Ranger[K], limit int,
) ([]collections.KeyValue[K, V], error) {
	var list []collections.KeyValue[K, V]
	if limit <= 0 {
		return nil, nil
	}
	err := m.Walk(ctx, r, func(key K, value V) (bool, error) {
		list = append(list, collections.KeyValue[K, V]{Key: key, Value: value})
		return len(list) >= limit, nil
	})
	return list, err
}

// firstKeys is first for a set.
func firstKeys[K any](
	ctx context.Context, s collections.KeySet[K], r collections.Ranger[K], limit int,
) ([]K, error) {
	var list []K
	if limit <= 0 {
		return nil, nil
	}
	err := s.Walk(ctx, r, func(key K) (bool, error) {
		list = append(list, key)
		return len(list) >= limit, nil
	})
	return list, err
}

// emit emits a typed event.
func emit(ctx context.Context, event proto.Message) error {
	return sdk.UnwrapSDKContext(ctx).EventManager().EmitTypedEvent(event)
}

// under limits a page to the keys that begin so.
func under[K1, K2, K3 any](k1 K1) func(*query.CollectionsPaginateOptions[collections.Triple[K1, K2, K3]]) {
	return func(o *query.CollectionsPaginateOptions[collections.Triple[K1, K2, K3]]) {
		prefix := collections.TriplePrefix[K1, K2, K3](k1)
		o.Prefix = &prefix
	}
}
