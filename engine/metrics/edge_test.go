package metrics_test

import (
	"errors"
	"math"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/metrics"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// refusal is a sample that was refused and the error that it had to be refused with.
type refusal struct {
	name      string
	got, want error
}

// all holds one accumulator of every kind.
type all struct {
	performance metrics.Performance
	drawdown    metrics.Drawdown
	trading     metrics.Trading
	execution   metrics.Execution
	markout     metrics.Markout
	netting     metrics.Netting
	average     metrics.Average
	dwell       metrics.Dwell
	control     metrics.Control
}

// fed has taken a sample of each kind.
func fed(t *testing.T) *all {
	t.Helper()
	var a all
	one := fixed.One()
	for _, err := range []error{
		a.performance.Observe(one, one), a.drawdown.Observe(one), a.trading.Observe(one, one, one),
		a.execution.Order(one, one), a.execution.Fill(one, metrics.Fill{Quantity: one, Price: one, Mid: one}),
		a.execution.End(one, one, one), a.markout.Observe(one, one, one), a.netting.Observe(one, one, one),
		a.average.Observe(one, 1), a.dwell.Observe(1, true), a.control.Observe(one, one), a.control.Observe(one, one),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return &a
}

// TestRefused feeds every accumulator what it must refuse, and checks that it is as it was.
func TestRefused(t *testing.T) {
	t.Parallel()
	a := fed(t)
	before := *a
	for _, test := range append(append(a.refuseNAV(), a.refuseFills()...), a.refuseWeights()...) {
		if !errors.Is(test.got, test.want) {
			t.Errorf("%s: got %v, want %v", test.name, test.got, test.want)
		}
	}
	if *a != before {
		t.Errorf("changed by refused samples: %+v, before %+v", *a, before)
	}
}

func (a *all) refuseNAV() []refusal {
	one, minus, most, none := fixed.One(), fixed.One().Neg(), fixed.Max(), fixed.Wad{}
	return []refusal{
		{"no NAV", a.performance.Observe(none, one), metrics.ErrSample},
		{"negative NAV", a.performance.Observe(minus, one), metrics.ErrSample},
		{"NAV too large to divide", a.performance.Observe(most, one), fixed.ErrOverflow},
		{"return too large to square", a.performance.Observe(fixed.FromInt(1e12), one), fixed.ErrOverflow},
		{"benchmark too large to subtract", a.performance.Observe(fixed.FromBps(1), most), fixed.ErrOverflow},
		{"benchmark too large to square", a.performance.Observe(one, fixed.FromInt(4e10)), fixed.ErrOverflow},
		{"negative price", a.drawdown.Observe(minus), metrics.ErrSample},
		{"nothing to start from", new(metrics.Drawdown).Observe(none), metrics.ErrSample},
		{"rebalance of nothing", a.trading.Observe(none, one, one), metrics.ErrSample},
		{"negative trade", a.trading.Observe(one, minus, one), metrics.ErrSample},
		{"negative fee", a.trading.Observe(one, one, minus), metrics.ErrSample},
		{"too much traded", a.trading.Observe(one, most, one), fixed.ErrOverflow},
	}
}

func (a *all) refuseFills() []refusal {
	one, minus, most, none := fixed.One(), fixed.One().Neg(), fixed.Max(), fixed.Wad{}
	fill := func(quantity, price, mid, fee fixed.Wad) error {
		return a.execution.Fill(one, metrics.Fill{Quantity: quantity, Price: price, Mid: mid, Fee: fee})
	}
	return []refusal{
		{"empty order", a.execution.Order(none, one), metrics.ErrSample},
		{"order without a price", a.execution.Order(one, none), metrics.ErrSample},
		{"order too large", a.execution.Order(most, most), fixed.ErrOverflow},
		{"negative fill", fill(minus, one, one, none), metrics.ErrSample},
		{"negative fill price", fill(one, minus, one, none), metrics.ErrSample},
		{"fill without a mid", fill(one, one, none, none), metrics.ErrSample},
		{"negative fill fee", fill(one, one, one, minus), metrics.ErrSample},
		{"fill too large", fill(most, most, one, none), fixed.ErrOverflow},
		{"negative rest", a.execution.End(minus, one, one), metrics.ErrSample},
		{"negative end price", a.execution.End(one, one, minus), metrics.ErrSample},
		{"rest too large", a.execution.End(most, most, one), fixed.ErrOverflow},
		{"negative quantity", a.markout.Observe(minus, one, one), metrics.ErrSample},
		{"negative paid price", a.markout.Observe(one, minus, one), metrics.ErrSample},
		{"negative mark", a.markout.Observe(one, one, minus), metrics.ErrSample},
		{"mark too large", a.markout.Observe(most, one, most), fixed.ErrOverflow},
	}
}

func (a *all) refuseWeights() []refusal {
	one, minus, most := fixed.One(), fixed.One().Neg(), fixed.Max()
	return []refusal{
		{"negative netted", a.netting.Observe(minus, one, one), metrics.ErrSample},
		{"negative auctioned", a.netting.Observe(one, minus, one), metrics.ErrSample},
		{"negative routed", a.netting.Observe(one, one, minus), metrics.ErrSample},
		{"netted too large", a.netting.Observe(most, one, one), fixed.ErrOverflow},
		{"negative weight", a.average.Observe(one, -1), metrics.ErrSample},
		{"weights too large", a.average.Observe(one, math.MaxInt64), fixed.ErrOverflow},
		{"value too large", a.average.Observe(most, 2), fixed.ErrOverflow},
		{"negative time", a.dwell.Observe(-1, true), metrics.ErrSample},
		{"time too long", a.dwell.Observe(math.MaxInt64, true), fixed.ErrOverflow},
		{"negative band", a.control.Observe(one, minus), metrics.ErrSample},
		{"error too large", a.control.Observe(most, one), fixed.ErrOverflow},
	}
}

// TestNothingMeasured holds every ratio of nothing to zero.
func TestNothingMeasured(t *testing.T) {
	t.Parallel()
	var c fixed.Calc
	f, err := new(metrics.Performance).Figures(365, fixed.One())
	if err != nil {
		t.Fatal(err)
	}
	if want := (metrics.Figures{Insufficient: true}); f != want {
		t.Errorf("got %+v, want %+v", f, want)
	}
	q, err := new(metrics.Execution).Quality()
	if err != nil {
		t.Fatal(err)
	}
	if q != (metrics.Quality{}) {
		t.Errorf("got %+v, want zeros", q)
	}
	zero := fixed.Wad{}
	for what, got := range map[string]fixed.Wad{
		"markout":      new(metrics.Markout).Rate(&c),
		"netting":      new(metrics.Netting).Rate(&c),
		"average":      new(metrics.Average).Mean(&c),
		"dwell":        new(metrics.Dwell).Share(&c),
		"overshoot":    new(metrics.Control).Overshoot(&c),
		"turnover":     metrics.Turnover(&c, fixed.One(), zero),
		"per year":     metrics.PerYear(&c, fixed.One(), 0),
		"cost":         metrics.CostPerYear(&c, fixed.One(), fixed.One(), zero, 1),
		"efficiency":   metrics.AllocativeEfficiency(&c, fixed.One(), zero),
		"no weight":    weightless(t).Mean(&c),
		"largest none": weightless(t).Max,
	} {
		equal(t, what, got, zero)
	}
	if new(metrics.Control).Settled() {
		t.Error("a response without samples has not settled")
	}
	check(t, &c)
}

func weightless(t *testing.T) *metrics.Average {
	t.Helper()
	var a metrics.Average
	if err := a.Observe(fixed.One(), 0); err != nil {
		t.Fatal(err)
	}
	return &a
}

func TestFiguresRefused(t *testing.T) {
	t.Parallel()
	var p metrics.Performance
	for i := range int64(3) {
		if err := p.Observe(fixed.FromInt(1+i*i), fixed.Wad{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.Figures(0, fixed.Wad{}); !errors.Is(err, metrics.ErrSample) {
		t.Errorf("no steps: got %v", err)
	}
	if _, err := p.Figures(365, fixed.Max()); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("risk-free rate out of range: got %v", err)
	}
	var e metrics.Execution
	if err := e.Order(fixed.FromRaw(1), fixed.One()); err != nil {
		t.Fatal(err)
	}
	if err := e.End(fixed.FromRaw(1), fixed.Wad{}, fixed.Max()); err != nil {
		t.Fatal(err)
	}
	if err := e.Fill(fixed.One(), metrics.Fill{Mid: fixed.One(), Fee: fixed.Max()}); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Quality(); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("shortfall out of range: got %v", err)
	}
}

func TestDrawdown(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		nav           []string
		depth         string
		fall, longest int64
	}{
		{"only up", []string{"1", "2", "2", "3"}, "0", 0, 0},
		{"one fall", []string{"4", "3", "5"}, "0.25", 1, 1},
		{"bottom after the first step", []string{"4", "3.5", "2", "3", "4"}, "0.5", 2, 3},
		{"the deeper one counts, the longer one lasts", []string{"4", "2", "4", "3", "3", "3"}, "0.5", 1, 3},
		{"the deeper one comes later", []string{"4", "3", "4", "3.5", "1"}, "0.75", 2, 2},
		{"to nothing", []string{"4", "0", "0"}, "1", 1, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var d metrics.Drawdown
			for _, nav := range enginetest.Ws(t, test.nav...) {
				if err := d.Observe(nav); err != nil {
					t.Fatal(err)
				}
			}
			equal(t, "depth", d.Depth, enginetest.W(t, test.depth))
			if d.Fall != test.fall || d.Longest != test.longest {
				t.Errorf("fall %d, longest %d; want %d, %d", d.Fall, d.Longest, test.fall, test.longest)
			}
		})
	}
}

// TestExAnteTrackingError uses two assets whose risks are known: one alone, hedged by its twin, and independent.
func TestExAnteTrackingError(t *testing.T) {
	t.Parallel()
	const ulp, three = "0.000000000000000001", "0.000000000000000003"
	tests := []struct {
		name   string
		d, cov []string
		want   string
		err    error
	}{
		{"one asset", []string{"0.5"}, []string{"0.64"}, "0.4", nil},
		{"long and short the same risk", []string{"0.1", "-0.1"}, []string{"0.64", "0.64", "0.64", "0.64"}, "0", nil},
		{"independent", []string{"0.3", "0.4"}, []string{"1", "0", "0", "1"}, "0.5", nil},
		{"nothing held", nil, nil, "0", nil},
		{"below zero by rounding", []string{ulp, "-0.5"}, []string{"0", three, three, "0"}, "0", nil},
		{"sizes", []string{"0.5"}, []string{"1", "1"}, "0", metrics.ErrSample},
		{"not a covariance matrix", []string{"1", "1"}, []string{"0", "-1", "-1", "0"}, "0", metrics.ErrCovariance},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := metrics.ExAnteTrackingError(enginetest.Ws(t, test.d...), enginetest.Ws(t, test.cov...))
			if !errors.Is(err, test.err) {
				t.Fatalf("got error %v, want %v", err, test.err)
			}
			equal(t, "tracking error", got, enginetest.W(t, test.want))
		})
	}
	most := []fixed.Wad{fixed.Max()}
	if _, err := metrics.ExAnteTrackingError(most, most); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("out of range: got %v", err)
	}
}

func TestTrading(t *testing.T) {
	t.Parallel()
	var tr metrics.Trading
	for _, x := range [][3]string{{"1000", "100", "0.1"}, {"2000", "100", "0.3"}} {
		w := enginetest.Ws(t, x[:]...)
		if err := tr.Observe(w[0], w[1], w[2]); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "turnover", tr.Turnover, enginetest.W(t, "0.075"))
	equal(t, "traded", tr.Traded, enginetest.W(t, "200"))
	equal(t, "fees", tr.Fees, enginetest.W(t, "0.4"))
	if tr.Rebalances != 2 {
		t.Errorf("got %d rebalances, want 2", tr.Rebalances)
	}
}

// TestNothingAllocates takes samples in as a chain does in every block.
func TestNothingAllocates(t *testing.T) {
	one := fixed.One()
	a := fed(t)
	var h metrics.Health
	price := oracle.Price{Status: oracle.StatusOK, Confidence: one}
	fill := metrics.Fill{Quantity: one, Price: one, Mid: one, Fee: one}
	var err error
	allocs := testing.AllocsPerRun(100, func() {
		err = errors.Join(
			a.performance.Observe(one, one), a.drawdown.Observe(one), a.trading.Observe(one, one, one),
			a.execution.Order(one, one), a.execution.Fill(one, fill), a.execution.End(one, one, one),
			a.markout.Observe(one, one, one), a.netting.Observe(one, one, one), a.average.Observe(one, 1),
			a.dwell.Observe(1, true), a.control.Observe(one, one), h.Observe(1, price),
		)
	})
	if err != nil || allocs != 0 {
		t.Errorf("%v allocations, error %v; expected none", allocs, err)
	}
}
