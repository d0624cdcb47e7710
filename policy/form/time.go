package form

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Span is a length of time, written as 90s, 30m, 6h, 1d or 2w.
type Span struct{ Seconds int64 }

// unit is a unit of time.
type unit struct {
	suffix  string
	seconds int64
}

// units are the units of a span, from long to short.
func units() [5]unit {
	return [...]unit{{"w", 604_800}, {"d", 86_400}, {"h", 3_600}, {"m", 60}, {"s", 1}}
}

// maxSpanSeconds is a hundred years.
const maxSpanSeconds = 100 * 31_557_600

var (
	errSpan   = errors.New("expected a span like 30m, 6h, 1d or 2w")
	errLong   = errors.New("expected a span of at most 100 years")
	errMoment = errors.New("expected a date like 2026-01-31 or a time like 2026-01-31T12:00:00Z")
	errFar    = errors.New("expected a time in whole seconds from 1970 to 9999")
)

// ParseSpan reads a span. Its error says what was expected.
func ParseSpan(text string) (Span, error) {
	text = strings.TrimSpace(text)
	for _, u := range units() {
		number, found := strings.CutSuffix(text, u.suffix)
		if !found {
			continue
		}
		n, err := fixed.ParseNat(number)
		if err != nil {
			return Span{}, errSpan
		}
		count, small := n.Uint64()
		if !small || count > maxSpanSeconds/uint64(u.seconds) { //nolint:gosec // positive
			return Span{}, errLong
		}
		return Span{int64(count) * u.seconds}, nil //nolint:gosec // at most 100 years
	}
	return Span{}, errSpan
}

// UnmarshalText reads a span.
func (s *Span) UnmarshalText(text []byte) error {
	v, err := ParseSpan(string(text))
	if err == nil {
		*s = v
	}
	return err
}

// MarshalText prints the span.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// String prints the span in the largest unit that divides it.
func (s Span) String() string {
	for _, u := range units() {
		if s.Seconds%u.seconds == 0 && s.Seconds != 0 {
			return fmt.Sprintf("%d%s", s.Seconds/u.seconds, u.suffix)
		}
	}
	return "0s"
}

// Size is the number of seconds.
func (s Span) Size() fixed.Wad { return fixed.FromInt(s.Seconds) }

// Moment is a point in time in whole seconds, from 1970 to 9999, written as 2026-01-31 (the midnight of UTC with which
// it begins) or as 2026-01-31T12:00:00Z, in RFC 3339.
type Moment struct{ Unix int64 }

// ParseMoment reads a moment. Its error says what was expected.
func ParseMoment(text string) (Moment, error) {
	text = strings.TrimSpace(text)
	for _, layout := range [...]string{time.DateOnly, time.RFC3339} {
		t, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if t = t.UTC(); t.Year() < 1970 || t.Year() > 9999 || t.Nanosecond() != 0 {
			return Moment{}, errFar
		}
		return Moment{t.Unix()}, nil
	}
	return Moment{}, errMoment
}

// UnmarshalText reads a moment.
func (m *Moment) UnmarshalText(text []byte) error {
	v, err := ParseMoment(string(text))
	if err == nil {
		*m = v
	}
	return err
}

// MarshalText prints the moment.
func (m Moment) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// String prints the date, and the time of day unless it is midnight UTC.
func (m Moment) String() string {
	t := time.Unix(m.Unix, 0).UTC()
	if m.Unix%86_400 == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339)
}

// Size is the number of seconds since 1970.
func (m Moment) Size() fixed.Wad { return fixed.FromInt(m.Unix) }
