package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/ballast-finance/ballast/index/store"
)

// ErrAbsent says that there is no PostgreSQL on this machine.
var ErrAbsent = errors.New("storetest: no PostgreSQL: install the package postgresql, or have initdb in the PATH")

// server is the one of this process, started when the first test asks for it.
var (
	server    = sync.OnceValues(start)
	asked     atomic.Bool
	databases atomic.Int64
)

// Main runs the tests of a package and stops the server that they started. TestMain calls it.
func Main(m *testing.M) int {
	code := m.Run()
	if asked.Load() {
		if s, err := server(); err == nil {
			s.stop()
		}
	}
	return code
}

// Database is a kind of database that a history is kept in.
type Database struct {
	Name string
	// New makes an empty database and returns its name, or skips the test, and says so, where there is no server.
	New func(tb testing.TB) (dsn string)
}

// Databases are all kinds: a test of what is kept runs on each.
var Databases = []Database{{"sqlite", file}, {"postgresql", served}}

func file(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(tb.TempDir(), "history.db")
}

func served(tb testing.TB) string {
	tb.Helper()
	asked.Store(true)
	s, err := server()
	if errors.Is(err, ErrAbsent) {
		tb.Skip(err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	name := fmt.Sprintf("history%d", databases.Add(1))
	if err := s.create(tb.Context(), name); err != nil {
		tb.Fatal(err)
	}
	return s.dsn(name)
}

// Open opens a history, and closes it when the test ends.
func Open(tb testing.TB, dsn string) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), dsn)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

// postgres is a server in a folder of its own, which listens on a socket there and nowhere else.
type postgres struct {
	bin, dir string
	as       *syscall.Credential // it refuses to run as root
}

// start starts a server.
func start() (*postgres, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	s := &postgres{bin: bin, dir: dir}
	if os.Getuid() == 0 {
		if err := s.drop(); err != nil {
			return nil, fmt.Errorf("%w: and a user to run it as: %w", ErrAbsent, err)
		}
	}
	ctx := context.Background()
	data := filepath.Join(dir, "data")
	err = s.run(ctx, "initdb", "-D", data, "--locale=C", "-E", "UTF8", "-A", "trust", "-U", "postgres", "-N")
	if err != nil {
		return nil, err
	}
	// It does not matter to a test what a machine that loses power would lose.
	options := "-c fsync=off -c listen_addresses='' -c max_connections=200 -k " + dir
	return s, s.run(ctx, "pg_ctl", "-D", data, "-l", filepath.Join(dir, "log"), "-o", options, "-w", "start")
}

// programs finds the folder of the server's programs: Debian keeps them out of the PATH.
func programs() (string, error) {
	if found, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(found), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", ErrAbsent
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// drop makes the user postgres the one who runs the server.
func (s *postgres) drop() error {
	u, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return err
	}
	s.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(s.dir, int(uid), int(gid))
}

func (s *postgres) dsn(database string) string {
	return "postgres:///" + database + "?" + url.Values{"host": {s.dir}, "user": {"postgres"}}.Encode()
}

func (s *postgres) create(ctx context.Context, database string) error {
	db, err := sql.Open("pgx", s.dsn("postgres"))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "CREATE DATABASE "+database)
	return errors.Join(err, db.Close())
}

func (s *postgres) run(ctx context.Context, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, program), args...) //nolint:gosec // our own arguments
	cmd.Dir = s.dir
	if s.as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as}
	}
	// The server keeps what it writes to open: a pipe would never end.
	log, err := os.Create(filepath.Join(s.dir, program+".log")) //nolint:gosec // our own names
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // for people
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s: %w: %s", program, err, said)
	}
	return nil
}

func (s *postgres) stop() {
	_ = s.run(context.Background(), "pg_ctl", "-D", filepath.Join(s.dir, "data"), "-m", "immediate", "stop")
	_ = os.RemoveAll(s.dir)
}
