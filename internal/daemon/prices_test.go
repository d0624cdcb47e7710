package daemon_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/log/v2"

	"github.com/ballast-finance/ballast/agents/ticker"
	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/app/inproc"
	"github.com/ballast-finance/ballast/engine/oracle"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

// options are what app.toml would have.
func options(t *testing.T, values map[string]any) ticker.Config {
	t.Helper()
	c, err := ticker.Read(func(key string) any { return values[key] })
	require.NoError(t, err)
	return c
}

// votersOnly is a start with one asset whose only source is the validators, and whose votes age fast.
func votersOnly(a *app.App, state map[string]json.RawMessage) error {
	g := oracletypes.DefaultGenesis()
	g.Params.Aggregate.MinSources, g.Params.Aggregate.MinClasses = 1, 1
	g.Params.Aggregate.ClassCap = "1"
	g.Assets = []oracletypes.StoredAsset{{
		Asset:   oracletypes.Asset{Denom: "ubtc", Display: "BTC", Exponent: 8, Status: oracletypes.AssetActive},
		Sources: []oracletypes.Source{{Id: 1, Class: oracletypes.ClassVote, Weight: 100, MaxAgeSeconds: 2}},
	}}
	state[oracletypes.ModuleName] = a.AppCodec().MustMarshalJSON(g)
	return nil
}

// TestPrices: the price of a chain with one validator follows an exchange. When the exchange is gone the price goes
// stale, and the chain goes on.
func TestPrices(t *testing.T) {
	t.Parallel()
	var last atomic.Value // what the exchange says; empty: it fails
	last.Store("100000")
	exchange := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if said := last.Load(); said != "" {
			_, _ = fmt.Fprintf(w, `{"symbol":"BTCUSDT","price":"%s"}`, said)
			return
		}
		w.WriteHeader(http.StatusInternalServerError)
	}))
	defer exchange.Close()
	config := options(t, map[string]any{
		"oracle.enabled": true, "oracle.max-age": "1s", "oracle.interval": "500ms",
		"oracle.providers": []any{map[string]any{
			"preset": "binance", "url": exchange.URL + "/?symbol={symbol}", "assets": []any{"BTCUSDT=ubtc"},
		}},
	})
	prices := ticker.New(config, log.NewNopLogger())
	go func() { _ = prices.Run(t.Context()) }()
	nodes, err := inproc.Start(t.Context(), inproc.Options{
		ChainID: chainID, Dir: t.TempDir(), BlockTime: 50 * time.Millisecond, Memory: true, VoteHeight: 1,
		Genesis: votersOnly, Change: func(_ int, a *app.App) { a.SetPrices(prices) },
	})
	require.NoError(t, err)
	defer inproc.Stop(nodes)
	until := func(what string, status oracle.Status, value string) {
		t.Helper()
		for n, begun := nodes[0], nodes[0].App.LastBlockHeight(); ; {
			ctx, err := n.App.CreateQueryContext(0, false)
			require.NoError(t, err)
			s, err := n.App.Oracle.Snapshot(ctx)
			require.NoError(t, err)
			if p := s.Prices[0]; p.Status == status && p.Value.String() == value {
				return
			}
			require.Less(t, n.App.LastBlockHeight(), begun+400, "%s: %v", what, s.Prices[0])
			require.NoError(t, n.WaitHeight(t.Context(), n.App.LastBlockHeight()+1, time.Minute))
		}
	}
	require.NoError(t, nodes[0].WaitHeight(t.Context(), 1, time.Minute))
	until("it has the price", oracle.StatusOK, "100000")
	last.Store("100100.5")
	until("it follows", oracle.StatusOK, "100100.5")
	last.Store("")
	until("it is stale", oracle.StatusNoQuorum, "100100.5")
	health := healthOf(prices)
	require.Len(t, health, 1)
	require.Zero(t, health[0].Fresh)
	require.Positive(t, health[0].Answers)
	require.Greater(t, health[0].Age, time.Second)
	require.NoError(t, nodes[0].WaitHeight(t.Context(), nodes[0].App.LastBlockHeight()+5, time.Minute))
	last.Store("100050")
	until("it is back", oracle.StatusOK, "100050")
}

// healthOf is how providers do, without the count of failures.
func healthOf(p *ticker.Ticker) []ticker.Health {
	list := p.Health()
	for i := range list {
		list[i].Failures = 0
	}
	return list
}

// TestStartRefuses: a node with a section that cannot be used does not start, and says why. The section of a node that
// has just been made can be used, with the examples that stand in it.
func TestStartRefuses(t *testing.T) {
	t.Parallel()
	c := &chain{home: t.TempDir()}
	_, _, err := c.run(t, "init", "node", "--chain-id", chainID)
	require.NoError(t, err)
	name := filepath.Join(c.home, "config", "app.toml")
	made, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Contains(t, string(made), ticker.Template)
	text := strings.Replace(string(made), ticker.Template, "", 1)
	section := strings.Replace(ticker.Template, "enabled = false", "enabled = true", 1)
	section = strings.ReplaceAll(section, "\n#   ", "\n")
	for _, test := range []struct{ lines, want string }{
		{"preset = \"binance\"\nassets = [\"ETHUSDT=ibc/AB\", \"BTCUSDT\"]\n", "block 4, assets: expected a list"},
		{"preset = \"mtgox\"\nassets = [\"BTCUSD=ubtc\"]\n", "block 4, preset: expected one of"},
	} {
		require.NoError(t, os.WriteFile(name, []byte(text+section+"\n[[oracle.providers]]\n"+test.lines), 0o600))
		_, _, err = c.run(t, "start")
		require.ErrorIs(t, err, ticker.ErrConfig)
		require.ErrorContains(t, err, test.want)
	}
}
