package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// anything lets prices be read that a backtest would refuse: what is in the file is not judged here.
const anything = 1 << 40

// output collects the rows in a file beside the one that was asked for, and takes its place at the end.
type output struct {
	name, part  string
	file        *os.File
	rows        int
	first, last int64 // times of rows; 0: no row
	buf         []byte
}

// openOutput continues the part file of an earlier run, or a copy of a finished file, or begins a new one.
func openOutput(p *plan) (*output, error) {
	o := &output{name: p.opt.Out}
	o.part = fmt.Sprintf("%s.%s-%s-%d.part", o.name, p.provider.name, strings.ToUpper(p.opt.Quote), p.opt.StepSeconds)
	text, err := existing(o.part, o.name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOutput, err)
	}
	text = text[:bytes.LastIndexByte(text, '\n')+1] // a run that was killed may have left half a line
	if bytes.Count(text, []byte{'\n'}) > 2 {
		if err := o.adopt(text, p); err != nil {
			return nil, err
		}
	} else { // a header and at most one row: nothing that could not be asked for again
		text = price.AppendHeader(nil, p.opt.Assets)
	}
	return o, o.create(text)
}

// existing returns the first of the files that is there, or nothing.
func existing(names ...string) ([]byte, error) {
	for _, name := range names {
		text, err := os.ReadFile(name) //nolint:gosec // the user names the file
		if !errors.Is(err, fs.ErrNotExist) {
			return text, err
		}
	}
	return nil, nil
}

// adopt checks that the rows of an earlier run can be continued by this one.
func (o *output) adopt(text []byte, p *plan) error {
	hint := fmt.Sprintf("choose another --out, or delete %s and %s", filepath.Base(o.name), filepath.Base(o.part))
	t, _, err := price.Read(bytes.NewReader(text), o.name, price.Options{MaxGapSteps: anything, MaxJump: anything})
	if err != nil {
		return fmt.Errorf("%w: cannot be continued: %w: %s", ErrOutput, err, hint)
	}
	if !slices.Equal(t.Assets, p.opt.Assets) {
		return fmt.Errorf("%w: %s has the columns %v, expected %v: %s", ErrOutput, o.name, t.Assets, p.opt.Assets, hint)
	}
	o.rows, o.first, o.last = t.Len(), t.Times[0], t.Times[t.Len()-1]
	if t.StepSeconds() != p.opt.StepSeconds || o.last%p.opt.StepSeconds != 0 {
		return fmt.Errorf("%w: %s has a row every %ds, the last at %s, expected one every %ds: %s", ErrOutput, o.name,
			t.StepSeconds(), stamp(o.last), p.opt.StepSeconds, hint)
	}
	return nil
}

func (o *output) create(text []byte) error {
	file, err := os.Create(o.part)
	if err == nil {
		o.file = file
		_, err = file.Write(text)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrOutput, err)
	}
	return nil
}

// add keeps a row until flush.
func (o *output) add(at int64, prices []fixed.Wad) {
	if o.rows == 0 {
		o.first = at
	}
	o.buf = price.AppendRow(o.buf, at, prices)
	o.rows, o.last = o.rows+1, at
}

// flush writes the rows that were added, in one write.
func (o *output) flush() error {
	_, err := o.file.Write(o.buf)
	o.buf = o.buf[:0]
	if err != nil {
		return fmt.Errorf("%w: %w", ErrOutput, err)
	}
	return nil
}

// leave keeps the rows for another run; without any it takes the file away.
func (o *output) leave() {
	_ = o.file.Close() // the rows are written, and an error is being told already
	if o.rows == 0 {
		_ = os.Remove(o.part)
	}
}

// finish puts the part file in the place of the output.
func (o *output) finish() error {
	err := errors.Join(o.file.Sync(), o.file.Close())
	if err == nil {
		err = os.Rename(o.part, o.name)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrOutput, err)
	}
	return nil
}
