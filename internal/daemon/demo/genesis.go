package demo

import (
	"encoding/json"
	"fmt"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/crypto/hd"
	"github.com/cosmos/cosmos-sdk/crypto/keyring"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/app/inproc"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/daemon/setup"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// feeders report prices; two classes of sources must agree.
const feeders = 3

// purse is what everybody has for fees, in base units.
const purse = 1_000_000_000

// wealth is the value that a maker has of every asset: it is never what limits the demonstration.
const wealth = 2_000_000_000

// cast is everybody with a key.
type cast struct {
	ring    keyring.Keyring
	steward sdk.AccAddress
	feeders []sdk.AccAddress
	makers  []sdk.AccAddress
}

func feederKey(i int) string { return fmt.Sprintf("feeder%d", i+1) }

func makerKey(i int) string { return fmt.Sprintf("maker%d", i+1) }

// stewardKey is the name of the key that owns the treasuries.
const stewardKey = "steward"

// newCast makes the keys.
func newCast(ring keyring.Keyring, makers int) (*cast, error) {
	c := &cast{ring: ring}
	add := func(name string) (sdk.AccAddress, error) {
		record, _, err := ring.NewMnemonic(name, keyring.English, sdk.FullFundraiserPath, "", hd.Secp256k1)
		if err != nil {
			return nil, err
		}
		return record.GetAddress()
	}
	var err error
	if c.steward, err = add(stewardKey); err != nil {
		return nil, err
	}
	for i := range feeders {
		address, err := add(feederKey(i))
		if err != nil {
			return nil, err
		}
		c.feeders = append(c.feeders, address)
	}
	for i := range makers {
		address, err := add(makerKey(i))
		if err != nil {
			return nil, err
		}
		c.makers = append(c.makers, address)
	}
	return c, nil
}

// accounts are the balances at the start.
func (c *cast) accounts(m *market, treasuries []*treasury) ([]inproc.Account, error) {
	fees := sdk.NewInt64Coin(app.BondDenom, purse)
	steward := sdk.NewCoins(fees)
	for _, t := range treasuries {
		steward = steward.Add(t.begin...)
	}
	list := []inproc.Account{{Address: c.steward, Coins: steward}}
	for _, address := range c.feeders {
		list = append(list, inproc.Account{Address: address, Coins: sdk.NewCoins(fees)})
	}
	rich := sdk.NewCoins(fees)
	for i, name := range m.table.Assets {
		units, err := m.units(i, fixed.FromInt(wealth))
		if err != nil {
			return nil, err
		}
		rich = rich.Add(sdk.NewCoin(denom(name), math.NewIntFromBigInt(units.Big())))
	}
	for _, address := range c.makers {
		list = append(list, inproc.Account{Address: address, Coins: rich})
	}
	return list, nil
}

// genesis puts the assets, their sources and the compressed terms into the start of the chain.
func (s *show) genesis(a *app.App, state map[string]json.RawMessage) error {
	cdc := a.AppCodec()
	oracle := oracletypes.DefaultGenesis()
	s.cast.oracle(oracle, s.market)
	portfolio := portfoliotypes.DefaultGenesis()
	portfolio.Params.MinPeriodSeconds = 1
	portfolio.Params.MaxPortfoliosPerOwner = maxTreasuries
	auctions := auctiontypes.DefaultGenesis()
	auctions.Params.MinBidValue = "100"
	rounds := rebalancetypes.DefaultGenesis()
	rounds.Params = compressed(rounds.Params)
	state[oracletypes.ModuleName] = cdc.MustMarshalJSON(oracle)
	state[portfoliotypes.ModuleName] = cdc.MustMarshalJSON(portfolio)
	state[auctiontypes.ModuleName] = cdc.MustMarshalJSON(auctions)
	state[rebalancetypes.ModuleName] = cdc.MustMarshalJSON(rounds)
	if s.opt.tamper != nil {
		return s.opt.tamper(a, state)
	}
	return nil
}

// oracle registers the assets with three sources each. A day of history passes in seconds, and volatility with it: the
// first guess and the windows are those of compressed time.
func (c *cast) oracle(g *oracletypes.GenesisState, m *market) {
	const maxAge = 30
	p := &g.Params
	p.Aggregate.DecaySeconds = 10
	p.History.BreakerWindowSeconds, p.History.BreakerFloor, p.History.BreakerZ = 10, "0.05", "6"
	p.History.VolatilityTauSeconds, p.History.MeanSeconds = 30, 60
	p.History.VolatilityInitial = "40"
	p.PointSeconds, p.EventSeconds = 1, 5
	for i, name := range m.table.Assets {
		a := oracletypes.Asset{Denom: denom(name), Display: m.table.Assets[i], Exponent: exponent}
		g.Assets = append(g.Assets, setup.Listed(a, maxAge, c.feeders))
	}
}

// compressed are rounds of some seconds.
func compressed(p rebalancetypes.Params) rebalancetypes.Params {
	p.IntervalSeconds = roundSeconds
	p.Crossing.MaxAgeSeconds, p.Crossing.Deviations, p.Crossing.Cost = 10, "6", "0.1"
	a := &p.Auction
	a.BlockSeconds, a.HaltSeconds, a.WindowSeconds, a.TailSeconds = 1, 30, 2, 1
	a.MaxPriceAgeSeconds, a.WidthFactor, a.WidthCap = 10, "1", "0.1"
	p.FrozenLotSeconds = 30
	return p
}
