package price

import (
	"errors"
	"fmt"
	"strings"
)

// What can be wrong with prices. Every one is found with errors.Is in the error of Load and Read.
var (
	// ErrFile says that a file cannot be read.
	ErrFile = errors.New("price: cannot read the file")
	// ErrHeader says that the first line is not "time,ASSET,...".
	ErrHeader = errors.New("price: invalid header")
	// ErrFields says that a line has too few or too many fields, or quotes.
	ErrFields = errors.New("price: invalid line")
	// ErrTime says that a time is not RFC 3339 in UTC, in whole seconds.
	ErrTime = errors.New("price: invalid time")
	// ErrOrder says that a row is older than the row before it.
	ErrOrder = errors.New("price: rows out of order")
	// ErrDuplicate says that a time is there twice.
	ErrDuplicate = errors.New("price: duplicate time")
	// ErrPrice says that a price is zero, negative, out of range or no number.
	ErrPrice = errors.New("price: invalid price")
	// ErrMissing says that a price is empty or NaN.
	ErrMissing = errors.New("price: missing price")
	// ErrGap says that rows are missing for longer than is allowed.
	ErrGap = errors.New("price: gap")
	// ErrJump says that a price rises by a factor that no market has shown: the ticker was given to another asset.
	ErrJump = errors.New("price: jump")
	// ErrRows says that there are too few rows.
	ErrRows = errors.New("price: too few rows")
	// ErrAsset says that an asset is missing, or there twice.
	ErrAsset = errors.New("price: invalid assets")
)

// DefectError is one defect of a file.
type DefectError struct {
	File  string
	Line  int    // counted from 1; 0 when the defect has no line
	Asset string // empty when the defect is not one price's
	Value string // the field as it stands in the file, cut to 40 bytes; empty when there is none
	Cause error  // wraps one of the sentinels of this package
}

// Error is "file:line: asset: what is wrong and what was expected".
func (e *DefectError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	b.WriteString(": ")
	if e.Asset != "" {
		b.WriteString(e.Asset + ": ")
	}
	b.WriteString(strings.TrimPrefix(e.Cause.Error(), "price: ")) // the file says where we are
	return b.String()
}

// Unwrap returns the cause.
func (e *DefectError) Unwrap() error { return e.Cause }

// Warning is something that a reader of the results should know, though the prices can be used.
type Warning struct {
	File string
	Line int // the first line concerned; 0 when there is none
	Text string
}

// String is "file:line: text".
func (w Warning) String() string {
	if w.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", w.File, w.Line, w.Text)
	}
	return w.File + ": " + w.Text
}

const (
	// maxDefects is the number of defects that an error lists; the others are counted.
	maxDefects = 10
	// maxValueBytes is how much of a field a defect keeps.
	maxValueBytes = 40
)

// journal collects the defects and the warnings of one file.
type journal struct {
	file     string
	errs     []error
	count    int
	warnings []Warning
}

// full reports that further defects are only counted, so that a hopeless file costs no more than a good one.
func (j *journal) full() bool { return j.count >= maxDefects }

// defect adds a defect with a value of the file; kind is one of the sentinels.
func (j *journal) defect(at place, kind error, format string, args ...any) {
	if j.full() {
		j.count++
		return
	}
	j.cause(at, fmt.Errorf("%w: "+format, append([]any{kind}, args...)...))
}

// cause adds a defect whose error is already made.
func (j *journal) cause(at place, err error) {
	j.count++
	if j.count <= maxDefects {
		value := string(at.value[:min(len(at.value), maxValueBytes)])
		j.errs = append(j.errs, &DefectError{j.file, at.line, at.asset, value, err})
	}
}

func (j *journal) warn(line int, format string, args ...any) {
	j.warnings = append(j.warnings, Warning{j.file, line, fmt.Sprintf(format, args...)})
}

// err joins the defects, or is nil.
func (j *journal) err() error {
	if more := int64(j.count - len(j.errs)); more > 0 {
		return errors.Join(append(j.errs, fmt.Errorf("%s: and %s", j.file, plural(more, "more defect")))...)
	}
	return errors.Join(j.errs...)
}

// place is where a defect is.
type place struct {
	line  int
	asset string
	value []byte
}

// plural is "1 gap" or "2 gaps".
func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
