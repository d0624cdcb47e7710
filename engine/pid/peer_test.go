package pid_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
)

// peerCase is one run of the Valence rebalancer, which keeps its state in value.
type peerCase struct {
	Targets []struct {
		Denom     string  `json:"denom"`
		LastInput *string `json:"last_input"`
		LastI     string  `json:"last_i"`
	} `json:"targets"`
	P  string `json:"P"`
	I  string `json:"I"`
	D  string `json:"D"`
	Dt string `json:"dt"`
}

type peerResult struct {
	Total string `json:"total_value"`
	PID   []struct {
		Denom  string `json:"denom"`
		Target string `json:"target_value"`
		Input  string `json:"input"`
		Error  string `json:"error"`
		P      string `json:"p"`
		I      string `json:"i"`
		D      string `json:"d"`
		Output string `json:"output"`
	} `json:"pid"`
}

// peerRun is the same run in weight space, at the value of the moment.
type peerRun struct {
	gains pid.Gains
	state pid.State
	in    pid.Input
	total fixed.Wad
}

func newPeerRun(t *testing.T, in peerCase, want peerResult) *peerRun {
	t.Helper()
	var c fixed.Calc
	w := func(s string) fixed.Wad { return enginetest.W(t, s) }
	g := pid.Default(w(in.P))
	g.Ki, g.Kd, g.Tau = w(in.I), w(in.D), fixed.Wad{}
	g.IMax, g.DtMax, g.NoOvershoot = fixed.FromInt(10), fixed.FromInt(10), false
	// A period of 86,400,000,000 s lets a dt of 3/86400 be written in whole seconds.
	const period = day * 1_000_000
	r := &peerRun{gains: g, state: pid.NewState(len(in.Targets)), total: w(want.Total)}
	elapsed, _ := c.MulDivUp(w(in.Dt), fixed.FromRaw(period), fixed.One()).RawUint()
	r.in = pid.Input{Now: int64(elapsed), PeriodSeconds: period, Active: true}
	for i, target := range in.Targets {
		row := want.PID[i]
		weight := c.DivTrunc(w(row.Input), r.total)
		r.in.Weights = append(r.in.Weights, weight)
		r.in.Errors = append(r.in.Errors, c.Sub(c.DivTrunc(w(row.Target), r.total), weight))
		if target.LastInput == nil {
			continue
		}
		r.state.Ran = true
		r.state.Assets[i] = pid.AssetState{
			Seen: true, Measurement: c.DivTrunc(w(*target.LastInput), r.total), I: c.DivTrunc(w(target.LastI), r.total),
		}
	}
	if err := c.Err(); err != nil {
		t.Fatal(err)
	}
	return r
}

// near fails when a weight times the total is not the peer's value, up to the rounding of weights.
func (r *peerRun) near(t *testing.T, what string, got fixed.Wad, want string) {
	t.Helper()
	var c fixed.Calc
	value := c.MulTrunc(got, r.total)
	// 1e-13 of the value, and as much of the result: D is divided by dt, which may be tiny.
	slack := c.MulUp(c.Add(r.total, enginetest.W(t, want).Abs()), fixed.FromRaw(100_000))
	if slack.Less(c.Sub(value, enginetest.W(t, want)).Abs()) {
		t.Errorf("%s: got %v, want %s", what, value, want)
	}
}

// TestPeerLaw: at a constant value the law in weight space gives the numbers of the law in value space.
func TestPeerLaw(t *testing.T) {
	t.Parallel()
	for _, peer := range enginetest.Peers(t, "pid") {
		t.Run(peer.ID, func(t *testing.T) {
			t.Parallel()
			var in peerCase
			var want peerResult
			enginetest.Decode(t, peer.Inputs, &in)
			enginetest.Decode(t, peer.Expected, &want)
			r := newPeerRun(t, in, want)
			out := make([]fixed.Wad, len(in.Targets))
			before := append([]pid.AssetState(nil), r.state.Assets...)
			if err := pid.Step(&r.gains, &r.state, r.in, out); err != nil {
				t.Fatal(err)
			}
			var c fixed.Calc
			for i, row := range want.PID {
				a := r.state.Assets[i]
				r.near(t, row.Denom+" error", r.in.Errors[i], row.Error)
				r.near(t, row.Denom+" p", c.MulTrunc(r.gains.Kp, r.in.Errors[i]), row.P)
				r.near(t, row.Denom+" i", c.Add(before[i].I, a.Increment), row.I)
				r.near(t, row.Denom+" d", a.D, row.D)
				r.near(t, row.Denom+" output", out[i], row.Output)
			}
		})
	}
}

// TestPeerDefects: where the peer's law goes wrong ours does not.
func TestPeerDefects(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"VAL-PID-15", "VAL-PID-28"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			var in peerCase
			var want peerResult
			for _, peer := range enginetest.Peers(t, "pid") {
				if peer.ID == id {
					enginetest.Decode(t, peer.Inputs, &in)
					enginetest.Decode(t, peer.Expected, &want)
				}
			}
			r := newPeerRun(t, in, want)
			if err := r.gains.Validate(); !errors.Is(err, pid.ErrGains) {
				t.Fatalf("a derivative without a low-pass was accepted: %v", err)
			}
			g := pid.Default(r.gains.Kp)
			g.Ki, g.Kd = r.gains.Ki, r.gains.Kd.Min(enginetest.W(t, "0.4"))
			if err := g.Validate(); err != nil {
				t.Fatal(err)
			}
			out := make([]fixed.Wad, len(in.Targets))
			if err := pid.Step(&g, &r.state, r.in, out); err != nil {
				t.Fatal(err)
			}
			for i, u := range out {
				eps := r.in.Errors[i]
				if u.Sign()*eps.Sign() < 0 || eps.Abs().Less(u.Abs()) {
					t.Errorf("%s: the command %v leaves 0..%v", in.Targets[i].Denom, u, eps)
				}
			}
			if out[0].Sign() != r.in.Errors[0].Sign() {
				t.Errorf("command %v for an error of %v", out[0], r.in.Errors[0])
			}
		})
	}
}

// TestPeerDt reads dt off the integral of an error of 1 with Ki = 1.
func TestPeerDt(t *testing.T) {
	t.Parallel()
	for _, peer := range enginetest.Peers(t, "PID dt") {
		var in struct {
			Now    int64 `json:"now"`
			Last   int64 `json:"last_rebalance"`
			Period int64 `json:"period"`
		}
		var want struct {
			Dt string `json:"dt"`
		}
		enginetest.Decode(t, peer.Inputs, &in)
		enginetest.Decode(t, peer.Expected, &want)
		for _, limit := range []struct{ most, want fixed.Wad }{
			{fixed.FromInt(10), enginetest.W(t, want.Dt)},
			{fixed.FromInt(2), enginetest.W(t, want.Dt).Min(fixed.FromInt(2))}, // ours: a day off counts twice, not tenfold
		} {
			g := pid.Default(fixed.One())
			g.Ki, g.DtMax = fixed.One(), limit.most
			st := pid.State{Last: in.Last, Ran: true, Assets: make([]pid.AssetState, 1)}
			step := pid.Input{
				Now: in.Now, PeriodSeconds: in.Period, Active: true,
				Errors: []fixed.Wad{fixed.One()}, Weights: make([]fixed.Wad, 1),
			}
			if err := pid.Step(&g, &st, step, make([]fixed.Wad, 1)); err != nil {
				t.Fatal(err)
			}
			equal(t, peer.ID, st.Assets[0].Increment, limit.want.Text())
		}
	}
}

// TestPeerFirstCycle: what the controller asks for in the first cycle of the peer's long runs. The amounts traded
// differ where the mechanism does: the peer rounds amounts up, and clamps after the controller.
func TestPeerFirstCycle(t *testing.T) {
	t.Parallel()
	want := map[string]struct{ kp, ki, total, atom, command string }{
		"VAL-CYC-02": {"1", "0", "1000", "1000", "-250"},
		"VAL-CYC-04": {"0.5", "0.005", "1000", "1000", "-126.25"},
		"VAL-CYC-06": {"0.5", "0", "3066.666666666666666666", "1000", "650"}, // 975 NTRN at 2/3
	}
	for _, peer := range enginetest.Peers(t, "multi-cycle") {
		run, ok := want[peer.ID]
		if !ok {
			t.Errorf("%s has no numbers here", peer.ID)
			continue
		}
		var c fixed.Calc
		total := enginetest.W(t, run.total)
		y := c.DivTrunc(enginetest.W(t, run.atom), total)
		g := pid.Default(enginetest.W(t, run.kp))
		g.Ki = enginetest.W(t, run.ki)
		st, out := pid.NewState(1), make([]fixed.Wad, 1)
		in := pid.Input{
			PeriodSeconds: day, Active: true,
			Errors: []fixed.Wad{c.Sub(enginetest.W(t, "0.75"), y)}, Weights: []fixed.Wad{y},
		}
		if err := pid.Step(&g, &st, in, out); err != nil {
			t.Fatal(err)
		}
		r := peerRun{total: total}
		r.near(t, peer.ID, out[0], run.command)
	}
}
