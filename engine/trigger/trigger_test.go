package trigger_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// report measures a portfolio of a value of 1, so that values are weights.
func report(tb testing.TB, targets, weights []fixed.Wad) *drift.Report {
	tb.Helper()
	var r drift.Report
	if err := drift.Measure(&r, weights, targets); err != nil {
		tb.Fatal(err)
	}
	return &r
}

// off is a portfolio of two halves, of which one is off its target by so much.
func off(tb testing.TB, by string) *drift.Report {
	tb.Helper()
	var c fixed.Calc
	half, e := fixed.FromBps(5_000), enginetest.W(tb, by)
	return report(tb, []fixed.Wad{half, half}, []fixed.Wad{c.Add(half, e), c.Sub(half, e)})
}

// base is a configuration of the tables below.
func base(mode trigger.Mode) trigger.Config {
	return trigger.Config{
		Mode: mode, Period: trigger.Daily(), Threshold: fixed.FromBps(500),
		Small: fixed.FromBps(100), LongestSeconds: 30 * day,
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	healthy := func(now int64) trigger.Input { return trigger.Input{Now: now, Healthy: true} }
	ran := trigger.Started
	for _, test := range []struct {
		name  string
		mode  trigger.Mode
		state trigger.State
		by    string
		now   int64
		want  trigger.Reason
	}{
		{"always", trigger.Always, ran(0), "0", 1, trigger.EveryInterval},
		{"time, never ran", trigger.Time, trigger.State{}, "0", 1, trigger.NewPeriod},
		{"time, same day", trigger.Time, ran(1), "0.3", day - 1, trigger.SamePeriod},
		{"time, next day", trigger.Time, ran(day - 1), "0", day, trigger.NewPeriod},
		{"time, clock went back", trigger.Time, ran(day), "0.3", 0, trigger.CoolingDown},
		{"absolute, at the threshold", trigger.Absolute, ran(0), "0.05", 1, trigger.BelowThreshold},
		{"absolute, above it", trigger.Absolute, ran(0), "0.050000000000000001", 1, trigger.AssetDrift},
		{"relative, at the threshold", trigger.Relative, ran(0), "0.025", 1, trigger.BelowThreshold},
		{"relative, above it", trigger.Relative, ran(0), "0.025000000000000001", 1, trigger.RelativeDrift},
		{"aggregate, at the threshold", trigger.Aggregate, ran(0), "0.05", 1, trigger.BelowThreshold},
		{"aggregate, above it", trigger.Aggregate, ran(0), "0.050000000000000001", 1, trigger.TotalDrift},
		{"hybrid, at the threshold", trigger.Hybrid, ran(0), "0.05", 1, trigger.BelowThreshold},
		{"hybrid, above it", trigger.Hybrid, ran(0), "0.06", 1, trigger.AssetDrift},
		{"hybrid, small and early", trigger.Hybrid, ran(0), "0.02", 30*day - 1, trigger.BelowThreshold},
		{"hybrid, small and late", trigger.Hybrid, ran(0), "0.02", 30 * day, trigger.LongWait},
		{"hybrid, smaller than small", trigger.Hybrid, ran(0), "0.01", 90 * day, trigger.BelowThreshold},
		{"hybrid, never ran", trigger.Hybrid, trigger.State{}, "0.02", 0, trigger.LongWait},
		{"no bands", trigger.Band, ran(0), "0.3", 1, trigger.BandOff},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cfg := base(test.mode)
			if err := cfg.Validate(); err != nil {
				t.Fatal(err)
			}
			d, next, err := trigger.Evaluate(&cfg, test.state, off(t, test.by), healthy(test.now))
			if err != nil || d.Reason != test.want || d.Fired != test.want.Fires() || d.Active {
				t.Fatalf("got %+v, %v; want %v", d, err, test.want)
			}
			if d.Fired && (next.Last != test.now || !next.Ran) || !d.Fired && next != test.state {
				t.Errorf("state %+v after %+v", next, d)
			}
		})
	}
}

// guards stand above every rule.
var guards = []struct {
	name   string
	config func(*trigger.Config)
	state  trigger.State
	by     string
	in     trigger.Input
	want   trigger.Decision
}{
	{
		"prices not healthy", nil,
		trigger.State{},
		"0.4",
		trigger.Input{Now: 1},
		trigger.Decision{Reason: trigger.Unhealthy},
	},
	{
		"prices not healthy on the way back", nil,
		trigger.State{Ran: true, Active: true, Fires: 1},
		"0.4",
		trigger.Input{Now: 1},
		trigger.Decision{Reason: trigger.Unhealthy, Active: true},
	},
	{
		"halted", nil,
		trigger.State{Active: true, Fires: 1},
		"0.4",
		trigger.Input{Now: 1, Healthy: true, Verdict: band.Halt},
		trigger.Decision{Reason: trigger.HaltedOutside},
	},
	{
		"cool-down", func(c *trigger.Config) { c.CoolDownSeconds = day }, trigger.Started(0), "0.4",
		trigger.Input{Now: day - 1, Healthy: true},
		trigger.Decision{Reason: trigger.CoolingDown},
	},
	{
		"cool-down over", func(c *trigger.Config) { c.CoolDownSeconds = day }, trigger.Started(0), "0.4",
		trigger.Input{Now: day, Healthy: true},
		trigger.Decision{Reason: trigger.EveryInterval, Fired: true},
	},
	{
		"recovery asks for a day", nil, trigger.Started(0), "0.4",
		trigger.Input{
			Now: day - 1, Healthy: true, CoolDownSeconds: band.Machine{Phase: band.Recovery}.Terms().IntervalSeconds,
		},
		trigger.Decision{Reason: trigger.CoolingDown},
	},
	{
		"too small", func(c *trigger.Config) { c.MinDrift = fixed.FromBps(200) }, trigger.Started(0), "0.0199",
		trigger.Input{Now: day, Healthy: true},
		trigger.Decision{Reason: trigger.BelowMinDrift},
	},
	{
		"just large enough", func(c *trigger.Config) { c.MinDrift = fixed.FromBps(200) }, trigger.Started(0), "0.02",
		trigger.Input{Now: day, Healthy: true},
		trigger.Decision{Reason: trigger.EveryInterval, Fired: true},
	},
}

func TestGuards(t *testing.T) {
	t.Parallel()
	for _, test := range guards {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cfg := base(trigger.Always)
			if test.config != nil {
				test.config(&cfg)
			}
			d, next, err := trigger.Evaluate(&cfg, test.state, off(t, test.by), test.in)
			if err != nil || d != test.want || next.Active != d.Active {
				t.Errorf("got %+v, %v; want %+v", d, err, test.want)
			}
		})
	}
}

func TestBandMode(t *testing.T) {
	t.Parallel()
	cfg := base(trigger.Band)
	for verdict, want := range map[band.Verdict]trigger.Reason{
		band.Hold: trigger.InsideBand, band.Rebalance: trigger.OutsideInner, band.Halt: trigger.HaltedOutside,
		band.VerdictUnspecified: trigger.BandOff,
	} {
		in := trigger.Input{Now: 1, Healthy: true, Verdict: verdict}
		if d, _, err := trigger.Evaluate(&cfg, trigger.State{}, off(t, "0.1"), in); err != nil || d.Reason != want {
			t.Errorf("%v: got %+v, %v; want %v", verdict, d, err, want)
		}
	}
}

// TestCalendarLooksOnce: a month whose first day shows too little drift is over, but one that could not be looked at
// is not.
func TestCalendarLooksOnce(t *testing.T) {
	t.Parallel()
	cfg := base(trigger.Time)
	cfg.Period, cfg.MinDrift = trigger.Monthly(), fixed.FromBps(100)
	st := trigger.Started(moment(t, "2024-01-01 00:00:00"))
	for _, s := range []struct {
		at      string
		by      string
		healthy bool
		want    trigger.Reason
	}{
		{"2024-01-31 23:00:00", "0.2", true, trigger.SamePeriod},
		{"2024-02-01 00:00:00", "0.005", true, trigger.BelowMinDrift},
		{"2024-02-02 00:00:00", "0.2", true, trigger.SamePeriod},
		{"2024-03-01 00:00:00", "0.2", false, trigger.Unhealthy},
		{"2024-03-02 00:00:00", "0.2", true, trigger.NewPeriod},
		{"2024-03-31 00:00:00", "0.2", true, trigger.SamePeriod},
		{"2024-04-01 00:00:00", "0.01", true, trigger.NewPeriod},
	} {
		var d trigger.Decision
		var err error
		d, st, err = trigger.Evaluate(&cfg, st, off(t, s.by), trigger.Input{Now: moment(t, s.at), Healthy: s.healthy})
		if err != nil || d.Reason != s.want {
			t.Fatalf("%s: got %v, %v; want %v", s.at, d.Reason, err, s.want)
		}
	}
}

// TestDeadBandSteps counts the fires between the outer and the inner threshold, with a controller that closes a part
// of the error at each (spec 01 §1.6).
func TestDeadBandSteps(t *testing.T) {
	t.Parallel()
	var file struct {
		Steps []struct {
			Kp, Bo, Bi string
			N          int
		} `json:"deadband_steps"`
	}
	enginetest.Vectors(t, "control.json", &file)
	if len(file.Steps) == 0 {
		t.Fatal("no vectors")
	}
	for _, v := range file.Steps {
		t.Run(v.Kp, func(t *testing.T) {
			t.Parallel()
			var c fixed.Calc
			outer := enginetest.W(t, v.Bo)
			cfg := base(trigger.Absolute)
			cfg.Threshold = c.Sub(outer, fixed.FromRaw(1)) // so that an error of the outer threshold fires
			cfg.Inner = enginetest.W(t, v.Bi)
			rest := c.Sub(fixed.One(), enginetest.W(t, v.Kp))
			var st trigger.State
			e, fires := outer, 0
			for now := int64(1); now < 100; now++ {
				d, next, err := trigger.Evaluate(&cfg, st, off(t, e.String()), trigger.Input{Now: now, Healthy: true})
				if err != nil {
					t.Fatal(err)
				}
				st = next
				if !d.Fired {
					if want := trigger.Finished; d.Reason != want || d.Active || now != int64(v.N)+1 {
						t.Errorf("interval %d: %+v, want %v after %d", now, d, want, v.N)
					}
					break
				}
				fires++
				e = c.MulTrunc(e, rest)
			}
			if fires != v.N {
				t.Errorf("%d fires, want %d", fires, v.N)
			}
		})
	}
}

func TestHysteresis(t *testing.T) {
	t.Parallel()
	cfg := base(trigger.Absolute)
	cfg.Inner, cfg.MaxActive, cfg.CoolDownSeconds = fixed.FromBps(100), 3, 10
	var st trigger.State
	for i, s := range []struct {
		now    int64
		by     string
		want   trigger.Reason
		active bool
	}{
		{100, "0.04", trigger.BelowThreshold, false},
		{101, "0.06", trigger.AssetDrift, true},
		{105, "0.04", trigger.CoolingDown, true},
		{111, "0.04", trigger.Continuing, true},
		{121, "0.03", trigger.Continuing, true},
		{131, "0.02", trigger.ActiveLimit, false},
		{141, "0.02", trigger.BelowThreshold, false},
		{151, "0.06", trigger.AssetDrift, true},
		{161, "0.01", trigger.Finished, false},
		{171, "0.01", trigger.BelowThreshold, false},
		{181, "0.06", trigger.AssetDrift, true},
		{182, "0.01", trigger.CoolingDown, false},
	} {
		d, next, err := trigger.Evaluate(&cfg, st, off(t, s.by), trigger.Input{Now: s.now, Healthy: true})
		if err != nil || d.Reason != s.want || d.Active != s.active || next.Active != s.active {
			t.Fatalf("step %d: got %+v, %v; want %v", i, d, err, s.want)
		}
		st = next
	}
}

// TestHysteresisOfACalendar: while a portfolio is on its way back a new period begins unnoticed, and is used up.
func TestHysteresisOfACalendar(t *testing.T) {
	t.Parallel()
	cfg := base(trigger.Time)
	cfg.Inner = fixed.FromBps(100)
	st := trigger.Started(0)
	for _, s := range []struct {
		now  int64
		by   string
		want trigger.Reason
	}{
		{day, "0.06", trigger.NewPeriod},
		{2 * day, "0.03", trigger.Continuing},
		{2*day + hour, "0.01", trigger.Finished},
		{3 * day, "0.01", trigger.NewPeriod},
		{4 * day, "0.01", trigger.NewPeriod},
	} {
		var d trigger.Decision
		var err error
		d, st, err = trigger.Evaluate(&cfg, st, off(t, s.by), trigger.Input{Now: s.now, Healthy: true})
		if err != nil || d.Reason != s.want {
			t.Fatalf("%d s: got %v, %v; want %v", s.now, d.Reason, err, s.want)
		}
	}
}

// TestThresholdsPerAsset: three assets, of which the second has a narrow threshold of its own.
func TestThresholdsPerAsset(t *testing.T) {
	t.Parallel()
	targets := enginetest.Ws(t, "0.5", "0.3", "0.2", "0")
	for _, test := range []struct {
		name      string
		mode      trigger.Mode
		weights   []string
		threshold string
		want      trigger.Reason
	}{
		{"all within", trigger.Absolute, []string{"0.55", "0.3", "0.15", "0"}, "0.05", trigger.BelowThreshold},
		{"the narrow one", trigger.Absolute, []string{"0.5", "0.311", "0.189", "0"}, "0.01", trigger.AssetDrift},
		{"a wide one", trigger.Absolute, []string{"0.56", "0.3", "0.14", "0"}, "0.05", trigger.AssetDrift},
		{"relative, within", trigger.Relative, []string{"0.51", "0.3", "0.19", "0"}, "0.05", trigger.BelowThreshold},
		{"relative, narrow", trigger.Relative, []string{"0.496", "0.304", "0.2", "0"}, "0.01", trigger.RelativeDrift},
		{"relative, a stray", trigger.Relative, []string{"0.497", "0.3", "0.2", "0.003"}, "0.001", trigger.RelativeDrift},
		{"relative, dust", trigger.Relative, []string{"0.499", "0.3", "0.2", "0.001"}, "0.001", trigger.BelowThreshold},
		{"hybrid", trigger.Hybrid, []string{"0.489", "0.311", "0.2", "0"}, "0.01", trigger.AssetDrift},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cfg := base(test.mode)
			cfg.Thresholds = enginetest.Ws(t, "0", "0.01", "0", "0")
			cfg.Dust = fixed.FromBps(10)
			if err := cfg.Validate(); err != nil {
				t.Fatal(err)
			}
			in := trigger.Input{Now: 1, Healthy: true}
			r := report(t, targets, enginetest.Ws(t, test.weights...))
			d, _, err := trigger.Evaluate(&cfg, trigger.Started(0), r, in)
			if err != nil || d.Reason != test.want || d.Threshold != enginetest.W(t, test.threshold) {
				t.Errorf("got %v at %v, %v; want %v at %s", d.Reason, d.Threshold, err, test.want, test.threshold)
			}
		})
	}
}

// TestStray: without thresholds per asset too, an asset without a target counts by its weight.
func TestStray(t *testing.T) {
	t.Parallel()
	cfg := base(trigger.Relative)
	cfg.Dust = fixed.FromBps(10)
	targets := enginetest.Ws(t, "1", "0")
	for stray, want := range map[string]trigger.Reason{
		"0.001": trigger.BelowThreshold,
		"0.002": trigger.RelativeDrift,
	} {
		var c fixed.Calc
		w := enginetest.W(t, stray)
		r := report(t, targets, []fixed.Wad{c.Sub(fixed.One(), w), w})
		d, _, err := trigger.Evaluate(&cfg, trigger.Started(0), r, trigger.Input{Now: 1, Healthy: true})
		if err != nil || d.Reason != want {
			t.Errorf("stray %s: got %v, %v; want %v", stray, d.Reason, err, want)
		}
	}
}

// TestHybridMeasures: the measure of a hybrid is one of three.
func TestHybridMeasures(t *testing.T) {
	t.Parallel()
	r := report(t, enginetest.Ws(t, "0.9", "0.05", "0.05"), enginetest.Ws(t, "0.9", "0.053", "0.047"))
	for measure, want := range map[trigger.Mode]trigger.Reason{
		trigger.ModeUnspecified: trigger.BelowThreshold,
		trigger.Absolute:        trigger.BelowThreshold,
		trigger.Relative:        trigger.RelativeDrift,
		trigger.Aggregate:       trigger.BelowThreshold,
	} {
		cfg := base(trigger.Hybrid)
		cfg.Measure = measure
		if err := cfg.Validate(); err != nil {
			t.Fatal(err)
		}
		d, _, err := trigger.Evaluate(&cfg, trigger.Started(0), r, trigger.Input{Now: 1, Healthy: true})
		if err != nil || d.Reason != want {
			t.Errorf("%v: got %v, %v; want %v", measure, d.Reason, err, want)
		}
	}
}

func TestEvaluateErrors(t *testing.T) {
	t.Parallel()
	cfg := base(trigger.Absolute)
	cfg.Thresholds = []fixed.Wad{fixed.One()}
	in := trigger.Input{Now: 5, Healthy: true, Sigma: fixed.One()}
	st := trigger.Started(1)
	if d, next, err := trigger.Evaluate(&cfg, st, off(t, "0.4"), in); !errors.Is(err, trigger.ErrLength) ||
		d != (trigger.Decision{}) || next != st {
		t.Errorf("one threshold for two assets: %+v, %v", d, err)
	}
	cfg = base(trigger.Absolute)
	cfg.Scaling = trigger.Scaling{Law: trigger.Power, Exponent: band.Linear, Reference: fixed.FromRaw(1)}
	in.Sigma = fixed.Max()
	if d, next, err := trigger.Evaluate(&cfg, st, off(t, "0.4"), in); !errors.Is(err, fixed.ErrOverflow) ||
		d != (trigger.Decision{}) || next != st {
		t.Errorf("the largest volatility: %+v, %v", d, err)
	}
}
