package daemon_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
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
	c.packet(t)
	c.refuse(t)
	c.feed(t)
	opened := c.follow(t, "ballast.auction.v1.EventLotOpened.lot EXISTS")
	filled := c.follow(t, `ballast.auction.v1.EventFilled.bidder = '"`+c.address["maker"]+`"'`)
	c.explain(t)
	c.buy(t)
	c.heard(t, opened, filled)
	c.failover(t)
	c.units(t)
	c.exchange(t)
	c.routes(t)
	c.check(t)
	c.multisig(t)
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

// exchange reports the prices of something that answers as an exchange does; of one that answers nonsense it reports
// none.
func (c *chain) exchange(t *testing.T) {
	t.Helper()
	var broken atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		from, err := strconv.ParseInt(q.Get("startTime"), 10, 64)
		if broken.Load() || err != nil {
			_, _ = w.Write([]byte("<html>maintenance</html>"))
			return
		}
		price := map[string]string{"BTCUSDT": "100001.5", "ETHUSDT": "3000"}[q.Get("symbol")]
		if price == "" {
			price = "1"
		}
		_ = json.NewEncoder(w).Encode([][]any{{from, "1", "1", "1", price, "5", from + 59_999}})
	}))
	defer server.Close()
	line := []string{
		"feed", "--from", "feeder", "--keyring-backend", "test", "--provider", "binance", "--base-url", server.URL,
		"--once", "--node", c.node.RPC,
	}
	out, said, err := c.run(t, line...)
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, said)
	}
	contains(t, out, "BTC 100,001.50", "ETH 3,000.00")
	c.await(t, "100001.5", "query", "oracle", "price", "BTC")
	broken.Store(true)
	if out, _, err := c.run(t, line...); err == nil || strings.Contains(out, "BTC") {
		t.Errorf("expected an error and no report, got %v and %q", err, out)
	}
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
	c.lot = id
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

// units speaks of amounts as people do, and looks at what would be signed.
func (c *chain) units(t *testing.T) {
	t.Helper()
	said := c.send(t, "tx", "portfolio", "withdraw", "1", "10 USDC", "1000ubtc", "--from", "alice", "--gas", "400000")
	contains(t, said, "Amount: 10 USDC = 10000000uusdc", "Amount: 0.00001 BTC = 1000ubtc")
	said = c.send(t, "tx", "portfolio", "add-payment", "1", "--amount", "5_000USDC", "--to", c.address["maker"],
		"--first", "2099-02-01", "--every", "month", "--from", "alice")
	contains(t, said, "Payment: 5,000 USDC = 5000000000uusdc")
	contains(t, c.query(t, "query", "portfolio", "payments", "1"), `amount: "5000000000"`, `every_months: "1"`)
	said = c.send(t, "tx", "portfolio", "create-order", "1", "--sell", "0.01 BTC", "--buy", "USDC", "--over", "100",
		"--limit", "90000", "--min-slice", "0.0001BTC", "--from", "alice")
	contains(t, said, "Sell: 0.01 BTC = 1000000ubtc", "Smallest slice: 0.0001 BTC = 10000ubtc")
	contains(t, c.query(t, "query", "portfolio", "orders", "1"), "sell: ubtc", "buy: uusdc", `intervals: "100"`)
	said = c.send(t, "tx", "auction", "sell", "0.5ETH", "USDC", "2500", "--from", "maker")
	contains(t, said, "Offer: 0.5 ETH = 500000000000000000aeth")
	contains(t, c.query(t, "query", "oracle", "price", "BTC"), "denom: ubtc")
	pay := "tx portfolio add-payment 1 --to " + c.address["maker"] + " --amount "
	const order = "tx portfolio create-order 1 --buy USDC --sell "
	for want, line := range map[string]string{
		"expected at most 6 decimals":    "tx portfolio withdraw 1 0.0000001USDC",
		"unknown asset":                  "tx portfolio withdraw 1 5DOGE",
		"expected a number and an asset": "tx portfolio release-earmark 1 5",
		"Buy: unknown asset":             "tx auction sell 5ATOM usdc 9.5",
		"expected the id of a lot":       "tx auction bid x 9.5 --amount-out 5ATOM",
		"--share: expected":              order + "BTC --share x",
		"--payout-to: expected":          order + "1BTC --proceeds payout",
		"--proceeds: expected one of":    order + "1BTC --proceeds gift",
		"--limit: expected a price":      order + "1BTC --limit 9,5",
		"--sell: unknown asset":          order + "1DOGE",
		"--first: ":                      pay + "5USDC --first soon",
		"--every: expected":              pay + "5USDC --first 2099-01-01 --every moon",
		"--to: recipient: expected":      pay + "5USDC --first 2099-01-01 --to bob",
		"--when-short: expected one of":  pay + "5USDC --first 2099-01-01 --when-short no",
	} {
		_, _, err := c.run(t, append(strings.Fields(line), "--from", "alice", "--keyring-backend", "test", "--node",
			c.node.RPC, "--chain-id", chainID, "--yes")...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: expected %q, got %v", line, want, err)
		}
	}
}

// check checks the live chain, and its state after an export.
func (c *chain) check(t *testing.T) {
	t.Helper()
	out := c.query(t, "check")
	contains(t, out, "chain ballast-test, at height", "portfolios ", "Everything adds up.")
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
