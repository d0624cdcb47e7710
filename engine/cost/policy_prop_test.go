package cost_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// between draws a decimal in raw counts.
func between(t *rapid.T, name string, lo, hi uint64) fixed.Wad {
	return fixed.FromRawUint(rapid.Uint64Range(lo, hi).Draw(t, name))
}

func setting(t *rapid.T) cost.Setting {
	var c fixed.Calc
	sigma := between(t, "sigma", oneRaw/20, 2*oneRaw)
	s := cost.Setting{
		Sigma: sigma, Diffusion: cost.Diffusion(&c, between(t, "weight", oneRaw/20, oneRaw*19/20), sigma),
		Gamma:        between(t, "gamma", oneRaw/2, 10*oneRaw),
		Proportional: between(t, "proportional", oneRaw/10_000, oneRaw/50), Fixed: between(t, "fixed", 0, oneRaw/1000),
	}
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestOptimaAreOptimal moves away from each optimum, to both sides: the objective does not fall.
func TestOptimaAreOptimal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := setting(t)
		weight := between(t, "weight of the optimum", oneRaw/20, oneRaw*19/20)
		var c fixed.Calc
		s.Diffusion = cost.Diffusion(&c, weight, s.Sigma)
		only, none := s, s
		only.Fixed, none.Proportional = fixed.Wad{}, fixed.Wad{}
		none.Fixed = c.Add(none.Fixed, fixed.FromRaw(oneRaw/1_000_000))
		h, f := cost.HalfWidth(&c, s.Proportional, s.Gamma, weight), cost.FixedHalfWidth(&c, none.Fixed, s.Gamma, weight)
		p := only.PeriodSeconds(&c)
		for _, ratio := range []int64{50, 90, 99, 101, 110, 200} {
			factor := c.DivIntTrunc(fixed.FromInt(ratio), 100)
			if edge := only.ToEdge(&c, c.MulTrunc(h, factor)); better(edge, only.ToEdge(&c, h)) {
				t.Fatalf("%d %% of %v is better to the edge", ratio, h)
			}
			if back := none.ToTarget(&c, c.MulTrunc(f, factor)); better(back, none.ToTarget(&c, f)) {
				t.Fatalf("%d %% of %v is better to the target", ratio, f)
			}
			if calendar := only.Periodic(&c, 1+p*ratio/100); better(calendar, only.Periodic(&c, 1+p)) {
				t.Fatalf("%d %% of %d s is better", ratio, p)
			}
		}
		if c.Err() != nil {
			t.Fatal(c.Err())
		}
	})
}

// better reports an objective that is lower by more than rounding.
func better(a, b cost.Outcome) bool {
	var c fixed.Calc
	return c.Add(a.Objective, fixed.FromRaw(1_000_000)).Less(b.Objective)
}

// TestWiderIsCheaperAndFurther: a wider band trades less and strays more.
func TestWiderIsCheaperAndFurther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := setting(t)
		var c fixed.Calc
		inner := between(t, "inner", 0, oneRaw/10)
		near := c.Add(inner, between(t, "near", oneRaw/1000, oneRaw/10))
		far := c.Add(near, between(t, "far", oneRaw/1000, oneRaw/10))
		a, b := s.Band(&c, near, inner), s.Band(&c, far, inner)
		if b.TrackingError.Less(a.TrackingError) || a.Turnover.Less(b.Turnover) ||
			a.Frequency.Less(b.Frequency) || a.Cost.Less(b.Cost) {
			t.Fatalf("%+v and wider %+v", a, b)
		}
		e, g := s.ToEdge(&c, near), s.ToEdge(&c, far)
		if g.TrackingError.Less(e.TrackingError) || e.Turnover.Less(g.Turnover) || !e.Frequency.IsZero() {
			t.Fatalf("%+v and wider %+v", e, g)
		}
		if c.Err() != nil {
			t.Fatal(c.Err())
		}
	})
}

// TestFullGainIsPeriodic: a controller that closes the whole gap is a calendar.
func TestFullGainIsPeriodic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := setting(t)
		seconds := rapid.Int64Range(3600, 1e7).Draw(t, "seconds")
		var c fixed.Calc
		a, b := s.Partial(&c, fixed.One(), seconds), s.Periodic(&c, seconds)
		// A small period magnifies the last digits of the turnover.
		years := c.MulDivTrunc(fixed.One(), fixed.FromRaw(seconds), fixed.FromRaw(31557600))
		tolerance := c.DivTrunc(fixed.FromRaw(100_000), years)
		if c.Sub(a.Variance, b.Variance).Abs().Cmp(fixed.FromRaw(2)) > 0 || a.Frequency != b.Frequency ||
			c.Sub(a.Turnover, b.Turnover).Abs().Cmp(tolerance) > 0 {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}

// TestDecayKeepsItsBudget: an auction that falls as fast as it may loses what it may, and a slower one less.
func TestDecayKeepsItsBudget(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var c fixed.Calc
		seconds := rapid.Int64Range(1, 60).Draw(t, "seconds")
		variance := cost.BlockVariance(&c, between(t, "sigma", oneRaw/20, 2*oneRaw), seconds)
		rest := cost.LVF(&c, fixed.Wad{}, variance)
		budget := c.MulTrunc(rest, between(t, "times", oneRaw*11/10, 100*oneRaw/10))
		decay := cost.DecayPerBlock(&c, budget, variance)
		loss := cost.LVF(&c, decay, variance)
		if c.Sub(loss, budget).Abs().Cmp(fixed.FromRaw(1e9)) > 0 {
			t.Fatalf("budget %v, loss %v", budget, loss)
		}
		slower := c.DivIntTrunc(decay, 2)
		if less := cost.LVF(&c, slower, variance); loss.Less(less) || less.Less(rest) {
			t.Fatalf("loss %v, slower %v, at rest %v", loss, less, rest)
		}
		gap := between(t, "gap", 0, oneRaw/50)
		if cost.FillSeconds(&c, gap, slower, variance, 6).Less(cost.FillSeconds(&c, gap, decay, variance, 6)) {
			t.Fatal("a slower clock is reached sooner")
		}
		if c.Err() != nil {
			t.Fatal(c.Err())
		}
	})
}

// TestCostIsConvex: the next unit never costs less than the average of those before, and more value never costs less.
func TestCostIsConvex(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := cost.Model{Proportional: between(t, "proportional", 0, oneRaw/100), Impact: between(t, "impact", 0, oneRaw)}
		depth, sigma := between(t, "depth", oneRaw, 10*oneRaw), between(t, "sigma", 0, oneRaw)
		var c fixed.Calc
		value := between(t, "value", oneRaw/1000, 9*oneRaw)
		more := c.Add(value, between(t, "more", 0, 9*oneRaw))
		small, large := m.Of(&c, value, depth, sigma), m.Of(&c, more, depth, sigma)
		if large.Less(small) {
			t.Fatalf("%v costs %v, %v costs %v", value, small, more, large)
		}
		average := c.DivTrunc(small, value)
		if c.Add(m.Marginal(&c, value, depth, sigma), fixed.FromRaw(10_000)).Less(average) {
			t.Fatalf("average %v, marginal %v", average, m.Marginal(&c, value, depth, sigma))
		}
		if c.Err() != nil {
			t.Fatal(c.Err())
		}
	})
}
