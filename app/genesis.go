package app

import (
	"encoding/json"
	"fmt"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/staking"
)

// GenesisState is the state of every module at the start, by name.
type GenesisState map[string]json.RawMessage

// DefaultGenesis is the start of a chain without anything.
func (app *App) DefaultGenesis() map[string]json.RawMessage {
	return app.BasicManager.DefaultGenesis(app.cdc)
}

func (app *App) initChain(ctx sdk.Context, req *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
	var state GenesisState
	if err := json.Unmarshal(req.AppStateBytes, &state); err != nil {
		return nil, fmt.Errorf("genesis: %w", err)
	}
	if err := app.Upgrade.SetModuleVersionMap(ctx, app.ModuleManager.GetVersionMap()); err != nil {
		return nil, fmt.Errorf("genesis: %w", err)
	}
	response, err := app.ModuleManager.InitGenesis(ctx, app.cdc, state)
	if err != nil {
		return nil, err
	}
	// The bank would make a plain account of an address that it has not seen, and a module could not use that.
	for _, name := range ballastAccounts() {
		app.Account.GetModuleAccount(ctx, name)
	}
	return response, nil
}

// preBlock runs before everything else in a block: upgrades, and then the votes on prices, which the oracle takes up
// when the block begins.
func (app *App) preBlock(ctx sdk.Context, req *abci.RequestFinalizeBlock) (*sdk.ResponsePreBlock, error) {
	response, err := app.ModuleManager.PreBlock(ctx)
	if err != nil {
		return nil, err
	}
	app.votes.PreBlock(ctx, req.Txs)
	return response, nil
}

// Export writes the state of the last block, so that a chain can start from it.
func (app *App) Export(modules []string) (servertypes.ExportedApp, error) {
	height := app.LastBlockHeight()
	ctx := app.NewContextLegacy(true, cmtproto.Header{Height: height})
	state, err := app.ModuleManager.ExportGenesisForModules(ctx, app.cdc, modules)
	if err != nil {
		return servertypes.ExportedApp{}, fmt.Errorf("export: %w", err)
	}
	text, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		return servertypes.ExportedApp{}, fmt.Errorf("export: %w", err)
	}
	validators, err := staking.WriteValidators(ctx, app.Staking)
	if err != nil {
		return servertypes.ExportedApp{}, fmt.Errorf("export: %w", err)
	}
	return servertypes.ExportedApp{
		AppState: text, Validators: validators, Height: height + 1, ConsensusParams: app.GetConsensusParams(ctx),
	}, nil
}
