package sim_test

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/netting"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/sim"
)

const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
)

// drawn is a world whose every part was drawn from a seed, with the prices that it lives on.
type drawn struct {
	rnd    *rand.Rand
	world  *sim.World
	watch  *checker
	prices []fixed.Wad
	now    int64
	row    int64 // seconds between two rows
}

// draw makes a world: two to eight assets, one to twelve portfolios, makers, feeders and adversaries.
func draw(source rand.Source) (*drawn, error) {
	d := &drawn{rnd: rand.New(source), now: 1_700_000_000 / day * day}
	d.row = d.oneOf(hour, hour, hour, hour, 10*minute, minute)
	assets := make([]asset.Asset, 2+d.rnd.IntN(7))
	var c fixed.Calc
	for i := range assets {
		assets[i] = asset.Asset{ID: asset.ID(fmt.Sprintf("a%d", i)), Exponent: uint8(d.rnd.IntN(19))}
		price := fixed.FromRaw(1 + d.rnd.Int64N(1000)) // from a millionth to a million, some beyond
		d.prices = append(d.prices, c.MulInt(price, pow10(9+d.rnd.IntN(9))))
	}
	u, err := asset.NewUniverse(assets)
	if err != nil {
		return nil, err
	}
	d.watch = &checker{}
	folios := 1 + d.rnd.IntN(12)
	cfg := d.config(u)
	cfg.Meddlers = d.meddlers(uint64(folios))
	if err := cfg.Cycle.Validate(); err != nil {
		return nil, err
	}
	if d.world, err = sim.New(cfg, d.watch); err != nil {
		return nil, err
	}
	d.watch.world = d.world
	for range folios {
		if err := d.add(u, cfg.Cycle.IntervalSeconds); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

func (d *drawn) oneOf(values ...int64) int64 { return values[d.rnd.IntN(len(values))] }

func (d *drawn) chance(oneIn int) bool { return d.rnd.IntN(oneIn) == 0 }

// config draws what the portfolios share: how lots run, who feeds, who bids, how slow the host is.
func (d *drawn) config(u asset.Universe) sim.Config {
	cfg := sim.Config{
		Cycle: cycle.Config{
			Universe: u, IntervalSeconds: d.row * d.oneOf(1, 1, 2, 6, 24), FillAlpha: fixed.FromBps(2000),
			Crossing: cycle.CrossConfig{
				Off: d.chance(4), Cost: fixed.FromBps(d.oneOf(10, 100, 10_000)),
				Gate: netting.Gate{Deviations: fixed.FromInt(4), MaxAgeSeconds: hour, MinClasses: 1},
			},
			Auction: d.auctions(),
		},
		Feed:     sim.FeedConfig{History: oracle.DefaultHistoryConfig()},
		PageSize: 1 + d.rnd.IntN(5), PagesPerRow: int(d.oneOf(0, 0, 0, 1, 3)), LateCrossing: d.chance(3),
		Checking: true, Seed: d.rnd.Uint64(),
		Mechanism: sim.Mechanism(d.oneOf(0, 0, 0, 1)),
		House:     sim.HouseConfig{BookSize: int(d.oneOf(0, 0, 4, 30)), MinBid: fixed.FromRaw(d.oneOf(0, 1, 1_000_000))},
	}
	if d.chance(3) {
		n := u.Len()
		cfg.Cycle.PairCosts = make([]uint32, n*n)
		for i := range cfg.Cycle.PairCosts {
			cfg.Cycle.PairCosts[i] = uint32(d.rnd.IntN(100))
		}
	}
	cfg.Feed.History.Breaker.WindowSeconds = 4 * d.row
	if d.chance(2) {
		cfg.Feed.Aggregate = oracle.DefaultConfig()
		cfg.Feed.Sources = d.sources()
	}
	for i := range d.rnd.IntN(5) {
		cfg.Makers = append(cfg.Makers, d.maker(i))
	}
	return cfg
}

func (d *drawn) auctions() cycle.AuctionConfig {
	kinds := []auction.Kind{auction.Linear, auction.Exponential}
	a := cycle.AuctionConfig{
		Kind: kinds[d.rnd.IntN(2)], WindowSeconds: minute * int64(1+d.rnd.IntN(40)), OpeningBlocks: 2,
		Pace:        auction.Pace{BlockSeconds: 6, HaltSeconds: 600},
		TailSeconds: int64(d.rnd.IntN(120)), BucketSteps: uint64(d.oneOf(0, 0, 5)),
		Width: auction.Width{
			Base: fixed.FromBps(int64(d.rnd.IntN(500))), Factor: fixed.FromInt(2),
			Cap: fixed.FromBps(int64(500 + d.rnd.IntN(1500))), MaxAgeSeconds: 600,
		},
	}
	if d.chance(3) {
		a.MinLot = fixed.FromInt(int64(d.rnd.IntN(100)))
	}
	return a
}

// maker draws a bidder: a market maker mostly.
func (d *drawn) maker(i int) sim.Maker {
	m := sim.Maker{
		Name: fmt.Sprint(i), Margin: fixed.FromBps(int64(d.rnd.IntN(300))), LatencySeconds: int64(d.rnd.IntN(600)),
		Capital: fixed.FromInt(d.rnd.Int64N(10_000_000)), HedgeSeconds: 1 + d.rnd.Int64N(100_000),
		Tactic: sim.Tactic(d.oneOf(0, 0, 0, 0, 0, 0, 1, 2, 3, 4)),
	}
	if d.chance(5) {
		m.BustAt = d.now + d.rnd.Int64N(400*d.row)
	}
	return m
}

// sources draws feeders of which some lie, are silent or stuck.
func (d *drawn) sources() []sim.Source {
	classes := []oracle.Class{oracle.Vote, oracle.Feed, oracle.Feed, oracle.DEX, oracle.DEX}
	list := make([]sim.Source, len(classes))
	for i := range list {
		list[i] = sim.Source{
			Class: classes[i], Weight: uint32(100 + d.rnd.IntN(300)), Noise: fixed.FromBps(int64(d.rnd.IntN(30))),
			Bias: fixed.FromBps(int64(d.rnd.IntN(20_000)) - 5000),
		}
		if d.chance(4) {
			list[i].Conduct = sim.Conduct(1 + d.rnd.IntN(3))
		}
	}
	return list
}

// meddlers draws who acts on portfolios: nobody in every other world.
func (d *drawn) meddlers(folios uint64) []sim.Meddler {
	if d.chance(2) {
		return nil
	}
	pick := func() uint64 { return 1 + d.rnd.Uint64N(folios) }
	all := []sim.Meddler{
		sim.Griefer{},
		sim.Toggler{},
		sim.Rotator{Portfolio: pick()},
		sim.Trader{Portfolio: pick()},
		sim.Trader{Portfolio: pick()},
	}
	return slices.DeleteFunc(all, func(sim.Meddler) bool { return d.chance(2) })
}

// live lets the world live for some rows: prices walk, and sometimes jump; the chain stands still now and then.
func (d *drawn) live(rows int) error {
	for range rows {
		d.now += d.row
		switch d.rnd.IntN(300) {
		case 0:
			d.now += d.row * int64(d.rnd.IntN(100)) // nobody looked
		case 1, 2, 3, 4, 5, 6:
			d.world.Halt()
			d.now += d.oneOf(0, minute, hour, day)
		}
		if err := d.walk(); err != nil {
			return err
		}
		if err := d.advance(); err != nil {
			return err
		}
	}
	return nil
}

// walk moves every price by up to two percent, and some anywhere.
func (d *drawn) walk() error {
	var c fixed.Calc
	for i := range d.prices {
		step := fixed.FromBps(10_000 + int64(d.rnd.IntN(401)) - 200)
		if d.chance(300) {
			step = fixed.FromBps(int64(1000 + d.rnd.IntN(40_000)))
		}
		if d.chance(20_000) {
			step = fixed.FromRaw(pow10(d.rnd.IntN(19)))
		}
		d.prices[i] = c.MulDown(d.prices[i], step).Clamp(fixed.FromRaw(pow10(6)), fixed.FromInt(pow10(9)))
	}
	return c.Err()
}

func (d *drawn) advance() error {
	if err := d.world.Advance(d.now, d.prices); err != nil {
		return err
	}
	return d.watch.err
}

// end lets the last round finish and takes everything out: each unit that came in must have gone out.
func (d *drawn) end() error {
	d.world.Rest()
	for rows := 0; d.world.Phase() != cycle.Idle; rows++ {
		if rows > 10_000 {
			return fmt.Errorf("the round is still %v", d.world.Phase())
		}
		d.now += d.row
		if err := d.advance(); err != nil {
			return err
		}
	}
	return d.world.Drain()
}
