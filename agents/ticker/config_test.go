package ticker_test

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/agents/ticker"
)

// section reads the section [oracle] with these keys beside an enabled one with one provider.
func section(changes map[string]any) (ticker.Config, error) {
	all := map[string]any{
		"enabled":   true,
		"providers": []any{map[string]any{"preset": "binance", "assets": []any{"BTCUSDT=ubtc"}}},
	}
	maps.Copy(all, changes)
	return ticker.Read(func(key string) any {
		if key == "oracle" {
			return all
		}
		return all[key[len("oracle."):]]
	})
}

// block is a section whose only provider has these lines.
func block(lines map[string]any) map[string]any { return map[string]any{"providers": []any{lines}} }

// TestRead: what is not there is as in the text of a new app.toml, and what is there is taken.
func TestRead(t *testing.T) {
	t.Parallel()
	c, err := ticker.Read(func(string) any { return nil })
	require.NoError(t, err)
	require.False(t, c.Enabled, "the files of nodes that are older have no section")

	c, err = section(nil)
	require.NoError(t, err)
	require.Equal(t, []any{true, 5 * time.Second, 3 * time.Second, time.Minute, 1},
		[]any{c.Enabled, c.Interval, c.Timeout, c.MaxAge, c.MinProviders})
	require.Equal(t, "binance", c.Providers[0].Name)
	require.Equal(t, []ticker.Asset{{Symbol: "BTCUSDT", Denom: "ubtc"}}, c.Providers[0].Assets)

	c, err = section(map[string]any{
		"enabled": "true", "interval": "2s", "timeout": "500ms", "max-age": "90s", "min-providers": int64(2),
		"providers": []any{
			map[string]any{"preset": "kraken", "assets": []any{"XXBTZUSD=ibc/27394FB092D2ECCD56123C74F36E4C1F"}},
			map[string]any{
				"url": "https://p.example/{symbol}", "price": "p",
				"assets": []any{"A=B=ibc/27394FB092D2ECCD56123C74F36E4C1F"},
			},
			map[string]any{"name": "mine", "file": "/tmp/prices.csv", "assets": []any{
				"BTC = ibc/27394FB092D2ECCD56123C74F36E4C1F", "ETH=aeth",
			}},
			map[string]any{"name": "yours", "file": "/tmp/prices.csv", "assets": []any{"ETH=aeth"}},
		},
	})
	require.NoError(t, err)
	require.Equal(t, 2, c.MinProviders)
	var names []string
	for _, p := range c.Providers {
		names = append(names, p.Name)
	}
	require.Equal(t, []string{"kraken", "p.example", "mine", "yours"}, names)
	require.Equal(t, "A=B", c.Providers[1].Assets[0].Symbol)
	require.Equal(t, "ibc/27394FB092D2ECCD56123C74F36E4C1F", c.Providers[2].Assets[0].Denom)
}

// TestReadRefuses: a mistake is named with its key, what was expected and what is there.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	btc := []any{"BTCUSDT=ubtc"}
	with := func(key string, value any) map[string]any {
		return block(map[string]any{"preset": "binance", "assets": btc, key: value})
	}
	many := make([]any, 30)
	for i := range many {
		many[i] = "X=u" + string(rune('a'+i/10)) + string(rune('a'+i%10)) + "x"
	}
	for _, test := range []struct {
		name string
		in   map[string]any
		want string
	}{
		{"no yes or no", map[string]any{"enabled": "perhaps"}, `oracle.enabled: expected true or false, got "perhaps"`},
		{"a key that is misspelt", map[string]any{"max_age": "1s"}, `max-age, min-providers, providers, got "max_age"`},
		{"no unit", map[string]any{"interval": 5}, `expected a time of 500ms to 10m0s, such as "5s", got "5"`},
		{"too often", map[string]any{"interval": "10ms"}, `got "10ms"`},
		{"too long", map[string]any{"timeout": "2m"}, `oracle.timeout: expected a time of 100ms to 1m0s`},
		{"no time", map[string]any{"max-age": "0s"}, `oracle.max-age: expected a time of 1s to 1h0m0s`},
		{"none needed", map[string]any{"min-providers": 0}, `min-providers: expected a number of 1 to 16, got "0"`},
		{"more needed than there are", map[string]any{"min-providers": 2}, `at most 1, which is how many have ubtc`},
		{"prices older than they may be", map[string]any{"max-age": "4s"}, `oracle.max-age: expected at least 5.1s`},
		{"no providers", map[string]any{"providers": nil}, `1 to 16 blocks that begin with [[oracle.providers]]`},
		{"no list", map[string]any{"providers": "binance"}, `blocks that begin with [[oracle.providers]]`},
		{"no block", map[string]any{"providers": []any{"binance"}}, `block 1: expected a block of lines`},
		{"unknown exchange", block(map[string]any{"preset": "mtgox", "assets": btc}), `one of binance, bybit,`},
		{"nowhere", block(map[string]any{"assets": btc}), `expected one of preset, url and file`},
		{"two places", with("file", "/tmp/x"), `expected one of preset, url and file`},
		{"an unknown line", with("header", "x"), `block 1: expected one of the keys name, preset,`},
		{"no text", with("name", 5), `block 1, name: expected a text`},
		{"no path", block(map[string]any{"url": "https://x.example/{symbol}", "assets": btc}), `price: expected the path`},
		{"no symbol", block(map[string]any{"url": "https://x.example/", "price": "p", "assets": btc}), `{symbol} in it`},
		{"no address", with("url", "ftp://x.example/{symbol}"), `begins with https:// or http://`},
		{"no host", with("url", "/x?{symbol}"), `begins with https:// or http://`},
		{"no assets", with("assets", nil), `assets: expected a list like ["BTCUSDT=ubtc"]`},
		{"no denom", with("assets", []any{"BTCUSDT"}), `assets: expected a list like ["BTCUSDT=ubtc"]`},
		{"an empty denom", with("assets", []any{"BTCUSDT="}), `expected the base denom of an asset`},
		{"no symbol for it", with("assets", []any{"=ubtc"}), `expected a symbol of letters`},
		{"a symbol with a space", with("assets", []any{"BTC USD=ubtc"}), `expected a symbol of letters`},
		{"a denom twice", with("assets", []any{"A=ubtc", "B=ubtc"}), `every denom once`},
		{"two of a name", map[string]any{"providers": []any{
			map[string]any{"preset": "okx", "assets": btc}, map[string]any{"preset": "okx", "assets": btc},
		}}, `block 2: expected another name than those before: set name, got "okx"`},
		{"a round that is too long", map[string]any{"max-age": "30s", "providers": []any{
			map[string]any{"preset": "kraken", "assets": many},
		}}, `expected at least 35s: kraken is asked 30 times in a round`},
	} {
		_, err := section(test.in)
		require.ErrorIs(t, err, ticker.ErrConfig, test.name)
		require.ErrorContains(t, err, test.want, test.name)
	}
}
