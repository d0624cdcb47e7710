package auction_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"

	"github.com/ballast-finance/ballast/testutil/commands"
	"github.com/ballast-finance/ballast/testutil/fake"
	"github.com/ballast-finance/ballast/x/auction"
	"github.com/ballast-finance/ballast/x/auction/keeper"
	"github.com/ballast-finance/ballast/x/auction/types"
)

// TestCommands: every method has a command with an example, and every message a signer.
func TestCommands(t *testing.T) {
	t.Parallel()
	commands.Check(t, "auction", auction.AppModule{}.AutoCLIOptions())
}

func TestModuleGenesis(t *testing.T) {
	t.Parallel()
	registry := codectypes.NewInterfaceRegistry()
	cdc := codec.NewProtoCodec(registry)
	ctx, stores := fake.Context(t, types.StoreKey)
	ctx = ctx.WithBlockTime(time.Unix(1_000_000, 0))
	k, err := keeper.New(cdc, stores[0], types.Keepers{}, "")
	require.NoError(t, err)
	m := auction.NewAppModule(k)
	m.RegisterInterfaces(registry)
	m.RegisterLegacyAminoCodec(codec.NewLegacyAmino())
	require.EqualValues(t, 1, m.ConsensusVersion())

	g := m.DefaultGenesis(cdc)
	require.NoError(t, m.ValidateGenesis(cdc, nil, g))
	require.ErrorIs(t, m.ValidateGenesis(cdc, nil, []byte(`{"lots":3}`)), types.ErrGenesis)
	require.ErrorIs(t, m.ValidateGenesis(cdc, nil, []byte(`{"params":{}}`)), types.ErrParams)
	require.Panics(t, func() { m.InitGenesis(ctx, cdc, []byte(`{}`)) })
	require.Panics(t, func() { m.ExportGenesis(ctx, cdc) })
	m.InitGenesis(ctx, cdc, g)
	require.NoError(t, m.EndBlock(ctx))
	require.NoError(t, m.ValidateGenesis(cdc, nil, m.ExportGenesis(ctx, cdc)))
}
