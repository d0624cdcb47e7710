package trigger_test

import (
	"testing"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// threshold evaluates once and returns the threshold that counted.
func threshold(t *testing.T, cfg trigger.Config, sigma fixed.Wad) fixed.Wad {
	t.Helper()
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	in := trigger.Input{Now: 1, Healthy: true, Sigma: sigma}
	d, _, err := trigger.Evaluate(&cfg, trigger.Started(0), off(t, "0.001"), in)
	if err != nil {
		t.Fatal(err)
	}
	return d.Threshold
}

func TestPowerVectors(t *testing.T) {
	t.Parallel()
	var file struct {
		Scaling map[string]string `json:"vol_scaling"`
	}
	enginetest.Vectors(t, "triggers.json", &file)
	v := file.Scaling
	for name, e := range map[string]band.Exponent{
		"eta_0": band.Flat, "eta_1_3": band.CubeRoot, "eta_1_2": band.SquareRoot, "eta_1": band.Linear,
		"eta_m1": band.Inverse,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := base(trigger.Absolute)
			cfg.Threshold = enginetest.W(t, v["theta0"])
			cfg.Scaling = trigger.Scaling{Law: trigger.Power, Exponent: e, Reference: enginetest.W(t, v["sigma_ref"])}
			if got := threshold(t, cfg, enginetest.W(t, v["sigma"])); got.Text() != v[name] {
				t.Errorf("got %s, want %s", got.Text(), v[name])
			}
		})
	}
}

func TestTrackingBudgetVector(t *testing.T) {
	t.Parallel()
	var file struct {
		Budget struct{ TE, Sigma, H string } `json:"TE_budget"`
	}
	enginetest.Vectors(t, "triggers.json", &file)
	v := file.Budget
	cfg := base(trigger.Absolute)
	cfg.Scaling = trigger.Scaling{Law: trigger.TrackingBudget, TrackingError: enginetest.W(t, v.TE)}
	if got := threshold(t, cfg, enginetest.W(t, v.Sigma)); got.Text() != v.H {
		t.Errorf("got %s, want %s", got.Text(), v.H)
	}
}

func TestDiffusionVector(t *testing.T) {
	t.Parallel()
	var file struct {
		V struct {
			Sigma, W string
			Days     int64 `json:"horizon_days"`
			Theta    string
		} `json:"vol_threshold"`
	}
	enginetest.Vectors(t, "triggers.json", &file)
	if file.V.W != "0.5" {
		t.Fatalf("the vector has weight %s, the report 0.5", file.V.W)
	}
	cfg := base(trigger.Absolute)
	cfg.Scaling = trigger.Scaling{Law: trigger.Diffusion, Multiple: fixed.One(), HorizonSeconds: file.V.Days * day}
	if got := threshold(t, cfg, enginetest.W(t, file.V.Sigma)); got.Text() != file.V.Theta {
		t.Errorf("got %s, want %s", got.Text(), file.V.Theta)
	}
}

// TestDiffusionPerAsset: an asset of a small weight diffuses less, so it fires first; one without a target has Min.
func TestDiffusionPerAsset(t *testing.T) {
	t.Parallel()
	cfg := base(trigger.Absolute)
	cfg.Scaling = trigger.Scaling{
		Law: trigger.Diffusion, Multiple: fixed.One(), HorizonSeconds: 31_557_600, Min: fixed.FromBps(100),
	}
	in := trigger.Input{Now: 1, Healthy: true, Sigma: fixed.FromBps(2_000)}
	targets := enginetest.Ws(t, "0.5", "0.4", "0.1", "0")
	for _, test := range []struct {
		name      string
		weights   []string
		threshold string
		want      trigger.Reason
	}{
		{"all within", []string{"0.46", "0.44", "0.1", "0"}, "0.048", trigger.BelowThreshold},
		{"0.1*0.9*0.2 = 0.018", []string{"0.48", "0.401", "0.119", "0"}, "0.018", trigger.AssetDrift},
		{"least threshold", []string{"0.489", "0.4", "0.1", "0.011"}, "0.01", trigger.AssetDrift},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := report(t, targets, enginetest.Ws(t, test.weights...))
			d, _, err := trigger.Evaluate(&cfg, trigger.Started(0), r, in)
			if err != nil || d.Reason != test.want || d.Threshold != enginetest.W(t, test.threshold) {
				t.Errorf("got %v at %v, %v; want %v at %s", d.Reason, d.Threshold, err, test.want, test.threshold)
			}
		})
	}
}

func TestScalingLimits(t *testing.T) {
	t.Parallel()
	linear := trigger.Scaling{Law: trigger.Power, Exponent: band.Linear, Reference: fixed.One()}
	for _, test := range []struct {
		name     string
		sigma    string
		min, max string
		want     string
	}{
		{"as it is", "1", "0", "0", "0.05"},
		{"no largest threshold", "100", "0", "0", "5"},
		{"largest", "4", "0.01", "0.1", "0.1"},
		{"smallest", "0.1", "0.01", "0.1", "0.01"},
		{"not known", "0", "0.06", "0.1", "0.05"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cfg := base(trigger.Absolute)
			cfg.Scaling = linear
			cfg.Scaling.Min, cfg.Scaling.Max = enginetest.W(t, test.min), enginetest.W(t, test.max)
			if got := threshold(t, cfg, enginetest.W(t, test.sigma)); got != enginetest.W(t, test.want) {
				t.Errorf("got %v, want %s", got, test.want)
			}
		})
	}
}

// TestDailyChange: a jump of the volatility reaches the threshold at a quarter per day, and the way there does not
// depend on how often it is asked.
func TestDailyChange(t *testing.T) {
	t.Parallel()
	cfg := base(trigger.Absolute)
	cfg.Scaling = trigger.Scaling{
		Law: trigger.Power, Exponent: band.Linear, Reference: fixed.One(), DailyChange: trigger.DailyChange(),
		Max: fixed.FromBps(900),
	}
	type look struct {
		now         int64
		sigma, want string
	}
	for _, test := range []struct {
		name  string
		looks []look
	}{
		{"daily", []look{
			{0, "1", "0.05"},
			{day, "3", "0.0625"},
			{2 * day, "3", "0.078125"},
			{3 * day, "3", "0.09"},
			{4 * day, "1", "0.0675"},
			{5 * day, "1", "0.050625"},
			{6 * day, "1", "0.05"},
		}},
		{"every six hours", []look{
			{0, "1", "0.05"},
			{6 * hour, "3", "0.053125"},
			{12 * hour, "3", "0.05625"},
			{18 * hour, "1", "0.05"},
			{18 * hour, "3", "0.059375"},
			{day, "3", "0.0625"},
			{day + 6*hour, "3", "0.06640625"},
			{2 * day, "3", "0.078125"},
		}},
		{"the clock goes back", []look{{day, "1", "0.05"}, {0, "3", "0.05"}}},
		{"after two silent days", []look{{0, "1", "0.05"}, {2 * day, "3", "0.075"}}},
		{"a long silence leaves no threshold of zero", []look{
			{0, "1", "0.05"}, {900 * day, "0.000000000000000001", "0.000000000000000001"},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var st trigger.State
			for _, l := range test.looks {
				in := trigger.Input{Now: l.now, Healthy: true, Sigma: enginetest.W(t, l.sigma)}
				d, next, err := trigger.Evaluate(&cfg, st, off(t, "0"), in)
				if err != nil || d.Threshold != enginetest.W(t, l.want) {
					t.Fatalf("at %d s: got %v, %v; want %s", l.now, d.Threshold, err, l.want)
				}
				st = next
			}
		})
	}
}

// TestRetuned: an owner's change holds at once.
func TestRetuned(t *testing.T) {
	t.Parallel()
	cfg := base(trigger.Absolute)
	cfg.Scaling = trigger.Scaling{
		Law: trigger.Power, Exponent: band.Linear, Reference: fixed.One(), DailyChange: trigger.DailyChange(),
	}
	in := trigger.Input{Now: day, Healthy: true, Sigma: fixed.One()}
	_, st, err := trigger.Evaluate(&cfg, trigger.Started(0), off(t, "0"), in)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Threshold = fixed.FromBps(2_000)
	d, _, err := trigger.Evaluate(&cfg, st.Retuned(), off(t, "0"), in)
	if err != nil || d.Threshold != cfg.Threshold {
		t.Errorf("got %v, %v; want %v", d.Threshold, err, cfg.Threshold)
	}
	st = trigger.State{Last: 7, Ran: true, Active: true, Fires: 3}
	if st = st.Retuned(); st != (trigger.State{Last: 7, Ran: true}) {
		t.Errorf("retuned: %+v", st)
	}
}
