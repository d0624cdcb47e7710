package keeper_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// TestLargePages: a page that walks over portfolios has what a look-up of each gives, whatever lies between them, also
// of one that was sent coins of so many denoms that the walk of a small page ends there.
func TestLargePages(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	for i := range 60 {
		c.create(fmt.Sprintf("%duatom,%duusdc", 1+i, 100+i))
	}
	gone := map[uint64]bool{25: true, 30: true}
	for _, id := range []uint64{3, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50} {
		c.does(&types.MsgClose{Owner: alice.String(), Id: id})
		gone[id] = true
	}
	for i := range 30 {
		require.NoError(t, c.bank.Mint(c.ctx, types.Account(2), sdk.NewInt64Coin(fmt.Sprintf("dust%d", i), 1)))
	}
	broken := c.record(25)
	broken.Policy.Positions[0].Denom = "gone"
	require.NoError(t, c.k.Records.Set(c.ctx, 25, broken))
	key, err := collections.EncodeKeyWithPrefix(types.MemoryKey().Bytes(), collections.Uint64Key, 30)
	require.NoError(t, err)
	require.NoError(t, c.stores[0].OpenKVStore(c.ctx).Set(key, []byte{0xff}))
	var want []cycle.Portfolio
	for id := range uint64(61) {
		if id == 0 || gone[id] {
			continue
		}
		p, err := c.k.Load(c.ctx, id)
		require.NoError(t, err)
		want = append(want, p)
	}
	for _, size := range []int{7, 8, 20, 100} {
		var seen []cycle.Portfolio
		for after, last := uint64(0), false; !last; {
			var page []cycle.Portfolio
			page, last, err = c.k.Page(c.ctx, after, size)
			require.NoError(t, err)
			if seen = append(seen, page...); len(page) > 0 {
				after = page[len(page)-1].ID
			}
		}
		require.Equal(t, want, seen, "pages of %d", size)
	}
	require.Len(t, c.k.Invariants(c.ctx), 2, "two cannot be read")
	broken.Policy.Positions[0].Denom = "uatom"
	require.NoError(t, c.k.Records.Set(c.ctx, 25, broken))
	memory, err := c.k.Memory.Get(c.ctx, 25)
	require.NoError(t, err)
	require.NoError(t, c.k.Memory.Set(c.ctx, 30, memory))
}
