package keeper_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/trigger"
	"github.com/ballast-finance/ballast/x/rebalance/keeper"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	rich := w.add(policy(hour, 5000, 5000), 1_000_000_000, 0)
	w.add(policy(hour, 5000, 5000), 0, 400_000_000)
	idle := w.add(policy(100*hour, 5000, 5000), 10, 10)
	w.oracle.prices[1].Confidence = fixed.FromBps(1)
	q := keeper.NewQueryServer(w.k)
	_, err := q.Explain(w.ctx, &types.QueryExplainRequest{Portfolio: rich})
	require.ErrorIs(t, err, types.ErrRecord)
	explain := func(id uint64) string {
		r, err := q.Explain(w.ctx, &types.QueryExplainRequest{Portfolio: id})
		require.NoError(t, err)
		return strings.Join(r.Sentences, "\n")
	}
	w.block()
	require.Contains(t, explain(rich), "it is in the market")
	w.block()
	require.Contains(t, explain(rich), "it is sold in lot 1048576")
	require.NoError(t, w.auction.sell(w.ctx, 1_000, 10))
	w.block()
	require.Equal(t, `Orders were placed: every interval.
Its value was 1000; the largest drift was 50 %, 50 % in all, against no threshold.
uaaa: 100 % held, 50 % wanted, sells a value of 500.
ubbb: 0 % held, 50 % wanted, buys a value of 500.
Order: 500000000 uaaa for ubbb; it brought 499700000 ubbb, and 0 uaaa came back.
Of a value of 500 ordered to be sold, 500 was sold, 200 of it inside without an auction, for 499.7.
Auctions brought 0.3 less than the oracle's prices: 6 basis points of what was sold.`, explain(rich))
	require.Contains(t, explain(idle), "Its value was 0.00002")
	w.oracle.prices[0].Status = oracle.StatusTripped
	w.next(hour)
	w.block()
	require.Equal(t, "Nothing was traded: price breaker open (uaaa).", explain(rich))
}

// TestSimulate holds the promise: what is simulated is what a round that freezes now decides.
func TestSimulate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	id := w.add(policy(hour, 5000, 5000), 1_000_000_000, 0)
	q := keeper.NewQueryServer(w.k)
	before := w.state()
	r, err := q.Simulate(w.ctx, &types.QuerySimulateRequest{Portfolio: id})
	require.NoError(t, err)
	require.Equal(t, before, w.state())
	w.block()
	rec, err := w.record(id, 1)
	require.NoError(t, err)
	rec.Round = 0
	require.Equal(t, rec, r.Record)
	r, err = q.Simulate(w.ctx, &types.QuerySimulateRequest{Portfolio: id})
	require.NoError(t, err)
	require.Equal(t, "orders not settled", r.Record.Outcome.Outcome)
	w.play(1_000, 0)
	r, err = q.Simulate(w.ctx, &types.QuerySimulateRequest{Portfolio: id})
	require.NoError(t, err)
	require.Equal(t, []string{"Nothing was traded: not due."}, r.Sentences)
	r, err = q.Simulate(w.ctx, &types.QuerySimulateRequest{Portfolio: id, Due: true})
	require.NoError(t, err)
	require.True(t, r.Record.Measured)
	_, err = q.Simulate(w.ctx, &types.QuerySimulateRequest{Portfolio: 77})
	require.ErrorIs(t, err, types.ErrPortfolio)
}

func TestValue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	id := w.add(policy(hour, 5000, 5000), 1_000_000_000, 0)
	q := keeper.NewQueryServer(w.k)
	value := func() *types.QueryValueResponse {
		r, err := q.Value(w.ctx, &types.QueryValueRequest{Portfolio: id})
		require.NoError(t, err)
		return r
	}
	require.Equal(t, "1000", value().Nav)
	w.block()
	require.Equal(t, "1000", value().Nav)
	require.Equal(t, "500000000", value().Assets[0].InMarket.String())
	w.block()
	require.NoError(t, w.auction.sell(w.ctx, 600, 10))
	v := value()
	require.Equal(t, "999.7", v.Nav)
	require.True(t, v.Healthy)
	require.Len(t, v.Edges, 2)
	require.Equal(t, "0.5", v.Edges[0].Target)
	require.Empty(t, v.Edges[0].Lower, "it acts at every interval")
	require.Empty(t, v.Runways)
	require.Equal(t, "200000000", v.Assets[0].InMarket.String())
	require.Equal(t, "299700000", v.Assets[1].InMarket.String())
	w.block()
	require.Equal(t, "999.7", value().Nav)
	w.oracle.prices[1].Status = oracle.StatusTripped
	require.False(t, value().Healthy)
	_, err := q.Value(w.ctx, &types.QueryValueRequest{Portfolio: 77})
	require.ErrorIs(t, err, types.ErrPortfolio)
}

// TestOutlook: at which weights a portfolio would act, and how long it can pay what it owes.
func TestOutlook(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	pol := policy(hour, 5000, 5000)
	pol.Trigger = trigger.Config{Mode: trigger.Absolute, Threshold: fixed.FromBps(500)}
	pol.Payments = []project.Payment{{
		Asset: 1, Amount: fixed.NatOf(100_000_000), Schedule: project.Schedule{First: noon + hour, EveryMonths: 1},
	}}
	id := w.add(pol, 1_000_000_000, 0)
	r, err := keeper.NewQueryServer(w.k).Value(w.ctx, &types.QueryValueRequest{Portfolio: id})
	require.NoError(t, err)
	require.Equal(t, []string{"0.45", "0.55"}, []string{r.Edges[0].Lower, r.Edges[0].Upper})
	require.Len(t, r.Runways, 1)
	require.True(t, r.Runways[0].Short)
	require.Positive(t, r.Runways[0].Months)
	require.Equal(t, r.Edges[1].Denom, r.Runways[0].Denom)
}

func TestQueries(t *testing.T) {
	t.Parallel()
	w := crowd(t, 5)
	q := keeper.NewQueryServer(w.k)
	r, err := q.Round(w.ctx, &types.QueryRoundRequest{})
	require.NoError(t, err)
	require.Equal(t, int64(noon), r.NextFreezeAt)
	w.block()
	w.block()
	r, err = q.Round(w.ctx, &types.QueryRoundRequest{})
	require.NoError(t, err)
	require.Equal(t, types.Phase_PHASE_AUCTIONING, r.Phase)
	require.Equal(t, uint64(1), r.OpenLots)
	require.Equal(t, int64(noon+hour), r.NextFreezeAt)
	pairs, err := q.Pairs(w.ctx, &types.QueryPairsRequest{})
	require.NoError(t, err)
	require.Len(t, pairs.Pairs, 1)
	live := pairs.Pairs[0].Units
	w.play(1_000, 10)
	for range 2 {
		w.next(hour)
		w.play(1_000, 10)
	}
	pairs, err = q.Pairs(w.ctx, &types.QueryPairsRequest{Round: 1})
	require.NoError(t, err)
	require.Equal(t, live, pairs.Pairs[0].Sold)
	_, err = q.Pairs(w.ctx, &types.QueryPairsRequest{Round: 9})
	require.ErrorIs(t, err, types.ErrRecord)
	rounds, err := q.Rounds(w.ctx, &types.QueryRoundsRequest{Pagination: &query.PageRequest{Offset: 1, Limit: 1}})
	require.NoError(t, err)
	require.Equal(t, uint64(3), rounds.Pagination.Total)
	require.Len(t, rounds.Rounds, 1)
	require.Equal(t, uint64(2), rounds.Rounds[0].Round)
	records, err := q.Records(w.ctx, &types.QueryRecordsRequest{Round: 1, Pagination: &query.PageRequest{Limit: 2}})
	require.NoError(t, err)
	require.Len(t, records.Records, 2)
	require.Equal(t, uint64(1), records.Records[0].Round)
	next := &query.PageRequest{Key: records.Pagination.NextKey}
	records, err = q.Records(w.ctx, &types.QueryRecordsRequest{Round: 1, Pagination: next})
	require.NoError(t, err)
	require.Len(t, records.Records, 3)
	schedule, err := q.Schedule(w.ctx, &types.QueryScheduleRequest{})
	require.NoError(t, err)
	require.Contains(t, schedule.Rule, "base is 0.002")
	require.Equal(t, int64(noon+3*hour), schedule.NextFreezeAt)
}

type broken struct{}

func (broken) Invariants(context.Context) []error {
	return []error{errors.New("other: one unit is missing")}
}

func TestInvariantsQuery(t *testing.T) {
	t.Parallel()
	w := crowd(t, 3)
	w.withCheckers(broken{})
	q := keeper.NewQueryServer(w.k)
	r, err := q.Invariants(w.ctx, &types.QueryInvariantsRequest{})
	require.NoError(t, err)
	require.Equal(t, []string{"other: one unit is missing"}, r.Broken)
	w.block()
	require.NoError(t, w.bank.add(w.ctx, w.escrow(), "uaaa", fixedInt(-1)))
	r, err = q.Invariants(w.ctx, &types.QueryInvariantsRequest{})
	require.NoError(t, err)
	require.Len(t, r.Broken, 2)
	require.Equal(t, cycle.Crossing, w.round().Phase)
}
