package keeper_test

import (
	"context"
	"os"
	"testing"
	"time"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/testutil/fake"
	"github.com/ballast-finance/ballast/x/auction/keeper"
	"github.com/ballast-finance/ballast/x/auction/types"
)

func TestMain(m *testing.M) {
	sdk.GetConfig().SetBech32PrefixForAccount("ballast", "ballastpub")
	os.Exit(m.Run())
}

const (
	start   = 1_000_000 // unix seconds of the first block
	second  = 6         // block time
	atom    = "uatom"
	usdc    = "uusdc"
	atomIdx = asset.Index(0)
	usdcIdx = asset.Index(1)
)

// market is an oracle and a register of sellers.
type market struct {
	universe asset.Universe
	prices   []oracle.Price
	sellers  map[string]bool
	winding  asset.Index // may not be bought
}

func (m *market) Universe(context.Context) (asset.Universe, error) { return m.universe, nil }

func (m *market) Snapshot(context.Context) (oracle.Snapshot, error) {
	return oracle.Snapshot{Prices: m.prices}, nil
}

func (m *market) Tradable(_ context.Context, a asset.Index) (bool, error) { return a != m.winding, nil }

func (m *market) Sells(_ context.Context, who sdk.AccAddress, _, _ asset.Index) (bool, error) {
	return m.sellers[string(who)], nil
}

// house is the module over fakes, block by block.
type house struct {
	tb       testing.TB
	ctx      sdk.Context
	k        keeper.Keeper
	bank     fake.Bank
	accounts fake.Account
	market   *market
	steps    uint64 // of the curves of its lots
	msg      types.MsgServer
	query    types.QueryServer
}

func wad(text string) fixed.Wad {
	w, err := fixed.Parse(text)
	if err != nil {
		panic(err)
	}
	return w
}

func authority() string { return authtypes.NewModuleAddress("gov").String() }

func newMarket(tb testing.TB) *market {
	tb.Helper()
	u, err := asset.NewUniverse([]asset.Asset{{ID: atom, Exponent: 6}, {ID: usdc, Exponent: 6}})
	if err != nil {
		tb.Fatal(err)
	}
	return &market{
		universe: u,
		prices: []oracle.Price{
			{Value: wad("10"), Status: oracle.StatusOK, AgeSeconds: 3}, {Value: wad("1"), Status: oracle.StatusOK},
		},
		sellers: map[string]bool{}, winding: 99,
	}
}

func newHouse(tb testing.TB) *house {
	tb.Helper()
	ctx, stores := fake.Context(tb, types.StoreKey, "bank", "account")
	h := &house{tb: tb, ctx: ctx.WithBlockTime(time.Unix(start, 0)).WithBlockHeight(1), market: newMarket(tb), steps: 100}
	h.accounts = fake.NewAccount(stores[2])
	h.bank = fake.NewBank(stores[1], h.accounts, authtypes.NewModuleAddress(types.ModuleName))
	k, err := keeper.New(codec.NewProtoCodec(codectypes.NewInterfaceRegistry()), stores[0],
		types.Keepers{Account: h.accounts, Bank: h.bank, Oracle: h.market, Seller: h.market}, authority())
	h.must(err)
	h.k = k
	h.msg, h.query = keeper.NewMsgServer(h.k), keeper.NewQueryServer(h.k)
	h.must(h.k.InitGenesis(h.ctx, types.DefaultGenesis()))
	return h
}

func (h *house) must(err error) {
	h.tb.Helper()
	if err != nil {
		h.tb.Fatal(err)
	}
}

// params changes the params.
func (h *house) params(change func(p *types.Params)) {
	h.tb.Helper()
	p, err := h.k.Params.Get(h.ctx)
	h.must(err)
	change(&p)
	h.must(p.Validate())
	h.must(h.k.Params.Set(h.ctx, p))
}

// lotOf is a new lot from 10.5 down to 9.5 in 100 blocks or as many as the house says, with tranches at their limits.
func (h *house) lotOf(id uint64, tranches ...auction.Tranche) auction.Lot {
	h.tb.Helper()
	curve, err := auction.NewCurve(auction.Curve{
		Kind: auction.Linear, Start: wad("10.5"), Reserve: wad("9.5"), Steps: h.steps, StepSeconds: second,
	})
	h.must(err)
	return auction.Lot{
		ID: id, Sell: atomIdx, Buy: usdcIdx,
		Pair:  asset.Pair{Sell: h.market.universe.At(atomIdx), Buy: h.market.universe.At(usdcIdx)},
		Curve: curve, Pace: auction.Pace{BlockSeconds: second, HaltSeconds: 600},
		TailSeconds: 60, OpeningBlocks: 2, Tranches: tranches,
	}
}

// open opens a lot of some units at the end of the block, and begins the next one.
func (h *house) open(id, units uint64) { h.openAll(units, id) }

func (h *house) openAll(units uint64, ids ...uint64) {
	h.tb.Helper()
	h.must(h.k.EndBlock(h.ctx))
	for _, id := range ids {
		h.must(h.bank.MintModule(h.ctx, types.ModuleName, coin(atom, units)))
		h.must(h.k.Open(h.ctx, []auction.Lot{h.lotOf(id, auction.Tranche{Units: fixed.NatOf(units)})}))
	}
	h.next(second)
}

// quick is a block without the invariants.
func (h *house) quick() {
	h.tb.Helper()
	h.must(h.k.EndBlock(h.ctx))
	h.next(second)
}

func coin(denom string, n uint64) sdk.Coin { return sdk.NewCoin(denom, math.NewIntFromUint64(n)) }

// account is the n-th bidder.
func account(n byte) sdk.AccAddress { return append(make(sdk.AccAddress, 19), n) }

// fund gives a bidder money.
func (h *house) fund(n byte, coins ...sdk.Coin) {
	h.tb.Helper()
	h.must(h.bank.Mint(h.ctx, account(n), coins...))
}

// block ends the block and begins the next one; every invariant holds in between.
func (h *house) block() { h.blockAfter(second) }

func (h *house) blockAfter(seconds int64) {
	h.tb.Helper()
	h.must(h.k.EndBlock(h.ctx))
	h.check()
	h.next(seconds)
}

func (h *house) next(seconds int64) {
	h.ctx = h.ctx.WithBlockTime(h.ctx.BlockTime().Add(time.Duration(seconds) * time.Second)).
		WithBlockHeight(h.ctx.BlockHeight() + 1).WithEventManager(sdk.NewEventManager())
}

func (h *house) check() {
	h.tb.Helper()
	for _, fault := range h.k.Invariants(h.ctx) {
		h.tb.Error(fault)
	}
	for _, event := range h.ctx.EventManager().Events() {
		if event.Type == "ballast.auction.v1.EventStepFailed" || event.Type == "ballast.auction.v1.EventLotFailed" {
			h.tb.Errorf("%v", event)
		}
	}
	if h.tb.Failed() {
		h.tb.FailNow()
	}
}

// bid is a bid for units.
func bidFor(n byte, lot, units uint64, limit string) *types.MsgBid {
	return &types.MsgBid{
		Bidder: account(n).String(), LotId: lot, AmountOut: math.NewIntFromUint64(units), AmountIn: math.ZeroInt(),
		Limit: limit, MinFill: math.ZeroInt(),
	}
}

func (h *house) bid(n byte, lot, units uint64, limit string) uint64 {
	h.tb.Helper()
	r, err := h.msg.Bid(h.ctx, bidFor(n, lot, units, limit))
	h.must(err)
	return r.BidId
}

func (h *house) held(n byte, denom string) uint64 {
	return h.bank.GetBalance(h.ctx, account(n), denom).Amount.Uint64()
}

func (h *house) lot(id uint64) types.Lot {
	h.tb.Helper()
	r, err := h.query.Lot(h.ctx, &types.QueryLotRequest{LotId: id})
	h.must(err)
	return r.Lot
}

// emitted counts events of this block by name.
func (h *house) emitted(name string) int {
	n := 0
	for _, event := range h.ctx.EventManager().Events() {
		if event.Type == "ballast.auction.v1."+name {
			n++
		}
	}
	return n
}

func natOf(n uint64) asset.Amount { return fixed.NatOf(n) }

func coins(list ...sdk.Coin) sdk.Coins { return sdk.NewCoins(list...) }

// blocked is an account that modules may not pay.
func blocked() string { return authtypes.NewModuleAddress(types.ModuleName).String() }

func same(a, b sdk.Coin) bool { return a.Denom == b.Denom && a.Amount.Equal(b.Amount) }
