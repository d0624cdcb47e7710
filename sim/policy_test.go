package sim_test

import (
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/surface"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// add draws a portfolio with any policy.
func (d *drawn) add(u asset.Universe, interval int64) error {
	n := 2 + d.rnd.IntN(u.Len()-1)
	pol := &cycle.Policy{
		PeriodSeconds: interval * d.oneOf(1, 1, 1, 2, 5),
		Override:      project.Strategy(d.oneOf(0, 1)),
		Mode:          surface.Mode(d.oneOf(0, 1, 2)),
		CrossingOff:   d.chance(4),
		Gains:         d.gains(),
		Target:        d.target(n),
		Trigger:       d.trigger(),
	}
	for _, i := range d.rnd.Perm(u.Len())[:n] {
		pol.Assets = append(pol.Assets, asset.Index(i))
	}
	slices.Sort(pol.Assets)
	for _, i := range d.rnd.Perm(n) {
		pol.Priority = append(pol.Priority, uint8(i))
	}
	if pol.Trigger.Mode == trigger.Band || d.chance(3) {
		pol.Bands = band.Default()
		pol.Bands.Estimator = band.Estimator(d.oneOf(1, 2, 3, 4, 5))
		pol.Cost, pol.RiskAversion = fixed.FromBps(30), fixed.FromInt(2)
	}
	if d.chance(3) {
		pol.Budget = settle.BudgetConfig{Cap: fixed.FromBps(d.oneOf(10, 100)), WindowSeconds: d.oneOf(day, 7*day)}
	}
	holdings := d.holdings(u, pol)
	d.limit(pol, holdings)
	if d.chance(4) {
		pol.Payments = []project.Payment{{
			Asset: pol.Assets[0], Amount: holdings[0].Min(fixed.NatOf(1_000_000)).Max(fixed.NatOf(1)),
			Schedule: project.Schedule{First: d.now + day, EverySeconds: d.oneOf(hour, 7*day)},
			OnShort:  project.OnShort(d.oneOf(0, 1)),
		}}
	}
	if err := pol.Validate(u); err != nil {
		return err
	}
	_, err := d.world.Add(pol, holdings)
	return err
}

// limit draws limits, about every other one.
func (d *drawn) limit(pol *cycle.Policy, holdings []asset.Amount) {
	l := &pol.Limits
	if d.chance(2) {
		l.MaxSell = fixed.FromBps(int64(50 + d.rnd.IntN(3000)))
	}
	if d.chance(2) {
		l.MinOrder = fixed.FromInt(int64(d.rnd.IntN(500)))
	}
	if d.chance(2) {
		l.MaxSlippage = fixed.FromBps(int64(10 + d.rnd.IntN(1000)))
	}
	if d.chance(4) {
		l.MinBalances = make([]asset.Amount, len(holdings))
		at := d.rnd.IntN(len(holdings))
		l.MinBalances[at] = holdings[at]
	}
	if d.chance(5) {
		for range holdings {
			l.MaxWeights = append(l.MaxWeights, fixed.FromBps(d.oneOf(0, 0, 3000, 6000)))
		}
	}
	if d.chance(4) {
		l.MinNAV, l.MaxPriceAgeSeconds = fixed.FromInt(100), 600
	}
}

func (d *drawn) gains() pid.Gains {
	g := pid.Default(fixed.FromBps(int64(100 + d.rnd.IntN(9901))))
	if d.chance(3) {
		var c fixed.Calc // small numbers
		g.Ki = c.DivIntTrunc(c.MulTrunc(g.Kp, g.Kp), 8)
		g.Kd = fixed.FromBps(int64(d.rnd.IntN(2000)))
	}
	if d.chance(3) {
		g.DeadBand = fixed.FromBps(int64(d.rnd.IntN(300)))
	}
	return g
}

func (d *drawn) target(n int) target.Schedule {
	s := target.Schedule{
		Kind:    target.Kind(d.oneOf(1, 1, 1, 1, 2, 3, 4, 5, 6, 7)),
		Weights: d.weights(n), From: d.weights(n), Start: d.now, End: d.now + 30*day,
		Floor: fixed.FromInt(d.rnd.Int64N(100_000)), FloorRate: fixed.FromBps(300), Multiplier: fixed.FromInt(3),
		MaxExposure: fixed.One(), Ratchet: fixed.FromBps(8000), TargetSigma: fixed.FromBps(3000),
	}
	return s
}

func (d *drawn) weights(n int) []fixed.Wad {
	raw, w := make([]fixed.Wad, n), make([]fixed.Wad, n)
	for i := range raw {
		raw[i] = fixed.FromRaw(d.rnd.Int64N(1000))
	}
	raw[d.rnd.IntN(n)] = fixed.FromRaw(1000)
	var s fixed.Splitter
	if err := s.LargestRemainder(w, raw, fixed.One()); err != nil {
		panic(err) // a test draws a positive number
	}
	return w
}

func (d *drawn) trigger() trigger.Config {
	cfg := trigger.Config{
		Mode:   trigger.Mode(1 + d.rnd.IntN(7)),
		Period: trigger.Daily(), Threshold: fixed.FromBps(int64(100 + d.rnd.IntN(900))), Dust: fixed.FromBps(10),
		Small: fixed.FromBps(50), LongestSeconds: 7 * day, Inner: fixed.FromBps(int64(d.rnd.IntN(100))),
		MaxActive: d.rnd.IntN(5), CoolDownSeconds: d.oneOf(0, 0, day),
	}
	if d.chance(3) {
		cfg.Scaling = trigger.Scaling{
			Law: trigger.Power, Exponent: band.CubeRoot, Reference: fixed.FromBps(8000), DailyChange: trigger.DailyChange(),
		}
	}
	return cfg
}

// holdings draws a treasury of up to ten million, in any mix.
func (d *drawn) holdings(u asset.Universe, pol *cycle.Policy) []asset.Amount {
	var c fixed.Calc
	units := make([]asset.Amount, len(pol.Assets))
	for k, a := range pol.Assets {
		value := fixed.FromInt(d.rnd.Int64N(pow10(3 + d.rnd.IntN(5))))
		units[k] = asset.UnitsDown(&c, value, d.prices[a], u.At(a).Exponent)
	}
	return units
}
