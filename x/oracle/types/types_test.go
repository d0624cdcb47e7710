package types_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	errorsmod "cosmossdk.io/errors"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

var update = flag.Bool("update", false, "write testdata/shapes.txt")

func TestMain(m *testing.M) {
	sdk.GetConfig().SetBech32PrefixForAccount("ballast", "ballastpub")
	os.Exit(m.Run())
}

// TestShapes fails when the layout of a stored value changes: that needs a version and a migration.
func TestShapes(t *testing.T) {
	t.Parallel()
	const golden = "testdata/shapes.txt"
	got := strings.Join([]string{
		types.ReportsCodec().Shape(), types.HistoryCodec().Shape(), types.ClearingsCodec().Shape(),
		types.SnapshotCodec().Shape(), types.PriceCodec().Shape(),
	}, "\n") + "\n"
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "raise the version of the codec and add a migration, then run with -update")
}

// TestNamesAreTheEngines holds the numbers and the words of the messages to those of the engine.
func TestNamesAreTheEngines(t *testing.T) {
	t.Parallel()
	require.Len(t, types.SourceClass_name, 6)
	for n, name := range types.SourceClass_name {
		class := oracle.Class(n)
		require.Equal(t, name, "SOURCE_CLASS_"+strings.ToUpper(class.String()))
		require.Equal(t, class, (&types.Source{Class: types.SourceClass(n)}).Engine().Class)
	}
	require.Equal(t, oracle.ClassUnspecified, (&types.Source{Class: 256 + 2}).Engine().Class)
}

// TestDefaultParams are the engine's defaults and survive the way through texts.
func TestDefaultParams(t *testing.T) {
	t.Parallel()
	p := types.DefaultParams()
	terms, err := p.Terms()
	require.NoError(t, err)
	require.Equal(t, types.Terms{
		Aggregate: oracle.DefaultConfig(), History: oracle.DefaultHistoryConfig(),
		Clearing: oracle.DefaultClearingConfig(), Points: 300, Events: 60,
	}, terms)
}

func TestParamsRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		field  string
		change func(p *types.Params)
	}{
		{"max_assets", func(p *types.Params) { p.MaxAssets = 0 }},
		{"max_assets", func(p *types.Params) { p.MaxAssets = types.MaxAssets + 1 }},
		{"max_reports", func(p *types.Params) { p.MaxReports = 0 }},
		{"max_reports", func(p *types.Params) { p.MaxReports = types.MaxReports + 1 }},
		{"max_ahead_seconds", func(p *types.Params) { p.MaxAheadSeconds = -1 }},
		{"max_ahead_seconds", func(p *types.Params) { p.MaxAheadSeconds = 61 }},
		{"point_seconds", func(p *types.Params) { p.PointSeconds = 0 }},
		{"max_points", func(p *types.Params) { p.MaxPoints = types.MaxPoints + 1 }},
		{"event_seconds", func(p *types.Params) { p.EventSeconds = 86_401 }},
		{"aggregate.class_cap", func(p *types.Params) { p.Aggregate.ClassCap = "half" }},
		{"aggregate: ", func(p *types.Params) { p.Aggregate.ClassCap = "0.4" }},
		{"aggregate: ", func(p *types.Params) { p.Aggregate.MinSources = 33 }},
		{"history.breaker_z", func(p *types.Params) { p.History.BreakerZ = "4,5" }},
		{"history: ", func(p *types.Params) { p.History.BreakerClearAfter = 0 }},
		{"history: ", func(p *types.Params) { p.History.VolatilityFloor = "-1" }},
		{"history: ", func(p *types.Params) { p.History.MeanSeconds = 0 }},
		{"clearing.add_back", func(p *types.Params) { p.Clearing.AddBack = "x" }},
		{"clearing.min_owners", func(p *types.Params) { p.Clearing.MinOwners = 1_001 }},
		{"clearing: ", func(p *types.Params) { p.Clearing.Auctions = 11 }},
	} {
		p := types.DefaultParams()
		test.change(&p)
		err := p.Validate()
		require.ErrorIs(t, err, types.ErrParams)
		require.Contains(t, err.Error(), test.field)
		require.Contains(t, err.Error(), "expected")
	}
}

// TestWrap: each error of the engine has one code; others keep theirs.
func TestWrap(t *testing.T) {
	t.Parallel()
	for engine, want := range map[error]*errorsmod.Error{
		oracle.ErrConfig: types.ErrParams, oracle.ErrSource: types.ErrSource, oracle.ErrPrice: types.ErrPrice,
		oracle.ErrTime: types.ErrTime, oracle.ErrFuture: types.ErrTime, oracle.ErrStale: types.ErrTime,
		asset.ErrAsset: types.ErrAsset,
	} {
		err := types.Wrap(fmt.Errorf("%w: expected better", engine))
		require.ErrorIs(t, err, want)
		require.Contains(t, err.Error(), "expected better")
	}
	other := errors.New("other")
	require.Equal(t, other, types.Wrap(other))
	require.NoError(t, types.Wrap(nil))
}
