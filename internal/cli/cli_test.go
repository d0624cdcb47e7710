package cli_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/internal/cli"
)

var update = flag.Bool("update", false, "write the golden files anew")

// outcome is what a command line did.
type outcome struct {
	code     int
	out, err string
}

// now is the clock of the tests.
func now() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// ballast runs a command line as main does, in this process.
func ballast(t *testing.T, args ...string) outcome {
	t.Helper()
	return fed(t, "", args...)
}

// fed is ballast with something on the standard input.
func fed(t *testing.T, in string, args ...string) outcome {
	t.Helper()
	var out, errs bytes.Buffer
	code := cli.Run(t.Context(), args, cli.Streams{In: strings.NewReader(in), Out: &out, Err: &errs, Now: now})
	return outcome{code, out.String(), errs.String()}
}

// ok is ballast for command lines that must work and leave the standard error empty.
func ok(t *testing.T, args ...string) string {
	t.Helper()
	o := ballast(t, args...)
	if o.code != 0 || o.err != "" {
		t.Fatalf("ballast %s: code %d\n%s", strings.Join(args, " "), o.code, o.err)
	}
	return o.out
}

// file writes a file into a folder of the test and returns its name.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look at it, then `go test ./internal/cli -update`:\n%s", path, got)
	}
}

const (
	small = `version: 1
name: Small
assets:
  - {asset: ETH, weight: 60%}
  - {asset: USDC, exponent: 6, weight: 40%, min_balance: 1_000}
speed: {interval: 1d, close: 90%, within: 10}
trigger: {kind: threshold, threshold: 5%, inner: 2%}
limits: {max_sell: 5%, max_slippage: 2%}
loss_budget: {cap: 1%, refill: 7d}
`
	week = `time,ETH,USDC
2024-01-01T00:00:00Z,2000,1
2024-01-02T00:00:00Z,2100,1
2024-01-03T00:00:00Z,2600,1
2024-01-04T00:00:00Z,2500,1.001
2024-01-05T00:00:00Z,1500,0.999
2024-01-06T00:00:00Z,1600,1
2024-01-07T00:00:00Z,1700,1
`
)

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"", "init", "schema", "validate", "explain", "backtest", "frontier", "plan", "tune", "prices", "prices download",
		"prices check", "prices sample", "demo", "version",
	} {
		name := "help"
		if line != "" {
			name += "-" + strings.ReplaceAll(line, " ", "-")
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name, ok(t, append(strings.Fields(line), "--help")...))
		})
	}
	if ok(t) != ok(t, "--help") || ok(t, "prices") != ok(t, "prices", "--help") {
		t.Error("a command that only holds others should print its help")
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	policy := file(t, "small.yaml", small)
	prices := file(t, "week.csv", week)
	for _, test := range []struct {
		name string
		args []string
	}{
		{"init-list", []string{"init", "--list"}},
		{"explain", []string{
			"explain", policy, "--nav", "2_000_000", "--volatility", "80%", "--prices", "ETH=2000,USDC=1",
		}},
		{"plan", []string{
			"plan", "--policy", policy, "--holdings", "ETH=100,USDC=20_000", "--prices", "ETH=2000,USDC=1",
			"--now", "2026-01-31",
		}},
		{"plan-json", []string{
			"plan", "--policy", policy, "--holdings", "ETH=100,USDC=20_000", "--prices", prices, "--json",
		}},
		{"plan-held", []string{"plan", "--policy", policy, "--holdings", "ETH=60,USDC=70_000", "--prices", prices}},
		{"plan-minimum", []string{"plan", "--policy", policy, "--holdings", "ETH=1,USDC=0", "--prices", "ETH=2000,USDC=1"}},
		{"plan-empty", []string{"plan", "--policy", policy, "--holdings", "ETH=0,USDC=0", "--prices", "ETH=2000,USDC=1"}},
		{"tune", []string{"tune"}},
		{"tune-money", []string{"tune", "--nav", "5_000_000", "--fixed-cost", "20", "--impact", "0.1"}},
		{"tune-slow", []string{"tune", "--interval", "12w", "--cost-bps", "1", "--horizon", "1", "--close", "100%"}},
		{"tune-json", []string{"tune", "--nav", "5_000_000", "--json"}},
		{"prices-check", []string{"prices", "check", prices, "--last", "5"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := ok(t, test.args...)
			golden(t, test.name, strings.ReplaceAll(got, prices, "week.csv"))
		})
	}
}

// TestDefaults reads the usual value of every flag as if it had been written.
func TestDefaults(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{
			"tune", "--close", "90%", "--interval", "1d", "--fill", "100%", "--cost-bps", "30", "--volatility", "80%",
			"--risk-aversion", "2", "--weight", "50%", "--block", "6s", "--loss-bps", "5", "--lead", "1%", "--horizon", "10",
		},
		{"tune"},
	} {
		golden(t, "tune", ok(t, args...))
	}
	policy, prices := file(t, "small.yaml", small), file(t, "week.csv", week)
	usual := ok(t, "backtest", "--policy", policy, "--prices", prices, "--json")
	written := ok(t, "backtest", "--policy", policy, "--prices", prices, "--json", "--market", "auction",
		"--initial", "1_000_000", "--seed", "0", "--block", "6s", "--window", "30m", "--mechanism", "batch",
		"--curve", "exponential", "--width", "1%", "--width-factor", "2", "--width-cap", "20%",
		"--maker", "quick:8:6s:2_000_000:1h", "--maker", "patient:12:1m:10_000_000:4h",
		"--maker", "deep:25:5m:50_000_000:1d")
	if usual != written {
		t.Error("a flag's usual value is not what its help says")
	}
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	policy := file(t, "small.yaml", small)
	sample := filepath.Join(t.TempDir(), "sample.csv")
	if o := ballast(t, "prices", "sample", "-o", sample); o.code != 0 || !strings.HasPrefix(o.err, "wrote ") {
		t.Fatal(o)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{
		{"backtest", "--policy", policy, "--prices", sample},
		{"frontier", "--policy", policy, "--prices", sample, "--param", "trigger.threshold=1%..20%/200"},
		{"demo", "--out", t.TempDir()},
	} {
		var out, errs bytes.Buffer
		code := cli.Run(ctx, args, cli.Streams{Out: &out, Err: &errs, Now: now})
		if code != 1 || out.Len() > 0 || errs.String() != "interrupted\n" {
			t.Errorf("%s: got code %d, %q and %q", args[0], code, out.String(), errs.String())
		}
	}
}

// TestProgress draws on a terminal and only there, and leaves the line empty.
func TestProgress(t *testing.T) {
	t.Parallel()
	policy, prices := file(t, "small.yaml", small), file(t, "week.csv", week)
	for _, args := range [][]string{
		{"backtest", "--policy", policy, "--prices", prices},
		{"frontier", "--policy", policy, "--prices", prices, "--param", "trigger.threshold=3%,4%"},
	} {
		var out, errs bytes.Buffer
		code := cli.Run(t.Context(), args, cli.Streams{Out: &out, Err: &errs, Now: now, Interactive: true})
		drawn := errs.String()
		if code != 0 || !strings.Contains(drawn, "]") || !strings.Contains(drawn, "%") || !strings.HasSuffix(drawn, " \r") {
			t.Errorf("%s: got code %d and %q", args[0], code, drawn)
		}
		if piped := ballast(t, args...); piped.err != "" || piped.out != out.String() {
			t.Errorf("%s: the terminal changed the output", args[0])
		}
	}
}
