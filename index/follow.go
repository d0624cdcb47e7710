package index

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cosmossdk.io/log/v2"

	"github.com/ballast-finance/ballast/index/chain"
	"github.com/ballast-finance/ballast/index/fold"
	"github.com/ballast-finance/ballast/index/store"
)

var (
	// ErrForeign says that the history is of another chain than the node.
	ErrForeign = errors.New("history: of another chain")
	// ErrGap says that the node has thrown away blocks that the history misses.
	ErrGap = errors.New("history: blocks are missing")
)

// Config says how a chain is followed.
type Config struct {
	Poll  time.Duration // between two looks for a new block; 0 is DefaultPoll
	Until int64         // height to stop at; 0: never
	Gaps  bool          // go on after blocks that the node no longer has
	Log   log.Logger
}

// DefaultPoll is a small part of the time of a block.
const DefaultPoll = 500 * time.Millisecond

// ahead is how many blocks are read while one is being written.
const ahead = 16

// Follower writes the blocks of a chain into a history, in their order and each once.
type Follower struct {
	cfg    Config
	source chain.Source
	store  *store.Store
	said   string // the last trouble, so that it is told once
}

// NewFollower follows a source into a store.
func NewFollower(cfg Config, source chain.Source, s *store.Store) *Follower {
	if cfg.Poll <= 0 {
		cfg.Poll = DefaultPoll
	}
	if cfg.Log == nil {
		cfg.Log = log.NewNopLogger()
	}
	return &Follower{cfg: cfg, source: source, store: s}
}

// Run follows until the context ends, or until the last block that is wanted. A node that does not answer is asked
// again; ErrForeign, ErrGap and what the database says end it.
func (f *Follower) Run(ctx context.Context) error {
	for {
		err := f.catchUp(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errDone):
			return nil
		case errors.Is(err, chain.ErrNode), errors.Is(err, store.ErrOrder):
			f.tell(err)
		case err != nil && !errors.Is(err, chain.ErrAhead):
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(f.cfg.Poll):
		}
	}
}

// errDone says that the last wanted block is written.
var errDone = errors.New("history: done")

func (f *Follower) tell(err error) {
	if err.Error() != f.said {
		f.said = err.Error()
		f.cfg.Log.Warn("the history waits", "error", err)
	}
}

// catchUp writes every block that the node has and the history has not.
func (f *Follower) catchUp(ctx context.Context) error {
	head, err := f.source.Head(ctx)
	if err != nil {
		return err
	}
	if head.Last < 1 {
		return fmt.Errorf("%w: the chain has no block", chain.ErrAhead)
	}
	next, err := f.next(ctx, head)
	if err != nil {
		return err
	}
	last := head.Last
	if f.cfg.Until > 0 {
		last = min(last, f.cfg.Until)
	}
	if err := f.write(ctx, head, next, last); err != nil {
		return err
	}
	if f.cfg.Until > 0 && last == f.cfg.Until {
		return errDone
	}
	return nil
}

// next is the block to write next.
func (f *Follower) next(ctx context.Context, head chain.Head) (int64, error) {
	p, err := f.store.Progress(ctx)
	if errors.Is(err, store.ErrEmpty) {
		return head.First, nil
	}
	if err != nil {
		return 0, err
	}
	if p.Chain != head.Chain {
		return 0, fmt.Errorf("%w: the history is of %s, the node of %s: name another database, or start again with "+
			"--from-genesis", ErrForeign, p.Chain, head.Chain)
	}
	if p.Height < head.First {
		if p.Height+1 < head.First && !f.cfg.Gaps {
			return 0, fmt.Errorf("%w: the history ends at %d and the node's blocks begin at %d: follow a node that has "+
				"them, or go on without them with --skip-gap", ErrGap, p.Height, head.First)
		}
		return head.First, nil
	}
	return p.Height + 1, f.same(ctx, p, head)
}

// same holds the last block of the history to the node's.
func (f *Follower) same(ctx context.Context, p store.Progress, head chain.Head) error {
	if p.Height > head.Last {
		return fmt.Errorf("%w: the node is behind the history, at %d of %d", chain.ErrAhead, head.Last, p.Height)
	}
	b, err := f.source.Block(ctx, p.Height)
	if err != nil {
		return err
	}
	if b.Hash != p.Hash {
		return fmt.Errorf("%w: block %d of %s is %s in the history and %s at the node: the chain was started anew; name "+
			"another database, or start again with --from-genesis", ErrForeign, p.Height, p.Chain, p.Hash, b.Hash)
	}
	return nil
}

// read is a block that is being read, or what came of it.
type read struct {
	block *chain.Block
	err   error
}

// write writes blocks, reading some ahead.
func (f *Follower) write(ctx context.Context, head chain.Head, from, to int64) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	queue := make(chan chan read, ahead)
	go func() {
		defer close(queue)
		for height := from; height <= to; height++ {
			one := make(chan read, 1)
			select {
			case queue <- one:
			case <-ctx.Done():
				return
			}
			go func() {
				b, err := f.source.Block(ctx, height)
				one <- read{b, err}
			}()
		}
	}()
	for one := range queue {
		r := <-one
		if r.err != nil {
			return r.err
		}
		if err := f.Write(ctx, r.block); err != nil {
			return err
		}
		f.said = ""
		if r.block.Height%logEvery == 0 {
			f.cfg.Log.Info("history", "height", r.block.Height, "of", head.Last)
		}
	}
	return ctx.Err()
}

// logEvery is how many blocks pass between two lines of the log.
const logEvery = 10_000

// Write writes one block in one transaction. store.ErrOrder when it is not the next.
func (f *Follower) Write(ctx context.Context, b *chain.Block) error {
	p, err := f.store.Progress(ctx)
	first := errors.Is(err, store.ErrEmpty)
	if err != nil && !first {
		return err
	}
	now := store.Progress{Chain: b.Chain, First: p.First, Height: b.Height, Time: b.Time, Hash: b.Hash}
	if first {
		now.First = b.Height
	}
	now.Gap = f.cfg.Gaps && !first && b.Height > p.Height+1
	err = f.store.Block(ctx, now, func(tx *store.Tx) error { return fold.Block(ctx, f.source, tx, b, first || now.Gap) })
	if err != nil {
		return fmt.Errorf("block %d: %w", b.Height, err)
	}
	return nil
}
