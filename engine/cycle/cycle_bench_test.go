package cycle_test

import (
	"fmt"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// deciding is a portfolio of n assets far from equal weights, under a policy with a threshold, gains below one, a cap
// on sells and a smallest order, and its market.
func deciding(tb testing.TB, n int) (*cycle.Portfolio, *cycle.Market) {
	tb.Helper()
	pol := &cycle.Policy{
		PeriodSeconds: day,
		Target:        target.Schedule{Kind: target.ConstantMix, MaxExposure: fixed.One()},
		Trigger:       trigger.Config{Mode: trigger.Absolute, Threshold: fixed.FromBps(200)},
		Gains:         pid.Default(wad("0.205671765275718497")),
		Limits:        cycle.Limits{MaxSell: fixed.FromBps(1000), MinOrder: fixed.FromInt(50)},
	}
	m := &cycle.Market{Now: noon, Universe: universe(tb, n)}
	p := &cycle.Portfolio{ID: 1, Policy: pol, State: cycle.NewState(n)}
	var c fixed.Calc
	for k := range n {
		pol.Assets = append(pol.Assets, asset.Index(k))
		pol.Priority = append(pol.Priority, uint8(k))
		pol.Target.Weights = append(pol.Target.Weights, c.DivIntTrunc(fixed.One(), int64(n)))
		m.Prices = append(m.Prices, good(c.MulInt(wad("1.234567891234567"), int64(1+k*k*37))))
		p.Holdings = append(p.Holdings, fixed.NatOf(uint64(123_456_789_012/(1+k*k*37)*(k+1))))
	}
	if err := pol.Validate(m.Universe); err != nil {
		tb.Fatal(err)
	}
	return p, m
}

func benchmarkDecide(b *testing.B, n int) {
	b.Helper()
	p, m := deciding(b, n)
	var ws cycle.Workspace
	b.ReportAllocs()
	for b.Loop() {
		m.Now += day
		if d := ws.Decide(p, m); d.Outcome != cycle.Ordered {
			b.Fatal(d.Outcome, d.Err)
		}
	}
}

func BenchmarkDecide4(b *testing.B) { benchmarkDecide(b, 4) }

func BenchmarkDecide8(b *testing.B) { benchmarkDecide(b, 8) }

// BenchmarkStep is a step of n portfolios with four of ten assets each: the time per portfolio must not grow.
func BenchmarkStep(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000} {
		cfg := config(b, 10)
		in := crowd(b, n)
		var ws cycle.Workspace
		b.Run(fmt.Sprintf("collect-%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := cycle.Step(&ws, &cfg, cycle.Round{}, in); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/portfolio")
		})
		r, settling := collected(b, &cfg, in)
		b.Run(fmt.Sprintf("settle-%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := cycle.Step(&ws, &cfg, r, settling); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/portfolio")
		})
	}
}

// crowd is a page of n portfolios with four of ten assets each.
func crowd(tb testing.TB, n int) cycle.Input {
	tb.Helper()
	in := cycle.Input{Now: noon, Height: 1, LastPage: true}
	var c fixed.Calc
	for k := range 10 {
		in.Prices = append(in.Prices, good(c.MulInt(wad("1.234567891234567"), int64(1+k*k*37))))
	}
	policies := make([]*cycle.Policy, 7)
	for j := range policies {
		p, _ := deciding(tb, 4)
		for k := range p.Policy.Assets {
			p.Policy.Assets[k] = asset.Index(j + k)
		}
		policies[j] = p.Policy
	}
	for i := range n {
		p := cycle.Portfolio{ID: uint64(i) + 1, Policy: policies[i%len(policies)], State: cycle.NewState(4)}
		for k, a := range p.Policy.Assets {
			value := uint64(1_000_000_000_000 * (1 + (i/7+k)%4))
			p.Holdings = append(p.Holdings, asset.UnitsDown(&c, fixed.FromInt(int64(value/1_000_000)), in.Prices[a].Value, 6))
		}
		in.Portfolios = append(in.Portfolios, p)
	}
	if c.Err() != nil {
		tb.Fatal(c.Err())
	}
	return in
}

// collected is the round of a page that waits for settlement, and the input that settles it.
func collected(tb testing.TB, cfg *cycle.Config, in cycle.Input) (cycle.Round, cycle.Input) {
	tb.Helper()
	var ws cycle.Workspace
	r, out, err := cycle.Step(&ws, cfg, cycle.Round{}, in)
	if err != nil {
		tb.Fatal(err)
	}
	next := cycle.Input{Now: in.Now + block, Height: 2, LastPage: true}
	next.Portfolios = append([]cycle.Portfolio(nil), in.Portfolios...)
	next.Prices = append([]oracle.Price(nil), in.Prices...)
	for i := range next.Prices {
		next.Prices[i].Status = oracle.StatusNoQuorum // nothing crosses and no lot opens
	}
	for i, st := range out.States {
		next.Portfolios[i].State = st
	}
	r, _, err = cycle.Step(&ws, cfg, r, cycle.Input{Now: next.Now, Height: 2, Prices: next.Prices})
	if err != nil || r.Phase != cycle.Settling {
		tb.Fatal(r.Phase, err)
	}
	return r, next
}

// TestDecideAllocates nothing once the workspace has grown.
func TestDecideAllocates(t *testing.T) {
	p, m := deciding(t, 8)
	var ws cycle.Workspace
	ws.Decide(p, m)
	if n := testing.AllocsPerRun(100, func() {
		m.Now += day
		ws.Decide(p, m)
	}); n != 0 {
		t.Errorf("%v allocations per decision", n)
	}
}
