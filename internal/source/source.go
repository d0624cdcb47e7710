package source

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Module is the import path of the repository, with a slash behind it.
const Module = "github.com/ballast-finance/ballast/"

// ErrNoRoot says that the working directory is not inside the module.
var ErrNoRoot = errors.New("source: no go.mod above the working directory")

// skipped are folders of which no file is ours to judge: programs, reports, copies and recorded inputs.
var skipped = []string{".git", "bin", "out", "build", "node_modules", "third_party", "testdata", "dist"}

// File is one file of the module.
type File struct {
	Path string // from the root, with slashes
	Text string
}

// Dir returns the folder of the file, from the root.
func (f File) Dir() string { return path.Dir(f.Path) }

// Go reports a Go file.
func (f File) Go() bool { return strings.HasSuffix(f.Path, ".go") }

// Test reports a file that only go test compiles.
func (f File) Test() bool { return strings.HasSuffix(f.Path, "_test.go") }

// Lines returns the lines of the file without their ends.
func (f File) Lines() []string { return strings.Split(strings.TrimSuffix(f.Text, "\n"), "\n") }

// Root returns the folder of the module that holds the working directory.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("source: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", ErrNoRoot
		}
		dir = up
	}
}

// Files returns every text file below root, in order of path.
func Files(root string) ([]File, error) {
	var files []File
	tree := os.DirFS(root)
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains(skipped, entry.Name()):
			return fs.SkipDir
		case !entry.Type().IsRegular(), name == ".git": // in a second working tree it is a file
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		if !strings.ContainsRune(string(text), 0) { // a zero byte: not a text
			files = append(files, File{Path: name, Text: string(text)})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	return files, nil
}

// Syntax is a parsed Go file.
type Syntax struct {
	File

	AST       *ast.File
	Generated bool
	set       *token.FileSet
}

// Line returns the line of a position.
func (s Syntax) Line(p token.Pos) int { return s.set.Position(p).Line }

// Parse parses the Go files among files. Comments are kept.
func Parse(files []File) ([]Syntax, error) {
	var parsed []Syntax
	set := token.NewFileSet()
	for _, f := range files {
		if !f.Go() {
			continue
		}
		tree, err := parser.ParseFile(set, f.Path, f.Text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("source: %w", err)
		}
		parsed = append(parsed, Syntax{File: f, AST: tree, Generated: ast.IsGenerated(tree), set: set})
	}
	return parsed, nil
}
