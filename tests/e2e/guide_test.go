//go:build e2e

package e2e_test

import (
	"os"
	"strings"
	"testing"
)

// block is one that the guide says can be run, under its heading.
type block struct{ heading, script string }

const guidePath = "../../docs/guides/interchain.md"

// guide reads the blocks of the guide that are marked "sh run", in order.
func guide(t *testing.T) []block {
	t.Helper()
	text, err := os.ReadFile(guidePath)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []block
	var heading string
	var script []string
	inside, marked := false, false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		info, fence := strings.CutPrefix(line, "```")
		switch {
		case fence && inside && marked:
			blocks = append(blocks, block{heading, strings.Join(script, "\n")})
			inside, script = false, nil
		case fence && inside:
			inside = false
		case fence:
			inside, marked = true, info == "sh run"
		case inside && marked:
			script = append(script, line)
		case !inside && strings.HasPrefix(line, "## "):
			heading = strings.TrimPrefix(line, "## ")
		}
	}
	if len(blocks) == 0 {
		t.Fatalf("%s: expected blocks marked \"sh run\"", guidePath)
	}
	return blocks
}
