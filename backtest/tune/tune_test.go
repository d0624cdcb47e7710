package tune_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/backtest/tune"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/policy"
)

// intent is the worked setting of spec 02 §2.3: half of the value in one asset, volatility 80 %, gamma 2, 30 bps.
func intent() tune.Intent {
	return tune.Intent{
		Close: fixed.FromBps(9_000), Intervals: 10, IntervalSeconds: 86400, Fill: fixed.One(),
		Volatility: fixed.FromBps(8_000), Weight: fixed.FromBps(5_000), RiskAversion: fixed.FromInt(2),
		Cost: fixed.FromBps(30), BlockSeconds: 6, Loss: fixed.FromBps(5), Lead: fixed.FromBps(100),
	}
}

func advise(t *testing.T, in tune.Intent) *tune.Advice {
	t.Helper()
	a, err := tune.Advise(in)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestWorkedNumbers(t *testing.T) {
	t.Parallel()
	in := intent()
	in.Impact = enginetest.W(t, "0.1")
	a := advise(t, in)
	if a.Gain.CostOptimal == nil {
		t.Fatal("no cost-optimal gain though the impact is known")
	}
	for _, test := range []struct {
		name string
		got  fixed.Wad
		want string
	}{
		{"horizon gain", a.Gain.Horizon, "0.205671765275718497"},
		{"edge", a.Band.Edge, "0.052002095576297602"},
		{"least loss between blocks", a.Auction.LeastLoss, "0.00024659"},
		{"decay per block", a.Auction.DecayPerBlock, "0.000378628708986134"},
		{"flatness", a.Mistakes[2].Cost, "1.035555555"},
		{"cost-optimal gain", *a.Gain.CostOptimal, "0.1239"},
		{"no fixed cost, no edge of it", a.Band.FixedEdge, "0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := test.got.Text(); !strings.HasPrefix(got, test.want) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestBestBandWithFixedCost(t *testing.T) {
	t.Parallel()
	in := intent()
	in.FixedCost, in.NAV = fixed.FromInt(5), fixed.FromInt(1_000_000)
	a := advise(t, in)
	near(t, "outer", a.Band.Outer, "0.066", "0.001")
	near(t, "inner", a.Band.Inner, "0.040", "0.001")
	near(t, "fixed edge", a.Band.FixedEdge, "0.0370", "0.0001")
	near(t, "objective", a.Choices[0].Objective, "0.00184", "0.000005")
	near(t, "money", a.Choices[0].Money, "1202.3757", "0.001")
}

func near(t *testing.T, name string, got fixed.Wad, want, tolerance string) {
	t.Helper()
	var c fixed.Calc
	if enginetest.W(t, tolerance).Less(c.Sub(got, enginetest.W(t, want)).Abs()) {
		t.Errorf("%s: got %s, want %s", name, got, want)
	}
}

// TestBestIsBest compares the search with every band of a coarse grid.
func TestBestIsBest(t *testing.T) {
	t.Parallel()
	for _, fee := range []int64{0, 5} {
		in := intent()
		in.FixedCost, in.NAV = fixed.FromInt(fee), fixed.FromInt(1_000_000)
		a := advise(t, in)
		for _, other := range a.Choices[1:] {
			if strings.HasPrefix(other.Name, "to the edge") { // without fixed cost the edge is better, but not for sale
				continue
			}
			if other.Objective.Less(a.Choices[0].Objective) {
				t.Errorf("fixed cost %d: %s %s has a lower objective than the best band", fee, other.Name, other.Setting)
			}
		}
	}
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	const head = "version: 1\nname: tuned\nassets:\n  - {asset: ETH, weight: 50%}\n  - {asset: USDC, weight: 50%}\n"
	slow := intent()
	slow.IntervalSeconds, slow.Cost = 90*86400, fixed.FromBps(1)
	once := intent()
	once.FixedCost, once.NAV, once.Cost = fixed.FromInt(1_000), fixed.FromInt(1_000_000), fixed.FromRaw(1_000_000_000_000)
	for _, test := range []struct {
		name string
		in   tune.Intent
		want string
	}{
		{"nothing but a fixed cost", once, "threshold: 13.31%}"},
		{"a threshold", intent(), "threshold: 6.08%, inner: 3.34%"},
		{"an interval too long for one", slow, "kind: always"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := advise(t, test.in)
			if !strings.Contains(a.Policy, test.want) {
				t.Errorf("expected %q in\n%s", test.want, a.Policy)
			}
			if _, err := policy.Parse([]byte(head + a.Policy)); err != nil {
				t.Errorf("%v\n%s", err, a.Policy)
			}
		})
	}
}

func TestInvalid(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*tune.Intent)
		want   string
	}{
		{"horizon", func(in *tune.Intent) { in.Intervals = 0 }, "1 to 100000 intervals"},
		{"all of a gap", func(in *tune.Intent) { in.Close = fixed.One() }, "ask for 99%"},
		{"interval", func(in *tune.Intent) { in.IntervalSeconds = 0 }, "at least 1s"},
		{"block", func(in *tune.Intent) { in.BlockSeconds = -1 }, "at least 1s"},
		{"fixed cost without value", func(in *tune.Intent) { in.FixedCost = fixed.One() }, "net asset value"},
		{"close", func(in *tune.Intent) { in.Close = fixed.FromInt(2) }, "part to close"},
		{"fill", func(in *tune.Intent) { in.Fill = fixed.Wad{} }, "fill"},
		{"weight of one", func(in *tune.Intent) { in.Weight = fixed.One() }, "weight above 0 and below 1"},
		{"weight of zero", func(in *tune.Intent) { in.Weight = fixed.Wad{} }, "weight above 0 and below 1"},
		{"volatility", func(in *tune.Intent) { in.Volatility = fixed.Wad{} }, "volatility"},
		{"risk aversion", func(in *tune.Intent) { in.RiskAversion = fixed.One().Neg() }, "risk aversion"},
		{"cost", func(in *tune.Intent) { in.Cost = fixed.One() }, "cost"},
		{"loss below what is lost at rest", func(in *tune.Intent) { in.Loss = fixed.FromBps(2) }, "clock at rest"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := intent()
			test.change(&in)
			_, err := tune.Advise(in)
			if !errors.Is(err, tune.ErrIntent) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want one with %q", err, test.want)
			}
		})
	}
}
