package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// offer puts a sale of 100 display units into the auction's account.
func (w *world) offer(id uint64) {
	w.Helper()
	s := cycle.Sale{ID: id, Sell: 0, Buy: 1, Units: fixed.NatOf(100_000_000)}
	require.NoError(w, w.auction.sales.Set(w.ctx, id, s))
	require.NoError(w, w.bank.add(w.ctx, buyer, "uaaa", fixedInt(-100_000_000)))
	require.NoError(w, w.bank.add(w.ctx, lots, "uaaa", fixedInt(100_000_000)))
}

func TestSalesJoinTheLots(t *testing.T) {
	t.Parallel()
	w := crowd(t, 3)
	for id := range uint64(5) {
		w.offer(id + 1)
	}
	w.play(500, 10)
	require.Len(t, w.auction.fills, 5)
	for _, f := range w.auction.fills {
		sold, _ := f.Sold.Uint64()
		require.InDelta(t, 50_000_000, sold, 5)
	}
	require.Zero(t, w.told("StepFailed"))
}

func TestASaleThatCannotBeStoredIsLeftOut(t *testing.T) {
	t.Parallel()
	w := crowd(t, 3)
	for id := range uint64(5) {
		w.offer(id + 1)
	}
	w.auction.panics[3] = true
	w.play(1_000, 0)
	require.Equal(t, 1, w.told("SaleSkipped"))
	require.Len(t, w.auction.fills, 4)
}

// TestASaleThatCannotBeSettledKeepsTheRoundOpen: nobody else knows what it is owed, and portfolios are paid by then.
func TestASaleThatCannotBeSettledKeepsTheRoundOpen(t *testing.T) {
	t.Parallel()
	w := crowd(t, 3)
	w.offer(1)
	w.block()
	w.block()
	require.NoError(t, w.auction.sell(w.ctx, 1_000, 0))
	w.auction.panics[1] = true
	w.block()
	w.block()
	require.Equal(t, cycle.Settling, w.round().Phase)
	require.Equal(t, 3, w.told("PortfolioSettled"))
	delete(w.auction.panics, 1)
	w.block()
	require.Equal(t, cycle.Idle, w.round().Phase)
	require.Len(t, w.auction.fills, 1)
}
