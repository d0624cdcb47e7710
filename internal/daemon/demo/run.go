package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"cosmossdk.io/log/v2"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/crypto/keyring"

	"github.com/ballast-finance/ballast/agents/feed"
	"github.com/ballast-finance/ballast/agents/maker"
	"github.com/ballast-finance/ballast/agents/wallet"
	"github.com/ballast-finance/ballast/app/inproc"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/internal/daemon/compile"
	"github.com/ballast-finance/ballast/internal/daemon/historian"
	"github.com/ballast-finance/ballast/internal/daemon/unit"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

// ErrBroken says that the books of the chain did not add up at the end.
var ErrBroken = errors.New("demo: invariants broken")

// ErrSlow says that something did not happen in time.
var ErrSlow = errors.New("demo: too slow")

const (
	chainID = "ballast-demo"
	// patience is the longest wait for anything.
	patience = 30 * time.Second
)

// show is a demonstration that runs.
type show struct {
	opt        Options
	out        io.Writer
	stage      stage
	market     *market
	assets     unit.Assets
	treasuries []*treasury
	cast       *cast
	node       *inproc.Node
	replay     *feed.Replay
	makers     []*maker.Maker
}

// Run plays the demonstration and writes what happens. ErrBroken when the invariants do not hold at the end.
func Run(ctx context.Context, opt Options, out io.Writer) error {
	if err := opt.Validate(); err != nil {
		return err
	}
	m, err := newMarket(opt.Prices)
	if err != nil {
		return err
	}
	s := &show{opt: opt, out: out, market: m}
	if s.treasuries, err = newTreasuries(m, opt.Treasuries); err != nil {
		return err
	}
	if s.opt.Dir == "" {
		if s.opt.Dir, err = os.MkdirTemp("", "ballast-demo"); err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(s.opt.Dir) }()
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := s.start(ctx); err != nil {
		return err
	}
	defer s.node.Stop()
	return s.play(ctx, cancel)
}

// start starts the chain.
func (s *show) start(ctx context.Context) error {
	begun := time.Now() //nolint:forbidigo // a demonstration happens in the world's time
	registry, err := keyring.New("demo", keyring.BackendMemory, "", nil, codecOf())
	if err != nil {
		return err
	}
	if s.cast, err = newCast(registry, s.opt.Makers); err != nil {
		return err
	}
	accounts, err := s.cast.accounts(s.market, s.treasuries)
	if err != nil {
		return err
	}
	nodes, err := inproc.Start(ctx, inproc.Options{
		ChainID: chainID, Dir: s.opt.Dir, BlockTime: blockTime, Accounts: accounts,
		Genesis: s.genesis, Serve: true,
	})
	if err != nil {
		return err
	}
	s.node = nodes[0]
	if err := s.node.WaitHeight(ctx, 1, patience); err != nil {
		return err
	}
	took := time.Since(begun).Round(time.Millisecond) //nolint:forbidigo // as above
	s.say("chain %s: first block after %v; RPC %s, HTTP http://%s, gRPC %s",
		chainID, took, s.node.RPC, s.node.HTTP, s.node.GRPC)
	return nil
}

// play runs the agents beside the watch, and reports.
func (s *show) play(ctx context.Context, stop func()) error {
	var agents sync.WaitGroup
	defer agents.Wait()
	defer stop()
	if !s.opt.NoIndex {
		beside := historian.Local{RPC: s.node.RPC, REST: "http://" + s.node.HTTP, Dir: s.opt.Dir, Say: s.say}
		beside.Keep(ctx, &agents)
	}
	if err := s.feed(ctx, &agents); err != nil {
		return err
	}
	if err := s.awaitPrices(ctx); err != nil {
		return err
	}
	if err := s.create(ctx); err != nil {
		return err
	}
	if err := s.make(ctx, &agents); err != nil {
		return err
	}
	before, err := s.look(ctx)
	if err != nil {
		return err
	}
	s.stage = paper{s}
	if s.opt.Terminal != nil {
		s.stage = newLive(ctx, s.opt.Terminal, s.out)
	}
	last, err := s.watch(ctx)
	if err := errors.Join(err, s.stage.close()); err != nil {
		return err
	}
	return s.report(ctx, before, last)
}

func (s *show) say(format string, args ...any) { _, _ = fmt.Fprintf(s.out, format+"\n", args...) }

// wallet opens the wallet of a key, with a client of its own.
func (s *show) wallet(key string) (*wallet.Wallet, error) {
	return wallet.New(s.client(), s.cast.ring, wallet.Config{Key: key})
}

func (s *show) client() client.Context { return s.node.Client }

// feed starts the feeders: all see the history at the same moment, each a little off.
func (s *show) feed(ctx context.Context, agents *sync.WaitGroup) error {
	replay, err := feed.NewReplay(s.market.table, s.market.denoms(), s.opt.Speed)
	if err != nil {
		return err
	}
	s.replay = replay
	for i := range feeders {
		w, err := s.wallet(feederKey(i))
		if err != nil {
			return err
		}
		random := rand.New(rand.NewPCG(s.opt.Seed, uint64(i))) //nolint:gosec // noise, not secrets
		f := &feed.Feeder{
			Wallet: w, Source: &feed.Noisy{Source: replay, Noise: fixed.FromBps(5), Random: random},
			Every: time.Second, Log: log.NewNopLogger(),
		}
		agents.Go(func() { _ = f.Run(ctx) })
	}
	return nil
}

// awaitPrices waits until every asset has a price that may be used.
func (s *show) awaitPrices(ctx context.Context) error {
	return s.await(ctx, "prices", func() (bool, error) {
		r, err := oracletypes.NewQueryClient(s.client()).Prices(ctx, &oracletypes.QueryPricesRequest{})
		if err != nil {
			return false, err
		}
		for i := range r.Prices {
			if r.Prices[i].Status != oracle.StatusOK.String() {
				return false, nil
			}
		}
		return len(r.Prices) == len(s.market.table.Assets), nil
	})
}

// await asks until something holds: ErrSlow.
func (*show) await(ctx context.Context, what string, holds func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(blockTime)
	defer tick.Stop()
	for {
		if ok, err := holds(); err != nil || ok {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: no %s after %v", ErrSlow, what, patience)
		case <-tick.C:
		}
	}
}

// create lets the steward create the treasuries from their policies.
func (s *show) create(ctx context.Context) error {
	w, err := s.wallet(stewardKey)
	if err != nil {
		return err
	}
	if s.assets, err = unit.Read(ctx, s.client()); err != nil {
		return err
	}
	for i, t := range s.treasuries {
		c, err := compile.Text([]byte(t.policy(s.market)), s.assets)
		if err != nil {
			return fmt.Errorf("%s: %w", t.label, err)
		}
		msg := &portfoliotypes.MsgCreate{
			Owner: w.Address().String(), Name: t.label, Policy: c.Policy, Deposit: t.begin,
		}
		if _, err := w.Confirm(ctx, patience, msg); err != nil {
			return fmt.Errorf("%s: %w", t.label, err)
		}
		t.id = uint64(i) + 1 // the chain counts from 1
		s.say("treasury %d: %-12s %3d M, %s", t.id, t.label, t.value, t.why)
	}
	return nil
}

// make starts the makers: each wants another margin, and is a little wrong about the market in its own way.
func (s *show) make(ctx context.Context, agents *sync.WaitGroup) error {
	for i := range s.opt.Makers {
		w, err := s.wallet(makerKey(i))
		if err != nil {
			return err
		}
		chain, err := maker.NewChain(s.client())
		if err != nil {
			return err
		}
		margin := fixed.FromBps(int64(10 + 5*i))
		random := rand.New(rand.NewPCG(s.opt.Seed, uint64(feeders+i))) //nolint:gosec // noise, not secrets
		mk, err := maker.New(maker.Config{
			Strategy: maker.Strategy{Margin: margin, MaxValue: fixed.FromInt(2_000_000), Requote: fixed.FromBps(300)},
			Poll:     blockTime, Log: log.NewNopLogger(),
			Source: &feed.Noisy{Source: s.replay, Noise: fixed.FromBps(20), Random: random},
		}, chain, w)
		if err != nil {
			return err
		}
		s.makers = append(s.makers, mk)
		agents.Go(func() { _ = mk.Run(ctx) })
	}
	return nil
}
