package portfolio_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/reflect/protoreflect"

	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/gogoproto/proto"
	transferkeeper "github.com/cosmos/ibc-go/v11/modules/apps/transfer/keeper"

	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oraclekeeper "github.com/ballast-finance/ballast/x/oracle/keeper"
	"github.com/ballast-finance/ballast/x/portfolio"
	"github.com/ballast-finance/ballast/x/portfolio/keeper"
	"github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// What other modules expect of this one.
var (
	_ rebalancetypes.PortfolioKeeper = keeper.Keeper{}
	_ rebalancetypes.Checker         = keeper.Keeper{}
	_ auctiontypes.SellerKeeper      = keeper.Keeper{}
	_ types.OracleKeeper             = oraclekeeper.Keeper{}
	_ types.TransferKeeper           = (*transferkeeper.Keeper)(nil)
)

// TestCommands: every method of the services has a command with help and an example, whose arguments are its fields.
func TestCommands(t *testing.T) {
	t.Parallel()
	options := portfolio.AppModule{}.AutoCLIOptions()
	files, err := proto.MergedRegistry()
	require.NoError(t, err)
	for _, service := range []*autocliv1.ServiceCommandDescriptor{options.Query, options.Tx} {
		found, err := files.FindDescriptorByName(protoreflect.FullName(service.Service))
		require.NoError(t, err)
		methods := found.(protoreflect.ServiceDescriptor).Methods() //nolint:forcetypeassert // the name says so
		require.Len(t, service.RpcCommandOptions, methods.Len())
		for _, o := range service.RpcCommandOptions {
			method := methods.ByName(protoreflect.Name(o.RpcMethod))
			require.NotNil(t, method, o.RpcMethod)
			require.NotEmpty(t, o.Short, o.RpcMethod)
			require.NotEmpty(t, o.Long, o.RpcMethod)
			require.Contains(t, o.Example, strings.Fields(o.Use)[0], o.RpcMethod)
			require.Len(t, strings.Fields(o.Use), len(o.PositionalArgs)+1, o.RpcMethod)
			for _, arg := range o.PositionalArgs {
				require.NotNil(t, method.Input().Fields().ByName(protoreflect.Name(arg.ProtoField)), "%s %s", o.RpcMethod,
					arg.ProtoField)
			}
		}
	}
}

// TestGenesisOfTheModule: the default is valid, nonsense is refused.
func TestGenesisOfTheModule(t *testing.T) {
	t.Parallel()
	c := codec.NewProtoCodec(codectypes.NewInterfaceRegistry())
	m := portfolio.AppModule{}
	require.NoError(t, m.ValidateGenesis(c, nil, m.DefaultGenesis(c)))
	require.ErrorIs(t, m.ValidateGenesis(c, nil, []byte(`{"no":1}`)), types.ErrGenesis)
	require.ErrorIs(t, m.ValidateGenesis(c, nil, []byte(`{"next_id":"1"}`)), types.ErrGenesis)
	require.Equal(t, "portfolio", m.Name())
	require.EqualValues(t, 1, m.ConsensusVersion())
}
