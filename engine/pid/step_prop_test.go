package pid_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
)

// wad draws a decimal of lo..hi raw units, with the edges and round numbers that bugs like.
func wad(lo, hi int64) *rapid.Generator[fixed.Wad] {
	return rapid.Custom(func(t *rapid.T) fixed.Wad {
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			return fixed.FromRaw(rapid.SampledFrom([]int64{lo, hi, lo + (hi-lo)/2}).Draw(t, "edge"))
		case 1:
			return fixed.FromRaw(rapid.Int64Range(lo/1e15, hi/1e15).Draw(t, "thousandths") * 1e15)
		}
		return fixed.FromRaw(rapid.Int64Range(lo, hi).Draw(t, "raw"))
	})
}

const oneRaw = 1_000_000_000_000_000_000

func anyGains(t *rapid.T) pid.Gains {
	g := pid.Gains{
		Kp: wad(0, 2*oneRaw).Draw(t, "Kp"), Rho: wad(0, oneRaw).Draw(t, "Rho"), Tau: wad(0, 3*oneRaw).Draw(t, "Tau"),
		IMax: wad(0, oneRaw).Draw(t, "IMax"), DtMax: wad(oneRaw, 3*oneRaw).Draw(t, "DtMax"),
		NoOvershoot: rapid.Bool().Draw(t, "guard"),
	}
	if rapid.Bool().Draw(t, "integral") {
		g.Ki, g.IZone = wad(0, oneRaw).Draw(t, "Ki"), wad(0, oneRaw/4).Draw(t, "IZone")
	}
	if rapid.Bool().Draw(t, "derivative") {
		g.Kd = wad(0, 2*oneRaw).Draw(t, "Kd")
	}
	if rapid.Bool().Draw(t, "band") {
		g.DeadBand = wad(0, oneRaw/4).Draw(t, "DeadBand")
	}
	return g
}

// validGains draws from the admissible box.
func validGains(t *rapid.T) pid.Gains {
	g := pid.Default(wad(oneRaw/100, oneRaw).Draw(t, "Kp"))
	var c fixed.Calc
	most := c.DivIntTrunc(c.MulDown(g.Kp, g.Kp), 8)
	g.Ki = c.MulDown(most, wad(0, oneRaw).Draw(t, "Ki of the most"))
	g.Kd = wad(0, 2*oneRaw/5).Draw(t, "Kd")
	g.IMax = fixed.One()
	if err := g.Validate(); err != nil {
		t.Fatal(err)
	}
	return g
}

func anyAsset(t *rapid.T) pid.AssetState {
	if rapid.Bool().Draw(t, "new") {
		return pid.AssetState{}
	}
	return pid.AssetState{
		I: wad(-oneRaw/20, oneRaw/20).Draw(t, "I"), D: wad(-oneRaw, oneRaw).Draw(t, "D"),
		Measurement: wad(0, oneRaw).Draw(t, "measurement"), Seen: rapid.Bool().Draw(t, "seen"),
	}
}

// TestTwin: skipping what is zero, and the law as a whole, change no digit against the law line by line.
func TestTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := anyGains(t)
		n := rapid.IntRange(1, 4).Draw(t, "assets")
		st := pid.State{Ran: true}
		in := pid.Input{
			PeriodSeconds: 1000, Now: rapid.Int64Range(0, 4000).Draw(t, "now"), Active: rapid.Bool().Draw(t, "active"),
		}
		realised := make([]fixed.Wad, 0, n)
		for range n {
			st.Assets = append(st.Assets, anyAsset(t))
			in.Errors = append(in.Errors, wad(-oneRaw, oneRaw).Draw(t, "error"))
			in.Weights = append(in.Weights, wad(0, oneRaw).Draw(t, "weight"))
			realised = append(realised, wad(-oneRaw/4, oneRaw/4).Draw(t, "realised"))
		}
		before := append([]pid.AssetState(nil), st.Assets...)
		out := make([]fixed.Wad, n)
		if err := pid.Step(&g, &st, in, out); err != nil {
			t.Fatal(err)
		}
		w := twin{g, fixed.FromRaw(in.Now*1e15).Clamp(g.DtMin, g.DtMax).Big()}
		want := make([]twinState, n)
		for i, a := range st.Assets {
			want[i] = w.step(before[i], in.Errors[i], in.Weights[i], in.Active)
			for what, pair := range map[string][2]string{
				"increment": {a.Increment.Big().String(), want[i].inc.String()},
				"D":         {a.D.Big().String(), want[i].d.String()},
				"raw":       {a.Raw.Big().String(), want[i].raw.String()},
				"u":         {out[i].Big().String(), want[i].u.String()},
			} {
				if pair[0] != pair[1] {
					t.Fatalf("asset %d: %s: got %s, want %s", i, what, pair[0], pair[1])
				}
			}
		}
		if err := pid.Feedback(&g, &st, realised); err != nil {
			t.Fatal(err)
		}
		for i, a := range st.Assets {
			if got, want := a.I.Big(), w.integrate(before[i], want[i], realised[i]); got.Cmp(want) != 0 {
				t.Fatalf("asset %d: I: got %v, want %v", i, got, want)
			}
		}
	})
}

// TestOpposites: opposite errors and histories give opposite commands, so the commands of two assets sum to zero.
func TestOpposites(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := anyGains(t)
		a := anyAsset(t)
		b := a
		b.I, b.D = a.I.Neg(), a.D.Neg()
		var c fixed.Calc
		b.Measurement = c.Sub(fixed.One(), a.Measurement)
		st := pid.State{Ran: true, Assets: []pid.AssetState{a, b}}
		eps, y := wad(-oneRaw, oneRaw).Draw(t, "error"), wad(0, oneRaw).Draw(t, "weight")
		in := pid.Input{
			Now: 1, PeriodSeconds: 1, Active: true,
			Errors: []fixed.Wad{eps, eps.Neg()}, Weights: []fixed.Wad{y, c.Sub(fixed.One(), y)},
		}
		out := make([]fixed.Wad, 2)
		if err := pid.Step(&g, &st, in, out); err != nil {
			t.Fatal(err)
		}
		if out[0] != out[1].Neg() {
			t.Fatalf("commands %v and %v", out[0], out[1])
		}
	})
}

// TestGuardedLoopIsMonotone: with the guard the error keeps its sign and shrinks, for any gains and any fills.
func TestGuardedLoopIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := anyGains(t)
		g.NoOvershoot = true
		st := pid.NewState(1)
		eps := wad(-oneRaw, oneRaw).Draw(t, "error")
		for k := range int64(20) {
			var c fixed.Calc
			in := pid.Input{
				Now: k, PeriodSeconds: 1, Active: true,
				Errors: []fixed.Wad{eps}, Weights: []fixed.Wad{c.Sub(fixed.FromInt(1), eps)},
			}
			var out [1]fixed.Wad
			if err := pid.Step(&g, &st, in, out[:]); err != nil {
				t.Fatal(err)
			}
			realised := c.MulTrunc(wad(0, oneRaw).Draw(t, "fill"), out[0])
			if err := pid.Feedback(&g, &st, []fixed.Wad{realised}); err != nil {
				t.Fatal(err)
			}
			next := c.Sub(eps, realised)
			if next.Sign()*eps.Sign() < 0 || eps.Abs().Less(next.Abs()) {
				t.Fatalf("interval %d: the error went from %v to %v", k, eps, next)
			}
			eps = next
		}
	})
}

// TestIntegralStaysBounded: whatever is filled, |I| <= IMax; a fill of zero never moves an integral that does not leak.
func TestIntegralStaysBounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := anyGains(t)
		st := pid.State{Assets: []pid.AssetState{anyAsset(t)}}
		in := pid.Input{
			PeriodSeconds: 1, Active: true,
			Errors: []fixed.Wad{wad(-oneRaw, oneRaw).Draw(t, "error")}, Weights: make([]fixed.Wad, 1),
		}
		if err := pid.Step(&g, &st, in, make([]fixed.Wad, 1)); err != nil {
			t.Fatal(err)
		}
		frozen := pid.State{Assets: append([]pid.AssetState(nil), st.Assets...)}
		if err := pid.Feedback(&g, &st, []fixed.Wad{wad(-oneRaw, oneRaw).Draw(t, "realised")}); err != nil {
			t.Fatal(err)
		}
		if g.IMax.Less(st.Assets[0].I.Abs()) {
			t.Fatalf("I = %v beyond %v", st.Assets[0].I, g.IMax)
		}
		keep := g
		keep.Rho, keep.IMax = fixed.One(), fixed.One()
		before := frozen.Assets[0].I
		if err := pid.Integrate(&keep, &frozen, make([]fixed.Wad, 1)); err != nil {
			t.Fatal(err)
		}
		if frozen.Assets[0].I != before {
			t.Fatalf("a fill of zero moved the integral from %v to %v", before, frozen.Assets[0].I)
		}
	})
}

// adversary picks the fill that hurts most: it withholds fills while the error shrinks and gives them when the error
// grows, but it must let the volume add up.
type adversary struct {
	kind  int
	idle  int
	drawn *rapid.T
}

func (a *adversary) fill(eps, u fixed.Wad) fixed.Wad {
	switch a.kind {
	case 0: // long stalls, then everything
		a.idle++
		if a.idle%17 != 0 {
			return fixed.Wad{}
		}
		return fixed.One()
	case 1: // full when the trade leads away from the target, a little otherwise
		if eps.Sign()*u.Sign() < 0 {
			return fixed.One()
		}
		return fixed.FromBps(500)
	case 2: // thin throughout
		return fixed.FromBps(300)
	}
	return wad(oneRaw/50, oneRaw).Draw(a.drawn, "fill")
}

// TestConvergence: inside the box and without a derivative, an integral with fill-scaled growth converges for every
// pattern of fills whose volume adds up (spec 01 §1.4). No guard: this is the law itself.
func TestConvergence(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := validGains(t)
		g.Kp = g.Kp.Max(fixed.FromBps(2000))
		var c fixed.Calc
		g.Ki = g.Ki.Min(c.DivIntTrunc(c.MulDown(g.Kp, g.Kp), 8))
		g.Kd, g.NoOvershoot = fixed.Wad{}, false
		a := adversary{kind: rapid.IntRange(0, 3).Draw(t, "adversary"), drawn: t}
		st := pid.NewState(1)
		eps := wad(-oneRaw/2, oneRaw/2).Draw(t, "error")
		volume := 0.0
		for k := int64(0); volume < 40/g.Ki.Max(fixed.FromBps(2000)).Float() && k < 20_000; k++ {
			in := pid.Input{
				Now: k, PeriodSeconds: 1, Active: true, Errors: []fixed.Wad{eps}, Weights: make([]fixed.Wad, 1),
			}
			var out [1]fixed.Wad
			if err := pid.Step(&g, &st, in, out[:]); err != nil {
				t.Fatal(err)
			}
			fill := a.fill(eps, out[0])
			volume += fill.Float()
			if err := pid.Integrate(&g, &st, []fixed.Wad{fill}); err != nil {
				t.Fatal(err)
			}
			eps = c.Sub(eps, c.MulTrunc(fill, out[0]))
			if fixed.One().Less(eps.Abs()) {
				t.Fatalf("interval %d: the error grew to %v", k, eps)
			}
		}
		// The slow pole is about Ki/Kp per unit of volume, and its share of the response about Ki/Kp^2.
		kp, ki := g.Kp.Float(), g.Ki.Float()
		bound := 2*ki/(kp*kp)*math.Exp(-ki/kp*volume) + 1e-6
		if math.Abs(eps.Float()) > bound {
			t.Fatalf("after a volume of %.0f the error is %v, more than %g", volume, eps, bound)
		}
	})
}

// TestBoxIsStable: the admissible box is stable at every constant fill, and more fill never widens a margin.
func TestBoxIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := validGains(t)
		low, high := wad(0, oneRaw).Draw(t, "fill"), wad(0, oneRaw).Draw(t, "other fill")
		low, high = low.Min(high), low.Max(high)
		less, err := pid.Margins(&g, high)
		if err != nil {
			t.Fatal(err)
		}
		more, err := pid.Margins(&g, low)
		if err != nil {
			t.Fatal(err)
		}
		if !less.Stable() || more.S1.Less(less.S1) || more.S2.Less(less.S2) || more.S3.Less(less.S3) {
			t.Fatalf("margins %+v at %v and %+v at %v", more, low, less, high)
		}
	})
}

// TestMarginsAgreeWithRoots: all margins are positive exactly when every root of the closed loop lies inside the unit
// circle.
func TestMarginsAgreeWithRoots(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := pid.Gains{
			Kp: wad(oneRaw/100, 5*oneRaw/2).Draw(t, "Kp"), Ki: wad(oneRaw/200, 5*oneRaw/2).Draw(t, "Ki"),
			Kd: wad(0, 7*oneRaw/5).Draw(t, "Kd"),
		}
		fill := wad(oneRaw/20, oneRaw).Draw(t, "fill")
		m, err := pid.Margins(&g, fill)
		if err != nil {
			t.Fatal(err)
		}
		radius := spectralRadius(g.Kp.Float(), g.Ki.Float(), g.Kd.Float(), fill.Float())
		if math.Abs(radius-1) < 2e-3 {
			t.Skip("too close to the circle for floating point")
		}
		if m.Stable() != (radius < 1) {
			t.Fatalf("margins %+v, spectral radius %g", m, radius)
		}
	})
}

// TestHorizonIsKept: with the fill that was expected, what remains after the horizon is at most what was allowed.
func TestHorizonIsKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		share := wad(oneRaw/100, oneRaw).Draw(t, "share")
		n := rapid.Uint64Range(1, 400).Draw(t, "intervals")
		fill := wad(oneRaw/100, oneRaw).Draw(t, "fill")
		kp, err := pid.HorizonGain(share, n, fill)
		if err != nil {
			t.Fatal(err)
		}
		if kp == fixed.One() {
			t.Skip("the cap may be too slow")
		}
		var c fixed.Calc
		left := fixed.One()
		for range n {
			left = c.Sub(left, c.MulUp(left, c.MulUp(kp, fill)))
		}
		// Root finds the largest root whose rounded power is small enough: allow the rounding of n powers.
		if slack := c.Add(c.Sub(fixed.One(), share), fixed.FromRaw(int64(2*n))); slack.Less(left) {
			t.Fatalf("Kp %v leaves %v of 1-%v after %d intervals", kp, left, share, n)
		}
	})
}

// TestUpdateIsBumpless: a change of gains moves no command that IMax does not cut.
func TestUpdateIsBumpless(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		old, next := validGains(t), validGains(t)
		old.IMax, next.IMax = fixed.FromInt(10), fixed.FromInt(10)
		if next.Ki.IsZero() {
			t.Skip("no integral to take over")
		}
		eps := wad(-oneRaw, oneRaw).Draw(t, "error")
		st := pid.State{Assets: []pid.AssetState{anyAsset(t)}}
		var c fixed.Calc
		before := c.Add(c.MulTrunc(old.Kp, eps), st.Assets[0].I)
		if err := pid.UpdateGains(&st, &old, &next, []fixed.Wad{eps}); err != nil {
			t.Fatal(err)
		}
		after := c.Add(c.MulTrunc(next.Kp, eps), st.Assets[0].I)
		if fixed.FromRaw(2).Less(c.Sub(after, before).Abs()) {
			t.Fatalf("the command went from %v to %v", before, after)
		}
	})
}
