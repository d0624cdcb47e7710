package tidy_test

import (
	"go/ast"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ballast-finance/ballast/internal/source"
)

const (
	funcLinesMax     = 70  // one screen
	lineColumnsMax   = 120 // a tab counts tabColumns, as for the linter lll
	tabColumns       = 2
	fileLinesMax     = 400
	testFileLinesMax = 600
	packageFilesMax  = 12
)

func files(t *testing.T) []source.File {
	t.Helper()
	root, err := source.Root()
	if err != nil {
		t.Fatal(err)
	}
	all, err := source.Files(root)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// written returns the parsed Go files that people write.
func written(t *testing.T) []source.Syntax {
	t.Helper()
	parsed, err := source.Parse(files(t))
	if err != nil {
		t.Fatal(err)
	}
	var own []source.Syntax
	for _, f := range parsed {
		if !f.Generated {
			own = append(own, f)
		}
	}
	return own
}

func TestFunctionLength(t *testing.T) {
	t.Parallel()
	for _, f := range written(t) {
		for _, decl := range f.AST.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			n := lines(f, fn)
			if f.Test() {
				n -= tableLines(f, fn)
			}
			if n > funcLinesMax {
				t.Errorf("%s:%d: %s has %d lines, at most %d: name its steps as functions",
					f.Path, f.Line(fn.Pos()), fn.Name.Name, n, funcLinesMax)
			}
		}
	}
}

func lines(f source.Syntax, n ast.Node) int { return f.Line(n.End()) - f.Line(n.Pos()) + 1 }

// tableLines counts the lines of a function that are rows of a table: a table of cases is data, however long it is.
func tableLines(f source.Syntax, fn *ast.FuncDecl) int {
	count := 0
	ast.Inspect(fn, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if ok {
			count += lines(f, literal) - 1
		}
		return !ok
	})
	return count
}

func TestLineLength(t *testing.T) {
	t.Parallel()
	for _, f := range written(t) {
		for i, line := range f.Lines() {
			n := utf8.RuneCountInString(line) + (tabColumns-1)*strings.Count(line, "\t")
			if n > lineColumnsMax && !strings.Contains(line, "://") {
				t.Errorf("%s:%d: %d columns, at most %d: break the line", f.Path, i+1, n, lineColumnsMax)
			}
		}
	}
}

func TestFileLength(t *testing.T) {
	t.Parallel()
	for _, f := range written(t) {
		limit := fileLinesMax
		if f.Test() {
			limit = testFileLinesMax
		}
		if n := len(f.Lines()); n > limit {
			t.Errorf("%s: %d lines, at most %d: give each noun its own file", f.Path, n, limit)
		}
	}
}

func TestPackageSize(t *testing.T) {
	t.Parallel()
	count := make(map[string]int)
	for _, f := range written(t) {
		if !f.Test() {
			count[f.Dir()]++
		}
	}
	for dir, n := range count {
		if n > packageFilesMax {
			t.Errorf("%s: %d files besides tests, at most %d: find the second noun in it", dir, n, packageFilesMax)
		}
	}
}
