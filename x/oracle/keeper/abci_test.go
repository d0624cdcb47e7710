package keeper_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// TestPrice is the whole way of a price: registered, reported, aggregated, published, stale.
func TestPrice(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.add("uatom", "ATOM", three()...)
	require.Equal(t, oracle.Price{}, c.price("uatom"))
	c.agree("uatom", "4.21")
	require.Equal(t, oracle.StatusUnspecified, c.price("uatom").Status, "reports count from the next block on")
	require.Equal(t, []string{"StatusChanged", "PriceUpdated"}, kinds(c.block(genesisTime+5)))
	p := c.price("uatom")
	require.Equal(t, oracle.StatusOK, p.Status)
	require.Equal(t, enginetest.W(t, "4.21"), p.Value)
	require.Equal(t, 3, p.Classes)
	require.EqualValues(t, 5, p.AgeSeconds)
	c.block(genesisTime + 600)
	require.Equal(t, oracle.StatusOK, c.price("uatom").Status)
	require.Contains(t, kinds(c.block(genesisTime+601)), "StatusChanged")
	require.Equal(t, oracle.StatusNoQuorum, c.price("uatom").Status, "stale")
	require.Equal(t, enginetest.W(t, "4.21"), c.price("uatom").Value, "the last good one, for display")
}

// TestEventsAreFew: a price whose status stays is told once an interval, however many blocks that has.
func TestEventsAreFew(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.add("uatom", "ATOM", three()...)
	c.add("uosmo", "OSMO", three()...)
	c.set("uosmo", types.AssetDisabled)
	c.block(genesisTime)
	told := 0
	for s := int64(1); s <= 300; s++ {
		told += len(c.block(genesisTime + s))
	}
	require.Equal(t, 5, told, "the default is an event a minute; none of a disabled asset")
}

// TestAheadOfTheBlock: a report that is ahead of the block counts once the chain has caught up with it.
func TestAheadOfTheBlock(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.add("uatom", "ATOM", three()...)
	for n := byte(1); n <= 3; n++ {
		_, err := c.msg.Report(c.ctx, &types.MsgReport{Reporter: address(n), Reports: []types.Report{
			{Denom: "uatom", Price: "4", TimeSeconds: genesisTime + 10},
		}})
		require.NoError(t, err)
	}
	c.block(genesisTime + 9)
	require.Equal(t, oracle.StatusNoQuorum, c.price("uatom").Status)
	c.block(genesisTime + 10)
	require.Equal(t, oracle.StatusOK, c.price("uatom").Status)
}

// TestWindDown: what is in wind-down has a price and may be sold, but is not for newcomers.
func TestWindDown(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.add("uatom", "ATOM", three()...)
	tradable := func() bool {
		ok, err := c.k.Tradable(c.ctx, 0)
		require.NoError(t, err)
		return ok
	}
	require.True(t, tradable())
	c.set("uatom", types.AssetWindDown)
	require.False(t, tradable())
	c.agree("uatom", "4.21")
	c.block(genesisTime + 5)
	require.Equal(t, oracle.StatusOK, c.price("uatom").Status)
	_, err := c.k.Tradable(c.ctx, 1)
	require.ErrorIs(t, err, types.ErrUnknownAsset)
}

// TestDisabled: a disabled asset keeps its place and nothing else; coming back it begins anew.
func TestDisabled(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.add("uosmo", "OSMO", three()...)
	c.add("uatom", "ATOM", append(three(), source(4, types.ClassFeed), source(5, types.ClassAuction))...)
	c.agree("uosmo", "0.5")
	c.agree("uatom", "4.21")
	c.clear("uatom", "4.21")
	c.block(genesisTime + 5)
	c.set("uosmo", types.AssetDisabled)
	require.Equal(t, oracle.StatusOK, c.price("uosmo").Status, "the prices of a block are those of its begin")
	require.Contains(t, kinds(c.block(genesisTime+10)), "StatusChanged")
	require.Equal(t, oracle.Price{}, c.price("uosmo"))
	require.Equal(t, oracle.StatusOK, c.price("uatom").Status)
	require.Equal(t, asset.Index(1), c.index("uatom"), "no index moves")

	r, err := c.msg.Report(c.ctx, &types.MsgReport{Reporter: address(1), Reports: []types.Report{
		{Denom: "uosmo", Price: "1", TimeSeconds: c.now()}, {Denom: "uatom", Price: "4.3", TimeSeconds: c.now()},
	}})
	require.NoError(t, err, "a disabled asset must not stop the reports that come with it")
	require.Equal(t, types.MsgReportResponse{Accepted: 1, Ignored: 1}, *r)

	c.set("uatom", types.AssetDisabled)
	c.set("uosmo", types.AssetActive)
	require.Empty(t, c.k.Invariants(c.ctx))
	require.Equal(t, asset.Index(0), c.index("uosmo"))
	c.block(genesisTime + 15)
	require.Equal(t, oracle.Price{Status: oracle.StatusNoQuorum}, c.price("uosmo"), "nothing is remembered")
	c.agree("uosmo", "7")
	c.block(genesisTime + 20)
	require.Equal(t, oracle.StatusOK, c.price("uosmo").Status, "and no breaker compares it with the old price")
}

// TestFailureIsIsolated: an asset that cannot be aggregated is shown without a quorum, and the others go on.
func TestFailureIsIsolated(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.add("uatom", "ATOM", three()...)
	c.add("uosmo", "OSMO", three()...)
	c.agree("uatom", "4.21")
	c.agree("uosmo", "0.5")
	c.block(genesisTime + 5)
	h, err := c.k.Histories.Get(c.ctx, 0)
	require.NoError(t, err)
	h.Time = math.MaxInt64 // every observation is before it
	require.NoError(t, c.k.Histories.Set(c.ctx, 0, h))
	require.Equal(t, []string{"AssetFailed", "StatusChanged", "PriceUpdated"}, kinds(c.block(genesisTime+10)))
	p := c.price("uatom")
	require.Equal(t, oracle.StatusNoQuorum, p.Status)
	require.Equal(t, enginetest.W(t, "4.21"), p.Value)
	require.EqualValues(t, 10, p.AgeSeconds)
	require.Equal(t, oracle.StatusOK, c.price("uosmo").Status)

	require.NoError(t, c.k.Sources.Remove(c.ctx, 1)) // a defect; the block goes on all the same
	require.NoError(t, c.k.BeginBlock(c.ctx))
	require.Equal(t, oracle.StatusNoQuorum, c.price("uosmo").Status)
	require.NotEmpty(t, c.k.Invariants(c.ctx))
}

// TestBreaker: a price that leaves its own past is stopped.
func TestBreaker(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.add("uatom", "ATOM", three()...)
	c.agree("uatom", "4")
	c.block(genesisTime + 5)
	c.agree("uatom", "8")
	c.block(genesisTime + 10)
	require.Equal(t, oracle.StatusTripped, c.price("uatom").Status)
	require.Equal(t, fixed.FromInt(4), c.price("uatom").Value)
	b, err := c.query.Breaker(c.ctx, &types.QueryBreakerRequest{Denom: "uatom"})
	require.NoError(t, err)
	require.Equal(t, types.QueryBreakerResponse{
		Open: true, Value: "8", Mean: "4", Distance: "1", Limit: b.Limit,
		LastGood: "4", LastGoodSeconds: genesisTime + 5,
	}, *b)
}

// TestClearings: auctions are a source once one is registered, and count for no quorum.
func TestClearings(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.add("uatom", "ATOM", source(1, types.ClassVote), source(2, types.ClassFeed), source(3, types.ClassDEX),
		types.Source{Id: 9, Class: types.ClassAuction, Weight: 100, MaxAgeSeconds: 3600})
	c.report(1, "uatom", "4.21")
	c.report(2, "uatom", "4.21")
	c.clear("uatom", "4.22")
	c.block(genesisTime + 5)
	require.Equal(t, oracle.StatusNoQuorum, c.price("uatom").Status)
	c.report(3, "uatom", "4.21")
	c.block(genesisTime + 10)
	require.True(t, enginetest.W(t, "4.21").Less(c.price("uatom").Value), "got %v", c.price("uatom").Value)

	before := c.dump()
	refusal, err := c.k.Clear(c.ctx, 0, oracle.Clearing{Time: c.now(), Price: fixed.One(), Mid: fixed.One(), Owners: 2})
	require.NoError(t, err)
	require.Equal(t, oracle.RefusalPrice, refusal)
	_, err = c.k.Clear(c.ctx, 1, oracle.Clearing{})
	require.ErrorIs(t, err, types.ErrUnknownAsset)
	require.Equal(t, before, c.dump())
}

// TestClearDisabled: a lot may close after its asset was disabled. Nothing is remembered of it, and the state can still
// be exported and imported.
func TestClearDisabled(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.add("uatom", "ATOM", three()...)
	c.set("uatom", types.AssetDisabled)
	before := c.dump()
	one := fixed.One()
	refusal, err := c.k.Clear(c.ctx, 0, oracle.Clearing{
		Time: c.now(), Price: one, Mid: one, Volume: fixed.FromInt(100_000), Owners: 2,
	})
	require.NoError(t, err)
	require.Equal(t, oracle.RefusalDisabled, refusal)
	require.Equal(t, before, c.dump())
	g, err := c.k.ExportGenesis(c.ctx)
	require.NoError(t, err)
	require.NoError(t, g.Validate())
}

// TestPoints: one point a slot, and no more of them than the params allow.
func TestPoints(t *testing.T) {
	t.Parallel()
	c := fresh(t, func(g *types.GenesisState) { g.Params.PointSeconds, g.Params.MaxPoints = 60, 10 })
	c.add("uatom", "ATOM", three()...)
	c.add("uosmo", "OSMO", three()...)
	c.agree("uatom", "4.21")
	start := int64(genesisTime/60*60 + 60)
	for s := start; s < start+30*60; s += 20 {
		c.block(s)
	}
	times := func(a uint16) (out []int64) {
		r := collections.NewPrefixedPairRange[uint16, int64](a)
		err := c.k.Points.Walk(c.ctx, r, func(k collections.Pair[uint16, int64], _ oracle.Price) (bool, error) {
			out = append(out, k.K2())
			return false, nil
		})
		require.NoError(t, err)
		return out
	}
	require.Len(t, times(0), 10)
	require.Equal(t, start+20*60, times(0)[0])
	require.Len(t, times(1), 10)

	c.set("uosmo", types.AssetDisabled)
	params, err := c.k.Params.Get(c.ctx)
	require.NoError(t, err)
	params.MaxPoints = 1
	_, err = c.msg.UpdateParams(c.ctx, &types.MsgUpdateParams{Authority: authority, Params: params})
	require.NoError(t, err)
	c.block(start + 30*60)
	require.Len(t, times(0), 7, "a block removes four and adds one")
	require.Len(t, times(1), 6, "nothing is added to what is disabled")
	for i := int64(31); i < 40; i++ {
		c.block(start + i*60)
	}
	require.Len(t, times(0), 1)
	require.Empty(t, times(1))
}

// TestRestart: a chain that starts again with an earlier clock has no prices until it has caught up, and no halt.
func TestRestart(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.add("uatom", "ATOM", three()...)
	c.agree("uatom", "4.21")
	c.block(genesisTime + 100)
	c.block(genesisTime)
	require.Equal(t, oracle.StatusNoQuorum, c.price("uatom").Status)
	c.block(genesisTime + 101)
	require.Equal(t, oracle.StatusOK, c.price("uatom").Status)
}
