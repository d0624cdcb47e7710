package daemon_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/agents/ticker"
	pricescmd "github.com/ballast-finance/ballast/internal/daemon/prices"
)

// TestPricesCheck: an operator sees what each provider says, what to do about those that fail, and by the exit status
// whether a vote would have every asset; before the section is enabled too.
func TestPricesCheck(t *testing.T) {
	t.Parallel()
	exchange := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch symbol := r.URL.Query().Get("symbol"); {
		case r.URL.Path == "/busy":
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(http.StatusTooManyRequests)
		case symbol == "BTCUSDT":
			_, _ = fmt.Fprint(w, `{"symbol":"BTCUSDT","price":"100000.5"}`)
		default:
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprint(w, `{"code":-1121,"msg":"Invalid symbol."}`)
		}
	}))
	defer exchange.Close()
	c := &chain{home: t.TempDir()}
	_, _, err := c.run(t, "init", "node", "--chain-id", chainID)
	require.NoError(t, err)
	name := filepath.Join(c.home, "config", "app.toml")
	made, err := os.ReadFile(name)
	require.NoError(t, err)
	check := func(lines string) (string, error) {
		require.NoError(t, os.WriteFile(name, append(slices.Clip(made), lines...), 0o600))
		out, _, err := c.run(t, "prices", "check")
		return out, err
	}
	block := func(name, path, assets string) string {
		return fmt.Sprintf("[[oracle.providers]]\nname = %q\npreset = \"binance\"\nurl = %q\nassets = [%s]\n",
			name, exchange.URL+path+"?symbol={symbol}", assets)
	}
	_, err = check("")
	require.ErrorIs(t, err, ticker.ErrConfig, "there are no providers")

	good := block("one", "/", `"BTCUSDT=ubtc"`)
	out, err := check(good)
	require.NoError(t, err)
	contains(t, out, "one       ubtc   BTCUSDT  100000.5   0s  ok",
		"ubtc  100000.5  1 of 1 provider\n", "set enabled = true")

	out, err = check(good + block("two", "/busy", `"BTCUSDT=ubtc", "ETHUSDT=aeth"`))
	require.ErrorIs(t, err, pricescmd.ErrMissing)
	require.ErrorContains(t, err, "no price of aeth: expected one of 1 provider")
	contains(t, out, "ubtc  100000.5  1 of 2 providers", "aeth   nothing   0 of 1 provider",
		"two, BTCUSDT:\n- "+ticker.ErrBusy.Error()+": 429", "How to fix: try again;",
		"two, ETHUSDT:\n- "+ticker.ErrSkipped.Error())

	out, err = check(block("one", "/", `"BTCUSD=ubtc"`))
	require.ErrorContains(t, err, "no price of ubtc")
	contains(t, out, "400 Bad Request", "Invalid symbol", "compare the symbol with the provider's own list")

	gone := filepath.Join(c.home, "gone.csv")
	out, err = check(fmt.Sprintf("[[oracle.providers]]\nfile = %q\nassets = [\"BTC=ubtc\"]\n", gone))
	require.ErrorIs(t, err, pricescmd.ErrMissing)
	contains(t, out, "gone.csv", "no such file", "whether the file is there")
}
