package types

import (
	"math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
)

// Ranges of parameters.
const (
	// MaxWork is the most that a block may do of one kind.
	MaxWork = 10_000
	// MaxHistory is the longest log, in rounds.
	MaxHistory = 1_000
	// MaxSeconds is the longest duration: a year.
	MaxSeconds = auction.MaxDurationSeconds
	// MaxReason is the longest reason of a halt, in bytes.
	MaxReason = 200
)

// DefaultParams are hourly rounds with lots of ten minutes, and the log of a week.
func DefaultParams() Params {
	return Params{
		IntervalSeconds: 3_600,
		Crossing:        Crossing{Deviations: "4", MaxAgeSeconds: 300, MinClasses: 2, Cost: "0.005"},
		Auction: Auction{
			Kind: CurveKind_CURVE_KIND_EXPONENTIAL, WidthBase: "0.002", WidthFactor: "2", WidthCap: "0.2",
			MaxPriceAgeSeconds: 600, BlockSeconds: 6, HaltSeconds: 600, WindowSeconds: 600, TailSeconds: 60,
			OpeningBlocks: auction.MinOpeningBlocks, MinLot: "10",
		},
		FillAlpha:        "0.2",
		Work:             Work{Collect: 300, Settle: 200, Sales: 200, Lots: 50, Sweep: 500},
		HistoryRounds:    168,
		FrozenLotSeconds: 3_600,
	}
}

// Validate checks every range, and that the engine can run with the terms.
func (p *Params) Validate() error {
	if p.IntervalSeconds < 1 || p.IntervalSeconds > MaxSeconds {
		return ErrParams.Wrapf("expected an interval of 1..%d s, got %d: rounds must end", MaxSeconds, p.IntervalSeconds)
	}
	if p.AnchorSeconds < 0 || p.AnchorSeconds > math.MaxInt64/2 {
		return ErrParams.Wrapf("expected an anchor of 0 or more, got %d: it is a unix time", p.AnchorSeconds)
	}
	if err := p.validateWork(); err != nil {
		return err
	}
	if p.FrozenLotSeconds < 0 || p.FrozenLotSeconds > MaxSeconds {
		return ErrParams.Wrapf("frozen_lot_seconds: expected 0..%d, got %d", MaxSeconds, p.FrozenLotSeconds)
	}
	if p.Guardian != "" {
		if _, err := sdk.AccAddressFromBech32(p.Guardian); err != nil {
			return ErrAddress.Wrapf("guardian: expected an address or none, got %q: %s", p.Guardian, err)
		}
	}
	if _, known := CurveKind_name[int32(p.Auction.Kind)]; !known {
		return ErrParams.Wrapf("auction.kind: expected a linear or exponential curve, got %d", p.Auction.Kind)
	}
	one, err := asset.NewUniverse([]asset.Asset{{ID: "any"}}) // terms do not depend on assets
	if err != nil {
		return ErrParams.Wrap(err.Error())
	}
	cfg, err := p.Config(one)
	if err != nil {
		return err
	}
	return Registered(cfg.Validate())
}

// validateWork checks what bounds a block and the log.
func (p *Params) validateWork() error {
	for _, x := range []struct {
		name       string
		value, max uint32
		why        string
	}{
		{"collect", p.Work.Collect, MaxWork, "a block must end"},
		{"settle", p.Work.Settle, MaxWork, "a block must end"},
		{"sales", p.Work.Sales, MaxWork, "a block must end"},
		{"lots", p.Work.Lots, MaxWork, "a block must end"},
		{"sweep", p.Work.Sweep, MaxWork, "a block must end"},
		{"history_rounds", p.HistoryRounds, MaxHistory, "the log must not grow for ever"},
	} {
		if x.value < 1 || x.value > x.max {
			return ErrParams.Wrapf("%s: expected 1..%d, got %d: %s", x.name, x.max, x.value, x.why)
		}
	}
	return nil
}

// Config is the parameters as the engine reads them.
func (p *Params) Config(u asset.Universe) (cycle.Config, error) {
	d := decimals{}
	x, a := &p.Crossing, &p.Auction
	cfg := cycle.Config{
		Universe: u, IntervalSeconds: p.IntervalSeconds, AnchorSeconds: p.AnchorSeconds,
		FillAlpha: d.read("fill_alpha", p.FillAlpha),
		Crossing:  cycle.CrossConfig{Off: x.Off, Cost: d.read("crossing.cost", x.Cost)},
		Auction: cycle.AuctionConfig{
			Kind: auction.Kind(a.Kind), //nolint:gosec // Validate looked
			Width: auction.Width{
				Base: d.read("auction.width_base", a.WidthBase), Factor: d.read("auction.width_factor", a.WidthFactor),
				Cap: d.read("auction.width_cap", a.WidthCap), MaxAgeSeconds: a.MaxPriceAgeSeconds,
			},
			Pace:          auction.Pace{BlockSeconds: a.BlockSeconds, HaltSeconds: a.HaltSeconds},
			WindowSeconds: a.WindowSeconds, TailSeconds: a.TailSeconds,
			OpeningBlocks: a.OpeningBlocks, BucketSteps: a.BucketSteps, MinLot: d.read("auction.min_lot", a.MinLot),
		},
	}
	cfg.Crossing.Gate.Deviations = d.read("crossing.deviations", x.Deviations)
	cfg.Crossing.Gate.MaxAgeSeconds = x.MaxAgeSeconds
	cfg.Crossing.Gate.MinClasses = int(x.MinClasses)
	cfg.Crossing.Gate.MinValue = x.MinValueMicro
	return cfg, d.err
}
