package sparing_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	corestore "cosmossdk.io/core/store"

	"github.com/ballast-finance/ballast/app/sparing"
)

// counted is a store that counts its writes.
type counted struct {
	corestore.KVStore

	values map[string][]byte
	writes int
	broken error
}

func (c *counted) OpenKVStore(context.Context) corestore.KVStore { return c }

func (c *counted) Get(key []byte) ([]byte, error) { return c.values[string(key)], c.broken }

func (c *counted) Has(key []byte) (bool, error) {
	_, found := c.values[string(key)]
	return found, c.broken
}

func (c *counted) Set(key, value []byte) error {
	c.values[string(key)] = value
	c.writes++
	return nil
}

func TestOver(t *testing.T) {
	under := &counted{values: map[string][]byte{}}
	s := sparing.Over(under).OpenKVStore(t.Context())
	for _, c := range []struct {
		name, key, value string
		writes           int
	}{
		{"a new key", "a", "1", 1},
		{"the same value", "a", "1", 1},
		{"another value", "a", "2", 2},
		{"the first value again", "a", "1", 3},
		{"a new key with nothing in it", "b", "", 4},
		{"which is there now", "b", "", 4},
		{"something instead of nothing", "b", "1", 5},
		{"nothing instead of something", "b", "", 6},
	} {
		require.NoError(t, s.Set([]byte(c.key), []byte(c.value)), c.name)
		require.Equal(t, c.writes, under.writes, c.name)
		require.Equal(t, c.value, string(under.values[c.key]), c.name)
	}
	under.broken = errors.New("broken")
	require.ErrorIs(t, s.Set([]byte("a"), []byte("3")), under.broken)
	require.Equal(t, 6, under.writes)
}
