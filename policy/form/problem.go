package form

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

var (
	// ErrInvalid is what every Problem wraps.
	ErrInvalid = errors.New("form: not valid")
	// ErrEmpty says that a text has nothing in it but comments.
	ErrEmpty = fmt.Errorf("%w: empty", ErrInvalid)
)

// Problem is one thing that is wrong with a text. Line is 0 when it has no line: when something that is missing
// belongs nowhere yet, or when there was no text.
type Problem struct { //nolint:errname // it is read by people, in lists
	Line  int
	Where string // the path of the field, such as assets.2.weight; list positions count from 1
	Text  string // what was expected, what was found, how to mend it
	cause error  // what it wraps, nil for ErrInvalid
}

// Error prints line, path and text.
func (p *Problem) Error() string {
	text := p.Text
	if p.Where != "" {
		text = p.Where + ": " + text
	}
	if p.Line != 0 {
		text = fmt.Sprintf("line %d: %s", p.Line, text)
	}
	return text
}

// Unwrap returns ErrInvalid, or what wraps it.
func (p *Problem) Unwrap() error {
	if p.cause != nil {
		return p.cause
	}
	return ErrInvalid
}

// Problems are all that is wrong with a text, in the order of its lines. As an error it is never empty.
type Problems []*Problem //nolint:errname // see Problem

// Error prints one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the single problems.
func (ps Problems) Unwrap() []error {
	list := make([]error, len(ps))
	for i, p := range ps {
		list[i] = p
	}
	return list
}

// Err returns the problems in the order of their lines, or nil when there are none. More than MaxProblems are cut.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	sorted := slices.Clone(ps)
	slices.SortStableFunc(sorted, func(a, b *Problem) int { return a.Line - b.Line })
	if over := len(sorted) - MaxProblems; over > 0 {
		sorted = append(sorted[:MaxProblems:MaxProblems], &Problem{
			Line: sorted[MaxProblems].Line,
			Text: fmt.Sprintf("and %d more problems from here on; mend the first ones first", over),
		})
	}
	return sorted
}

// Quote quotes what a person wrote, cut to what fits a message.
func Quote(text string) string {
	const most = 60
	if len(text) <= most {
		return strconv.Quote(text)
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return strconv.Quote(text[:cut]) + "..."
}
