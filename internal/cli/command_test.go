package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/backtest"
	"github.com/ballast-finance/ballast/internal/cli"
	"github.com/ballast-finance/ballast/policy"
)

// benchmark runs a command line and throws its output away.
func benchmark(b *testing.B, args []string) {
	b.Helper()
	if code := cli.Run(b.Context(), args, cli.Streams{Out: io.Discard, Err: io.Discard, Now: now}); code != 0 {
		b.Fatal(code)
	}
}

// sample writes the bundled history.
func sample(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "deep", "sample.csv")
	if o := ballast(t, "prices", "sample", "-o", path); o.code != 0 || o.err != "wrote "+path+"\n" {
		t.Fatal(o)
	}
	return path
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	for _, name := range policy.Templates() {
		text := ok(t, "init", "--template", name)
		for _, command := range []string{"validate", "explain"} {
			if o := fed(t, text, command, "-"); o.code != 0 || o.out == "" {
				t.Errorf("%s: %s: %s", name, command, o.err)
			}
		}
	}
	path := filepath.Join(t.TempDir(), "p.yaml")
	for _, args := range [][]string{{"-o", path}, {"-o", path, "--force", "--template", "cppi"}} {
		if o := ballast(t, append([]string{"init"}, args...)...); o.code != 0 || o.out != "" {
			t.Errorf("%v: got %+v", args, o)
		}
	}
	written, err := os.ReadFile(path)
	if err != nil || string(written) != ok(t, "init", "--template", "cppi") {
		t.Error("--force did not overwrite the file")
	}
}

func TestSchemaAndVersion(t *testing.T) {
	t.Parallel()
	if !json.Valid([]byte(ok(t, "schema"))) {
		t.Error("the schema is no JSON")
	}
	if got := ok(t, "version"); !strings.HasPrefix(got, "ballast ") || !strings.Contains(got, runtime.Version()) {
		t.Errorf("got %q", got)
	}
}

// TestShared runs two treasuries that want opposite things: some of their trades must meet.
func TestShared(t *testing.T) {
	t.Parallel()
	pair := file(t, "pair.yaml", strings.Replace(small, "trigger: {kind: threshold, threshold: 5%, inner: 2%}\n", "", 1))
	prices, dir := sample(t), filepath.Join(t.TempDir(), "report")
	out := ok(t, "backtest", "--policy", pair, "--policy", pair,
		"--initial", "ETH=100,USDC=0", "--initial", "ETH=0,USDC=250_000", "--prices", prices, "--last", "500", "--out", dir)
	for _, want := range []string{"Small (2)", "SYNTHETIC", "wrote " + filepath.Join(dir, "report.html")} {
		if !strings.Contains(out, want) {
			t.Errorf("expected %q in\n%s", want, out)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "result.json"))
	if err != nil {
		t.Fatal(err)
	}
	var r backtest.Result
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	for i := range r.Treasuries {
		if r.Treasuries[i].Summary.NettingRate.Sign() <= 0 || len(r.Treasuries[i].Explain) == 0 {
			t.Errorf("%s: nothing crossed, or nothing explained", r.Treasuries[i].Name)
		}
	}
}

// TestSameBytes runs the same command with one processor and with all: nothing may depend on them. It is not parallel,
// because it changes the number of processors.
func TestSameBytes(t *testing.T) { //nolint:paralleltest // see above
	pol, prices := file(t, "p.yaml", small), sample(t)
	for _, args := range [][]string{
		{"backtest", "--policy", pol, "--policy", pol, "--prices", prices, "--last", "400", "--seed", "7", "--json"},
		{
			"frontier", "--policy", pol, "--prices", prices, "--last", "400", "--param", "trigger.threshold=3%..9%/7",
			"--csv",
		},
	} {
		var first string
		for i, processors := range []int{1, 2, 2} {
			before := runtime.GOMAXPROCS(processors)
			got := ok(t, args...)
			runtime.GOMAXPROCS(before)
			if i == 0 {
				first = got
			}
			if got != first || got == "" {
				t.Errorf("%s: the result differs from run to run", args[0])
			}
		}
	}
}

func TestFrontierOutput(t *testing.T) {
	t.Parallel()
	pol, prices, dir := file(t, "p.yaml", small), sample(t), filepath.Join(t.TempDir(), "f")
	args := []string{
		"frontier", "--policy", pol, "--prices", prices, "--last", "1000",
		"--param", "trigger.threshold=2.5%..20%/60,log",
	}
	out := ok(t, append(args, "--out", dir)...)
	for _, want := range []string{"tracking error", "the policy now", "least cost", "in theory", "wrote " + dir} {
		if !strings.Contains(out, want) {
			t.Errorf("expected %q in\n%s", want, out)
		}
	}
	table, err := os.ReadFile(filepath.Join(dir, "frontier.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if string(table) != ok(t, append(args, "--csv")...) {
		t.Error("--csv and frontier.csv differ")
	}
	for _, thin := range []string{"trigger.threshold=2.5%..20%/30", "trigger.threshold=2.5%..20%/25"} {
		args[len(args)-1] = thin
		ok(t, args...)
	}
}

func TestDemo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	out := ok(t, "demo", "--out", dir)
	page := filepath.Join(dir, "report.html")
	if !strings.HasSuffix(out, "\n"+page+"\n") || !strings.Contains(out, "synthetic") {
		t.Errorf("expected synthetic prices, and the path of the report at the end:\n%s", out)
	}
	if _, err := os.Stat(page); err != nil {
		t.Error(err)
	}
}

// TestWarnings go to the standard error and into the result, not into the table.
func TestWarnings(t *testing.T) {
	t.Parallel()
	gap := strings.Replace(week, "2024-01-04T00:00:00Z,2500,1.001\n", "", 1)
	pol, prices := file(t, "p.yaml", small), file(t, "gap.csv", gap)
	o := ballast(t, "backtest", "--policy", pol, "--prices", prices)
	if o.code != 0 || !strings.HasPrefix(o.err, "warning: "+prices) || strings.Contains(o.out, "gap without") {
		t.Errorf("got %+v", o)
	}
	var r backtest.Result
	o = ballast(t, "backtest", "--policy", pol, "--prices", prices, "--json", "--out", t.TempDir())
	if err := json.Unmarshal([]byte(o.out), &r); err != nil || len(r.Warnings) == 0 {
		t.Errorf("got %v and %q", err, r.Warnings)
	}
	if !strings.Contains(o.err, "wrote ") {
		t.Errorf("got %q", o.err)
	}
	filled := ballast(t, "prices", "check", prices, "--forward-fill", "1")
	if filled.code != 0 || !strings.Contains(filled.out, "gaps    none") {
		t.Errorf("got %+v", filled)
	}
}

// TestDownload fetches from a server that answers as the exchange does.
func TestDownload(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "NONE") {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"message":"NotFound"}`)
			return
		}
		_, _ = fmt.Fprint(w, `[[1704153600,1,1,1,43000.5,1],[1704067200,1,1,1,42000.25,1]]`)
	}))
	defer server.Close()
	path := filepath.Join(t.TempDir(), "btc.csv")
	args := []string{
		"prices", "download", "--provider", "coinbase", "--from", "2024-01-02", "--to", "2024-01-03", "--step", "1d",
		"--base-url", server.URL, "-o", path, "--assets",
	}
	out := ok(t, append(args, "BTC")...)
	if !strings.Contains(out, "2 rows (2 new), 2024-01-02T00:00:00Z to 2024-01-03T00:00:00Z") {
		t.Errorf("got %q", out)
	}
	written, err := os.ReadFile(path)
	if err != nil || string(written) != "time,BTC\n2024-01-02T00:00:00Z,42000.25\n2024-01-03T00:00:00Z,43000.5\n" {
		t.Errorf("got %v and %q", err, written)
	}
	if o := ballast(t, append(args, "NONE")...); o.code != 1 || !strings.Contains(o.err, "error: ") {
		t.Errorf("got %+v", o)
	}
}
