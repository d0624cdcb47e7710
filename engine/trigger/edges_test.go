package trigger_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/trigger"
)

func TestEdges(t *testing.T) {
	t.Parallel()
	w := func(texts ...string) (list []fixed.Wad) {
		for _, text := range texts {
			list = append(list, enginetest.W(t, text))
		}
		return list
	}
	targets := w("0.6", "0.39", "0.01", "0")
	for name, tt := range map[string]struct {
		cfg          trigger.Config
		sigma        string
		lower, upper []fixed.Wad // nil: none
	}{
		"absolute": {
			trigger.Config{Mode: trigger.Absolute, Threshold: w("0.05")[0]},
			"0",
			w("0.55", "0.34", "0", "0"), w("0.65", "0.44", "0.06", "0.05"),
		},
		"own thresholds": {
			trigger.Config{Mode: trigger.Absolute, Threshold: w("0.05")[0], Thresholds: w("0.1", "0", "0", "0")},
			"0",
			w("0.5", "0.34", "0", "0"), w("0.7", "0.44", "0.06", "0.05"),
		},
		"relative": {
			trigger.Config{Mode: trigger.Relative, Threshold: w("0.5")[0], Dust: w("0.002")[0]},
			"0",
			w("0.3", "0.195", "0.005", "0"), w("0.9", "0.585", "0.015", "0.002"),
		},
		"hybrid, relative": {
			trigger.Config{Mode: trigger.Hybrid, Measure: trigger.Relative, Threshold: w("0.5")[0]},
			"0",
			w("0.3", "0.195", "0.005", "0"), w("0.9", "0.585", "0.015", "0"),
		},
		"beyond one": {
			trigger.Config{Mode: trigger.Absolute, Threshold: w("0.5")[0]},
			"0",
			w("0.1", "0", "0", "0"), w("1", "0.89", "0.51", "0.5"),
		},
		"always":    {trigger.Config{Mode: trigger.Always}, "0", nil, nil},
		"aggregate": {trigger.Config{Mode: trigger.Aggregate, Threshold: w("0.5")[0]}, "0", nil, nil},
		"band":      {trigger.Config{Mode: trigger.Band}, "0", nil, nil},
	} {
		lower, upper := make([]fixed.Wad, 4), make([]fixed.Wad, 4)
		var c fixed.Calc
		in := trigger.Input{Now: 1_000_000, Sigma: enginetest.W(t, tt.sigma)}
		ok := tt.cfg.Edges(&c, trigger.State{}, in, targets, lower, upper)
		if c.Err() != nil || ok != (tt.lower != nil) {
			t.Errorf("%s: got %v, %v", name, ok, c.Err())
		}
		if ok && (!slices.Equal(lower, tt.lower) || !slices.Equal(upper, tt.upper)) {
			t.Errorf("%s: expected %v to %v, got %v to %v", name, tt.lower, tt.upper, lower, upper)
		}
	}
}

// TestEdgesFire: what is beyond an edge fires, what is within all of them does not, whatever the threshold follows.
func TestEdgesFire(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "assets")
		cfg := drawConfig(t, n)
		cfg.Mode = rapid.SampledFrom([]trigger.Mode{trigger.Absolute, trigger.Relative}).Draw(t, "measure")
		cfg.MinDrift, cfg.CoolDownSeconds = fixed.Wad{}, 0
		if cfg.Validate() != nil {
			t.Skip("not a policy")
		}
		targets, weights := simplex(t, n, "target"), simplex(t, n, "weight")
		sigma := fixed.FromBps(rapid.Int64Range(0, 20_000).Draw(t, "sigma"))
		in := trigger.Input{Now: 1_000_000, Healthy: true, Sigma: sigma}
		lower, upper := make([]fixed.Wad, n), make([]fixed.Wad, n)
		var c fixed.Calc
		if !cfg.Edges(&c, trigger.State{}, in, targets, lower, upper) || c.Err() != nil {
			t.Fatal("expected edges", c.Err())
		}
		d, _, err := trigger.Evaluate(&cfg, trigger.State{}, measure(t, targets, weights), in)
		if err != nil {
			t.Fatal(err)
		}
		beyond, near := false, false
		slack := fixed.FromRaw(1_000) // of what is rounded
		for i, w := range weights {
			beyond = beyond || c.Add(w, slack).Less(lower[i]) || c.Add(upper[i], slack).Less(w)
			near = near || w.Cmp(c.Add(lower[i], slack)) <= 0 || c.Sub(upper[i], slack).Cmp(w) <= 0
		}
		if beyond && !d.Fired || !near && d.Fired {
			t.Fatalf("beyond %v, near %v: %+v; %v within %v to %v", beyond, near, d, weights, lower, upper)
		}
	})
}
