package tidy_test

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// leftovers are notes to oneself. The words are cut in two so that this file does not contain them.
var leftovers = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)

// machines are paths that exist on one machine only. They too are cut in two.
var machines = regexp.MustCompile(`/wor` + `k/|/tmp/bri` + `ef|/roo` + `t/|/hom` + `e/[a-z]`)

// testFolders are the folders whose files may import testing though go build compiles them.
var testFolders = []string{"engine/enginetest", "sim", "testutil"}

func TestNoLeftovers(t *testing.T) {
	t.Parallel()
	for _, f := range files(t) {
		if strings.Contains(path.Base(f.Path), ".min.") || path.Base(f.Path) == "go.sum" {
			continue // other people's text
		}
		for i, line := range f.Lines() {
			if word := leftovers.FindString(line); word != "" {
				t.Errorf("%s:%d: %s: do it, or open an issue and delete the note", f.Path, i+1, word)
			}
			if word := machines.FindString(line); word != "" {
				t.Errorf("%s:%d: %q exists on one machine only: use a path inside the repository", f.Path, i+1, word)
			}
		}
	}
}

func TestPackageComment(t *testing.T) {
	t.Parallel()
	documented := make(map[string]bool)
	name := make(map[string]string)
	for _, f := range written(t) {
		if f.Test() {
			continue
		}
		name[f.Dir()] = f.AST.Name.Name
		if f.AST.Doc == nil {
			continue
		}
		if base := path.Base(f.Path); base != "doc.go" && f.AST.Name.Name != "main" {
			t.Errorf("%s: the package comment belongs to doc.go", f.Path)
		}
		documented[f.Dir()] = true
	}
	for dir, pkg := range name {
		switch {
		case documented[dir]:
		case pkg == "main":
			t.Errorf("%s: main.go has no package comment: say what the program does", dir)
		default:
			t.Errorf("%s: no doc.go: say what, formula, source, rounding, limits, errors", dir)
		}
	}
}

// TestTestingIsForTests keeps the flags and the weight of package testing out of the programs.
func TestTestingIsForTests(t *testing.T) {
	t.Parallel()
	for _, f := range written(t) {
		if f.Test() || inFolder(f.Dir(), testFolders) {
			continue
		}
		for _, spec := range f.AST.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if imported == "testing" || strings.HasPrefix(imported, "testing/") {
				t.Errorf("%s imports %s: move it to a _test.go file or to testutil/", f.Path, imported)
			}
		}
	}
}

// inFolder reports whether dir is one of the folders or below one of them.
func inFolder(dir string, folders []string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool {
		return dir == folder || strings.HasPrefix(dir, folder+"/")
	})
}
