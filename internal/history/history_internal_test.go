package history

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cosmossdk.io/log/v2"

	"github.com/ballast-finance/ballast/index/chain"
	"github.com/ballast-finance/ballast/index/store"
)

// demo is a recorded chain, from a block on.
func demo(t *testing.T, first int64) chain.Source {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "index", "testdata", "demo.tape"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // reading
	tape, err := chain.LoadTape(f)
	if err != nil {
		t.Fatal(err)
	}
	return pruned{tape, first}
}

// pruned is a node that has thrown away its first blocks.
type pruned struct {
	chain.Source

	first int64
}

func (p pruned) Head(ctx context.Context) (chain.Head, error) {
	head, err := p.Source.Head(ctx)
	head.First = p.first
	return head, err
}

// TestServed: while a history is written it is served, and the end of the one ends the other.
func TestServed(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // reading
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	at, done := make(chan net.Addr, 1), make(chan error, 1)
	opt := Options{Listen: "127.0.0.1:0", Log: log.NewNopLogger(), serving: func(a net.Addr) { at <- a }}
	go func() { done <- both(ctx, &opt, demo(t, 1), s) }()
	url := "http://" + (<-at).String()
	ask := func(path string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close() //nolint:errcheck // reading
		return answer.StatusCode
	}
	deadline := time.After(30 * time.Second)
	for status := 0; status != http.StatusOK; status = ask("/v1/portfolios/4") {
		select {
		case <-deadline:
			t.Fatal("expected the portfolio of the chain")
		case <-time.After(10 * time.Millisecond):
		}
	}
	if status := ask("/v1/events"); status != http.StatusOK {
		t.Errorf("expected a stream, got %d", status)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestForget: a history is made again, unless the node has less than it.
func TestForget(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // reading
	opt := Options{Until: 20, Log: log.NewNopLogger()}
	for range 2 { // an empty one can be forgotten, too
		if err := forget(t.Context(), &opt, demo(t, 1), s); err != nil {
			t.Fatal(err)
		}
		if err := both(t.Context(), &opt, demo(t, 1), s); err != nil {
			t.Fatal(err)
		}
	}
	if err := forget(t.Context(), &opt, demo(t, 2), s); !errors.Is(err, ErrOlder) {
		t.Errorf("expected ErrOlder, got %v", err)
	}
	if p, err := s.Progress(t.Context()); err != nil || p.Height != 20 {
		t.Errorf("expected that nothing was lost, got %+v, %v", p, err)
	}
	opt.Gaps = true
	if err := forget(t.Context(), &opt, demo(t, 2), s); err != nil {
		t.Error(err)
	}
	if _, err := s.Progress(t.Context()); !errors.Is(err, store.ErrEmpty) {
		t.Errorf("expected nothing, got %v", err)
	}
}
