package project_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
)

// closedLoop is a portfolio at constant prices: measure, control, project, fill, feed back.
type closedLoop struct {
	gains   pid.Gains
	state   pid.State
	values  []fixed.Wad
	targets []fixed.Wad
	limits  project.Input // floors, ceilings, minimum orders, max sell, quantum
	fills   func(k, seller, buyer int) fixed.Wad

	report drift.Report
	ws     project.Workspace
}

// step runs interval k and returns the drift after it, the sum of |target - value|.
func (l *closedLoop) step(t *rapid.T, k int) (before, after, traded fixed.Wad) {
	var c fixed.Calc
	n := len(l.values)
	if err := drift.Measure(&l.report, l.values, l.targets); err != nil {
		t.Fatal(err)
	}
	commands, orders := make([]fixed.Wad, n), make([]fixed.Wad, n)
	in := pid.Input{
		Now: int64(k) * 3600, PeriodSeconds: 3600, Active: true, Errors: l.report.Errors, Weights: l.report.Weights,
	}
	if err := pid.Step(&l.gains, &l.state, in, commands); err != nil {
		t.Fatal(err)
	}
	p := l.limits
	p.Values, p.Raw, p.Gaps = l.values, nil, nil
	for i, u := range commands {
		p.Raw = append(p.Raw, c.MulTrunc(u, l.report.NAV))
		gap := c.Sub(c.MulTrunc(l.targets[i], l.report.NAV), l.values[i])
		p.Gaps = append(p.Gaps, gap)
		before = c.Add(before, gap.Abs())
	}
	if _, err := project.Feasible(&l.ws, p, orders); err != nil {
		t.Fatal(err)
	}
	realised := l.fill(t, k, orders)
	for i, x := range realised {
		l.values[i] = c.Add(l.values[i], x)
		gap := c.Sub(p.Gaps[i], x)
		after, traded = c.Add(after, gap.Abs()), c.Add(traded, x.Abs())
		realised[i] = c.DivTrunc(x, l.report.NAV)
	}
	if err := pid.Feedback(&l.gains, &l.state, realised); err != nil {
		t.Fatal(err)
	}
	if err := c.Err(); err != nil {
		t.Fatal(err)
	}
	return before, after, traded
}

// fill splits the sells over the buys in order of index and fills every pair by its own pattern.
func (l *closedLoop) fill(t *rapid.T, k int, orders []fixed.Wad) []fixed.Wad {
	var c fixed.Calc
	realised, left := make([]fixed.Wad, len(orders)), append([]fixed.Wad(nil), orders...)
	for i := range orders {
		for j := range orders {
			if left[i].Sign() >= 0 || left[j].Sign() <= 0 {
				continue
			}
			flow := left[i].Abs().Min(left[j])
			left[i], left[j] = c.Add(left[i], flow), c.Sub(left[j], flow)
			filled := c.MulTrunc(l.fills(k, i, j), flow)
			realised[i], realised[j] = c.Sub(realised[i], filled), c.Add(realised[j], filled)
		}
	}
	for i := range left {
		if !left[i].IsZero() {
			t.Fatalf("order %v of %v has no counterpart", left[i], orders)
		}
	}
	return realised
}

// patterns are fills whose sum is infinite for every pair, the worst that a market may do to us.
func patterns(t *rapid.T) func(k, i, j int) fixed.Wad {
	nothing, everything := fixed.Wad{}, fixed.One()
	noise := rapid.SliceOfN(rapid.Int64Range(0, 10_000), 37, 37).Draw(t, "noise")
	switch rapid.IntRange(0, 4).Draw(t, "pattern") {
	case 0: // one pair is starved nine times out of ten
		return func(k, i, j int) fixed.Wad {
			if (i+j)%2 == 0 && k%10 != 9 {
				return nothing
			}
			return everything
		}
	case 1: // long stalls of everything
		return func(k, _, _ int) fixed.Wad {
			if k%23 < 15 {
				return nothing
			}
			return everything
		}
	case 2: // a thin market
		return func(_, _, _ int) fixed.Wad { return fixed.FromBps(1500) }
	case 3: // pairs take turns
		return func(k, i, j int) fixed.Wad {
			if (k+i+2*j)%4 != 0 {
				return nothing
			}
			return everything
		}
	}
	return func(k, i, j int) fixed.Wad { return fixed.FromBps(max(noise[(k+5*i+11*j)%37], 200)) }
}

func drawLoop(t *rapid.T) *closedLoop {
	var c fixed.Calc
	n := rapid.IntRange(2, 5).Draw(t, "assets")
	l := &closedLoop{
		gains:  pid.Default(fixed.FromBps(rapid.Int64Range(1000, 10_000).Draw(t, "Kp"))),
		state:  pid.NewState(n),
		fills:  patterns(t),
		limits: project.Input{Quantum: fixed.FromRaw(microRaw)},
	}
	most := c.DivIntTrunc(c.MulDown(l.gains.Kp, l.gains.Kp), 8)
	l.gains.Ki = c.MulDown(most, fixed.FromBps(rapid.Int64Range(0, 10_000).Draw(t, "Ki")))
	l.gains.Kd = fixed.FromBps(rapid.Int64Range(0, 4000).Draw(t, "Kd"))
	if err := l.gains.Validate(); err != nil {
		t.Fatal(err)
	}
	l.targets = drawWeights(t, n)
	var nav fixed.Wad
	for range n {
		v := micro(t, 1e6, 1e12, "value")
		l.values, nav = append(l.values, v), c.Add(nav, v)
	}
	least := c.MulDown(nav, fixed.FromBps(rapid.Int64Range(0, 30).Draw(t, "min order")))
	share := fixed.FromBps(rapid.Int64Range(500, 10_000).Draw(t, "max sell"))
	l.limits.MaxSell = c.MulDown(nav, share).Max(c.MulInt(least, int64(n)))
	floored := rapid.Bool().Draw(t, "floors")
	for i := range n {
		l.limits.MinOrders = append(l.limits.MinOrders, least)
		if floored { // a minimum balance of up to the target: it may be missing at the start
			part := fixed.FromBps(rapid.Int64Range(0, 9900).Draw(t, "floor"))
			l.limits.Floors = append(l.limits.Floors, c.MulDown(c.MulDown(l.targets[i], nav), part))
		}
	}
	return l
}

// TestClosedLoopConverges: with the guard, for every fill pattern whose volume adds up, drift never grows by our own
// trade and ends where no order is large enough any more.
func TestClosedLoopConverges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := drawLoop(t)
		var c fixed.Calc
		quiet := 0
		var last fixed.Wad
		for k := 0; quiet < 60; k++ {
			before, after, traded := l.step(t, k)
			// Weights round to 18 decimals: allow a few of their last units, as values.
			slack := c.MulUp(c.Add(l.report.NAV, fixed.One()), fixed.FromRaw(4*int64(len(l.values))))
			if c.Add(before, slack).Less(after) {
				t.Fatalf("interval %d: drift grew from %v to %v", k, before, after)
			}
			if want := c.Sub(before, traded); slack.Less(c.Sub(after, want).Abs()) {
				t.Fatalf("interval %d: drift went from %v to %v with %v traded on both sides", k, before, after, traded)
			}
			if quiet++; !traded.IsZero() {
				quiet = 0
			}
			if k > 5000 {
				t.Fatalf("still trading %v with a drift of %v", traded, after)
			}
			last = after
		}
		// Nothing trades any more when all gaps of one side are below the minimum order, or below what a gain of Kp
		// turns into a quantum.
		n := int64(len(l.values))
		stuck := c.MulInt(l.limits.MinOrders[0], 2*n)
		quantum := c.DivUp(fixed.FromRaw(2*microRaw), l.gains.Kp)
		if limit := c.Add(stuck, c.MulInt(quantum, 2*n)); limit.Less(last) {
			t.Fatalf("the loop rests with a drift of %v, more than %v", last, limit)
		}
	})
}

// TestPaymentIsBoughtInTime is the worked example of spec 12.2 end to end: a controller that alone would close a
// hundredth of the gap a day still buys the 200,000 in equal slices, because the reserve is a minimum balance.
func TestPaymentIsBoughtInTime(t *testing.T) {
	t.Parallel()
	plan := project.Plan{
		Payments: []project.Payment{{
			Asset: 1, Amount: fixed.NatOf(200_000_000_000), Schedule: project.Schedule{First: 5 * day},
		}},
		Owed: make([]project.Owed, 1),
	}
	values, targets := ints(1_000_000, 0), []fixed.Wad{fixed.FromBps(9900), fixed.FromBps(100)}
	nav := fixed.FromInt(1_000_000)
	gains, st := pid.Default(fixed.FromBps(100)), pid.NewState(2)
	var ws project.Workspace
	var report drift.Report
	for d, want := range []int64{0, 50_000, 100_000, 150_000, 200_000} {
		var c fixed.Calc
		kept, err := plan.Reserve(1, int64(d)*day, day, 4)
		if err != nil {
			t.Fatal(err)
		}
		in := project.Input{
			Values: values, Raw: make([]fixed.Wad, 2), Gaps: make([]fixed.Wad, 2), MaxSell: fixed.FromInt(50_000),
			Floors: []fixed.Wad{{}, asset.ValueUp(&c, kept, fixed.One(), 6)}, Quantum: fixed.FromRaw(microRaw),
		}
		weights := make([]fixed.Wad, 2)
		if _, err := project.Override(&ws, weights, targets, in.Floors, nav, nil, project.Proportional); err != nil {
			t.Fatal(err)
		}
		if err := drift.Measure(&report, values, weights); err != nil {
			t.Fatal(err)
		}
		step := pid.Input{
			Now: int64(d) * day, PeriodSeconds: day, Active: true, Errors: report.Errors, Weights: report.Weights,
		}
		commands, orders := make([]fixed.Wad, 2), make([]fixed.Wad, 2)
		if err := pid.Step(&gains, &st, step, commands); err != nil {
			t.Fatal(err)
		}
		for i := range commands {
			in.Raw[i], in.Gaps[i] = c.MulTrunc(commands[i], nav), c.MulTrunc(report.Errors[i], nav)
		}
		if _, err := project.Feasible(&ws, in, orders); err != nil {
			t.Fatal(err)
		}
		for i, x := range orders {
			values[i] = c.Add(values[i], x)
		}
		if values[1].Less(fixed.FromInt(want)) {
			t.Errorf("after day %d: %v dollars, want at least %d", d, values[1], want)
		}
	}
}
