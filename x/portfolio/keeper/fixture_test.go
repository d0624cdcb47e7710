package keeper_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
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
	transfertypes "github.com/cosmos/ibc-go/v11/modules/apps/transfer/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/policy"
	"github.com/ballast-finance/ballast/testutil/fake"
	"github.com/ballast-finance/ballast/x/portfolio/keeper"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

func TestMain(m *testing.M) {
	sdk.GetConfig().SetBech32PrefixForAccount("ballast", "ballastpub")
	os.Exit(m.Run())
}

const (
	genesisTime = 1_767_225_600 // 2026-01-01
	day         = 86_400
)

// Accounts of the tests.
var (
	alice     = person("alice")
	bob       = person("bob")
	carol     = person("carol")
	blocked   = person("blocked")
	authority = person("authority")
)

func person(name string) sdk.AccAddress { return authtypes.NewModuleAddress("person/" + name) }

// prices is an oracle: assets in the order of registration, none of which is in wind-down but those that are named.
type prices struct {
	universe asset.Universe
	snapshot oracle.Snapshot
	windDown []asset.Index
}

func (p *prices) Universe(context.Context) (asset.Universe, error)  { return p.universe, nil }
func (p *prices) Snapshot(context.Context) (oracle.Snapshot, error) { return p.snapshot, nil }

func (p *prices) Tradable(_ context.Context, a asset.Index) (bool, error) {
	return !slices.Contains(p.windDown, a), nil
}

// channel is IBC: it takes the coins away, or refuses.
type channel struct {
	bank fake.Bank
	sent []*transfertypes.MsgTransfer
	fail error
}

func (c *channel) Transfer(
	ctx context.Context, msg *transfertypes.MsgTransfer,
) (*transfertypes.MsgTransferResponse, error) {
	if c.fail != nil {
		return nil, c.fail
	}
	from, err := sdk.AccAddressFromBech32(msg.Sender)
	if err != nil {
		return nil, err
	}
	c.sent = append(c.sent, msg)
	return &transfertypes.MsgTransferResponse{Sequence: uint64(len(c.sent))},
		c.bank.SendCoins(ctx, from, authtypes.NewModuleAddress("escrow"), sdk.NewCoins(msg.Token))
}

// chain is the module over fakes.
type chain struct {
	t      *testing.T
	ctx    sdk.Context
	stores []corestore.KVStoreService
	k      keeper.Keeper
	msg    types.MsgServer
	query  types.QueryServer
	bank   fake.Bank
	oracle *prices
	ibc    *channel
}

// fresh is a chain with three assets, uusdc and uatom of 6 and abtc of 8 decimals, and rich people.
func fresh(t *testing.T, change ...func(*types.Keepers)) *chain {
	t.Helper()
	ctx, stores := fake.Context(t, types.StoreKey, "bank", "account")
	accounts := fake.NewAccount(stores[2])
	c := &chain{t: t, ctx: ctx, stores: stores, bank: fake.NewBank(stores[1], accounts, blocked)}
	c.ibc = &channel{bank: c.bank}
	u, err := asset.Listed([]asset.Asset{
		{ID: "uusdc", Exponent: 6}, {ID: "uatom", Exponent: 6}, {ID: "abtc", Exponent: 8},
	})
	require.NoError(t, err)
	c.oracle = &prices{universe: u}
	for _, price := range []int64{1, 10, 50_000} {
		c.oracle.snapshot.Prices = append(c.oracle.snapshot.Prices, oracle.Price{
			Value: fixed.FromInt(price), Status: oracle.StatusOK, Classes: 3,
		})
	}
	keepers := types.Keepers{Account: accounts, Bank: c.bank, Oracle: c.oracle, Transfer: c.ibc}
	for _, f := range change {
		f(&keepers)
	}
	c.k, err = keeper.New(cdc(), stores[0], keepers, authority.String())
	require.NoError(t, err)
	c.msg, c.query = keeper.NewMsgServer(c.k), keeper.NewQueryServer(c.k)
	require.NoError(t, c.k.InitGenesis(ctx, types.DefaultGenesis()))
	c.at(genesisTime)
	for _, who := range []sdk.AccAddress{alice, bob, carol} {
		require.NoError(t, c.bank.Mint(ctx, who, coins("1000000000uusdc,1000000000uatom,1000000000abtc,77other")...))
	}
	t.Cleanup(c.check)
	return c
}

func cdc() codec.Codec { return codec.NewProtoCodec(codectypes.NewInterfaceRegistry()) }

// check asks the invariants.
func (c *chain) check() {
	for _, err := range c.k.Invariants(c.ctx) {
		c.t.Error(err)
	}
}

// at moves the clock.
func (c *chain) at(seconds int64) {
	c.ctx = c.ctx.WithBlockTime(time.Unix(seconds, 0)).WithBlockHeight(seconds - genesisTime + 1)
}

// begin starts a block at a time and returns the names of its events.
func (c *chain) begin(seconds int64) []string {
	c.t.Helper()
	c.at(seconds)
	c.ctx = c.ctx.WithEventManager(sdk.NewEventManager())
	require.NoError(c.t, c.k.BeginBlock(c.ctx))
	return c.events()
}

func (c *chain) events() []string {
	var names []string
	for _, e := range c.ctx.EventManager().Events() {
		if name, own := strings.CutPrefix(e.Type, "ballast.portfolio.v1.Event"); own {
			names = append(names, name)
		}
	}
	return names
}

func coins(text string) sdk.Coins {
	list, err := sdk.ParseCoinsNormalized(text)
	if err != nil {
		panic(err)
	}
	return list
}

func coin(text string) sdk.Coin { return coins(text)[0] }

// simple is a policy of 60% uatom and 40% uusdc, looked at once a day.
const simple = `
version: 1
name: Simple
assets:
  - {asset: uatom, exponent: 6, weight: 60%}
  - {asset: uusdc, exponent: 6, weight: 40%}
speed: {interval: 1d, close: 90%, within: 2}
`

// written compiles a policy file, as ballastd does, and writes it as a message has it.
func (c *chain) written(text string) types.Policy {
	c.t.Helper()
	file, err := policy.Parse([]byte(text))
	require.NoError(c.t, err)
	e, err := file.Compile(c.oracle.universe)
	require.NoError(c.t, err)
	return types.PolicyOf(c.oracle.universe, e)
}

// create makes a portfolio of alice with bob as trustee, and deposits.
func (c *chain) create(deposit string, payments ...types.PaymentTerms) uint64 {
	c.t.Helper()
	answer, err := c.msg.Create(c.ctx, &types.MsgCreate{
		Owner: alice.String(), Trustee: bob.String(), Name: "Treasury", Policy: c.written(simple), Payments: payments,
	})
	require.NoError(c.t, err)
	if deposit != "" {
		require.NoError(c.t, c.bank.SendCoins(c.ctx, alice, types.Account(answer.Id), coins(deposit)))
	}
	return answer.Id
}

func (c *chain) record(id uint64) types.Portfolio {
	c.t.Helper()
	p, err := c.k.Records.Get(c.ctx, id)
	require.NoError(c.t, err)
	return p
}

func (c *chain) view(id uint64) *types.QueryPortfolioResponse {
	c.t.Helper()
	v, err := c.query.Portfolio(c.ctx, &types.QueryPortfolioRequest{Id: id})
	require.NoError(c.t, err)
	return v
}

func (c *chain) held(who sdk.AccAddress, denom string) int64 {
	return c.bank.GetBalance(c.ctx, who, denom).Amount.Int64()
}

// dump is everything in all stores.
func (c *chain) dump() string {
	c.t.Helper()
	var out strings.Builder
	for i, s := range c.stores {
		it, err := s.OpenKVStore(c.ctx).Iterator(nil, nil)
		require.NoError(c.t, err)
		for ; it.Valid(); it.Next() {
			fmt.Fprintln(&out, i, hex.EncodeToString(it.Key()), hex.EncodeToString(it.Value()))
		}
		require.NoError(c.t, it.Close())
	}
	return out.String()
}

// tx runs a message as a transaction does: on an error nothing of it remains.
func (c *chain) tx(do func(ctx context.Context) error) error {
	branch, write := c.ctx.CacheContext()
	err := do(branch)
	if err == nil {
		write()
	}
	return err
}

// refuses runs a message that must fail, and looks that nothing has changed.
func (c *chain) refuses(want error, do func(ctx context.Context) error) {
	c.t.Helper()
	before := c.dump()
	require.ErrorIs(c.t, c.tx(do), want)
	require.Equal(c.t, before, c.dump())
}

func integer(n int64) math.Int { return math.NewInt(n) }

func wad(t *testing.T, text string) fixed.Wad { t.Helper(); return enginetest.W(t, text) }
