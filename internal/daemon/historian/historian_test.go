package historian_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ballast-finance/ballast/internal/daemon/historian"
)

// role says what a process of this test does.
const role = "BALLAST_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "parent": // it runs a child that it holds, until somebody kills it
		self, _ := os.Executable()
		c := historian.Child{File: self, Env: []string{role + "=held"}, Out: os.Stdout}
		c.Run(context.Background())
		os.Exit(0)
	case "held":
		ctx, stop := historian.Held(context.Background())
		fmt.Println("started", os.Getpid())
		<-ctx.Done()
		stop()
		fmt.Println("released")
		os.Exit(0)
	case "fail":
		fmt.Println("started")
		os.Exit(3)
	case "wait":
		over := make(chan os.Signal, 1)
		signal.Notify(over, syscall.SIGTERM)
		fmt.Println("started")
		<-over
		fmt.Println("ended")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// paper is written by a process and read by the test.
type paper struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *paper) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *paper) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// TestAgain: a process that ends is started again, after ever longer pauses, and that hurts nobody.
func TestAgain(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out paper
	var pauses []time.Duration
	c := historian.Child{
		File: self, Env: []string{role + "=fail"}, Out: &out, Pause: time.Millisecond,
		Ended: func(err error, pause time.Duration) {
			if err == nil || !strings.Contains(err.Error(), "exit status 3") {
				t.Errorf("expected its status, got %v", err)
			}
			if pauses = append(pauses, pause); len(pauses) == 4 {
				cancel()
			}
		},
	}
	c.Run(ctx)
	if n := strings.Count(out.String(), "started"); n != 4 {
		t.Errorf("expected 4 starts, got %q", out.String())
	}
	if want := []time.Duration{1e6, 2e6, 4e6, 8e6}; !slices.Equal(pauses, want) {
		t.Errorf("expected %v, got %v", want, pauses)
	}
}

// TestEnds: it is ended with the one who started it, in peace.
func TestEnds(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out paper
	done := make(chan struct{})
	go func() {
		defer close(done)
		c := historian.Child{File: self, Env: []string{role + "=wait"}, Out: &out}
		c.Run(ctx)
	}()
	for !strings.Contains(out.String(), "started") {
		select {
		case <-t.Context().Done():
			t.Fatal("it did not start")
		case <-time.After(time.Millisecond):
		}
	}
	cancel()
	<-done
	if !strings.Contains(out.String(), "ended") {
		t.Errorf("expected that it could end, got %q", out.String())
	}
}

// TestOrphan: a process that is killed leaves no child behind.
func TestOrphan(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.CommandContext(t.Context(), self)
	parent.Env = append(os.Environ(), role+"=parent")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "started") {
		t.Fatalf("expected a child, got %q", lines.Text())
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() { // until nobody has the pipe of the parent any more
		if lines.Text() == "released" {
			_ = parent.Wait()
			return
		}
	}
	t.Error("expected that the child ends by itself")
}

// TestRead: the section says whether and how, or what is wrong with it.
func TestRead(t *testing.T) {
	t.Parallel()
	from := func(values map[string]any) func(string) any { return func(key string) any { return values[key] } }
	if c, err := historian.Read(from(nil)); err != nil || c.Enabled {
		t.Errorf("expected none without a section, got %+v, %v", c, err)
	}
	c, err := historian.Read(from(map[string]any{
		"history.enabled": true, "history.address": "localhost:1318", "history.database": "history.db",
	}))
	want := "--node tcp://rpc --listen localhost:1318 --chain http://rest --db /node/data/history.db"
	if got := strings.Join(c.Args("/node", "tcp://rpc", "http://rest"), " "); err != nil || got != want {
		t.Errorf("got %q, %v", got, err)
	}
	for _, bad := range []map[string]any{
		{"history.enabled": "perhaps"}, {"history.enabled": true, "history.address": "nowhere"},
	} {
		if _, err := historian.Read(from(bad)); !errors.Is(err, historian.ErrConfig) {
			t.Errorf("%v: got %v", bad, err)
		}
	}
}
