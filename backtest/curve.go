package backtest

import (
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/metrics"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// bench is a benchmark that makes the same payments.
type bench struct {
	performance metrics.Performance
	last, share fixed.Wad
}

func (b *bench) row(c *fixed.Calc, v, flow fixed.Wad) error {
	switch {
	case b.last == b.share && flow.IsZero(): // the first row, or nothing was paid yet
		b.share = v
	case !b.last.IsZero():
		b.share = c.MulDivTrunc(b.share, c.Add(v, flow), b.last)
	}
	if b.last = v; v.IsZero() {
		return nil // payments took all of it
	}
	return b.performance.Observe(b.share, fixed.Wad{})
}

// point adds a point to the curves when its row has one.
func (l *log) point(now int64, prices []oracle.Price, values []fixed.Wad, nav fixed.Wad, s *seen) error {
	if l.brief {
		return nil
	}
	var c fixed.Calc
	for i, v := range []fixed.Wad{l.mix, l.held(&c, prices)} {
		if err := l.benches[i].row(&c, v, l.flow); err != nil {
			return err
		}
	}
	row := l.points
	l.points++
	if row%l.stride != 0 && row != l.rows-1 {
		return c.Err()
	}
	if values == nil && s.measured {
		copy(l.weights, s.weights)
	}
	for k := range values {
		if !nav.IsZero() {
			l.weights[k] = c.DivTrunc(values[k], nav)
		}
	}
	l.curve(&c, now, nav)
	return c.Err()
}

// curve adds one point to every curve.
func (l *log) curve(c *fixed.Calc, now int64, nav fixed.Wad) {
	s := &l.series
	s.Time = append(s.Time, now)
	s.NAV = append(s.NAV, nav)
	s.Bench = push(s.Bench, []fixed.Wad{l.benches[0].last, l.benches[1].last})
	s.Weights, s.Targets = push(s.Weights, l.weights), push(s.Targets, l.targets)
	l.edges(c)
	var drift fixed.Wad
	for k := range l.weights {
		drift = drift.Max(c.Sub(l.weights[k], l.targets[k]).Abs())
	}
	s.Drift, s.Cost = append(s.Drift, drift), append(s.Cost, l.cost)
}

// edges adds the weights at which the policy acts, when it has such.
func (l *log) edges(c *fixed.Calc) {
	low, high := make([]fixed.Wad, len(l.targets)), make([]fixed.Wad, len(l.targets))
	if !l.pol.Trigger.Edges(c, trigger.State{}, trigger.Input{}, l.targets, low, high) {
		return // no threshold of its own for each asset
	}
	l.series.Lower, l.series.Upper = push(l.series.Lower, low), push(l.series.Upper, high)
}

// held is the value of the first row's holdings now.
func (l *log) held(c *fixed.Calc, prices []oracle.Price) fixed.Wad {
	var sum fixed.Wad
	for k, a := range l.pol.Assets {
		sum = c.Add(sum, c.MulDivTrunc(l.shares[k], prices[a].Value, l.origin[k]))
	}
	return sum
}

// push adds one value to each of several curves.
func push(curves [][]fixed.Wad, values []fixed.Wad) [][]fixed.Wad {
	if curves == nil {
		curves = make([][]fixed.Wad, len(values))
	}
	for i, v := range values {
		curves[i] = append(curves[i], v)
	}
	return curves
}
