package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/rebalance/keeper"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// crowd is a world of n portfolios that all want to sell a half of their first asset.
func crowd(t tester, n int) *world {
	t.Helper()
	w := newWorld(t, 2)
	for i := range n {
		w.add(policy(hour, 5000, 5000), 1_000_000_000+int64(i), 0)
	}
	return w
}

func TestOneThatCannotBeStoredIsLeftOut(t *testing.T) {
	t.Parallel()
	w := crowd(t, 20)
	w.portfolio.panics[13] = true
	w.setParams(func(p *types.Params) { p.Work.Collect = 16 })
	for w.round().Phase != cycle.Crossing {
		w.block()
	}
	require.Equal(t, 1, w.told("PortfolioSkipped"))
	require.Zero(t, w.told("StepFailed"))
	require.Equal(t, 19, w.told("PortfolioDecided"))
	require.Equal(t, int64(1_000_000_012), w.held(13)[0])
	e, err := w.record(13, 0)
	require.NoError(t, err)
	require.Equal(t, "failed", e.Outcome.Outcome)
	require.Contains(t, e.Outcome.Error, "cannot be stored")
	w.play(1_000, 10)
	require.Equal(t, 19, w.told("PortfolioSettled"))
	require.Zero(t, w.told("StepFailed"))
}

func TestOneThatCannotBeSettledIsPaidFromTheLog(t *testing.T) {
	t.Parallel()
	w := crowd(t, 20)
	w.block()
	w.portfolio.panics[7], w.portfolio.panics[20] = true, true
	w.play(1_000, 10)
	require.Equal(t, 2, w.told("PortfolioSkipped"))
	require.Zero(t, w.told("StepFailed"))
	for id := range uint64(20) {
		require.InDelta(t, 499_500_000, w.held(id + 1)[1], 20, "portfolio %d", id+1)
	}
	e, err := w.record(7, 0)
	require.NoError(t, err)
	require.True(t, e.Settled)
	state, err := w.portfolio.Load(w.ctx, 7)
	require.NoError(t, err)
	require.NotEmpty(t, state.State.Orders, "it does not know yet")
	w.portfolio.panics = map[uint64]bool{}
	w.next(hour)
	w.play(1_000, 10)
	state, err = w.portfolio.Load(w.ctx, 7)
	require.NoError(t, err)
	require.Empty(t, state.State.Orders)
	e, err = w.record(7, 0)
	require.NoError(t, err)
	require.Equal(t, uint64(2), e.Round, "it decides again")
}

func TestOneThatCannotBeLoadedIsPaidFromTheLog(t *testing.T) {
	t.Parallel()
	for _, page := range []uint32{1, 3, 100} {
		w := crowd(t, 10)
		w.setParams(func(p *types.Params) { p.Work.Settle = page })
		w.block()
		w.portfolio.hidden[4], w.portfolio.hidden[10] = true, true
		w.play(1_000, 10)
		require.Zero(t, w.told("StepFailed"))
		require.Equal(t, 2, w.told("PortfolioSkipped"))
		require.Equal(t, 10, w.told("PortfolioSettled"))
		w.portfolio.hidden = map[uint64]bool{}
		for id := range uint64(10) {
			require.InDelta(t, 499_500_000, w.held(id + 1)[1], 20, "portfolio %d", id+1)
		}
		w.next(hour)
		w.play(1_000, 10)
		require.Zero(t, w.told("StepFailed"))
	}
}

// TestOrdersOfAnOldRound lets a portfolio come back while another round settles.
func TestOrdersOfAnOldRound(t *testing.T) {
	t.Parallel()
	w := crowd(t, 5)
	w.block()
	w.portfolio.hidden[2] = true
	w.play(1_000, 10)
	w.next(hour)
	w.block()
	w.block()
	w.portfolio.hidden[2] = false
	w.play(1_000, 10)
	require.Zero(t, w.told("StepFailed"))
	w.next(hour)
	w.play(1_000, 10)
	state, err := w.portfolio.Load(w.ctx, 2)
	require.NoError(t, err)
	require.Empty(t, state.State.Orders)
	require.Zero(t, w.told("StepFailed"))
}

func TestOneThatCannotBePaidIsOwed(t *testing.T) {
	t.Parallel()
	w := crowd(t, 3)
	account := w.portfolio.Account(2)
	w.block()
	w.bank.refuses[account.String()] = true
	w.play(500, 0)
	require.Equal(t, 1, w.told("Debt"))
	require.Zero(t, w.told("StepFailed"))
	require.Equal(t, int64(0), w.held(2)[1])
	require.Positive(t, w.held(1)[1], "who stands on the page with it is paid")
	require.Positive(t, w.held(3)[1])
	msgs := keeper.NewMsgServer(w.k)
	_, err := msgs.PayDebt(w.ctx, &types.MsgPayDebt{Sender: stranger.String(), Portfolio: 2})
	require.ErrorIs(t, err, types.ErrTransfer)
	debts, err := keeper.NewQueryServer(w.k).Debts(w.ctx, &types.QueryDebtsRequest{})
	require.NoError(t, err)
	require.Len(t, debts.Debts, 1)
	delete(w.bank.refuses, account.String())
	paid, err := msgs.PayDebt(w.ctx, &types.MsgPayDebt{Sender: stranger.String(), Portfolio: 2})
	require.NoError(t, err)
	require.Equal(t, debts.Debts[0].Owed, paid.Paid)
	require.InDelta(t, w.held(1)[1], w.held(2)[1], 1)
	_, err = msgs.PayDebt(w.ctx, &types.MsgPayDebt{Sender: stranger.String(), Portfolio: 2})
	require.ErrorIs(t, err, types.ErrDebt)
	w.check()
}

func TestAGiverThatCannotGiveIsLeftOut(t *testing.T) {
	t.Parallel()
	w := crowd(t, 9)
	w.bank.refuses["from "+w.portfolio.Account(5).String()] = true
	for w.round().Phase != cycle.Crossing {
		w.block()
	}
	require.Equal(t, 1, w.told("PortfolioSkipped"))
	require.Equal(t, 8, w.told("PortfolioDecided"))
	w.play(1_000, 0)
	require.Equal(t, int64(1_000_000_004), w.held(5)[0])
}

func TestALotThatIsRefusedReturns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	rich := w.add(policy(hour, 5000, 5000), 1_000_000_000, 0)
	w.auction.refuses[0] = true
	w.play(1_000, 0)
	require.Equal(t, 1, w.told("OrderRefused"))
	require.Zero(t, w.told("StepFailed"))
	require.Equal(t, []int64{1_000_000_000, 0}, w.held(rich))
}

func TestACrossingThatCannotBeAppliedDoesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	rich := w.add(policy(hour, 5000, 5000), 1_000_000_000, 0)
	poor := w.add(policy(hour, 5000, 5000), 0, 400_000_000)
	w.bank.refuses[lots.String()] = true
	w.play(1_000, 0)
	require.Equal(t, 1, w.told("StepFailed"))
	require.Zero(t, w.told("Crossed"))
	require.Equal(t, []int64{1_000_000_000, 0}, w.held(rich))
	require.Equal(t, []int64{0, 400_000_000}, w.held(poor))
}

func TestAStepThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := crowd(t, 3)
	w.oracle.fails = errRefused
	ctx := w.ctx
	require.NoError(t, w.k.EndBlock(ctx))
	_, err := w.k.Round.Get(w.ctx)
	require.Error(t, err)
	w.oracle.fails = nil
	w.play(1_000, 0)
	require.Equal(t, 1, w.told("RoundFinished"))
}

// TestBrokenLotStops keeps a round open whose lot does not belong to it: nothing is paid out of books that are wrong.
func TestBrokenLotStops(t *testing.T) {
	t.Parallel()
	w := crowd(t, 3)
	w.block()
	w.block()
	id := w.round().Books[0].Lot
	require.NoError(t, w.auction.change(w.ctx, id, func(x *fakeLot) error {
		x.Lot.Cancel()
		x.Lot.Tranches = append(x.Lot.Tranches, x.Lot.Tranches[0])
		return nil
	}))
	before := w.state()
	require.NoError(t, w.k.EndBlock(w.ctx))
	require.Equal(t, before, w.state())
	require.NotEmpty(t, w.k.Invariants(w.ctx))
}

func TestFrozenLots(t *testing.T) {
	t.Parallel()
	freeze := func(w *world) uint64 {
		w.block()
		w.block()
		id := w.round().Books[0].Lot
		require.NoError(t, w.auction.change(w.ctx, id, func(x *fakeLot) error {
			x.Lot.Clock.Frozen = true
			return nil
		}))
		return id
	}
	t.Run("goes on", func(t *testing.T) {
		t.Parallel()
		w := crowd(t, 3)
		id := freeze(w)
		w.block()
		lot, _, err := w.auction.Lot(w.ctx, id)
		require.NoError(t, err)
		require.False(t, lot.Clock.Frozen)
		require.Equal(t, 1, w.told("LotReanchored"))
	})
	t.Run("waits, then returns", func(t *testing.T) {
		t.Parallel()
		w := crowd(t, 3)
		id := freeze(w)
		w.oracle.prices[1].Status = oracle.StatusNoQuorum
		w.block()
		lot, _, err := w.auction.Lot(w.ctx, id)
		require.NoError(t, err)
		require.True(t, lot.Clock.Frozen)
		w.next(hour)
		w.block()
		require.Equal(t, 1, w.told("RoundFinished"), "cancelled, taken and settled in one block")
		require.Equal(t, uint64(2), w.round().Number, "and the next one is due")
		w.play(0, 0)
		require.Equal(t, int64(1_000_000_000), w.held(1)[0])
		require.Zero(t, w.told("StepFailed"))
	})
}
