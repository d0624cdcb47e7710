package sim

import (
	"fmt"
	"math/rand/v2"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// Conduct is how a price source behaves.
type Conduct uint8

// Conducts.
const (
	Honest Conduct = iota // the true price, give or take its noise
	Lying                 // the true price times one plus its bias
	Silent                // no report
	Stuck                 // the first price that it ever saw
)

// Source is a price source of a world.
type Source struct {
	Class   oracle.Class
	Weight  uint32
	Conduct Conduct
	Noise   fixed.Wad // honest: at most this far off, relatively
	Bias    fixed.Wad // lying: this far off, relatively
}

// FeedConfig describes where the oracle's prices come from. Without sources the true price is taken as certain.
type FeedConfig struct {
	Sources   []Source
	Aggregate oracle.Config
	History   oracle.HistoryConfig
}

// Feed turns true prices into the oracle's.
type Feed struct {
	cfg     FeedConfig
	rnd     *rand.Rand
	ws      oracle.Workspace
	past    []oracle.History
	first   []fixed.Wad
	prices  []oracle.Price
	reports []oracle.Report
}

// certainClasses is how many classes of sources a recorded price counts for.
const certainClasses = 3

// NewFeed makes the feed of n assets.
func NewFeed(cfg FeedConfig, n int, seed uint64) (*Feed, error) {
	if err := cfg.History.Validate(); err != nil {
		return nil, err
	}
	if len(cfg.Sources) > 0 {
		if err := cfg.Aggregate.Validate(); err != nil {
			return nil, err
		}
	}
	return &Feed{
		cfg: cfg, rnd: rand.New(rand.NewPCG(seed, feedStream)), //nolint:gosec // a simulation wants to be repeated
		past: make([]oracle.History, n), prices: make([]oracle.Price, n),
	}, nil
}

// feedStream separates the feed's random numbers from those of others with the same seed.
const feedStream = 0x6665656473

// Observe takes a row of true prices in.
func (f *Feed) Observe(now int64, row []fixed.Wad) error {
	if len(row) != len(f.past) {
		return fmt.Errorf("%w: expected %d prices, got %d", ErrWorld, len(f.past), len(row))
	}
	if f.first == nil {
		f.first = append(f.first, row...)
	}
	for i := range row {
		a, err := f.aggregate(i, now, row[i])
		if err != nil {
			return err
		}
		if f.prices[i], err = f.past[i].Observe(&f.cfg.History, now, &a); err != nil {
			return fmt.Errorf("asset %d: %w", i, err)
		}
	}
	return nil
}

// aggregate is what the sources say about one asset.
func (f *Feed) aggregate(i int, now int64, truth fixed.Wad) (oracle.Aggregation, error) {
	if len(f.cfg.Sources) == 0 {
		a := oracle.Certain(truth, certainClasses)
		a.Dispersion = oracle.DefaultConfig().ConfidenceFloor
		return a, nil
	}
	f.reports = f.reports[:0]
	var c fixed.Calc
	for id := range f.cfg.Sources {
		s := &f.cfg.Sources[id]
		value := truth
		switch s.Conduct {
		case Silent:
			continue
		case Stuck:
			value = f.first[i]
		case Lying:
			value = c.MulTrunc(truth, c.Add(fixed.One(), s.Bias))
		case Honest:
			value = f.jitter(&c, truth, s.Noise)
		}
		source := oracle.Source{Class: s.Class, Weight: s.Weight, MaxAgeSeconds: maxReportAge}
		source.ID = uint32(id)
		f.reports = append(f.reports, oracle.Report{Source: source, Price: value, Time: now})
	}
	if err := c.Err(); err != nil {
		return oracle.Aggregation{}, err
	}
	return oracle.Aggregate(&f.ws, &f.cfg.Aggregate, f.reports, now, f.past[i].Sigma(&f.cfg.History))
}

const maxReportAge = 600

// jitter moves a price by up to a noise.
func (f *Feed) jitter(c *fixed.Calc, truth, noise fixed.Wad) fixed.Wad {
	if noise.IsZero() {
		return truth
	}
	part := fixed.FromRaw(f.rnd.Int64N(2_000_001) - 1_000_000) // millionths
	move := c.MulDivTrunc(noise, part, fixed.FromRaw(1_000_000))
	return c.MulTrunc(truth, c.Add(fixed.One(), move))
}
