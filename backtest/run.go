package backtest

import (
	"context"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/metrics"
	"github.com/ballast-finance/ballast/policy"
)

// Run plays the configuration and returns what it showed. It ends early, with the context's error, when the context
// ends.
func Run(ctx context.Context, cfg Config) (*Result, error) {
	u, policies, err := cfg.compile()
	if err != nil {
		return nil, err
	}
	columns, err := columnsOf(&cfg, u)
	if err != nil {
		return nil, err
	}
	logs := make([]*log, len(policies))
	for i, pol := range policies {
		logs[i] = newLog(pol, u, cfg.Table.Len(), cfg.Brief)
	}
	auctions, err := play(ctx, &cfg, u, columns, policies, logs)
	if err != nil {
		return nil, err
	}
	return assemble(&cfg, logs, auctions)
}

// play runs the treasuries: each for itself in the ideal market, together in the auctions.
func play(
	ctx context.Context, cfg *Config, u asset.Universe, columns []int, policies []*cycle.Policy, logs []*log,
) ([]Auction, error) {
	if cfg.Market == AuctionMarket {
		return runAuctions(ctx, cfg, u, columns, policies, logs)
	}
	for i := range policies {
		if err := newIdeal(cfg, &cfg.Treasuries[i], u, policies[i], logs[i]).run(ctx, columns); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// Rows between two calls of Progress, and between two looks at the context.
const (
	progressRows = 1000
	contextRows  = 50
)

// tick says, now and then, how far a run is, and ends it when the context has ended.
func (cfg *Config) tick(ctx context.Context, row int) error {
	if row%contextRows != 0 {
		return nil
	}
	if cfg.Progress != nil && row%progressRows == 0 {
		cfg.Progress(row, cfg.Table.Len())
	}
	return ctx.Err()
}

// compile binds the policies of all treasuries to the universe of all their assets.
func (cfg *Config) compile() (asset.Universe, []*cycle.Policy, error) {
	files := make([]*policy.File, len(cfg.Treasuries))
	for i := range cfg.Treasuries {
		files[i] = cfg.Treasuries[i].Policy
	}
	if len(files) == 0 {
		return asset.Universe{}, nil, fmt.Errorf("%w: expected at least one treasury", ErrConfig)
	}
	u, err := policy.Universe(files...)
	if err != nil {
		return asset.Universe{}, nil, err
	}
	policies := make([]*cycle.Policy, len(files))
	for i := range policies {
		if policies[i], err = cfg.Treasuries[i].compile(u); err != nil {
			return asset.Universe{}, nil, err
		}
	}
	return u, policies, nil
}

// compile binds a treasury's policy to the universe and checks what it begins with.
func (h *Holder) compile(u asset.Universe) (*cycle.Policy, error) {
	pol, err := h.Policy.Compile(u)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", h.Name, err)
	}
	switch n := len(h.Holdings); {
	case n != 0 && n != len(pol.Assets):
		return nil, fmt.Errorf("%w: %s: expected %d holdings, got %d", ErrConfig, h.Name, len(pol.Assets), n)
	case n == 0 && h.Capital.Sign() <= 0:
		return nil, fmt.Errorf("%w: %s: expected a capital above zero, or holdings", ErrConfig, h.Name)
	}
	return pol, nil
}

// columnsOf finds the column of the table for every asset of the universe.
func columnsOf(cfg *Config, u asset.Universe) ([]int, error) {
	columns := make([]int, u.Len())
	for i := range columns {
		id := string(u.At(asset.Index(i)).ID)
		if columns[i] = slices.Index(cfg.Table.Assets, id); columns[i] < 0 {
			return nil, fmt.Errorf("%w: the policy names %s, the prices have %v", ErrConfig, id, cfg.Table.Assets)
		}
	}
	return columns, nil
}

// assemble makes a Result of the logs.
func assemble(cfg *Config, logs []*log, auctions []Auction) (*Result, error) {
	t := cfg.Table
	year := t.PeriodsPerYear()
	r := &Result{
		Version: ResultVersion, Source: t.Source, Synthetic: t.Synthetic, Market: cfg.Market.String(),
		Settings: cfg.describe(), Seed: cfg.Seed, From: t.Times[0], To: t.Times[t.Len()-1], Rows: t.Len(),
		StepSeconds: t.StepSeconds(), Auctions: auctions,
	}
	for i, l := range logs {
		h := &cfg.Treasuries[i]
		summary, err := l.summary(year)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", h.Name, err)
		}
		benches, err := l.benchmarks(year)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", h.Name, err)
		}
		names := make([]string, len(l.pol.Assets))
		for k, a := range l.pol.Assets {
			names[k] = string(l.universe.At(a).ID)
		}
		r.Treasuries = append(r.Treasuries, Treasury{
			Name: h.Name, Policy: h.Text, Explain: h.Explain, Assets: names,
			Summary: summary, Benchmarks: benches, Series: l.series, Intervals: l.intervals,
		})
	}
	return r, nil
}

// summary are the figures of a log.
func (l *log) summary(stepsPerYear int64) (Summary, error) {
	figures, err := l.performance.Figures(stepsPerYear, fixed.Wad{})
	if err != nil {
		return Summary{}, err
	}
	var c fixed.Calc
	elapsed := l.lastTime - l.firstTime
	s := Summary{
		InitialNAV: l.firstNAV, FinalNAV: l.lastNAV, TotalReturn: metrics.Return(&c, l.firstNAV, l.share),
		Volatility: figures.Volatility, TrackingError: figures.TrackingError, Sharpe: figures.Sharpe,
		MaxDrawdown: figures.Drawdown.Depth, DrawdownSeconds: figures.Drawdown.Longest * elapsed / max(figures.Returns, 1),
		Rebalances: int(l.trading.Rebalances), Turnover: l.trading.Turnover, Traded: l.trading.Traded, Cost: l.cost,
		TurnoverYear: metrics.PerYear(&c, l.trading.Turnover, elapsed),
		TimeInBand:   l.dwell.Share(&c), NettingRate: l.netting.Rate(&c),
		MeanDrift: l.drift.Mean(&c), MaxDrift: l.drift.Max, Insufficient: figures.Insufficient,
		Payments: l.payments, PaymentsShort: l.short,
	}
	if average := l.nav.Mean(&c); !average.IsZero() {
		s.CostYear = metrics.CostPerYear(&c, l.cost, fixed.Wad{}, average, elapsed)
		s.SpreadYear = metrics.CostPerYear(&c, l.lost, fixed.Wad{}, average, elapsed)
	}
	if !l.ordered.IsZero() {
		s.FillRatio = c.DivTrunc(l.sold, l.ordered)
	}
	if !l.auctioned.IsZero() {
		s.Improvement = c.DivTrunc(l.lost, l.auctioned).Neg()
	}
	return s, c.Err()
}

// benchmarks are the figures of the benchmark curves, from the points of the series.
func (l *log) benchmarks(stepsPerYear int64) ([]Benchmark, error) {
	if l.brief {
		return nil, nil
	}
	var list []Benchmark
	for i := range l.benches {
		figures, err := l.benches[i].performance.Figures(stepsPerYear, fixed.Wad{})
		if err != nil {
			return nil, err
		}
		list = append(list, Benchmark{
			Name: benchNames[i], FinalNAV: l.benches[i].last,
			Volatility: figures.Volatility, MaxDrawdown: figures.Drawdown.Depth,
		})
	}
	return list, nil
}
