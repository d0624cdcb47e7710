package ticker

import (
	"net/http"
	"sync"
	"time"

	"cosmossdk.io/log/v2"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// Ticker knows prices.
type Ticker struct {
	config Config
	log    log.Logger
	client *http.Client
	now    func() time.Time
	began  time.Time

	mu      sync.Mutex
	poll    oracle.Poll
	ballots []oracle.Ballot
	sources []*source
	byDenom map[string][]*entry
}

// source is a provider at work.
type source struct {
	Provider

	entries  []*entry // parallel to its assets
	answers  uint64
	failures uint64
	next     int           // the asset that a round begins with
	backoff  time.Duration // after the last round
}

// entry is what a provider knows of an asset.
type entry struct {
	provider uint32 // its place in the configuration
	asset    Asset
	last     quote
	err      error // of the last answer
	asked    bool
}

// New makes a ticker that knows nothing yet.
func New(config Config, logger log.Logger) *Ticker {
	t := &Ticker{
		config: config, log: logger.With(log.ModuleKey, "ticker"), client: newClient(), byDenom: make(map[string][]*entry),
		now: func() time.Time { return time.Now().Round(0) }, //nolint:forbidigo // the one clock of a ticker
	}
	t.began = t.now()
	place := uint32(0)
	for _, p := range config.Providers {
		s := &source{Provider: p}
		for _, a := range p.Assets {
			e := &entry{provider: place, asset: a}
			s.entries = append(s.entries, e)
			t.byDenom[a.Denom] = append(t.byDenom[a.Denom], e)
		}
		t.sources = append(t.sources, s)
		place++
	}
	return t
}

// Price is that of a display unit: the median of the providers that have one which is not too old.
func (t *Ticker) Price(denom string) (fixed.Wad, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	t.ballots = t.ballots[:0]
	for _, e := range t.byDenom[denom] {
		if t.fresh(e, now) {
			t.ballots = append(t.ballots, oracle.Ballot{Validator: e.provider, Power: 1, Price: e.last.price})
		}
	}
	if len(t.ballots) < max(t.config.MinProviders, 1) {
		return fixed.Wad{}, false
	}
	tally, err := t.poll.Median(t.ballots, uint64(len(t.ballots)))
	return tally.Value, err == nil && tally.Status == oracle.StatusOK
}

// fresh reports whether a price may be said. When the clock was put back, prices from the future are no fresher.
func (t *Ticker) fresh(e *entry, now time.Time) bool {
	return e.last.price.Sign() > 0 && now.Sub(e.last.at).Abs() <= t.config.MaxAge
}

// Health is how a provider does.
type Health struct {
	Provider string
	Assets   int
	Fresh    int           // assets whose price is not too old
	Answers  uint64        // that had a price
	Age      time.Duration // of the newest price; before the first, since the ticker was made
	Failures uint64        // answers that had none
}

// Health tells how the providers do, in the order of the configuration.
func (t *Ticker) Health() []Health {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	list := make([]Health, len(t.sources))
	for i, s := range t.sources {
		h := &list[i]
		*h = Health{Provider: s.Name, Assets: len(s.entries), Answers: s.answers, Failures: s.failures}
		newest := t.began
		if s.answers > 0 {
			newest = time.Time{}
		}
		for _, e := range s.entries {
			if t.fresh(e, now) {
				h.Fresh++
			}
			if e.last.at.After(newest) {
				newest = e.last.at
			}
		}
		h.Age = max(now.Sub(newest), 0)
	}
	return list
}

// keep keeps an answer or counts a failure, and logs what has changed.
func (t *Ticker) keep(s *source, e *entry, q quote, err error) {
	t.mu.Lock()
	before, first := e.err != nil, !e.asked
	e.asked, e.err = true, err
	if err == nil {
		e.last = q
		s.answers++
	} else {
		s.failures++
	}
	t.mu.Unlock()
	switch {
	case err != nil && !before:
		t.log.Error("no price", "provider", s.Name, "symbol", e.asset.Symbol, "error", err)
	case err == nil && (before || first):
		t.log.Info("a price", "provider", s.Name, "symbol", e.asset.Symbol, "denom", e.asset.Denom, "price", q.price)
	}
}
