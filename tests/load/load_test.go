package load_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/index"
	"github.com/ballast-finance/ballast/index/api"
	"github.com/ballast-finance/ballast/index/store"
	"github.com/ballast-finance/ballast/testutil/longchain"
)

// While it is looked at the history grows by a block in each second, and each so many of them are a round of all
// portfolios, which is much more often than portfolios decide.
const (
	live  = time.Second
	every = 20
)

// TestViewers: many look at a long history, and nobody waits long.
func TestViewers(t *testing.T) {
	t.Parallel()
	s, f := history(t)
	var n *node
	if *programs != "" {
		n = startNode(t)
	}
	a := api.New(api.Config{Chain: n.url(t), Forwarded: true, MaxLag: 1 << 62}, s)
	web := httptest.NewServer(a)
	ctx, cancel := context.WithCancel(t.Context())
	var others sync.WaitGroup
	defer func() {
		cancel()
		others.Wait()
		web.CloseClientConnections()
		web.Close()
	}()
	others.Go(func() { _ = a.Run(ctx) })
	quiet := n.quiet(t)
	others.Go(func() { grow(ctx, t, f, s) })
	r := newRecord()
	looking, stop := context.WithTimeout(ctx, *span)
	defer stop()
	before, used, crowd := n.now(t), processor(), crowd(t, web, r, n != nil)
	for _, path := range crowd[0].paths { // one asks for everything
		crowd[0].time(looking, crowd[0].of(path))
	}
	for _, v := range crowd {
		others.Go(func() { v.look(looking) })
	}
	<-looking.Done()
	r.show(t, *span, processor()-used)
	if n != nil {
		compare(t, quiet, n.blocks(t, before+1, n.now(t)))
	}
}

// crowd are all who look.
func crowd(t *testing.T, web *httptest.Server, r *record, node bool) []*viewer {
	t.Helper()
	paths, list := described(t, web), make([]*viewer, *viewers)
	for i := range list {
		list[i] = &viewer{
			url: web.URL, address: fmt.Sprintf("10.0.%d.%d", i/250, i%250+1), record: r, paths: paths, node: node,
			client: &http.Client{Transport: &http.Transport{MaxConnsPerHost: 7}}, // six and a stream
			random: rand.New(rand.NewPCG(1, uint64(i))),
			known:  map[string]known{}, written: map[string]int{},
			view: i % 10, portfolio: 1 + i%*portfolios, lot: 2 + i%(2**rounds),
		}
	}
	return list
}

// history opens one, and makes it as long as it is to be.
func history(t *testing.T) (*store.Store, *index.Follower) {
	t.Helper()
	dsn := *database
	if dsn == "" {
		dsn = filepath.Join(t.TempDir(), "history.db")
	}
	s, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	long := &longchain.Chain{Portfolios: *portfolios, Rounds: *rounds, Bids: 6}
	f := index.NewFollower(index.Config{}, long, s)
	begun, first := time.Now(), int64(0)
	if p, err := s.Progress(t.Context()); err == nil {
		first = p.Height
	}
	if first > int64(*made)+1 {
		return s, f // it is there
	}
	for height := first + 1; height <= int64(*made)+1; height++ {
		b, err := long.Block(t.Context(), height)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Write(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d rounds in %v", *made, time.Since(begun).Round(time.Second))
	lengthen(t, s, *made, *rounds)
	return s, f
}

// grow adds blocks, a round among them now and then.
func grow(ctx context.Context, t *testing.T, f *index.Follower, s *store.Store) {
	t.Helper()
	long := &longchain.Chain{Portfolios: *portfolios, Rounds: 1 << 30, Bids: 6}
	tick := time.NewTicker(min(live, *span/8))
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		whole := context.WithoutCancel(ctx)
		p, err := s.Progress(whole)
		if err != nil {
			t.Error(err)
			return
		}
		b := long.Between(p.Height + 1)
		if n%every == every/10 {
			b, err = long.Block(whole, p.Height+1)
		}
		if err == nil {
			err = f.Write(whole, b)
		}
		if err != nil {
			t.Error(err)
			return
		}
	}
}

// described are the paths of the API, but for the one that never ends.
func described(t *testing.T, web *httptest.Server) []string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web.URL+"/openapi.json", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() //nolint:errcheck // reading
	var document struct{ Paths map[string]any }
	text, err := io.ReadAll(response.Body)
	if err == nil {
		err = json.Unmarshal(text, &document)
	}
	if err != nil {
		t.Fatal(err)
	}
	paths := slices.Sorted(maps.Keys(document.Paths))
	paths = slices.DeleteFunc(paths, func(path string) bool { return path == "/v1/events" })
	if len(paths) < 30 {
		t.Fatalf("expected all paths, got %v", paths)
	}
	return append(paths, "/openapi.json")
}

// quiet are the times of a node's blocks while nobody looks.
func (n *node) quiet(t *testing.T) []time.Duration {
	t.Helper()
	if n == nil {
		return nil
	}
	from := n.now(t)
	time.Sleep(*span)
	return n.blocks(t, from, n.now(t))
}

func (n *node) now(t *testing.T) int64 {
	t.Helper()
	if n == nil {
		return 0
	}
	return n.height(t)
}

// compare holds the blocks that were made while people looked to those before.
func compare(t *testing.T, quiet, busy []time.Duration) {
	t.Helper()
	tell := func(name string, list []time.Duration) time.Duration {
		var sum time.Duration
		for _, d := range list {
			sum += d
		}
		mean := sum / time.Duration(max(1, len(list)))
		t.Logf("%s: %d blocks, mean %v, p50 %v, p99 %v", name, len(list), mean.Round(time.Millisecond),
			part(list, 0.5).Round(time.Millisecond), part(list, 0.99).Round(time.Millisecond))
		return mean
	}
	before, meanwhile := tell("blocks while nobody looks", quiet), tell("blocks meanwhile", busy)
	if *bound > 0 && meanwhile > before+before/10 {
		t.Errorf("expected blocks of %v, a tenth more at most, got %v", before, meanwhile)
	}
}
