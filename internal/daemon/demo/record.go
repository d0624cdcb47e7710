package demo

import (
	"context"
	"net"
	"path/filepath"
	"sync"

	"github.com/ballast-finance/ballast/internal/daemon/historian"
)

// keepHistory runs ballast-index beside the chain, when it lies beside this program. The show goes on without it.
func (s *show) keepHistory(ctx context.Context, agents *sync.WaitGroup) {
	if s.opt.NoIndex {
		return
	}
	find := s.opt.indexer
	if find == nil {
		find = historian.Beside
	}
	file, err := find()
	if err != nil {
		s.say("history: none, as %s is not beside this program", historian.Program)
		return
	}
	var listen net.ListenConfig
	at, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		s.say("history: none: %v", err)
		return
	}
	address := at.Addr().String()
	_ = at.Close() // it is free now, and the next one takes it
	child := historian.Child{File: file, Args: []string{
		"--quiet", "--node", s.node.RPC, "--chain", "http://" + s.node.HTTP, "--listen", address,
		"--db", filepath.Join(s.opt.Dir, "history.db"),
	}}
	s.say("history: http://%s/v1/overview, described by http://%s/openapi.json", address, address)
	agents.Go(func() { child.Run(ctx) })
}
