package historian

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Program is the one that keeps a history.
const Program = "ballast-index"

const (
	// firstPause and longestPause lie between an end and the next start.
	firstPause   = time.Second
	longestPause = time.Minute
	// patience is how long it may take to end.
	patience = 15 * time.Second
)

// Beside finds the program in the folder of this one.
func Beside() (string, error) {
	own, err := os.Executable()
	if err != nil {
		return "", err
	}
	file := filepath.Join(filepath.Dir(own), Program)
	_, err = os.Stat(file)
	return file, err
}

// Find finds the program in the folder of this one, or in the PATH.
func Find() (string, error) {
	if file, err := Beside(); err == nil {
		return file, nil
	}
	return exec.LookPath(Program)
}

// Child is a process that is kept running.
type Child struct {
	File  string
	Args  []string
	Env   []string // besides that of this process
	Out   io.Writer
	Files []*os.File    // that it inherits, from descriptor 3 on
	Pause time.Duration // before it is started again; 0 is a second. It doubles, up to a minute
	Ended func(err error, pause time.Duration)
}

// Run keeps it running until the context ends, and ends it then.
func (c *Child) Run(ctx context.Context) {
	first := c.Pause
	if first <= 0 {
		first = firstPause
	}
	pause := first
	for ctx.Err() == nil {
		lived, stop := context.WithTimeout(context.WithoutCancel(ctx), longestPause)
		err := c.once(ctx)
		if lived.Err() != nil { // it did run: what ended it is another matter than before
			pause = first
		}
		stop()
		if ctx.Err() != nil {
			return
		}
		if c.Ended != nil {
			c.Ended(err, pause)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
}

// held says to a child that its standard input ends when its parent does.
const held = "BALLAST_HELD"

// once runs it until it ends. It reads a pipe whose other end is this process: whatever ends this one, ends the pipe.
func (c *Child) once(ctx context.Context) error {
	read, hold, err := os.Pipe()
	if err != nil {
		return err
	}
	defer hold.Close()                                 //nolint:errcheck // nothing is written
	defer read.Close()                                 //nolint:errcheck // the child has its own
	cmd := exec.CommandContext(ctx, c.File, c.Args...) //nolint:gosec // our own program
	cmd.Env = append(append(os.Environ(), c.Env...), held+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = read, c.Out, c.Out
	cmd.ExtraFiles = c.Files
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = patience
	return cmd.Run()
}

// Held is a context that ends when the process which runs this one as a Child does, even when that is killed. It is ctx
// for a process that nobody runs so.
func Held(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	if os.Getenv(held) == "" {
		return ctx, cancel
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	return ctx, cancel
}
