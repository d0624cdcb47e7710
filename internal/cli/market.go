package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
	"github.com/ballast-finance/ballast/sim"
)

// market is how orders are filled, as flags say it.
type market struct {
	name, convention, mechanism, curve string
	makers                             []string
	fee                                fixed.Wad
	seed                               uint64
	settings                           backtest.Settings
}

// Flags that belong to one market only.
var (
	idealFlags   = []string{"fee-bps", "convention"}
	auctionFlags = []string{"block", "window", "maker", "mechanism", "curve", "width", "width-factor", "width-cap"}
)

// Words of the flags, the usual one first. Their order is that of the values that they stand for.
var (
	markets     = []string{backtest.AuctionMarket.String(), backtest.IdealMarket.String()}
	conventions = []string{cost.Post.String(), cost.Leg.String(), cost.Seq.String()}
	mechanisms  = []string{"batch", "first-come"}
	curves      = []string{"exponential", "linear"}
)

// bind adds the flags; usual is the market when none is named.
func (m *market) bind(f *pflag.FlagSet, usual backtest.Market) {
	m.settings = backtest.DefaultSettings()
	s := &m.settings
	f.StringVar(&m.name, "market", usual.String(),
		"`KIND`: auction (the engine's own auctions against market makers) or ideal (all at the close, at a fee)")
	f.Uint64Var(&m.seed, "seed", 0, "seed of all that is drawn; the same `SEED` gives the same result")
	textFlag(f, bps{&m.fee}, "fee-bps", "10", "ideal: fee in basis points of the value traded")
	f.StringVar(&m.convention, "convention", conventions[0],
		"ideal: who pays the fee when, a `RULE` of "+strings.Join(conventions, ", "))
	textFlag(f, span{&s.BlockSeconds}, "block", policy.Span{Seconds: s.BlockSeconds}.String(),
		"auction: time between blocks")
	textFlag(f, span{&s.WindowSeconds}, "window", policy.Span{Seconds: s.WindowSeconds}.String(),
		"auction: time from the first clearing to the reserve price")
	f.StringArrayVar(&m.makers, "maker", nil,
		"auction: a market `MAKER` as NAME:MARGIN_BPS:LATENCY:CAPITAL:HEDGE, such as fast:8:6s:2_000_000:1h; "+
			"may be repeated; replaces the usual three")
	f.StringVar(&m.mechanism, "mechanism", mechanisms[0],
		"auction: how a block clears, a `RULE` of "+strings.Join(mechanisms, ", "))
	f.StringVar(&m.curve, "curve", curves[0], "auction: how the price falls, a `SHAPE` of "+strings.Join(curves, ", "))
	textFlag(f, ratio{&s.BaseWidth}, "width", policy.Ratio{Wad: s.BaseWidth}.String(),
		"auction: distance of start and reserve from the oracle's price")
	textFlag(f, number{&s.WidthFactor}, "width-factor", s.WidthFactor.String(),
		"auction: deviations of the price that are added to it")
	textFlag(f, ratio{&s.WidthCap}, "width-cap", policy.Ratio{Wad: s.WidthCap}.String(),
		"auction: the most that it may be")
}

// configure puts what the flags say into a run.
func (m *market) configure(cmd *cobra.Command, cfg *backtest.Config) error {
	at := make([]int, 4)
	for i, w := range []struct {
		flag, value string
		words       []string
	}{
		{"market", m.name, markets},
		{"convention", m.convention, conventions},
		{"mechanism", m.mechanism, mechanisms},
		{"curve", m.curve, curves},
	} {
		var err error
		if at[i], err = oneOf(w.value, w.words); err != nil {
			return usage(cmd, "--%s: %w", w.flag, err)
		}
	}
	cfg.Market = []backtest.Market{backtest.AuctionMarket, backtest.IdealMarket}[at[0]]
	foreign, other := idealFlags, backtest.IdealMarket
	if cfg.Market == backtest.IdealMarket {
		foreign, other = auctionFlags, backtest.AuctionMarket
	}
	for _, name := range foreign {
		if cmd.Flags().Changed(name) {
			return usage(cmd, "--%s says nothing to --market %s; it belongs to --market %s", name, cfg.Market, other)
		}
	}
	cfg.Fee, cfg.Seed, cfg.Settings = m.fee, m.seed, m.settings
	cfg.Convention = []cost.Convention{cost.Post, cost.Leg, cost.Seq}[at[1]]
	cfg.Settings.Mechanism = []sim.Mechanism{sim.Batch, sim.FirstCome}[at[2]]
	cfg.Settings.Linear = at[3] == 1
	return m.complete(cmd, &cfg.Settings)
}

// oneOf is the position of a word in a list.
func oneOf(word string, words []string) (int, error) {
	for i, w := range words {
		if w == word {
			return i, nil
		}
	}
	return 0, fmt.Errorf("expected one of %s, got %q", strings.Join(words, ", "), word)
}

// complete reads the makers and checks what the engine takes for granted.
func (m *market) complete(cmd *cobra.Command, s *backtest.Settings) error {
	switch {
	case s.BlockSeconds < 1 || s.WindowSeconds < s.BlockSeconds:
		return usage(cmd, "expected a --block of at least 1s and a --window of at least a block, got %s and %s",
			policy.Span{Seconds: s.BlockSeconds}, policy.Span{Seconds: s.WindowSeconds})
	case s.BaseWidth.Sign() <= 0 || s.WidthCap.Less(s.BaseWidth) || fixed.One().Cmp(s.WidthCap) <= 0:
		return usage(cmd, "expected a --width above 0%% and a --width-cap from there to below 100%%, got %s and %s",
			policy.Ratio{Wad: s.BaseWidth}, policy.Ratio{Wad: s.WidthCap})
	case s.WidthFactor.Sign() < 0:
		return usage(cmd, "expected a --width-factor of zero or more, got %s", s.WidthFactor)
	case len(m.makers) == 0:
		return nil
	}
	s.Makers = nil
	for _, text := range m.makers {
		maker, err := parseMaker(text)
		if err != nil {
			return usage(cmd, "--maker %q: %w", text, err)
		}
		s.Makers = append(s.Makers, maker)
	}
	return nil
}

// makerFields is the number of parts of a maker.
const makerFields = 5

// parseMaker reads NAME:MARGIN_BPS:LATENCY:CAPITAL:HEDGE.
func parseMaker(text string) (sim.Maker, error) {
	part := strings.Split(text, ":")
	if len(part) != makerFields || part[0] == "" {
		return sim.Maker{}, fmt.Errorf("expected NAME:MARGIN_BPS:LATENCY:CAPITAL:HEDGE, such as fast:8:6s:2_000_000:1h")
	}
	m := sim.Maker{Name: part[0]}
	if err := (bps{&m.Margin}).UnmarshalText([]byte(part[1])); err != nil {
		return m, fmt.Errorf("margin: %w, got %q", err, part[1])
	}
	if err := (span{&m.LatencySeconds}).UnmarshalText([]byte(part[2])); err != nil {
		return m, fmt.Errorf("latency: %w, got %q", err, part[2])
	}
	if err := (number{&m.Capital}).UnmarshalText([]byte(part[3])); err != nil || m.Capital.Sign() <= 0 {
		return m, fmt.Errorf("capital: expected a value above zero like 2_000_000, got %q", part[3])
	}
	if err := (span{&m.HedgeSeconds}).UnmarshalText([]byte(part[4])); err != nil || m.HedgeSeconds == 0 {
		return m, fmt.Errorf("hedge: expected the time in which the maker turns its capital over, like 1h, got %q", part[4])
	}
	return m, nil
}
