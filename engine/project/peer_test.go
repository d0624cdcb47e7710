package project_test

import (
	"encoding/json"
	"testing"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
)

// peerCase is one decision of the Valence rebalancer: prices are units of the asset per unit of value.
type peerCase struct {
	Targets []struct {
		Denom     string  `json:"denom"`
		Weight    string  `json:"weight"`
		Price     string  `json:"price_denom_per_base"`
		Balance   int64   `json:"balance"`
		LastInput *string `json:"last_input"`
		LastI     string  `json:"last_i"`
		Min       int64   `json:"min_balance"`
	} `json:"targets"`
	P       string           `json:"P"`
	I       string           `json:"I"`
	D       string           `json:"D"`
	Dt      string           `json:"dt"`
	MaxSell string           `json:"max_limit"`
	MinSend map[string]int64 `json:"auction_min_send"`
}

type peerTrades struct {
	Trades json.RawMessage `json:"trades"`
}

// decision is what we make of a peer's case.
type decision struct {
	nav     fixed.Wad
	values  []fixed.Wad
	prices  []fixed.Wad
	targets []fixed.Wad
	orders  []fixed.Wad
	result  project.Result
}

// decide takes a case through override, control and projection, with our guard and low-pass.
func decide(t *testing.T, in peerCase) decision {
	t.Helper()
	var c fixed.Calc
	w := func(s string) fixed.Wad { return enginetest.W(t, s) }
	var d decision
	n := len(in.Targets)
	p := project.Input{Quantum: fixed.FromRaw(microRaw)}
	st := pid.NewState(n)
	for _, a := range in.Targets {
		price := w(a.Price)
		d.prices, d.targets = append(d.prices, price), append(d.targets, w(a.Weight))
		d.values = append(d.values, c.DivDown(fixed.FromInt(a.Balance), price))
		d.nav = c.Add(d.nav, d.values[len(d.values)-1])
		p.Floors = append(p.Floors, c.DivUp(fixed.FromInt(a.Min), price))
		p.MinOrders = append(p.MinOrders, c.DivUp(fixed.FromInt(in.MinSend[a.Denom]), price))
	}
	var ws project.Workspace
	if _, err := project.Override(&ws, d.targets, d.targets, p.Floors, d.nav, nil, project.Proportional); err != nil {
		t.Fatal(err)
	}
	step := pid.Input{Now: 86400, PeriodSeconds: 86400, Active: true}
	for i, a := range in.Targets {
		y := c.DivTrunc(d.values[i], d.nav)
		step.Weights, step.Errors = append(step.Weights, y), append(step.Errors, c.Sub(d.targets[i], y))
		p.Gaps = append(p.Gaps, c.MulTrunc(step.Errors[i], d.nav))
		if a.LastInput != nil {
			st.Assets[i] = pid.AssetState{
				Seen: true, Measurement: c.DivTrunc(w(*a.LastInput), d.nav), I: c.DivTrunc(w(a.LastI), d.nav),
			}
		}
	}
	g := pid.Default(w(in.P))
	g.Ki, g.Kd, g.IMax = w(in.I), w(in.D), fixed.One()
	u := make([]fixed.Wad, n)
	if err := pid.Step(&g, &st, step, u); err != nil {
		t.Fatal(err)
	}
	for i := range u {
		p.Raw = append(p.Raw, c.MulTrunc(u[i], d.nav))
	}
	p.Values, p.MaxSell = d.values, c.MulDown(w(in.MaxSell), d.nav)
	d.orders, d.result = feasible(t, p)
	if err := c.Err(); err != nil {
		t.Fatal(err)
	}
	return d
}

func peerByID(t *testing.T, topic, id string) (peerCase, enginetest.Peer) {
	t.Helper()
	for _, peer := range enginetest.Peers(t, topic) {
		if peer.ID == id {
			var in peerCase
			enginetest.Decode(t, peer.Inputs, &in)
			return in, peer
		}
	}
	t.Fatalf("no peer %s", id)
	return peerCase{}, enginetest.Peer{}
}

// TestPeerTrades: where the mechanism is the same our orders are theirs, which they round up per trade, and of which
// ours is at most what the guard takes off.
func TestPeerTrades(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		"VAL-PID-03", "VAL-PID-05", "VAL-PID-07", "VAL-PID-09", "VAL-PID-11", "VAL-PID-01", "VAL-PID-17", "VAL-PID-19",
		"VAL-PID-25",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			in, peer := peerByID(t, "pid", id)
			var want peerTrades
			enginetest.Decode(t, peer.Expected, &want)
			var trades []struct {
				Sell   string `json:"sell"`
				Amount int64  `json:"amount"`
			}
			enginetest.Decode(t, want.Trades, &trades)
			d := decide(t, in)
			for i, a := range in.Targets {
				var c fixed.Calc
				var theirs, roundings int64
				for _, trade := range trades {
					if trade.Sell == a.Denom {
						theirs, roundings = theirs+trade.Amount, roundings+1
					}
				}
				ours := c.MulDown(d.orders[i].Neg().Max(fixed.Wad{}), d.prices[i]) // units sold
				over := c.Sub(fixed.FromInt(theirs), ours)
				if over.Sign() < 0 || fixed.FromInt(roundings).Cmp(over) < 0 {
					t.Errorf("%s: sells %v, they %d in %d trades", a.Denom, ours, theirs, roundings)
				}
			}
		})
	}
}

// TestPeerDefects: what the notes of the peer's numbers call defects, and what we do instead.
func TestPeerDefects(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		id, name string
		want     []int64 // values
		clamp    project.Clamp
	}{
		// The peer caps each pair and sells 400, twice the limit of 200.
		{"VAL-PID-21", "max sell holds for the sum", []int64{-100, -100, 200}, project.ClampMaxSell},
		// The peer clamps to 1 after it has checked the minimum of 5, and its order fails.
		{"VAL-PID-23", "no order below the minimum", []int64{0, 0}, project.ClampMaxSell | project.ClampMinOrder},
		// The peer's list of sells is empty, and reading its first element aborts the page.
		{"VAL-PID-28", "a minimum balance is restored at once", []int64{200, -200}, project.ClampForcedBuy},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in, _ := peerByID(t, "pid", test.id)
			d := decide(t, in)
			for i, want := range test.want {
				if d.orders[i] != fixed.FromInt(want) {
					t.Errorf("got %v, want %v", d.orders, test.want)
				}
			}
			if !d.result.Clamp.Has(test.clamp) {
				t.Errorf("got %v, want %v", d.result.Clamp, test.clamp)
			}
		})
	}
}

// TestPeerMinBalance: the peer divides the wrong way round and sells 20 units where 10 may go.
func TestPeerMinBalance(t *testing.T) {
	t.Parallel()
	in, _ := peerByID(t, "pid", "VAL-PID-29")
	in.MinSend = nil
	d := decide(t, in)
	if want := enginetest.W(t, "-0.01"); d.orders[0] != want || d.orders[1] != want.Neg() {
		t.Errorf("got %v, want %v sold: ten units at 1000 per unit of value", d.orders, want)
	}
}

// TestPeerMaxSellBelowMinimum: the peer subtracts a minimum from a smaller cap and aborts its page.
func TestPeerMaxSellBelowMinimum(t *testing.T) {
	t.Parallel()
	peers := enginetest.Peers(t, "pre-step skipped max_limit underflow")
	var in struct {
		Total    string `json:"total_value"`
		MaxLimit string `json:"max_limit"`
		MinSend  string `json:"auction_min_send_value"`
	}
	enginetest.Decode(t, peers[0].Inputs, &in)
	var c fixed.Calc
	least := enginetest.W(t, in.MinSend)
	out, result := feasible(t, project.Input{
		Raw: ints(-100, 0), Values: ints(1000, 0), Gaps: ints(-200, 200), Floors: ints(0, 200),
		MinOrders: []fixed.Wad{least, least}, MaxSell: c.MulDown(enginetest.W(t, in.MaxLimit), enginetest.W(t, in.Total)),
	})
	if !out[0].IsZero() || !out[1].IsZero() || !result.Matched.IsZero() {
		t.Errorf("got %v, want nothing", out)
	}
	if want := project.ClampForcedBuy | project.ClampMinOrder; !result.Clamp.Has(want) {
		t.Errorf("got %v, want %v", result.Clamp, want)
	}
}

// TestPeerFirstCycle: the orders of the first cycle of the peer's long runs.
func TestPeerFirstCycle(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		id   string
		want string // value of ATOM bought
	}{
		{"VAL-CYC-02", "-10"},
		{"VAL-CYC-04", "-126.25"},
		{"VAL-CYC-06", "1000"}, // the peer buys 650: its controller's wish; the minimum balance asks for 1000
	} {
		t.Run(test.id, func(t *testing.T) {
			t.Parallel()
			_, peer := peerByID(t, "multi-cycle", test.id)
			var run struct {
				Balances map[string]int64 `json:"balances"`
				P        string           `json:"P"`
				I        string           `json:"I"`
				D        string           `json:"D"`
				MaxSell  *string          `json:"max_limit"`
				Min      map[string]int64 `json:"min_balance"`
			}
			enginetest.Decode(t, peer.Inputs, &run)
			in, _ := peerByID(t, "pid", "VAL-PID-01")
			in.P, in.I, in.D, in.MaxSell = run.P, run.I, run.D, "1"
			if run.MaxSell != nil {
				in.MaxSell = *run.MaxSell
			}
			for i := range in.Targets {
				in.Targets[i].Balance = run.Balances[in.Targets[i].Denom]
				in.Targets[i].Min = run.Min[in.Targets[i].Denom]
			}
			d := decide(t, in)
			if d.orders[0] != enginetest.W(t, test.want) || d.orders[1] != d.orders[0].Neg() {
				t.Errorf("got %v, want %s", d.orders, test.want)
			}
		})
	}
}

// TestPeerMinAmounts: attempts to send 1, 5 and 10 units where the smallest order is 5.
func TestPeerMinAmounts(t *testing.T) {
	t.Parallel()
	var in struct {
		MinSend  int64   `json:"min_send"`
		Attempts []int64 `json:"attempts"`
	}
	enginetest.Decode(t, enginetest.Peers(t, "min amounts")[0].Inputs, &in)
	for _, n := range in.Attempts {
		out, result := feasible(t, project.Input{
			Raw: ints(-n, n), Values: ints(100, 0), MinOrders: ints(in.MinSend, in.MinSend), MaxSell: fixed.Max(),
		})
		sent := out[1] == fixed.FromInt(n)
		if sent != (n >= in.MinSend) || sent == result.Clamp.Has(project.ClampMinOrder) {
			t.Errorf("%d units: got %v, %v", n, out, result.Clamp)
		}
	}
}
