package store

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// Dump writes everything that is kept, table by table, each in the order of its key. Two histories of the same chain
// are the same when their dumps are.
func (s *Store) Dump(ctx context.Context, w io.Writer) error {
	tables, err := s.Tables()
	if err != nil {
		return err
	}
	for _, table := range tables {
		if err := s.dumpTable(ctx, w, table); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	return nil
}

func (s *Store) dumpTable(ctx context.Context, w io.Writer, table string) error {
	by, err := key(table)
	if err != nil {
		return err
	}
	rows, err := s.read.QueryContext(ctx, "SELECT * FROM "+table+" ORDER BY "+by) //nolint:gosec // our own names
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // Err tells
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	values, places := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		places[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		if err := dumpRow(w, table, names, values); err != nil {
			return err
		}
	}
	return rows.Err()
}

func dumpRow(w io.Writer, table string, names []string, values []any) error {
	var text strings.Builder
	text.WriteString(table)
	for i, name := range names {
		fmt.Fprintf(&text, " %s=%#v", name, values[i])
	}
	_, err := fmt.Fprintln(w, text.String())
	return err
}

// key names the columns of a table's key. Texts are compared byte by byte.
func key(table string) (string, error) {
	files, err := migrations()
	if err != nil {
		return "", err
	}
	for _, file := range files {
		text, err := schema.ReadFile(file)
		if err != nil {
			return "", err
		}
		_, body, found := strings.Cut(string(text), "CREATE TABLE "+table+" (")
		if !found {
			continue
		}
		body, _, _ = strings.Cut(body, ") /*clustered*/")
		if _, list, found := strings.Cut(body, "PRIMARY KEY ("); found {
			list, _, _ = strings.Cut(list, ")")
			return list, nil
		}
		name, _, _ := strings.Cut(strings.TrimSpace(body), " ")
		return name, nil
	}
	return "", fmt.Errorf("%w: no table %s", ErrDatabase, table)
}
