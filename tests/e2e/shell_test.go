//go:build e2e

package e2e_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// stepLimit is how long one block may take; those that wait for a market take the longest.
const stepLimit = 2 * time.Minute

// shell is one bash that runs everything, so that what a block sets the next one has. All processes are of its group.
type shell struct {
	dir    string
	in     io.WriteCloser
	lines  chan string
	steps  int
	leash  io.Closer // whoever holds it keeps the group alive
	ending chan struct{}
}

// newShell starts a bash in a folder of its own, with variables.
func newShell(t *testing.T, variables ...string) *shell {
	t.Helper()
	dir, err := os.MkdirTemp("", "ballast-e2e-") //nolint:usetesting // it stays when the test fails
	if err != nil {
		t.Fatal(err)
	}
	s := &shell{dir: dir, lines: make(chan string, 64), ending: make(chan struct{})}
	bash := exec.Command("bash", "--norc", "--noprofile") //nolint:noctx // the guard ends it, with all of its group
	bash.Dir = dir
	bash.Env = append(os.Environ(), append([]string{"HOME=" + dir, "WORK=" + dir}, variables...)...)
	bash.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	log, err := os.Create(filepath.Join(dir, "shell.log"))
	if err != nil {
		t.Fatal(err)
	}
	bash.Stderr = log
	out, outEnd, err := os.Pipe() // not bash.StdoutPipe: processes in the background may hold it open
	if err != nil {
		t.Fatal(err)
	}
	bash.Stdout = outEnd
	if s.in, err = bash.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := bash.Start(); err != nil {
		t.Fatal(err)
	}
	_ = outEnd.Close()
	s.guard(t, bash.Process.Pid)
	go s.read(out)
	go func() { _ = bash.Wait() }()
	t.Cleanup(func() { s.end(t) })
	s.run(t, "set -u -E -o pipefail")
	return s
}

// guard starts a process that ends the group when the test is gone, in whichever way: interrupted, panicked or killed.
func (s *shell) guard(t *testing.T, group int) {
	t.Helper()
	dog := exec.Command("bash", "-c", //nolint:noctx // it outlives us
		`cat > /dev/null; kill -TERM -- "-$1"; sleep 1; kill -KILL -- "-$1"`, "dog",
		strconv.Itoa(group))
	dog.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	leash, err := dog.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := dog.Start(); err != nil {
		t.Fatal(err)
	}
	s.leash = leash
	go func() { _ = dog.Wait(); close(s.ending) }()
}

// end ends the group and, when all is well, removes the folder.
func (s *shell) end(t *testing.T) {
	t.Helper()
	_ = s.leash.Close()
	<-s.ending
	if t.Failed() {
		t.Logf("the logs and homes are in %s", s.dir)
		return
	}
	if err := os.RemoveAll(s.dir); err != nil {
		t.Error(err)
	}
}

func (s *shell) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		s.lines <- lines.Text()
	}
	close(s.lines)
}

// run runs a script to its end and returns what it wrote. A command that fails ends the test.
func (s *shell) run(t *testing.T, script string) string {
	t.Helper()
	out, err := s.try(t.Context(), script)
	if err != nil {
		t.Fatalf("%v\n%s\n--- script\n%s\n--- shell.log\n%s", err, out, script, s.tail("shell.log"))
	}
	return out
}

// try runs a script as a file, so that it stops at the first command that fails and the shell lives on.
func (s *shell) try(ctx context.Context, script string) (string, error) {
	s.steps++
	end := fmt.Sprintf("--end of step %d:", s.steps)
	file := filepath.Join(s.dir, fmt.Sprintf("step-%d.sh", s.steps))
	guarded := "trap 'return 1' ERR\n" + script + "\ntrap - ERR\nreturn 0\n"
	if err := os.WriteFile(file, []byte(guarded), 0o600); err != nil {
		return "", err
	}
	if _, err := fmt.Fprintf(s.in, "source %s; { S=$?; trap - ERR; } ; echo \"%s $S\"\n", file, end); err != nil {
		return "", fmt.Errorf("the shell is gone: %w", err)
	}
	ctx, stop := context.WithTimeout(ctx, stepLimit)
	defer stop()
	var said []string
	for {
		select {
		case <-ctx.Done():
			return strings.Join(said, "\n"), fmt.Errorf("not done: %w", ctx.Err())
		case line, open := <-s.lines:
			status, done := strings.CutPrefix(line, end)
			switch {
			case !open:
				return strings.Join(said, "\n"), io.ErrUnexpectedEOF
			case done && strings.TrimSpace(status) == "0":
				return strings.Join(said, "\n"), nil
			case done:
				return strings.Join(said, "\n"), fmt.Errorf("status%s", status)
			}
			said = append(said, line)
		}
	}
}

// value is what a variable of the shell holds.
func (s *shell) value(t *testing.T, name string) string {
	t.Helper()
	return s.run(t, `echo "$`+name+`"`)
}

// tail is the end of a log.
func (s *shell) tail(name string) string {
	text, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-3000):])
}
