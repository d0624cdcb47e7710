package report

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/ballast-finance/ballast/backtest"
)

// JSON writes a result on one line. Decimals are strings, exact: what is read back equals what was written. Equal
// results give equal bytes.
func JSON(w io.Writer, r *backtest.Result) error {
	if err := json.NewEncoder(w).Encode(r); err != nil {
		return fmt.Errorf("%w: %w", ErrWrite, err)
	}
	return nil
}

// Write writes report.html, result.json and intervals.csv into a folder, which it makes if need be, and returns their
// paths in this order. Each file is complete or, after an error, what it was before.
func Write(dir string, r *backtest.Result) ([]string, error) {
	return writeAll(dir, []document{
		{"report.html", func(w io.Writer) error { return HTML(w, r) }},
		{"result.json", func(w io.Writer) error { return JSON(w, r) }},
		{"intervals.csv", func(w io.Writer) error { return CSV(w, r) }},
	})
}

// WriteFrontier writes frontier.html and frontier.csv into a folder, as Write does.
func WriteFrontier(dir string, f *Frontier) ([]string, error) {
	return writeAll(dir, []document{
		{"frontier.html", func(w io.Writer) error { return FrontierHTML(w, f) }},
		{"frontier.csv", func(w io.Writer) error { return FrontierCSV(w, f) }},
	})
}

// document is a file to be written.
type document struct {
	name  string
	write func(io.Writer) error
}

// Modes of what is written: everybody may read a report.
const (
	folderMode fs.FileMode = 0o755
	fileMode   fs.FileMode = 0o644
)

// writeAll writes every document beside its place before it moves the first: a full disk leaves the old files alone.
// It writes them at the same time, because each takes about as long as the run that it tells of.
func writeAll(dir string, documents []document) ([]string, error) {
	if err := os.MkdirAll(dir, folderMode); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrWrite, err)
	}
	drafts, errs := make([]string, len(documents)), make([]error, len(documents))
	defer func() {
		for _, draft := range drafts {
			_ = os.Remove(draft) // those that were moved are gone
		}
	}()
	var group sync.WaitGroup
	for i, d := range documents {
		group.Go(func() { drafts[i], errs[i] = writeDraft(dir, d) })
	}
	group.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrWrite, documents[i].name, err)
		}
	}
	paths := make([]string, len(documents))
	for i, d := range documents {
		paths[i] = filepath.Join(dir, d.name)
		if err := os.Rename(drafts[i], paths[i]); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrWrite, err)
		}
	}
	return paths, nil
}

// writeDraft writes a document under a temporary name and returns that name, which exists even after most errors.
func writeDraft(dir string, d document) (string, error) {
	f, err := os.CreateTemp(dir, "."+d.name+".*")
	if err != nil {
		return "", err
	}
	err = d.write(f)
	if err == nil {
		err = f.Chmod(fileMode)
	}
	if shut := f.Close(); err == nil {
		err = shut
	}
	return f.Name(), err
}
