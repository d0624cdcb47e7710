package sparing

import (
	"bytes"
	"context"

	corestore "cosmossdk.io/core/store"
)

// Over is a store service whose stores leave a key alone that already has the value it is set to. In a Merkle tree
// such a write is not free: it makes every node on the way to the root anew. x/bank writes its index of owners by
// denom with every balance, and it hardly ever changes.
func Over(s corestore.KVStoreService) corestore.KVStoreService { return service{s} }

type service struct{ under corestore.KVStoreService }

// OpenKVStore opens the store of a context.
func (s service) OpenKVStore(ctx context.Context) corestore.KVStore {
	return store{s.under.OpenKVStore(ctx)}
}

type store struct{ corestore.KVStore }

// Set writes a value when it is another one than is there.
func (s store) Set(key, value []byte) error {
	old, err := s.Get(key)
	if err != nil {
		return err
	}
	same := bytes.Equal(old, value)
	if same && len(old) == 0 { // nothing and an empty value read alike
		if same, err = s.Has(key); err != nil {
			return err
		}
	}
	if same {
		return nil
	}
	return s.KVStore.Set(key, value)
}
