package localnet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// ErrGaveUp says that a node did not stay up.
var ErrGaveUp = errors.New("localnet: a node does not stay up")

const (
	// maxStarts is how often a node is started.
	maxStarts = 5
	// pause before a node is started again.
	pause = 2 * time.Second
	// patience is how long a node may take to stop.
	patience = 20 * time.Second
)

// Log is the file that has what a node says.
func (node *Node) Log() string { return filepath.Join(node.Home, "node.log") }

// Command is the process of a node. It is told to stop when the context ends, and killed when it does not.
func (node *Node) Command(ctx context.Context, program string, log io.Writer) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, "start", "--home", node.Home) //nolint:gosec // it is this program
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = patience
	return cmd
}

// Supervise runs the nodes until the context ends, and starts one again that ends by itself. When one does not stay up,
// all are stopped: ErrGaveUp.
func (n *Network) Supervise(ctx context.Context, program string, out io.Writer) error {
	group, ctx := errgroup.WithContext(ctx)
	out = &locked{out: out}
	for _, node := range n.Nodes {
		group.Go(func() error { return node.supervise(ctx, program, out) })
	}
	return group.Wait()
}

func (node *Node) supervise(ctx context.Context, program string, out io.Writer) error {
	log, err := os.OpenFile(node.Log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	for range maxStarts {
		err := node.Command(ctx, program, log).Run()
		if ctx.Err() != nil {
			return nil
		}
		_, _ = fmt.Fprintf(out, "%s ended (%v): see %s; it is started again\n", node.Name, err, node.Log())
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
	return fmt.Errorf("%w: %s ended %d times: see %s", ErrGaveUp, node.Name, maxStarts, node.Log())
}

// locked lets several write lines.
type locked struct {
	mu  sync.Mutex
	out io.Writer
}

// Write writes a line.
func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(b)
}
