package keeper_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

var denoms = []string{"uatom", "uosmo", "ibc/ABC", "factory/x/y", "uion"}

func drawPrice(t *rapid.T) string {
	return fixed.FromRaw(rapid.Int64Range(-1, 5_000_000_000_000_000_000).Draw(t, "price")).String()
}

func drawSources(t *rapid.T) []types.Source {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) types.Source {
		s := source(rapid.ByteRange(0, 6).Draw(t, "id"), types.SourceClass(rapid.Int32Range(0, 5).Draw(t, "class")))
		s.Weight = rapid.Uint32Range(0, 300).Draw(t, "weight")
		s.Paused = rapid.IntRange(0, 9).Draw(t, "paused") == 0
		return s
	}), 0, 6).Draw(t, "sources")
}

// act sends one message that may be anything, or has an auction clear.
func act(t *rapid.T, c *chain) error {
	denom := func() string { return rapid.SampledFrom(denoms).Draw(t, "denom") }
	switch rapid.IntRange(0, 9).Draw(t, "action") {
	case 0:
		_, err := c.msg.AddAsset(c.ctx, &types.MsgAddAsset{
			Authority: authority, Denom: denom(), Display: rapid.StringMatching(`[A-C]`).Draw(t, "display"),
			Exponent: rapid.Uint32Range(0, 19).Draw(t, "exponent"), Sources: drawSources(t),
		})
		return err
	case 1:
		_, err := c.msg.UpdateAsset(c.ctx, &types.MsgUpdateAsset{
			Authority: authority, Denom: denom(), Status: types.AssetStatus(rapid.Int32Range(0, 3).Draw(t, "status")),
		})
		return err
	case 2:
		_, err := c.msg.SetSources(c.ctx, &types.MsgSetSources{
			Authority: authority, Denom: denom(), Sources: drawSources(t),
		})
		return err
	case 3:
		p := fixed.FromRaw(rapid.Int64Range(0, 5_000_000_000_000_000_000).Draw(t, "price"))
		_, err := c.k.Clear(c.ctx, asset.Index(rapid.Uint16Range(0, 5).Draw(t, "asset")), oracle.Clearing{
			Time: c.now(), Price: p, Mid: p, Volume: p, Owners: rapid.IntRange(1, 3).Draw(t, "owners"),
		})
		return err
	}
	m := &types.MsgReport{Reporter: address(rapid.ByteRange(0, 6).Draw(t, "reporter"))}
	for range rapid.IntRange(0, 3).Draw(t, "reports") {
		m.Reports = append(m.Reports, types.Report{
			Denom: denom(), Price: drawPrice(t), TimeSeconds: c.now() + rapid.Int64Range(-700, 12).Draw(t, "time"),
		})
	}
	_, err := c.msg.Report(c.ctx, m)
	return err
}

// TestAnything: whatever is sent, what is refused changes nothing, what is stored stays consistent, indices never
// move, a published price is one that a source has reported or nothing, and an export is the whole chain.
func TestAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := fresh(t, func(g *types.GenesisState) { g.Params.PointSeconds, g.Params.MaxPoints = 20, 5 })
		var known []string
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			if rapid.IntRange(0, 3).Draw(rt, "block") == 0 {
				c.block(c.now() + rapid.Int64Range(0, 300).Draw(rt, "seconds"))
				continue
			}
			before := c.dump()
			if err := act(rt, c); err != nil && c.dump() != before {
				rt.Fatalf("%v, but the state has changed", err)
			}
			u, err := c.k.Universe(c.ctx)
			require.NoError(rt, err)
			for i, d := range known {
				require.Equal(rt, asset.ID(d), u.At(asset.Index(i)).ID)
			}
			for i := len(known); i < u.Len(); i++ {
				known = append(known, string(u.At(asset.Index(i)).ID))
			}
		}
		twin := empty(t)
		g, err := c.k.ExportGenesis(c.ctx)
		require.NoError(rt, err)
		require.NoError(rt, twin.k.InitGenesis(twin.ctx, g))
		next := c.now() + 30
		require.Equal(rt, c.block(next), twin.block(next))
		require.Equal(rt, c.dump(), twin.dump())
	})
}

// TestPriceWithinReports: a published price is between the lowest and the highest of the last reports.
func TestPriceWithinReports(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := fresh(t)
		c.add("uatom", "ATOM", three()...)
		var said []fixed.Wad
		for n := byte(1); n <= 3; n++ {
			p := fixed.FromRaw(rapid.Int64Range(1, 5_000_000_000_000_000_000).Draw(rt, "price"))
			said = append(said, p)
			c.report(n, "uatom", p.String())
		}
		c.block(genesisTime + 5)
		p := c.price("uatom")
		slices.SortFunc(said, fixed.Wad.Cmp)
		if p.Status == oracle.StatusOK && (p.Value.Less(said[0]) || said[2].Less(p.Value)) {
			rt.Errorf("%v of reports %v", p.Value, said)
		}
	})
}
