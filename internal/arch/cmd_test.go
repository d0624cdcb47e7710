package arch_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/internal/source"
)

const mainLinesMax = 60

// TestMainsAreShort keeps programs testable: a main only hands its arguments to a package.
func TestMainsAreShort(t *testing.T) {
	t.Parallel()
	for _, f := range parse(t) {
		if f.AST.Name.Name != "main" || f.Test() || part(f.Dir(), 0) != "cmd" {
			continue
		}
		if n := len(f.Lines()); n >= mainLinesMax {
			t.Errorf("%s: %d lines, fewer than %d expected: move the work to a package with tests", f.Path, n, mainLinesMax)
		}
	}
}

// TestBallastNeedsNoChain looks at everything that cmd/ballast links, not only at what it imports itself: the program
// that a steward installs builds in seconds and trusts no node.
func TestBallastNeedsNoChain(t *testing.T) {
	t.Parallel()
	root, err := source.Root()
	if err != nil {
		t.Fatal(err)
	}
	if found, _ := filepath.Glob(filepath.Join(root, "cmd", "ballast", "*.go")); len(found) == 0 {
		t.Skip("cmd/ballast does not exist yet")
	}
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "./cmd/ballast")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for dep := range strings.Lines(string(out)) {
		if strings.Contains(dep, "cosmos") || strings.Contains(dep, "cometbft") {
			t.Errorf("cmd/ballast links %s: the chain belongs to cmd/ballastd", strings.TrimSpace(dep))
		}
	}
}
