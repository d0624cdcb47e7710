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
		cmd := exec.CommandContext(ctx, c.File, c.Args...) //nolint:gosec // our own program
		cmd.Env = append(os.Environ(), c.Env...)
		cmd.Stdout, cmd.Stderr = c.Out, c.Out
		cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
		cmd.WaitDelay = patience
		lived, stop := context.WithTimeout(context.WithoutCancel(ctx), longestPause)
		err := cmd.Run()
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
