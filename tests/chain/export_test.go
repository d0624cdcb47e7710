package chain_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	dbm "github.com/cosmos/cosmos-db"
	authzkeeper "github.com/cosmos/cosmos-sdk/x/authz/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	"github.com/cosmos/cosmos-sdk/x/feegrant"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	upgradetypes "github.com/cosmos/cosmos-sdk/x/upgrade/types"

	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// same are the stores that must go on byte by byte: those of our modules, and of the SDK's all but two. The accounts
// differ in the numbers of those that were made since, which the SDK draws from the hash of the application, and
// staking keeps the headers of blocks, which contain that hash.
func same() []string {
	return []string{
		oracletypes.StoreKey, portfoliotypes.StoreKey, auctiontypes.StoreKey, rebalancetypes.StoreKey,
		banktypes.StoreKey, authzkeeper.StoreKey, distrtypes.StoreKey, slashingtypes.StoreKey, govtypes.StoreKey,
		feegrant.StoreKey, consensustypes.StoreKey, upgradetypes.StoreKey,
	}
}

// contents is what a store holds, key by key.
func (w *world) contents(name string) []byte {
	w.Helper()
	var b bytes.Buffer
	it := w.ctx().KVStore(w.Key(name)).Iterator(nil, nil)
	for ; it.Valid(); it.Next() {
		b.Write(it.Key())
		b.WriteByte('=')
		b.Write(it.Value())
		b.WriteByte('\n')
	}
	require.NoError(w, it.Close())
	return b.Bytes()
}

// imported starts another chain from what this one exports.
func (w *world) imported() *world {
	w.Helper()
	exported, err := w.Export(nil)
	require.NoError(w, err)
	o := options{db: dbm.NewMemDB()}
	other := &world{tester: w.tester, App: newApp(w, o), options: o, events: map[string]int{}}
	other.begin(exported.AppState, w.now, exported.Height)
	return other
}

// market lets things happen until lots are open and bids rest in them.
func (c *chance) market() auctiontypes.Hall {
	c.Helper()
	for range 400 {
		c.happen()
		bids := 0
		h, found := c.lot()
		if found {
			state, err := c.Auction.Books.Get(c.ctx(), h.Lot.ID)
			require.NoError(c, err)
			bids = int(state.Bids)
		}
		if paused, err := c.Auction.Paused.Has(c.ctx()); err == nil && !paused && bids > 0 && !h.Lot.Clock.Frozen {
			return h
		}
	}
	require.FailNow(c, "no lot with bids in 400 blocks")
	return auctiontypes.Hall{}
}

// TestExport writes the state down in the middle of auctions, starts chains from that, and gives all of them the same
// blocks. What our modules store, and the bank, is the same to the byte after them.
//
// The hash of the application is compared between chains that were both imported. That of the chain which was never
// exported is another for a reason that no module can help: a tree of iavl hashes into every node the version in which
// it was written, and its shape is that of its insertions. An import writes all in one version, in the order of keys.
func TestExport(t *testing.T) {
	c := newChance(t, 3, options{unaudited: true})
	for range 2 {
		c.market()
		one, other := c.imported(), c.imported()
		done := len(c.blocks)
		for range 25 {
			c.happen()
		}
		for i, b := range c.blocks[done:] {
			one.raw(b.at, b.txs...)
			other.raw(b.at, b.txs...)
			require.Equal(t, one.hash, other.hash, "block %d", i)
		}
		require.Equal(t, c.height, one.height)
		for _, name := range same() {
			require.True(t, bytes.Equal(c.contents(name), one.contents(name)), "%s at height %d", name, c.height)
		}
		for _, p := range cast() {
			require.Equal(t, c.Account.GetAccount(c.ctx(), p.addr), one.Account.GetAccount(one.ctx(), p.addr), p.name)
		}
	}
}
