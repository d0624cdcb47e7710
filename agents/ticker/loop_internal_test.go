package ticker

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/log/v2"

	"github.com/ballast-finance/ballast/engine/enginetest"
)

// script answers without a network, and notes when it was asked for what.
type script struct {
	answer func(n int, symbol string) (status int, retryAfter, body string)

	mu    sync.Mutex
	begun time.Time
	asked []string
}

// RoundTrip answers at once.
func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	symbol := r.URL.Query().Get("symbol")
	s.asked = append(s.asked, symbol+"@"+time.Since(s.begun).String())
	status, retryAfter, body := s.answer(len(s.asked)-1, symbol)
	response := &http.Response{
		StatusCode: status, Status: http.StatusText(status), Header: http.Header{},
		Body: io.NopCloser(strings.NewReader(body)),
	}
	response.Header.Set("Retry-After", retryAfter)
	return response, nil
}

// play runs a ticker with one provider for a time that passes at once, and returns it and what was asked.
func play(t *testing.T, s *script, long time.Duration, symbols ...string) (*Ticker, []string) {
	t.Helper()
	c := Config{Interval: 5 * time.Second, Timeout: time.Second, MaxAge: time.Minute}
	p := Provider{Name: "x", endpoint: endpoint{url: "http://x/?symbol={symbol}", price: "p", pause: time.Second}}
	for _, symbol := range symbols {
		p.Assets = append(p.Assets, Asset{symbol, "u" + strings.ToLower(symbol)})
	}
	c.Providers = []Provider{p}
	k := New(c, log.NewNopLogger())
	k.client.Transport, s.begun = s, time.Now()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = k.Run(ctx)
	}()
	time.Sleep(long) // in a bubble, where time passes at once
	stop()
	<-done
	return k, s.asked
}

// TestRhythm: assets are asked for one after the other with a pause, and again after the interval.
func TestRhythm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answer: func(int, string) (int, string, string) { return 200, "", `{"p":1}` }}
		k, asked := play(t, s, 11*time.Second+time.Millisecond, "A", "B", "C")
		require.Equal(t, []string{"A@0s", "B@1s", "C@2s", "A@5s", "B@6s", "C@7s", "A@10s", "B@11s"}, asked)
		_, known := k.Price("uc")
		require.True(t, known)
	})
}

// TestBackoff: a provider that cannot answer is left alone longer and longer, and asked as before when it can again.
// The asset that it failed at does not keep the others from being asked for.
func TestBackoff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answer: func(n int, _ string) (int, string, string) {
			if n < 6 {
				return 500, "", ""
			}
			return 200, "", `{"p":1}`
		}}
		_, asked := play(t, s, 200*time.Second+time.Millisecond, "A", "B")
		require.Equal(t, []string{
			"A@0s", "B@5s", "A@15s", "B@35s", "A@1m15s", "B@2m15s", "A@3m15s", "B@3m16s", "A@3m20s",
		}, asked)
	})
	synctest.Test(t, func(t *testing.T) {
		s := &script{answer: func(_ int, symbol string) (int, string, string) {
			if symbol == "A" {
				return 503, "", ""
			}
			return 200, "", `{"p":1}`
		}}
		k, _ := play(t, s, 10*time.Minute, "A", "B", "C")
		_, known := k.Price("uc")
		require.True(t, known, "one bad asset does not starve the others")
	})
}

// TestRetryAfter: a provider that asks for patience is left alone for as long as it says.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{answer: func(n int, _ string) (int, string, string) {
			if n == 1 {
				return 429, "120", ""
			}
			return 200, "", `{"p":1}`
		}}
		k, asked := play(t, s, 131*time.Second, "A")
		require.Equal(t, []string{"A@0s", "A@5s", "A@2m5s", "A@2m10s"}, asked)
		require.Equal(t, []Health{{
			Provider: "x", Assets: 1, Fresh: 1, Answers: 3, Age: time.Second, Failures: 1,
		}}, k.Health())
	})
}

// TestPrice: the median of those that are fresh, when there are enough.
func TestPrice(t *testing.T) {
	t.Parallel()
	old := 61 * time.Second
	for _, test := range []struct {
		name   string
		prices []string // of the providers; empty: none yet
		age    []time.Duration
		least  int
		want   string // empty: nothing is said
	}{
		{"nobody", []string{"", "", ""}, make([]time.Duration, 3), 1, ""},
		{"one", []string{"", "7", ""}, make([]time.Duration, 3), 1, "7"},
		{"one of the two that are needed", []string{"", "7", ""}, make([]time.Duration, 3), 2, ""},
		{"the lower of two", []string{"9", "7", ""}, make([]time.Duration, 3), 2, "7"},
		{"the middle of three", []string{"9", "1000000", "0.1"}, make([]time.Duration, 3), 3, "9"},
		{"old ones do not count", []string{"9", "7", "8"}, []time.Duration{0, old, old}, 1, "9"},
		{"nor towards the number", []string{"9", "7", "8"}, []time.Duration{0, old, old}, 2, ""},
		{"just young enough", []string{"9", "", ""}, []time.Duration{time.Minute, 0, 0}, 1, "9"},
		{"the clock was put back", []string{"9", "7", ""}, []time.Duration{-2 * old, 0, 0}, 1, "7"},
		{"the clock was put back a little", []string{"9", "", ""}, []time.Duration{-time.Second, 0, 0}, 1, "9"},
		{"all are old", []string{"9", "7", "8"}, []time.Duration{old, old, old}, 1, ""},
	} {
		c := Config{MaxAge: time.Minute, MinProviders: test.least}
		for range test.prices {
			c.Providers = append(c.Providers, Provider{Assets: []Asset{{"X", "ux"}}})
		}
		k := New(c, log.NewNopLogger())
		k.now = noon
		for i, p := range test.prices {
			if p != "" {
				k.sources[i].entries[0].last = quote{enginetest.W(t, p), noon().Add(-test.age[i])}
			}
		}
		got, known := k.Price("ux")
		require.Equal(t, test.want != "", known, test.name)
		if known {
			require.Equal(t, test.want, got.String(), test.name)
		}
		_, known = k.Price("another")
		require.False(t, known)
	}
}

// TestFile: prices of a file, of the age of the file; a file that is gone or that is none is a failure and no more.
func TestFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string, age time.Duration) string {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		require.NoError(t, os.Chtimes(name, noon(), noon().Add(-age)))
		return name
	}
	pipe := filepath.Join(dir, "pipe.csv")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	lines := "symbol,price\nBTC, 97511.01 \r\nETH,3000\nBTC,1\nBAD,-5\nNONE\n"
	for _, test := range []struct {
		name, file, symbol string
		want               string // a price, or a part of the error
	}{
		{"lines", write("a.csv", lines, 0), "BTC", "97511.01"},
		{"another symbol", write("a.csv", lines, 0), "ETH", "3000"},
		{"negative", write("a.csv", lines, 0), "BAD", "expected a positive decimal"},
		{"without a price", write("a.csv", lines, 0), "NONE", "expected a positive decimal"},
		{"not in it", write("a.csv", lines, 0), "ATOM", `no line that begins with "ATOM,"`},
		{"old", write("b.csv", lines, 61*time.Second), "BTC", "one that is 1m1s old"},
		{"JSON", write("c.json", `{"BTC":"97511.01","ETH":3000.5}`, time.Second), "BTC", "97511.01"},
		{"a number", write("c.json", `{"BTC":"97511.01","ETH":3000.5}`, time.Second), "ETH", "3000.5"},
		{"JSON that is cut", write("d.json", `{"BTC":"97511.01"`, 0), "BTC", "expected JSON"},
		{"empty", write("e.csv", "", 0), "BTC", "no line"},
		{"huge", write("f.csv", strings.Repeat("x", maxBody+1), 0), "BTC", "at most 1048576 bytes"},
		{"gone", filepath.Join(dir, "gone.csv"), "BTC", "no such file"},
		{"a folder", dir, "BTC", "a plain file"},
		{"a pipe that nobody writes to", pipe, "BTC", "a plain file"},
	} {
		p := Provider{Assets: []Asset{{test.symbol, "ubtc"}}}
		require.NoError(t, p.place("here", map[string]string{"file": test.file}))
		k := New(Config{MaxAge: time.Minute, Providers: []Provider{p}}, log.NewNopLogger())
		k.now = noon
		require.Zero(t, k.round(t.Context(), k.sources[0]), test.name)
		if got, known := k.Price("ubtc"); known {
			require.Equal(t, test.want, got.String(), test.name)
			continue
		}
		_, err := k.quote(t.Context(), k.sources[0], test.symbol)
		require.ErrorContains(t, err, test.want, test.name)
	}
}
