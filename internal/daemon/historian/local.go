package historian

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
)

// Local is a chain on this machine whose history is kept in its folder.
type Local struct {
	RPC, REST, Dir string
	// Say tells a person what is done.
	Say func(format string, args ...any)
}

// Keep runs the program beside a chain, when it lies beside this one, until the context ends. The chain goes on
// without it.
func (l *Local) Keep(ctx context.Context, group *sync.WaitGroup) {
	file, err := Beside()
	if err != nil {
		l.Say("history: none, as %s is not beside this program", Program)
		return
	}
	address, socket, err := socket(ctx)
	if err != nil {
		l.Say("history: none: %v", err)
		return
	}
	c := Config{Listen: "fd:3", DB: filepath.Join(l.Dir, "history.db")}
	child := Child{File: file, Args: append(c.Args("", l.RPC, l.REST), "--quiet"), Files: []*os.File{socket}}
	l.Say("history: http://%s/v1/overview, described by http://%s/openapi.json", address, address)
	group.Go(func() {
		defer socket.Close() //nolint:errcheck // nobody comes any more
		child.Run(ctx)
	})
}

// socket listens on a free port of this machine. The child inherits it: to look for a free port and to let the child
// take it would let others take it between.
func socket(ctx context.Context) (address string, file *os.File, err error) {
	at, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	defer at.Close() //nolint:errcheck // the file stays open
	tcp, ok := at.(*net.TCPListener)
	if !ok {
		return "", nil, fmt.Errorf("expected a TCP listener, got %T", at)
	}
	file, err = tcp.File()
	return at.Addr().String(), file, err
}
