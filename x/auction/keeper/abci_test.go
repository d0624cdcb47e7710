package keeper_test

import (
	"errors"
	"testing"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/auction/types"
)

// TestCancelTakesPartOnceMore: a bid that is cancelled is in the next clearing, and gone after it.
func TestCancelTakesPartOnceMore(t *testing.T) {
	t.Parallel()
	h := fair(t)
	won, lost := h.bid(1, 7, 2_000_000, "11"), h.bid(1, 7, 2_000_000, "9.6")
	h.must(cancel(account(1).String(), 7, won)(h, h.ctx))
	h.must(cancel(account(1).String(), 7, lost)(h, h.ctx))
	h.block()
	h.block()
	if got := h.lot(7); got.Bids != 3 {
		t.Fatalf("got %d bids: the opening is no clearing", got.Bids)
	}
	h.block()
	if got := h.held(1, atom); got != 1_002_000_000 {
		t.Errorf("got %d: the cancelled bid fills once more", got)
	}
	if got := h.held(1, usdc); got != 1_000_000_000-21_000_000 {
		t.Errorf("got %d: the other one is returned", got)
	}
	if got := h.lot(7); got.Bids != 1 {
		t.Errorf("got %d bids", got.Bids)
	}
}

// TestCancelledLeaveThoughUnreturned: more cancelled bids than a block returns take no part in later clearings.
func TestCancelledLeaveThoughUnreturned(t *testing.T) {
	t.Parallel()
	h := fair(t)
	h.params(func(p *types.Params) { p.MaxReturnsPerBlock, p.MaxBidsPerLot = 1, 100 })
	a, b := h.bid(1, 7, 2_000_000, "10.48"), h.bid(3, 7, 2_000_000, "10.48")
	h.must(cancel(account(1).String(), 7, a)(h, h.ctx))
	h.must(cancel(account(3).String(), 7, b)(h, h.ctx))
	for range 8 { // the clock passes 10.48
		h.block()
	}
	if h.held(1, atom) != 1_000_000_000 || h.held(3, atom) != 1_000_000_000 {
		t.Error("a cancelled bid was filled after its last clearing")
	}
	if h.held(1, usdc) != 1_000_000_000 || h.held(3, usdc) != 1_000_000_000 {
		t.Error("a cancelled bid was not returned")
	}
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	h := fair(t)
	m := bidFor(1, 7, 2_000_000, "10")
	m.Expiry = start + 2*second
	_, err := h.msg.Bid(h.ctx, m)
	h.must(err)
	h.block()
	h.block() // its last second
	if got := h.lot(7); got.Bids != 2 {
		t.Fatalf("got %d bids", got.Bids)
	}
	h.must(h.k.EndBlock(h.ctx))
	if got := h.emitted("EventBidReturned"); got != 1 {
		t.Errorf("got %d events", got)
	}
	if got := h.held(1, usdc); got != 1_000_000_000 || h.lot(7).Bids != 1 {
		t.Errorf("got %d, %v", got, h.lot(7))
	}
}

// TestEviction: the worst bid leaves a full book for a better one, and is paid in the same block.
func TestEviction(t *testing.T) {
	t.Parallel()
	h := fair(t)
	h.bid(3, 7, 2_000_000, "10")
	h.bid(4, 7, 2_000_000, "9.95")
	h.bid(1, 7, 2_000_000, "9.97") // for 9.9 of account 2
	if got := h.emitted("EventBidReturned"); got != 1 || h.lot(7).Bids != 3 {
		t.Errorf("got %d events, %v", got, h.lot(7))
	}
	h.block()
	if got := h.held(2, usdc); got != 1_000_000_000 {
		t.Errorf("got %d", got)
	}
}

// TestPauseHoldsTheClock: what happens after a pause is what would have happened without it.
func TestPauseHoldsTheClock(t *testing.T) {
	t.Parallel()
	calm, stopped := fair(t), fair(t)
	for i := range 30 {
		calm.block()
		stopped.block()
		if i == 10 {
			stopped.pause()
			for range 150 { // longer than a halt
				stopped.block()
			}
			got := stopped.lot(7)
			if got.EffectiveSeconds != calm.lot(7).EffectiveSeconds || got.Status != types.LOT_STATUS_OPEN {
				t.Fatalf("got %v", got)
			}
			stopped.resume()
		}
	}
	got, want := stopped.lot(7), calm.lot(7)
	if got.EffectiveSeconds != want.EffectiveSeconds || got.ClockPrice != want.ClockPrice {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestCancelWhilePaused: during a pause a bid is over at once, and what is owed is paid.
func TestCancelWhilePaused(t *testing.T) {
	t.Parallel()
	h := fair(t)
	h.pause()
	r, err := h.msg.CancelBid(h.ctx, &types.MsgCancelBid{Bidder: account(2).String(), LotId: 7, BidId: 1})
	h.must(err)
	h.must(cancelSale(account(2).String(), 1)(h, h.ctx))
	h.block()
	if !r.Over || h.held(2, usdc) != 1_000_000_000 || h.held(2, atom) != 1_000_000_000 {
		t.Errorf("got %v, %d", r, h.held(2, usdc))
	}
}

// TestHalt: after a halt of the chain a lot is frozen until it is anchored again, or cancelled.
func TestHalt(t *testing.T) {
	t.Parallel()
	for _, again := range []bool{true, false} {
		h := fair(t)
		for range 5 {
			h.block()
		}
		h.blockAfter(1000)
		h.block()
		frozen, err := h.k.Frozen(h.ctx, 10)
		h.must(err)
		if len(frozen) != 1 || h.lot(7).Status != types.LOT_STATUS_FROZEN {
			t.Fatalf("got %v", h.lot(7))
		}
		if err := h.k.Replace(h.ctx, frozen[0]); !errors.Is(err, types.ErrLotState) {
			t.Errorf("not anchored: got %v", err)
		}
		h.block() // waits
		if again {
			lot := frozen[0]
			h.must(lot.Reanchor(lot.Curve, h.ctx.BlockTime().Unix()))
			h.must(h.k.Replace(h.ctx, lot))
			h.block()
			h.block()
			if got := h.lot(7); got.Status != types.LOT_STATUS_OPEN {
				t.Errorf("got %v", got)
			}
			continue
		}
		h.must(h.k.Cancel(h.ctx, 7))
		h.block()
		if got := h.lot(7); got.Status != types.LOT_STATUS_CLOSED || h.held(2, usdc) != 1_000_000_000 {
			t.Errorf("got %v", got)
		}
		if err := h.k.Cancel(h.ctx, 7); !errors.Is(err, types.ErrLotState) {
			t.Errorf("twice: got %v", err)
		}
	}
}

// TestTurns: with more lots than a block clears, all get their turn, and are only slower.
func TestTurns(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.params(func(p *types.Params) { p.MaxLotsPerBlock = 2 })
	h.openAll(5_000_000, 1, 2, 3, 4, 5)
	for range 200 { // two lots a block, five lots: longer between two visits than a halt would be, in the end
		h.block()
	}
	var least, most uint64
	for id := range uint64(5) {
		lot := h.lot(id + 1)
		if lot.Status != types.LOT_STATUS_OPEN {
			t.Fatalf("got %v", lot)
		}
		if id == 0 {
			least, most = lot.Clearings, lot.Clearings
		}
		least, most = min(least, lot.Clearings), max(most, lot.Clearings)
	}
	if least < 77 || most > 78 { // 200*2/5 blocks, the opening among them
		t.Errorf("the lots had %d to %d clearings", least, most)
	}
}

// TestBidsOfABlock: a lot whose book would be too much for the block waits for the next one.
func TestBidsOfABlock(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.params(func(p *types.Params) { p.MaxBidsPerBlock = 3 })
	h.openAll(5_000_000, 1, 2)
	h.fund(1, coin(usdc, 1_000_000_000))
	for range 2 {
		h.bid(1, 1, 2_000_000, "9.6")
		h.bid(1, 2, 2_000_000, "9.6")
	}
	for range 11 {
		h.block()
	}
	one, two := h.lot(1).Clearings, h.lot(2).Clearings
	if one+two != 11-4 {
		t.Errorf("got %d and %d clearings in 11 blocks, one lot in each, four of them openings", one, two)
	}
}

// TestDrain: a closed book is returned page by page.
func TestDrain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.params(func(p *types.Params) { p.MaxReturnsPerBlock = 2 })
	h.open(1, 5_000_000)
	h.fund(9, coin(usdc, 1_000_000_000))
	for n := range byte(5) {
		h.fund(n, coin(usdc, 1_000_000_000))
		h.bid(n, 1, 2_000_000, "9.6")
	}
	h.bid(9, 1, 5_000_000, "11")
	for range 3 {
		h.block()
	}
	for want := 3; want >= -1; want -= 2 {
		if got := int(h.lot(1).Bids); got != max(want, 0) {
			t.Errorf("got %d bids, want %d", got, want)
		}
		if want == 1 { // who does not want to wait need not
			r, err := h.msg.CancelBid(h.ctx, &types.MsgCancelBid{Bidder: account(4).String(), LotId: 1, BidId: 5})
			h.must(err)
			if !r.Over {
				t.Error("expected a bid that is over")
			}
		}
		h.block()
	}
	for n := range byte(5) {
		if got := h.held(n, usdc); got != 1_000_000_000 {
			t.Errorf("bidder %d holds %d", n, got)
		}
	}
}

// TestClaims: who cannot be paid stops nobody, and gets it later where he wants.
func TestClaims(t *testing.T) {
	t.Parallel()
	h := fair(t)
	h.params(func(p *types.Params) { p.MaxPayoutsPerBlock, p.MaxBidsPerLot = 1, 10 })
	for n := range byte(3) {
		h.bid(n+3, 7, 2_000_000, "11")
	}
	h.must(h.bank.Refuse(h.ctx, account(3)))
	for range 2 {
		h.block()
	}
	h.must(h.k.EndBlock(h.ctx)) // three winners, one payout
	if got := h.emitted("EventClaimFailed"); got != 1 {
		t.Fatalf("got %d failed claims", got)
	}
	for n, want := range []uint64{1_000_000_000, 1_000_000_000} {
		if got := h.held(byte(n)+4, atom); got != want {
			t.Errorf("account %d holds %d before its turn", n+4, got)
		}
	}
	h.ctx = h.ctx.WithBlockTime(h.ctx.BlockTime().Add(second * 1e9)).WithEventManager(sdk.NewEventManager())
	h.block()
	h.block()
	if h.held(4, atom) != 1_002_000_000 || h.held(5, atom) != 1_002_000_000 {
		t.Error("the others were not paid")
	}
	claims, err := h.query.Claims(h.ctx, &types.QueryClaimsRequest{Owner: account(3).String()})
	h.must(err)
	if len(claims.Claims) != 1 || !claims.Claims[0].Failed || claims.Claims[0].Reason != types.CLAIM_REASON_FILL {
		t.Fatalf("got %v", claims.Claims)
	}
	r, err := h.msg.Claim(h.ctx, &types.MsgClaim{Owner: account(3).String(), Recipient: account(6).String()})
	h.must(err)
	if want := coins(coin(atom, 2_000_000), coin(usdc, 1_000_000)); !r.Coins.Equal(want) || h.held(6, atom) != 2_000_000 {
		t.Errorf("got %v, want %v", r.Coins, want)
	}
	h.check()
}

// TestStaleMid: a fill in a block without a healthy mid makes the mids of the lot say nothing.
func TestStaleMid(t *testing.T) {
	t.Parallel()
	h := fair(t)
	h.market.prices[0].Status = oracle.StatusUnspecified
	h.bid(1, 7, 50_000_000, "11")
	for range 3 {
		h.block()
	}
	closed, err := h.k.Closed(h.ctx, 1)
	h.must(err)
	if len(closed) != 1 || !closed[0].AtMid.IsZero() || closed[0].Opening != wad("1") {
		t.Errorf("got %+v", closed)
	}
}

// TestSale: a sale waits, is in the market, is settled, and its seller is paid.
func TestSale(t *testing.T) {
	t.Parallel()
	h := fair(t)
	page, last, err := h.k.Sales(h.ctx, 0, 10)
	h.must(err)
	if len(page) != 1 || !last || page[0].ID != 1 || page[0].Limit != wad("9") {
		t.Fatalf("got %v", page)
	}
	page[0].Placed = true
	h.must(h.k.SaveSales(h.ctx, page, nil))
	h.must(h.bank.SendCoinsFromModuleToModule(h.ctx, types.ModuleName, "rebalance", coins(coin(atom, 5_000_000))))
	h.block()
	page[0].Placed, page[0].Units = false, natOf(1_000_000)
	h.must(h.bank.MintModule(h.ctx, types.ModuleName, coin(atom, 1_000_000), coin(usdc, 40_000_000)))
	h.must(h.k.SaveSales(h.ctx, page, []cycle.SaleFill{{
		Sale: 1, Sell: atomIdx, Buy: usdcIdx, Units: natOf(5_000_000),
		Sold: natOf(4_000_000), Bought: natOf(40_000_000), Refund: natOf(1_000_000),
	}}))
	h.block()
	if h.held(2, atom) != 996_000_000 || h.held(2, usdc) != 1_000_000_000-19_800_000+40_000_000 {
		t.Errorf("got %d and %d", h.held(2, atom), h.held(2, usdc))
	}
	if page, _, err = h.k.Sales(h.ctx, 0, 10); err != nil || len(page) != 0 {
		t.Errorf("got %v, %v", page, err)
	}
}

// TestTakeRefused: only what is closed is taken, once; only what is new is opened.
func TestTakeRefused(t *testing.T) {
	t.Parallel()
	h := fair(t)
	if err := h.k.Take(h.ctx, []uint64{7}); !errors.Is(err, types.ErrLotState) {
		t.Errorf("open: got %v", err)
	}
	lot := h.lotOf(7, auction.Tranche{Units: natOf(1)})
	if err := h.k.Open(h.ctx, []auction.Lot{lot}); !errors.Is(err, types.ErrLotState) {
		t.Errorf("known: got %v", err)
	}
	if err := h.k.Open(h.ctx, []auction.Lot{h.lotOf(8)}); !errors.Is(err, auction.ErrLot) {
		t.Errorf("without units: got %v", err)
	}
	if _, found, err := h.k.Lot(h.ctx, 9); found || err != nil {
		t.Errorf("got %t, %v", found, err)
	}
}

// TestTrancheLimit: what sellers do not want to sell so low is not sold.
func TestTrancheLimit(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.fund(1, coin(usdc, 1_000_000_000))
	h.must(h.bank.MintModule(h.ctx, types.ModuleName, coin(atom, 10_000_000)))
	h.must(h.k.Open(h.ctx, []auction.Lot{h.lotOf(1,
		auction.Tranche{Units: natOf(4_000_000)}, auction.Tranche{Units: natOf(6_000_000), Limit: wad("10.2")})}))
	h.bid(1, 1, 9_000_000, "10")
	for range 120 {
		h.block()
	}
	got := h.lot(1)
	if got.Tranches[0].Sold.Int64() != 4_000_000 || !got.Tranches[1].Sold.IsZero() || !got.Tranches[1].Closed {
		t.Errorf("got %v", got.Tranches)
	}
	if h.held(1, usdc) != 960_000_000 {
		t.Errorf("got %d", h.held(1, usdc))
	}
}
