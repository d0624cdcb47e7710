package arch_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/internal/source"
)

// pipeline is the engine's table of contents: a package may import only packages to its left.
var pipeline = []string{
	"fixed", "asset", "oracle", "target", "drift", "cost", "band", "trigger", "pid", "project", "surface", "netting",
	"auction", "settle", "metrics", "cycle", "report",
}

// layers lists, for every top folder, the top folders that it may import. Tests may import anything.
var layers = map[string][]string{
	"engine":   {"engine"},
	"policy":   {"engine", "policy"},
	"sim":      {"engine", "policy", "sim"},
	"backtest": {"engine", "policy", "sim", "backtest"},
	"internal": {"engine", "policy", "sim", "backtest", "x", "app", "agents", "index", "web", "internal"},
	"cmd":      {"engine", "policy", "sim", "backtest", "internal", "agents", "x", "app", "cmd"},
	"agents":   {"engine", "policy", "backtest", "x", "agents"},
	"index":    {"engine", "x", "index"},
	"web":      {"web"},
	"x":        {"engine", "x"},
	"app":      {"engine", "x", "app"},
	"testutil": {"engine", "policy", "sim", "backtest", "agents", "x", "app", "index", "testutil"},
	"tests":    {"engine", "policy", "sim", "backtest", "agents", "x", "app", "testutil"},
}

// engineStd is all that the engine may use of the standard library.
var engineStd = []string{
	"cmp", "errors", "fmt", "iter", "maps", "math/big", "math/bits", "slices", "sort", "strconv", "strings",
}

// fixedOnly is what engine/fixed may use besides: wide multiplication and division, measured and tested against
// math/big.
const fixedOnly = "github.com/holiman/uint256"

// plumbing is what all modules of x/ share: how values are stored and written, nothing that decides.
const plumbing = "internal"

// testKit is the one package of the engine that is written for tests.
const testKit = "engine/enginetest"

func parse(t *testing.T) []source.Syntax {
	t.Helper()
	root, err := source.Root()
	if err != nil {
		t.Fatal(err)
	}
	files, err := source.Files(root)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := source.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, f := range parse(t) {
		if f.Test() || f.Dir() == testKit {
			continue
		}
		for _, spec := range f.AST.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if rule := broken(f.Dir(), imported); rule != "" {
				t.Errorf("%s:%d imports %s: %s", f.Path, f.Line(spec.Pos()), imported, rule)
			}
		}
	}
}

// TestPipeline keeps the order a decision: a stage that has no place fails.
func TestPipeline(t *testing.T) {
	t.Parallel()
	for _, f := range parse(t) {
		top, stage := part(f.Dir(), 0), part(f.Dir(), 1)
		if _, ok := layers[top]; !ok && f.Dir() != "." {
			t.Errorf("%s: folder %s has no layer: give it one in internal/arch", f.Path, top)
		}
		if top == "engine" && stage != "" && !strings.HasPrefix(f.Dir(), testKit) && !slices.Contains(pipeline, stage) {
			t.Errorf("%s: engine/%s is not in the pipeline: give it its place in internal/arch", f.Path, stage)
		}
	}
}

// TestPipelineIsDocumented keeps the drawn order and the checked order one.
func TestPipelineIsDocumented(t *testing.T) {
	t.Parallel()
	order := strings.Join(pipeline, " < ")
	root, err := source.Root()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "\n"+order+"\n") {
		t.Errorf("ARCHITECTURE.md: expected the line %q", order)
	}
}

// broken names the rule that an import breaks, or nothing.
func broken(dir, imported string) string {
	from, stage := part(dir, 0), part(dir, 1)
	to, own := strings.CutPrefix(imported, source.Module)
	switch {
	case !own && from == "engine" && !engineMayUse(stage, imported):
		return "the engine has no clock, no I/O and no dependencies; take the value as an argument"
	case !own:
		return ""
	case to == testKit:
		return "the test kit is for tests"
	case !slices.Contains(layers[from], part(to, 0)):
		return from + "/ may import only " + strings.Join(layers[from], ", ")
	case from == "engine" && stage != "" && slices.Index(pipeline, stage) < slices.Index(pipeline, part(to, 1)):
		return part(to, 1) + " is downstream of " + stage + ": take its result as a value, or move the code"
	case from == "x" && part(to, 0) == "x" && stage != part(to, 1) && part(to, 1) != plumbing:
		return "modules meet in engine types, not in each other"
	case dir == "cmd/ballast" && slices.Contains([]string{"x", "app", "agents"}, part(to, 0)):
		return "ballast runs without a chain"
	case slices.Contains([]string{"cmd/ballast-index", "internal/history"}, dir) && part(to, 0) == "app":
		return "the history asks a node, it is none"
	}
	return ""
}

func engineMayUse(stage, imported string) bool {
	return slices.Contains(engineStd, imported) || stage == "fixed" && imported == fixedOnly
}

// part returns the i-th element of a slash-separated path, or nothing.
func part(name string, i int) string {
	parts := strings.Split(name, "/")
	if i < len(parts) {
		return parts[i]
	}
	return ""
}

// TestBroken plants one violation of every rule.
func TestBroken(t *testing.T) {
	t.Parallel()
	own := func(dir string) string { return source.Module + dir }
	tests := []struct {
		name, dir, imported string
		want                string // a part of the message, or nothing
	}{
		{"std of the engine", "engine/pid", "errors", ""},
		{"clock", "engine/pid", "time", "no clock"},
		{"wide arithmetic in fixed", "engine/fixed", fixedOnly, ""},
		{"wide arithmetic elsewhere", "engine/asset", fixedOnly, "no dependencies"},
		{"upstream", "engine/cycle", own("engine/pid"), ""},
		{"downstream", "engine/trigger", own("engine/pid"), "pid is downstream of trigger"},
		{"test kit", "engine/pid", own(testKit), "for tests"},
		{"up a layer", "engine/pid", own("sim"), "engine/ may import only engine"},
		{"down a layer", "sim", own("engine/cycle"), ""},
		{"backtest uses sim", "backtest", own("sim"), ""},
		{"sim uses backtest", "sim", own("backtest"), "sim/ may import only engine, policy, sim"},
		{"own module", "x/vault/keeper", own("x/vault/types"), ""},
		{"other module", "x/vault/keeper", own("x/auction/types"), "engine types"},
		{"plumbing", "x/vault/keeper", own("x/internal/pack"), ""},
		{"module from plumbing", "x/internal/pack", own("x/auction/types"), "engine types"},
		{"chain in ballast", "cmd/ballast", own("app"), "without a chain"},
		{"chain in ballastd", "cmd/ballastd", own("app"), ""},
		{"anything outside the engine", "backtest", "time", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := broken(test.dir, test.imported)
			if got == "" != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
