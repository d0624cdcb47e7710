package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/ballast-finance/ballast/x/oracle/types"
)

// asked is a chain with two prices, of which one is known, and a history.
func asked(t *testing.T) *chain {
	t.Helper()
	c := fresh(t, func(g *types.GenesisState) { g.Params.PointSeconds = 10 })
	c.add("ibc/ABCDEF", "OSMO", append(three(), source(4, types.ClassFeed))...)
	c.add("uatom", "ATOM")
	c.agree("ibc/ABCDEF", "0.5")
	for i := range int64(10) {
		c.block(genesisTime + 10*i)
	}
	return c
}

func TestQueryAssets(t *testing.T) {
	t.Parallel()
	c := asked(t)
	p, err := c.query.Params(c.ctx, &types.QueryParamsRequest{})
	require.NoError(t, err)
	require.EqualValues(t, 10, p.Params.PointSeconds)
	a, err := c.query.Asset(c.ctx, &types.QueryAssetRequest{Denom: "uatom"})
	require.NoError(t, err)
	want := types.Asset{Denom: "uatom", Display: "ATOM", Exponent: 6, Status: types.AssetActive}
	require.Equal(t, types.IndexedAsset{Index: 1, Asset: want}, a.Asset)
	var seen []uint32
	for page := (&query.PageRequest{Limit: 1}); ; {
		list, err := c.query.Assets(c.ctx, &types.QueryAssetsRequest{Pagination: page})
		require.NoError(t, err)
		require.Len(t, list.Assets, 1)
		seen = append(seen, list.Assets[0].Index)
		if page.Key = list.Pagination.NextKey; page.Key == nil {
			break
		}
	}
	require.Equal(t, []uint32{0, 1}, seen)
}

func TestQueryPrices(t *testing.T) {
	t.Parallel()
	c := asked(t)
	p, err := c.query.Price(c.ctx, &types.QueryPriceRequest{Denom: "ibc/ABCDEF"})
	require.NoError(t, err)
	require.Equal(t, "ok", p.Price.Status)
	require.Equal(t, "0.5", p.Price.Value)
	require.Equal(t, "OSMO", p.Price.Display)
	require.EqualValues(t, genesisTime+90, p.TimeSeconds)
	all, err := c.query.Prices(c.ctx, &types.QueryPricesRequest{})
	require.NoError(t, err)
	require.Equal(t, p.Price, all.Prices[0])
	require.Equal(t, types.Price{Denom: "uatom", Display: "ATOM", Status: "no quorum"}, all.Prices[1])
}

func TestQuerySources(t *testing.T) {
	t.Parallel()
	c := asked(t)
	got, err := c.query.Sources(c.ctx, &types.QuerySourcesRequest{Denom: "ibc/ABCDEF"})
	require.NoError(t, err)
	require.Equal(t, "ok", got.Status)
	require.Equal(t, "0.5", got.Value)
	require.Equal(t, types.SourceReport{
		Source: source(1, types.ClassVote), Price: "0.5", TimeSeconds: genesisTime, AgeSeconds: 90, Weight: 76,
		Verdict: "kept",
	}, got.Sources[0])
	require.Equal(t, types.SourceReport{Source: source(4, types.ClassFeed), Verdict: "silent"}, got.Sources[3])
}

func TestQueryHistory(t *testing.T) {
	t.Parallel()
	c := asked(t)
	ask := func(from, until int64, page *query.PageRequest) []int64 {
		got, err := c.query.History(c.ctx, &types.QueryHistoryRequest{
			Denom: "ibc/ABCDEF", FromSeconds: from, UntilSeconds: until, Pagination: page,
		})
		require.NoError(t, err)
		var times []int64
		for _, p := range got.Points {
			times = append(times, p.TimeSeconds-genesisTime)
		}
		return times
	}
	require.Equal(t, []int64{0, 10, 20, 30, 40, 50, 60, 70, 80, 90}, ask(0, 0, nil))
	require.Equal(t, []int64{30, 40, 50}, ask(genesisTime+25, genesisTime+50, nil))
	require.Equal(t, []int64{90, 80}, ask(0, 0, &query.PageRequest{Limit: 2, Reverse: true}))
	require.Equal(t, []int64{50, 60}, ask(genesisTime+40, 0, &query.PageRequest{Offset: 1, Limit: 2}))
	require.Nil(t, ask(genesisTime+1000, 0, nil))
}

// TestQueryUnknown: what a client asks for and is not there is his mistake, and is said as such.
func TestQueryUnknown(t *testing.T) {
	t.Parallel()
	c := asked(t)
	_, asset := c.query.Asset(c.ctx, &types.QueryAssetRequest{Denom: "uion"})
	_, price := c.query.Price(c.ctx, &types.QueryPriceRequest{Denom: "uion"})
	_, sources := c.query.Sources(c.ctx, &types.QuerySourcesRequest{Denom: "uion"})
	_, history := c.query.History(c.ctx, &types.QueryHistoryRequest{Denom: "uion"})
	_, breaker := c.query.Breaker(c.ctx, &types.QueryBreakerRequest{})
	for _, err := range []error{asset, price, sources, history, breaker} {
		require.Equal(t, codes.NotFound, status.Code(err), err)
	}
	b, err := c.query.Breaker(c.ctx, &types.QueryBreakerRequest{Denom: "uatom"})
	require.NoError(t, err)
	require.Equal(t, types.QueryBreakerResponse{}, *b, "nothing is known yet")
}
