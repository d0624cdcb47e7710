package figure

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Table is rows of cells. The first column stands to the left, the others to the right.
type Table struct {
	Left int // further columns that stand to the left
	rows [][]string
}

// Row adds a row.
func (t *Table) Row(cells ...string) { t.rows = append(t.rows, cells) }

// WriteTo writes the table, indented by two columns, with two between columns. Characters that could move a cursor are
// replaced.
func (t *Table) WriteTo(w io.Writer) (int64, error) {
	var widths []int
	for _, row := range t.rows {
		for i := range row {
			row[i] = Printable(row[i])
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
	}
	var b strings.Builder
	for _, row := range t.rows {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			line.WriteString("  ")
			if i <= t.Left {
				line.WriteString(cell + pad)
			} else {
				line.WriteString(pad + cell)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}

// Printable replaces what could move the cursor of a terminal or change its colours.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}

// lineColumns is where Wrapped breaks lines.
const lineColumns = 80

// Wrapped is a sentence as an item of a list, broken between words.
func Wrapped(sentence string) string {
	var b strings.Builder
	line := "-"
	for word := range strings.FieldsSeq(Printable(sentence)) {
		if utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > lineColumns && strings.TrimLeft(line, "- ") != "" {
			b.WriteString(line + "\n")
			line = " "
		}
		line += " " + word
	}
	return b.String() + line + "\n"
}
