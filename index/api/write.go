package api

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Error is what a request is refused with.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`

	status int
}

// Error says what is wrong.
func (e *Error) Error() string { return e.Message }

func invalid(message, hint string) *Error {
	return &Error{"invalid_argument", message, hint, http.StatusBadRequest}
}

func missing(message, hint string) *Error {
	return &Error{"not_found", message, hint, http.StatusNotFound}
}

func refuse(w http.ResponseWriter, err error) {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		e = &Error{
			"internal", "the history could not answer", "try again; the log of the program says what happened",
			http.StatusInternalServerError,
		}
	}
	body, err := json.Marshal(e)
	if err != nil {
		body = []byte(`{"code":"internal"}`)
	}
	answer(w, e.status, "application/json", body)
}

func answer(w http.ResponseWriter, status int, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // an error: whoever asked has gone
}

// wantsCSV reads the format that is asked for.
func wantsCSV(format, accept string) (bool, error) {
	switch format {
	case "csv":
		return true, nil
	case "json":
		return false, nil
	case "":
		kind, _, _ := strings.Cut(accept, ",")
		kind, _, _ = strings.Cut(kind, ";")
		return strings.TrimSpace(kind) == "text/csv", nil
	}
	return false, invalid(fmt.Sprintf("format: expected json or csv, got %q", format), "or name text/csv in Accept")
}

// object writes a row as JSON. Names keep the order of the columns.
func object(out *bytes.Buffer, list []column, row []any) error {
	for i, c := range list {
		out.WriteByte("{,"[min(i, 1)])
		out.WriteString(strconv.Quote(c.name) + ":")
		if c.kind == nested {
			out.WriteString(plain(row[i]))
			continue
		}
		value := row[i]
		if c.kind == flag {
			value = plain(value) == "1"
		}
		body, err := json.Marshal(value) // escapes what a page could take for markup
		if err != nil {
			return err
		}
		out.Write(body)
	}
	out.WriteByte('}')
	return nil
}

// plain is a value as the database has it.
func plain(value any) string {
	switch x := value.(type) {
	case nil:
		return ""
	case []byte:
		return string(x)
	case string:
		return x
	case float64:
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return fmt.Sprint(value)
}

// table writes rows as CSV.
func table(list []column, rows [][]any) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	cells := make([]string, len(list))
	for i, c := range list {
		cells[i] = c.name
	}
	err := w.Write(cells)
	for _, row := range rows {
		for i, value := range row {
			cells[i] = cell(plain(value))
		}
		err = errors.Join(err, w.Write(cells))
	}
	w.Flush()
	return out.Bytes(), errors.Join(err, w.Error())
}

// fileName is what a browser calls a CSV: the path in letters, digits and dashes.
func fileName(path string) string {
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.TrimPrefix(path, "/v1/"))
	return "ballast-" + plain[:min(len(plain), 80)] + ".csv"
}

// cell keeps a spreadsheet from taking somebody's text for a formula.
func cell(s string) string {
	first, _ := utf8.DecodeRuneInString(s)
	if s == "" || !strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return s
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	return "'" + s
}
