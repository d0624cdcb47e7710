package keeper_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// two is a chain with an active asset, one in wind-down and one that is disabled, all with the same three reporters,
// and a first report.
func two(t *testing.T) *chain {
	t.Helper()
	c := fresh(t, func(g *types.GenesisState) { g.Params.MaxAssets, g.Params.MaxReports = 4, 3 })
	c.add("uatom", "ATOM", three()...)
	c.add("uosmo", "OSMO", three()...)
	c.add("uluna", "LUNA", three()...)
	c.set("uosmo", types.AssetWindDown)
	c.set("uluna", types.AssetDisabled)
	c.report(1, "uatom", "4.21")
	return c
}

// refused checks that a message is refused for a reason, that the reason is written out, and that nothing changes.
func refused(t *testing.T, c *chain, want error, send func() error) {
	t.Helper()
	before, events := c.dump(), len(c.ctx.EventManager().Events())
	err := send()
	require.ErrorIs(t, err, want)
	require.True(t, errors.Is(err, sdkerrors.ErrUnauthorized) || strings.Contains(err.Error(), "expected"), err.Error())
	require.Equal(t, before, c.dump(), "a refused message changes nothing")
	require.Len(t, c.ctx.EventManager().Events(), events)
}

func TestReportRefused(t *testing.T) {
	t.Parallel()
	const now = genesisTime
	good := func(denom string) types.Report { return types.Report{Denom: denom, Price: "4.3", TimeSeconds: now} }
	with := func(change func(r *types.Report)) []types.Report {
		bad := good("uosmo")
		change(&bad)
		return []types.Report{good("uatom"), bad}
	}
	for _, test := range []struct {
		name     string
		reporter string
		reports  []types.Report
		want     error
	}{
		{"no reporter", "", []types.Report{good("uatom")}, types.ErrReporter},
		{"no address", "ballast1", []types.Report{good("uatom")}, types.ErrReporter},
		{"a stranger", address(9), []types.Report{good("uatom")}, types.ErrReporter},
		{"the authority", authority, []types.Report{good("uatom")}, types.ErrReporter},
		{"none", address(1), nil, types.ErrTooMany},
		{"too many", address(1), slices.Repeat([]types.Report{good("uatom")}, 4), types.ErrTooMany},
		{"a denom twice", address(1), []types.Report{good("uatom"), good("uatom")}, types.ErrReport},
		{"unknown denom", address(1), with(func(r *types.Report) { r.Denom = "uion" }), types.ErrUnknownAsset},
		{"display name for denom", address(1), with(func(r *types.Report) { r.Denom = "OSMO" }), types.ErrUnknownAsset},
		{"no price", address(1), with(func(r *types.Report) { r.Price = "" }), types.ErrPrice},
		{"no number", address(1), with(func(r *types.Report) { r.Price = "1e3" }), types.ErrPrice},
		{"zero", address(1), with(func(r *types.Report) { r.Price = "0" }), types.ErrPrice},
		{"negative", address(1), with(func(r *types.Report) { r.Price = "-1" }), types.ErrPrice},
		{"too large", address(1), with(func(r *types.Report) { r.Price = "1000000000000000001" }), types.ErrPrice},
		{"overflow", address(1), with(func(r *types.Report) { r.Price = strings.Repeat("9", 100) }), types.ErrPrice},
		{"too many digits", address(1), with(func(r *types.Report) { r.Price = "1.0000000000000000001" }), types.ErrPrice},
		{"ahead", address(1), with(func(r *types.Report) { r.TimeSeconds += 11 }), types.ErrTime},
		{"far ahead", address(1), with(func(r *types.Report) { r.TimeSeconds = math.MaxInt64 }), types.ErrTime},
		{"stale", address(1), with(func(r *types.Report) { r.TimeSeconds -= 601 }), types.ErrTime},
		{"before 1970", address(1), with(func(r *types.Report) { r.TimeSeconds = -1 }), types.ErrTime},
		{"before its last", address(1), []types.Report{{Denom: "uatom", Price: "1", TimeSeconds: now - 1}}, types.ErrTime},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := two(t)
			refused(t, c, test.want, func() error {
				_, err := c.msg.Report(c.ctx, &types.MsgReport{Reporter: test.reporter, Reports: test.reports})
				return err
			})
		})
	}
}

// TestReportAgain: a later report takes the place of the last; the same moment may be corrected.
func TestReportAgain(t *testing.T) {
	t.Parallel()
	c := two(t)
	c.report(1, "uatom", "4.22")
	c.at(genesisTime + 1)
	_, err := c.msg.Report(c.ctx, &types.MsgReport{
		Reporter: strings.ToUpper(address(1)),
		Reports:  []types.Report{{Denom: "uatom", Price: "4.23", TimeSeconds: c.now()}},
	})
	require.NoError(t, err, "an address in capitals is the same address")
	reports, err := c.k.Reports.Get(c.ctx, 0)
	require.NoError(t, err)
	require.Len(t, reports, 1)
	require.Equal(t, "4.23", reports[0].Price.String())
}

func TestAddAssetRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(m *types.MsgAddAsset)
		want   error
	}{
		{"wrong signer", func(m *types.MsgAddAsset) { m.Authority = address(1) }, sdkerrors.ErrUnauthorized},
		{"no signer", func(m *types.MsgAddAsset) { m.Authority = "" }, sdkerrors.ErrUnauthorized},
		{"no denom", func(m *types.MsgAddAsset) { m.Denom = "" }, types.ErrAsset},
		{"invalid denom", func(m *types.MsgAddAsset) { m.Denom = "1u" }, types.ErrAsset},
		{"long denom", func(m *types.MsgAddAsset) { m.Denom = strings.Repeat("u", 129) }, types.ErrAsset},
		{"duplicate", func(m *types.MsgAddAsset) { m.Denom = "uatom" }, types.ErrAssetExists},
		{"disabled duplicate", func(m *types.MsgAddAsset) { m.Denom = "uluna" }, types.ErrAssetExists},
		{"no display", func(m *types.MsgAddAsset) { m.Display = "" }, types.ErrAsset},
		{"digit first", func(m *types.MsgAddAsset) { m.Display = "1INCH" }, types.ErrAsset},
		{"space", func(m *types.MsgAddAsset) { m.Display = "A B" }, types.ErrAsset},
		{"long display", func(m *types.MsgAddAsset) { m.Display = strings.Repeat("A", 33) }, types.ErrAsset},
		{"taken display", func(m *types.MsgAddAsset) { m.Display = "atom" }, types.ErrAssetExists},
		{"another's denom", func(m *types.MsgAddAsset) { m.Display = "uatom" }, types.ErrAssetExists},
		{"denom is another's display", func(m *types.MsgAddAsset) { m.Denom = "ATOM" }, types.ErrAssetExists},
		{"exponent", func(m *types.MsgAddAsset) { m.Exponent = 19 }, types.ErrAsset},
		{"overflow", func(m *types.MsgAddAsset) { m.Exponent = math.MaxUint32 }, types.ErrAsset},
		{"sources", func(m *types.MsgAddAsset) { m.Sources = []types.Source{{}} }, types.ErrSource},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := two(t)
			m := &types.MsgAddAsset{Authority: authority, Denom: "uion", Display: "ION", Exponent: 6}
			test.change(m)
			refused(t, c, test.want, func() error {
				_, err := c.msg.AddAsset(c.ctx, m)
				return err
			})
		})
	}
	c := two(t)
	c.add("uion", "LUNA") // the name of one that is disabled is free
	refused(t, c, types.ErrTooMany, func() error {
		_, err := c.msg.AddAsset(c.ctx, &types.MsgAddAsset{Authority: authority, Denom: "ujuno", Display: "JUNO"})
		return err
	})
}

func TestUpdateAssetRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		msg  types.MsgUpdateAsset
		want error
	}{
		{"wrong signer", types.MsgUpdateAsset{Authority: address(1), Denom: "uatom"}, sdkerrors.ErrUnauthorized},
		{"unknown denom", types.MsgUpdateAsset{Authority: authority, Denom: "uion"}, types.ErrUnknownAsset},
		{"no denom", types.MsgUpdateAsset{Authority: authority}, types.ErrUnknownAsset},
		{"invalid display", types.MsgUpdateAsset{Authority: authority, Denom: "uatom", Display: "?"}, types.ErrAsset},
		{"taken name", types.MsgUpdateAsset{Authority: authority, Denom: "uatom", Display: "OSMO"}, types.ErrAssetExists},
		{"unknown status", types.MsgUpdateAsset{Authority: authority, Denom: "uatom", Status: 4}, types.ErrAsset},
		{"negative status", types.MsgUpdateAsset{Authority: authority, Denom: "uatom", Status: -1}, types.ErrAsset},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := two(t)
			refused(t, c, test.want, func() error {
				_, err := c.msg.UpdateAsset(c.ctx, &test.msg)
				return err
			})
		})
	}
}

// TestRename: a name that was taken over meanwhile is not given back.
func TestRename(t *testing.T) {
	t.Parallel()
	c := two(t)
	rename := func(denom, display string) error {
		_, err := c.msg.UpdateAsset(c.ctx, &types.MsgUpdateAsset{Authority: authority, Denom: denom, Display: display})
		return err
	}
	require.NoError(t, rename("uatom", "LUNA"))
	refused(t, c, types.ErrAssetExists, func() error {
		_, err := c.msg.UpdateAsset(c.ctx, &types.MsgUpdateAsset{
			Authority: authority, Denom: "uluna", Status: types.AssetActive,
		})
		return err
	})
	require.NoError(t, rename("uluna", "LUNC"))
	c.set("uluna", types.AssetActive)
	require.Empty(t, c.k.Invariants(c.ctx))
}

func TestSetSourcesRefused(t *testing.T) {
	t.Parallel()
	with := func(change func(s *types.Source)) []types.Source {
		list := append(three(), source(4, types.ClassFeed))
		change(&list[3])
		return list
	}
	many := make([]types.Source, oracle.MaxSources+1)
	for i := range many {
		many[i] = source(byte(i), types.ClassFeed)
	}
	for _, test := range []struct {
		name    string
		signer  string
		denom   string
		sources []types.Source
		want    error
	}{
		{"wrong signer", address(1), "uatom", three(), sdkerrors.ErrUnauthorized},
		{"unknown denom", authority, "uion", three(), types.ErrUnknownAsset},
		{"too many", authority, "uatom", many, types.ErrSource},
		{"an id twice", authority, "uatom", with(func(s *types.Source) { s.Id = 1 }), types.ErrSource},
		{"no class", authority, "uatom", with(func(s *types.Source) { s.Class = 0 }), types.ErrSource},
		{"unknown class", authority, "uatom", with(func(s *types.Source) { s.Class = 257 }), types.ErrSource},
		{"no weight", authority, "uatom", with(func(s *types.Source) { s.Weight = 0 }), types.ErrSource},
		{"no age", authority, "uatom", with(func(s *types.Source) { s.MaxAgeSeconds = 0 }), types.ErrSource},
		{"negative age", authority, "uatom", with(func(s *types.Source) { s.MaxAgeSeconds = -1 }), types.ErrSource},
		{"no reporter", authority, "uatom", with(func(s *types.Source) { s.Reporter = "" }), types.ErrSource},
		{"no address", authority, "uatom", with(func(s *types.Source) { s.Reporter = "cosmos1x" }), types.ErrSource},
		{"a reporter twice", authority, "uatom", with(func(s *types.Source) { s.Reporter = address(1) }), types.ErrSource},
		{
			"a reporter twice, in capitals", authority, "uatom",
			with(func(s *types.Source) { s.Reporter = strings.ToUpper(address(1)) }), types.ErrSource,
		},
		{
			"manual prices of too much weight", authority, "uatom",
			with(func(s *types.Source) { s.Class, s.Weight = types.ClassManual, 151 }), types.ErrSource,
		},
		{
			"an auction that reports", authority, "uatom",
			with(func(s *types.Source) { s.Class = types.ClassAuction }), types.ErrSource,
		},
		{
			"two auctions", authority, "uatom",
			[]types.Source{
				{Id: 1, Class: types.ClassFeed, Weight: 900, MaxAgeSeconds: 1, Reporter: address(1)},
				{Id: 2, Class: types.ClassAuction, Weight: 1, MaxAgeSeconds: 1},
				{Id: 3, Class: types.ClassAuction, Weight: 1, MaxAgeSeconds: 1},
			},
			types.ErrSource,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := two(t)
			refused(t, c, test.want, func() error {
				_, err := c.msg.SetSources(c.ctx, &types.MsgSetSources{
					Authority: test.signer, Denom: test.denom, Sources: test.sources,
				})
				return err
			})
		})
	}
}

// TestSetSourcesKeepsReports of the sources that stay the same, and of no others.
func TestSetSourcesKeepsReports(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.add("uatom", "ATOM", append(three(), source(4, types.ClassFeed))...)
	for n := byte(1); n <= 4; n++ {
		c.report(n, "uatom", fmt.Sprint(n))
	}
	list := append(three(), types.Source{Id: 9, Class: types.ClassVote, Weight: 10, MaxAgeSeconds: 10})
	list[0].Weight, list[0].Paused = 700, true // 1 stays
	list[1].Reporter = address(8)              // 2 is someone else
	list[2].Class = types.ClassFeed            // 3 is something else; 4 is gone
	set := func(list []types.Source) {
		_, err := c.msg.SetSources(c.ctx, &types.MsgSetSources{Authority: authority, Denom: "uatom", Sources: list})
		require.NoError(t, err)
		require.Empty(t, c.k.Invariants(c.ctx))
	}
	set(list)
	reports, err := c.k.Reports.Get(c.ctx, 0)
	require.NoError(t, err)
	require.Len(t, reports, 1)
	require.EqualValues(t, 1, reports[0].Source)
	set(nil)
	has, err := c.k.Reports.Has(c.ctx, 0)
	require.NoError(t, err)
	require.False(t, has)
}

func TestUpdateParamsRefused(t *testing.T) {
	t.Parallel()
	c := two(t)
	send := func(signer string, change func(p *types.Params)) func() error {
		return func() error {
			p := types.DefaultParams()
			change(&p)
			_, err := c.msg.UpdateParams(c.ctx, &types.MsgUpdateParams{Authority: signer, Params: p})
			return err
		}
	}
	refused(t, c, sdkerrors.ErrUnauthorized, send(address(1), func(*types.Params) {}))
	refused(t, c, types.ErrParams, send(authority, func(p *types.Params) { p.MaxAssets = 129 }))
	require.NoError(t, send(authority, func(p *types.Params) { p.MaxAssets = 1 })())
	c.block(genesisTime + 5) // with more assets than can now be added
}
