package ticker

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// says answers with a status, headers and a body.
func says(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}
}

// truncated promises more than it sends.
func truncated(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = fmt.Fprint(w, `{"symbol":"BTCUSDT","price":"97511.`)
}

// hang answers when the asker has gone.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// TestFaults: whatever a provider does, there is no price, or the right one; and the provider is left alone when it
// cannot answer now.
func TestFaults(t *testing.T) {
	t.Parallel()
	good := `{"symbol":"BTCUSDT","price":"97511.01"}`
	other := httptest.NewServer(says(http.StatusOK, good))
	defer other.Close()
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
		wait    time.Duration // 0: the next round is as usual
		err     string        // empty: there is a price
	}{
		{"good", says(200, good), 0, ""},
		{"as a number", says(200, `{"symbol":"BTCUSDT","price":97511.01}`), 0, ""},
		{"with spaces around", says(200, "\n "+good+" \n"), 0, ""},
		{"slow", hang, time.Second, "no answer within the timeout"},
		{"a connection that breaks", truncated, time.Second, "unexpected EOF"},
		{"429", says(429, "slow down", "Retry-After", "7"), 7 * time.Second, "slow down"},
		{"429 until a date", says(429, "", "Retry-After", "Sat, 31 Jan 2026 12:02:00 GMT"), 2 * time.Minute, "429"},
		{"429 without a word", says(429, ""), time.Second, "429"},
		{"429 for a year", says(429, "", "Retry-After", "31536000"), time.Hour, "429"},
		{"418", says(418, "", "Retry-After", "600"), 10 * time.Minute, "418"},
		{"500", says(500, "<html>"), time.Second, "500"},
		{"503", says(503, "", "Retry-After", "3"), 3 * time.Second, "503"},
		{"403", says(403, "no"), 0, "403"},
		{"204", says(204, ""), 0, "204"},
		{"truncated JSON", says(200, good[:30]), 0, "expected JSON"},
		{"nothing", says(200, ""), 0, "expected JSON"},
		{"a page", says(200, "<html>maintenance</html>"), 0, "expected JSON"},
		{"two answers", says(200, good+good), 0, "something behind it"},
		{"another symbol", says(200, `{"symbol":"ETHUSDT","price":"97511.01"}`), 0, `expected one about BTCUSDT`},
		{"no symbol", says(200, `{"price":"97511.01"}`), 0, `nothing at "symbol"`},
		{"negative", says(200, `{"symbol":"BTCUSDT","price":"-97511.01"}`), 0, "expected a positive decimal"},
		{"negative number", says(200, `{"symbol":"BTCUSDT","price":-1}`), 0, "expected a positive decimal"},
		{"zero", says(200, `{"symbol":"BTCUSDT","price":"0.000"}`), 0, "a price above zero"},
		{"NaN", says(200, `{"symbol":"BTCUSDT","price":"NaN"}`), 0, "expected a positive decimal"},
		{"bare NaN", says(200, `{"symbol":"BTCUSDT","price":NaN}`), 0, "expected JSON"},
		{"infinite", says(200, `{"symbol":"BTCUSDT","price":"Inf"}`), 0, "expected a positive decimal"},
		{"too high", says(200, `{"symbol":"BTCUSDT","price":"1e19"}`), 0, "1e18 or less"},
		{"null", says(200, `{"symbol":"BTCUSDT","price":null}`), 0, "expected a number or a string"},
		{"true", says(200, `{"symbol":"BTCUSDT","price":true}`), 0, "expected a number or a string"},
		{"a list", says(200, `{"symbol":"BTCUSDT","price":["1"]}`), 0, "expected a number or a string"},
		{"another shape", says(200, `["BTCUSDT", 1]`), 0, `nothing at "price"`},
		{"deep", says(200, strings.Repeat("[", 20_000)), 0, "expected JSON"},
		{"huge", says(200, good+strings.Repeat(" ", maxBody)), 0, "at most 1048576 bytes"},
		{"huge headers", says(200, good, "X", strings.Repeat("x", 2*maxHeaders)), time.Second, "header"},
		{"elsewhere", says(302, "", "Location", other.URL), 0, "not followed"},
		{"elsewhere for ever", says(308, "", "Location", other.URL), 0, "not followed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(test.handler)
			defer server.Close()
			c := one(t, "binance", "BTCUSDT")
			c.Providers[0].url = server.URL + "/?secret=hush&symbol={symbol}"
			c.Timeout = 200 * time.Millisecond
			if test.name != "slow" {
				c.Timeout = time.Minute
			}
			k, _ := at(t, c, nil)
			k.client.Transport, k.now = newClient().Transport, noon
			_, err := k.quote(t.Context(), k.sources[0], "BTCUSDT")
			wait := k.round(t.Context(), k.sources[0])
			got, known := k.Price("ubtc")
			require.Equal(t, test.wait, wait)
			require.Equal(t, test.err == "", known)
			if known {
				require.NoError(t, err)
				require.Equal(t, "97511.01", got.String())
				return
			}
			require.ErrorContains(t, err, test.err)
			require.NotContains(t, err.Error(), "hush", "an address may hold a secret")
			require.Equal(t, uint64(1), k.Health()[0].Failures)
		})
	}
}

// TestUnreachable: nobody is there.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(nil)
	server.Close()
	c := one(t, "binance", "BTCUSDT")
	c.Providers[0].url = server.URL + "/?secret=hush&symbol={symbol}"
	k, _ := at(t, c, nil)
	k.client.Transport = newClient().Transport
	_, err := k.quote(t.Context(), k.sources[0], "BTCUSDT")
	require.ErrorIs(t, err, ErrBusy)
	require.NotContains(t, err.Error(), "hush")
	require.Equal(t, c.Interval, k.round(t.Context(), k.sources[0]))
}
