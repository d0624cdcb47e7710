package pid_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
)

func one(t *testing.T, eps, weight string) pid.Input {
	t.Helper()
	return pid.Input{
		PeriodSeconds: day, Active: true, Errors: enginetest.Ws(t, eps), Weights: enginetest.Ws(t, weight),
	}
}

func TestStepIncrement(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, eps, zone, band string
		active                bool
		want, command         string
	}{
		{"integrates", "0.1", "0", "0", true, "0.001", "0.021"},
		{"not active", "0.1", "0", "0", false, "0", "0.02"},
		{"at the zone", "0.1", "0.1", "0", true, "0.001", "0.021"},
		{"outside the zone", "-0.100000000000000001", "0.1", "0", true, "0", "-0.02"},
		{"inside the band", "0.1", "0", "0.1", true, "0", "0"},
		{"beyond the band", "0.1", "0", "0.04", true, "0.0006", "0.0126"},
		{"below the band", "-0.1", "0", "0.04", true, "-0.0006", "-0.0126"},
		{"the zone looks at the edge", "0.1", "0.06", "0.04", true, "0.0006", "0.0126"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := pid.Default(enginetest.W(t, "0.2"))
			g.Ki = enginetest.W(t, "0.01")
			g.IZone, g.DeadBand = enginetest.W(t, test.zone), enginetest.W(t, test.band)
			in := one(t, test.eps, "0.5")
			in.Active = test.active
			st, out := pid.NewState(1), make([]fixed.Wad, 1)
			if err := pid.Step(&g, &st, in, out); err != nil {
				t.Fatal(err)
			}
			equal(t, "increment", st.Assets[0].Increment, test.want)
			equal(t, "command", out[0], test.command)
		})
	}
}

// TestStepDt: a first run counts as one interval, a halt at most as DtMax, a retry at least as DtMin.
func TestStepDt(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		ran        bool
		now        int64
		dtMin, inc string
	}{
		{"first run", false, 5 * day, "0", "0.001"},
		{"half", true, day / 2, "0", "0.0005"},
		{"at once", true, 0, "0", "0"},
		{"at once with a least dt", true, 0, "0.25", "0.00025"},
		{"long halt", true, math.MaxInt64, "0", "0.002"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := pid.Default(enginetest.W(t, "0.2"))
			g.Ki, g.DtMin = enginetest.W(t, "0.01"), enginetest.W(t, test.dtMin)
			st := pid.NewState(1)
			st.Ran = test.ran
			in := one(t, "0.1", "0.5")
			in.Now = test.now
			if err := pid.Step(&g, &st, in, make([]fixed.Wad, 1)); err != nil {
				t.Fatal(err)
			}
			equal(t, "increment", st.Assets[0].Increment, test.inc)
			if st.Last != test.now || !st.Ran {
				t.Errorf("got last %d, ran %v", st.Last, st.Ran)
			}
		})
	}
}

// TestStepSlopeWithoutTime: two runs at one time, no low-pass: no slope instead of a division by zero.
func TestStepSlopeWithoutTime(t *testing.T) {
	t.Parallel()
	g := pid.Default(enginetest.W(t, "0.2"))
	g.Kd, g.Tau = enginetest.W(t, "0.1"), fixed.Wad{}
	st, out := pid.NewState(1), make([]fixed.Wad, 1)
	for _, y := range []string{"0.5", "0.6"} {
		if err := pid.Step(&g, &st, one(t, "0.1", y), out); err != nil {
			t.Fatal(err)
		}
		equal(t, "D", st.Assets[0].D, "0")
	}
}

// TestStepSlopeDecays: without Kd a slope that is still in the low-pass fades, and is no reason to skip the law.
func TestStepSlopeDecays(t *testing.T) {
	t.Parallel()
	g := pid.Default(enginetest.W(t, "0.5"))
	st, out := pid.NewState(1), make([]fixed.Wad, 1)
	st.Assets[0] = pid.AssetState{Seen: true, Measurement: enginetest.W(t, "0.4"), D: enginetest.W(t, "0.02")}
	for _, want := range []string{"0.04", "0.045", "0.0475"} {
		if err := pid.Step(&g, &st, one(t, "0.1", "0.5"), out); err != nil {
			t.Fatal(err)
		}
		equal(t, "command", out[0], want)
		st.Ran = false // so that dt is 1
	}
}

func TestStepErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		spoil func(*pid.Gains, *pid.State, *pid.Input)
		want  error
	}{
		{"errors missing", func(_ *pid.Gains, _ *pid.State, in *pid.Input) { in.Errors = nil }, pid.ErrInput},
		{"weights missing", func(_ *pid.Gains, _ *pid.State, in *pid.Input) { in.Weights = nil }, pid.ErrInput},
		{"assets missing", func(_ *pid.Gains, st *pid.State, _ *pid.Input) { st.Assets = nil }, pid.ErrInput},
		{"no period", func(_ *pid.Gains, _ *pid.State, in *pid.Input) { in.PeriodSeconds = 0 }, pid.ErrTime},
		{"clock went back", func(_ *pid.Gains, _ *pid.State, in *pid.Input) { in.Now = 99 }, pid.ErrTime},
		{"negative gain", func(g *pid.Gains, _ *pid.State, _ *pid.Input) { g.Kd = fixed.FromInt(-1) }, pid.ErrGains},
		{"huge gain", func(g *pid.Gains, _ *pid.State, _ *pid.Input) { g.Kp = fixed.Max() }, pid.ErrGains},
		{"huge error", func(_ *pid.Gains, _ *pid.State, in *pid.Input) { in.Errors[1] = fixed.Max().Neg() }, pid.ErrInput},
		{"huge weight", func(_ *pid.Gains, _ *pid.State, in *pid.Input) { in.Weights[1] = fixed.Max() }, pid.ErrInput},
		{"huge integral", func(_ *pid.Gains, st *pid.State, _ *pid.Input) { st.Assets[1].I = fixed.Max() }, pid.ErrInput},
		{"huge slope", func(_ *pid.Gains, st *pid.State, _ *pid.Input) { st.Assets[1].D = fixed.Max() }, pid.ErrInput},
		{"huge memory", func(_ *pid.Gains, st *pid.State, _ *pid.Input) {
			st.Assets[1].Measurement = fixed.Max()
		}, pid.ErrInput},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := pid.Default(enginetest.W(t, "0.2"))
			st := pid.State{Last: 100, Ran: true, Assets: make([]pid.AssetState, 2)}
			in := pid.Input{
				Now: 200, PeriodSeconds: day,
				Errors: enginetest.Ws(t, "0.1", "-0.1"), Weights: enginetest.Ws(t, "0.4", "0.6"),
			}
			test.spoil(&g, &st, &in)
			before := slices.Clone(st.Assets)
			if err := pid.Step(&g, &st, in, make([]fixed.Wad, 2)); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if !slices.Equal(before, st.Assets) || st.Last != 100 {
				t.Error("the state changed")
			}
		})
	}
}

func TestFeedbackErrors(t *testing.T) {
	t.Parallel()
	g := pid.Default(enginetest.W(t, "0.2"))
	wild := g
	wild.Rho = fixed.Max()
	for _, test := range []struct {
		name string
		run  func(*pid.State) error
		want error
	}{
		{"length", func(st *pid.State) error { return pid.Feedback(&g, st, nil) }, pid.ErrInput},
		{"huge share", func(st *pid.State) error { return pid.Feedback(&g, st, []fixed.Wad{fixed.Max()}) }, pid.ErrInput},
		{"gains", func(st *pid.State) error { return pid.Feedback(&wild, st, make([]fixed.Wad, 1)) }, pid.ErrGains},
		{"fills: length", func(st *pid.State) error { return pid.Integrate(&g, st, nil) }, pid.ErrInput},
		{"fills: negative", func(st *pid.State) error {
			return pid.Integrate(&g, st, []fixed.Wad{fixed.FromRaw(-1)})
		}, pid.ErrInput},
		{"fills: above one", func(st *pid.State) error {
			return pid.Integrate(&g, st, []fixed.Wad{fixed.FromBps(10001)})
		}, pid.ErrInput},
		{"whole: length", func(st *pid.State) error { _, err := pid.Fill(st, nil); return err }, pid.ErrInput},
		{"update: length", func(st *pid.State) error { return pid.UpdateGains(st, &g, &g, nil) }, pid.ErrInput},
		{"update: gains", func(st *pid.State) error {
			return pid.UpdateGains(st, &g, &wild, make([]fixed.Wad, 1))
		}, pid.ErrGains},
		{"insert after the end", func(st *pid.State) error { return st.Insert(2) }, pid.ErrInput},
		{"insert before the start", func(st *pid.State) error { return st.Insert(-1) }, pid.ErrInput},
		{"remove after the end", func(st *pid.State) error { return st.Remove(1) }, pid.ErrInput},
		{"remove before the start", func(st *pid.State) error { return st.Remove(-1) }, pid.ErrInput},
		{"mean: mean", func(*pid.State) error {
			_, err := pid.MeanFill(fixed.FromInt(2), fixed.One(), fixed.One())
			return err
		}, pid.ErrInput},
		{"mean: weight", func(*pid.State) error {
			_, err := pid.MeanFill(fixed.One(), fixed.One(), fixed.FromInt(-1))
			return err
		}, pid.ErrInput},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			st := pid.State{Assets: []pid.AssetState{{I: fixed.FromBps(1), Increment: fixed.FromBps(1)}}}
			before := st.Assets[0]
			if err := test.run(&st); !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if len(st.Assets) != 1 || st.Assets[0] != before {
				t.Error("the state changed")
			}
		})
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	w := func(s string) fixed.Wad { return enginetest.W(t, s) }
	st := pid.State{Assets: []pid.AssetState{{Raw: w("0.03")}, {Raw: w("-0.02")}, {Raw: w("-0.01")}}}
	for _, test := range []struct {
		name     string
		realised []string
		want     string
	}{
		{"all", []string{"0.03", "-0.02", "-0.01"}, "1"},
		{"nothing", []string{"0", "0", "0"}, "0"},
		{"half", []string{"0.01", "-0.02", "0"}, "0.5"},
		{"more than asked counts as asked", []string{"0.05", "-0.02", "-0.03"}, "1"},
		{"the wrong way counts as nothing", []string{"0.03", "0.02", "-0.02"}, "0.666666666666666666"},
	} {
		got, err := pid.Fill(&st, enginetest.Ws(t, test.realised...))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, test.name, got, test.want)
	}
	quiet := pid.NewState(1)
	got, err := pid.Fill(&quiet, make([]fixed.Wad, 1))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "no command", got, "1")

	mean := fixed.One()
	for _, want := range []string{"0.9", "0.81", "0.729"} {
		if mean, err = pid.MeanFill(mean, fixed.Wad{}, w("0.1")); err != nil {
			t.Fatal(err)
		}
		equal(t, "mean", mean, want)
	}
}

func TestUpdateGains(t *testing.T) {
	t.Parallel()
	v := load(t).C7
	w := func(s string) fixed.Wad { return enginetest.W(t, s) }
	old := pid.Default(w(v.Kp))
	old.Ki = w("0.01")
	next := old
	next.Kp = w(v.Kp2)
	st := pid.State{Assets: []pid.AssetState{{I: w(v.I), D: w(v.D), Increment: w("0.001")}}}
	command := func(g *pid.Gains) fixed.Wad {
		var c fixed.Calc
		return c.Sub(c.Add(c.MulTrunc(g.Kp, w(v.Eps)), st.Assets[0].I), st.Assets[0].D)
	}
	equal(t, "u before", command(&old), v.U)
	if err := pid.UpdateGains(&st, &old, &next, enginetest.Ws(t, v.Eps)); err != nil {
		t.Fatal(err)
	}
	equal(t, "I", st.Assets[0].I, v.I2)
	equal(t, "u after", command(&next), v.U)
	equal(t, "increment", st.Assets[0].Increment, "0")

	next.IMax = w("0.01")
	if err := pid.UpdateGains(&st, &next, &next, enginetest.Ws(t, v.Eps)); err != nil {
		t.Fatal(err)
	}
	equal(t, "I within a lower IMax", st.Assets[0].I, "0.01")

	next.Ki = fixed.Wad{}
	if err := pid.UpdateGains(&st, &old, &next, enginetest.Ws(t, v.Eps)); err != nil {
		t.Fatal(err)
	}
	equal(t, "I without Ki", st.Assets[0].I, "0")
	equal(t, "D stays", st.Assets[0].D, v.D)
}

func TestLifeCycle(t *testing.T) {
	t.Parallel()
	w := func(s string) fixed.Wad { return enginetest.W(t, s) }
	a := pid.AssetState{
		I: w("0.01"), D: w("0.02"), Measurement: w("0.3"), Increment: w("0.001"), Raw: w("0.1"), Seen: true,
	}
	st := pid.State{Last: 7, Ran: true, Assets: []pid.AssetState{a, a}}

	pid.UpdateTarget(&st)
	want := a
	want.I, want.Increment = fixed.Wad{}, fixed.Wad{}
	if st.Assets[0] != want || st.Assets[1] != want || !st.Ran {
		t.Errorf("after a new target: %+v", st)
	}
	if err := st.Insert(1); err != nil {
		t.Fatal(err)
	}
	if len(st.Assets) != 3 || st.Assets[1] != (pid.AssetState{}) || st.Assets[2] != want {
		t.Errorf("after a new asset: %+v", st)
	}
	if err := st.Remove(0); err != nil {
		t.Fatal(err)
	}
	if len(st.Assets) != 2 || st.Assets[0] != (pid.AssetState{}) {
		t.Errorf("after an asset left: %+v", st)
	}
	for _, at := range []int{0, len(st.Assets) + 1} {
		if err := st.Insert(at); err != nil || st.Assets[at] != (pid.AssetState{}) {
			t.Errorf("a new asset at %d: %+v, %v", at, st, err)
		}
	}
	st.Assets = st.Assets[1:3]
	pid.Reset(&st)
	if st.Last != 0 || st.Ran || st.Assets[1] != (pid.AssetState{}) || len(st.Assets) != 2 {
		t.Errorf("after a reset: %+v", st)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		spoil func(*pid.Gains)
		want  string // a part of the message, or nothing
	}{
		{"default", func(*pid.Gains) {}, ""},
		{"Kp zero", func(g *pid.Gains) { g.Kp = fixed.Wad{} }, "Kp: expected more than 0"},
		{"Kp above one", func(g *pid.Gains) { g.Kp = enginetest.W(t, "1.000000000000000001") }, "Kp: expected"},
		{"Ki at the bound", func(g *pid.Gains) { g.Ki = enginetest.W(t, "0.005") }, ""},
		{"Ki above the bound", func(g *pid.Gains) {
			g.Ki = enginetest.W(t, "0.005000000000000001")
		}, "Ki*DtMax <= Kp^2/4 = 0.01"},
		{"Ki negative", func(g *pid.Gains) { g.Ki = fixed.FromRaw(-1) }, "Ki: expected 0..1"},
		{"Kd at the bound", func(g *pid.Gains) { g.Kd = enginetest.W(t, "0.4") }, ""},
		{"Kd above the bound", func(g *pid.Gains) {
			g.Kd = enginetest.W(t, "0.400000000000000001")
		}, "Kd/(Tau+DtMin) <= 0.4"},
		{"Kd with a least dt", func(g *pid.Gains) {
			g.Kd, g.DtMin = enginetest.W(t, "0.5"), enginetest.W(t, "0.25")
		}, ""},
		{"Kd without a low-pass", func(g *pid.Gains) { g.Kd, g.Tau = fixed.FromRaw(1), fixed.Wad{} }, "raise Tau"},
		{"Kd negative", func(g *pid.Gains) { g.Kd = fixed.FromRaw(-1) }, "Kd: expected"},
		{"Rho", func(g *pid.Gains) { g.Rho = fixed.FromBps(10001) }, "Rho: expected 0..1, got 1.0001"},
		{"Tau", func(g *pid.Gains) { g.Tau = fixed.FromInt(17) }, "Tau: expected 0..16"},
		{"IMax", func(g *pid.Gains) { g.IMax = fixed.FromInt(2) }, "IMax: expected"},
		{"IZone", func(g *pid.Gains) { g.IZone = fixed.FromInt(-2) }, "IZone: expected"},
		{"DtMin", func(g *pid.Gains) { g.DtMin = fixed.FromInt(2) }, "DtMin: expected 0..1"},
		{"DtMax low", func(g *pid.Gains) { g.DtMax = fixed.FromBps(9999) }, "DtMax: expected 1..10"},
		{"DtMax high", func(g *pid.Gains) { g.DtMax = fixed.FromInt(11) }, "DtMax: expected 1..10"},
		{"DeadBand", func(g *pid.Gains) { g.DeadBand = fixed.FromInt(2) }, "DeadBand: expected"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := pid.Default(enginetest.W(t, "0.2"))
			test.spoil(&g)
			err := g.Validate()
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, pid.ErrGains) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want ErrGains with %q", err, test.want)
			}
		})
	}
}

func TestPresets(t *testing.T) {
	t.Parallel()
	want := map[string][2]string{
		"very slow": {"0.2", "0.0008"}, "slow": {"0.4", "0.001"}, "medium": {"0.55", "0.001"}, "fast": {"0.7", "0.001"},
		"very fast": {"0.9", "0.001"},
	}
	presets := pid.Presets()
	if len(presets) != len(want) {
		t.Errorf("got %d presets, want %d", len(presets), len(want))
	}
	for _, p := range presets {
		equal(t, p.Name, p.Gains.Kp, want[p.Name][0])
		equal(t, p.Name, p.Gains.Ki, want[p.Name][1])
		if err := p.Gains.Validate(); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
}

func TestMargins(t *testing.T) {
	t.Parallel()
	w := func(s string) fixed.Wad { return enginetest.W(t, s) }
	g := pid.Gains{Kp: w("1"), Ki: w("0.25"), Kd: w("0.4")}
	m, err := pid.Margins(&g, fixed.One())
	if err != nil {
		t.Fatal(err)
	}
	// The corner of the admissible box: 2Kp+Ki+4Kd = 3.85 and S3 = 1.82 (spec 01 §1.3).
	equal(t, "S1", m.S1, "0.15")
	equal(t, "S2", m.S2, "0.6")
	equal(t, "S3", m.S3, "0.18")
	equal(t, "least", m.Least(), "0.15")
	if !m.Stable() {
		t.Error("the corner of the box is unstable")
	}
	if m, err = pid.Margins(&g, w("0.5")); err != nil {
		t.Fatal(err)
	}
	equal(t, "S1 at half fills", m.S1, "2.075")
	equal(t, "S2 at half fills", m.S2, "0.8")
	equal(t, "S3 at half fills", m.S3, "1.295")
	ulp := pid.Gains{Kp: fixed.FromRaw(1), Kd: fixed.FromRaw(1)}
	if m, err = pid.Margins(&ulp, w("0.3")); err != nil {
		t.Fatal(err)
	}
	equal(t, "S1 rounded down", m.S1, "3.999999999999999998") // 0.3*6 ulps
	equal(t, "S2 rounded down", m.S2, "0.999999999999999999")
	equal(t, "S3 rounded down", m.S3, "1.999999999999999998")
	bound := pid.Gains{Kp: w("2")}
	if m, err = pid.Margins(&bound, fixed.One()); err != nil || m.Stable() {
		t.Errorf("a loop on the bound is stable: %+v, %v", m, err)
	}
	if _, err = pid.Margins(&g, fixed.FromInt(2)); !errors.Is(err, pid.ErrGains) {
		t.Errorf("got %v, want ErrGains", err)
	}
	g.Kd = fixed.FromInt(-1)
	if _, err = pid.Margins(&g, fixed.One()); !errors.Is(err, pid.ErrGains) {
		t.Errorf("got %v, want ErrGains", err)
	}
}
