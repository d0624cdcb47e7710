package app

import (
	"github.com/cosmos/cosmos-sdk/baseapp"

	"github.com/ballast-finance/ballast/x/oracle/votes"
)

// setVotes lets the validators vote on prices. Whether they do is a matter of the chain's consensus params.
func (app *App) setVotes() {
	rest := baseapp.NewDefaultProposalHandler(app.Mempool(), app.BaseApp)
	app.votes = votes.Handlers{Config: votes.Config{
		Oracle: app.Oracle, Validators: app.Staking, Decode: app.txConfig.TxDecoder(), Prices: app.known,
		Prepare: rest.PrepareProposalHandler(), Process: rest.ProcessProposalHandler(),
	}}
	app.SetExtendVoteHandler(app.votes.Extend)
	app.SetVerifyVoteExtensionHandler(app.votes.Verify)
	app.SetPrepareProposal(app.votes.PrepareProposal)
	app.SetProcessProposal(app.votes.ProcessProposal)
}

// SetPrices says where a validator's votes on prices come from. Without it they are empty.
func (app *App) SetPrices(p votes.Prices) { app.prices.Store(&p) }

func (app *App) known() votes.Prices {
	if p := app.prices.Load(); p != nil {
		return *p
	}
	return nil
}
