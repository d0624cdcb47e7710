package telemetry

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/cosmos/cosmos-sdk/baseapp"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/x/auction"
	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	"github.com/ballast-finance/ballast/x/oracle"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	"github.com/ballast-finance/ballast/x/portfolio"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
	"github.com/ballast-finance/ballast/x/rebalance"
	rebalancetypes "github.com/ballast-finance/ballast/x/rebalance/types"
)

// namespace is what all names begin with.
const namespace = "ballast"

// Metrics of one application.
type Metrics struct {
	events   *events
	hooks    *prometheus.HistogramVec
	registry prometheus.Registerer
}

// New makes the metrics and registers them. A registry takes those of one application.
func New(registry prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{registry: registry, hooks: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: namespace, Name: "hook_seconds", Help: "How long a module's part of a block took, by the node's clock.",
		Buckets: prometheus.ExponentialBuckets(0.0001, 4, 9),
	}, []string{"module"})}
	var err error
	if m.events, err = newEvents(registry); err != nil {
		return nil, err
	}
	return m, register(registry, m.hooks)
}

// register registers collectors.
func register(registry prometheus.Registerer, list ...prometheus.Collector) error {
	for _, c := range list {
		if err := registry.Register(c); err != nil {
			return fmt.Errorf("telemetry: %w", err)
		}
	}
	return nil
}

// Option lets an application that is being made hand over the events of its blocks.
func (m *Metrics) Option() func(*baseapp.BaseApp) {
	return func(b *baseapp.BaseApp) {
		b.SetStreamingManager(storetypes.StreamingManager{ABCIListeners: []storetypes.ABCIListener{m.events}})
	}
}

// Watch measures the hooks of an application and reads its state at each scrape.
func (m *Metrics) Watch(a *app.App) error {
	modules := a.ModuleManager.Modules
	modules[oracletypes.ModuleName] = timedOracle{
		oracle.NewAppModule(a.Oracle), m.hooks.WithLabelValues(oracletypes.ModuleName),
	}
	modules[portfoliotypes.ModuleName] = timedPortfolio{
		portfolio.NewAppModule(a.Portfolio), m.hooks.WithLabelValues(portfoliotypes.ModuleName),
	}
	modules[auctiontypes.ModuleName] = timedAuction{
		auction.NewAppModule(a.Auction), m.hooks.WithLabelValues(auctiontypes.ModuleName),
	}
	modules[rebalancetypes.ModuleName] = timedRebalance{
		rebalance.NewAppModule(a.Rebalance), m.hooks.WithLabelValues(rebalancetypes.ModuleName),
	}
	return register(m.registry, &state{app: a})
}

// timed runs a hook and measures it.
func timed(ctx context.Context, seconds prometheus.Observer, hook func(context.Context) error) error {
	begun := time.Now() //nolint:forbidigo // it is measured, and nothing depends on it
	err := hook(ctx)
	seconds.Observe(time.Since(begun).Seconds()) //nolint:forbidigo // as above
	return err
}

type timedOracle struct {
	oracle.AppModule

	seconds prometheus.Observer
}

// BeginBlock is the module's.
func (t timedOracle) BeginBlock(ctx context.Context) error {
	return timed(ctx, t.seconds, t.AppModule.BeginBlock)
}

type timedPortfolio struct {
	portfolio.AppModule

	seconds prometheus.Observer
}

// BeginBlock is the module's.
func (t timedPortfolio) BeginBlock(ctx context.Context) error {
	return timed(ctx, t.seconds, t.AppModule.BeginBlock)
}

type timedAuction struct {
	auction.AppModule

	seconds prometheus.Observer
}

// EndBlock is the module's.
func (t timedAuction) EndBlock(ctx context.Context) error {
	return timed(ctx, t.seconds, t.AppModule.EndBlock)
}

type timedRebalance struct {
	rebalance.AppModule

	seconds prometheus.Observer
}

// EndBlock is the module's.
func (t timedRebalance) EndBlock(ctx context.Context) error {
	return timed(ctx, t.seconds, t.AppModule.EndBlock)
}
