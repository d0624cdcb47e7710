package daemon_test

import (
	"strings"
	"testing"
)

// sixtyForty trades at every interval, which is as short as can be.
const sixtyForty = `version: 1
name: 60-40
assets:
  - {asset: BTC, exponent: 8, weight: 60%}
  - {asset: USDC, exponent: 6, weight: 40%, min_balance: 1_000.5}
speed: {interval: 1s, close: 90%, within: 2}
limits: {max_slippage: 5%}
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

// TestCommands runs the commands of an owner against a chain.
func TestCommands(t *testing.T) {
	t.Parallel()
	c := start(t)
	policy := file(t, "policy.yaml", sixtyForty)
	said := c.send(t, "tx", "portfolio", "create", "--from-policy", policy, "--name", "Grants", "--from", "alice",
		"--trustee", c.address["maker"], "--deposit", "100_000.25USDC,0.5 BTC")
	contains(t, said, "Deposit: 100,000.25 USDC = 100000250000uusdc", "Deposit: 0.5 BTC = 50000000ubtc",
		"Minimum balance: 1,000.5 USDC = 1000500000uusdc")
	out := c.query(t, "query", "portfolio", "value", "1")
	contains(t, out, "Portfolio 1 is worth", "100,000.25", "0.5")
	out = c.query(t, "query", "portfolio", "simulate", "1", "--due")
	contains(t, out, "Nothing was traded")
	out = c.query(t, "check")
	contains(t, out, "chain ballast-test, at height", "portfolios  1", "Everything adds up.")
}
