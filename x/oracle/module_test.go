package oracle_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	gateway "github.com/grpc-ecosystem/grpc-gateway/runtime"
	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/runtime"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	"github.com/cosmos/cosmos-sdk/testutil"

	"github.com/ballast-finance/ballast/testutil/commands"
	"github.com/ballast-finance/ballast/x/oracle"
	"github.com/ballast-finance/ballast/x/oracle/keeper"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// TestCommands: every method has a command with an example, and every message a signer.
func TestCommands(t *testing.T) {
	t.Parallel()
	commands.Check(t, "oracle", oracle.AppModule{}.AutoCLIOptions())
}

// asked answers nothing and remembers what it was asked for.
type asked struct {
	types.UnimplementedQueryServer

	by string
}

func (a *asked) Assets(context.Context, *types.QueryAssetsRequest) (*types.QueryAssetsResponse, error) {
	a.by = "assets"
	return nil, io.EOF
}

func (a *asked) Asset(_ context.Context, q *types.QueryAssetRequest) (*types.QueryAssetResponse, error) {
	a.by = "asset " + q.Denom
	return nil, io.EOF
}

func (a *asked) Prices(context.Context, *types.QueryPricesRequest) (*types.QueryPricesResponse, error) {
	a.by = "prices"
	return nil, io.EOF
}

func (a *asked) Price(_ context.Context, q *types.QueryPriceRequest) (*types.QueryPriceResponse, error) {
	a.by = "price " + q.Denom
	return nil, io.EOF
}

// TestPaths: denoms have slashes, and a list is not the denom of no letters.
func TestPaths(t *testing.T) {
	t.Parallel()
	var a asked
	mux := gateway.NewServeMux()
	require.NoError(t, types.RegisterQueryHandlerServer(t.Context(), mux, &a))
	for path, want := range map[string]string{
		"assets": "assets", "assets/uatom": "asset uatom", "assets/ibc/ABC": "asset ibc/ABC",
		"prices": "prices", "prices/uatom": "price uatom", "prices/factory/x/y": "price factory/x/y",
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/ballast/oracle/v1/"+path, http.NoBody)
		mux.ServeHTTP(httptest.NewRecorder(), r)
		require.Equal(t, want, a.by)
	}
}

func TestModuleGenesis(t *testing.T) {
	t.Parallel()
	registry := codectypes.NewInterfaceRegistry()
	cdc := codec.NewProtoCodec(registry)
	key := storetypes.NewKVStoreKey(types.StoreKey)
	ctx := testutil.DefaultContext(key, storetypes.NewTransientStoreKey("transient"))
	k, err := keeper.New(cdc, runtime.NewKVStoreService(key), "")
	require.NoError(t, err)
	m := oracle.NewAppModule(k)
	m.RegisterInterfaces(registry)
	require.EqualValues(t, 1, m.ConsensusVersion())

	g := m.DefaultGenesis(cdc)
	require.NoError(t, m.ValidateGenesis(cdc, nil, g))
	require.ErrorIs(t, m.ValidateGenesis(cdc, nil, []byte(`{"assets":3}`)), types.ErrGenesis)
	require.ErrorIs(t, m.ValidateGenesis(cdc, nil, []byte(`{"params":{}}`)), types.ErrGenesis)
	require.Panics(t, func() { m.InitGenesis(ctx, cdc, []byte(`{}`)) })
	require.Panics(t, func() { m.ExportGenesis(ctx, cdc) })
	m.InitGenesis(ctx, cdc, g)
	require.NoError(t, m.BeginBlock(ctx))
	require.NoError(t, m.ValidateGenesis(cdc, nil, m.ExportGenesis(ctx, cdc)))
}
