package fetch_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/backtest/fetch"
)

// TestLatest asks every exchange for the bar that was over last, while the next one is still open.
func TestLatest(t *testing.T) {
	t.Parallel()
	for _, shape := range fetch.Providers() {
		t.Run(shape, func(t *testing.T) {
			t.Parallel()
			_, opt := serve(t, shape, start+100*hour+1800)
			got, err := fetch.Latest(t.Context(), opt)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(opt.Assets) {
				t.Fatalf("got %d closes, want %d", len(got), len(opt.Assets))
			}
			for i, c := range got {
				if c.Asset != opt.Assets[i] || c.Time != start+100*hour || c.Price.Sign() <= 0 {
					t.Errorf("got %+v", c)
				}
			}
		})
	}
}

// TestLatestNothing: a market that has been closed for long has no price, rather than an old one.
func TestLatestNothing(t *testing.T) {
	t.Parallel()
	v, opt := serve(t, "binance", start+100*hour+1800)
	v.closed = func(string, int64) bool { return true }
	if got, err := fetch.Latest(t.Context(), opt); !errors.Is(err, fetch.ErrEmpty) {
		t.Errorf("got %v, %v", got, err)
	}
}
