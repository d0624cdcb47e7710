package tidy_test

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/internal/source"
)

const (
	recordFolder   = "docs/adr"
	recordLinesMax = 110 // two printed pages
)

// recordHeadings are the sections of an architecture decision record, in order.
var recordHeadings = []string{"Status", "Context", "Decision", "Consequences", "Alternatives", "References"}

var recordName = regexp.MustCompile(`^(\d{4})-[a-z0-9-]+\.md$`)

// find returns the file at a path; its Path is empty when there is none.
func find(all []source.File, name string) source.File {
	i := slices.IndexFunc(all, func(f source.File) bool { return f.Path == name })
	if i < 0 {
		return source.File{}
	}
	return all[i]
}

func TestChangelog(t *testing.T) {
	t.Parallel()
	changelog := find(files(t), "CHANGELOG.md")
	if !strings.Contains(changelog.Text, "\n## [Unreleased]\n") {
		t.Error(`CHANGELOG.md: expected a section "## [Unreleased]": write there what a user will notice`)
	}
}

func TestRecords(t *testing.T) {
	t.Parallel()
	all := files(t)
	index := find(all, recordFolder+"/README.md").Text
	count := 0
	for _, f := range all {
		name := path.Base(f.Path)
		if f.Dir() != recordFolder || name == "README.md" {
			continue
		}
		count++
		if !recordName.MatchString(name) || name[:4] != fmt.Sprintf("%04d", count) {
			t.Errorf("%s: expected a name like %04d-short-title.md: numbers have no gaps", f.Path, count)
		}
		if !strings.Contains(index, "("+name+")") {
			t.Errorf("%s is not in the index: add a line with its status to %s/README.md", f.Path, recordFolder)
		}
		if n := len(f.Lines()); n > recordLinesMax {
			t.Errorf("%s: %d lines, at most %d: put detail where the code is", f.Path, n, recordLinesMax)
		}
		if got := headings(f); !slices.Equal(got, recordHeadings) {
			t.Errorf("%s: sections %v, expected %v", f.Path, got, recordHeadings)
		}
	}
	if count == 0 {
		t.Errorf("%s: expected at least one record", recordFolder)
	}
}

func headings(f source.File) []string {
	var found []string
	for _, line := range f.Lines() {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			found = append(found, title)
		}
	}
	return found
}

var requirement = regexp.MustCompile(`(?m)^\s*(?:require )?([a-z0-9.-]+\.[a-z]+/\S+) v\S+$`)

// TestDependenciesAreRecorded holds every direct requirement to a reason. Indirect ones carry a comment in go.mod.
func TestDependenciesAreRecorded(t *testing.T) {
	t.Parallel()
	const record = recordFolder + "/0006-dependencies.md"
	all := files(t)
	reasons := find(all, record).Text
	for _, module := range submatches(requirement, find(all, "go.mod").Text) {
		if !strings.Contains(reasons, "`"+module+"`") {
			t.Errorf("go.mod requires %s: say why in %s", module, record)
		}
	}
}

var (
	target     = regexp.MustCompile(`(?m)^\.PHONY: (.*)$`)
	targetNote = regexp.MustCompile(`(?m)^#\? ([a-z0-9-]+): `)
)

// TestMakeTargets keeps `make help` complete.
func TestMakeTargets(t *testing.T) {
	t.Parallel()
	for _, f := range files(t) {
		if f.Path != "Makefile" && path.Ext(f.Path) != ".mk" {
			continue
		}
		noted := submatches(targetNote, f.Text)
		for _, names := range submatches(target, f.Text) {
			for name := range strings.FieldsSeq(names) {
				if !slices.Contains(noted, name) {
					t.Errorf("%s: target %s has no line \"#? %s: what it does\"", f.Path, name, name)
				}
			}
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)#\s]+)(#[^)]*)?\)`)

// TestLinks follows every relative link of every Markdown file.
func TestLinks(t *testing.T) {
	t.Parallel()
	root, err := source.Root()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files(t) {
		if path.Ext(f.Path) != ".md" {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(f.Text, -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(f.Dir()), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s: link to %s leads nowhere", f.Path, m[1])
			}
		}
	}
}

var (
	testName    = regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Z][A-Za-z0-9]*)`")
	testFunc    = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)[A-Z][A-Za-z0-9]*)\(`)
	makeName    = regexp.MustCompile("`make ([a-z0-9-]+)")
	makeTargets = []string{
		"Makefile", "make/build.mk", "make/test.mk", "make/e2e.mk", "make/hostile.mk", "make/lint.mk", "make/measure.mk",
		"make/release.mk", "make/web.mk",
	}
)

// TestNamesInDocuments keeps the documents from naming tests and make targets that do not exist.
func TestNamesInDocuments(t *testing.T) {
	t.Parallel()
	all := files(t)
	var tests, targets []string
	for _, f := range all {
		if f.Test() {
			tests = append(tests, submatches(testFunc, f.Text)...)
		}
		if slices.Contains(makeTargets, f.Path) {
			targets = append(targets, submatches(targetNote, f.Text)...)
		}
	}
	for _, f := range all {
		if path.Ext(f.Path) != ".md" {
			continue
		}
		for _, name := range submatches(testName, f.Text) {
			if !slices.Contains(tests, name) {
				t.Errorf("%s names %s: no such test", f.Path, name)
			}
		}
		for _, name := range submatches(makeName, f.Text) {
			if !slices.Contains(targets, name) {
				t.Errorf("%s names make %s: no such target", f.Path, name)
			}
		}
	}
}

// submatches returns the first group of every match.
func submatches(re *regexp.Regexp, text string) []string {
	matches := re.FindAllStringSubmatch(text, -1)
	found := make([]string, len(matches))
	for i, m := range matches {
		found[i] = m[1]
	}
	return found
}
