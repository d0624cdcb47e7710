package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"
	"github.com/cosmos/gogoproto/proto"
)

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
