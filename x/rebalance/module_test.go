package rebalance_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/reflect/protoreflect"

	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/types/msgservice"
	"github.com/cosmos/gogoproto/proto"

	"github.com/ballast-finance/ballast/testutil/fake"
	"github.com/ballast-finance/ballast/x/rebalance"
	"github.com/ballast-finance/ballast/x/rebalance/keeper"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// TestCommands: every method has a command with an explanation and an example, and its arguments are fields.
func TestCommands(t *testing.T) {
	t.Parallel()
	options := rebalance.AppModule{}.AutoCLIOptions()
	for _, service := range []*autocliv1.ServiceCommandDescriptor{options.Query, options.Tx} {
		d, err := proto.HybridResolver.FindDescriptorByName(protoreflect.FullName(service.Service))
		require.NoError(t, err)
		methods, ok := d.(protoreflect.ServiceDescriptor)
		require.True(t, ok)
		require.Len(t, service.RpcCommandOptions, methods.Methods().Len())
		for _, o := range service.RpcCommandOptions {
			m := methods.Methods().ByName(protoreflect.Name(o.RpcMethod))
			require.NotNil(t, m, o.RpcMethod)
			require.True(t, o.Short != "" && strings.Contains(o.Example, " rebalance "), o.RpcMethod)
			command, _, _ := strings.Cut(o.Use, " ")
			require.Contains(t, o.Example, " rebalance "+command)
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

func TestModuleGenesis(t *testing.T) {
	t.Parallel()
	registry := codectypes.NewInterfaceRegistry()
	cdc := codec.NewProtoCodec(registry)
	ctx, stores := fake.Context(t, types.StoreKey)
	ctx = ctx.WithBlockTime(time.Unix(1_000_000, 0))
	k, err := keeper.New(cdc, stores[0], types.Keepers{}, "")
	require.NoError(t, err)
	m := rebalance.NewAppModule(k)
	m.RegisterInterfaces(registry)
	m.RegisterLegacyAminoCodec(codec.NewLegacyAmino())
	require.EqualValues(t, 1, m.ConsensusVersion())

	g := m.DefaultGenesis(cdc)
	require.NoError(t, m.ValidateGenesis(cdc, nil, g))
	require.ErrorIs(t, m.ValidateGenesis(cdc, nil, []byte(`{"debts":3}`)), types.ErrGenesis)
	require.Error(t, m.ValidateGenesis(cdc, nil, []byte(`{"params":{}}`)))
	require.Panics(t, func() { m.InitGenesis(ctx, cdc, []byte(`{}`)) })
	m.InitGenesis(ctx, cdc, g)
	require.JSONEq(t, string(g), string(m.ExportGenesis(ctx, cdc)))
}
