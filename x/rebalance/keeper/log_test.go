package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/report"
	"github.com/ballast-finance/ballast/x/rebalance/keeper"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// stored counts the records in the log.
func (w *world) stored() int {
	n := 0
	require.NoError(w, w.k.Records.Walk(w.ctx, nil,
		func(collections.Pair[uint64, uint64], report.Entry) (bool, error) {
			n++
			return false, nil
		}))
	return n
}

func TestTheLogIsARing(t *testing.T) {
	t.Parallel()
	w := crowd(t, 5)
	for range 10 {
		w.play(1_000, 0)
		w.next(hour)
	}
	require.Equal(t, 4*5, w.stored())
	_, err := w.record(1, 6)
	require.ErrorIs(t, err, types.ErrRecord)
	for round := uint64(7); round <= 10; round++ {
		rec, err := w.record(1, round)
		require.NoError(t, err)
		require.Equal(t, round, rec.Round)
	}
	// Three portfolios go. What is left of them goes as well, a few records a block.
	w.portfolio.hidden[1], w.portfolio.hidden[2], w.portfolio.hidden[3] = true, true, true
	w.setParams(func(p *types.Params) { p.Work.Sweep = 2 })
	for range 4 {
		w.play(1_000, 0)
		for range 3 {
			w.block()
		}
		w.next(hour)
	}
	require.Equal(t, 4*2, w.stored())
}

func TestAShorterLog(t *testing.T) {
	t.Parallel()
	w := crowd(t, 5)
	for range 6 {
		w.play(1_000, 0)
		w.next(hour)
	}
	w.setParams(func(p *types.Params) { p.HistoryRounds, p.Work.Sweep = 2, 3 })
	w.next(-hour)
	for range 10 {
		w.block()
	}
	require.LessOrEqual(t, w.stored(), 2*5)
	w.next(hour)
	for range 3 {
		w.play(1_000, 0)
		for range 3 {
			w.block()
		}
		w.next(hour)
	}
	require.Equal(t, 2*5, w.stored())
	r, err := keeper.NewQueryServer(w.k).Rounds(w.ctx, &types.QueryRoundsRequest{})
	require.NoError(t, err)
	require.Len(t, r.Rounds, 2)
}

// TestNewAssets registers an asset while a round runs: the round goes on without it.
func TestNewAssets(t *testing.T) {
	t.Parallel()
	w := crowd(t, 5)
	w.setParams(func(p *types.Params) { p.Work.Collect = 2 })
	w.block()
	w.list(3)
	w.supply = nil
	require.NoError(t, w.bank.add(w.ctx, buyer, "uccc", fixedInt(1_000_000_000)))
	late := w.add(policy(hour, 5000, 0, 5000), 1_000_000, 0, 0)
	w.play(1_000, 0)
	require.Empty(t, w.round().Frozen)
	rec, err := w.record(late, 1)
	require.NoError(t, err)
	require.Equal(t, "failed", rec.Outcome.Outcome)
	w.next(hour)
	w.play(1_000, 0)
	rec, err = w.record(late, 2)
	require.NoError(t, err)
	require.Equal(t, "ordered", rec.Outcome.Outcome)
	require.Zero(t, w.told("StepFailed"))
}

// TestMissedIntervals makes one round of many.
func TestMissedIntervals(t *testing.T) {
	t.Parallel()
	w := crowd(t, 2)
	w.play(1_000, 0)
	w.next(10 * hour)
	w.play(1_000, 0)
	w.block()
	require.Equal(t, uint64(2), w.round().Number)
	require.Equal(t, cycle.Idle, w.round().Phase)
}
