package api

import "strings"

// kind is how a column is shown.
type kind int

const (
	text   kind = iota
	number      // a whole number
	rough       // a rounded figure, for charts; may be missing
	flag
	nested // JSON
)

type column struct {
	name string
	kind kind
}

// view is a list: rows of a table in the order of a key.
type view struct {
	path    string
	summary string
	table   string
	columns []column
	key     []string          // columns that order it; the last ones make rows unique
	within  map[string]string // parameters of the path, by the column that they hold
	parent  string            // "table column" that must know the parameter of the path
	filters []string          // columns that may be asked for
	time    string            // the column of ranges; empty: none
	clock   string            // "table key time": where the key of a time is found; empty: the range has to do
	every   bool              // the last row of each so many seconds may be asked for
	newest  bool              // the newest come first, unless asked otherwise
	single  bool              // one row, by the path, instead of a list
}

// columns reads names, each with an optional kind behind a colon.
func columns(names string) []column {
	kinds := map[string]kind{"": text, "n": number, "r": rough, "f": flag, "j": nested}
	list := make([]column, 0, strings.Count(names, " ")+1)
	for word := range strings.FieldsSeq(names) {
		name, mark, _ := strings.Cut(word, ":")
		list = append(list, column{name, kinds[mark]})
	}
	return list
}

// of is the kind of a column.
func (v *view) of(name string) kind {
	for _, c := range v.columns {
		if c.name == name {
			return c.kind
		}
	}
	return text
}
