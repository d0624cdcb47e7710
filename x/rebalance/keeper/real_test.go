package keeper_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	corestore "cosmossdk.io/core/store"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/ballast-finance/ballast/engine/cycle"
	written "github.com/ballast-finance/ballast/policy"
	"github.com/ballast-finance/ballast/testutil/fake"
	auctionkeeper "github.com/ballast-finance/ballast/x/auction/keeper"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	oraclekeeper "github.com/ballast-finance/ballast/x/oracle/keeper"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliokeeper "github.com/ballast-finance/ballast/x/portfolio/keeper"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	"github.com/ballast-finance/ballast/x/rebalance/keeper"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// chain is the four modules together, without consensus: blocks, messages and hooks in their order.
type chain struct {
	tester

	ctx       sdk.Context
	stores    []corestore.KVStoreService
	bank      fake.Bank
	oracle    oraclekeeper.Keeper
	portfolio portfoliokeeper.Keeper
	auction   auctionkeeper.Keeper
	k         keeper.Keeper
	rnd       *rand.Rand
	ids       []uint64
	prices    []int64 // in ten-thousandths of the unit of account
	supply    sdk.Coins
	told      map[string]int
}

var realDenoms = []string{"uusdc", "uatom", "abtc"}

func reporter(n int) sdk.AccAddress { return authtypes.NewModuleAddress(fmt.Sprintf("reporter/%d", n)) }

func maker(n int) sdk.AccAddress { return authtypes.NewModuleAddress(fmt.Sprintf("maker/%d", n)) }

func newRealChain(t *testing.T, seed uint64) *chain {
	t.Helper()
	c := realKeepers(t, seed)
	c.genesis()
	return c
}

// realKeepers are the modules without a genesis.
func realKeepers(t *testing.T, seed uint64) *chain {
	t.Helper()
	ctx, stores := fake.Context(t, "oracle", "portfolio", "auction", types.StoreKey, "bank", "account")
	c := &chain{
		tester: t, ctx: ctx.WithBlockTime(time.Unix(noon, 0).UTC()).WithBlockHeight(1), stores: stores,
		rnd: rand.New(rand.NewPCG(seed, 2)), prices: []int64{10_000, 100_000, 500_000_000}, told: map[string]int{},
	}
	accounts := fake.NewAccount(stores[5])
	c.bank = fake.NewBank(stores[4], accounts, authtypes.NewModuleAddress("auction"),
		authtypes.NewModuleAddress(types.ModuleName))
	cdc := codec.NewProtoCodec(codectypes.NewInterfaceRegistry())
	var err error
	c.oracle, err = oraclekeeper.New(cdc, stores[0], authority.String())
	require.NoError(t, err)
	c.portfolio, err = portfoliokeeper.New(cdc, stores[1], portfoliotypes.Keepers{
		Account: accounts, Bank: c.bank, Oracle: c.oracle,
	}, authority.String())
	require.NoError(t, err)
	c.auction, err = auctionkeeper.New(cdc, stores[2], auctiontypes.Keepers{
		Account: accounts, Bank: c.bank, Oracle: c.oracle, Seller: c.portfolio,
	}, authority.String())
	require.NoError(t, err)
	c.k, err = keeper.New(cdc, stores[3], types.Keepers{
		Oracle: c.oracle, Portfolio: c.portfolio, Auction: c.auction, Bank: c.bank,
		Checkers: []types.Checker{c.oracle, c.portfolio, c.auction},
	}, authority.String())
	require.NoError(t, err)
	return c
}

func (c *chain) genesis() {
	c.Helper()
	require.NoError(c, c.oracle.InitGenesis(c.ctx, oracletypes.DefaultGenesis()))
	require.NoError(c, c.portfolio.InitGenesis(c.ctx, portfoliotypes.DefaultGenesis()))
	require.NoError(c, c.auction.InitGenesis(c.ctx, auctiontypes.DefaultGenesis()))
	g := types.DefaultGenesis()
	g.Params.IntervalSeconds, g.Params.HistoryRounds = 300, 5
	g.Params.Auction.WindowSeconds, g.Params.Auction.TailSeconds = 60, 12
	g.Params.Work = types.Work{Collect: 4, Settle: 3, Sales: 2, Lots: 2, Sweep: 5}
	require.NoError(c, c.k.InitGenesis(c.ctx, g))
	for i, denom := range realDenoms {
		var sources []oracletypes.Source
		for n := range 3 {
			sources = append(sources, oracletypes.Source{
				Id: uint32(n + 1), Class: oracletypes.SourceClass(n%2 + 1), Weight: 100, MaxAgeSeconds: 600,
				Reporter: reporter(n).String(),
			})
		}
		exponent := uint32(6)
		if i == 2 {
			exponent = 8
		}
		_, err := oraclekeeper.NewMsgServer(c.oracle).AddAsset(c.ctx, &oracletypes.MsgAddAsset{
			Authority: authority.String(), Denom: denom, Display: denom[1:], Exponent: exponent, Sources: sources,
		})
		require.NoError(c, err)
	}
	for n := range 3 {
		for _, denom := range realDenoms {
			require.NoError(c, c.bank.Mint(c.ctx, maker(n), sdk.NewInt64Coin(denom, 1_000_000_000_000)))
		}
	}
	for range 8 {
		c.create()
	}
	c.supply = c.total()
}

func (c *chain) total() sdk.Coins {
	var all sdk.Coins
	for _, denom := range realDenoms {
		all = append(all, c.bank.GetSupply(c.ctx, denom))
	}
	return all
}

// create makes a portfolio of maker 0.
func (c *chain) create() {
	c.Helper()
	usd := 10 * (1 + c.rnd.IntN(8))
	file, err := written.Parse(fmt.Appendf(nil, `
version: 1
name: Treasury
assets:
  - {asset: uusdc, exponent: 6, weight: %d%%}
  - {asset: uatom, exponent: 6, weight: %d%%}
speed: {interval: %dm, close: 90%%, within: 2}
`, usd, 100-usd, 5*(1+c.rnd.IntN(3))))
	require.NoError(c, err)
	u, err := c.oracle.Universe(c.ctx)
	require.NoError(c, err)
	compiled, err := file.Compile(u)
	require.NoError(c, err)
	answer, err := portfoliokeeper.NewMsgServer(c.portfolio).Create(c.ctx, &portfoliotypes.MsgCreate{
		Owner: maker(0).String(), Name: "Treasury", Policy: portfoliotypes.PolicyOf(u, compiled),
		Deposit: sdk.NewCoins(
			sdk.NewInt64Coin("uusdc", 1+c.rnd.Int64N(10_000_000_000)),
			sdk.NewInt64Coin("uatom", 1+c.rnd.Int64N(1_000_000_000)),
		),
	})
	require.NoError(c, err)
	c.ids = append(c.ids, answer.Id)
}

// tx runs a message as a transaction does: when it is refused nothing of it remains.
func (c *chain) tx(do func(ctx context.Context) error) {
	branch, write := c.ctx.CacheContext()
	if do(branch) == nil {
		write()
	}
}

// block is one block: hooks, messages by chance, hooks; and everything adds up after it.
func (c *chain) block() {
	c.Helper()
	c.ctx = c.ctx.WithBlockHeight(c.ctx.BlockHeight() + 1).WithEventManager(sdk.NewEventManager()).
		WithBlockTime(c.ctx.BlockTime().Add(time.Duration(4+c.rnd.IntN(5)) * time.Second))
	require.NoError(c, c.oracle.BeginBlock(c.ctx))
	require.NoError(c, c.portfolio.BeginBlock(c.ctx))
	c.report()
	c.bid()
	c.meddle()
	require.NoError(c, c.auction.EndBlock(c.ctx))
	require.NoError(c, c.k.EndBlock(c.ctx))
	for _, e := range c.ctx.EventManager().Events() {
		c.told[e.Type[strings.LastIndex(e.Type, ".")+1:]]++
		if strings.HasSuffix(e.Type, "StepFailed") || strings.HasSuffix(e.Type, "Skipped") {
			c.Logf("%v", e)
		}
	}
	r, err := keeper.NewQueryServer(c.k).Invariants(c.ctx, &types.QueryInvariantsRequest{})
	require.NoError(c, err)
	require.Empty(c, r.Broken)
	require.Equal(c, c.supply, c.total())
}

// report moves prices a little and reports them.
func (c *chain) report() {
	var reports []oracletypes.Report
	for i, denom := range realDenoms {
		if i > 0 {
			c.prices[i] += c.prices[i] * (c.rnd.Int64N(41) - 20) / 10_000
		}
		reports = append(reports, oracletypes.Report{
			Denom: denom, Price: math.LegacyNewDecWithPrec(c.prices[i], 4).String(), TimeSeconds: c.ctx.BlockTime().Unix(),
		})
	}
	for n := range 3 {
		c.tx(func(ctx context.Context) error {
			_, err := oraclekeeper.NewMsgServer(c.oracle).Report(ctx,
				&oracletypes.MsgReport{Reporter: reporter(n).String(), Reports: reports})
			return err
		})
	}
}

// bid lets makers bid for the lots of the round, around the price.
func (c *chain) bid() {
	round, err := c.k.Round.Get(c.ctx)
	if err != nil || round.Phase != cycle.Auctioning {
		return
	}
	for i := range round.Books {
		b := &round.Books[i]
		if b.Lot == 0 || b.Done || c.rnd.IntN(3) == 0 {
			continue
		}
		mid := math.LegacyNewDec(c.prices[b.Sell]).QuoInt64(c.prices[b.Buy])
		limit := mid.MulInt64(9_950 + c.rnd.Int64N(80)).QuoInt64(10_000)
		c.tx(func(ctx context.Context) error {
			_, err := auctionkeeper.NewMsgServer(c.auction).Bid(ctx, &auctiontypes.MsgBid{
				Bidder: maker(c.rnd.IntN(3)).String(), LotId: b.Lot, Limit: limit.String(),
				AmountOut: math.NewInt(1_000_000 + c.rnd.Int64N(500_000_000)), AmountIn: math.ZeroInt(),
				MinFill: math.ZeroInt(),
			})
			return err
		})
	}
}

// meddle is what owners and others do meanwhile.
func (c *chain) meddle() {
	id := c.ids[c.rnd.IntN(len(c.ids))]
	owner := maker(0).String()
	msg := portfoliokeeper.NewMsgServer(c.portfolio)
	switch c.rnd.IntN(30) {
	case 0:
		c.tx(func(ctx context.Context) error {
			_, err := msg.Pause(ctx, &portfoliotypes.MsgPause{Sender: owner, Id: id})
			return err
		})
	case 1:
		c.tx(func(ctx context.Context) error {
			_, err := msg.Resume(ctx, &portfoliotypes.MsgResume{Sender: owner, Id: id})
			return err
		})
	case 2:
		c.tx(func(ctx context.Context) error {
			coins := sdk.NewCoins(sdk.NewInt64Coin("uatom", c.rnd.Int64N(1_000_000_000)+1))
			return c.bank.SendCoins(ctx, maker(1), portfoliotypes.Account(id), coins)
		})
	case 3:
		c.tx(func(ctx context.Context) error {
			_, err := auctionkeeper.NewMsgServer(c.auction).Sell(ctx, &auctiontypes.MsgSell{
				Seller: maker(2).String(), Offer: sdk.NewInt64Coin("uatom", 1_000_000+c.rnd.Int64N(100_000_000)),
				BuyDenom: "uusdc", Limit: "5",
			})
			return err
		})
	}
}

// hash is everything in all stores.
func (c *chain) hash() string {
	c.Helper()
	h := sha256.New()
	for _, s := range c.stores {
		it, err := s.OpenKVStore(c.ctx).Iterator(nil, nil)
		require.NoError(c, err)
		for ; it.Valid(); it.Next() {
			_, err = fmt.Fprintf(h, "%x=%x\n", it.Key(), it.Value())
			require.NoError(c, err)
		}
		require.NoError(c, it.Close())
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// TestRealKeepers runs the four modules together for thousands of blocks.
func TestRealKeepers(t *testing.T) {
	t.Parallel()
	blocks := 2_000
	if testing.Short() {
		blocks = 300
	}
	c := newRealChain(t, 5)
	for range blocks {
		c.block()
	}
	t.Logf("%v", c.told)
	require.Zero(t, c.told["EventStepFailed"])
	require.NotZero(t, c.told["EventPortfolioSettled"])
	require.NotZero(t, c.told["EventCrossed"])
	require.NotZero(t, c.told["EventLotPlanned"])
}

// moved is the same chain after an export and an import of all modules; accounts and balances are copied.
func (c *chain) moved(t *testing.T) *chain {
	t.Helper()
	oracle, err := c.oracle.ExportGenesis(c.ctx)
	require.NoError(t, err)
	portfolio, err := c.portfolio.ExportGenesis(c.ctx)
	require.NoError(t, err)
	auction, err := c.auction.ExportGenesis(c.ctx)
	require.NoError(t, err)
	rebalance, err := c.k.ExportGenesis(c.ctx)
	require.NoError(t, err)
	m := realKeepers(t, 0)
	m.rnd, m.ids, m.prices, m.supply = c.rnd, c.ids, c.prices, c.supply
	m.ctx = m.ctx.WithBlockHeight(c.ctx.BlockHeight()).WithBlockTime(c.ctx.BlockTime())
	for _, i := range []int{4, 5} {
		it, err := c.stores[i].OpenKVStore(c.ctx).Iterator(nil, nil)
		require.NoError(t, err)
		for ; it.Valid(); it.Next() {
			require.NoError(t, m.stores[i].OpenKVStore(m.ctx).Set(it.Key(), it.Value()))
		}
		require.NoError(t, it.Close())
	}
	require.NoError(t, m.oracle.InitGenesis(m.ctx, oracle))
	require.NoError(t, m.portfolio.InitGenesis(m.ctx, portfolio))
	require.NoError(t, m.auction.InitGenesis(m.ctx, auction))
	require.NoError(t, m.k.InitGenesis(m.ctx, rebalance))
	return m
}

// TestRealKeepersMove exports all modules at any block and goes on elsewhere, to the same bytes in all stores.
func TestRealKeepersMove(t *testing.T) {
	t.Parallel()
	for _, blocks := range []int{1, 61, 68, 75, 84, 150} {
		run := func(move bool) string {
			c := newRealChain(t, 11)
			for range blocks {
				c.block()
			}
			if move {
				c = c.moved(t)
			}
			for range 30 {
				c.block()
			}
			return c.hash()
		}
		require.Equal(t, run(false), run(true), "%d blocks", blocks)
	}
}

// TestRealKeepersAreTheSameOnEveryMachine compares all stores, byte by byte.
func TestRealKeepersAreTheSameOnEveryMachine(t *testing.T) {
	run := func(processors int) string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		c := newRealChain(t, 9)
		for range 200 {
			c.block()
		}
		return c.hash()
	}
	require.Equal(t, run(1), run(2))
}
