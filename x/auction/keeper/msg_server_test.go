package keeper_test

import (
	"errors"
	"strings"
	"testing"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/x/auction/types"
)

// state is all that the module stores, and what the accounts hold.
func (h *house) state() string {
	h.tb.Helper()
	g, err := h.k.ExportGenesis(h.ctx)
	h.must(err)
	text := g.String()
	for n := range byte(10) {
		text += h.bank.GetAllBalances(h.ctx, account(n)).String() + ";"
	}
	return text
}

// fair is a house with a guardian, a lot, a full account, a bid and a sale.
func fair(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.params(func(p *types.Params) {
		p.Guardian = account(9).String()
		p.MaxBidsPerAccount, p.MaxBidsPerLot, p.MaxSalesPerAccount = 2, 3, 1
	})
	for n := range byte(5) {
		h.fund(n+1, coin(usdc, 1_000_000_000), coin(atom, 1_000_000_000))
	}
	h.open(7, 50_000_000)
	h.bid(2, 7, 2_000_000, "9.9")
	_, err := h.msg.Sell(h.ctx, sellOf(2))
	h.must(err)
	return h
}

func sellOf(n byte) *types.MsgSell {
	return &types.MsgSell{Seller: account(n).String(), Offer: coin(atom, 5_000_000), BuyDenom: usdc, Limit: "9"}
}

// with changes a message.
func with[T any](m T, change func(T)) T {
	change(m)
	return m
}

func TestBidRefused(t *testing.T) {
	t.Parallel()
	huge, _ := math.NewIntFromString("340282366920938463463374607431768211456") // 2^128
	bid := func(change func(m *types.MsgBid)) *types.MsgBid {
		return with(bidFor(1, 7, 2_000_000, "9.9"), change)
	}
	for _, test := range []struct {
		name   string
		before func(h *house)
		msg    *types.MsgBid
		want   error
	}{
		{"no address", nil, bid(func(m *types.MsgBid) { m.Bidder = "cosmos1abc" }), types.ErrInvalid},
		{"unknown lot", nil, bid(func(m *types.MsgBid) { m.LotId = 8 }), types.ErrUnknownLot},
		{"no amount", nil, bid(func(m *types.MsgBid) { m.AmountOut = math.ZeroInt() }), types.ErrInvalid},
		{"missing amount", nil, bid(func(m *types.MsgBid) { m.AmountOut = math.Int{} }), types.ErrInvalid},
		{"both amounts", nil, bid(func(m *types.MsgBid) { m.AmountIn = math.OneInt() }), types.ErrInvalid},
		{"negative amount", nil, bid(func(m *types.MsgBid) { m.AmountOut = math.NewInt(-1) }), types.ErrOverflow},
		{"amount too large", nil, bid(func(m *types.MsgBid) { m.AmountOut = huge }), types.ErrOverflow},
		{"escrow too large", nil, bid(func(m *types.MsgBid) { m.AmountOut = huge.SubRaw(1) }), types.ErrOverflow},
		{"covers too much", nil, bid(func(m *types.MsgBid) {
			m.AmountOut, m.AmountIn, m.Limit = math.ZeroInt(), huge.SubRaw(1), "0.000000001"
		}), types.ErrOverflow},
		{"no limit", nil, bid(func(m *types.MsgBid) { m.Limit = "" }), types.ErrInvalid},
		{"limit is no decimal", nil, bid(func(m *types.MsgBid) { m.Limit = "9,9" }), types.ErrInvalid},
		{"negative limit", nil, bid(func(m *types.MsgBid) { m.Limit = "-9.9" }), types.ErrInvalid},
		{"limit below the reserve", nil, bid(func(m *types.MsgBid) { m.Limit = "9.49" }), types.ErrBid},
		{"minimum above the quantity", nil, bid(func(m *types.MsgBid) {
			m.MinFill = math.NewInt(2_000_001)
		}), types.ErrBid},
		{"negative minimum", nil, bid(func(m *types.MsgBid) { m.MinFill = math.NewInt(-1) }), types.ErrOverflow},
		{"all or none with a minimum", nil, bid(func(m *types.MsgBid) {
			m.AllOrNone, m.MinFill = true, math.OneInt()
		}), types.ErrInvalid},
		{"expired", nil, bid(func(m *types.MsgBid) { m.Expiry = start - 1 }), types.ErrBid},
		{"negative expiry", nil, bid(func(m *types.MsgBid) { m.Expiry = -1 }), types.ErrInvalid},
		{"too small", nil, bid(func(m *types.MsgBid) { m.AmountOut = math.NewInt(999_999) }), types.ErrSmall},
		{"too many", func(h *house) {
			h.bid(1, 7, 2_000_000, "10")
			h.bid(1, 7, 2_000_000, "10")
		}, bid(func(*types.MsgBid) {}), types.ErrTooMany},
		{"full book", func(h *house) {
			h.bid(3, 7, 2_000_000, "10")
			h.bid(4, 7, 2_000_000, "10")
		}, bid(func(*types.MsgBid) {}), types.ErrBookFull},
		{"no money", nil, bid(func(m *types.MsgBid) {
			m.AmountOut = math.NewInt(200_000_000)
		}), sdkerrors.ErrInsufficientFunds},
		{"no account", nil, bid(func(m *types.MsgBid) { m.Bidder = account(8).String() }), types.ErrUnauthorized},
		{"paused", func(h *house) { h.pause() }, bid(func(*types.MsgBid) {}), types.ErrPaused},
		{"frozen", func(h *house) {
			h.blockAfter(1000)
			h.block()
		}, bid(func(*types.MsgBid) {}), types.ErrLotState},
		{"closed", func(h *house) {
			for range 120 {
				h.block()
			}
		}, bid(func(*types.MsgBid) {}), types.ErrLotState},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := fair(t)
			if test.before != nil {
				test.before(h)
			}
			refused(h, test.want, func(ctx sdk.Context) error {
				_, err := h.msg.Bid(ctx, test.msg)
				return err
			})
		})
	}
}

// refused runs a message as a transaction: what fails leaves no trace.
func refused(h *house, want error, do func(ctx sdk.Context) error) {
	h.tb.Helper()
	before := h.state()
	branch, _ := h.ctx.CacheContext()
	if err := do(branch); !errors.Is(err, want) {
		h.tb.Errorf("got %v, want %v", err, want)
	}
	if after := h.state(); after != before {
		h.tb.Errorf("the state has changed:\n%s\n%s", before, after)
	}
}

func (h *house) pause() {
	h.tb.Helper()
	_, err := h.msg.Pause(h.ctx, &types.MsgPause{Sender: authority()})
	h.must(err)
}

func (h *house) resume() {
	h.tb.Helper()
	_, err := h.msg.Resume(h.ctx, &types.MsgResume{Sender: authority()})
	h.must(err)
}

func TestOthersRefused(t *testing.T) {
	t.Parallel()
	sell := func(change func(m *types.MsgSell)) func(h *house, ctx sdk.Context) error {
		return func(h *house, ctx sdk.Context) error {
			_, err := h.msg.Sell(ctx, with(sellOf(1), change))
			return err
		}
	}
	huge, _ := math.NewIntFromString("340282366920938463463374607431768211456")
	for _, test := range []struct {
		name   string
		before func(h *house)
		do     func(h *house, ctx sdk.Context) error
		want   error
	}{
		{"cancel: no address", nil, cancel("x", 7, 1), types.ErrInvalid},
		{"cancel: another's bid", nil, cancel(account(1).String(), 7, 1), types.ErrUnknownBid},
		{"cancel: no such bid", nil, cancel(account(2).String(), 7, 2), types.ErrUnknownBid},
		{"cancel: no such lot", nil, cancel(account(2).String(), 8, 1), types.ErrUnknownBid},
		{
			"cancel: twice", func(h *house) { h.must(cancel(account(2).String(), 7, 1)(h, h.ctx)) },
			cancel(account(2).String(), 7, 1), types.ErrCancelled,
		},

		{"sell: no address", nil, sell(func(m *types.MsgSell) { m.Seller = "x" }), types.ErrInvalid},
		{"sell: nothing", nil, sell(func(m *types.MsgSell) { m.Offer = coin(atom, 0) }), types.ErrInvalid},
		{"sell: no coin", nil, sell(func(m *types.MsgSell) { m.Offer = sdk.Coin{} }), types.ErrInvalid},
		{"sell: too much", nil, sell(func(m *types.MsgSell) { m.Offer = sdk.NewCoin(atom, huge) }), types.ErrOverflow},
		{"sell: unlisted", nil, sell(func(m *types.MsgSell) { m.Offer = coin("uxyz", 9_000_000) }), types.ErrUnknownDenom},
		{"sell: for unlisted", nil, sell(func(m *types.MsgSell) { m.BuyDenom = "uxyz" }), types.ErrUnknownDenom},
		{"sell: for the same", nil, sell(func(m *types.MsgSell) { m.BuyDenom = atom }), types.ErrUnknownDenom},
		{
			"sell: for what winds down", func(h *house) { h.market.winding = usdcIdx }, sell(func(*types.MsgSell) {}),
			types.ErrWindDown,
		},
		{"sell: no limit", nil, sell(func(m *types.MsgSell) { m.Limit = "" }), types.ErrInvalid},
		{"sell: negative limit", nil, sell(func(m *types.MsgSell) { m.Limit = "-1" }), types.ErrInvalid},
		{"sell: limit no decimal", nil, sell(func(m *types.MsgSell) { m.Limit = "x" }), types.ErrInvalid},
		{"sell: too small", nil, sell(func(m *types.MsgSell) { m.Offer = coin(atom, 999_999) }), types.ErrSmall},
		{"sell: too many", nil, sell(func(m *types.MsgSell) { m.Seller = account(2).String() }), types.ErrTooMany},
		{"sell: no money", nil, sell(func(m *types.MsgSell) {
			m.Offer = coin(atom, 2_000_000_000)
		}), sdkerrors.ErrInsufficientFunds},
		{"sell: paused", func(h *house) { h.pause() }, sell(func(*types.MsgSell) {}), types.ErrPaused},

		{"cancel sale: no address", nil, cancelSale("x", 1), types.ErrInvalid},
		{"cancel sale: another's", nil, cancelSale(account(1).String(), 1), types.ErrUnknownSale},
		{"cancel sale: no such sale", nil, cancelSale(account(2).String(), 2), types.ErrUnknownSale},
		{"cancel sale: in the market", func(h *house) {
			h.placeSales()
		}, cancelSale(account(2).String(), 1), types.ErrInMarket},

		{"claim: no address", nil, claim("x", ""), types.ErrInvalid},
		{"claim: no recipient's address", nil, claim(account(1).String(), "x"), types.ErrInvalid},
		{"claim: nothing", nil, claim(account(1).String(), ""), types.ErrNothing},
		{
			"claim: to a blocked account", func(h *house) { h.must(cancelSale(account(2).String(), 1)(h, h.ctx)) },
			claim(account(2).String(), blocked()), sdkerrors.ErrUnauthorized,
		},

		{"pause: no address", nil, pause("x", ""), types.ErrInvalid},
		{"pause: anybody", nil, pause(account(1).String(), ""), types.ErrUnauthorized},
		{"pause: long reason", nil, pause(authority(), strings.Repeat("x", 257)), types.ErrInvalid},
		{"pause: twice", func(h *house) { h.pause() }, pause(account(9).String(), ""), types.ErrPaused},
		{"resume: anybody", func(h *house) { h.pause() }, resume(account(1).String()), types.ErrUnauthorized},
		{"resume: not paused", nil, resume(account(9).String()), types.ErrPaused},

		{"params: anybody", nil, updateParams(account(9).String(), types.DefaultParams()), types.ErrUnauthorized},
		{"params: no params", nil, updateParams(authority(), types.Params{}), types.ErrParams},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := fair(t)
			if test.before != nil {
				test.before(h)
			}
			refused(h, test.want, func(ctx sdk.Context) error { return test.do(h, ctx) })
			h.check()
		})
	}
}

// placeSales brings the sale of the fair to market, as x/rebalance does.
func (h *house) placeSales() {
	h.tb.Helper()
	page, _, err := h.k.Sales(h.ctx, 0, 10)
	h.must(err)
	page[0].Placed = true
	h.must(h.k.SaveSales(h.ctx, page, nil))
	h.must(h.bank.SendCoinsFromModuleToModule(h.ctx, types.ModuleName, "rebalance", coins(coin(atom, 5_000_000))))
}

type action = func(h *house, ctx sdk.Context) error

func cancel(bidder string, lot, id uint64) action {
	return func(h *house, ctx sdk.Context) error {
		_, err := h.msg.CancelBid(ctx, &types.MsgCancelBid{Bidder: bidder, LotId: lot, BidId: id})
		return err
	}
}

func cancelSale(seller string, id uint64) action {
	return func(h *house, ctx sdk.Context) error {
		_, err := h.msg.CancelSale(ctx, &types.MsgCancelSale{Seller: seller, SaleId: id})
		return err
	}
}

func claim(owner, recipient string) action {
	return func(h *house, ctx sdk.Context) error {
		_, err := h.msg.Claim(ctx, &types.MsgClaim{Owner: owner, Recipient: recipient})
		return err
	}
}

func pause(sender, reason string) action {
	return func(h *house, ctx sdk.Context) error {
		_, err := h.msg.Pause(ctx, &types.MsgPause{Sender: sender, Reason: reason})
		return err
	}
}

func resume(sender string) action {
	return func(h *house, ctx sdk.Context) error {
		_, err := h.msg.Resume(ctx, &types.MsgResume{Sender: sender})
		return err
	}
}

func updateParams(sender string, p types.Params) action {
	return func(h *house, ctx sdk.Context) error {
		_, err := h.msg.UpdateParams(ctx, &types.MsgUpdateParams{Authority: sender, Params: p})
		return err
	}
}

func TestGuardian(t *testing.T) {
	t.Parallel()
	h := fair(t)
	guardian := account(9).String()
	h.must(pause(guardian, "a drill")(h, h.ctx))
	h.must(resume(guardian)(h, h.ctx))
	h.pause()
	h.resume()
	h.must(updateParams(authority(), types.DefaultParams())(h, h.ctx))
	if err := pause(guardian, "")(h, h.ctx); !errors.Is(err, types.ErrUnauthorized) {
		t.Errorf("a guardian of before: got %v", err)
	}
	for name, want := range map[string]int{"EventPaused": 2, "EventResumed": 2, "EventParamsUpdated": 1} {
		if got := h.emitted(name); got != want {
			t.Errorf("%s: got %d, want %d", name, got, want)
		}
	}
}

// TestAmountIn: a bid for a payment is for as many units as it covers at the limit, rounded down.
func TestAmountIn(t *testing.T) {
	t.Parallel()
	h := fair(t)
	m := bidFor(1, 7, 0, "9.9")
	m.AmountIn, m.AllOrNone = math.NewInt(100_000_000), true
	r, err := h.msg.Bid(h.ctx, m)
	h.must(err)
	if r.Quantity.Int64() != 10_101_010 || r.Escrow.Amount.Int64() != 99_999_999 || r.BidId != 2 {
		t.Errorf("got %v", r)
	}
	book, err := h.query.Book(h.ctx, &types.QueryBookRequest{LotId: 7})
	h.must(err)
	if b := book.Bids[1]; !b.MinFill.Equal(b.Quantity) {
		t.Errorf("got %v: all or none", b)
	}
}

// TestSameOwner: who sells in a lot may bid, but it is said.
func TestSameOwner(t *testing.T) {
	t.Parallel()
	h := fair(t)
	h.market.sellers[string(account(1))] = true
	h.bid(1, 7, 2_000_000, "10") // sells by a portfolio
	h.placeSales()
	h.bid(2, 7, 2_000_000, "10") // sells by a sale
	book, err := h.query.Book(h.ctx, &types.QueryBookRequest{LotId: 7})
	h.must(err)
	for i, want := range []bool{true, true, false} { // the last one came before the sale
		if got := book.Bids[i]; got.SameOwner != want {
			t.Errorf("got %v", got)
		}
	}
	if h.market.universe.At(asset.Index(0)).ID != atom {
		t.Error("the fixture sells another asset")
	}
}
