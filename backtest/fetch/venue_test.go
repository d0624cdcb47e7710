package fetch_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/backtest/fetch"
	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/fixed"
)

const (
	hour  = 3600
	day   = 24 * hour
	start = 1_704_067_200 // 2024-01-01T00:00:00Z
)

// clock stands still but for those who sleep.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock(seconds int64) *clock { return &clock{now: time.Unix(seconds, 0)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept = append(c.slept, d)
	c.now = c.now.Add(d)
	return ctx.Err()
}

// waits are the sleeps of a second and more: those between attempts.
func (c *clock) waits() []time.Duration {
	return slices.DeleteFunc(slices.Clone(c.slept), func(d time.Duration) bool { return d < time.Second })
}

// venue answers like the exchanges do; it was written from their documents, not from the code under test.
type venue struct {
	shape  string
	clock  *clock
	listed map[string]int64 // symbol as the exchange writes it -> open time of its first bar
	closed func(symbol string, open int64) bool
	fault  func(call int, w http.ResponseWriter, r *http.Request) bool // true: has answered

	mu    sync.Mutex
	calls []string
}

// closeOf is the close of every bar of this world.
func closeOf(symbol string, open int64) string {
	level := int64(len(symbol)) * 1000
	for _, r := range symbol[:1] {
		level += int64(r)
	}
	return fmt.Sprintf("%d.%05d000", level+open/hour%1000, open/60%100_000)
}

func (v *venue) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	v.calls = append(v.calls, r.URL.String())
	call := len(v.calls)
	v.mu.Unlock()
	if v.fault != nil && v.fault(call, w, r) {
		return
	}
	if r.Header.Get("User-Agent") == "" {
		http.Error(w, `{"message":"User-Agent header is required."}`, http.StatusBadRequest)
		return
	}
	v.answer(w, r)
}

func (v *venue) answer(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	switch v.shape + r.URL.Path {
	case "binance/api/v3/klines":
		v.binance(w, q)
	case "bybit/v5/market/kline":
		v.bybit(w, q)
	case "kraken/0/public/OHLC":
		v.kraken(w, q)
	case "okx/api/v5/market/history-candles":
		v.okx(w, q)
	default:
		symbol, found := strings.CutPrefix(r.URL.Path, "/products/")
		if !found || v.shape != "coinbase" {
			http.NotFound(w, r)
			return
		}
		v.coinbase(w, q, strings.TrimSuffix(symbol, "/candles"))
	}
}

// opens are the bars that open from..to, the last of which may still be open.
func (v *venue) opens(symbol string, step, from, to int64) []int64 {
	var found []int64
	first := (max(from, v.listed[symbol]) + step - 1) / step * step
	for open := first; open <= min(to, v.clock.Now().Unix()); open += step {
		if v.closed == nil || !v.closed(symbol, open) {
			found = append(found, open)
		}
	}
	return found
}

func (v *venue) knows(symbol string) bool {
	_, found := v.listed[symbol]
	return found
}

func number(q url.Values, name string) int64 {
	n, err := strconv.ParseInt(q.Get(name), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	text, err := json.Marshal(body)
	if err != nil {
		text = []byte(err.Error())
	}
	_, _ = w.Write(text)
}

type row = []any

func (v *venue) binance(w http.ResponseWriter, q url.Values) {
	step, known := map[string]int64{"1h": hour, "1d": day}[q.Get("interval")]
	symbol, limit := q.Get("symbol"), number(q, "limit")
	switch {
	case !v.knows(symbol):
		reply(w, http.StatusBadRequest, map[string]any{"code": -1121, "msg": "Invalid symbol."})
		return
	case !known || limit > 1000:
		reply(w, http.StatusBadRequest, map[string]any{"code": -1120, "msg": "Invalid interval."})
		return
	}
	opens := v.opens(symbol, step, (number(q, "startTime")+999)/1000, number(q, "endTime")/1000)
	rows := []row{}
	for _, open := range opens[:min(len(opens), int(limit))] {
		rows = append(rows, row{
			open * 1000, "1.0", "9.0", "0.5", closeOf(symbol, open), "148976.11427815", (open+step)*1000 - 1,
			"2434.19055334", 308, "1756.87402397", "28.46694368", "0",
		})
	}
	reply(w, http.StatusOK, rows)
}

func (v *venue) bybit(w http.ResponseWriter, q url.Values) {
	step, known := map[string]int64{"60": hour, "D": day}[q.Get("interval")]
	symbol, limit := q.Get("symbol"), number(q, "limit")
	if !v.knows(symbol) || !known || limit > 1000 || q.Get("category") != "spot" {
		reply(w, http.StatusOK, map[string]any{
			"retCode": 10001, "retMsg": "Not supported symbols", "result": map[string]any{}, "time": 1,
		})
		return
	}
	opens := v.opens(symbol, step, (number(q, "start")+999)/1000, number(q, "end")/1000)
	slices.Reverse(opens)
	rows := []row{}
	for _, open := range opens[:min(len(opens), int(limit))] {
		rows = append(rows, row{
			strconv.FormatInt(open*1000, 10), "1", "9", "0.5", closeOf(symbol, open), "268611", "15.74462667",
		})
	}
	reply(w, http.StatusOK, map[string]any{
		"retCode": 0, "retMsg": "OK", "result": map[string]any{"category": "spot", "symbol": symbol, "list": rows},
	})
}

func (v *venue) coinbase(w http.ResponseWriter, q url.Values, symbol string) {
	from, errFrom := time.Parse(time.RFC3339, q.Get("start"))
	to, errTo := time.Parse(time.RFC3339, q.Get("end"))
	step := number(q, "granularity")
	switch {
	case !v.knows(symbol):
		reply(w, http.StatusNotFound, map[string]any{"message": "NotFound"})
		return
	case errFrom != nil || errTo != nil || step != hour && step != day:
		reply(w, http.StatusBadRequest, map[string]any{"message": "Unsupported granularity"})
		return
	case (to.Unix()-from.Unix())/step+1 > 300:
		reply(w, http.StatusBadRequest, map[string]any{"message": "granularity too small for the requested time range"})
		return
	}
	opens := v.opens(symbol, step, from.Unix()-2*step, to.Unix()) // some bars may precede the start
	slices.Reverse(opens)
	rows := []row{}
	for _, open := range opens {
		rows = append(rows, row{open, 0.5, 9.0, 1.0, json.Number(closeOf(symbol, open)), 11.8})
	}
	reply(w, http.StatusOK, rows)
}

func (v *venue) kraken(w http.ResponseWriter, q url.Values) {
	step, symbol := number(q, "interval")*60, q.Get("pair")
	if !v.knows(symbol) || step != hour && step != day {
		reply(w, http.StatusOK, map[string]any{"error": []string{"EQuery:Unknown asset pair"}})
		return
	}
	opens := v.opens(symbol, step, number(q, "since")+1, 1<<40)
	opens = opens[max(0, len(opens)-720):]
	rows := []row{}
	for _, open := range opens {
		rows = append(rows, row{open, "1.0", "9.0", "0.5", closeOf(symbol, open), "52574.1", "12.86", 354})
	}
	reply(w, http.StatusOK, map[string]any{
		"error": []string{}, "result": map[string]any{"X" + symbol[:3] + "Z" + symbol[3:]: rows, "last": 1},
	})
}

func (v *venue) okx(w http.ResponseWriter, q url.Values) {
	step, known := map[string]int64{"1H": hour, "1Dutc": day}[q.Get("bar")]
	symbol, limit := q.Get("instId"), number(q, "limit")
	if !v.knows(symbol) || !known || limit > 100 {
		reply(w, http.StatusOK, map[string]any{"code": "51001", "msg": "Instrument ID doesn't exist.", "data": []row{}})
		return
	}
	after, before := number(q, "after"), number(q, "before") // older than, newer than
	opens := v.opens(symbol, step, before/1000+1, (after-1)/1000)
	slices.Reverse(opens)
	rows := []row{}
	for _, open := range opens[:min(len(opens), int(limit))] {
		confirm := "1"
		if open+step > v.clock.Now().Unix() {
			confirm = "0"
		}
		rows = append(rows, row{
			strconv.FormatInt(open*1000, 10), "1", "9", "0.5", closeOf(symbol, open),
			"8422410", "22698348.04", "126.9", confirm,
		})
	}
	reply(w, http.StatusOK, map[string]any{"code": "0", "msg": "", "data": rows})
}

// symbols are BTC, ETH and ATOM in the spelling of every exchange, in their usual quotes.
var symbols = map[string][]string{
	"binance":  {"BTCUSDT", "ETHUSDT", "ATOMUSDT"},
	"bybit":    {"BTCUSDT", "ETHUSDT", "ATOMUSDT"},
	"coinbase": {"BTC-USD", "ETH-USD", "ATOM-USD"},
	"kraken":   {"XBTUSD", "ETHUSD", "ATOMUSD"},
	"okx":      {"BTC-USDT", "ETH-USDT", "ATOM-USDT"},
}

// serve starts an exchange at a time, and returns it with options for 300 hourly rows of three assets.
func serve(t *testing.T, shape string, now int64) (*venue, fetch.Options) {
	t.Helper()
	v := &venue{shape: shape, clock: newClock(now), listed: map[string]int64{}}
	for _, symbol := range symbols[shape] {
		v.listed[symbol] = 0
	}
	server := httptest.NewServer(v)
	t.Cleanup(server.Close)
	return v, fetch.Options{
		Provider: shape, Assets: []string{"BTC", "ETH", "ATOM"}, From: start, To: start + 299*hour, StepSeconds: hour,
		Out: filepath.Join(t.TempDir(), "prices.csv"), BaseURL: server.URL + "/", Clock: v.clock,
	}
}

// expected is the file that a download must write: the rows between two times at which every asset has a bar.
func expected(t *testing.T, v *venue, opt fetch.Options) string {
	t.Helper()
	text := price.AppendHeader(nil, opt.Assets)
	for at := opt.From; at <= opt.To && at <= v.clock.Now().Unix(); at += opt.StepSeconds {
		open := at - opt.StepSeconds
		var prices []fixed.Wad
		for _, symbol := range symbols[v.shape][:len(opt.Assets)] {
			if open < v.listed[symbol] || v.closed != nil && v.closed(symbol, open) {
				continue
			}
			p, _, err := price.Parse(closeOf(symbol, open))
			if err != nil {
				t.Fatal(err)
			}
			prices = append(prices, p)
		}
		if len(prices) == len(opt.Assets) {
			text = price.AppendRow(text, at, prices)
		}
	}
	return string(text)
}
