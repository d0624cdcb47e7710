package check

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	"cosmossdk.io/log/v2"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/server"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/app/database"
)

// ErrState says that a state cannot be read.
var ErrState = errors.New("the state cannot be read")

// Live checks a running node at its last block.
func Live(ctx context.Context, c client.Context) (*Verdict, error) {
	node, err := c.GetNode()
	if err != nil {
		return nil, err
	}
	info, err := node.ABCIInfo(ctx)
	if err != nil {
		return nil, fmt.Errorf("expected a node that answers at %s; start it, or check its data with --home: %w", c.NodeURI,
			err)
	}
	status, err := node.Status(ctx)
	if err != nil {
		return nil, err
	}
	height := info.Response.LastBlockHeight
	v := &Verdict{Where: "the node at " + c.NodeURI, Chain: status.NodeInfo.Network, Height: height}
	return v, v.Ask(ctx, c.WithHeight(height))
}

// Home checks the data of a stopped node.
func Home(ctx context.Context, home string, opts servertypes.AppOptions) (v *Verdict, err error) {
	data := filepath.Join(home, "data")
	if _, err := os.Stat(filepath.Join(data, database.Name+".db")); err != nil {
		return nil, fmt.Errorf("%w: expected the data of a node in %s: %w", ErrState, data, err)
	}
	db, err := database.Open(data, server.GetAppDBBackend(opts))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: a node that runs has it open; stop it, or ask it with --node: %w", ErrState, data,
			err)
	}
	a, err := app.New(log.NewNopLogger(), db, true, opts)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	height := a.LastBlockHeight()
	if height == 0 {
		return nil, fmt.Errorf("%w: the node of %s has not seen a block yet", ErrState, home)
	}
	v = &Verdict{Where: "the data in " + data, Height: height, Chain: chainOf(home)}
	state := sdk.NewContext(a.CommitMultiStore(), cmtproto.Header{Height: height, ChainID: v.Chain}, true, a.Logger())
	return v, v.whole(ctx, a, state)
}

// chainOf is the id of the chain of a node, as far as its genesis says.
func chainOf(home string) string {
	g, err := genutiltypes.AppGenesisFromFile(filepath.Join(home, "config", "genesis.json"))
	if err != nil {
		return "unknown"
	}
	return g.ChainID
}

// Genesis starts a chain in memory from an exported state, and checks that.
func Genesis(ctx context.Context, file string, opts servertypes.AppOptions) (v *Verdict, err error) {
	g, err := genutiltypes.AppGenesisFromFile(file)
	if err != nil {
		return nil, fmt.Errorf("%w: expected a genesis, as `ballastd export` writes it: %w", ErrState, err)
	}
	a, err := app.New(log.NewNopLogger(), dbm.NewMemDB(), true, opts, baseapp.SetChainID(g.ChainID))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if err := begin(a, g); err != nil {
		return nil, fmt.Errorf("%w: %s: no chain can start from it: %w", ErrState, file, err)
	}
	v = &Verdict{Where: file, Chain: g.ChainID, Height: max(g.InitialHeight-1, 0)}
	header := cmtproto.Header{Height: g.InitialHeight, ChainID: g.ChainID, Time: g.GenesisTime}
	return v, v.whole(ctx, a, a.NewContextLegacy(false, header))
}

// begin starts a chain. The SDK's modules panic when a genesis does not add up.
func begin(a *app.App, g *genutiltypes.AppGenesis) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	if g.GenesisTime.IsZero() {
		g.GenesisTime = time.Unix(0, 0).UTC()
	}
	req := &abci.RequestInitChain{
		ChainId: g.ChainID, Time: g.GenesisTime, InitialHeight: g.InitialHeight, AppStateBytes: g.AppState,
	}
	if g.Consensus != nil && g.Consensus.Params != nil {
		params := g.Consensus.Params.ToProto()
		req.ConsensusParams = &params
	}
	_, err = a.InitChain(req)
	return err
}

// whole checks a state of which everything is at hand.
func (v *Verdict) whole(ctx context.Context, a *app.App, state sdk.Context) error {
	conn := &baseapp.QueryServiceTestHelper{GRPCQueryRouter: a.GRPCQueryRouter(), Ctx: state}
	if err := v.Ask(ctx, conn); err != nil {
		return err
	}
	v.supply(a, state) //nolint:contextcheck // the state is in its own
	return nil
}

// supply compares the balances of all accounts with the supply.
func (v *Verdict) supply(a *app.App, state sdk.Context) {
	held, balances := sdk.NewCoins(), uint64(0)
	a.Bank.IterateAllBalances(state, func(_ sdk.AccAddress, coin sdk.Coin) bool {
		balances++
		if coin.IsNegative() {
			v.Broken = append(v.Broken, fmt.Sprintf("bank: a balance of %v", coin))
			return false
		}
		held = held.Add(coin)
		return false
	})
	supply := sdk.NewCoins()
	a.Bank.IterateTotalSupply(state, func(coin sdk.Coin) bool {
		supply = supply.Add(coin)
		return false
	})
	v.Counts = append(v.Counts, Count{"balances", balances}, Count{"denoms", uint64(len(supply))})
	if !held.Equal(supply) {
		v.Broken = append(v.Broken, fmt.Sprintf("bank: the accounts hold %v, the supply is %v", held, supply))
	}
}
