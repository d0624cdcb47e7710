package chain_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	dbm "github.com/cosmos/cosmos-db"

	"github.com/ballast-finance/ballast/internal/daemon/telemetry"
	rebalancekeeper "github.com/ballast-finance/ballast/x/rebalance/keeper"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// readings are the values of all metrics: name, and labels in the order of their names. A histogram is its count.
type readings map[string]float64

func scrape(t tester, registry prometheus.Gatherer) readings {
	t.Helper()
	families, err := registry.Gather()
	require.NoError(t, err)
	all := readings{}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			name := family.GetName()
			for _, label := range m.GetLabel() {
				name += " " + label.GetValue()
			}
			all[name] = m.GetGauge().GetValue() + m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return all
}

// TestWatched replays blocks on a node that is watched and scraped at every block. Its hashes are the same, and what
// it shows is what happened.
func TestWatched(t *testing.T) {
	c := newChance(t, 6, options{unaudited: true})
	c.busy = 20
	for range 150 {
		c.happen()
	}
	for _, found := c.lastFinished(); !found; _, found = c.lastFinished() {
		c.happen()
	}
	registry := prometheus.NewRegistry()
	metrics, err := telemetry.New(registry)
	require.NoError(t, err)
	blind := scrape(t, registry)
	require.Contains(t, blind, "ballast_events_total StepFailed rebalance", "an alert has to find zero before the first")
	_, err = telemetry.New(registry)
	require.Error(t, err, "two applications in one registry")

	watched := c.replay(options{unaudited: true, metrics: metrics})
	require.Equal(t, c.hashes, watched.hashes)
	seen := scrape(t, registry)
	counted := 0
	for name, n := range c.events {
		module, event, found := strings.Cut(name, ".v1.Event")
		require.True(t, found, name)
		require.InDelta(t, n, seen["ballast_events_total "+event+" "+module], 0, name)
		counted += n
	}
	require.Greater(t, counted, 1_000)
	for _, module := range []string{"oracle", "portfolio", "auction", "rebalance"} {
		require.InDelta(t, len(c.blocks), seen["ballast_hook_seconds "+module], 0, module)
	}
	require.InDelta(t, 1, seen["ballast_state_readable"], 0)
	require.InDelta(t, 0, seen["ballast_invariants_broken"], 0)
	watched.showsRounds(seen)
	watched.showsPrices(seen)
}

// showsRounds compares what is shown of rounds with what the state and its log say.
func (w *world) showsRounds(seen readings) {
	w.Helper()
	server := rebalancekeeper.NewQueryServer(w.Rebalance)
	round, err := server.Round(w.ctx(), &rebalancetypes.QueryRoundRequest{})
	require.NoError(w, err)
	require.InDelta(w, round.Round, seen["ballast_round"], 0)
	require.InDelta(w, int(round.Phase), seen["ballast_round_phase"], 0)
	require.InDelta(w, round.OpenLots, seen["ballast_lots_open"], 0)
	require.InDelta(w, max(w.now.Unix()-round.NextFreezeAt, 0), seen["ballast_round_late_seconds"], 0)
	finished := w.events["rebalance.v1.EventRoundFinished"]
	require.Positive(w, finished)
	for _, stage := range []string{"decide", "auction", "settle"} {
		require.InDelta(w, finished, seen["ballast_round_stage_seconds "+stage], 1, stage)
	}
	last, found := w.lastFinished()
	require.True(w, found)
	require.NotEmpty(w, last.Counts)
	for _, x := range last.Counts {
		require.InDelta(w, x.Portfolios, seen["ballast_round_portfolios "+x.Outcome], 0, x.Outcome)
	}
	_, shown := seen["ballast_round_value ordered"]
	require.True(w, shown)
}

// lastFinished is the newest round in the log that is over.
func (w *world) lastFinished() (r rebalancetypes.RoundSummary, found bool) {
	w.Helper()
	log, err := rebalancekeeper.NewQueryServer(w.Rebalance).Rounds(w.ctx(), &rebalancetypes.QueryRoundsRequest{})
	require.NoError(w, err)
	i := slices.IndexFunc(log.Rounds, func(r rebalancetypes.RoundSummary) bool { return r.FinishedHeight > 0 })
	if i < 0 {
		return r, false // a log can be as short as the running round
	}
	return log.Rounds[i], true
}

// showsPrices asks for the price of every asset of the genesis.
func (w *world) showsPrices(seen readings) {
	w.Helper()
	for _, a := range assets() {
		require.Positive(w, seen["ballast_price "+a.denom], a.denom)
		require.Contains(w, seen, "ballast_price_age_seconds "+a.denom)
	}
	usable := 0
	for name, value := range seen {
		if strings.HasPrefix(name, "ballast_price_ok ") && value == 1 {
			usable++
			require.True(w, strings.HasSuffix(name, " ok"), name)
		}
	}
	require.Positive(w, usable)
}

// TestWatchedBeforeTheStart: a scrape before there is a state ends nothing, and says so.
func TestWatchedBeforeTheStart(t *testing.T) {
	registry := prometheus.NewRegistry()
	metrics, err := telemetry.New(registry)
	require.NoError(t, err)
	fresh := newApp(t, options{db: dbm.NewMemDB(), metrics: metrics})
	require.Zero(t, fresh.LastBlockHeight())
	seen := scrape(t, registry)
	require.NotContains(t, seen, "ballast_invariants_broken")
	require.NotContains(t, seen, "ballast_price uusdc")
	require.InDelta(t, 0, seen["ballast_state_readable"], 0)
}
