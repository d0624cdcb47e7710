package sim_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/netting"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/surface"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
	"github.com/ballast-finance/ballast/sim"
)

const hour = 3600

// drawn is a world whose every part was drawn from a seed, with the prices that it lives on.
type drawn struct {
	rnd    *rand.Rand
	world  *sim.World
	watch  *checker
	prices []fixed.Wad
	now    int64
}

// draw makes a world of a seed.
func draw(seed uint64) (*drawn, error) {
	d := &drawn{rnd: rand.New(rand.NewPCG(seed, 1)), now: 1_700_000_000 / hour * hour}
	n := 2 + d.rnd.IntN(5)
	assets := make([]asset.Asset, n)
	for i := range assets {
		assets[i] = asset.Asset{ID: asset.ID(fmt.Sprintf("a%d", i)), Exponent: uint8(d.rnd.IntN(19))}
		// from a millionth to a million
		price := fixed.FromRaw(1 + d.rnd.Int64N(1000))
		var c fixed.Calc
		d.prices = append(d.prices, c.MulInt(price, pow10(9+d.rnd.IntN(9))))
	}
	u, err := asset.NewUniverse(assets)
	if err != nil {
		return nil, err
	}
	d.watch = &checker{policies: map[uint64]*cycle.Policy{}}
	if d.world, err = sim.New(d.config(u), d.watch); err != nil {
		return nil, err
	}
	for range 1 + d.rnd.IntN(6) {
		if err := d.add(u); err != nil {
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

// config draws what the portfolios share: how lots run, who feeds, who bids.
func (d *drawn) config(u asset.Universe) sim.Config {
	kinds := []auction.Kind{auction.Linear, auction.Exponential}
	cfg := sim.Config{
		Cycle: cycle.Config{
			Universe: u, IntervalSeconds: hour * int64(1+d.rnd.IntN(24)), FillAlpha: fixed.FromBps(2000),
			Crossing: cycle.CrossConfig{
				Off: d.rnd.IntN(4) == 0, Cost: fixed.FromBps(100),
				Gate: netting.Gate{Deviations: fixed.FromInt(4), MaxAgeSeconds: hour, MinClasses: 1},
			},
			Auction: cycle.AuctionConfig{
				Kind: kinds[d.rnd.IntN(2)], WindowSeconds: int64(60 * (1 + d.rnd.IntN(40))), OpeningBlocks: 2,
				Pace:        auction.Pace{BlockSeconds: 6, HaltSeconds: 600},
				TailSeconds: int64(d.rnd.IntN(120)),
				Width: auction.Width{
					Base: fixed.FromBps(int64(d.rnd.IntN(500))), Factor: fixed.FromInt(2),
					Cap: fixed.FromBps(int64(500 + d.rnd.IntN(1500))), MaxAgeSeconds: 600,
				},
			},
		},
		Feed:     sim.FeedConfig{History: oracle.DefaultHistoryConfig()},
		PageSize: 1 + d.rnd.IntN(4), Checking: true, Seed: d.rnd.Uint64(),
		Mechanism: sim.Mechanism(d.rnd.IntN(2)),
	}
	cfg.Feed.History.Breaker.WindowSeconds = 4 * hour
	if d.rnd.IntN(2) == 0 {
		cfg.Feed.Aggregate = oracle.DefaultConfig()
		cfg.Feed.Sources = d.sources()
	}
	for i := range d.rnd.IntN(4) {
		cfg.Makers = append(cfg.Makers, sim.Maker{
			Name: fmt.Sprint(i), Margin: fixed.FromBps(int64(d.rnd.IntN(300))), LatencySeconds: int64(d.rnd.IntN(600)),
			Capital: fixed.FromInt(d.rnd.Int64N(1_000_000)), HedgeSeconds: 1 + d.rnd.Int64N(100_000),
		})
	}
	return cfg
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
		if d.rnd.IntN(4) == 0 {
			list[i].Conduct = sim.Conduct(1 + d.rnd.IntN(3))
		}
	}
	return list
}

// add draws a portfolio.
func (d *drawn) add(u asset.Universe) error {
	k := 2 + d.rnd.IntN(u.Len()-1)
	pol := &cycle.Policy{
		PeriodSeconds: hour * int64(1+d.rnd.IntN(48)),
		Override:      project.Strategy(d.rnd.IntN(2)),
		Mode:          surface.Mode(d.rnd.IntN(3)),
		CrossingOff:   d.rnd.IntN(4) == 0,
		Gains:         pid.Default(fixed.FromBps(int64(100 + d.rnd.IntN(9900)))),
	}
	for _, i := range d.rnd.Perm(u.Len())[:k] {
		pol.Assets = append(pol.Assets, asset.Index(i))
	}
	sortIndices(pol.Assets)
	for i := range pol.Assets {
		pol.Priority = append(pol.Priority, uint8(i))
	}
	pol.Target = target.Schedule{Kind: target.ConstantMix, Weights: d.weights(k)}
	pol.Trigger = d.trigger()
	if pol.Trigger.Mode == trigger.Band || d.rnd.IntN(3) == 0 {
		pol.Bands = band.Default()
	}
	if d.rnd.IntN(2) == 0 {
		pol.Limits.MaxSell = fixed.FromBps(int64(50 + d.rnd.IntN(3000)))
	}
	if d.rnd.IntN(2) == 0 {
		pol.Limits.MinOrder = fixed.FromInt(int64(d.rnd.IntN(500)))
	}
	if d.rnd.IntN(2) == 0 {
		pol.Limits.MaxSlippage = fixed.FromBps(int64(10 + d.rnd.IntN(1000)))
	}
	if d.rnd.IntN(3) == 0 {
		pol.Budget = settle.DefaultBudget()
	}
	holdings := d.holdings(u, pol)
	if d.rnd.IntN(3) == 0 {
		pol.Limits.MinBalances = make([]asset.Amount, k)
		at := d.rnd.IntN(k)
		pol.Limits.MinBalances[at] = holdings[at]
	}
	if d.rnd.IntN(3) == 0 {
		pol.Payments = []project.Payment{{
			Asset: pol.Assets[0], Amount: holdings[0].Min(fixed.NatOf(1_000_000)).Max(fixed.NatOf(1)),
			Schedule: project.Schedule{First: d.now + 86_400, EverySeconds: 7 * 86_400},
			OnShort:  project.OnShort(d.rnd.IntN(2)),
		}}
	}
	id, err := d.world.Add(pol, holdings)
	d.watch.policies[id] = pol
	return err
}

func (d *drawn) weights(k int) []fixed.Wad {
	raw, w := make([]fixed.Wad, k), make([]fixed.Wad, k)
	for i := range raw {
		raw[i] = fixed.FromRaw(1 + d.rnd.Int64N(1000))
	}
	var s fixed.Splitter
	if err := s.LargestRemainder(w, raw, fixed.One()); err != nil {
		panic(err) // a test draws positive numbers
	}
	return w
}

func (d *drawn) trigger() trigger.Config {
	modes := []trigger.Mode{
		trigger.Always, trigger.Time, trigger.Absolute, trigger.Relative, trigger.Aggregate, trigger.Hybrid, trigger.Band,
	}
	return trigger.Config{
		Mode: modes[d.rnd.IntN(len(modes))], Period: trigger.Daily(),
		Threshold: fixed.FromBps(int64(100 + d.rnd.IntN(900))),
		Small:     fixed.FromBps(50), LongestSeconds: 7 * 86_400, Inner: fixed.FromBps(int64(d.rnd.IntN(100))),
	}
}

// holdings draws a treasury of a thousand to ten million, in any mix.
func (d *drawn) holdings(u asset.Universe, pol *cycle.Policy) []asset.Amount {
	var c fixed.Calc
	units := make([]asset.Amount, len(pol.Assets))
	for k, a := range pol.Assets {
		value := fixed.FromInt(d.rnd.Int64N(pow10(3 + d.rnd.IntN(5))))
		units[k] = asset.UnitsDown(&c, value, d.prices[a], u.At(a).Exponent)
	}
	return units
}

// hours lets the world live for some rows; prices walk, and sometimes jump.
func (d *drawn) hours(n int) error {
	for range n {
		d.now += hour
		if d.rnd.IntN(500) == 0 {
			d.now += hour * int64(d.rnd.IntN(100)) // the chain or the feed stood still
		}
		var c fixed.Calc
		for i := range d.prices {
			step := fixed.FromBps(10_000 + int64(d.rnd.IntN(401)) - 200)
			if d.rnd.IntN(300) == 0 {
				step = fixed.FromBps(int64(1000 + d.rnd.IntN(40_000)))
			}
			d.prices[i] = c.MulDown(d.prices[i], step).Clamp(fixed.FromRaw(pow10(9)), fixed.FromInt(pow10(9)))
		}
		if err := c.Err(); err != nil {
			return err
		}
		if err := d.world.Advance(d.now, d.prices); err != nil {
			return err
		}
		if d.watch.err != nil {
			return d.watch.err
		}
	}
	return nil
}

// checker holds every decision to its policy and counts rounds.
type checker struct {
	policies map[uint64]*cycle.Policy
	rounds   int
	orders   int
	err      error
}

func (k *checker) fail(format string, args ...any) {
	if k.err == nil {
		k.err = fmt.Errorf(format, args...)
	}
}

// Stepped checks decisions and fills.
func (k *checker) Stepped(_ int64, phase cycle.Phase, out *cycle.Output) {
	if phase == cycle.Crossing {
		k.rounds++
	}
	for i := range out.Decisions {
		k.decision(&out.Decisions[i])
	}
	for i := range out.Fills {
		if f := &out.Fills[i]; f.Ordered.Less(f.Sold) {
			k.fail("portfolio %d sold %v of %v ordered", f.Portfolio, f.Sold, f.Ordered)
		}
	}
	for i := range out.Notes {
		if n := &out.Notes[i]; n.Outcome == cycle.Failed {
			k.fail("portfolio %d failed: %w", n.Portfolio, n.Err)
		}
	}
}

// decision holds orders to the limits: they pay for themselves, no more is sold than allowed, and the sum of the
// errors does not grow.
func (k *checker) decision(r *cycle.Record) {
	if len(r.Orders) == 0 {
		return
	}
	k.orders++
	pol := k.policies[r.Portfolio]
	var c fixed.Calc
	var sum, sells fixed.Wad
	for _, x := range r.Orders {
		sum = c.Add(sum, x)
		sells = c.Sub(sells, x.Min(fixed.Wad{}))
	}
	if !sum.IsZero() {
		k.fail("portfolio %d: orders add up to %v", r.Portfolio, sum)
	}
	if most := pol.Limits.MaxSell; !most.IsZero() && c.MulDown(most, r.NAV).Less(sells) {
		k.fail("portfolio %d sells %v of %v, at most %v", r.Portfolio, sells, r.NAV, most)
	}
	if len(pol.Limits.MinBalances) == 0 && len(pol.Payments) == 0 {
		k.shrinks(&c, r)
	}
	if err := c.Err(); err != nil {
		k.fail("portfolio %d: %w", r.Portfolio, err)
	}
}

// shrinks checks that at constant prices the orders bring the weights nearer to the targets.
func (k *checker) shrinks(c *fixed.Calc, r *cycle.Record) {
	var before, after fixed.Wad
	for i, x := range r.Orders {
		e := c.Sub(r.Targets[i], r.Weights[i])
		before = c.Add(before, e.Abs())
		after = c.Add(after, c.Sub(e, c.DivTrunc(x, r.NAV)).Abs())
	}
	if c.Add(before, fixed.FromRaw(int64(4*len(r.Orders)))).Less(after) {
		k.fail("portfolio %d: errors grow from %v to %v", r.Portfolio, before, after)
	}
}

// Cleared checks the price of a clearing.
func (k *checker) Cleared(lot *auction.Lot, cl *auction.Clearing, _ fixed.Wad, _ int64) {
	if cl.Price.Less(cl.Clock) || cl.Price.Less(lot.Curve.Reserve) {
		k.fail("lot %d cleared at %v, clock %v, reserve %v", lot.ID, cl.Price, cl.Clock, lot.Curve.Reserve)
	}
}

// Closed sees nothing that World.Check does not.
func (*checker) Closed(*auction.Lot, asset.Amount) {}

// Paid sees nothing that the ledger does not.
func (*checker) Paid(uint64, int64, cycle.Payout) {}
