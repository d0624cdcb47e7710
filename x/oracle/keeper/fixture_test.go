package keeper_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/runtime"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	"github.com/cosmos/cosmos-sdk/testutil"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/oracle/keeper"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

func TestMain(m *testing.M) {
	sdk.GetConfig().SetBech32PrefixForAccount("ballast", "ballastpub")
	os.Exit(m.Run())
}

// genesisTime is when the fixtures begin.
const genesisTime = 1_000_000

// address is the n-th address of the tests.
func address(n byte) string {
	b := make([]byte, 20)
	b[0], b[19] = 0xba, n
	return sdk.AccAddress(b).String()
}

var authority = address(255)

// chain is a keeper with its store and the time of its block.
type chain struct {
	tb    testing.TB
	ctx   sdk.Context
	k     keeper.Keeper
	msg   types.MsgServer
	query types.QueryServer
}

// empty is a chain whose module has no genesis yet.
func empty(tb testing.TB) *chain {
	tb.Helper()
	key := storetypes.NewKVStoreKey(types.StoreKey)
	ctx := testutil.DefaultContext(key, storetypes.NewTransientStoreKey("transient"))
	registry := codectypes.NewInterfaceRegistry()
	types.RegisterInterfaces(registry)
	k, err := keeper.New(codec.NewProtoCodec(registry), runtime.NewKVStoreService(key), authority)
	require.NoError(tb, err)
	c := &chain{tb: tb, ctx: ctx, k: k, msg: keeper.NewMsgServer(k), query: keeper.NewQueryServer(k)}
	c.at(genesisTime)
	return c
}

// fresh is a chain with the default genesis, changed before it starts.
func fresh(tb testing.TB, change ...func(g *types.GenesisState)) *chain {
	tb.Helper()
	c := empty(tb)
	g := types.DefaultGenesis()
	for _, f := range change {
		f(g)
	}
	require.NoError(tb, c.k.InitGenesis(c.ctx, g))
	return c
}

// at sets the time of the block.
func (c *chain) at(seconds int64) { c.ctx = c.ctx.WithBlockTime(time.Unix(seconds, 0).UTC()) }

// now is the time of the block.
func (c *chain) now() int64 { return c.ctx.BlockTime().Unix() }

// block begins the block of a time and returns its events.
func (c *chain) block(seconds int64) sdk.Events {
	c.tb.Helper()
	c.at(seconds)
	c.ctx = c.ctx.WithBlockHeight(c.ctx.BlockHeight() + 1).WithEventManager(sdk.NewEventManager())
	require.NoError(c.tb, c.k.BeginBlock(c.ctx))
	require.Empty(c.tb, c.k.Invariants(c.ctx))
	return c.ctx.EventManager().Events()
}

// add registers an asset of six decimals with its sources.
func (c *chain) add(denom, display string, sources ...types.Source) {
	c.tb.Helper()
	_, err := c.msg.AddAsset(c.ctx, &types.MsgAddAsset{
		Authority: authority, Denom: denom, Display: display, Exponent: 6, Sources: sources,
	})
	require.NoError(c.tb, err)
}

// set changes the status of an asset.
func (c *chain) set(denom string, status types.AssetStatus) {
	c.tb.Helper()
	_, err := c.msg.UpdateAsset(c.ctx, &types.MsgUpdateAsset{Authority: authority, Denom: denom, Status: status})
	require.NoError(c.tb, err)
}

// report has the n-th address report one price, observed now.
func (c *chain) report(n byte, denom, price string) {
	c.tb.Helper()
	_, err := c.msg.Report(c.ctx, &types.MsgReport{
		Reporter: address(n), Reports: []types.Report{{Denom: denom, Price: price, TimeSeconds: c.now()}},
	})
	require.NoError(c.tb, err)
}

// agree has the three sources of three report one price.
func (c *chain) agree(denom, price string) {
	c.tb.Helper()
	for n := byte(1); n <= 3; n++ {
		c.report(n, denom, price)
	}
}

// price is what is published of an asset.
func (c *chain) price(denom string) oracle.Price {
	c.tb.Helper()
	s, err := c.k.Snapshot(c.ctx)
	require.NoError(c.tb, err)
	return s.Prices[c.index(denom)]
}

// index is where an asset stands.
func (c *chain) index(denom string) asset.Index {
	c.tb.Helper()
	u, err := c.k.Universe(c.ctx)
	require.NoError(c.tb, err)
	i, err := u.Find(asset.ID(denom))
	require.NoError(c.tb, err)
	return i
}

// clear has an auction of two owners clear, a value of 100,000 at the mid of its opening.
func (c *chain) clear(denom, price string) {
	c.tb.Helper()
	p := enginetest.W(c.tb, price)
	refusal, err := c.k.Clear(c.ctx, c.index(denom), oracle.Clearing{
		Time: c.now(), Price: p, Mid: p, Volume: fixed.FromInt(100_000), Owners: 2,
	})
	require.NoError(c.tb, err)
	require.Equal(c.tb, oracle.RefusalNone, refusal)
}

// source is that of the n-th address.
func source(n byte, class types.SourceClass) types.Source {
	s := types.Source{Id: uint32(n), Class: class, Weight: 100, MaxAgeSeconds: 600, Reporter: address(n)}
	if class == types.ClassAuction {
		s.Reporter = ""
	}
	return s
}

// three is enough sources of enough classes.
func three() []types.Source {
	return []types.Source{
		source(1, types.ClassVote), source(2, types.ClassFeed), source(3, types.ClassDEX),
	}
}

// dump is all that the module stores.
func (c *chain) dump() string {
	c.tb.Helper()
	g, err := c.k.ExportGenesis(c.ctx)
	require.NoError(c.tb, err)
	return fmt.Sprintf("%+v", g)
}

// kinds is the short names of events.
func kinds(events sdk.Events) (out []string) {
	for _, e := range events {
		out = append(out, e.Type[len("ballast.oracle.v1.Event"):])
	}
	return out
}
