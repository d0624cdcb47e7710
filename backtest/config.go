package backtest

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
	"github.com/ballast-finance/ballast/sim"
)

var (
	// ErrConfig says that a run's configuration is not valid.
	ErrConfig = errors.New("backtest: invalid configuration")
	// ErrRun says that the engine failed on a row.
	ErrRun = errors.New("backtest: run failed")
)

// Market says how orders are filled.
type Market uint8

// Markets.
const (
	IdealMarket   Market = iota // at the row's close, at a proportional cost
	AuctionMarket               // in the engine's own auctions, against market makers
)

// String returns the name of the market.
func (m Market) String() string {
	if m == AuctionMarket {
		return "auction"
	}
	return "ideal"
}

// Config is one run.
type Config struct {
	Table      *price.Table
	Treasuries []Holder
	Market     Market
	Fee        fixed.Wad       // ideal: of the value traded
	Convention cost.Convention // ideal: who pays the fee when
	Settings   Settings        // auction: the world
	Seed       uint64
	Brief      bool // figures only: no series, no intervals, no auctions
	Mix        *Mix // ideal, brief: what runs over the same table share; nil: each computes its own
	Progress   func(done, total int)
}

// Holder is a treasury with a policy. It begins with Capital in cash, which buys the target on the first row, or with
// Holdings in display units, in the order of the universe, that is sorted by name, as they are.
type Holder struct {
	Name     string
	Policy   *policy.File
	Text     string   // the policy as it was read
	Explain  []string // what it says in plain words
	Capital  fixed.Wad
	Holdings []fixed.Wad
}

// Settings are the assumptions of the auction market.
type Settings struct {
	Makers        []sim.Maker
	Mechanism     sim.Mechanism
	BlockSeconds  int64
	WindowSeconds int64
	Linear        bool      // the clock falls by equal amounts instead of equal ratios
	BaseWidth     fixed.Wad // distance of start and reserve from the mid without uncertainty
	WidthFactor   fixed.Wad // deviations of the price added to it
	WidthCap      fixed.Wad
	Checking      bool
}

// DefaultSettings are three market makers of different margins and speed, blocks of six seconds, and auctions of half
// an hour.
func DefaultSettings() Settings {
	return Settings{
		Makers: []sim.Maker{
			maker("quick", 8, 6, 2_000_000, 3_600), maker("patient", 12, 60, 10_000_000, 14_400),
			maker("deep", 25, 300, 50_000_000, 86_400),
		},
		BlockSeconds: 6, WindowSeconds: 1800,
		BaseWidth: fixed.FromBps(100), WidthFactor: fixed.FromInt(2), WidthCap: fixed.FromBps(2000),
	}
}

func maker(name string, marginBps, latencySeconds, capital, hedgeSeconds int64) sim.Maker {
	return sim.Maker{
		Name: name, Margin: fixed.FromBps(marginBps), LatencySeconds: latencySeconds,
		Capital: fixed.FromInt(capital), HedgeSeconds: hedgeSeconds,
	}
}

// describe is the table of assumptions.
func (cfg *Config) describe() []Setting {
	if cfg.Market == IdealMarket {
		return []Setting{
			{"market", "ideal: every order fills at the row's close"},
			{"fee", cfg.Fee.String() + " of the value traded"},
			{"fee convention", cfg.Convention.String()},
		}
	}
	s := &cfg.Settings
	list := []Setting{
		{"market", "auctions against simulated market makers"},
		{"block", fmt.Sprintf("%d s", s.BlockSeconds)},
		{"auction window", fmt.Sprintf("%d s", s.WindowSeconds)},
		{"start and reserve", fmt.Sprintf("%s plus %s deviations around the oracle, at most %s",
			s.BaseWidth, s.WidthFactor, s.WidthCap)},
	}
	for _, m := range s.Makers {
		text := fmt.Sprintf("margin %s, sees prices after %d s, capital %s, hedged in %d s",
			m.Margin, m.LatencySeconds, m.Capital, m.HedgeSeconds)
		list = append(list, Setting{"maker " + m.Name, text})
	}
	return append(list, Setting{"prices between rows", "held at the last row"})
}
