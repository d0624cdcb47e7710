package localnet

import (
	"context"
	"encoding/json"
	"os"
	"time"

	"cosmossdk.io/log/v2"
	"cosmossdk.io/math"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/client/tx"
	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/tx/signing"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/cosmos-sdk/x/genutil"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	govv1 "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/internal/daemon/setup"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

const (
	// Feeders is how many keys may report prices.
	Feeders = 3
	// Makers is how many keys are rich enough to buy what is sold.
	Makers = 2

	bond  = 1_000_000_000_000 // of a validator
	purse = 1_000_000_000_000 // for fees and deposits
	// maxAge of a price: a feeder reports every few seconds.
	maxAge = 120
)

// assets are what is traded, with what everybody who trades has of each, in base units.
func assets() ([]oracletypes.Asset, sdk.Coins, error) {
	list := []oracletypes.Asset{
		{Denom: "uusdc", Display: "USDC", Exponent: 6},
		{Denom: "ubtc", Display: "BTC", Exponent: 8},
		{Denom: "aeth", Display: "ETH", Exponent: 18},
		{Denom: "uatom", Display: "ATOM", Exponent: 6},
	}
	coins, err := sdk.ParseCoinsNormalized(
		"1000000000000000uusdc,1000000000000ubtc,100000000000000000000000aeth,100000000000000uatom")
	return list, coins, err
}

// newApp makes an application that never runs: it knows codecs and the defaults of modules.
func newApp(dir string) (*app.App, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	home, err := os.MkdirTemp(dir, ".app")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(home) }()
	return app.New(log.NewNopLogger(), dbm.NewMemDB(), false, simtestutil.NewAppOptionsWithFlagHome(home))
}

// genesis is the first state: money, assets with their sources, and validators that are bonded by transactions.
func (n *Network) genesis(a *app.App) (*genutiltypes.AppGenesis, error) {
	state := a.DefaultGenesis()
	feeders, err := n.people(a, state)
	if err != nil {
		return nil, err
	}
	if err := n.modules(a, state, feeders); err != nil {
		return nil, err
	}
	if n.opt.Genesis != nil {
		n.opt.Genesis(a.AppCodec(), state)
	}
	txs := make([]sdk.Tx, len(n.Nodes))
	for i, node := range n.Nodes {
		if txs[i], err = n.bonding(a, node); err != nil {
			return nil, err
		}
	}
	state, err = genutil.SetGenTxsInAppGenesisState(a.AppCodec(), a.TxConfig().TxJSONEncoder(), state, txs)
	if err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(state, "", " ")
	if err != nil {
		return nil, err
	}
	genesis := genutiltypes.NewAppGenesisWithVersion(n.opt.ChainID, text)
	genesis.GenesisTime = time.Now().UTC() //nolint:forbidigo // a chain starts at some moment
	return genesis, genesis.ValidateAndComplete()
}

// people gives everybody coins, and returns the feeders.
func (n *Network) people(a *app.App, state map[string]json.RawMessage) ([]sdk.AccAddress, error) {
	_, rich, err := assets()
	if err != nil {
		return nil, err
	}
	fees := sdk.NewInt64Coin(app.BondDenom, purse)
	var accounts []authtypes.GenesisAccount
	var balances []banktypes.Balance
	pay := func(who sdk.AccAddress, coins sdk.Coins) {
		accounts = append(accounts, authtypes.NewBaseAccount(who, nil, uint64(len(accounts)), 0))
		balances = append(balances, banktypes.Balance{Address: who.String(), Coins: coins})
	}
	for _, node := range n.Nodes {
		pay(node.operator, sdk.NewCoins(fees.AddAmount(math.NewInt(bond))))
	}
	var feeders []sdk.AccAddress
	names := []string{StewardKey}
	for i := range Makers {
		names = append(names, MakerKey(i))
	}
	for _, name := range names {
		who, err := n.Nodes[0].key(name)
		if err != nil {
			return nil, err
		}
		pay(who, rich.Add(fees))
	}
	for i := range Feeders {
		who, err := n.Nodes[0].key(FeederKey(i))
		if err != nil {
			return nil, err
		}
		pay(who, sdk.NewCoins(fees))
		feeders = append(feeders, who)
	}
	packed, err := authtypes.PackAccounts(accounts)
	if err != nil {
		return nil, err
	}
	auth := authtypes.DefaultGenesisState()
	auth.Accounts = packed
	bank := banktypes.DefaultGenesisState()
	bank.Balances = banktypes.SanitizeGenesisBalances(balances)
	for i := range bank.Balances {
		bank.Supply = bank.Supply.Add(bank.Balances[i].Coins...)
	}
	state[authtypes.ModuleName] = a.AppCodec().MustMarshalJSON(auth)
	state[banktypes.ModuleName] = a.AppCodec().MustMarshalJSON(bank)
	return feeders, nil
}

// modules sets the terms: short rounds and votes, because a network like this is there to be watched.
func (n *Network) modules(a *app.App, state map[string]json.RawMessage, feeders []sdk.AccAddress) error {
	list, _, err := assets()
	if err != nil {
		return err
	}
	oracle := oracletypes.DefaultGenesis()
	oracle.Params.PointSeconds, oracle.Params.EventSeconds = 5, 30
	oracle.Params.Aggregate.MinSources = 2 // of three feeders, so that one may be absent
	for _, x := range list {
		oracle.Assets = append(oracle.Assets, setup.Listed(x, maxAge, feeders))
	}
	rounds := rebalancetypes.DefaultGenesis()
	n.rounds(&rounds.Params)
	portfolio := portfoliotypes.DefaultGenesis()
	portfolio.Params.MinPeriodSeconds = 1
	auctions := auctiontypes.DefaultGenesis()
	gov := govv1.DefaultGenesisState()
	voting := n.opt.Voting
	expedited := voting / 2
	gov.Params.VotingPeriod, gov.Params.ExpeditedVotingPeriod = &voting, &expedited
	gov.Params.MinDeposit = sdk.NewCoins(sdk.NewInt64Coin(app.BondDenom, bond/100_000))
	gov.Params.ExpeditedMinDeposit = sdk.NewCoins(sdk.NewInt64Coin(app.BondDenom, bond/50_000))
	cdc := a.AppCodec()
	state[oracletypes.ModuleName] = cdc.MustMarshalJSON(oracle)
	state[rebalancetypes.ModuleName] = cdc.MustMarshalJSON(rounds)
	state[portfoliotypes.ModuleName] = cdc.MustMarshalJSON(portfolio)
	state[auctiontypes.ModuleName] = cdc.MustMarshalJSON(auctions)
	state[govtypes.ModuleName] = cdc.MustMarshalJSON(gov)
	return nil
}

// rounds sets the auctions' time to that of the rounds: a lot is open for a third of one.
func (n *Network) rounds(p *rebalancetypes.Params) {
	p.IntervalSeconds = int64(n.opt.Interval / time.Second)
	p.Crossing.MinClasses = 1
	a := &p.Auction
	a.BlockSeconds = max(int64(n.opt.BlockTime/time.Second), 1)
	a.WindowSeconds = max(p.IntervalSeconds/3, 2*a.BlockSeconds)
	a.TailSeconds = max(p.IntervalSeconds/10, a.BlockSeconds)
	a.HaltSeconds = max(p.IntervalSeconds, 3*a.BlockSeconds) // the least that the engine takes
}

// bonding is the transaction by which a validator bonds.
func (n *Network) bonding(a *app.App, node *Node) (sdk.Tx, error) {
	msg, err := stakingtypes.NewMsgCreateValidator(
		sdk.ValAddress(node.operator).String(), node.public, sdk.NewInt64Coin(app.BondDenom, bond),
		stakingtypes.NewDescription(node.Name, "", "", "", ""),
		stakingtypes.NewCommissionRates(math.LegacyZeroDec(), math.LegacyOneDec(), math.LegacyOneDec()), math.OneInt())
	if err != nil {
		return nil, err
	}
	builder := a.TxConfig().NewTxBuilder()
	if err := builder.SetMsgs(msg); err != nil {
		return nil, err
	}
	factory := tx.Factory{}.WithChainID(n.opt.ChainID).WithKeybase(node.ring).WithTxConfig(a.TxConfig()).
		WithSignMode(signing.SignMode_SIGN_MODE_DIRECT)
	if err := tx.Sign(context.Background(), factory, operatorKey, builder, true); err != nil {
		return nil, err
	}
	return builder.GetTx(), nil
}
