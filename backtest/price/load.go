package price

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// minRows is the least that a history needs: one return.
const minRows = 2

// Options say what is tolerated. The zero value is the default.
type Options struct {
	// From and To bound the rows that are read, both included; 0 is no bound. What lies outside is not checked.
	From, To int64
	// MaxGapSteps is the longest gap that is accepted, in median steps of the file; 0 is the default: 48 hours or 10
	// steps, whichever is longer.
	MaxGapSteps int64
	// MaxJump is the factor per step from which a rise is an error, 0 is 100; after a gap a tenth of it.
	MaxJump int64
	// ForwardFill repeats the last price for up to so many missing rows or empty fields in a row; 0 fills nothing.
	ForwardFill int64
}

const (
	defaultGapSeconds = 48 * 3600
	defaultGapSteps   = 10
	defaultMaxJump    = 100
	gapJumpDivisor    = 10
	minJump           = 2
)

func (o Options) wants(t int64) bool { return (o.From == 0 || t >= o.From) && (o.To == 0 || t <= o.To) }

// jumpFactor is the rise from which a jump is an error.
func (o Options) jumpFactor(gapped bool) int64 {
	factor := o.MaxJump
	if factor <= 0 {
		factor = defaultMaxJump
	}
	if gapped {
		factor /= gapJumpDivisor
	}
	return max(minJump, factor)
}

// gapSteps is the longest accepted distance of two rows, in steps; step is in seconds.
func (o Options) gapSteps(step int64) int64 {
	if o.MaxGapSteps > 0 {
		return o.MaxGapSteps
	}
	return max(defaultGapSeconds/step, defaultGapSteps)
}

// Load reads the files and joins them on time: a row is kept when every file has it. Warnings say what was kept,
// filled or dropped. The error joins the first ten defects of every file, each a *DefectError.
func Load(files []string, opt Options) (*Table, []Warning, error) {
	if len(files) == 0 {
		return nil, nil, fmt.Errorf("%w: no price file was named", ErrFile)
	}
	var tables []*Table
	var warnings []Warning
	var errs []error
	for _, name := range files {
		text, err := os.ReadFile(name) //nolint:gosec // the user names the file
		if err != nil {
			errs = append(errs, fmt.Errorf("%w: %w", ErrFile, err))
			continue
		}
		t, found, err := read(text, name, opt)
		tables = append(tables, t)
		warnings = append(warnings, found...)
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, warnings, err
	}
	t, found, err := join(tables, files, opt)
	return t, append(warnings, found...), err
}

// Read reads one file; name stands in messages and in Table.Source.
func Read(r io.Reader, name string, opt Options) (*Table, []Warning, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %s: %w", ErrFile, name, err)
	}
	return read(text, name, opt)
}

func read(text []byte, name string, opt Options) (*Table, []Warning, error) {
	s := scanner{journal: journal{file: name}, opt: opt}
	s.scan(text)
	if s.table == nil { // without a header nothing else can be said
		return nil, nil, s.err()
	}
	if s.table.Len() < minRows {
		s.defect(place{}, ErrRows, "expected at least %d, got %d", minRows, s.table.Len())
		return nil, s.warnings, s.err()
	}
	t := check(&s.journal, s.table, s.lines, opt)
	if err := s.err(); err != nil {
		return nil, s.warnings, err
	}
	if !t.Synthetic {
		t.Source = filepath.Base(name)
	}
	return t, s.warnings, nil
}
