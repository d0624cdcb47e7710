package keeper_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"

	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// lived is a chain with all kinds of state.
func lived(t *testing.T) *chain {
	t.Helper()
	c := fresh(t, func(g *types.GenesisState) { g.Params.PointSeconds = 10 })
	c.add("uatom", "ATOM", append(three(), source(4, types.ClassFeed), source(5, types.ClassAuction))...)
	c.add("uluna", "LUNA", three()...)
	c.agree("uatom", "4.21")
	c.agree("uluna", "80")
	c.clear("uatom", "4.22")
	c.clear("uluna", "80")
	c.block(genesisTime + 5)
	c.block(genesisTime + 15)
	c.set("uluna", types.AssetDisabled)
	c.block(genesisTime + 25)
	c.add("uosmo", "OSMO")
	return c
}

// export is the genesis of a chain.
func export(t *testing.T, c *chain) *types.GenesisState {
	t.Helper()
	g, err := c.k.ExportGenesis(c.ctx)
	require.NoError(t, err)
	return g
}

// TestGenesisRoundTrip: a chain that starts from an export is the same one and goes on the same way.
func TestGenesisRoundTrip(t *testing.T) {
	t.Parallel()
	a, b := lived(t), empty(t)
	g := export(t, a)
	require.Len(t, g.Assets, 3)
	require.NotEmpty(t, g.Assets[0].Clearings)
	require.Empty(t, g.Assets[1].History)
	require.NotEmpty(t, g.Points)
	raw, err := g.Marshal()
	require.NoError(t, err)
	var read types.GenesisState
	require.NoError(t, read.Unmarshal(raw))
	require.NoError(t, b.k.InitGenesis(b.ctx, &read))
	require.Equal(t, a.dump(), b.dump())
	for i := range int64(5) {
		require.Equal(t, a.block(genesisTime+30+10*i), b.block(genesisTime+30+10*i))
		for _, c := range []*chain{a, b} {
			c.agree("uatom", "4.25")
		}
		require.Equal(t, a.dump(), b.dump())
	}
}

// TestGenesisByHand: a person can write assets and sources without what only a chain can know.
func TestGenesisByHand(t *testing.T) {
	t.Parallel()
	c := fresh(t, func(g *types.GenesisState) {
		g.Assets = []types.StoredAsset{{
			Asset:   types.Asset{Denom: "uatom", Display: "ATOM", Exponent: 6, Status: types.AssetActive},
			Sources: three(),
		}}
	})
	c.agree("uatom", "4.21")
	c.block(genesisTime + 5)
	require.Equal(t, oracle.StatusOK, c.price("uatom").Status)
}

func TestGenesisRefused(t *testing.T) {
	t.Parallel()
	good := export(t, lived(t))
	raw, err := good.Marshal()
	require.NoError(t, err)
	foreign, err := types.ReportsCodec().Encode([]types.LastReport{{Source: 7}})
	require.NoError(t, err)
	unsorted, err := types.ReportsCodec().Encode([]types.LastReport{{Source: 2}, {Source: 1}})
	require.NoError(t, err)
	short, err := types.SnapshotCodec().Encode(oracle.Snapshot{})
	require.NoError(t, err)
	ring, err := types.HistoryCodec().Encode(oracle.History{Short: oracle.Ring{Count: oracle.RingSize + 1}})
	require.NoError(t, err)
	circle, err := types.ClearingsCodec().Encode(oracle.ClearingPrice{Next: oracle.MaxClearings})
	require.NoError(t, err)
	word, err := types.SnapshotCodec().Encode(oracle.Snapshot{Prices: []oracle.Price{{}, {}, {Status: 99}}})
	require.NoError(t, err)
	odd, err := types.PriceCodec().Encode(oracle.Price{Status: 99})
	require.NoError(t, err)
	for _, test := range []struct {
		name   string
		change func(g *types.GenesisState)
		field  string
	}{
		{"params", func(g *types.GenesisState) { g.Params.MaxReports = 0 }, "params: max_reports"},
		{"too many", func(g *types.GenesisState) { g.Assets = slices.Repeat(g.Assets, 43) }, "assets: "},
		{"denom", func(g *types.GenesisState) { g.Assets[1].Asset.Denom = "?" }, "assets[1]: asset"},
		{"twice", func(g *types.GenesisState) { g.Assets[1].Asset.Denom = "uatom" }, "assets: "},
		{"name twice", func(g *types.GenesisState) { g.Assets[2].Asset.Display = "ATOM" }, "assets: "},
		{"status", func(g *types.GenesisState) { g.Assets[0].Asset.Status = 0 }, "assets[0]: asset"},
		{"sources", func(g *types.GenesisState) { g.Assets[0].Sources[0].Weight = 0 }, "assets[0]: sources"},
		{"capitals", func(g *types.GenesisState) {
			g.Assets[0].Sources[0].Reporter = strings.ToUpper(address(1))
		}, "assets[0]: sources[0].reporter"},
		{"reports", func(g *types.GenesisState) { g.Assets[0].Reports = []byte{1} }, "assets[0]: reports"},
		{"foreign", func(g *types.GenesisState) { g.Assets[0].Reports = foreign }, "assets[0]: reports"},
		{"unsorted", func(g *types.GenesisState) { g.Assets[0].Reports = unsorted }, "assets[0]: reports"},
		{"history", func(g *types.GenesisState) { g.Assets[0].History = []byte{2} }, "assets[0]: history"},
		{"clearings", func(g *types.GenesisState) { g.Assets[0].Clearings = []byte{1, 2} }, "assets[0]: clearings"},
		{"ring", func(g *types.GenesisState) { g.Assets[0].History = ring }, "assets[0]: history"},
		{"circle", func(g *types.GenesisState) { g.Assets[0].Clearings = circle }, "assets[0]: clearings"},
		{"word", func(g *types.GenesisState) { g.Snapshot = word }, "snapshot: "},
		{"point's word", func(g *types.GenesisState) { g.Points[0].Price = odd }, "points[0]: "},
		{"memory", func(g *types.GenesisState) { g.Assets[1].History = g.Assets[0].History }, "assets[1]: "},
		{"snapshot", func(g *types.GenesisState) { g.Snapshot = []byte{1} }, "snapshot: "},
		{"short", func(g *types.GenesisState) { g.Snapshot = short }, "snapshot: "},
		{"no such asset", func(g *types.GenesisState) { g.Points[2].Asset = 3 }, "points[2]: "},
		{"no time", func(g *types.GenesisState) { g.Points[0].TimeSeconds = -1 }, "points[0]: "},
		{"point twice", func(g *types.GenesisState) { g.Points[1] = g.Points[0] }, "points[1]: "},
		{"point", func(g *types.GenesisState) { g.Points[0].Price = nil }, "points[0]: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var g types.GenesisState
			require.NoError(t, g.Unmarshal(raw))
			test.change(&g)
			c := empty(t)
			err := c.k.InitGenesis(c.ctx, &g)
			require.ErrorIs(t, err, types.ErrGenesis)
			require.Contains(t, err.Error(), test.field)
			_, err = c.k.Params.Get(c.ctx)
			require.ErrorIs(t, err, collections.ErrNotFound, "nothing is stored")
		})
	}
}

// TestInvariants plants a violation of each.
func TestInvariants(t *testing.T) {
	t.Parallel()
	for name, plant := range map[string]func(c *chain) error{
		"a gap": func(c *chain) error {
			a, err := c.k.Assets.Get(c.ctx, 2)
			return errors.Join(err, c.k.Assets.Remove(c.ctx, 2), c.k.Assets.Set(c.ctx, 3, a))
		},
		"denom lost":    func(c *chain) error { return c.k.Denoms.Remove(c.ctx, "uosmo") },
		"denom astray":  func(c *chain) error { return c.k.Denoms.Set(c.ctx, "uosmo", 1) },
		"denom unknown": func(c *chain) error { return c.k.Denoms.Set(c.ctx, "uion", 1) },
		"no sources":    func(c *chain) error { return c.k.Sources.Remove(c.ctx, 0) },
		"foreign sources": func(c *chain) error {
			return c.k.Sources.Set(c.ctx, 9, types.SourceList{})
		},
		"foreign reports":   func(c *chain) error { return c.k.Reports.Set(c.ctx, 9, nil) },
		"foreign history":   func(c *chain) error { return c.k.Histories.Set(c.ctx, 9, oracle.History{}) },
		"foreign clearings": func(c *chain) error { return c.k.Clearings.Set(c.ctx, 9, oracle.ClearingPrice{}) },
		"report of nobody": func(c *chain) error {
			return c.k.Reports.Set(c.ctx, 0, []types.LastReport{{Source: 99}})
		},
		"a price too few": func(c *chain) error { return c.k.Prices.Set(c.ctx, oracle.Snapshot{}) },
		"no prices":       func(c *chain) error { return c.k.Prices.Remove(c.ctx) },
		"no params":       func(c *chain) error { return c.k.Params.Remove(c.ctx) },
		"foreign point": func(c *chain) error {
			return c.k.Points.Set(c.ctx, collections.Join(uint16(9), int64(1)), oracle.Price{})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := lived(t)
			require.Empty(t, c.k.Invariants(c.ctx))
			require.NoError(t, plant(c))
			require.NotEmpty(t, c.k.Invariants(c.ctx))
		})
	}
}
