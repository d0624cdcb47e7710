package keeper_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"
	"cosmossdk.io/core/store"
	"cosmossdk.io/log/v2"
	"cosmossdk.io/math"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/runtime"
	storev2 "github.com/cosmos/cosmos-sdk/store/v2"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
	"github.com/ballast-finance/ballast/x/rebalance/keeper"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

const (
	hour  = 3_600
	block = 6
	noon  = 20_000 * 86_400
)

var (
	authority = sdk.AccAddress("authority___________")
	guardian  = sdk.AccAddress("guardian____________")
	stranger  = sdk.AccAddress("stranger____________")
	buyer     = sdk.AccAddress("buyer_______________")
)

func TestMain(m *testing.M) {
	sdk.GetConfig().SetBech32PrefixForAccount("ballast", "ballastpub")
	os.Exit(m.Run())
}

// tester is what tests and properties have in common.
type tester interface {
	require.TestingT
	Helper()
	Logf(format string, args ...any)
}

// world is a chain of one module with fakes around it.
type world struct {
	tester

	ctx       sdk.Context
	cms       storetypes.CommitMultiStore
	k         keeper.Keeper
	bank      *fakeBank
	oracle    *fakeOracle
	portfolio *fakePortfolio
	auction   *fakeAuction
	events    []string // types of the events since reset
	supply    []math.Int
	service   store.KVStoreService
	spare     store.KVStoreService
}

// newWorld is a world of n assets A, B, C ... worth 1 each, before its first block.
func newWorld(t tester, n int) *world {
	t.Helper()
	w := &world{tester: t}
	keys := []*storetypes.KVStoreKey{
		storetypes.NewKVStoreKey(types.StoreKey), storetypes.NewKVStoreKey("fakes"),
		storetypes.NewKVStoreKey("spare"),
	}
	db := dbm.NewMemDB()
	w.cms = storev2.NewCommitMultiStore(db, log.NewNopLogger())
	for _, key := range keys {
		w.cms.MountStoreWithDB(key, storetypes.StoreTypeIAVL, nil)
	}
	require.NoError(t, w.cms.LoadLatestVersion())
	w.ctx = sdk.NewContext(w.cms, cmtproto.Header{}, false, log.NewNopLogger()).
		WithBlockTime(time.Unix(noon, 0)).WithBlockHeight(1)
	w.portfolio, w.auction = newFakes(runtime.NewKVStoreService(keys[1]))
	w.bank, w.oracle = w.portfolio.bank, w.portfolio.oracle
	w.list(n)
	w.service, w.spare = runtime.NewKVStoreService(keys[0]), runtime.NewKVStoreService(keys[2])
	w.withCheckers()
	params := types.DefaultParams()
	params.Guardian = guardian.String()
	params.HistoryRounds = 4
	params.Auction.MinLot = ""
	require.NoError(t, w.k.InitGenesis(w.ctx, &types.GenesisState{Params: params}))
	for _, a := range w.denoms() {
		require.NoError(t, w.bank.add(w.ctx, buyer, a, math.NewInt(1_000_000_000_000)))
	}
	return w
}

// withCheckers makes the keeper, with other modules to ask for their invariants.
func (w *world) withCheckers(checkers ...types.Checker) {
	w.Helper()
	var err error
	w.k, err = keeper.New(
		w.codec(), w.service,
		types.Keepers{
			Oracle: w.oracle, Portfolio: w.portfolio, Auction: w.auction, Bank: w.bank, Checkers: checkers,
		},
		authority.String(),
	)
	require.NoError(w, err)
}

// codec reads and writes messages.
func (*world) codec() codec.Codec { return codec.NewProtoCodec(codectypes.NewInterfaceRegistry()) }

func (*world) escrow() sdk.AccAddress { return authtypes.NewModuleAddress(types.ModuleName) }

func fixedInt(n int64) math.Int { return math.NewInt(n) }

// list makes a universe of n assets, each worth 1.
func (w *world) list(n int) {
	var assets []asset.Asset
	for i := range n {
		assets = append(assets, asset.Asset{ID: asset.ID("u" + strings.Repeat(string('a'+rune(i)), 3)), Exponent: 6})
	}
	u, err := asset.NewUniverse(assets)
	require.NoError(w, err)
	w.oracle.universe = u
	for len(w.oracle.prices) < n {
		w.oracle.prices = append(w.oracle.prices, good(fixed.One()))
	}
}

func (w *world) denoms() []string {
	var list []string
	for i := range w.oracle.universe.Len() {
		list = append(list, string(w.oracle.universe.At(asset.Index(i)).ID))
	}
	return list
}

func good(value fixed.Wad) oracle.Price {
	return oracle.Price{Value: value, TWAP: value, Sigma: fixed.FromBps(8000), Classes: 3, Status: oracle.StatusOK}
}

// policy holds assets at given weights in basis points, acts at every interval and closes the whole gap at once.
func policy(period int64, bps ...int64) cycle.Policy {
	p := cycle.Policy{
		PeriodSeconds: period, Target: target.Schedule{Kind: target.ConstantMix, MaxExposure: fixed.One()},
		Trigger: trigger.Config{Mode: trigger.Always}, Gains: pid.Default(fixed.One()),
	}
	for i, w := range bps {
		p.Assets = append(p.Assets, asset.Index(i))
		p.Priority = append(p.Priority, uint8(i))
		p.Target.Weights = append(p.Target.Weights, fixed.FromBps(w))
	}
	return p
}

// add gives the world a portfolio with base units of its assets.
func (w *world) add(p cycle.Policy, units ...int64) uint64 {
	w.Helper()
	require.NoError(w, p.Validate(w.oracle.universe))
	id := uint64(1)
	require.NoError(w, w.portfolio.folios.Walk(w.ctx, nil, func(last uint64, _ folio) (bool, error) {
		id = last + 1
		return false, nil
	}))
	require.NoError(w, w.portfolio.folios.Set(w.ctx, id, folio{Policy: p, State: cycle.NewState(len(p.Assets))}))
	for i, n := range units {
		denom := string(w.oracle.universe.At(p.Assets[i]).ID)
		require.NoError(w, w.bank.add(w.ctx, w.portfolio.Account(id), denom, math.NewInt(n)))
	}
	return id
}

// block ends a block and starts the next one.
func (w *world) block() {
	w.Helper()
	w.end()
	w.next(block)
}

// end is the end of a block; everything adds up after it.
func (w *world) end() {
	w.Helper()
	w.oracle.now = w.ctx.BlockTime().Unix()
	ctx := w.ctx.WithEventManager(sdk.NewEventManager())
	require.NoError(w, w.k.EndBlock(ctx))
	for _, e := range ctx.EventManager().Events() {
		w.events = append(w.events, strings.TrimPrefix(e.Type, "ballast.rebalance.v1.Event"))
		if strings.HasSuffix(e.Type, "StepFailed") || strings.HasSuffix(e.Type, "Skipped") {
			w.Logf("%v", e)
		}
	}
	w.check()
}

func (w *world) next(seconds int64) {
	w.ctx = w.ctx.WithBlockHeight(w.ctx.BlockHeight() + 1).
		WithBlockTime(w.ctx.BlockTime().Add(time.Duration(seconds) * time.Second))
	w.oracle.now = w.ctx.BlockTime().Unix()
}

// check asks for the invariants, and whether anything of any denom came or went.
func (w *world) check() {
	w.Helper()
	require.Empty(w, w.k.Invariants(w.ctx))
	var supply []math.Int
	for _, d := range w.denoms() {
		supply = append(supply, w.bank.supply(w.ctx, d))
	}
	if w.supply != nil {
		require.Equal(w, w.supply, supply)
	}
}

// round is the running or the last round.
func (w *world) round() cycle.Round {
	w.Helper()
	r, err := w.k.Round.Get(w.ctx)
	if !errors.Is(err, collections.ErrNotFound) {
		require.NoError(w, err)
	}
	return r
}

// play makes the blocks of one round, in which buyers take parts of 1000 at the mid less bps.
func (w *world) play(parts uint64, bps int64) {
	w.Helper()
	for i := range 1_000 {
		w.block()
		if w.round().Phase == cycle.Auctioning {
			require.NoError(w, w.auction.sell(w.ctx, parts, bps))
		}
		if w.round().Phase == cycle.Idle && i > 0 {
			return
		}
	}
	require.Fail(w, "the round does not end", "%v", w.round().Phase)
}

// told counts events.
func (w *world) told(event string) int {
	n := 0
	for _, e := range w.events {
		if e == event {
			n++
		}
	}
	return n
}

// held are the units of a portfolio's account.
func (w *world) held(id uint64) []int64 {
	w.Helper()
	p, err := w.portfolio.Load(w.ctx, id)
	require.NoError(w, err)
	var list []int64
	for _, a := range p.Policy.Assets {
		list = append(list, w.bank.GetBalance(w.ctx, w.portfolio.Account(id), w.denoms()[a]).Amount.Int64())
	}
	return list
}

// setParams changes the parameters at once.
func (w *world) setParams(change func(*types.Params)) {
	w.Helper()
	p, err := w.k.Params.Get(w.ctx)
	require.NoError(w, err)
	change(&p)
	require.NoError(w, p.Validate())
	require.NoError(w, w.k.Params.Set(w.ctx, p))
}

// record is what a round did with a portfolio.
func (w *world) record(portfolio, round uint64) (types.Record, error) {
	r, err := keeper.NewQueryServer(w.k).Record(w.ctx, &types.QueryRecordRequest{Portfolio: portfolio, Round: round})
	if err != nil {
		return types.Record{}, err
	}
	return r.Record, nil
}

// state is everything that is stored.
func (w *world) state() *types.GenesisState {
	w.Helper()
	g, err := w.k.ExportGenesis(w.ctx)
	require.NoError(w, err)
	return g
}

// hash is the state of all stores in one word.
func (w *world) hash() []byte { return slices.Clone(w.cms.Commit().Hash) }
