package price

import (
	"bytes"
	"slices"
	"strings"

	"github.com/ballast-finance/ballast/engine/fixed"
)

const (
	timeColumn     = "time"
	sourceComment  = "# source: "
	syntheticWord  = "synthetic"
	maxAssets      = 1024 // as many as an asset universe holds
	maxNameBytes   = 64
	stampBytes     = len("2006-01-02T15:04:05Z")
	dateBytes      = len("2006-01-02")
	daySeconds     = 86_400
	byteOrderMark  = "\xef\xbb\xbf"
	leastCellBytes = 2 // a comma and a digit
)

// scanner reads one file. It looks at bytes and allocates nothing per row.
type scanner struct {
	journal

	opt   Options
	table *Table
	lines []int32 // line of every row

	date []byte // the last date read, with its first second: most rows repeat it
	day  int64
	last int64   // time of the last row in order, whether it was kept or not
	seen bool    // there was such a row
	ages []int64 // consecutive rows of every column that were filled

	fills tally // empty fields that were filled
	cuts  tally // prices with more than 18 decimals
}

// tally counts lines and keeps the first.
type tally struct{ count, first int }

func (t *tally) add(line int) {
	if t.count == 0 {
		t.first = line
	}
	t.count++
}

func (s *scanner) scan(text []byte) {
	text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	source := ""
	for line := 1; len(text) > 0; line++ {
		var row []byte
		row, text = cutLine(text)
		switch {
		case len(row) == 0:
		case s.table != nil:
			s.row(row, line)
		case row[0] == '#':
			if name, ok := bytes.CutPrefix(row, []byte(sourceComment)); ok {
				source = string(bytes.TrimSpace(name))
			}
		case !s.header(row, line, text):
			return
		}
	}
	if s.table == nil {
		s.defect(place{}, ErrHeader, `expected a line "time,ASSET,...", got an empty file`)
		return
	}
	if strings.HasPrefix(source, syntheticWord) {
		s.table.Source, s.table.Synthetic = source, true
	}
	s.report()
}

func (s *scanner) report() {
	if s.fills.count > 0 {
		s.warn(s.fills.first, "%s filled with the price before", plural(int64(s.fills.count), "empty price"))
	}
	if s.cuts.count > 0 {
		s.warn(s.cuts.first, "%s cut off after 18 decimals", plural(int64(s.cuts.count), "price"))
	}
}

// cutLine returns the first line without its end, which is LF or CR LF, and the rest.
func cutLine(text []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(text, []byte{'\n'})
	return bytes.TrimSuffix(line, []byte{'\r'}), rest
}

// header makes the table, with room for the rows of the rest of the text.
func (s *scanner) header(row []byte, line int, rest []byte) bool {
	names := strings.Split(string(row), ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	at := place{line: line, value: row}
	switch {
	case strings.HasPrefix(names[0], "\xff\xfe") || strings.HasPrefix(names[0], "\xfe\xff"):
		s.defect(at, ErrHeader, "the file is UTF-16: save it as UTF-8")
	case names[0] != timeColumn:
		s.defect(at, ErrHeader, `expected "time,ASSET,...", got %.40q`, row)
	case len(names) == 1:
		s.defect(at, ErrHeader, `expected "time,ASSET,...": there is no asset`)
	case len(names)-1 > maxAssets:
		s.defect(at, ErrHeader, "expected at most %d assets, got %d", maxAssets, len(names)-1)
	default:
		s.names(names[1:], at)
	}
	if s.count > 0 {
		return false
	}
	assets := names[1:]
	// Counting lines is exact for a good file; the second bound keeps a file of empty lines from asking for gigabytes.
	rows := min(bytes.Count(rest, []byte{'\n'})+1, len(rest)/(stampBytes+leastCellBytes*len(assets))+1)
	s.table = &Table{
		Assets: assets,
		Times:  make([]int64, 0, rows),
		Prices: make([]fixed.Wad, 0, rows*len(assets)),
	}
	s.lines = make([]int32, 0, rows)
	s.ages = make([]int64, len(assets))
	return true
}

func (s *scanner) names(assets []string, at place) {
	for i, name := range assets {
		switch {
		case !validName(name):
			s.defect(at, ErrHeader, "column %d: expected a name of 1..%d bytes without spaces and quotes, got %.40q",
				i+2, maxNameBytes, name)
		case slices.Contains(assets[:i], name):
			s.defect(at, ErrAsset, "column %d: %s is there twice", i+2, name)
		}
	}
}

func validName(name string) bool {
	return name != "" && len(name) <= maxNameBytes &&
		!strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == '"' || r == 0x7f })
}
