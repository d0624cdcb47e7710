package keeper_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"cosmossdk.io/collections"
	"cosmossdk.io/core/store"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/address"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/testutil/fake"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/internal/pack"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// The fakes keep what they know in the store, so that a branch of the state that is thrown away takes it along.

var (
	errRefused = errors.New("refused")
	lots       = authtypes.NewModuleAddress(types.AuctionModule)
)

// fakeBank has balances of any account.
type fakeBank struct {
	balances collections.Map[string, math.Int]
	refuses  map[string]bool // accounts that get nothing, or after a "from " give nothing
}

func balanceKey(who sdk.AccAddress, denom string) string { return who.String() + "/" + denom }

func (b *fakeBank) GetBalance(ctx context.Context, who sdk.AccAddress, denom string) sdk.Coin {
	n, err := b.balances.Get(ctx, balanceKey(who, denom))
	if err != nil {
		n = math.ZeroInt()
	}
	return sdk.Coin{Denom: denom, Amount: n}
}

func (b *fakeBank) SendCoins(ctx context.Context, from, to sdk.AccAddress, coins sdk.Coins) error {
	if err := coins.Validate(); err != nil {
		return err
	}
	if b.refuses[to.String()] || b.refuses["from "+from.String()] {
		return fmt.Errorf("%w: nothing from %s to %s", errRefused, from, to)
	}
	for _, c := range coins {
		if err := b.add(ctx, from, c.Denom, c.Amount.Neg()); err != nil {
			return err
		}
		if err := b.add(ctx, to, c.Denom, c.Amount); err != nil {
			return err
		}
	}
	return nil
}

func (b *fakeBank) InputOutputCoins(ctx context.Context, from banktypes.Input, to []banktypes.Output) error {
	return fake.SendMany(ctx, b, from, to)
}

func (b *fakeBank) add(ctx context.Context, who sdk.AccAddress, denom string, n math.Int) error {
	sum := b.GetBalance(ctx, who, denom).Amount.Add(n)
	if sum.IsNegative() {
		return fmt.Errorf("%w: %s has too little %s", errRefused, who, denom)
	}
	if sum.IsZero() {
		return b.balances.Remove(ctx, balanceKey(who, denom))
	}
	return b.balances.Set(ctx, balanceKey(who, denom), sum)
}

// supply adds up all accounts.
func (b *fakeBank) supply(ctx context.Context, denom string) math.Int {
	sum := math.ZeroInt()
	if err := b.balances.Walk(ctx, nil, func(key string, n math.Int) (bool, error) {
		if suffix := "/" + denom; len(key) > len(suffix) && key[len(key)-len(suffix):] == suffix {
			sum = sum.Add(n)
		}
		return false, nil
	}); err != nil {
		return math.NewInt(-1)
	}
	return sum
}

// fakeOracle says what the test wants.
type fakeOracle struct {
	universe asset.Universe
	prices   []oracle.Price
	now      int64
	heard    []oracle.Clearing
	fails    error
}

func (o *fakeOracle) Universe(context.Context) (asset.Universe, error) { return o.universe, o.fails }

func (o *fakeOracle) Snapshot(context.Context) (oracle.Snapshot, error) {
	return oracle.Snapshot{Time: o.now, Prices: o.prices}, nil
}

func (o *fakeOracle) Clear(_ context.Context, _ asset.Index, c oracle.Clearing) (oracle.Refusal, error) {
	o.heard = append(o.heard, c)
	return oracle.RefusalNone, nil
}

// folio is a portfolio as the fake stores it.
type folio struct {
	Policy cycle.Policy
	State  cycle.State
}

// fakePortfolio has portfolios whose holdings are balances.
type fakePortfolio struct {
	folios collections.Map[uint64, folio]
	bank   *fakeBank
	oracle *fakeOracle
	hidden map[uint64]bool // cannot be loaded
	panics map[uint64]bool // cannot be stored
	notes  []cycle.Note
}

func (*fakePortfolio) Account(id uint64) sdk.AccAddress {
	return address.Module("portfolio", binary.BigEndian.AppendUint64(nil, id))
}

func (f *fakePortfolio) Load(ctx context.Context, id uint64) (cycle.Portfolio, error) {
	x, err := f.folios.Get(ctx, id)
	if err != nil {
		return cycle.Portfolio{}, err
	}
	p := cycle.Portfolio{ID: id, Policy: &x.Policy, State: x.State}
	for _, a := range x.Policy.Assets {
		denom := string(f.oracle.universe.At(a).ID)
		p.Holdings = append(p.Holdings, num.Held(f.bank.GetBalance(ctx, f.Account(id), denom).Amount))
	}
	return p, nil
}

func (f *fakePortfolio) Page(ctx context.Context, after uint64, limit int) ([]cycle.Portfolio, bool, error) {
	return f.list(ctx, after, limit, func(*folio) bool { return true })
}

func (f *fakePortfolio) InMarket(ctx context.Context, after uint64, limit int) ([]cycle.Portfolio, bool, error) {
	return f.list(ctx, after, limit, func(x *folio) bool { return len(x.State.Orders) > 0 })
}

func (f *fakePortfolio) list(
	ctx context.Context, after uint64, limit int, want func(*folio) bool,
) (page []cycle.Portfolio, last bool, err error) {
	it, err := f.folios.Iterate(ctx, new(collections.Range[uint64]).StartExclusive(after))
	if err != nil {
		return nil, false, err
	}
	defer it.Close() //nolint:errcheck // reading
	for ; it.Valid(); it.Next() {
		x, err := it.KeyValue()
		if err != nil {
			return nil, false, err
		}
		if f.hidden[x.Key] || !want(&x.Value) {
			continue
		}
		if len(page) == limit {
			return page, false, nil
		}
		p, err := f.Load(ctx, x.Key)
		if err != nil {
			return nil, false, err
		}
		page = append(page, p)
	}
	return page, true, nil
}

func (f *fakePortfolio) Save(ctx context.Context, page []cycle.Portfolio, notes []cycle.Note) error {
	for i := range page {
		if f.panics[page[i].ID] {
			panic("cannot be stored")
		}
		x, err := f.folios.Get(ctx, page[i].ID)
		if err != nil {
			return err
		}
		x.State = page[i].State
		if err := f.folios.Set(ctx, page[i].ID, x); err != nil {
			return err
		}
	}
	f.notes = append(f.notes, notes...)
	return nil
}

// fakeLot is a lot and what it sold at the mid.
type fakeLot struct {
	Lot   auction.Lot
	AtMid asset.Amount
}

// fakeAuction has lots that the test closes.
type fakeAuction struct {
	lots    collections.Map[uint64, fakeLot]
	sales   collections.Map[uint64, cycle.Sale]
	fills   []cycle.SaleFill
	panics  map[uint64]bool // sales that cannot be stored
	bank    *fakeBank
	oracle  *fakeOracle
	refuses map[asset.Index]bool // assets that get no lot
}

func (a *fakeAuction) Open(ctx context.Context, list []auction.Lot) error {
	for _, lot := range list {
		denom := string(a.oracle.universe.At(lot.Sell).ID)
		if have := num.Held(a.bank.GetBalance(ctx, lots, denom).Amount); have.Less(lot.Total()) || a.refuses[lot.Sell] {
			return fmt.Errorf("%w: lot %d", errRefused, lot.ID)
		}
		if err := lot.Open(a.oracle.now); err != nil {
			return err
		}
		if err := a.lots.Set(ctx, lot.ID, fakeLot{Lot: lot}); err != nil {
			return err
		}
	}
	return nil
}

func (a *fakeAuction) all(ctx context.Context, want func(*fakeLot) bool, limit int) ([]fakeLot, error) {
	var list []fakeLot
	err := a.lots.Walk(ctx, nil, func(_ uint64, x fakeLot) (bool, error) {
		if want(&x) {
			list = append(list, x)
		}
		return len(list) == limit, nil
	})
	return list, err
}

func (a *fakeAuction) Closed(ctx context.Context, limit int) ([]cycle.Closed, error) {
	list, err := a.all(ctx, func(x *fakeLot) bool { return x.Lot.Status == auction.Closed }, limit)
	var closed []cycle.Closed
	for _, x := range list {
		closed = append(closed, cycle.Closed{Lot: x.Lot, AtMid: x.AtMid})
	}
	return closed, err
}

func (a *fakeAuction) Take(ctx context.Context, ids []uint64) error {
	for _, id := range ids {
		if err := a.lots.Remove(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func (a *fakeAuction) Lot(ctx context.Context, id uint64) (auction.Lot, bool, error) {
	x, err := a.lots.Get(ctx, id)
	if errors.Is(err, collections.ErrNotFound) {
		return auction.Lot{}, false, nil
	}
	return x.Lot, err == nil, err
}

func (a *fakeAuction) Frozen(ctx context.Context, limit int) ([]auction.Lot, error) {
	list, err := a.all(ctx, func(x *fakeLot) bool { return x.Lot.Clock.Frozen && x.Lot.Status != auction.Closed }, limit)
	var frozen []auction.Lot
	for _, x := range list {
		frozen = append(frozen, x.Lot)
	}
	return frozen, err
}

func (a *fakeAuction) Replace(ctx context.Context, lot auction.Lot) error {
	return a.lots.Set(ctx, lot.ID, fakeLot{Lot: lot})
}

func (a *fakeAuction) Cancel(ctx context.Context, id uint64) error {
	return a.change(ctx, id, func(x *fakeLot) error {
		x.Lot.Cancel()
		return nil
	})
}

func (a *fakeAuction) change(ctx context.Context, id uint64, do func(*fakeLot) error) error {
	x, err := a.lots.Get(ctx, id)
	if err != nil {
		return err
	}
	if err := do(&x); err != nil {
		return err
	}
	return a.lots.Set(ctx, id, x)
}

func (a *fakeAuction) Sales(ctx context.Context, after uint64, limit int) (page []cycle.Sale, last bool, err error) {
	last = true
	err = a.sales.Walk(ctx, new(collections.Range[uint64]).StartExclusive(after),
		func(_ uint64, s cycle.Sale) (bool, error) {
			if len(page) == limit {
				last = false
				return true, nil
			}
			page = append(page, s)
			return false, nil
		})
	return page, last, err
}

func (a *fakeAuction) SaveSales(ctx context.Context, page []cycle.Sale, fills []cycle.SaleFill) error {
	for _, s := range page {
		if a.panics[s.ID] {
			panic("cannot be stored")
		}
		if err := a.sales.Set(ctx, s.ID, s); err != nil {
			return err
		}
	}
	a.fills = append(a.fills, fills...)
	return nil
}

// sell closes every open lot: a buyer from outside takes parts of 1000 of it, at the mid less bps.
func (a *fakeAuction) sell(ctx context.Context, parts uint64, bps int64) error {
	open, err := a.all(ctx, func(x *fakeLot) bool { return x.Lot.Status != auction.Closed }, -1)
	if err != nil {
		return err
	}
	for i := range open {
		if err := a.sellOne(ctx, open[i], parts, bps); err != nil {
			return err
		}
	}
	return nil
}

func (a *fakeAuction) sellOne(ctx context.Context, x fakeLot, parts uint64, bps int64) error {
	var c fixed.Calc
	lot := &x.Lot
	mid := asset.PriceDown(&c, a.oracle.prices[lot.Sell].Value, a.oracle.prices[lot.Buy].Value)
	price := c.MulDown(mid, c.Sub(fixed.One(), fixed.FromBps(bps)))
	var sold, brought asset.Amount
	for i := range lot.Tranches {
		t := &lot.Tranches[i]
		if price.Less(t.Limit) {
			continue
		}
		t.Sold = c.MulDivNatDown(t.Units, fixed.NatOf(parts), fixed.NatOf(1_000))
		if !t.Sold.IsZero() {
			t.Proceeds = lot.Pair.QuoteDown(&c, t.Sold, price)
		}
		sold, brought = c.AddNat(sold, t.Sold), c.AddNat(brought, t.Proceeds)
	}
	x.AtMid = lot.Pair.QuoteDown(&c, sold, mid)
	lot.Cancel()
	if c.Err() != nil {
		return c.Err()
	}
	buyer := sdk.AccAddress("buyer_______________")
	sell, buy := string(a.oracle.universe.At(lot.Sell).ID), string(a.oracle.universe.At(lot.Buy).ID)
	if !brought.IsZero() {
		if err := a.bank.SendCoins(ctx, buyer, lots, sdk.NewCoins(num.Coin(buy, brought))); err != nil {
			return err
		}
	}
	if !sold.IsZero() {
		if err := a.bank.SendCoins(ctx, lots, buyer, sdk.NewCoins(num.Coin(sell, sold))); err != nil {
			return err
		}
	}
	return a.lots.Set(ctx, lot.ID, x)
}

// newFakes builds the fakes on a store of their own.
func newFakes(service store.KVStoreService) (*fakePortfolio, *fakeAuction) {
	sb := collections.NewSchemaBuilder(service)
	o := &fakeOracle{}
	b := &fakeBank{
		balances: collections.NewMap(sb, collections.NewPrefix(0), "balances", collections.StringKey, sdk.IntValue),
		refuses:  map[string]bool{},
	}
	f := &fakePortfolio{
		folios: collections.NewMap(
			sb, collections.NewPrefix(1), "folios", collections.Uint64Key, pack.Must[folio]("folio", 1)),
		bank: b, oracle: o, hidden: map[uint64]bool{}, panics: map[uint64]bool{},
	}
	a := &fakeAuction{
		lots: collections.NewMap(
			sb, collections.NewPrefix(2), "lots", collections.Uint64Key, pack.Must[fakeLot]("lot", 1)),
		sales: collections.NewMap(
			sb, collections.NewPrefix(3), "sales", collections.Uint64Key, pack.Must[cycle.Sale]("sale", 1)),
		bank: b, oracle: o, refuses: map[asset.Index]bool{}, panics: map[uint64]bool{},
	}
	if _, err := sb.Build(); err != nil {
		panic(err)
	}
	return f, a
}
