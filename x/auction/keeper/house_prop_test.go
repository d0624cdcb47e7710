package keeper_test

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"cosmossdk.io/collections"
	"cosmossdk.io/math"

	"github.com/ballast-finance/ballast/x/auction/types"
)

const (
	crowdSize = 6
	wealth    = 1_000_000_000_000
)

// crowded is a house with a lot and bidders, where bids of any size are taken.
func crowded(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.steps = 25
	h.params(func(p *types.Params) { p.MinBidValue, p.MinSaleValue, p.HistorySeconds = "", "", 60 })
	for n := range byte(crowdSize) {
		h.fund(n, coin(usdc, wealth), coin(atom, wealth))
	}
	h.open(1, 50_000_000)
	return h
}

// drawBid is a bid that is mostly acceptable.
func drawBid(t *rapid.T, h *house) *types.MsgBid {
	now := h.ctx.BlockTime().Unix()
	m := bidFor(rapid.Byte().Draw(t, "bidder")%crowdSize, 1, rapid.Uint64Range(1, 20_000_000).Draw(t, "units"),
		fmt.Sprintf("%d.%03d", 9+rapid.IntRange(0, 1).Draw(t, "whole"), rapid.IntRange(480, 700).Draw(t, "part")))
	switch rapid.IntRange(0, 3).Draw(t, "terms") {
	case 0:
		m.AllOrNone = true
	case 1:
		m.MinFill = math.NewIntFromUint64(rapid.Uint64Range(0, m.AmountOut.Uint64()).Draw(t, "least"))
	case 2:
		m.AmountIn, m.AmountOut = m.AmountOut.MulRaw(10), math.ZeroInt()
	}
	if rapid.IntRange(0, 3).Draw(t, "expires") == 0 {
		m.Expiry = now + rapid.Int64Range(0, 400).Draw(t, "expiry")
	}
	return m
}

// TestQuoteIsTheFill: a quote is what the bid gets, whatever rests in the book.
func TestQuoteIsTheFill(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		h := crowded(t)
		var placed []uint64
		for range rapid.IntRange(0, 20).Draw(rt, "bids") {
			m := drawBid(rt, h)
			m.Bidder = account(rapid.Byte().Draw(rt, "other") % (crowdSize - 1)).String()
			if r, err := h.msg.Bid(h.ctx, m); err == nil {
				placed = append(placed, r.BidId)
			}
		}
		for range rapid.IntRange(0, 25).Draw(rt, "blocks") {
			h.quick()
		}
		for _, id := range placed {
			for n := range byte(crowdSize - 1) {
				if rapid.IntRange(0, 9).Draw(rt, "cancel") == 0 {
					_ = cancel(account(n).String(), 1, id)(h, h.ctx)
				}
			}
		}
		compareQuote(rt, h)
	})
}

func compareQuote(rt *rapid.T, h *house) {
	m := drawBid(rt, h)
	m.Bidder = account(crowdSize - 1).String()
	question := &types.QueryQuoteRequest{
		LotId: 1, AmountOut: m.AmountOut.String(), AmountIn: m.AmountIn.String(), Limit: m.Limit,
		MinFill: m.MinFill.String(), AllOrNone: m.AllOrNone, Expiry: m.Expiry,
	}
	quote, err := h.query.Quote(h.ctx, question)
	r, refusal := h.msg.Bid(h.ctx, m)
	if (err == nil) != (refusal == nil) {
		rt.Fatalf("quote: %v, bid: %v", err, refusal)
	}
	if err != nil {
		return
	}
	if !same(quote.Payment.Add(quote.Refund), r.Escrow) {
		rt.Fatalf("got %v and %v of %v", quote.Payment, quote.Refund, r.Escrow)
	}
	for h.lot(1).Status != types.LOT_STATUS_CLOSED {
		h.quick()
	}
	h.block()
	fills, err := h.query.Fills(h.ctx, &types.QueryFillsRequest{Bidder: m.Bidder})
	h.must(err)
	switch {
	case quote.Price == "" && len(fills.Fills) == 0:
	case len(fills.Fills) != 1:
		rt.Fatalf("quoted %v, got %v", quote, fills.Fills)
	default:
		f := fills.Fills[0]
		if f.Time != quote.Time || f.Price != quote.Price || !same(f.Units, quote.Units) ||
			!same(f.Payment, quote.Payment) || !same(f.Refund, quote.Refund) {
			rt.Fatalf("quoted %v, got %v", quote, f)
		}
	}
	if got := h.held(crowdSize-1, usdc); got != wealth-quote.Payment.Amount.Uint64() {
		rt.Fatalf("quoted %v, %d left", quote, wealth-got)
	}
}

// stir does something that anybody could do. Refusals are part of it.
func stir(rt *rapid.T, h *house) {
	who := account(rapid.Byte().Draw(rt, "who") % crowdSize)
	switch rapid.IntRange(0, 9).Draw(rt, "what") {
	case 0, 1, 2, 3:
		_, _ = h.msg.Bid(h.ctx, drawBid(rt, h))
	case 4, 5:
		_ = cancel(who.String(), 1, rapid.Uint64Range(1, 30).Draw(rt, "bid"))(h, h.ctx)
	case 6:
		m := &types.MsgSell{
			Seller: who.String(), Offer: coin(atom, rapid.Uint64Range(1, 100).Draw(rt, "offer")), BuyDenom: usdc, Limit: "9",
		}
		_, _ = h.msg.Sell(h.ctx, m)
	case 7:
		_ = cancelSale(who.String(), rapid.Uint64Range(1, 10).Draw(rt, "sale"))(h, h.ctx)
	case 8:
		if rapid.Bool().Draw(rt, "pause") {
			_ = pause(authority(), "")(h, h.ctx)
		}
		_ = resume(authority())(h, h.ctx)
	case 9:
		_ = claim(who.String(), account(rapid.Byte().Draw(rt, "to")%crowdSize).String())(h, h.ctx)
	}
}

// settle does what x/rebalance does: it takes closed lots, and anchors frozen ones again or cancels them.
func settle(rt *rapid.T, h *house) {
	frozen, err := h.k.Frozen(h.ctx, 10)
	h.must(err)
	for _, lot := range frozen {
		if rapid.Bool().Draw(rt, "cancel lot") {
			h.must(h.k.Cancel(h.ctx, lot.ID))
			continue
		}
		h.must(lot.Reanchor(lot.Curve, h.ctx.BlockTime().Unix()))
		h.must(h.k.Replace(h.ctx, lot))
	}
	closed, err := h.k.Closed(h.ctx, 10)
	h.must(err)
	for i := range closed {
		lot := &closed[i].Lot
		sold, proceeds := lot.Result()
		out := coins(types.SellCoin(lot, lot.Total().Monus(sold)), types.BuyCoin(lot, proceeds))
		if !out.IsZero() {
			h.must(h.bank.SendCoinsFromModuleToModule(h.ctx, types.ModuleName, "rebalance", out))
		}
		h.must(h.k.Take(h.ctx, []uint64{lot.ID}))
	}
}

// TestConservation: whatever anybody does, after every block all that is owed is there, and nothing else.
func TestConservation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		h := crowded(t)
		h.params(func(p *types.Params) {
			p.MaxBidsPerLot, p.MaxPayoutsPerBlock, p.MaxReturnsPerBlock, p.MaxPrunedPerBlock = 8, 2, 2, 3
		})
		atoms, usdcs := h.bank.GetSupply(h.ctx, atom), h.bank.GetSupply(h.ctx, usdc)
		for range rapid.IntRange(1, 60).Draw(rt, "blocks") {
			for range rapid.IntRange(0, 4).Draw(rt, "messages") {
				stir(rt, h)
			}
			if rapid.IntRange(0, 9).Draw(rt, "refuse") == 0 {
				h.must(h.bank.Refuse(h.ctx, account(0)))
			}
			seconds := int64(second)
			if rapid.IntRange(0, 40).Draw(rt, "halt") == 0 {
				seconds = 1000
			}
			h.blockAfter(seconds)
			settle(rt, h)
			h.check()
		}
		if got := h.bank.GetSupply(h.ctx, atom); !same(got, atoms) {
			rt.Fatalf("got %v, want %v", got, atoms)
		}
		if got := h.bank.GetSupply(h.ctx, usdc); !same(got, usdcs) {
			rt.Fatalf("got %v, want %v", got, usdcs)
		}
	})
}

// TestOrderInABlock: with different limits, who comes first in a block makes no difference.
func TestOrderInABlock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		one, other := crowded(t), crowded(t)
		full := rapid.Bool().Draw(rt, "full book")
		for _, h := range []*house{one, other} {
			h.params(func(p *types.Params) {
				if full {
					p.MaxBidsPerLot = 3
				}
			})
		}
		for range rapid.IntRange(1, 20).Draw(rt, "blocks") {
			bids := rapid.SliceOfNDistinct(rapid.Custom(func(rt *rapid.T) *types.MsgBid { return drawBid(rt, one) }), 0, 6,
				func(m *types.MsgBid) string { return m.Limit }).Draw(rt, "bids")
			for i, m := range bids { // limits differ over blocks too
				m.Limit += fmt.Sprintf("%03d%02d", one.ctx.BlockHeight(), i)
				_, _ = one.msg.Bid(one.ctx, m)
			}
			for _, m := range rapid.Permutation(bids).Draw(rt, "order") {
				_, _ = other.msg.Bid(other.ctx, m)
			}
			one.quick()
			other.quick()
		}
		for one.lot(1).Status != types.LOT_STATUS_CLOSED {
			one.quick()
			other.quick()
		}
		one.block()
		other.block()
		for n := range byte(crowdSize) {
			if one.held(n, atom) != other.held(n, atom) || one.held(n, usdc) != other.held(n, usdc) {
				rt.Fatalf("bidder %d holds %d and %d, or %d and %d", n, one.held(n, atom), one.held(n, usdc),
					other.held(n, atom), other.held(n, usdc))
			}
		}
	})
}

// copyOf is a house with the exported state and the same balances.
func copyOf(t *testing.T, h *house) *house {
	t.Helper()
	g, err := h.k.ExportGenesis(h.ctx)
	h.must(err)
	c := newHouse(t)
	for n := range byte(crowdSize) {
		c.fund(n, h.bank.GetAllBalances(h.ctx, account(n))...)
	}
	c.must(c.bank.MintModule(c.ctx, types.ModuleName,
		h.bank.GetAllBalances(h.ctx, h.accounts.GetModuleAddress(types.ModuleName))...))
	c.ctx = c.ctx.WithBlockTime(h.ctx.BlockTime()).WithBlockHeight(h.ctx.BlockHeight())
	c.must(c.k.InitGenesis(c.ctx, g))
	return c
}

// TestExportImport: a state that was exported amid an auction goes on as the one that was not.
func TestExportImport(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		h := crowded(t)
		h.params(func(p *types.Params) { p.MaxPayoutsPerBlock, p.MaxReturnsPerBlock, p.MaxLotsPerBlock = 1, 1, 1 })
		h.open(2, 10_000_000)
		for range rapid.IntRange(1, 60).Draw(rt, "blocks") {
			for range rapid.IntRange(0, 3).Draw(rt, "messages") {
				stir(rt, h)
			}
			h.block()
			settle(rt, h)
		}
		c := copyOf(t, h)
		c.check()
		if got, want := c.state(), h.state(); got != want {
			rt.Fatalf("imported:\n%s\nexported:\n%s", got, want)
		}
		for range rapid.IntRange(1, 40).Draw(rt, "blocks after") {
			h.quick()
			c.quick()
			if got, want := c.state(), h.state(); got != want {
				rt.Fatalf("imported:\n%s\nexported:\n%s", got, want)
			}
		}
	})
}

// TestInvariantsFind: what is broken is found.
func TestInvariantsFind(t *testing.T) {
	t.Parallel()
	for name, breakIt := range map[string]func(h *house) error{
		"balance": func(h *house) error { return h.bank.MintModule(h.ctx, types.ModuleName, coin(atom, 1)) },
		"count":   func(h *house) error { return h.k.Books.Set(h.ctx, 7, types.Book{Next: 2, Bids: 2}) },
		"open":    func(h *house) error { return h.k.Live.Remove(h.ctx, 7) },
		"closed":  func(h *house) error { return h.k.Over.Set(h.ctx, 7) },
		"owner":   func(h *house) error { return h.k.Owners.Clear(h.ctx, nil) },
		"sale":    func(h *house) error { return h.k.Sellers.Clear(h.ctx, nil) },
		"bid":     func(h *house) error { return h.k.Bids.Clear(h.ctx, nil) },
		"lot":     func(h *house) error { return h.k.Halls.Remove(h.ctx, 7) },
		"queue":   func(h *house) error { return h.k.Queue.Set(h.ctx, 1, account(1)) },
		"buyer": func(h *house) error {
			return h.k.Buyers.Set(h.ctx, collections.Join(uint64(7), uint64(1)), account(1))
		},
		"fill": func(h *house) error {
			return h.k.Fills.Set(h.ctx, collections.Join3(account(1), uint64(7), uint64(1)), types.Filled{})
		},
		"another buyer": func(h *house) error {
			return errors.Join(
				h.k.Fills.Set(h.ctx, collections.Join3(account(1), uint64(7), uint64(1)), types.Filled{}),
				h.k.Buyers.Set(h.ctx, collections.Join(uint64(7), uint64(1)), account(2)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := fair(t)
			h.check()
			h.must(breakIt(h))
			faults := h.k.Invariants(h.ctx)
			if len(faults) == 0 {
				t.Error("nothing is found")
			}
			answer, err := h.query.Invariants(h.ctx, &types.QueryInvariantsRequest{})
			if err != nil || len(answer.Broken) != len(faults) {
				t.Errorf("got %v, %v", answer, err)
			}
		})
	}
}
