package trigger_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/trigger"
)

const one = 1_000_000_000_000_000_000

// simplex draws n weights that add up to one.
func simplex(t *rapid.T, n int, label string) []fixed.Wad {
	parts := make([]fixed.Wad, n)
	parts[0] = fixed.FromRaw(1) // so that not all are zero
	for i := range parts {
		parts[i] = parts[i].Max(fixed.FromRaw(rapid.Int64Range(0, one).Draw(t, label)))
	}
	var s fixed.Splitter
	if err := s.LargestRemainder(parts, parts, fixed.One()); err != nil {
		t.Fatal(err)
	}
	return parts
}

func measure(t *rapid.T, targets, weights []fixed.Wad) *drift.Report {
	var r drift.Report
	if err := drift.Measure(&r, weights, targets); err != nil {
		t.Fatal(err)
	}
	return &r
}

func drawConfig(t *rapid.T, n int) trigger.Config {
	percent := func(lo, hi int64, label string) fixed.Wad {
		return fixed.FromBps(rapid.Int64Range(lo, hi).Draw(t, label))
	}
	cfg := trigger.Config{
		Mode:            trigger.Mode(rapid.IntRange(1, int(trigger.Band)).Draw(t, "mode")),
		Period:          rapid.SampledFrom([]trigger.Period{trigger.Daily(), trigger.Monthly()}).Draw(t, "period"),
		Threshold:       percent(100, 2_000, "threshold"),
		Small:           percent(1, 100, "small"),
		LongestSeconds:  30 * day,
		Dust:            percent(0, 100, "dust"),
		MinDrift:        percent(0, 50, "least drift"),
		CoolDownSeconds: rapid.Int64Range(0, 2*day).Draw(t, "cool-down"),
	}
	if rapid.Bool().Draw(t, "hysteresis") {
		cfg.Inner, cfg.MaxActive = percent(1, 100, "inner"), rapid.IntRange(0, 5).Draw(t, "fires")
	}
	if rapid.Bool().Draw(t, "per asset") && cfg.Mode != trigger.Aggregate {
		for range n {
			cfg.Thresholds = append(cfg.Thresholds, percent(0, 1_000, "own threshold"))
		}
	}
	if rapid.Bool().Draw(t, "follows the volatility") {
		cfg.Scaling = trigger.Scaling{
			Law: trigger.Power, Exponent: band.Exponent(rapid.IntRange(0, int(band.Inverse)).Draw(t, "exponent")),
			Reference: percent(1_000, 10_000, "reference"), DailyChange: trigger.DailyChange(),
		}
	}
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	return cfg
}

func drawState(t *rapid.T) trigger.State {
	if rapid.Bool().Draw(t, "new") {
		return trigger.State{}
	}
	st := trigger.Started(rapid.Int64Range(0, 100*day).Draw(t, "last"))
	st.Active = rapid.Bool().Draw(t, "active")
	return st
}

func drawInput(t *rapid.T) trigger.Input {
	return trigger.Input{
		Now: rapid.Int64Range(0, 200*day).Draw(t, "now"), Healthy: rapid.IntRange(0, 9).Draw(t, "health") > 0,
		Sigma:   fixed.FromBps(rapid.Int64Range(0, 30_000).Draw(t, "sigma")),
		Verdict: band.Verdict(rapid.IntRange(0, int(band.Halt)).Draw(t, "verdict")),
	}
}

func evaluate(t *rapid.T, cfg *trigger.Config, st trigger.State, r *drift.Report, in trigger.Input) (
	trigger.Decision, trigger.State,
) {
	d, next, err := trigger.Evaluate(cfg, st, r, in)
	if err != nil {
		t.Fatal(err)
	}
	return d, next
}

// TestDecisionsAgree: a decision fires if and only if its reason does, and never on bad prices, on a halt, or within
// the cool-down; nothing begins inside a band.
func TestDecisionsAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "assets")
		cfg, st, in := drawConfig(t, n), drawState(t), drawInput(t)
		r := measure(t, simplex(t, n, "target"), simplex(t, n, "weight"))
		d, next := evaluate(t, &cfg, st, r, in)
		if d.Fired != d.Reason.Fires() || d.Active != next.Active {
			t.Fatalf("decision %+v, state %+v", d, next)
		}
		if !d.Fired {
			if next.Last != st.Last || next.Ran != st.Ran {
				t.Fatalf("state %+v after %+v without a fire", next, st)
			}
			return
		}
		if next.Last != in.Now || !next.Ran {
			t.Fatalf("state %+v after a fire at %d", next, in.Now)
		}
		if !in.Healthy || in.Verdict == band.Halt || st.Ran && in.Now-st.Last < cfg.CoolDownSeconds {
			t.Fatalf("fired: %v on %+v", d.Reason, in)
		}
		if d.Reason != trigger.Continuing && cfg.Mode == trigger.Band && in.Verdict != band.Rebalance {
			t.Fatalf("fired inside the band: %+v", in)
		}
		if d.Reason != trigger.Continuing && r.MaxAbs.Less(cfg.MinDrift) {
			t.Fatalf("fired for an error of %v", r.MaxAbs)
		}
	})
}

// TestRestsIsAStep: where Rests answers, a step does nothing; and a plain threshold that is not passed rests.
func TestRestsIsAStep(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "assets")
		cfg, st, in := drawConfig(t, n), drawState(t), drawInput(t)
		in.Healthy, in.Verdict = true, band.VerdictUnspecified
		targets := simplex(t, n, "target")
		r := measure(t, targets, simplex(t, n, "weight"))
		if rapid.Bool().Draw(t, "near") {
			r = measure(t, targets, targets)
		}
		before := st
		rests := cfg.Rests(&st, &drift.Extent{NAV: r.NAV, L1: r.L1, MaxAbs: r.MaxAbs}, in.Now)
		d, next := evaluate(t, &cfg, st, r, in)
		if st != before || rests && (d.Fired || next != st) {
			t.Fatalf("%v: rests %v, decision %+v, state %+v became %+v", cfg.Mode, rests, d, st, next)
		}
		plain := len(cfg.Thresholds) == 0 && cfg.Scaling.Law == trigger.Constant && !st.Active
		if cfg.Mode == trigger.Absolute && plain && d.Reason == trigger.BelowThreshold && !rests {
			t.Fatalf("expected rest at a drift of %v below %v", r.MaxAbs, cfg.Threshold)
		}
	})
}

// TestOrderOfAssets: the order of the assets does not matter.
func TestOrderOfAssets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "assets")
		cfg, st, in := drawConfig(t, n), drawState(t), drawInput(t)
		targets, weights := simplex(t, n, "target"), simplex(t, n, "weight")
		numbers := make([]int, n)
		for i := range numbers {
			numbers[i] = i
		}
		order := rapid.Permutation(numbers).Draw(t, "order")
		shuffled := func(xs []fixed.Wad) []fixed.Wad {
			out := make([]fixed.Wad, 0, len(xs))
			for _, i := range order[:len(xs)] {
				out = append(out, xs[i])
			}
			return out
		}
		other := cfg
		if len(cfg.Thresholds) > 0 {
			other.Thresholds = shuffled(cfg.Thresholds)
		}
		d, next := evaluate(t, &cfg, st, measure(t, targets, weights), in)
		e, after := evaluate(t, &other, st, measure(t, shuffled(targets), shuffled(weights)), in)
		if d != e || next != after {
			t.Fatalf("%+v, shuffled %+v", d, e)
		}
	})
}

// TestMoreDriftFires: weights twice as far from the target fire when those half as far do.
func TestMoreDriftFires(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "assets")
		cfg, st, in := drawConfig(t, n), drawState(t), drawInput(t)
		st.Active = false
		targets, far := simplex(t, n, "target"), simplex(t, n, "weight")
		near := make([]fixed.Wad, n)
		var c fixed.Calc
		for i := range near {
			near[i] = c.DivIntTrunc(c.Add(targets[i], far[i]), 2)
		}
		closer, _ := evaluate(t, &cfg, st, measure(t, targets, near), in)
		farther, _ := evaluate(t, &cfg, st, measure(t, targets, far), in)
		if closer.Fired && !farther.Fired && farther.Reason != trigger.BelowMinDrift {
			t.Fatalf("fires near the target (%v) but not farther off (%v)", closer.Reason, farther.Reason)
		}
	})
}

// TestHysteresisEnds: whatever part of its error a controller closes, a portfolio that fired comes to rest, having
// fired no more often in a row than it may.
func TestHysteresisEnds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg := drawConfig(t, 2)
		cfg.Mode, cfg.Thresholds, cfg.CoolDownSeconds = trigger.Absolute, nil, 0
		cfg.Inner = fixed.FromBps(rapid.Int64Range(1, 100).Draw(t, "inner"))
		kept := rapid.Int64Range(0, 95).Draw(t, "percent of the error kept")
		e := rapid.Int64Range(0, one/2).Draw(t, "error")
		half := fixed.FromBps(5_000)
		targets := []fixed.Wad{half, half}
		var st trigger.State
		row := 0
		for now := int64(1); now <= 400; now++ {
			var c fixed.Calc
			r := measure(t, targets, []fixed.Wad{c.Add(half, fixed.FromRaw(e)), c.Sub(half, fixed.FromRaw(e))})
			d, next := evaluate(t, &cfg, st, r, trigger.Input{Now: now, Healthy: true})
			st = next
			if !d.Fired {
				row = 0
				continue
			}
			if row++; cfg.MaxActive > 0 && row > cfg.MaxActive {
				t.Fatalf("fired %d times in a row, at most %d", row, cfg.MaxActive)
			}
			e = e / 100 * kept
		}
		if st.Active {
			t.Fatalf("still active at an error of %d", e)
		}
	})
}

// TestThresholdIsBounded: within a day the threshold stays within the daily change of where it was, and always within
// its limits.
func TestThresholdIsBounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg := trigger.Config{Mode: trigger.Absolute, Threshold: fixed.FromBps(500), Scaling: trigger.Scaling{
			Law: trigger.Power, Exponent: band.Exponent(rapid.IntRange(0, int(band.Inverse)).Draw(t, "exponent")),
			Reference: fixed.FromBps(8_000), Min: fixed.FromBps(50), Max: fixed.FromBps(2_000),
			DailyChange: trigger.DailyChange(),
		}}
		r := measure(t, []fixed.Wad{fixed.One()}, []fixed.Wad{fixed.One()})
		var st trigger.State
		var last fixed.Wad
		now := int64(0)
		for range rapid.IntRange(1, 40).Draw(t, "looks") {
			in := trigger.Input{Now: now, Healthy: true, Sigma: fixed.FromBps(rapid.Int64Range(1, 50_000).Draw(t, "sigma"))}
			base := st.Base
			d, next := evaluate(t, &cfg, st, r, in)
			if d.Threshold.Less(cfg.Scaling.Min) || cfg.Scaling.Max.Less(d.Threshold) {
				t.Fatalf("threshold %v", d.Threshold)
			}
			var c fixed.Calc
			if change := c.Sub(d.Threshold, base).Abs(); !base.IsZero() && c.DivIntTrunc(base, 4).Less(change) {
				t.Fatalf("from %v to %v within a day", base, d.Threshold)
			}
			st, last = next, d.Threshold
			now += rapid.Int64Range(0, day).Draw(t, "after")
			if now-st.BaseTime > day {
				now = st.BaseTime + day
			}
		}
		if last.IsZero() {
			t.Fatal("no threshold")
		}
	})
}

// TestSlotsHoldTheirMoments: a moment lies in its slot, and slots are numbered without gaps.
func TestSlotsHoldTheirMoments(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom([]trigger.Period{
			trigger.Daily(), trigger.Weekly(), trigger.Monthly(), trigger.Quarterly(),
			trigger.Every(rapid.Int64Range(1, 1<<40).Draw(t, "seconds"), rapid.Int64Range(-1<<40, 1<<40).Draw(t, "anchor")),
			{Months: rapid.Int64Range(1, 1_200).Draw(t, "months"), Anchor: rapid.Int64Range(0, day).Draw(t, "offset")},
		}).Draw(t, "period")
		now := rapid.Int64Range(-1<<40, 1<<40).Draw(t, "now")
		slot, next := p.Slot(now), p.Next(now)
		if p.Start(slot) > now || next <= now || p.Slot(p.Start(slot)) != slot || p.Slot(next) != slot+1 ||
			p.Slot(next-1) != slot {
			t.Fatalf("%d in slot %d from %d to %d", now, slot, p.Start(slot), next)
		}
	})
}
