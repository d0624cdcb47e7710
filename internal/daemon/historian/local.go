package historian

import (
	"context"
	"net"
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
	var listen net.ListenConfig
	at, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		l.Say("history: none: %v", err)
		return
	}
	address := at.Addr().String()
	_ = at.Close() // it is free now, and the next one takes it
	c := Config{Listen: address, DB: filepath.Join(l.Dir, "history.db")}
	child := Child{File: file, Args: append(c.Args("", l.RPC, l.REST), "--quiet")}
	l.Say("history: http://%s/v1/overview, described by http://%s/openapi.json", address, address)
	group.Go(func() { child.Run(ctx) })
}
