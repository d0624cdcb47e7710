package hostile_test

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/internal/daemon/localnet"
)

// cables connect every node with every other one, each way by a port of its own, and can be cut.
type cables struct {
	mu    sync.Mutex
	cut   func(from, to int) bool // nil: none is
	lines map[net.Conn][2]int     // what is connected now, by who dialled whom
	t     *testing.T
}

// wired lets the nodes of a network find each other only through cables.
func wired(t *testing.T) (*cables, func(*localnet.Options)) {
	t.Helper()
	w := &cables{lines: map[net.Conn][2]int{}, t: t}
	return w, func(o *localnet.Options) { o.Dial = w.lay }
}

// lay lays a cable to an address and returns its near end.
func (w *cables) lay(from, to int, address string) string {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // the cleanup closes it
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(near, [2]int{from, to}, address)
		}
	}()
	return l.Addr().String()
}

// carry carries what both ends say until one of them ends or the cable is cut.
func (w *cables) carry(near net.Conn, between [2]int, address string) {
	defer func() { _ = near.Close() }()
	far, err := net.Dial("tcp", address) //nolint:noctx // both ends are closed by then
	if err != nil {
		return
	}
	defer func() { _ = far.Close() }()
	w.mu.Lock()
	if w.cut != nil && w.cut(between[0], between[1]) {
		w.mu.Unlock()
		return
	}
	w.lines[near] = between
	w.mu.Unlock()
	ended := make(chan struct{}, 2)
	pass := func(to, from net.Conn) {
		_, _ = io.Copy(to, from)
		ended <- struct{}{}
	}
	go pass(near, far)
	go pass(far, near)
	<-ended
	w.mu.Lock()
	delete(w.lines, near)
	w.mu.Unlock()
}

// part cuts the cables between those who are in a group and those who are not. Nobody in it: all are mended.
func (w *cables) part(group ...int) {
	inside := map[int]bool{}
	for _, i := range group {
		inside[i] = true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = func(from, to int) bool { return inside[from] != inside[to] }
	for line, between := range w.lines {
		if w.cut(between[0], between[1]) {
			_ = line.Close()
		}
	}
}
