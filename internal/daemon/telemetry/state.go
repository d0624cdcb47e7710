package telemetry

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/engine/oracle"
	oraclekeeper "github.com/ballast-finance/ballast/x/oracle/keeper"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	rebalancekeeper "github.com/ballast-finance/ballast/x/rebalance/keeper"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// The invariants read everything: between two looks at them are five minutes, and a hundred times what the last one
// took.
const (
	auditEvery = 5 * time.Minute
	auditShare = 100
)

// state reads committed state when Prometheus asks, as a query does.
type state struct {
	app *app.App

	mu      sync.Mutex
	audited time.Time // when the last look ended
	took    time.Duration
	broken  float64
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(namespace+"_"+name, help, labels, nil)
}

// Describe says nothing: what there is depends on the state.
func (*state) Describe(chan<- *prometheus.Desc) {}

// Collect reads the state. What cannot be read is missing, and ballast_state_readable is 0.
func (s *state) Collect(out chan<- prometheus.Metric) {
	s.mu.Lock()
	defer s.mu.Unlock()
	readable := 1.0
	if err := s.read(out); err != nil {
		readable = 0
	}
	gauge(out, desc("state_readable", "1 when the committed state could be read."), readable)
}

// errUnreadable says that reading panicked.
var errUnreadable = errors.New("telemetry: the state cannot be read")

// read reads everything. Before the first block there is no state and the stores panic: a scrape must not end a node.
func (s *state) read(out chan<- prometheus.Metric) (err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("%w: %v", errUnreadable, problem)
		}
	}()
	ctx, err := s.app.CreateQueryContext(0, false)
	if err != nil {
		return err
	}
	if err := s.round(ctx, out); err != nil {
		return err
	}
	if err := s.prices(ctx, out); err != nil {
		return err
	}
	return s.audit(ctx, out)
}

func gauge(out chan<- prometheus.Metric, d *prometheus.Desc, value float64, labels ...string) {
	out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
}

func flag(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// round shows where the rebalancer is.
func (s *state) round(ctx sdk.Context, out chan<- prometheus.Metric) error {
	r, err := rebalancekeeper.NewQueryServer(s.app.Rebalance).Round(ctx, &rebalancetypes.QueryRoundRequest{})
	if err != nil {
		return err
	}
	paused, err := s.app.Auction.Paused.Has(ctx)
	if err != nil {
		return err
	}
	late := max(ctx.BlockTime().Unix()-r.NextFreezeAt, 0)
	gauge(out, desc("round", "Number of the running or the last round."), float64(r.Round))
	gauge(out, desc("round_phase", "Phase of the round, 1 to 5: idle, collecting, crossing, auctioning, settling."),
		float64(r.Phase))
	gauge(out, desc("round_late_seconds", "How long the next round is overdue, by the time of blocks."), float64(late))
	gauge(out, desc("lots_open", "Lots of the running round that are not back."), float64(r.OpenLots))
	gauge(out, desc("rounds_halted", "1 when no new round starts, by a guardian's or governance's word."), flag(r.Halted))
	gauge(out, desc("auctions_paused", "1 when nothing clears, by a guardian's or governance's word."), flag(paused))
	return nil
}

// prices shows every asset's.
func (s *state) prices(ctx sdk.Context, out chan<- prometheus.Metric) error {
	r, err := oraclekeeper.NewQueryServer(s.app.Oracle).Prices(ctx, &oracletypes.QueryPricesRequest{})
	if err != nil {
		return err
	}
	ok := desc("price_ok", "1 when the price of an asset may be used.", "denom", "status")
	age := desc("price_age_seconds", "Weighted age of the sources of a price.", "denom")
	value := desc("price", "Price of a display unit, in units of account.", "denom")
	for i := range r.Prices {
		p := &r.Prices[i]
		gauge(out, ok, flag(p.Status == oracle.StatusOK.String()), p.Denom, p.Status)
		gauge(out, age, float64(p.AgeSeconds), p.Denom)
		gauge(out, value, number(p.Value), p.Denom)
	}
	return nil
}

// audit shows how many invariants are broken, by the last look at them.
func (s *state) audit(ctx sdk.Context, out chan<- prometheus.Metric) error {
	now := time.Now //nolint:forbidigo // how often is a matter of the node alone
	if start := now(); start.Sub(s.audited) >= max(auditEvery, auditShare*s.took) {
		r, err := rebalancekeeper.NewQueryServer(s.app.Rebalance).Invariants(ctx, &rebalancetypes.QueryInvariantsRequest{})
		if err != nil {
			return err
		}
		s.audited, s.broken = now(), float64(len(r.Broken))
		s.took = s.audited.Sub(start)
	}
	gauge(out, desc("invariants_broken", "Invariants that do not hold. Anything but 0 is an emergency."), s.broken)
	return nil
}
