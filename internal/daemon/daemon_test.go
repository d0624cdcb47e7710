package daemon_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/internal/daemon/check"
)

// sixtyForty trades at every interval, which is as short as can be.
const sixtyForty = `version: 1
name: 60-40
assets:
  - {asset: BTC, exponent: 8, weight: 60%}
  - {asset: USDC, exponent: 6, weight: 40%, min_balance: 1_000.5}
speed: {interval: 1s, close: 90%, within: 2}
limits: {max_slippage: 5%}
payments:
  - {asset: USDC, amount: 20, first: 2099-01-01, every: month}
`

const prices = `time,BTC,USDC,ETH
2026-01-01T00:00:00Z,100000,1,3000
2026-01-01T01:00:00Z,100000,1,3000
2026-01-01T02:00:00Z,100000,1,3000
`

// contains fails unless a text has all the parts.
func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("expected %q in\n%s", part, text)
		}
	}
}

// TestCommands runs the commands of everybody against one chain, in the order in which a treasury lives.
func TestCommands(t *testing.T) {
	t.Parallel()
	c := start(t)
	c.create(t)
	c.generate(t)
	c.refuse(t)
	c.feed(t)
	c.explain(t)
	c.buy(t)
	c.check(t)
}

func (c *chain) create(t *testing.T) {
	t.Helper()
	policy := file(t, "policy.yaml", sixtyForty)
	said := c.send(t, "tx", "portfolio", "create", "--from-policy", policy, "--name", "Grants", "--from", "alice",
		"--trustee", c.address["maker"], "--deposit", "100_000.25USDC,0.5 BTC", "--payment-to", c.address["maker"])
	contains(t, said, "Deposit: 100,000.25 USDC = 100000250000uusdc", "Deposit: 0.5 BTC = 50000000ubtc",
		"Minimum balance: 1,000.5 USDC = 1000500000uusdc", "Payment: 20 USDC = 20000000uusdc")
	out := c.query(t, "query", "portfolio", "value", "1")
	contains(t, out, "Portfolio 1 is worth", "100,000.25", "0.5")
	c.send(t, "tx", "portfolio", "update", "1", "--from-policy", policy, "--from", "alice")
}

// generate looks at what --generate prints.
func (c *chain) generate(t *testing.T) {
	t.Helper()
	line := []string{
		"tx", "portfolio", "create", "--from-policy", file(t, "policy.yaml", sixtyForty),
		"--payment-to", c.address["maker"], "--chain-id", chainID, "--generate",
	}
	for kind, want := range map[string][]string{
		"proposal": {`"@type": "/ballast.portfolio.v1.MsgCreate"`, `"owner": "` + app.Authority(), `"title": "A treasury"`},
		"multisig": {`"@type":"/ballast.portfolio.v1.MsgCreate"`, `"owner":"` + c.address["alice"], `"signatures":[]`},
		"ica":      {`"type": "TYPE_EXECUTE_TX"`, `"data": "`},
	} {
		more := []string{kind, "--title", "A treasury"}
		if kind != "proposal" {
			more = append(more, "--owner", c.address["alice"])
		}
		out := c.query(t, append(line, more...)...)
		contains(t, out, want...)
		if !json.Valid([]byte(out)) {
			t.Errorf("%s: not JSON:\n%s", kind, out)
		}
	}
}

// refuse looks at what is said about mistakes.
func (c *chain) refuse(t *testing.T) {
	t.Helper()
	policy := file(t, "policy.yaml", sixtyForty)
	for want, line := range map[string][]string{
		"expected the key of the owner":       {"tx", "portfolio", "create", "--from-policy", policy},
		"expected a policy file":              {"tx", "portfolio", "create", "--from-policy", "none", "--from", "alice"},
		"does not say to whom":                {"tx", "portfolio", "create", "--from-policy", policy, "--from", "alice"},
		"--generate: expected one of":         {"tx", "portfolio", "create", "--from-policy", policy, "--generate", "dao"},
		"expected the id of a portfolio":      {"query", "portfolio", "value", "x"},
		"expected the id of a lot":            {"query", "auction", "quote", "x"},
		"--provider: expected one of binance": {"feed", "--from", "feeder"},
		"is no reporter of any asset":         {"feed", "--from", "alice", "--provider", "kraken"},
		"--prices: expected a price file":     {"feed", "--from", "feeder", "--source", "replay"},
		"--from: expected the name of a key":  {"maker"},
		"--keep: unknown asset":               {"maker", "--from", "maker", "--keep", "1DOGE"},
		"expected a time above 0":             {"maker", "--from", "maker", "--poll", "0s"},
	} {
		if line[0] != "query" {
			line = append(line, "--keyring-backend", "test")
		}
		_, _, err := c.run(t, append(line, "--node", c.node.RPC)...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: expected %q, got %v", line, want, err)
		}
	}
}

// feed reports prices once.
func (c *chain) feed(t *testing.T) {
	t.Helper()
	out, said, err := c.run(t, "feed", "--from", "feeder", "--keyring-backend", "test", "--source", "replay", "--prices",
		file(t, "prices.csv", prices), "--map", "ETH=aeth", "--once", "--node", c.node.RPC)
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, said)
	}
	contains(t, said, "Reporting", "ETH as aeth", "BTC as ubtc")
	contains(t, out, "BTC 100,000.00", "USDC 1.00")
	c.await(t, "Portfolio 1 is worth 150,000.25.", "query", "portfolio", "value", "1")
}

// await asks until an answer has a part.
func (c *chain) await(t *testing.T, part string, line ...string) string {
	t.Helper()
	var out string
	for range 25 {
		out, _, _ = c.run(t, append(line, "--node", c.node.RPC)...)
		if strings.Contains(out, part) {
			return out
		}
		time.Sleep(50 * time.Millisecond)
	}
	sources := c.query(t, "query", "oracle", "sources", "ubtc")
	t.Fatalf("%q: expected %q, got\n%s\n%s", line, part, out, sources)
	return ""
}

func (c *chain) explain(t *testing.T) {
	t.Helper()
	out := c.query(t, "query", "portfolio", "simulate", "1", "--due", "--output", "json")
	if !json.Valid([]byte(out)) {
		t.Errorf("not JSON: %s", out)
	}
	out = c.await(t, "Orders were placed", "query", "portfolio", "explain", "1")
	contains(t, out, "weight", "60.00 %", "sell")
}

// buy has a maker look until it has bought, with a quote before.
func (c *chain) buy(t *testing.T) {
	t.Helper()
	out := c.await(t, "sell_denom: uusdc", "query", "auction", "lots")
	_, id, found := strings.Cut(out, `id: "`)
	if id, _, _ = strings.Cut(id, `"`); !found {
		t.Fatalf("no lot in\n%s", out)
	}
	out, said, err := c.run(t, "query", "auction", "quote", id, "--amount", "100USDC", "--node", c.node.RPC)
	if err != nil {
		t.Logf("the lot may be over: %v %s", err, said)
	} else {
		contains(t, out, "Lot "+id, "BTC per USDC", "100000000uusdc")
	}
	out, said, err = c.run(t, "maker", "--from", "maker", "--keyring-backend", "test", "--once", "--dry-run", "--keep",
		"1USDC", "--metrics", "127.0.0.1:0", "--node", c.node.RPC)
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	contains(t, said, "Never spent: 1 USDC = 1000000uusdc", "Buying as "+c.address["maker"])
	contains(t, out, "1 looks")
	for range 20 {
		_, said, err := c.run(t, "maker", "--from", "maker", "--keyring-backend", "test", "--once", "--margin", "0%",
			"--node", c.node.RPC)
		if err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		if out := c.query(t, "maker", "fills", c.address["maker"]); strings.Contains(out, "USDC") {
			contains(t, c.query(t, "maker", "status", c.address["maker"]), "in bids")
			return
		}
	}
	t.Error("nothing was bought")
}

// check checks the live chain, and its state after an export.
func (c *chain) check(t *testing.T) {
	t.Helper()
	out := c.query(t, "check")
	contains(t, out, "chain ballast-test, at height", "portfolios  1", "Everything adds up.")
	exported, err := c.node.App.Export(nil)
	if err != nil {
		t.Fatal(err)
	}
	genesis := map[string]any{
		"app_name": app.Name, "chain_id": chainID, "genesis_time": time.Now().UTC(), "initial_height": exported.Height,
		"app_state": exported.AppState,
	}
	text, err := json.Marshal(genesis)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "exported.json")
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	out, said, err := c.run(t, "check", "--genesis", name)
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, said)
	}
	contains(t, out, "portfolios   1", "balances", "Everything adds up.")
	if _, _, err := c.run(t, "check"); !errors.Is(err, check.ErrState) { // the home has keys only
		t.Errorf("got %v", err)
	}
}
