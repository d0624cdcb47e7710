package price

import (
	"bytes"
	"errors"
	"time"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// row reads one line; a row with any defect is not kept.
func (s *scanner) row(line []byte, number int) {
	if commas := bytes.Count(line, []byte{','}); commas != len(s.table.Assets) {
		s.fields(line, number, commas)
		return
	}
	at, read, ok := s.instant(line, number)
	if !ok || !s.inOrder(at, line[:read], number) || !s.opt.wants(at) {
		return
	}
	kept := len(s.table.Prices)
	for j := range s.table.Assets {
		line = line[read+1:] // behind the comma, which is there: the commas were counted
		var p fixed.Wad
		p, read = quick(line)
		if read == 0 {
			p, read, ok = s.slow(line, j, number, ok)
		} else if s.fills.count > 0 {
			s.ages[j] = 0
		}
		s.table.Prices = append(s.table.Prices, p)
	}
	if !ok {
		s.table.Prices = s.table.Prices[:kept]
		return
	}
	s.table.Times = append(s.table.Times, at)
	s.lines = append(s.lines, int32(number)) //nolint:gosec // 2^31 lines would be 40 GB
}

func (s *scanner) fields(line []byte, number, commas int) {
	at := place{line: number, value: line}
	if bytes.IndexByte(line, '"') >= 0 {
		s.defect(at, ErrFields, "quoted fields are not read: expected plain decimals, got %.40q", line)
		return
	}
	s.defect(at, ErrFields, "expected %d fields, got %d in %.40q", len(s.table.Assets)+1, commas+1, line)
}

// inOrder compares a time with the one before it.
func (s *scanner) inOrder(at int64, stamp []byte, number int) bool {
	switch {
	case s.seen && at == s.last:
		s.defect(place{line: number, value: stamp}, ErrDuplicate, "%s is there already", stamp)
		return false
	case s.seen && at < s.last:
		s.defect(place{line: number, value: stamp}, ErrOrder, "%s stands behind %s", stamp, instant(s.last))
		return false
	}
	s.last, s.seen = at, true
	return true
}

// instant reads the time in front of a line and returns how many bytes it took.
func (s *scanner) instant(line []byte, number int) (at int64, read int, ok bool) {
	stamp, read := field(line)
	if len(stamp) == stampBytes && stamp[dateBytes] == 'T' && stamp[stampBytes-1] == 'Z' &&
		bytes.Equal(stamp[:dateBytes], s.date) {
		if second, ok := clock(stamp[dateBytes+1:]); ok {
			return s.day + second, read, true
		}
	}
	t, err := time.Parse(time.RFC3339, string(stamp))
	where := place{line: number, value: stamp}
	switch {
	case err != nil:
		s.defect(where, ErrTime, "expected RFC 3339 as in 2024-01-31T13:00:00Z, got %.40q", stamp)
		return 0, read, false
	case t.Nanosecond() != 0:
		s.defect(where, ErrTime, "expected whole seconds, got %.40q", stamp)
		return 0, read, false
	}
	if _, offset := t.Zone(); offset != 0 {
		s.defect(where, ErrTime, "expected UTC, got %.40q: write %s", stamp, instant(t.Unix()))
		return 0, read, false
	}
	at = t.Unix()
	s.day = at - int64(t.Hour())*3600 - int64(t.Minute())*60 - int64(t.Second())
	s.date = append(s.date[:0], stamp[:dateBytes]...)
	return at, read, true
}

// clock reads hh:mm:ss.
func clock(text []byte) (second int64, ok bool) {
	h, hok := pair(text[0], text[1])
	m, mok := pair(text[3], text[4])
	s, sok := pair(text[6], text[7])
	ok = hok && mok && sok && h < 24 && m < 60 && s < 60 && text[2] == ':' && text[5] == ':'
	return int64(h)*3600 + int64(m)*60 + int64(s), ok
}

func pair(tens, ones byte) (n int, ok bool) {
	tens, ones = tens-'0', ones-'0'
	return int(tens)*10 + int(ones), tens <= 9 && ones <= 9
}

// slow reads a price that quick does not: spaces, exponents, many digits, nothing at all. Its ok is false when the
// price cannot be used or an earlier one of the row could not.
func (s *scanner) slow(line []byte, column, number int, before bool) (p fixed.Wad, read int, ok bool) {
	value, read := field(line)
	p, exact, err := Parse(string(value))
	at := place{number, s.table.Assets[column], value}
	switch {
	case errors.Is(err, ErrMissing) && s.fill(column):
		s.fills.add(number)
		return s.table.Prices[len(s.table.Prices)-len(s.table.Assets)], read, before
	case bytes.IndexByte(value, '"') >= 0:
		s.defect(at, ErrFields, "quoted fields are not read: expected a plain decimal, got %.40q", value)
		return p, read, false
	case err != nil:
		s.cause(at, err)
		return p, read, false
	case !exact:
		s.cuts.add(number)
	}
	s.ages[column] = 0
	return p, read, before
}

// fill reports whether an empty price may repeat the one before, and counts it.
func (s *scanner) fill(column int) bool {
	if s.table.Len() == 0 || s.ages[column] >= s.opt.ForwardFill {
		return false
	}
	s.ages[column]++
	return true
}
