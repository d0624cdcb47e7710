package backtest

import (
	"cmp"
	"slices"
	"time"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/metrics"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/target"
)

// log keeps what a treasury's run showed: figures in constant memory, and unless it is brief the curves and the table
// of intervals.
type log struct {
	pol      *cycle.Policy
	universe asset.Universe
	brief    bool
	known    *Mix // the returns of the costless target mix, as long as they are those of this run
	at       int  // the row, while known
	stride   int  // rows per point of a curve
	rows     int
	points   int // rows seen

	performance metrics.Performance
	trading     metrics.Trading
	netting     metrics.Netting
	drift       metrics.Average
	nav         metrics.Average
	dwell       metrics.Dwell
	band        fixed.Wad
	firstNAV    fixed.Wad
	lastNAV     fixed.Wad
	share       fixed.Wad // NAV per share: payments taken out, they are no loss
	paid        fixed.Wad // value paid out since the last row
	flow        fixed.Wad // of it, on this row
	everPaid    bool
	firstTime   int64
	lastTime    int64
	ordered     fixed.Wad // value ordered to sell
	sold        fixed.Wad
	auctioned   fixed.Wad // value sold by auction
	lost        fixed.Wad // of it, against the mids of the fills
	cost        fixed.Wad
	payments    int // made
	short       int // attempts that found too little

	previous []fixed.Wad // prices of the last row, per asset of the policy
	shares   []fixed.Wad // value per asset at the start: the buy-and-hold benchmark
	origin   []fixed.Wad // prices of the first row
	targets  []fixed.Wad // of the last row, what the benchmark holds until the next
	mix      fixed.Wad   // value of the costless target mix
	benches  [2]bench
	weights  []fixed.Wad

	series    Series
	intervals []Interval
}

// Benchmarks of a treasury, in the order of their curves.
var benchNames = [2]string{"target mix without costs", "buy and hold"}

func newLog(pol *cycle.Policy, u asset.Universe, rows int, brief bool) *log {
	n := len(pol.Assets)
	l := &log{pol: pol, universe: u, brief: brief, rows: rows, stride: max(1, (rows+SeriesMax/2-1)/(SeriesMax/2))}
	l.previous, l.shares = make([]fixed.Wad, n), make([]fixed.Wad, n)
	l.origin, l.weights = make([]fixed.Wad, n), make([]fixed.Wad, n)
	l.band = pol.Trigger.Threshold
	if l.band.IsZero() {
		l.band = fixed.FromBps(500)
	}
	return l
}

// first takes the first row in: values are those of the holdings, after what buying them cost.
func (l *log) first(now int64, prices []oracle.Price, values []fixed.Wad, nav fixed.Wad) error {
	l.firstNAV, l.lastNAV, l.share, l.mix, l.firstTime, l.lastTime = nav, nav, nav, nav, now, now
	copy(l.shares, values)
	for k, a := range l.pol.Assets {
		l.previous[k], l.origin[k] = prices[a].Value, prices[a].Value
	}
	l.targets = slices.Clone(l.pol.Target.Weights)
	if l.pol.Target.Kind == target.BuyAndHold {
		var c fixed.Calc
		for k := range values {
			l.targets[k] = c.DivTrunc(values[k], nav)
		}
	}
	if err := l.performance.Observe(nav, fixed.Wad{}); err != nil {
		return err
	}
	return l.point(now, prices, values, nav, &seen{})
}

// seen is what a row showed of the portfolio's decision. It shares memory with its source.
type seen struct {
	note     *cycle.Note // nil when nothing was decided on this row
	measured bool
	nav      fixed.Wad // at the decision
	maxAbs   fixed.Wad
	l1       fixed.Wad
	matched  fixed.Wad
	weights  []fixed.Wad
	targets  []fixed.Wad
	orders   []fixed.Wad
}

func seenOf(d *cycle.Decision) *seen {
	return &seen{
		&d.Note, d.Measured, d.Report.NAV, d.Report.MaxAbs, d.Report.L1, d.Matched,
		d.Report.Weights, d.Stored, d.Orders,
	}
}

func seenIn(r *cycle.Record) *seen {
	return &seen{&r.Note, r.Measured, r.NAV, r.Drift, r.L1, r.Matched, r.Weights, r.Targets, r.Orders}
}

// rest takes a later row in on which a plain policy's trigger rested, when only the figures are asked for.
func (l *log) rest(now int64, prices []oracle.Price, e *drift.Extent) error {
	var c fixed.Calc
	mix := l.benchmark(&c, prices)
	l.share = e.NAV // a plain policy pays nothing out
	if err := c.Err(); err != nil {
		return err
	}
	if err := l.performance.Observe(e.NAV, mix); err != nil {
		return err
	}
	if err := l.measure(now, e.L1, e.MaxAbs); err != nil {
		return err
	}
	l.lastNAV, l.lastTime = e.NAV, now
	return l.nav.Observe(e.NAV, 1)
}

// measure takes in how far the weights were from the target.
func (l *log) measure(now int64, l1, maxAbs fixed.Wad) error {
	if err := l.drift.Observe(l1, 1); err != nil {
		return err
	}
	return l.dwell.Observe(now-l.lastTime, !l.band.Less(maxAbs))
}

// row takes a later row in: what was decided, the NAV after it, and the values that make it up (nil: those weighed).
func (l *log) row(now int64, prices []oracle.Price, s *seen, nav fixed.Wad, values []fixed.Wad) error {
	var c fixed.Calc
	mix := l.benchmark(&c, prices)
	l.pay(&c, prices, nav)
	if !nav.IsZero() {
		if err := l.performance.Observe(l.share, mix); err != nil {
			return err
		}
	}
	if s.measured {
		l.targets = append(l.targets[:0], s.targets...)
		if err := l.measure(now, s.l1, s.maxAbs); err != nil {
			return err
		}
	}
	l.lastNAV, l.lastTime = nav, now
	if err := l.nav.Observe(nav, 1); err != nil || l.brief {
		return cmp.Or(err, c.Err())
	}
	l.interval(now, s)
	if err := c.Err(); err != nil {
		return err
	}
	return l.point(now, prices, values, nav, s)
}

// trade books what a rebalance traded: the values that it sold and got at the prices of its decision, and what of the
// sold crossed inside. The difference is what it cost.
type trade struct {
	nav, ordered, sold, got, crossed, lost, fill fixed.Wad
	net                                          []fixed.Wad
}

func (l *log) trade(t trade) error {
	var c fixed.Calc
	cost := c.Sub(t.sold, t.got)
	traded := c.Add(t.sold, t.got)
	l.cost = c.Add(l.cost, cost)
	l.ordered, l.sold = c.Add(l.ordered, t.ordered), c.Add(l.sold, t.sold)
	l.lost, l.auctioned = c.Add(l.lost, t.lost), c.Add(l.auctioned, c.Sub(t.sold, t.crossed))
	if err := c.Err(); err != nil {
		return err
	}
	if err := l.trading.Observe(t.nav, traded, cost.Max(fixed.Wad{})); err != nil {
		return err
	}
	if err := l.netting.Observe(t.crossed, c.Sub(t.ordered, t.crossed), fixed.Wad{}); err != nil {
		return err
	}
	if l.brief {
		return nil
	}
	for i := len(l.intervals) - 1; i >= 0; i-- {
		if in := &l.intervals[i]; len(in.Orders) > 0 {
			in.Filled, in.Crossed, in.Sold, in.Fill, in.Cost = t.net, t.crossed, t.sold, t.fill, cost
			break
		}
	}
	return c.Err()
}

// pay takes what was paid out since the last row out of the returns, and lets the benchmarks pay the same.
func (l *log) pay(c *fixed.Calc, prices []oracle.Price, nav fixed.Wad) {
	if l.everPaid = l.everPaid || !l.paid.IsZero(); !l.everPaid {
		l.share = nav
		return
	}
	if !l.lastNAV.IsZero() {
		l.share = c.MulDivTrunc(l.share, c.Add(nav, l.paid), l.lastNAV)
	}
	if l.flow = (fixed.Wad{}); l.paid.IsZero() {
		return
	}
	l.mix = c.Sub(l.mix, l.paid).Max(fixed.Wad{})
	if hold := l.held(c, prices); !hold.IsZero() {
		left := c.Sub(hold, l.paid).Max(fixed.Wad{})
		for k := range l.shares {
			l.shares[k] = c.MulDivTrunc(l.shares[k], left, hold)
		}
	}
	l.flow, l.paid = l.paid, fixed.Wad{}
}

// benchmark is the return of the target mix from the last row to this one, without costs.
func (l *log) benchmark(c *fixed.Calc, prices []oracle.Price) fixed.Wad {
	if l.known != nil {
		l.at++
		if slices.Equal(l.targets, l.known.weights) {
			return l.known.returns[l.at]
		}
		l.known.prices(l.at-1, l.previous)
		l.known = nil // this run goes its own way
	}
	var grown fixed.Wad
	for k, a := range l.pol.Assets {
		now := prices[a].Value
		if w := l.targets[k]; !w.IsZero() {
			grown = c.Add(grown, c.MulDivDown(w, now, l.previous[k])) // no weight and no price is below zero
		}
		l.previous[k] = now
	}
	if !l.brief {
		l.mix = c.MulTrunc(l.mix, grown)
	}
	return c.Sub(grown, fixed.One())
}

// intervalsMax bounds the table of intervals; beyond it only those that did something are kept.
const intervalsMax = 20_000

// interval adds a line to the table.
func (l *log) interval(now int64, s *seen) {
	if s.note == nil || s.note.Outcome == cycle.NotDue {
		return
	}
	acts := s.note.Outcome == cycle.Ordered
	if !acts && len(l.intervals) >= intervalsMax {
		return
	}
	i := Interval{Time: now, NAV: s.nav, Outcome: s.note.Outcome.String(), Reason: reason(s.note, l.universe)}
	if s.measured {
		i.Drift = s.maxAbs
		i.Weights, i.Targets = slices.Clone(s.weights), slices.Clone(s.targets)
	}
	if acts {
		i.Orders = slices.Clone(s.orders)
	}
	if l.intervals == nil {
		l.intervals = make([]Interval, 0, min(l.rows, intervalsMax)) // to grow by doubling takes half as much again
	}
	l.intervals = append(l.intervals, i)
}

// reason is one sentence for a note.
func reason(n *cycle.Note, u asset.Universe) string {
	switch {
	case n.Outcome == cycle.Ordered && n.Clamp != 0:
		return n.Reason.String() + "; limited by: " + n.Clamp.String()
	case n.Outcome == cycle.Ordered || n.Outcome == cycle.Held:
		return n.Reason.String()
	case n.Outcome == cycle.Clamped:
		return n.Clamp.String()
	case n.Outcome == cycle.Failed:
		return n.Err.Error()
	case n.HasAsset:
		return n.Outcome.String() + ": " + string(u.At(n.Asset).ID)
	}
	return n.Outcome.String()
}

func stamp(unix int64) string { return time.Unix(unix, 0).UTC().Format(time.RFC3339) }
