package api

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of a page.
const (
	DefaultPage = 100
	MaxPage     = 500
)

// question is a request as the database is asked.
type question struct {
	view   *view
	where  []string
	keys   []string // conditions on the key besides, which follow from a range of time
	args   []any
	newest bool
	limit  int
	csv    bool
}

// arg adds a value and returns its place.
func (q *question) arg(value any) string {
	q.args = append(q.args, value)
	return "$" + strconv.Itoa(len(q.args))
}

// ask reads a request.
func ask(v *view, r *http.Request) (*question, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, invalid("the query cannot be read: "+err.Error(), "write it as name=value&name=value")
	}
	if err := known(values, parameters(v)); err != nil {
		return nil, err
	}
	q := &question{view: v, newest: v.newest, limit: DefaultPage}
	for _, column := range slices.Sorted(maps.Keys(v.within)) {
		value, err := bind(column, r.PathValue(v.within[column]), !words[v.within[column]])
		if err != nil {
			return nil, err
		}
		q.where = append(q.where, column+" = "+q.arg(value))
	}
	if q.csv, err = wantsCSV(values.Get("format"), r.Header.Get("Accept")); err != nil || v.single {
		return q, err
	}
	for _, name := range v.filters {
		if !values.Has(name) {
			continue
		}
		value, err := bind(name, values.Get(name), v.of(name) == number)
		if err != nil {
			return nil, err
		}
		q.where = append(q.where, name+" = "+q.arg(value))
	}
	if err := q.span(values); err != nil {
		return nil, err
	}
	if err := q.sample(values.Get("every")); err != nil {
		return nil, err
	}
	return q, q.page(values)
}

// words are the parameters of paths that are no numbers.
var words = map[string]bool{"denom": true, "address": true}

// span reads a range of time. Keys grow with time: where it is known which key a time has, the database looks from
// there, and not from the end of the list.
func (q *question) span(values url.Values) error {
	clock, key, at := "", "", ""
	if parts := strings.Fields(q.view.clock); len(parts) == 3 {
		clock, key, at = parts[0], parts[1], parts[2]
	}
	for _, edge := range []struct{ name, sign, from string }{
		{"from", " >= ", " >= COALESCE((SELECT %[1]s FROM %[2]s WHERE %[3]s < %[4]s ORDER BY %[3]s DESC, %[1]s DESC " +
			"LIMIT 1), 0)"},
		{"to", " < ", " < COALESCE((SELECT %[1]s FROM %[2]s WHERE %[3]s >= %[4]s ORDER BY %[3]s, %[1]s LIMIT 1), " +
			"9223372036854775807)"},
	} {
		value := values.Get(edge.name)
		if value == "" {
			continue
		}
		t, err := moment(edge.name, value)
		if err != nil {
			return err
		}
		place := q.arg(t)
		q.where = append(q.where, q.view.time+edge.sign+place)
		if clock != "" {
			q.keys = append(q.keys, key+fmt.Sprintf(edge.from, key, clock, at, place))
		}
	}
	return nil
}

// sample takes the last row of each so many seconds, of those that are asked for. Which they are, an index of times
// knows: conditions on the key would lead the database away from it.
func (q *question) sample(every string) error {
	if every == "" {
		return nil
	}
	n, err := strconv.ParseInt(every, 10, 64)
	if err != nil || n < 1 {
		return invalid(fmt.Sprintf("every: expected seconds, got %q", every), "86400 is a row for each day")
	}
	key := q.view.key[0]
	where := ""
	if len(q.where) > 0 {
		where = " WHERE " + strings.Join(q.where, " AND ")
	}
	q.keys = nil // the rows that are taken lie within them
	q.where = append(q.where, key+" IN (SELECT MAX("+key+") FROM "+q.view.table+where+" GROUP BY "+q.view.time+" / "+
		q.arg(n)+")")
	return nil
}

// parameters are the names that a view knows.
func parameters(v *view) []string {
	list := []string{"format"}
	if v.single {
		return list
	}
	list = append(list, "limit", "cursor", "order")
	if v.time != "" {
		list = append(list, "from", "to")
	}
	if v.every {
		list = append(list, "every")
	}
	return append(list, v.filters...)
}

func known(values url.Values, names []string) error {
	for name, all := range values {
		if !slices.Contains(names, name) {
			return invalid("unknown parameter "+name, "expected any of "+strings.Join(names, ", "))
		}
		if len(all) != 1 {
			return invalid(name+" stands more than once", "give it once")
		}
	}
	return nil
}

// bind makes a value for the database.
func bind(name, value string, whole bool) (any, error) {
	if !whole {
		return value, nil
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 0 {
		return nil, invalid(fmt.Sprintf("%s: expected a whole number, got %q", name, value), "ids and rounds count from 1")
	}
	return n, nil
}

// page reads order, limit and cursor.
func (q *question) page(values url.Values) error {
	switch order := values.Get("order"); order {
	case "":
	case "asc", "desc":
		q.newest = order == "desc"
	default:
		return invalid(fmt.Sprintf("order: expected asc or desc, got %q", order), "without it a list has its own order")
	}
	if value := values.Get("limit"); value != "" {
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > MaxPage {
			return invalid(fmt.Sprintf("limit: expected 1..%d, got %q", MaxPage, value), "the next page has a cursor")
		}
		q.limit = n
	}
	if value := values.Get("cursor"); value != "" {
		return q.after(value)
	}
	return nil
}

// moment reads a time: unix seconds, or a date of RFC 3339.
func moment(name, value string) (int64, error) {
	if n, err := strconv.ParseInt(value, 10, 64); err == nil {
		return n, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, value); err == nil {
			return t.Unix(), nil
		}
	}
	return 0, invalid(fmt.Sprintf("%s: expected a time, got %q", name, value),
		"write unix seconds, 2026-01-31 or 2026-01-31T12:00:00Z")
}

// after goes on behind the row of a cursor.
func (q *question) after(cursor string) error {
	broken := invalid("the cursor cannot be read", "use the next of the page before, with the same filters and order")
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return broken
	}
	var key []string
	if err := json.Unmarshal(raw, &key); err != nil || len(key) != len(q.view.key) {
		return broken
	}
	places := make([]string, len(key))
	for i, name := range q.view.key {
		value, err := bind(name, key[i], q.view.of(name) == number)
		if err != nil {
			return broken
		}
		places[i] = q.arg(value)
	}
	sign := " > "
	if q.newest {
		sign = " < "
	}
	q.where = append(q.where, "("+strings.Join(q.view.key, ", ")+")"+sign+"("+strings.Join(places, ", ")+")")
	return nil
}

// cursor names the row that a page ends with.
func (q *question) cursor(row []any) string {
	key := make([]string, len(q.view.key))
	for i, name := range q.view.key {
		at := slices.IndexFunc(q.view.columns, func(c column) bool { return c.name == name })
		key[i] = fmt.Sprint(row[at])
	}
	raw, err := json.Marshal(key)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// sql writes the question. It asks for one row more than the page has, to know whether there is a next one.
func (q *question) sql() string {
	var s strings.Builder
	s.WriteString("SELECT ")
	for i, c := range q.view.columns {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(c.name)
	}
	s.WriteString(" FROM " + q.view.table)
	if all := slices.Concat(q.where, q.keys); len(all) > 0 {
		s.WriteString(" WHERE " + strings.Join(all, " AND "))
	}
	for i, name := range q.view.key {
		s.WriteString([]string{" ORDER BY ", ", "}[min(i, 1)] + name)
		if q.newest {
			s.WriteString(" DESC")
		}
	}
	s.WriteString(" LIMIT " + strconv.Itoa(q.limit+1))
	return s.String()
}
