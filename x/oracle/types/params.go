package types

import (
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/internal/num"
)

// Limits of the params.
const (
	// MaxAssets bounds the work of a block.
	MaxAssets = 128
	// MaxReports bounds a message.
	MaxReports = 128
	// MaxPoints bounds the price history of an asset.
	MaxPoints = 10_000

	maxAheadSeconds = 60
	maxRhythm       = 86_400
	maxOwners       = 1_000
)

// DefaultParams are those of the specification's worked numbers, with 128 assets, a day of points every five minutes,
// and an event a minute.
func DefaultParams() Params {
	return Params{
		MaxAssets: MaxAssets, MaxReports: MaxReports, MaxAheadSeconds: 10,
		Aggregate:    aggregateParams(oracle.DefaultConfig()),
		History:      historyParams(oracle.DefaultHistoryConfig()),
		Clearing:     clearingParams(oracle.DefaultClearingConfig()),
		PointSeconds: 300, MaxPoints: 288, EventSeconds: 60,
	}
}

// Validate checks the ranges.
func (p *Params) Validate() error {
	_, err := p.Terms()
	return err
}

// Terms are the params as the engine knows them.
type Terms struct {
	Aggregate oracle.Config
	History   oracle.HistoryConfig
	Clearing  oracle.ClearingConfig
	Points    oracle.Rhythm
	Events    oracle.Rhythm
}

// Terms checks the ranges and returns the params as the engine knows them.
func (p *Params) Terms() (Terms, error) {
	for _, r := range []struct {
		name        string
		value       int64
		least, most int64
	}{
		{"max_assets", int64(p.MaxAssets), 1, MaxAssets},
		{"max_reports", int64(p.MaxReports), 1, MaxReports},
		{"max_ahead_seconds", p.MaxAheadSeconds, 0, maxAheadSeconds},
		{"point_seconds", p.PointSeconds, 1, maxRhythm},
		{"max_points", int64(p.MaxPoints), 1, MaxPoints},
		{"event_seconds", p.EventSeconds, 1, maxRhythm},
		{"clearing.min_owners", int64(p.Clearing.MinOwners), 1, maxOwners},
	} {
		if r.value < r.least || r.most < r.value {
			return Terms{}, ErrParams.Wrapf("%s: expected %d..%d, got %d", r.name, r.least, r.most, r.value)
		}
	}
	t := Terms{Points: oracle.Rhythm(p.PointSeconds), Events: oracle.Rhythm(p.EventSeconds)}
	var err error
	if t.Aggregate, err = p.Aggregate.Engine(); err != nil {
		return Terms{}, err
	}
	if t.History, err = p.History.Engine(); err != nil {
		return Terms{}, err
	}
	t.Clearing, err = p.Clearing.Engine()
	return t, err
}

// decimals reads the decimals of a group of params and remembers the first that is none.
type decimals struct {
	group string
	err   error
}

func (d *decimals) read(name, text string) fixed.Wad {
	w, err := num.Decimal(text)
	if err != nil && d.err == nil {
		d.err = ErrParams.Wrapf("%s.%s: expected a decimal such as 0.05, got %q: %v", d.group, name, text, err)
	}
	return w
}

// check is the error of the decimals, or that of the engine.
func (d *decimals) check(validate func() error) error {
	if d.err != nil {
		return d.err
	}
	if err := validate(); err != nil {
		return ErrParams.Wrapf("%s: %v", d.group, err)
	}
	return nil
}

// Engine is the group as the engine knows it, or what is wrong with it.
func (p *AggregateParams) Engine() (oracle.Config, error) {
	d := decimals{group: "aggregate"}
	cfg := oracle.Config{
		DecaySeconds: p.DecaySeconds, MinSources: int(p.MinSources), MinClasses: int(p.MinClasses),
		ClassCap:        d.read("class_cap", p.ClassCap),
		OutlierFactor:   d.read("outlier_factor", p.OutlierFactor),
		OutlierFloor:    d.read("outlier_floor", p.OutlierFloor),
		MinKept:         d.read("min_kept", p.MinKept),
		MeanBand:        d.read("mean_band", p.MeanBand),
		ConfidenceFloor: d.read("confidence_floor", p.ConfidenceFloor),
	}
	return cfg, d.check(cfg.Validate)
}

func aggregateParams(cfg oracle.Config) AggregateParams {
	return AggregateParams{
		DecaySeconds: cfg.DecaySeconds,
		MinSources:   uint32(cfg.MinSources), MinClasses: uint32(cfg.MinClasses), //nolint:gosec // at most 32
		ClassCap: num.Text(cfg.ClassCap), OutlierFactor: num.Text(cfg.OutlierFactor),
		OutlierFloor: num.Text(cfg.OutlierFloor), MinKept: num.Text(cfg.MinKept), MeanBand: num.Text(cfg.MeanBand),
		ConfidenceFloor: num.Text(cfg.ConfidenceFloor),
	}
}

// Engine is the group as the engine knows it, or what is wrong with it.
func (p *HistoryParams) Engine() (oracle.HistoryConfig, error) {
	d := decimals{group: "history"}
	cfg := oracle.HistoryConfig{
		Breaker: oracle.BreakerConfig{
			WindowSeconds: p.BreakerWindowSeconds, ClearAfter: int(p.BreakerClearAfter),
			Floor: d.read("breaker_floor", p.BreakerFloor), Z: d.read("breaker_z", p.BreakerZ),
		},
		Volatility: oracle.VolatilityConfig{
			TauSeconds: p.VolatilityTauSeconds, MinSeconds: p.VolatilityMinSeconds,
			Winsor:  d.read("volatility_winsor", p.VolatilityWinsor),
			Initial: d.read("volatility_initial", p.VolatilityInitial),
			Floor:   d.read("volatility_floor", p.VolatilityFloor),
		},
		MeanSeconds: p.MeanSeconds,
	}
	return cfg, d.check(cfg.Validate)
}

func historyParams(cfg oracle.HistoryConfig) HistoryParams {
	return HistoryParams{
		BreakerWindowSeconds: cfg.Breaker.WindowSeconds, BreakerFloor: num.Text(cfg.Breaker.Floor),
		BreakerZ: num.Text(cfg.Breaker.Z), BreakerClearAfter: uint32(cfg.Breaker.ClearAfter), //nolint:gosec // small
		VolatilityTauSeconds: cfg.Volatility.TauSeconds, VolatilityMinSeconds: cfg.Volatility.MinSeconds,
		VolatilityWinsor: num.Text(cfg.Volatility.Winsor), VolatilityInitial: num.Text(cfg.Volatility.Initial),
		VolatilityFloor: num.Text(cfg.Volatility.Floor), MeanSeconds: cfg.MeanSeconds,
	}
}

// Engine is the group as the engine knows it, or what is wrong with it.
func (p *ClearingParams) Engine() (oracle.ClearingConfig, error) {
	d := decimals{group: "clearing"}
	cfg := oracle.ClearingConfig{
		Auctions: int(p.Auctions), DecaySeconds: p.DecaySeconds, MinOwners: int(p.MinOwners),
		DeepVolume: d.read("deep_volume", p.DeepVolume), MaxStray: d.read("max_stray", p.MaxStray),
		MaxMove: d.read("max_move", p.MaxMove), AddBack: d.read("add_back", p.AddBack),
	}
	return cfg, d.check(cfg.Validate)
}

func clearingParams(cfg oracle.ClearingConfig) ClearingParams {
	return ClearingParams{
		Auctions: uint32(cfg.Auctions), MinOwners: uint32(cfg.MinOwners), //nolint:gosec // small
		DecaySeconds: cfg.DecaySeconds,
		DeepVolume:   num.Text(cfg.DeepVolume), MaxStray: num.Text(cfg.MaxStray), MaxMove: num.Text(cfg.MaxMove),
		AddBack: num.Text(cfg.AddBack),
	}
}
