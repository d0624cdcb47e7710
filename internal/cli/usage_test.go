package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const brokenPolicy = `version: 1
name: Broken
assets:
  - {asset: ETH, weight: 60%}
  - {asset: USDC, weight: 30%}
speed: {interval: 1d, close: 90%}
trigger: {kind: treshold}
`

// TestErrors runs command lines that cannot work; every message says what was wrong and how to mend it.
func TestErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	for name, text := range map[string]string{
		"p.yaml": small, "w.csv": week, "broken.yaml": brokenPolicy, "short.csv": "time,ETH\n2024-01-01T00:00:00Z,1\n",
		"btc.csv": strings.ReplaceAll(week, "ETH", "BTC"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		line string // @ is the folder of the files
		code int
	}{
		{"bakctest", 2},
		{"nonsense", 2},
		{"prices downlaod", 2},
		{"backtest --polcy x", 2},
		{"backtest", 2},
		{"backtest --policy @p.yaml", 2},
		{"backtest --policy @none.yaml --prices @w.csv", 1},
		{"backtest --policy @broken.yaml --prices @w.csv", 1},
		{"backtest --policy @p.yaml --prices @none.csv", 1},
		{"backtest --policy @p.yaml --prices @short.csv", 1},
		{"backtest --policy @p.yaml --prices @btc.csv", 1},
		{"backtest --policy @p.yaml --prices @w.csv --market idael", 2},
		{"backtest --policy @p.yaml --prices @w.csv --fee-bps 5", 2},
		{"backtest --policy @p.yaml --prices @w.csv --market ideal --maker a:1:1s:1:1s", 2},
		{"backtest --policy @p.yaml --prices @w.csv --market ideal --convention each", 2},
		{"backtest --policy @p.yaml --prices @w.csv --market ideal --fee-bps ten", 2},
		{"backtest --policy @p.yaml --prices @w.csv --market ideal --fee-bps -1", 2},
		{"backtest --policy @p.yaml --prices @w.csv --maker fast:8:6s", 2},
		{"backtest --policy @p.yaml --prices @w.csv --maker fast:x:6s:1:1h", 2},
		{"backtest --policy @p.yaml --prices @w.csv --maker fast:8:soon:1:1h", 2},
		{"backtest --policy @p.yaml --prices @w.csv --maker fast:8:6s:0:1h", 2},
		{"backtest --policy @p.yaml --prices @w.csv --maker fast:8:6s:1:0s", 2},
		{"backtest --policy @p.yaml --prices @w.csv --block 1h", 2},
		{"backtest --policy @p.yaml --prices @w.csv --width 30%", 2},
		{"backtest --policy @p.yaml --prices @w.csv --width-factor -1", 2},
		{"backtest --policy @p.yaml --prices @w.csv --from yesterday", 2},
		{"backtest --policy @p.yaml --prices @w.csv --last 1", 2},
		{"backtest --policy @p.yaml --prices @w.csv --last 100", 1},
		{"backtest --policy @p.yaml --prices @w.csv --max-gap -1", 2},
		{"backtest --policy @p.yaml --prices @w.csv --initial 0", 2},
		{"backtest --policy @p.yaml --prices @w.csv --initial ETH=1", 2},
		{"backtest --policy @p.yaml --prices @w.csv --initial ETH=1,USDC=1,BTC=1", 2},
		{"backtest --policy @p.yaml --prices @w.csv --initial ETH=1,ETH=1", 2},
		{"backtest --policy @p.yaml --prices @w.csv --initial ETH", 2},
		{"backtest --policy @p.yaml --prices @w.csv --initial 1 --initial 2", 2},
		{"frontier --prices @w.csv", 2},
		{"frontier --policy @p.yaml --prices @w.csv", 2},
		{"frontier --policy @p.yaml --prices @w.csv --param trigger.threshold", 2},
		{"frontier --policy @p.yaml --prices @w.csv --param trigger.treshold=1%,2%", 2},
		{"plan", 2},
		{"plan --policy @p.yaml", 2},
		{"plan --policy @p.yaml --holdings ETH=1,USDC=1", 2},
		{"plan --policy @p.yaml --holdings ETH=1,USDC=1 --prices ETH=1", 2},
		{"plan --policy @p.yaml --holdings ETH=1 --prices @w.csv", 2},
		{"plan --policy @p.yaml --holdings ETH:1 --prices @w.csv", 2},
		{"plan --policy @p.yaml --holdings ETH=1,USDC=1 --prices @btc.csv", 1},
		{"tune --weight 100%", 2},
		{"tune --fixed-cost 5", 2},
		{"tune --loss-bps 1", 2},
		{"tune 5", 2},
		{"init --template dao", 2},
		{"init -o @p.yaml", 1},
		{"explain", 2},
		{"explain @p.yaml --prices ETH", 2},
		{"explain @broken.yaml", 1},
		{"validate", 2},
		{"validate @p.yaml @broken.yaml", 1},
		{"prices check", 2},
		{"prices check @w.csv @short.csv", 1},
		{"prices download --provider kraken", 2},
		{"prices download --provider mtgox --assets BTC --from 2024-01-01 -o @new.csv", 2},
		{"prices download --provider kraken --assets BTC --from 2024-01-01 --step 7m -o @new.csv", 2},
	}
	var all strings.Builder
	for _, test := range tests {
		o := ballast(t, strings.Fields(strings.ReplaceAll(test.line, "@", dir+"/"))...)
		if o.code != test.code {
			t.Errorf("%s: got code %d, want %d", test.line, o.code, test.code)
		}
		all.WriteString("$ ballast " + strings.ReplaceAll(test.line, "@", "") + "\n")
		all.WriteString(strings.ReplaceAll(o.out+o.err, dir+"/", "") + "\n")
	}
	golden(t, "errors", all.String())
}
