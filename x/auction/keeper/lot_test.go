package keeper_test

import (
	"testing"

	"github.com/ballast-finance/ballast/x/auction/types"
)

// TestLotLifetime is the life of a lot: it opens, takes bids, clears, pays, closes, is taken and forgotten.
func TestLotLifetime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.fund(1, coin(usdc, 100_000_000))
	h.fund(2, coin(usdc, 100_000_000))
	h.open(7, 5_000_000)
	if got := h.lot(7); got.Status != types.LOT_STATUS_OPENING || got.OpeningBlocksLeft != 2 || got.NextPrice != "10.5" {
		t.Fatalf("got %v", got)
	}
	h.block() // collects
	h.bid(1, 7, 2_000_000, "10.6")
	h.bid(2, 7, 9_000_000, "10")
	if got := h.held(1, usdc); got != 100_000_000-21_200_000 {
		t.Errorf("the escrow left %d", got)
	}
	h.block() // collects
	h.block() // clears at 10.5
	if got := h.held(1, atom); got != 2_000_000 {
		t.Errorf("bidder 1 got %d", got)
	}
	if got := h.held(1, usdc); got != 100_000_000-21_000_000 {
		t.Errorf("bidder 1 holds %d: he pays the clock's price", got)
	}
	if got := h.lot(7); got.Status != types.LOT_STATUS_OPEN || got.Bids != 1 || got.Remaining.Int64() != 3_000_000 {
		t.Fatalf("got %v", got)
	}
	for range 50 {
		h.block()
	}
	if got := h.lot(7); got.Status != types.LOT_STATUS_CLOSED {
		t.Fatalf("got %v", got)
	}
	if got := h.held(2, atom); got != 3_000_000 {
		t.Errorf("bidder 2 got %d", got)
	}
	closed, err := h.k.Closed(h.ctx, 10)
	h.must(err)
	if len(closed) != 1 || closed[0].Opening != wad("0.4") || closed[0].AtMid != natOf(50_000_000) {
		t.Fatalf("got %+v", closed)
	}
	h.must(h.bank.SendCoinsFromModuleToModule(h.ctx, types.ModuleName, "rebalance", coins(coin(usdc, 51_000_000))))
	h.must(h.k.Take(h.ctx, []uint64{7}))
	h.block()
	if got := h.lot(7); got.Status != types.LOT_STATUS_SETTLED {
		t.Fatalf("got %v", got)
	}
	h.params(func(p *types.Params) { p.HistorySeconds = 60 })
	for range 12 {
		h.block()
	}
	if _, found, err := h.k.Lot(h.ctx, 7); found || err != nil {
		t.Errorf("the lot is remembered: %v", err)
	}
}
