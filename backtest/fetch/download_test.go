package fetch_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/backtest/fetch"
	"github.com/ballast-finance/ballast/backtest/price"
)

// same compares a file with a text, and makes sure that the file is good.
func same(t *testing.T, file, want string) {
	t.Helper()
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("got %d lines, want %d:\n%.300s\nwant\n%.300s", strings.Count(string(got), "\n"),
			strings.Count(want, "\n"), got, want)
	}
	if _, _, err := price.Load([]string{file}, price.Options{}); err != nil {
		t.Error(err)
	}
}

// alone fails when there is anything beside the output.
func alone(t *testing.T, file string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil || len(entries) != 1 || entries[0].Name() != filepath.Base(file) {
		t.Errorf("got %v, %v, want %s alone", entries, err, filepath.Base(file))
	}
}

// TestProviders downloads several pages from every exchange, with holes.
func TestProviders(t *testing.T) {
	t.Parallel()
	requests := map[string]int{"binance": 6, "bybit": 6, "coinbase": 15, "kraken": 3, "okx": 39}
	for _, shape := range fetch.Providers() {
		t.Run(shape, func(t *testing.T) {
			t.Parallel()
			v, opt := serve(t, shape, start+1299*hour+1800)
			opt.To = start + 1299*hour
			if shape == "kraken" {
				opt.From = opt.To - 700*hour
			}
			v.closed = func(symbol string, open int64) bool {
				hours := (open - start) / hour
				return hours%500 == 250 || symbol == symbols[shape][2] && hours%300 == 299
			}
			report, err := fetch.Download(t.Context(), opt)
			if err != nil {
				t.Fatal(err)
			}
			want := expected(t, v, opt)
			same(t, opt.Out, want)
			alone(t, opt.Out)
			rows := strings.Count(want, "\n") - 1
			if report.Rows != rows || report.Added != rows || report.Provider != shape || len(report.Warnings) > 0 {
				t.Errorf("got %+v, want %d rows", report, rows)
			}
			whole := report.First == opt.From && report.Last == opt.To
			if !whole || report.Requests != requests[shape] || report.Retries != 0 {
				t.Errorf("got %+v, want %d requests", report, requests[shape])
			}
			c := report.Columns[2]
			if c.Asset != "ATOM" || c.Missing < 2 || c.First != opt.From || report.Columns[0].Missing != 0 {
				t.Errorf("got columns %+v", report.Columns)
			}
			if len(v.clock.slept) != report.Requests-1 || len(v.clock.waits()) > 0 && shape != "kraken" {
				t.Errorf("%d requests are spaced by %v", report.Requests, v.clock.slept)
			}
		})
	}
}

// TestDaily asks for another step, and until now: the bar that is still open is not a row.
func TestDaily(t *testing.T) {
	t.Parallel()
	for _, shape := range fetch.Providers() {
		t.Run(shape, func(t *testing.T) {
			t.Parallel()
			v, opt := serve(t, shape, start+40*day+day/2)
			opt.StepSeconds, opt.To = day, 0
			if _, err := fetch.Download(t.Context(), opt); err != nil {
				t.Fatal(err)
			}
			opt.To = start + 40*day
			same(t, opt.Out, expected(t, v, opt))
		})
	}
}

// TestFromBetweenBars begins with the first row that is not before From.
func TestFromBetweenBars(t *testing.T) {
	t.Parallel()
	v, opt := serve(t, "binance", start+1000*hour)
	opt.From -= 1800
	opt.To += 1800
	if _, err := fetch.Download(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	opt.From, opt.To = start, start+299*hour
	same(t, opt.Out, expected(t, v, opt))
}

// TestListedLater has an asset that the exchange lists in the middle.
func TestListedLater(t *testing.T) {
	t.Parallel()
	v, opt := serve(t, "okx", start+1000*hour)
	v.listed["ATOM-USDT"] = start + 210*hour
	report, err := fetch.Download(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	same(t, opt.Out, expected(t, v, opt))
	want := fetch.Column{Asset: "ATOM", First: start + 211*hour, Bars: 89, Missing: 211}
	if report.Columns[2] != want || report.First != start+211*hour {
		t.Errorf("got %+v, want %+v", report.Columns[2], want)
	}
}

func TestNothingThere(t *testing.T) {
	t.Parallel()
	v, opt := serve(t, "bybit", start+1000*hour)
	v.listed["ETHUSDT"] = start + 999*hour
	_, err := fetch.Download(t.Context(), opt)
	const want = "bybit has nothing of ETH in USDT between 2024-01-01T00:00:00Z and 2024-01-13T11:00:00Z: " +
		"was it listed then?"
	if !errors.Is(err, fetch.ErrEmpty) || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
	v.listed["ETHUSDT"] = 0
	v.closed = func(symbol string, open int64) bool { return (symbol == "BTCUSDT") == (open/hour%2 == 0) }
	if _, err = fetch.Download(t.Context(), opt); !errors.Is(err, fetch.ErrEmpty) {
		t.Errorf("got %v", err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(opt.Out)); len(entries) > 0 {
		t.Errorf("left %v", entries)
	}
}

// TestProgress is told of every request.
func TestProgress(t *testing.T) {
	t.Parallel()
	_, opt := serve(t, "coinbase", start+1000*hour)
	opt.To = start + 599*hour
	var seen []fetch.Progress
	opt.Progress = func(p fetch.Progress) { seen = append(seen, p) }
	if _, err := fetch.Download(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 7 || seen[0] != (fetch.Progress{Total: 6}) {
		t.Errorf("got %+v", seen)
	}
	if want := (fetch.Progress{Done: 6, Total: 6, Rows: 600, Time: opt.To}); seen[len(seen)-1] != want {
		t.Errorf("got %+v, want %+v", seen[len(seen)-1], want)
	}
}

// hosts keeps the addresses that a download would have gone to.
type hosts struct{ seen []string }

func (h *hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	h.seen = append(h.seen, r.URL.Scheme+"://"+r.URL.Host)
	return nil, errors.New("no network in tests")
}

// TestAddresses holds where every provider lives.
func TestAddresses(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"binance": "https://api.binance.com", "bybit": "https://api.bybit.com",
		"coinbase": "https://api.exchange.coinbase.com", "kraken": "https://api.kraken.com", "okx": "https://www.okx.com",
	}
	for _, shape := range fetch.Providers() {
		_, opt := serve(t, shape, start+300*hour)
		seen := &hosts{}
		opt.BaseURL, opt.HTTPClient = "", &http.Client{Transport: seen}
		if _, err := fetch.Download(t.Context(), opt); !errors.Is(err, fetch.ErrUnavailable) {
			t.Errorf("%s: got %v", shape, err)
		}
		if len(seen.seen) != 6 || seen.seen[0] != want[shape] {
			t.Errorf("%s: got %v", shape, seen.seen)
		}
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	for _, shape := range fetch.Providers() {
		steps, err := fetch.Steps(shape)
		if err != nil || !slices.IsSorted(steps) || !slices.Contains(steps, hour) || !slices.Contains(steps, day) {
			t.Errorf("%s: got %v, %v", shape, steps, err)
		}
	}
	if _, err := fetch.Steps("nowhere"); !errors.Is(err, fetch.ErrOptions) {
		t.Errorf("got %v", err)
	}
}

// wrong are options that cannot be asked for, with a part of what is said.
var wrong = []struct {
	name   string
	change func(*fetch.Options)
	want   string
}{
	{"provider", func(o *fetch.Options) { o.Provider = "mtgox" }, `no provider "mtgox": expected one of binance, bybit,`},
	{"step", func(o *fetch.Options) { o.StepSeconds = 7 }, "binance has no step of 7s: expected one of [60 180 300"},
	{"no asset", func(o *fetch.Options) { o.Assets = nil }, "at least one asset"},
	{"no output", func(o *fetch.Options) { o.Out = "" }, "an output file"},
	{"no symbol", func(o *fetch.Options) { o.Assets[1] = "A&B" }, `expected a symbol like BTC, got "A&B"`},
	{"no quote symbol", func(o *fetch.Options) { o.Quote = "US/D" }, `got "US/D"`},
	{"long symbol", func(o *fetch.Options) { o.Assets[1] = strings.Repeat("A", 21) }, "expected a symbol"},
	{"asset twice", func(o *fetch.Options) { o.Assets[1] = "BTC" }, "BTC is there twice"},
	{"asset is quote", func(o *fetch.Options) { o.Assets[1] = "usdt" }, "usdt is the quote itself"},
	{"no start", func(o *fetch.Options) { o.From = 0 }, "expected a first row between 1970 and the last, got 1970-"},
	{"upside down", func(o *fetch.Options) { o.To = o.From - 1 }, "got 2024-01-01T00:00:00Z to 2023-12-31T23:59:59Z"},
	{"future", func(o *fetch.Options) { o.From = 1 << 40 }, "expected a first row between"},
	{"no bar ends", func(o *fetch.Options) { o.From, o.To = start+1, start+3599 }, "no bar of 3600s ends between"},
	{
		"too old for Kraken",
		func(o *fetch.Options) { o.Provider, o.To = "kraken", 0 },
		"kraken keeps the last 720 bars only: begin at 2024-01-12T18:00:00Z or later",
	},
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for _, test := range wrong {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v, opt := serve(t, "binance", start+1000*hour)
			test.change(&opt)
			_, err := fetch.Download(t.Context(), opt)
			if !errors.Is(err, fetch.ErrOptions) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
			if len(v.calls) > 0 {
				t.Errorf("asked for %v", v.calls)
			}
		})
	}
}

// TestKrakenBegins takes the advice of the error.
func TestKrakenBegins(t *testing.T) {
	t.Parallel()
	v, opt := serve(t, "kraken", start+1000*hour+60)
	opt.From, opt.To = start+282*hour, 0
	if _, err := fetch.Download(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	opt.To = start + 1000*hour
	same(t, opt.Out, expected(t, v, opt))
}

// TestSystemClock is the only test that looks at the real time.
func TestSystemClock(t *testing.T) {
	t.Parallel()
	_, opt := serve(t, "binance", time.Now().Unix())
	opt.Clock, opt.Assets = nil, []string{"BTC", "ETH"}
	report, err := fetch.Download(t.Context(), opt)
	if err != nil || report.Rows != 300 || report.Requests != 2 {
		t.Errorf("got %+v, %v", report, err)
	}
}
