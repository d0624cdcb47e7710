package index_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/index"
	"github.com/ballast-finance/ballast/index/chain"
	"github.com/ballast-finance/ballast/index/store"
	"github.com/ballast-finance/ballast/testutil/storetest"
)

// victim names the database that a child of TestKilled writes to.
const victim = "BALLAST_TEST_VICTIM"

func TestMain(m *testing.M) {
	if dsn := os.Getenv(victim); dsn != "" {
		fmt.Fprintln(os.Stderr, die(dsn))
		os.Exit(1)
	}
	os.Exit(storetest.Main(m))
}

// die follows the recorded chain, slowly, until somebody kills it.
func die(dsn string) error {
	f, err := os.Open(filepath.Join("testdata", "demo.tape"))
	if err != nil {
		return err
	}
	tape, err := chain.LoadTape(f)
	if err != nil {
		return err
	}
	s, err := store.Open(context.Background(), dsn)
	if err != nil {
		return err
	}
	return index.NewFollower(index.Config{}, loud{tape}, s).Run(context.Background())
}

// loud is a chain that says when a block of it is read, for the parent.
type loud struct{ chain.Source }

func (l loud) Block(ctx context.Context, height int64) (*chain.Block, error) {
	fmt.Println(height)
	return l.Source.Block(ctx, height)
}

// whole is the history of the recorded chain that nobody interrupted.
func whole(t *testing.T, tape *chain.Tape) string {
	t.Helper()
	s := open(t)
	follow(t, tape, s, last(t, tape))
	return dump(t, s)
}

// TestInterrupted: a follower that is stopped a hundred times, wherever it is, and whose database is closed under it,
// leaves the history that one leaves who is never stopped.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	tape := demoTape(t)
	want := whole(t, tape)
	for _, db := range storetest.Databases {
		t.Run(db.Name, func(t *testing.T) {
			t.Parallel()
			dsn := db.New(t)
			const kills = 100
			random := rand.New(rand.NewPCG(1, 2))
			stopped, heights := 0, map[int64]bool{}
			for stopped < kills {
				s := reopen(t, dsn)
				p, err := s.Progress(t.Context())
				heights[p.Height] = true
				if err == nil && p.Height == last(t, tape) {
					if err := s.Reset(t.Context()); err != nil { // around again, until it was stopped often enough
						t.Fatal(err)
					}
				}
				p, err = s.Progress(t.Context())
				if err != nil && !errors.Is(err, store.ErrEmpty) {
					t.Fatal(err)
				}
				if errors.Is(err, store.ErrEmpty) {
					p.Height = 0
				}
				follow(t, tape, s, min(p.Height+1+random.Int64N(4), last(t, tape))) // however slow the machine is
				ctx, cancel := context.WithCancel(t.Context())
				abrupt := stopped%2 == 1
				after := time.Duration(random.IntN(30_000)) * time.Microsecond
				timer := time.AfterFunc(after, func() {
					if abrupt {
						_ = s.Close()
					}
					cancel()
				})
				err = index.NewFollower(index.Config{Until: last(t, tape)}, tape, s).Run(ctx)
				timer.Stop()
				cancel()
				_ = s.Close()
				if err != nil {
					stopped++
				}
			}
			if len(heights) < 10 {
				t.Errorf("expected interruptions at many heights, got %v", heights)
			}
			s := reopen(t, dsn)
			defer s.Close() //nolint:errcheck // reading
			follow(t, tape, s, last(t, tape))
			if got := dump(t, s); got != want {
				t.Errorf("after %d interruptions the history is another:\n%s", stopped, firstDifference(got, want))
			}
		})
	}
}

func reopen(t *testing.T, dsn string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// firstDifference shows where two dumps part.
func firstDifference(got, want string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			from := max(i-200, 0)
			return fmt.Sprintf("got  ...%s\nwant ...%s", got[from:min(i+200, len(got))], want[from:min(i+200, len(want))])
		}
	}
	return fmt.Sprintf("got %d bytes, want %d", len(got), len(want))
}

// TestKilled kills a process that follows a hundred times, with a signal that nobody can hear, at random moments.
func TestKilled(t *testing.T) {
	t.Parallel()
	tape := demoTape(t)
	want := whole(t, tape)
	for _, db := range storetest.Databases {
		t.Run(db.Name, func(t *testing.T) {
			t.Parallel()
			dsn := db.New(t)
			random := rand.New(rand.NewPCG(3, 4))
			kills, heights := 100, map[int64]bool{}
			if testing.Short() {
				kills = 12
			}
			// On a busy machine some are killed before they write anything: then it takes more kills.
			for n := 0; n < kills || n < 3*kills && len(heights) < kills/2; n++ {
				kill(t, dsn, random)
				s := reopen(t, dsn)
				p, err := s.Progress(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				heights[p.Height] = true
				if p.Height > last(t, tape)-margin { // around again
					if err := s.Reset(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				_ = s.Close()
			}
			if len(heights) < kills/2 {
				t.Errorf("expected kills at many heights, got %v", heights)
			}
			s := reopen(t, dsn)
			defer s.Close() //nolint:errcheck // reading
			follow(t, tape, s, last(t, tape))
			if got := dump(t, s); got != want {
				t.Errorf("after kills the history is another:\n%s", firstDifference(got, want))
			}
		})
	}
}

// margin is how many blocks a process may still write before somebody kills it.
const margin = 40

// kill starts a process that follows, lets it write some blocks, and kills it a moment later. It reads 17 blocks before
// it has written one.
func kill(t *testing.T, dsn string, random *rand.Rand) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), victim+"="+dsn)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for range 18 + random.IntN(6) {
		if !lines.Scan() {
			t.Fatalf("it ended before it was killed: %v", lines.Err())
		}
	}
	time.Sleep(time.Duration(random.IntN(5_000)) * time.Microsecond)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("it ended before it was killed: %v", err)
	}
}
