package inproc

import (
	"encoding/json"
	"time"

	"github.com/cometbft/cometbft/crypto/ed25519"
	cmttypes "github.com/cometbft/cometbft/types"

	"cosmossdk.io/math"

	simtestutil "github.com/cosmos/cosmos-sdk/testutil/sims"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/ballast-finance/ballast/app"
)

// validators are the keys of n validators.
func validators(n int) []cmttypes.MockPV {
	keys := make([]cmttypes.MockPV, n)
	for i := range keys {
		keys[i] = cmttypes.NewMockPVWithParams(ed25519.GenPrivKey(), false, false)
	}
	return keys
}

// genesis is the start of a chain with these validators.
func (o *Options) genesis(a *app.App, keys []cmttypes.MockPV) (*cmttypes.GenesisDoc, error) {
	set := make([]*cmttypes.Validator, len(keys))
	for i := range keys {
		public, err := keys[i].GetPubKey()
		if err != nil {
			return nil, err
		}
		set[i] = cmttypes.NewValidator(public, o.Powers[i])
	}
	var accounts []authtypes.GenesisAccount
	var balances []banktypes.Balance
	for _, x := range o.Accounts {
		accounts = append(accounts, authtypes.NewBaseAccountWithAddress(x.Address))
		balances = append(balances, banktypes.Balance{Address: x.Address.String(), Coins: x.Coins})
	}
	if len(accounts) == 0 { // somebody has to have delegated
		accounts = append(accounts, authtypes.NewBaseAccountWithAddress(authtypes.NewModuleAddress("founder")))
	}
	state, err := simtestutil.GenesisStateWithValSet(
		a.AppCodec(), a.DefaultGenesis(), cmttypes.NewValidatorSet(set), accounts, balances...)
	if err != nil {
		return nil, err
	}
	bond(a, state, set)
	watchValidators(a, state, set)
	if o.Genesis != nil {
		if err := o.Genesis(a, state); err != nil {
			return nil, err
		}
	}
	text, err := json.Marshal(state)
	if err != nil {
		return nil, err
	}
	params := cmttypes.DefaultConsensusParams()
	if o.MaxBlockGas != 0 {
		params.Block.MaxGas = o.MaxBlockGas
	}
	params.ABCI.VoteExtensionsEnableHeight = o.VoteHeight
	doc := &cmttypes.GenesisDoc{
		ChainID: o.ChainID, GenesisTime: time.Now().Add(-time.Second), //nolint:forbidigo // a chain starts at some moment
		InitialHeight: 1, ConsensusParams: params, AppState: text,
	}
	return doc, doc.ValidateAndComplete()
}

// bond gives every validator the stake that makes its power, and the pool of bonds what all have at stake; the SDK's
// test kit knows one validator of power 1.
func bond(a *app.App, state map[string]json.RawMessage, set []*cmttypes.Validator) {
	stakes := make(map[string]math.Int)
	total := math.ZeroInt()
	for _, v := range set {
		stake := sdk.DefaultPowerReduction.MulRaw(v.VotingPower)
		stakes[sdk.ValAddress(v.Address).String()], total = stake, total.Add(stake)
	}
	var s stakingtypes.GenesisState
	a.AppCodec().MustUnmarshalJSON(state[stakingtypes.ModuleName], &s)
	for i := range s.Validators {
		s.Validators[i].Tokens = stakes[s.Validators[i].OperatorAddress]
	}
	state[stakingtypes.ModuleName] = a.AppCodec().MustMarshalJSON(&s)
	var b banktypes.GenesisState
	a.AppCodec().MustUnmarshalJSON(state[banktypes.ModuleName], &b)
	pool := authtypes.NewModuleAddress(stakingtypes.BondedPoolName).String()
	b.Supply = sdk.NewCoins()
	for i := range b.Balances {
		x := &b.Balances[i]
		if x.Address == pool {
			x.Coins = sdk.NewCoins(sdk.NewCoin(app.BondDenom, total))
		}
		b.Supply = b.Supply.Add(x.Coins...)
	}
	state[banktypes.ModuleName] = a.AppCodec().MustMarshalJSON(&b)
}

// watchValidators tells slashing about validators that are bonded from the start.
func watchValidators(a *app.App, state map[string]json.RawMessage, set []*cmttypes.Validator) {
	s := slashingtypes.DefaultGenesisState()
	for _, v := range set {
		address := sdk.ConsAddress(v.Address)
		info := slashingtypes.NewValidatorSigningInfo(address, 0, 0, time.Unix(0, 0), false, 0)
		s.SigningInfos = append(s.SigningInfos, slashingtypes.SigningInfo{
			Address: address.String(), ValidatorSigningInfo: info,
		})
	}
	state[slashingtypes.ModuleName] = a.AppCodec().MustMarshalJSON(s)
}
