package pid_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
)

const day = 86400

// worst is the smallest error of a run and the interval where it first stood.
type worst struct {
	MinE   string `json:"min_e"`
	ArgMin int    `json:"argmin"`
}

type windup struct {
	worst

	U10 string `json:"u10"`
	E20 string `json:"e20"`
	E40 string `json:"e40"`
}

type controlRow struct {
	V  json.Number `json:"V"` // raw count of a decimal
	Dt string      `json:"dt"`
	A  []struct {
		Y     string `json:"y"`
		Eps   string `json:"eps"`
		P     string `json:"P"`
		ICmd  string `json:"I_cmd"`
		D     string `json:"D"`
		U     string `json:"u"`
		Phi   string `json:"phi"`
		INext string `json:"I_next"`
	} `json:"a"`
}

type vectors struct {
	Horizon []struct {
		X      string `json:"X"`
		N      uint64 `json:"N"`
		PhiHat string `json:"phi_hat"`
		R      string `json:"r"`
		Kp     string `json:"Kp"`
		Capped bool   `json:"capped"`
	} `json:"horizon_to_Kp"`
	Critical []struct {
		X  string `json:"X"`
		N  uint64 `json:"N"`
		Kp string `json:"Kp"`
		Ki string `json:"Ki"`
	} `json:"horizon_to_PI_critical"`
	C2 struct {
		Kp string   `json:"Kp"`
		Ki string   `json:"Ki"`
		E  []string `json:"e"`
	} `json:"C2_PI_overshoot"`
	C3 struct {
		Kp  string `json:"Kp"`
		Ki  string `json:"Ki"`
		Res struct {
			Naive    windup `json:"naive"`
			Fill     windup `json:"fill"`
			BackCalc windup `json:"backcalc"`
		} `json:"res"`
	} `json:"C3_windup_stall10"`
	C3b struct {
		Naive worst `json:"naive"`
		Fill  worst `json:"fill"`
		Phi1  worst `json:"phi1"`
	} `json:"C3b_windup_phi0.1"`
	C4 struct {
		P  string `json:"P_only_ss"`
		PI string `json:"PI_after_200"`
	} `json:"C4_drift"`
	C5 struct {
		Cfg struct {
			W     []string `json:"w"`
			Kp    string   `json:"Kp"`
			Ki    string   `json:"Ki"`
			Kd    string   `json:"Kd"`
			Rho   string   `json:"rho"`
			Tau   string   `json:"tau"`
			IMax  string   `json:"Imax"`
			DtMin string   `json:"dtmin"`
			DtMax string   `json:"dtmax"`
		} `json:"cfg"`
		Rows []controlRow `json:"rows"`
	} `json:"C5_pid"`
	C7 struct {
		Eps string `json:"eps"`
		I   string `json:"I"`
		D   string `json:"D"`
		Kp  string `json:"Kp"`
		Kp2 string `json:"Kp2"`
		U   string `json:"u"`
		I2  string `json:"I2"`
	} `json:"C7_bumpless"`
	C8 struct {
		Kp    string `json:"Kp"`
		Price string `json:"price"`
		Rows  []struct {
			NTRN     uint64 `json:"ntrn"`
			USDC     uint64 `json:"usdc"`
			WUSDC    string `json:"w_usdc"`
			SellNTRN uint64 `json:"sell_ntrn"`
			BuyUSDC  uint64 `json:"buy_usdc"`
		} `json:"rows"`
	} `json:"C8_ntrn_usdc"`
	Overshoot  [][4]json.RawMessage `json:"overshoot_vs_Ki"`
	Separation struct {
		Kp   string `json:"Kp"`
		Ki   string `json:"Ki"`
		Sep  string `json:"sep"`
		MinE string `json:"min_e"`
	} `json:"integral_separation"`
	GuardDrift string `json:"guard_drift_ss"`
	LQ         []struct {
		A  string `json:"a"`
		C  string `json:"c"`
		G  string `json:"g"`
		Kp string `json:"Kp"`
	} `json:"LQ_Kp"`
	DeadBand []struct {
		Kp string `json:"Kp"`
		Bo string `json:"bo"`
		Bi string `json:"bi"`
		N  int    `json:"n"`
	} `json:"deadband_steps"`
	Deadline struct {
		N     int64    `json:"N"`
		E0    string   `json:"e0"`
		U     []string `json:"u"`
		Final int64    `json:"final"`
	} `json:"deadline_mode"`
}

func load(t *testing.T) vectors {
	t.Helper()
	var v vectors
	enginetest.Vectors(t, "control.json", &v)
	return v
}

func equal(t *testing.T, what string, got fixed.Wad, want string) {
	t.Helper()
	if got != enginetest.W(t, want) {
		t.Errorf("%s: got %s, want %s", what, got.Text(), want)
	}
}

// loop is one asset whose weight answers one interval later: the plant of spec 01 §1.3.
type loop struct {
	t     *testing.T
	gains pid.Gains
	state pid.State
	eps   fixed.Wad
	now   int64
	out   [1]fixed.Wad
}

func newLoop(t *testing.T, kp, ki, eps string) *loop {
	t.Helper()
	g := pid.Default(enginetest.W(t, kp))
	g.Ki, g.IMax, g.NoOvershoot = enginetest.W(t, ki), fixed.FromInt(10), false
	return &loop{t: t, gains: g, state: pid.NewState(1), eps: enginetest.W(t, eps)}
}

// step runs one interval at a fill, with what the market adds to the weight, and returns the command.
func (l *loop) step(fill, drift fixed.Wad) fixed.Wad {
	l.t.Helper()
	l.now += day
	in := pid.Input{
		Now: l.now, PeriodSeconds: day, Active: true, Errors: []fixed.Wad{l.eps}, Weights: make([]fixed.Wad, 1),
	}
	if err := pid.Step(&l.gains, &l.state, in, l.out[:]); err != nil {
		l.t.Fatal(err)
	}
	var c fixed.Calc
	traded := c.MulTrunc(fill, l.out[0])
	if err := pid.Integrate(&l.gains, &l.state, []fixed.Wad{fill}); err != nil {
		l.t.Fatal(err)
	}
	l.eps = c.Sub(c.Sub(l.eps, traded), drift)
	return l.out[0]
}

// run returns the errors of n intervals, the starting error first.
func (l *loop) run(n int, fill func(k int) fixed.Wad, drift fixed.Wad) []fixed.Wad {
	l.t.Helper()
	errs := make([]fixed.Wad, 1, n+1)
	errs[0] = l.eps
	for k := range n {
		l.step(fill(k), drift)
		errs = append(errs, l.eps)
	}
	return errs
}

func full(int) fixed.Wad { return fixed.One() }

func stalled(k int) fixed.Wad {
	if k < 10 {
		return fixed.Wad{}
	}
	return fixed.One()
}

func tenth(int) fixed.Wad { return fixed.FromBps(1000) }

func (w worst) check(t *testing.T, what string, errs []fixed.Wad) {
	t.Helper()
	at := 0
	for k, e := range errs {
		if e.Less(errs[at]) {
			at = k
		}
	}
	equal(t, what, errs[at], w.MinE)
	if at != w.ArgMin {
		t.Errorf("%s: got the least error at %d, want %d", what, at, w.ArgMin)
	}
}

func TestVectorOvershoot(t *testing.T) {
	t.Parallel()
	v := load(t)
	l := newLoop(t, v.C2.Kp, v.C2.Ki, "1")
	for k, e := range l.run(len(v.C2.E)-1, full, fixed.Wad{}) {
		equal(t, "C2 error "+strconv.Itoa(k), e, v.C2.E[k])
	}
	for _, row := range v.Overshoot {
		var name, ki, least string
		var at int
		for i, field := range [...]any{&name, &ki, &least, &at} {
			enginetest.Decode(t, row[i], field)
		}
		errs := newLoop(t, "0.2", ki, "1").run(400, full, fixed.Wad{})
		lowest := errs[at]
		if got := lowest.Text(); !strings.HasPrefix(got, least) {
			t.Errorf("%s: got a least error of %s, want %s", name, got, least)
		}
		for k, e := range errs {
			if e.Less(lowest) {
				t.Errorf("%s: the error at %d is %v, below that at %d", name, k, e, at)
			}
		}
	}
}

func TestVectorWindup(t *testing.T) {
	t.Parallel()
	v := load(t)
	l := newLoop(t, v.C3.Kp, v.C3.Ki, "1")
	errs := l.run(10, stalled, fixed.Wad{})
	equal(t, "C3 command after the stall", l.step(fixed.One(), fixed.Wad{}), v.C3.Res.Fill.U10)
	errs = append(errs, l.run(29, full, fixed.Wad{})...)
	v.C3.Res.Fill.check(t, "C3 least error", errs)
	equal(t, "C3 error at 20", errs[20], v.C3.Res.Fill.E20)
	equal(t, "C3 error at 40", errs[40], v.C3.Res.Fill.E40)

	v.C3b.Fill.check(t, "C3b a tenth", newLoop(t, "0.2", "0.01", "1").run(300, tenth, fixed.Wad{}))
	v.C3b.Phi1.check(t, "C3b full", newLoop(t, "0.2", "0.01", "1").run(300, full, fixed.Wad{}))
}

// TestVectorWindupOfOthers reproduces what the two rejected schemes do, so that the comparison in spec 01 §1.4 stands.
func TestVectorWindupOfOthers(t *testing.T) {
	t.Parallel()
	v := load(t)
	run := func(back bool, n int, fill func(int) fixed.Wad) (errs, commands []fixed.Wad) {
		var c fixed.Calc
		kp, ki, e, sum := enginetest.W(t, "0.2"), enginetest.W(t, "0.01"), fixed.One(), fixed.Wad{}
		for k := range n {
			sum = c.Add(sum, c.MulTrunc(ki, e))
			u := c.Add(c.MulTrunc(kp, e), sum)
			traded := c.MulTrunc(fill(k), u)
			if back {
				sum = c.Add(sum, c.Sub(traded, u))
			}
			errs, commands = append(errs, e), append(commands, u)
			e = c.Sub(e, traded)
		}
		return append(errs, e), commands
	}
	for _, s := range []struct {
		name string
		back bool
		want windup
	}{{"naive", false, v.C3.Res.Naive}, {"back-calculation", true, v.C3.Res.BackCalc}} {
		errs, commands := run(s.back, 40, stalled)
		equal(t, s.name+" command after the stall", commands[10], s.want.U10)
		equal(t, s.name+" error at 20", errs[20], s.want.E20)
		equal(t, s.name+" error at 40", errs[40], s.want.E40)
		s.want.check(t, s.name, errs)
	}
	errs, _ := run(false, 300, tenth)
	v.C3b.Naive.check(t, "naive, a tenth", errs)
}

func TestVectorDrift(t *testing.T) {
	t.Parallel()
	v := load(t)
	inflow := enginetest.W(t, "-0.01")
	errs := newLoop(t, "0.2", "0", "0").run(80, full, inflow)
	equal(t, "C4 without an integral", errs[80], v.C4.P)
	errs = newLoop(t, "0.2", "0.01", "0").run(200, full, inflow)
	equal(t, "C4 with an integral", errs[200], v.C4.PI)

	guarded := newLoop(t, "0.2", "0.01", "0")
	guarded.gains.NoOvershoot = true
	for range 400 {
		guarded.feedback(inflow)
	}
	equal(t, "drift under the guard", guarded.eps, v.GuardDrift)
}

// feedback is step with a full fill, through what was realised.
func (l *loop) feedback(drift fixed.Wad) {
	l.t.Helper()
	l.now += day
	in := pid.Input{
		Now: l.now, PeriodSeconds: day, Active: true, Errors: []fixed.Wad{l.eps}, Weights: make([]fixed.Wad, 1),
	}
	if err := pid.Step(&l.gains, &l.state, in, l.out[:]); err != nil {
		l.t.Fatal(err)
	}
	if err := pid.Feedback(&l.gains, &l.state, l.out[:]); err != nil {
		l.t.Fatal(err)
	}
	var c fixed.Calc
	l.eps = c.Sub(c.Sub(l.eps, l.out[0]), drift)
}

func TestVectorSeparation(t *testing.T) {
	t.Parallel()
	v := load(t)
	l := newLoop(t, v.Separation.Kp, v.Separation.Ki, "1")
	l.gains.IZone = enginetest.W(t, v.Separation.Sep)
	least := fixed.Wad{}
	for _, e := range l.run(400, full, fixed.Wad{}) {
		least = least.Min(e)
	}
	equal(t, "least error with an integral zone", least, v.Separation.MinE)

	guarded := newLoop(t, "0.2", "0.01", "1")
	guarded.gains.NoOvershoot = true
	for range 400 {
		guarded.feedback(fixed.Wad{})
		if guarded.eps.Sign() < 0 {
			t.Fatalf("the guard let the error fall to %v", guarded.eps)
		}
	}
}

func TestVectorLaw(t *testing.T) {
	t.Parallel()
	v := load(t)
	cfg := v.C5.Cfg
	g := pid.Gains{
		Kp: enginetest.W(t, cfg.Kp), Ki: enginetest.W(t, cfg.Ki), Kd: enginetest.W(t, cfg.Kd),
		Rho: enginetest.W(t, cfg.Rho), Tau: enginetest.W(t, cfg.Tau), IMax: enginetest.W(t, cfg.IMax),
		DtMin: enginetest.W(t, cfg.DtMin), DtMax: enginetest.W(t, cfg.DtMax),
	}
	if err := g.Validate(); err != nil {
		t.Fatal(err)
	}
	values := [][2]int64{{1000000, 0}, {969000, 31000}, {1010000, 41000}, {980000, 41000}}
	gaps := []int64{1, 1, 2, 5}
	targets := enginetest.Ws(t, cfg.W...)
	st := pid.NewState(2)
	in := pid.Input{PeriodSeconds: day, Errors: make([]fixed.Wad, 2), Weights: make([]fixed.Wad, 2), Active: true}
	u, realised := make([]fixed.Wad, 2), make([]fixed.Wad, 2)
	for k, row := range v.C5.Rows {
		var c fixed.Calc
		total := fixed.FromInt(values[k][0] + values[k][1])
		if total.Big().String() != row.V.String() {
			t.Fatalf("row %d: value %v, want %v", k, total, row.V)
		}
		for i := range 2 {
			in.Weights[i] = c.DivTrunc(fixed.FromInt(values[k][i]), total)
			in.Errors[i] = c.Sub(targets[i], in.Weights[i])
		}
		before := [2]pid.AssetState{st.Assets[0], st.Assets[1]}
		in.Now += gaps[k] * day
		if err := pid.Step(&g, &st, in, u); err != nil {
			t.Fatal(err)
		}
		dt := fixed.FromInt(min(gaps[k], 2))
		equal(t, "dt", dt, row.Dt)
		for i, want := range row.A {
			a := st.Assets[i]
			equal(t, "y", in.Weights[i], want.Y)
			equal(t, "eps", in.Errors[i], want.Eps)
			equal(t, "P", c.MulTrunc(g.Kp, in.Errors[i]), want.P)
			equal(t, "Iinc", a.Increment, c.MulTrunc(c.MulTrunc(g.Ki, in.Errors[i]), dt).Text())
			equal(t, "I_cmd", c.Add(before[i].I, a.Increment), want.ICmd)
			equal(t, "D", a.D, want.D)
			equal(t, "u", u[i], want.U)
			realised[i] = c.MulTrunc(enginetest.W(t, want.Phi), u[i])
		}
		if err := pid.Feedback(&g, &st, realised); err != nil {
			t.Fatal(err)
		}
		for i, want := range row.A {
			equal(t, "I_next", st.Assets[i].I, want.INext)
		}
	}
}

func TestVectorTreasury(t *testing.T) {
	t.Parallel()
	v := load(t)
	kp, err := pid.HorizonGain(enginetest.W(t, "0.9"), 10, fixed.One())
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "Kp", kp, v.C8.Kp)
	g, st := pid.Default(kp), pid.NewState(2)
	price, target := enginetest.W(t, v.C8.Price), enginetest.W(t, "0.1")
	ntrn, usdc := fixed.NatOf(2_000_000_000_000), fixed.Nat{}
	out := make([]fixed.Wad, 2)
	for k, row := range v.C8.Rows {
		var c fixed.Calc
		if ntrn != fixed.NatOf(row.NTRN) || usdc != fixed.NatOf(row.USDC) {
			t.Fatalf("row %d: holds %v and %v, want %d and %d", k, ntrn, usdc, row.NTRN, row.USDC)
		}
		cash := asset.ValueDown(&c, usdc, fixed.One(), 6)
		total := c.Add(asset.ValueDown(&c, ntrn, price, 6), cash)
		y := c.DivTrunc(cash, total)
		equal(t, "weight", y, row.WUSDC)
		eps := c.Sub(target, y)
		in := pid.Input{
			Now: int64(k) * day, PeriodSeconds: day, Active: true,
			Errors: []fixed.Wad{eps, eps.Neg()}, Weights: []fixed.Wad{y, c.Sub(fixed.One(), y)},
		}
		if err := pid.Step(&g, &st, in, out); err != nil {
			t.Fatal(err)
		}
		sold := asset.UnitsDown(&c, c.MulTrunc(out[0], total), price, 6)
		bought := asset.UnitsDown(&c, asset.ValueDown(&c, sold, price, 6), fixed.One(), 6)
		if sold != fixed.NatOf(row.SellNTRN) || bought != fixed.NatOf(row.BuyUSDC) {
			t.Errorf("row %d: sells %v for %v, want %d for %d", k, sold, bought, row.SellNTRN, row.BuyUSDC)
		}
		ntrn, usdc = ntrn.Monus(sold), c.AddNat(usdc, bought)
		if err := c.Err(); err != nil {
			t.Fatal(err)
		}
	}
}
