package sim

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/settle"
)

// ErrWorld says that a world was asked for something that does not fit it.
var ErrWorld = errors.New("sim: world")

// Watcher sees what happens in a world while it happens. What it is given is valid only during the call.
type Watcher interface {
	// Stepped sees the output of a step of the cycle.
	Stepped(now int64, phase cycle.Phase, out *cycle.Output)
	// Cleared sees a clearing that sold something; mid is the oracle's pair price in that block.
	Cleared(lot *auction.Lot, cl *auction.Clearing, mid fixed.Wad, now int64)
	// Closed sees a lot that closed.
	Closed(lot *auction.Lot)
	// Paid sees a scheduled payment, or as much of it as there was.
	Paid(portfolio uint64, now int64, o cycle.Payout)
}

// Config describes a world.
type Config struct {
	Cycle     cycle.Config
	Feed      FeedConfig
	Makers    []Maker
	Meddlers  []Meddler
	Mechanism Mechanism
	House     HouseConfig
	PageSize  int // portfolios per step of the cycle
	// PagesPerRow bounds the pages of a row, as a block's gas does; 0 is no bound.
	PagesPerRow int
	// LateCrossing makes crossing wait for the next row and its prices. Without it crossing happens a block after the
	// freeze, which is before the next row when rows are far apart.
	LateCrossing bool
	Checking     bool // run the checkers after every row
	Seed         uint64
}

// World is an engine with its surroundings.
type World struct {
	cfg     Config
	ledger  *Ledger
	house   house
	feed    *Feed
	round   cycle.Round
	folios  []cycle.Portfolio
	cursor  int           // of the next page, in folios
	opening []auction.Lot // lots to open at openAt
	openAt  int64
	halted  bool // the chain makes no block before the next row
	resting bool // no other round starts
	ws      cycle.Workspace
	rnd     *rand.Rand // of the meddlers
	watch   Watcher
	now     int64
	height  int64
	history []seenAt
}

// seenAt is the prices of a row, for desks that see them late.
type seenAt struct {
	time   int64
	prices []fixed.Wad
}

// New makes a world without portfolios.
func New(cfg Config, watch Watcher) (*World, error) {
	if cfg.PageSize < 1 {
		return nil, fmt.Errorf("%w: expected a page of at least one portfolio, got %d", ErrWorld, cfg.PageSize)
	}
	feed, err := NewFeed(cfg.Feed, cfg.Cycle.Universe.Len(), cfg.Seed)
	if err != nil {
		return nil, err
	}
	ledger := NewLedger(cfg.Cycle.Universe)
	w := &World{cfg: cfg, ledger: ledger, feed: feed, watch: watch}
	w.rnd = rand.New(rand.NewPCG(cfg.Seed, meddlerStream)) //nolint:gosec // a simulation wants to be repeated
	w.house = house{ledger: ledger, mechanism: cfg.Mechanism, cfg: cfg.House, watch: watch, reanchor: w.reanchor}
	w.house.rnd = rand.New(rand.NewPCG(cfg.Seed, bidderStream)) //nolint:gosec // a simulation wants to be repeated
	for i, m := range cfg.Makers {
		w.house.desks = append(w.house.desks, desk{Maker: m, id: uint64(i) + 1})
	}
	return w, nil
}

// The streams separate the random numbers of meddlers and bidders from those of others with the same seed.
const (
	meddlerStream = 0x6d6564646c65
	bidderStream  = 0x626964646572
)

// Add gives the world a portfolio with its holdings, parallel to the policy's assets. Ids count from 1 in the order
// of Add.
func (w *World) Add(pol *cycle.Policy, holdings []asset.Amount) (uint64, error) {
	if len(holdings) != len(pol.Assets) {
		return 0, fmt.Errorf("%w: expected %d holdings, got %d", ErrWorld, len(pol.Assets), len(holdings))
	}
	id := uint64(len(w.folios)) + 1
	for k, a := range pol.Assets {
		if err := w.ledger.Move(outside, folio(id), a, holdings[k]); err != nil {
			return 0, err
		}
	}
	p := cycle.Portfolio{ID: id, Policy: pol, State: cycle.NewState(len(pol.Assets))}
	w.folios = append(w.folios, p)
	return id, nil
}

func folio(id uint64) settle.Account { return settle.Account{Kind: settle.Portfolio, ID: id} }

// Ledger is the world's ledger.
func (w *World) Ledger() *Ledger { return w.ledger }

// Prices are the oracle's prices of the last row.
func (w *World) Prices() []oracle.Price { return w.feed.prices }

// State returns the state of a portfolio.
func (w *World) State(id uint64) *cycle.State { return &w.folios[id-1].State }

// Advance takes the world to a row of true prices, by asset.Index: first everything that happens before it, then what
// the row itself starts.
func (w *World) Advance(now int64, row []fixed.Wad) error {
	if w.now != 0 && now <= w.now {
		return fmt.Errorf("%w: expected a time after %d, got %d", ErrWorld, w.now, now)
	}
	halted := w.halted
	w.halted = false
	if w.now != 0 && !halted {
		if err := w.between(now); err != nil {
			return err
		}
	}
	w.now = now
	w.height++
	if err := w.observe(now, row); err != nil {
		return err
	}
	if halted {
		if err := w.house.block(now); err != nil {
			return err
		}
	}
	if err := w.work(now); err != nil {
		return err
	}
	if w.cfg.Checking {
		return w.Check()
	}
	return nil
}

// Halt stops the chain: no block is made before the next row.
func (w *World) Halt() { w.halted = true }

// observe tells oracle and house the new prices.
func (w *World) observe(now int64, row []fixed.Wad) error {
	if err := w.feed.Observe(now, row); err != nil {
		return err
	}
	prices := slices.Clone(row)
	w.history = append(w.history, seenAt{now, prices})
	if oldest := now - w.slowest(); len(w.history) > 2 && w.history[1].time <= oldest {
		w.history = w.history[1:]
	}
	return w.house.reprice(w.feed.prices)
}

func (w *World) slowest() int64 {
	var most int64
	for i := range w.house.desks {
		most = max(most, w.house.desks[i].LatencySeconds)
	}
	return most
}

// seen returns the prices that somebody with a latency sees at a moment. A row is a sample of a path that nobody
// recorded: between two rows the path is taken as straight, so that a desk which is a minute late at an hourly row
// misses a sixtieth of the hour's move and not all of it. After the last row its prices hold.
func (w *World) seen(now, latencySeconds int64) []fixed.Wad {
	moment := now - latencySeconds
	last := len(w.history) - 1
	if moment >= w.history[last].time || last == 0 {
		return w.history[last].prices
	}
	i := last
	for i > 1 && w.history[i-1].time > moment {
		i--
	}
	before, after := w.history[i-1], w.history[i]
	passed := fixed.FromRaw(max(moment-before.time, 0))
	span := fixed.FromRaw(after.time - before.time)
	path := make([]fixed.Wad, len(after.prices))
	var c fixed.Calc // between two prices
	for k := range path {
		move := c.Sub(after.prices[k], before.prices[k])
		path[k] = c.Add(before.prices[k], c.MulDivTrunc(move, passed, span))
	}
	return path
}

// between plays what happens after the last row and before the next: lots open, desks see prices, blocks clear, the
// round settles.
func (w *World) between(until int64) error {
	for _, t := range w.events(until) {
		if err := w.house.run(t); err != nil {
			return err
		}
		if err := w.finish(t); err != nil {
			return err
		}
		if err := w.openLots(t); err != nil {
			return err
		}
		if err := w.requote(t); err != nil {
			return err
		}
	}
	if err := w.house.run(until); err != nil {
		return err
	}
	return w.finish(until)
}

// requote lets the desks that see the last row from now on replace their bids.
func (w *World) requote(now int64) error {
	for i := range w.house.desks {
		d := &w.house.desks[i]
		if now != w.now+d.LatencySeconds {
			continue
		}
		if err := w.house.requote(i, now, w.seen(now, d.LatencySeconds)); err != nil {
			return err
		}
	}
	return nil
}

// events lists the moments between two rows at which somebody acts, in order.
func (w *World) events(until int64) []int64 {
	var times []int64
	if len(w.opening) > 0 && w.openAt < until {
		times = append(times, max(w.openAt, w.now))
	}
	for i := range w.house.desks {
		if t := w.now + w.house.desks[i].LatencySeconds; t < until {
			times = append(times, t)
		}
	}
	slices.SortFunc(times, cmp.Compare)
	return slices.Compact(times)
}

// Holdings returns what a portfolio owns now, its parts of open lots included, parallel to its policy's assets.
func (w *World) Holdings(id uint64, dst []asset.Amount) ([]asset.Amount, error) {
	p := &w.folios[id-1]
	dst = dst[:0]
	for _, a := range p.Policy.Assets {
		dst = append(dst, w.ledger.Balance(folio(id), a))
	}
	var c fixed.Calc
	for i := range p.State.Orders {
		o := &p.State.Orders[i]
		sell, buy := w.round.Owned(&c, o, w.house.lotOf(w.round.LotOf(o.Sell, o.Buy)))
		if k, found := slices.BinarySearch(p.Policy.Assets, o.Sell); found {
			dst[k] = c.AddNat(dst[k], sell)
		}
		if k, found := slices.BinarySearch(p.Policy.Assets, o.Buy); found {
			dst[k] = c.AddNat(dst[k], buy)
		}
	}
	return dst, c.Err()
}
