package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/backtest/fetch"
)

const second = time.Second

// answers is a fault that sends a status and a body at one call.
func answers(at, status int, body string, header ...string) func(int, http.ResponseWriter, *http.Request) bool {
	return func(call int, w http.ResponseWriter, _ *http.Request) bool {
		if call != at {
			return false
		}
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
		return true
	}
}

// cut promises more bytes than it sends.
func cut(call int, w http.ResponseWriter, _ *http.Request) bool {
	if call != 2 {
		return false
	}
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(`[[1704067200000,"1","9","0.5","42`))
	return true
}

// slow answers after its client has gone.
func slow(call int, _ http.ResponseWriter, r *http.Request) bool {
	if call != 2 {
		return false
	}
	<-r.Context().Done()
	return true
}

// hang closes the connection.
func hang(call int, w http.ResponseWriter, _ *http.Request) bool {
	if call != 2 {
		return false
	}
	if hijacker, ok := w.(http.Hijacker); ok {
		if conn, _, err := hijacker.Hijack(); err == nil {
			_ = conn.Close()
		}
	}
	return true
}

// passing are faults after which the download ends well, with the wait before the second attempt.
var passing = []struct {
	name, shape string
	fault       func(int, http.ResponseWriter, *http.Request) bool
	wait        time.Duration
}{
	{"429", "binance", answers(2, 429, `{"code":-1003,"msg":"Too many requests"}`), second},
	{"429 with seconds", "binance", answers(2, 429, "", "Retry-After", "17"), 17 * second},
	{
		"429 with a date", "coinbase", answers(2, 429, "", "Retry-After", "Fri, 12 Jan 2024 16:00:42 GMT"),
		41_850 * time.Millisecond,
	},
	{"429 with a date gone by", "coinbase", answers(2, 429, "", "Retry-After", "Fri, 12 Jan 2023 16:00:00 GMT"), second},
	{"429 with words", "binance", answers(2, 429, "", "Retry-After", "soon"), second},
	{"418", "binance", answers(2, 418, "", "Retry-After", "2"), 2 * second},
	{"408", "okx", answers(2, 408, ""), second},
	{"500", "okx", answers(2, 500, "<html>oops</html>"), second},
	{"503", "kraken", answers(2, 503, ""), second},
	{"truncated JSON", "binance", answers(2, 200, `[[1704067200000,"1","9","0.5","42`), second},
	{"truncated body", "binance", cut, second},
	{"slow", "bybit", slow, second},
	{"connection closed", "bybit", hang, second},
	{"a page that is none", "okx", answers(2, 200, "<html>maintenance</html>"), second},
	{"a candle that is none", "bybit", answers(2, 200, `{"retCode":0,"result":{"list":[["1","2"]]}}`), second},
	{"a time that is none", "coinbase", answers(2, 200, `[["now",1,2,3,4,5]]`), second},
	{"kraken busy", "kraken", answers(2, 200, `{"error":["EGeneral:Too many requests"]}`), second},
	{"kraken without candles", "kraken", answers(2, 200, `{"error":[],"result":{"last":1}}`), second},
	{"kraken with other candles", "kraken", answers(2, 200, `{"error":[],"result":{"XXBTZUSD":{}}}`), second},
	{"okx busy", "okx", answers(2, 200, `{"code":"50011","msg":"Too Many Requests","data":[]}`), second},
	{"bybit busy", "bybit", answers(2, 200, `{"retCode":10006,"retMsg":"Too many visits!","result":{}}`), second},
}

func TestPassingFaults(t *testing.T) {
	t.Parallel()
	for _, test := range passing {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v, opt := serve(t, test.shape, start+11*day+16*hour)
			v.fault = test.fault
			switch test.name {
			case "slow":
				opt.Timeout = 50 * time.Millisecond
			case "connection closed": // the standard client itself tries again on a connection that it kept
				opt.HTTPClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			}
			report, err := fetch.Download(t.Context(), opt)
			if err != nil {
				t.Fatal(err)
			}
			same(t, opt.Out, expected(t, v, opt))
			if report.Retries != 1 || report.Requests != len(v.calls) || v.calls[1] != v.calls[2] {
				t.Errorf("got %+v, calls %v", report, v.calls)
			}
			if !slices.Contains(v.clock.slept, test.wait) {
				t.Errorf("slept %v, want %v among them", v.clock.slept, test.wait)
			}
		})
	}
}

// TestTruncated cuts the answer of every exchange in the middle.
func TestTruncated(t *testing.T) {
	t.Parallel()
	for _, shape := range fetch.Providers() {
		v, opt := serve(t, shape, start+300*hour)
		v.fault = answers(3, http.StatusOK, `[[17040672`)
		if shape == "kraken" || shape == "okx" || shape == "bybit" {
			v.fault = answers(3, http.StatusOK, `{"`)
		}
		report, err := fetch.Download(t.Context(), opt)
		if err != nil || report.Retries != 1 {
			t.Errorf("%s: got %+v, %v", shape, report, err)
		}
		same(t, opt.Out, expected(t, v, opt))
	}
}

// lasting are faults that end the download.
var lasting = []struct {
	name, shape string
	fault       func(int, http.ResponseWriter, *http.Request) bool
	kind        error
	want        string
}{
	{
		"404", "coinbase", answers(2, 404, `{"message":"NotFound"}`), fetch.ErrRefused,
		`coinbase, ETH-USD: fetch: refused by the provider: 404 Not Found: {"message":"NotFound"}`,
	},
	{
		"451", "binance", answers(2, 451, `{"code":0,"msg":"restricted location"}`), fetch.ErrRefused,
		"(it may not serve your region: choose another --provider)",
	},
	{
		"long ban", "binance", answers(2, 418, "", "Retry-After", "3600"), fetch.ErrUnavailable,
		"attempt 1: the provider is busy: 418 I'm a teapot: : try again in 1h0m0s, the same command continues",
	},
	{
		"negative price", "binance", answers(2, 200, `[[1704063600000,"1","9","0.5","-42.5"]]`), fetch.ErrBar,
		"binance, ETHUSDT, bar of 2023-12-31T23:00:00Z with close \"-42.5\"",
	},
	{
		"zero", "coinbase", answers(2, 200, `[[1704063600,1,9,5,0,1]]`), fetch.ErrBar, `with close "0"`,
	},
	{
		"no number", "okx", answers(2, 200, `{"code":"0","data":[["1704063600000","1","9","5","NaN","1"]]}`), fetch.ErrBar,
		"missing price",
	},
	{
		"null", "kraken", answers(2, 200, `{"error":[],"result":{"XETHZUSD":[[1704063600,"1","9","5",null,"1"]]}}`),
		fetch.ErrBar, `with close "null"`,
	},
	{
		"two prices of a bar", "binance",
		answers(2, 200, `[[1704063600000,"1","9","0.5","42"],[1704063600000,"1","9","0.5","43"]]`), fetch.ErrBar,
		`bar of 2023-12-31T23:00:00Z with close "43": 42 was sent for it too`,
	},
	{
		"bars of another step", "binance", answers(2, 200, `[[1704063900000,"1","9","0.5","42"]]`), fetch.ErrBar,
		"bar of 2023-12-31T23:05:00Z with close \"42\": expected bars at whole multiples of 3600s",
	},
}

func TestLastingFaults(t *testing.T) {
	t.Parallel()
	for _, test := range lasting {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v, opt := serve(t, test.shape, start+300*hour)
			v.fault = test.fault
			_, err := fetch.Download(t.Context(), opt)
			if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
			if len(v.calls) != 2 {
				t.Errorf("%d calls, want 2", len(v.calls))
			}
			if entries, _ := os.ReadDir(filepath.Dir(opt.Out)); len(entries) > 0 {
				t.Errorf("left %v", entries)
			}
		})
	}
}

// TestUnknownSymbol holds what every exchange says to it.
func TestUnknownSymbol(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"binance": "-1121", "bybit": "10001 Not supported symbols", "coinbase": "NotFound",
		"kraken": "EQuery:Unknown asset pair", "okx": "51001 Instrument ID doesn't exist.",
	}
	for _, shape := range fetch.Providers() {
		v, opt := serve(t, shape, start+300*hour)
		opt.Assets[2] = "GHOST"
		_, err := fetch.Download(t.Context(), opt)
		if !errors.Is(err, fetch.ErrRefused) || !strings.Contains(err.Error(), want[shape]) ||
			!strings.Contains(err.Error(), "GHOST") {
			t.Errorf("%s: got %v, want %s", shape, err, want[shape])
		}
		if len(v.calls) != 3 {
			t.Errorf("%s: %d calls, want 3", shape, len(v.calls))
		}
	}
}

// TestNeverBack gives up after six attempts, each later than the one before.
func TestNeverBack(t *testing.T) {
	t.Parallel()
	v, opt := serve(t, "binance", start+300*hour)
	v.fault = func(call int, w http.ResponseWriter, r *http.Request) bool {
		return answers(call, 503, "closed")(call, w, r)
	}
	_, err := fetch.Download(t.Context(), opt)
	const want = "fetch: provider unavailable: binance, BTCUSDT: attempt 6: " +
		"the provider is busy: 503 Service Unavailable: " +
		"closed: try again later, the same command continues"
	if !errors.Is(err, fetch.ErrUnavailable) || err.Error() != want {
		t.Errorf("got %v", err)
	}
	waits := []time.Duration{second, 2 * second, 4 * second, 8 * second, 16 * second}
	if got := v.clock.waits(); len(v.calls) != 6 || !slices.Equal(got, waits) {
		t.Errorf("%d calls, waits %v", len(v.calls), got)
	}
}

// TestDisorder sends pages that overlap, in any order, and with bars twice.
func TestDisorder(t *testing.T) {
	t.Parallel()
	v, opt := serve(t, "binance", start+300*hour)
	v.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
		symbol := r.URL.Query().Get("symbol")
		var rows []row
		for i := int64(-50); i < 350; i++ {
			open := start + (i*37%400+400)%400*hour - 60*hour // 37 has no divisor in common with 400
			rows = append(rows, row{open * 1000, "1", "9", "0.5", closeOf(symbol, open)})
		}
		reply(w, http.StatusOK, append(rows, rows[:100]...))
		return true
	}
	if _, err := fetch.Download(t.Context(), opt); err != nil {
		t.Fatal(err)
	}
	same(t, opt.Out, expected(t, v, opt))
}

// TestCancel ends at once, while waiting as well as between two attempts.
func TestCancel(t *testing.T) {
	t.Parallel()
	for _, fault := range []func(int, http.ResponseWriter, *http.Request) bool{slow, answers(2, 503, "")} {
		_, opt := serve(t, "binance", start+300*hour)
		ctx, cancel := context.WithCancel(t.Context())
		v, opt2 := serve(t, "binance", start+300*hour)
		opt.BaseURL, opt.Clock = opt2.BaseURL, v.clock
		v.fault = func(call int, w http.ResponseWriter, r *http.Request) bool {
			if call == 2 {
				cancel()
			}
			return fault(call, w, r)
		}
		if _, err := fetch.Download(ctx, opt); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if len(v.calls) != 2 {
			t.Errorf("%d calls", len(v.calls))
		}
	}
}

// TestCancelBetween ends before the next request is sent.
func TestCancelBetween(t *testing.T) {
	t.Parallel()
	v, opt := serve(t, "binance", start+300*hour)
	ctx, cancel := context.WithCancel(t.Context())
	opt.Progress = func(p fetch.Progress) {
		if p.Done == 1 {
			cancel()
		}
	}
	if _, err := fetch.Download(ctx, opt); !errors.Is(err, context.Canceled) || len(v.calls) != 1 {
		t.Errorf("got %v after %d calls", err, len(v.calls))
	}
}

// TestCancelWait ends a real wait of a minute.
func TestCancelWait(t *testing.T) {
	t.Parallel()
	v, opt := serve(t, "binance", start+300*hour)
	ctx, cancel := context.WithCancel(t.Context())
	opt.Clock = nil
	v.fault = func(_ int, w http.ResponseWriter, r *http.Request) bool {
		time.AfterFunc(100*time.Millisecond, cancel)
		return answers(1, 503, "", "Retry-After", "60")(1, w, r)
	}
	if _, err := fetch.Download(ctx, opt); !errors.Is(err, context.Canceled) || len(v.calls) != 1 {
		t.Errorf("got %v after %d calls", err, len(v.calls))
	}
}

func TestBadAddress(t *testing.T) {
	t.Parallel()
	_, opt := serve(t, "binance", start+300*hour)
	opt.BaseURL = "http://a b"
	if _, err := fetch.Download(t.Context(), opt); !errors.Is(err, fetch.ErrRefused) {
		t.Errorf("got %v", err)
	}
	opt.BaseURL = fmt.Sprintf("http://127.0.0.1:%d", 1) // nobody listens there
	if _, err := fetch.Download(t.Context(), opt); !errors.Is(err, fetch.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}
