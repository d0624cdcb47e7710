package ticker

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	maxBackoff = time.Minute
	maxWait    = time.Hour // of a Retry-After
)

// Run asks all providers until the context ends. It returns no error: a node goes on without prices.
func (t *Ticker) Run(ctx context.Context) error {
	var all sync.WaitGroup
	for _, s := range t.sources {
		all.Go(func() { t.serve(ctx, s) })
	}
	all.Wait()
	t.client.CloseIdleConnections()
	return nil
}

// serve asks one provider until the context ends.
func (t *Ticker) serve(ctx context.Context, s *source) {
	for {
		begun := t.now()
		wait := t.round(ctx, s)
		if !sleep(ctx, max(wait, t.config.Interval-t.now().Sub(begun))) {
			return
		}
	}
}

// round asks for every asset once, and says how long the provider must be left alone. It ends at the first sign that
// the provider cannot answer now; the next one begins behind the asset that was asked for then, which may be why.
func (t *Ticker) round(ctx context.Context, s *source) (wait time.Duration) {
	first := s.next
	for i := range s.entries {
		if i > 0 && !sleep(ctx, s.pause) {
			return 0
		}
		at := (first + i) % len(s.entries)
		e := s.entries[at]
		q, err := t.quote(ctx, s, e.asset.Symbol)
		if ctx.Err() != nil {
			return 0
		}
		t.keep(s, e, q, err)
		if u, busy := errors.AsType[*unavailableError](err); busy {
			s.next = (at + 1) % len(s.entries)
			s.backoff = min(max(2*s.backoff, t.config.Interval), maxBackoff)
			return max(s.backoff, min(u.wait, maxWait))
		}
	}
	s.backoff = 0
	return 0
}

// quote asks a provider for one price that is not too old.
func (t *Ticker) quote(ctx context.Context, s *source, symbol string) (q quote, err error) {
	if s.File != "" {
		q, err = s.fileQuote(s.File, symbol, t.now())
	} else {
		q, err = t.ask(ctx, &s.endpoint, symbol)
	}
	if age := t.now().Sub(q.at); err == nil && age > t.config.MaxAge {
		err = fmt.Errorf("%w: expected a price of the last %v, got one that is %v old", ErrOld, t.config.MaxAge,
			age.Round(time.Second))
	}
	return q, err
}

// sleep waits, and reports whether the context is still there.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
