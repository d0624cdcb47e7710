package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Progress is where a history stands.
type Progress struct {
	Chain  string
	First  int64 // height of the first block
	Height int64 // of the last one
	Time   int64 // of the last one, unix seconds
	Hash   string
	Gap    bool // blocks before this one are missing; only for writing
}

// Progress returns where the history stands. ErrEmpty before the first block.
func (s *Store) Progress(ctx context.Context) (p Progress, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT chain, first_height, height, time, hash FROM progress WHERE id = 1").
		Scan(&p.Chain, &p.First, &p.Height, &p.Time, &p.Hash)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrEmpty
	}
	return p, err
}

// Tx writes one block.
type Tx struct {
	tx   *sql.Tx
	kept *statements
	used map[string]*sql.Stmt
}

// Block writes one block: what the function writes and the height of the history, or nothing at all. ErrOrder when it
// is not the next one. Blocks are written one after the other.
func (s *Store) Block(ctx context.Context, p Progress, write func(tx *Tx) error) error {
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	if err := s.kept.prepare(ctx, s.write); err != nil {
		return err
	}
	return s.within(ctx, func(tx *sql.Tx) error {
		if err := advance(ctx, tx, p); err != nil {
			return err
		}
		return write(&Tx{tx: tx, kept: &s.kept, used: make(map[string]*sql.Stmt)})
	})
}

// advance moves the height on. It locks the row, so that of two who write the same block one waits and then fails.
func advance(ctx context.Context, tx *sql.Tx, p Progress) error {
	const first = "INSERT INTO progress (id, chain, first_height, height, time, hash) VALUES (1, $1, $2, $3, $4, $5) " +
		"ON CONFLICT DO NOTHING"
	const next = "UPDATE progress SET height = $1, time = $2, hash = $3 WHERE id = 1 AND chain = $4 AND height = $5"
	const skip = "UPDATE progress SET height = $1, time = $2, hash = $3 WHERE id = 1 AND chain = $4 AND height < $5"
	statement := next
	if p.Gap {
		statement = skip
	}
	result, err := tx.ExecContext(ctx, statement, p.Height, p.Time, p.Hash, p.Chain, p.Height-1)
	if err == nil && p.Height == p.First {
		result, err = tx.ExecContext(ctx, first, p.Chain, p.First, p.Height, p.Time, p.Hash)
	}
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("%w: expected the one after the last, got %d of "+
			"%s", ErrOrder, p.Height, p.Chain))
	}
	return nil
}

// Exec runs a statement.
func (t *Tx) Exec(ctx context.Context, statement string, args ...any) error {
	prepared, err := t.prepare(ctx, statement)
	if err == nil {
		_, err = prepared.ExecContext(ctx, args...)
	}
	if err != nil {
		return fmt.Errorf("%w in %s", err, statement)
	}
	return nil
}

// Written are the tables that were written so far, in order.
func (t *Tx) Written() (tables []string) {
	for statement := range t.used {
		switch words := strings.Fields(statement); words[0] {
		case "INSERT", "DELETE": // INTO, FROM
			tables = append(tables, words[2])
		case "UPDATE":
			tables = append(tables, words[1])
		}
	}
	slices.Sort(tables)
	return slices.Compact(tables)
}

// Texts returns the first column of a question.
func (t *Tx) Texts(ctx context.Context, question string, args ...any) (texts []string, err error) {
	prepared, err := t.prepare(ctx, question)
	if err != nil {
		return nil, fmt.Errorf("%w in %s", err, question)
	}
	rows, err := prepared.QueryContext(ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("%w in %s", err, question)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return texts, rows.Err()
}

// prepare takes a statement that is kept, or leaves it to be kept from the next block on.
func (t *Tx) prepare(ctx context.Context, statement string) (*sql.Stmt, error) {
	if used := t.used[statement]; used != nil {
		return used, nil
	}
	if kept := t.kept.of[statement]; kept != nil {
		t.used[statement] = t.tx.StmtContext(ctx, kept)
		return t.used[statement], nil
	}
	t.kept.wanted = append(t.kept.wanted, statement)
	used, err := t.tx.PrepareContext(ctx, statement)
	if err == nil {
		t.used[statement] = used
	}
	return used, err
}

// statements are prepared once for all blocks. It happens between blocks: within one, SQLite's only writer is taken.
type statements struct {
	mu     sync.Mutex
	of     map[string]*sql.Stmt
	wanted []string
}

func (s *statements) prepare(ctx context.Context, db *sql.DB) error {
	for _, statement := range s.wanted {
		if s.of[statement] != nil {
			continue
		}
		prepared, err := db.PrepareContext(ctx, statement)
		if err != nil {
			return fmt.Errorf("%w in %s", err, statement)
		}
		if s.of == nil {
			s.of = make(map[string]*sql.Stmt)
		}
		s.of[statement] = prepared
	}
	s.wanted = s.wanted[:0]
	return nil
}
