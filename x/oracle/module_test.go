package oracle_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	gateway "github.com/grpc-ecosystem/grpc-gateway/runtime"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/reflect/protoreflect"

	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/runtime"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	"github.com/cosmos/cosmos-sdk/testutil"
	"github.com/cosmos/cosmos-sdk/types/msgservice"
	"github.com/cosmos/gogoproto/proto"

	"github.com/ballast-finance/ballast/x/oracle"
	"github.com/ballast-finance/ballast/x/oracle/keeper"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// TestCommands: every method has a command with an explanation and an example, and its arguments are fields.
func TestCommands(t *testing.T) {
	t.Parallel()
	options := oracle.AppModule{}.AutoCLIOptions()
	for _, service := range []*autocliv1.ServiceCommandDescriptor{options.Query, options.Tx} {
		d, err := proto.HybridResolver.FindDescriptorByName(protoreflect.FullName(service.Service))
		require.NoError(t, err)
		methods, ok := d.(protoreflect.ServiceDescriptor)
		require.True(t, ok)
		require.Len(t, service.RpcCommandOptions, methods.Methods().Len())
		for _, o := range service.RpcCommandOptions {
			m := methods.Methods().ByName(protoreflect.Name(o.RpcMethod))
			require.NotNil(t, m, o.RpcMethod)
			require.True(t, o.Short != "" && o.Long != "" && strings.Contains(o.Example, " oracle "), o.RpcMethod)
			command, _, _ := strings.Cut(o.Use, " ")
			require.Contains(t, o.Example, " oracle "+command)
			for _, a := range o.PositionalArgs {
				require.NotNil(t, m.Input().Fields().ByName(protoreflect.Name(a.ProtoField)), a.ProtoField)
			}
			require.Equal(t, m.Input().Fields().ByName("authority") != nil, o.GovProposal, o.RpcMethod)
		}
	}
}

// TestSigners: every message says who signs it.
func TestSigners(t *testing.T) {
	t.Parallel()
	files, err := proto.MergedRegistry()
	require.NoError(t, err)
	require.NoError(t, msgservice.ValidateProtoAnnotations(files))
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
