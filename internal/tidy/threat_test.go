package tidy_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// evidence are the tests of one folder, as SECURITY.md names them.
var evidence = regexp.MustCompile("`([a-z0-9]+(?:/[a-z0-9]+)*)`: (`[^;|]*`)")

// quoted is a name in a list of them.
var quoted = regexp.MustCompile("`([A-Za-z0-9]+)`")

// TestThreatModel holds the security page to its tests: each line of the model names some, and each test that the page
// names with a folder is in that folder.
func TestThreatModel(t *testing.T) {
	t.Parallel()
	all := files(t)
	have := map[string][]string{}
	for _, f := range all {
		if f.Test() {
			dir := path.Clean(f.Dir())
			have[dir] = append(have[dir], submatches(testFunc, f.Text)...)
		}
	}
	page := find(all, "SECURITY.md").Text
	_, model, found := strings.Cut(page, "\n## Threat model\n")
	if !found {
		t.Fatal("SECURITY.md: expected a section on the threat model")
	}
	model, _, _ = strings.Cut(model, "\n## ")
	lines := 0
	for line := range strings.Lines(model) {
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|-") || strings.HasPrefix(line, "| who ") {
			continue
		}
		lines++
		if cells := strings.Split(line, "|"); len(cells) != 6 || !evidence.MatchString(cells[4]) {
			t.Errorf("SECURITY.md: expected who, what, why not, and tests with their folder: %s", line)
		}
	}
	if lines < 15 {
		t.Errorf("SECURITY.md: expected a threat model, got %d lines", lines)
	}
	for _, m := range evidence.FindAllStringSubmatch(page, -1) {
		for _, name := range submatches(quoted, m[2]) {
			if !slices.Contains(have[m[1]], name) {
				t.Errorf("SECURITY.md names %s of %s: no such test there", name, m[1])
			}
		}
	}
}
