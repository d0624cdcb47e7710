package portfolio_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	transferkeeper "github.com/cosmos/ibc-go/v11/modules/apps/transfer/keeper"

	"github.com/ballast-finance/ballast/testutil/commands"
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

// TestCommands: every method has a command with an example, and every message a signer.
func TestCommands(t *testing.T) {
	t.Parallel()
	commands.Check(t, "portfolio", portfolio.AppModule{}.AutoCLIOptions())
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
