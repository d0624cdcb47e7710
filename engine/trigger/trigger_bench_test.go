package trigger_test

import (
	"testing"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// four is a portfolio of four assets, slightly off.
func four(tb testing.TB) *drift.Report {
	tb.Helper()
	quarter := fixed.FromBps(2_500)
	return report(tb, []fixed.Wad{quarter, quarter, quarter, quarter},
		[]fixed.Wad{fixed.FromBps(2_520), fixed.FromBps(2_480), fixed.FromBps(2_510), fixed.FromBps(2_490)})
}

// kinds are the configurations that are measured.
func kinds() []struct {
	name string
	cfg  trigger.Config
} {
	scaled := func(s trigger.Scaling) trigger.Config {
		cfg := base(trigger.Absolute)
		cfg.Scaling = s
		return cfg
	}
	own := base(trigger.Relative)
	quarter := fixed.FromBps(2_500)
	own.Thresholds = []fixed.Wad{quarter, quarter, quarter, quarter}
	power := trigger.Scaling{
		Law: trigger.Power, Exponent: band.CubeRoot, Reference: fixed.FromBps(8_000),
		Min: fixed.FromBps(100), Max: fixed.FromBps(1_000), DailyChange: trigger.DailyChange(),
	}
	root := power
	root.Exponent = band.SquareRoot
	return []struct {
		name string
		cfg  trigger.Config
	}{
		{"always", base(trigger.Always)},
		{"time", base(trigger.Time)},
		{"absolute", base(trigger.Absolute)},
		{"hybrid", base(trigger.Hybrid)},
		{"band", base(trigger.Band)},
		{"relative per asset", own},
		{"cube root", scaled(power)},
		{"square root", scaled(root)},
		{"tracking budget", scaled(trigger.Scaling{Law: trigger.TrackingBudget, TrackingError: fixed.FromBps(200)})},
		{"diffusion", scaled(trigger.Scaling{
			Law: trigger.Diffusion, Multiple: fixed.One(), HorizonSeconds: 7 * day, DailyChange: trigger.DailyChange(),
		})},
	}
}

func BenchmarkEvaluate(b *testing.B) {
	for _, kind := range kinds() {
		b.Run(kind.name, func(b *testing.B) {
			r, st := four(b), trigger.Started(0)
			in := trigger.Input{Healthy: true, Sigma: fixed.FromBps(9_500), Verdict: band.Hold}
			b.ReportAllocs()
			for b.Loop() {
				in.Now += 60
				var err error
				if _, st, err = trigger.Evaluate(&kind.cfg, st, r, in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestEvaluateDoesNotAllocate(t *testing.T) {
	for _, kind := range kinds() {
		r, in := four(t), trigger.Input{Healthy: true, Sigma: fixed.FromBps(9_500), Verdict: band.Hold}
		if n := testing.AllocsPerRun(10, func() {
			if _, _, err := trigger.Evaluate(&kind.cfg, trigger.State{}, r, in); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", kind.name, n)
		}
	}
}
