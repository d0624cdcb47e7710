package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed schema/*.sql
var schema embed.FS

// migrations lists the files of the schema; a version is a place in it, from 1.
func migrations() ([]string, error) { return fs.Glob(schema, "schema/*.sql") }

// migrate brings the schema to the last version, each step in a transaction of its own.
func (s *Store) migrate(ctx context.Context) error {
	_, err := s.write.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)")
	if err != nil {
		return err
	}
	files, err := migrations()
	if err != nil {
		return err
	}
	version, err := s.Version(ctx)
	if err != nil {
		return err
	}
	if version > len(files) {
		return fmt.Errorf("expected a schema of version 1..%d, got %d: a newer program wrote it", len(files), version)
	}
	for v := version; v < len(files); v++ {
		if err := s.step(ctx, v+1, files[v]); err != nil {
			return fmt.Errorf("schema version %d: %w", v+1, err)
		}
	}
	return nil
}

// Version is that of the schema; 0 is none.
func (s *Store) Version(ctx context.Context) (version int, err error) {
	err = s.write.QueryRowContext(ctx, "SELECT COALESCE(MAX(version), 0) FROM schema_version").Scan(&version)
	return version, err
}

func (s *Store) step(ctx context.Context, version int, file string) error {
	text, err := schema.ReadFile(file)
	if err != nil {
		return err
	}
	return s.within(ctx, func(tx *sql.Tx) error {
		for _, statement := range s.statements(string(text)) {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("%w in %s", err, statement)
			}
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO schema_version (version) VALUES ($1)", version)
		return err
	})
}

// statements splits a file. It has no semicolon but at the end of statements, and comments begin with two dashes.
func (s *Store) statements(text string) []string {
	var plain strings.Builder
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "--")
		plain.WriteString(strings.TrimRight(line, " \n"))
		plain.WriteByte('\n')
	}
	var list []string
	marks := strings.NewReplacer("/*clustered*/", s.clustered, "/*bytes*/", s.bytes)
	for part := range strings.SplitSeq(marks.Replace(plain.String()), ";") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// Reset forgets everything, in one transaction: the next block is the first.
func (s *Store) Reset(ctx context.Context) error {
	tables, err := s.Tables()
	if err != nil {
		return err
	}
	return s.within(ctx, func(tx *sql.Tx) error {
		for _, table := range tables {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table); err != nil { //nolint:gosec // our own names
				return err
			}
		}
		return nil
	})
}

// Tables names the tables of the schema, in its order.
func (s *Store) Tables() ([]string, error) {
	files, err := migrations()
	if err != nil {
		return nil, err
	}
	var list []string
	for _, file := range files {
		text, err := schema.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, statement := range s.statements(string(text)) {
			if rest, ok := strings.CutPrefix(statement, "CREATE TABLE "); ok {
				name, _, _ := strings.Cut(rest, " ")
				list = append(list, name)
			}
		}
	}
	return list, nil
}

// within runs a function in a transaction.
func (s *Store) within(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
