package pid_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
)

func TestHorizonGain(t *testing.T) {
	t.Parallel()
	for _, row := range load(t).Horizon {
		kp, err := pid.HorizonGain(enginetest.W(t, row.X), row.N, enginetest.W(t, row.PhiHat))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, row.X, kp, row.Kp)
		var c fixed.Calc
		equal(t, row.X+" root", c.Root(c.Sub(fixed.One(), enginetest.W(t, row.X)), row.N), row.R)
		if capped := kp == fixed.One(); capped != row.Capped {
			t.Errorf("%s in %d at %s: capped %v, want %v", row.X, row.N, row.PhiHat, capped, row.Capped)
		}
	}
	kp, err := pid.HorizonGain(enginetest.W(t, "0.9"), 10, enginetest.W(t, "0.3"))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "rounded up", kp, "0.685572550919061657")
	for _, edge := range []struct{ share, fill, want string }{
		{"1", "1", "1"}, {"0.5", "0", "1"}, {"0.000000000000000001", "1", "0.000000000000000001"},
	} {
		kp, err := pid.HorizonGain(enginetest.W(t, edge.share), 1, enginetest.W(t, edge.fill))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, edge.share+" at "+edge.fill, kp, edge.want)
	}
}

func TestCriticalGains(t *testing.T) {
	t.Parallel()
	for _, row := range load(t).Critical {
		kp, ki, err := pid.CriticalGains(enginetest.W(t, row.X), row.N)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "Kp", kp, row.Kp)
		equal(t, "Ki", ki, row.Ki)
		g := pid.Default(kp)
		g.Ki, g.DtMax = ki, fixed.One()
		if err := g.Validate(); !errors.Is(err, pid.ErrGains) {
			t.Errorf("%s in %d: critical gains inside the box: %v", row.X, row.N, err)
		}
	}
}

func TestDeadlineGain(t *testing.T) {
	t.Parallel()
	v := load(t).Deadline
	var c fixed.Calc
	eps := enginetest.W(t, v.E0)
	for k := range v.N {
		kp, err := pid.DeadlineGain(v.N - k)
		if err != nil {
			t.Fatal(err)
		}
		u := c.MulTrunc(kp, eps)
		equal(t, "slice", u, v.U[k])
		eps = c.Sub(eps, u)
	}
	if eps != fixed.FromRaw(v.Final) {
		t.Errorf("got a residue of %v, want %d", eps, v.Final)
	}
}

func TestCostOptimalGain(t *testing.T) {
	t.Parallel()
	for _, row := range load(t).LQ {
		kp, err := pid.CostOptimalGain(enginetest.W(t, row.A), enginetest.W(t, row.C))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "impact "+row.C, kp, row.Kp)
		var c fixed.Calc
		equal(t, "risk over impact", c.DivTrunc(enginetest.W(t, row.A), enginetest.W(t, row.C)), row.G)
	}
}

func TestDeadBandSteps(t *testing.T) {
	t.Parallel()
	for _, row := range load(t).DeadBand {
		l := newLoop(t, row.Kp, "0", row.Bo)
		n := 0
		for enginetest.W(t, row.Bi).Less(l.eps) {
			l.step(fixed.One(), fixed.Wad{})
			n++
		}
		if n != row.N {
			t.Errorf("Kp %s: %d steps from %s to %s, want %d", row.Kp, n, row.Bo, row.Bi, row.N)
		}
	}
}

func TestIntentErrors(t *testing.T) {
	t.Parallel()
	w := func(s string) fixed.Wad { return enginetest.W(t, s) }
	for _, test := range []struct {
		name string
		run  func() error
	}{
		{"no share", func() error { _, err := pid.HorizonGain(w("0"), 5, w("1")); return err }},
		{"more than all", func() error { _, err := pid.HorizonGain(w("1.1"), 5, w("1")); return err }},
		{"no intervals", func() error { _, err := pid.HorizonGain(w("0.5"), 0, w("1")); return err }},
		{"negative fill", func() error { _, err := pid.HorizonGain(w("0.5"), 5, w("-0.1")); return err }},
		{"fill above one", func() error { _, err := pid.HorizonGain(w("0.5"), 5, w("1.1")); return err }},
		{"critical share", func() error { _, _, err := pid.CriticalGains(w("-1"), 5); return err }},
		{"past the deadline", func() error { _, err := pid.DeadlineGain(0); return err }},
		{"no risk", func() error { _, err := pid.CostOptimalGain(w("0"), w("1")); return err }},
		{"no impact", func() error { _, err := pid.CostOptimalGain(w("1"), w("0")); return err }},
		{"ratio too large", func() error { _, err := pid.CostOptimalGain(fixed.Max(), w("0.1")); return err }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if err := test.run(); !errors.Is(err, pid.ErrGains) {
				t.Errorf("got %v, want ErrGains", err)
			}
		})
	}
}
