package ticker

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/log/v2"
)

// noon is the moment of all tests.
func noon() time.Time { return time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC) }

// elsewhere sends every request to a local server, whatever host it is for, and keeps what was asked.
type elsewhere struct {
	to    string
	asked []string
}

// RoundTrip notes the address and goes to the server.
func (e *elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	e.asked = append(e.asked, r.URL.String())
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = "http", strings.TrimPrefix(e.to, "http://")
	return http.DefaultTransport.RoundTrip(r)
}

// at makes a ticker that asks a local server at noon.
func at(t *testing.T, c Config, handler http.HandlerFunc) (*Ticker, *elsewhere) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	way := &elsewhere{to: server.URL}
	k := New(c, log.NewNopLogger())
	k.client.Transport, k.now = way, noon
	return k, way
}

// one is a configuration with one provider.
func one(t *testing.T, name, symbol string) Config {
	t.Helper()
	c := Config{Interval: time.Second, Timeout: time.Second, MaxAge: time.Minute, MinProviders: 1}
	p := Provider{Name: name, Assets: []Asset{{symbol, "ubtc"}}}
	require.NoError(t, p.place("here", map[string]string{"preset": name}))
	c.Providers = []Provider{p}
	return c
}

// answers are what the exchanges send, shortened where nothing is read.
func answers() map[string][2]string {
	return map[string][2]string{
		"binance": {
			"https://api.binance.com/api/v3/ticker/price?symbol=BTCUSDT",
			`{"symbol":"BTCUSDT","price":"97511.01000000"}`,
		},
		"bybit": {
			"https://api.bybit.com/v5/market/tickers?category=spot&symbol=BTCUSDT",
			`{"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[{"symbol":"BTCUSDT","bid1Price":"97511",
			"bid1Size":"2","ask1Price":"97511.02","ask1Size":"1.5","lastPrice":"97511.01","prevPrice24h":"96000",
			"volume24h":"6780.1"}]},"retExtInfo":{},"time":1769860799123}`,
		},
		"coinbase": {
			"https://api.exchange.coinbase.com/products/BTC-USD/ticker",
			`{"ask":"97511.02","bid":"97511.00","volume":"8000.1","trade_id":912345678,"price":"97511.01",
			"size":"0.0012","time":"2026-01-31T11:59:58.123456Z","rfq_volume":"12.5"}`,
		},
		"gate": {
			"https://api.gateio.ws/api/v4/spot/tickers?currency_pair=BTC_USDT",
			`[{"currency_pair":"BTC_USDT","last":"97511.01","lowest_ask":"97511.1","highest_bid":"97511",
			"change_percentage":"1.2","base_volume":"5000"}]`,
		},
		"kraken": {
			"https://api.kraken.com/0/public/Ticker?pair=XXBTZUSD",
			`{"error":[],"result":{"XXBTZUSD":{"a":["97511.10000","1","1.000"],"b":["97511.00000","1","1.000"],
			"c":["97511.01000","0.00067643"],"v":["4083.67","4412.73"],"t":[34619,38907],"o":"96000.00000"}}}`,
		},
		"okx": {
			"https://www.okx.com/api/v5/market/ticker?instId=BTC-USDT",
			`{"code":"0","msg":"","data":[{"instType":"SPOT","instId":"BTC-USDT","last":"97511.01","lastSz":"0.1",
			"askPx":"97511.1","bidPx":"97511","ts":"1769860799123"}]}`,
		},
	}
}

// TestPresets: every exchange that is known is asked at its address, and its answer is understood.
func TestPresets(t *testing.T) {
	t.Parallel()
	names, symbols := Presets()
	all := answers()
	require.Len(t, all, len(names))
	for i, name := range names {
		require.Contains(t, Template, name+" ("+symbols[i]+")", "the text of app.toml names it")
		k, way := at(t, one(t, name, symbols[i]), func(w http.ResponseWriter, r *http.Request) {
			if r.UserAgent() != userAgent {
				w.WriteHeader(http.StatusForbidden)
			}
			_, _ = fmt.Fprint(w, all[name][1])
		})
		require.Zero(t, k.round(t.Context(), k.sources[0]), name)
		require.Equal(t, []string{all[name][0]}, way.asked)
		got, known := k.Price("ubtc")
		require.True(t, known, name)
		require.Equal(t, "97511.01", got.String(), name)
		health := k.Health()
		require.Less(t, health[0].Age, k.config.MaxAge, "by the exchange's own clock, where it tells the time")
		health[0].Age = 0
		require.Equal(t, []Health{{Provider: name, Assets: 1, Fresh: 1, Answers: 1}}, health)
	}
}

// TestAddress: a symbol is written as an address wants it.
func TestAddress(t *testing.T) {
	t.Parallel()
	e := endpoint{url: "https://x.example/a/{symbol}/b?of={symbol}&and={symbol}"}
	require.Equal(t, "https://x.example/a/BTC%2FUSD/b?of=BTC%2FUSD&and=BTC%2FUSD", e.address("BTC/USD"))
	require.Equal(t, "https://x.example/a/A+B/b?of=A%2BB&and=A%2BB", e.address("A+B"))
}

// TestRefusals: what exchanges say when they have no price is shown, and when it means patience it is heeded.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, symbol string
		status       int
		body         string
		want         error
		says         string
	}{
		{"binance", "BTCUSD", 400, `{"code":-1121,"msg":"Invalid symbol."}`, ErrAnswer, "Invalid symbol."},
		{"binance", "BTCUSDT", 451, `{"code":0,"msg":"restricted location"}`, ErrAnswer, "restricted location"},
		{"coinbase", "BTC-EUX", 404, `{"message":"NotFound"}`, ErrAnswer, "NotFound"},
		{
			"bybit", "BTCUSD", 200, `{"retCode":10001,"retMsg":"Not supported symbols","result":{}}`, ErrAnswer,
			"Not supported symbols",
		},
		{"bybit", "BTCUSDT", 200, `{"retCode":10006,"retMsg":"Too many visits!","result":{}}`, ErrBusy, "Too many visits"},
		{"kraken", "XBTUSD", 200, answers()["kraken"][1], ErrAnswer, `nothing at "XBTUSD"`},
		{"kraken", "XXBTZUSX", 200, `{"error":["EQuery:Unknown asset pair"]}`, ErrAnswer, "Unknown asset pair"},
		{"kraken", "XXBTZUSD", 200, `{"error":["EGeneral:Too many requests"]}`, ErrBusy, "Too many requests"},
		{
			"okx", "BTC-USD", 200, `{"code":"51001","msg":"Instrument ID doesn't exist.","data":[]}`, ErrAnswer,
			"Instrument ID doesn't exist.",
		},
		{"okx", "BTC-USDT", 200, `{"code":"50011","msg":"Too Many Requests","data":[]}`, ErrBusy, "Too Many Requests"},
		{
			"gate", "BTC_USD", 400, `{"label":"INVALID_CURRENCY_PAIR","message":"Invalid currency pair"}`, ErrAnswer,
			"Invalid currency pair",
		},
	} {
		k, _ := at(t, one(t, test.name, test.symbol), func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(test.status)
			_, _ = fmt.Fprint(w, test.body)
		})
		_, err := k.quote(t.Context(), k.sources[0], test.symbol)
		require.ErrorIs(t, err, test.want, "%v", test)
		require.ErrorContains(t, err, test.says)
	}
}

// TestMoments: an answer is as old as it says.
func TestMoments(t *testing.T) {
	t.Parallel()
	e := endpoint{price: "p", time: "t"}
	for text, age := range map[string]time.Duration{
		`1769860790`: 10 * time.Second, `"1769860790"`: 10 * time.Second, `1769860790.25`: 10 * time.Second,
		`1769860790250`: 9750 * time.Millisecond, `"2026-01-31T11:59:50Z"`: 10 * time.Second,
		`"2026-01-31T12:59:50+01:00"`: 10 * time.Second,
		`1769999999`:                  0, // ahead of us: not younger than now
	} {
		q, err := e.read([]byte(`{"p":1,"t":`+text+`}`), "x", noon())
		require.NoError(t, err, text)
		require.Equal(t, age, noon().Sub(q.at), text)
	}
	for _, text := range []string{`-5`, `"yesterday"`, `null`, `1e9`, `99999999999999999999`, `"1769860790.x"`, `""`} {
		_, err := e.read([]byte(`{"p":1,"t":`+text+`}`), "x", noon())
		require.ErrorIs(t, err, ErrAnswer, text)
	}
}
