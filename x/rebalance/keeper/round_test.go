package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/engine/cycle"
)

func TestRound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	rich := w.add(policy(hour, 5000, 5000), 1_000_000_000, 0)
	poor := w.add(policy(hour, 5000, 5000), 0, 400_000_000)
	w.block()
	require.Equal(t, cycle.Crossing, w.round().Phase)
	w.block()
	require.Equal(t, cycle.Auctioning, w.round().Phase)
	require.NoError(t, w.auction.sell(w.ctx, 1_000, 10))
	w.block()
	require.Equal(t, cycle.Idle, w.round().Phase)
	require.Equal(t, []int64{200_000_000, 200_000_000}, w.held(poor))
	require.Equal(t, []int64{500_000_000, 200_000_000 + 299_700_000}, w.held(rich))
	require.Equal(t, []string{
		"RoundStarted", "PortfolioDecided", "PortfolioDecided", "PageDecided", "Crossed", "Crossed", "LotPlanned",
		"PortfolioSettled", "PortfolioSettled", "RoundFinished",
	}, w.events)
}
