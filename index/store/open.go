package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of PostgreSQL
	_ "modernc.org/sqlite"             // the driver of SQLite
)

var (
	// ErrDatabase says that a database cannot be used.
	ErrDatabase = errors.New("history: database")
	// ErrOrder says that a block is not the next one of the history: somebody else writes it too.
	ErrOrder = errors.New("history: block out of order")
	// ErrEmpty says that the history has no block yet.
	ErrEmpty = errors.New("history: empty")
)

// Store is a history. Reads may go on beside the one that writes.
type Store struct {
	write, read *sql.DB
	clustered   string     // what follows a table whose key is clustered
	bytes       string     // what follows a text that is compared byte by byte
	kept        statements // of the writer; they end with it
}

// maxReaders bounds connections that read.
const maxReaders = 16

// Open opens a history, and creates or migrates it: a file, or postgres://user:password@host/database.
func Open(ctx context.Context, dsn string) (*Store, error) {
	s, err := connect(dsn)
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %s: %w", ErrDatabase, redacted(dsn), err), s.Close())
	}
	return s, nil
}

func connect(dsn string) (*Store, error) {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		db, err := sql.Open("pgx", dsn)
		if err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrDatabase, redacted(dsn), err)
		}
		db.SetMaxOpenConns(maxReaders)
		db.SetMaxIdleConns(maxReaders)
		return &Store{write: db, read: db, bytes: `COLLATE "C"`}, nil
	}
	if dsn == "" || strings.Contains(dsn, "://") {
		return nil, fmt.Errorf("%w: expected a file or postgres://..., got %q", ErrDatabase, redacted(dsn))
	}
	own := sqlite(dsn, "synchronous(normal)", "journal_size_limit(67108864)", "cache_size(-65536)") + "&_txlock=immediate"
	write, err := sql.Open("sqlite", own)
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1) // SQLite has one writer
	read, err := sql.Open("sqlite", sqlite(dsn, "query_only(1)", "mmap_size(2147418112)", "cache_size(-16384)"))
	if err != nil {
		return nil, err
	}
	// SQLite reads in this process: many more connections than processors only share them.
	readers := min(maxReaders, 4*runtime.GOMAXPROCS(0))
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return &Store{write: write, read: read, clustered: "WITHOUT ROWID"}, nil
}

// sqlite names a file for the driver. The log in front of the database (WAL) lets readers go on beside the writer and
// survives a killed process; a machine that loses power may lose the last blocks, never a part of one.
func sqlite(file string, pragmas ...string) string {
	q := url.Values{"_pragma": pragmas}
	for _, always := range []string{"journal_mode(wal)", "busy_timeout(10000)", "temp_store(memory)"} {
		q.Add("_pragma", always)
	}
	return "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + q.Encode()
}

// redacted hides the password of a DSN.
func redacted(dsn string) string {
	if u, err := url.Parse(dsn); err == nil && u.User != nil {
		return u.Redacted()
	}
	return dsn
}

// Close closes the history.
func (s *Store) Close() error {
	if s.read == s.write {
		return s.write.Close()
	}
	return errors.Join(s.read.Close(), s.write.Close())
}

// Reader is for questions. Nothing can be written through that of SQLite.
func (s *Store) Reader() *sql.DB { return s.read }
