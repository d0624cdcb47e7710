package cycle_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// TestPayoutProceeds: what an order sold for a recipient is left out of the weights, is no earmark of the owner's, and
// waits under the order's id until it is paid out or given up.
func TestPayoutProceeds(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	p := h.add(policy([]asset.Index{0, 1}, "0.5", "0.5"), 5_000_000, 5_000_000)
	o := oneTime(1_000_000, 1)
	o.Proceeds = cycle.PayoutProceeds
	order(t, h, p, o)
	h.run(h.atMid)
	st := p.State
	want := cycle.Earmark{Asset: 1, Amount: fixed.NatOf(1_000_000), Payout: o.ID}
	if got := st.Payable(o.ID); got != want {
		t.Fatalf("payable %+v, expected %+v", got, want)
	}
	if got := st.Free(1, fixed.NatOf(6_000_000)); got != fixed.NatOf(5_000_000) {
		t.Errorf("%v are free", got)
	}
	if !st.Covered(1, fixed.NatOf(1_000_000)) || st.Covered(1, fixed.NatOf(999_999)) {
		t.Error("covered by what is held, and by no less")
	}
	if _, err := st.ReleaseEarmark(1, fixed.NatOf(1)); !errors.Is(err, cycle.ErrEarmark) {
		t.Errorf("released what waits for its payout: %v", err)
	}
	if got := st.PaidOut(o.ID); len(got.Earmarked) != 0 {
		t.Errorf("earmarked %+v after the payout", got.Earmarked)
	}
	st.Earmarked = append(slices.Clone(st.Earmarked), cycle.Earmark{Asset: 1, Amount: fixed.NatOf(5)})
	kept, err := st.KeepPayout(o.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got := kept.Earmarked; !slices.Equal(got, []cycle.Earmark{{Asset: 1, Amount: fixed.NatOf(1_000_005)}}) {
		t.Errorf("kept %+v", got)
	}
	if kept, err := kept.KeepPayout(0); err != nil || len(kept.Earmarked) != 1 || kept.Payable(0) != (cycle.Earmark{}) {
		t.Errorf("no order has the id 0: %+v, %v", kept.Earmarked, err)
	}
}

// TestHeldPayments: a payment whose recipient cannot be paid takes nothing from the others.
func TestHeldPayments(t *testing.T) {
	t.Parallel()
	pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
	for range 2 {
		pol.Payments = append(pol.Payments, project.Payment{
			Asset: 0, Amount: fixed.NatOf(60), Schedule: project.Schedule{First: noon},
		})
	}
	p := cycle.Portfolio{ID: 1, Policy: pol, Holdings: units(100, 100), State: cycle.NewState(2)}
	if list := p.Payouts(noon); len(list) != 2 || !list[1].Amount.IsZero() {
		t.Errorf("payouts %+v: expected the second one to be short", list)
	}
	list := p.Payouts(noon, 0)
	if len(list) != 1 || list[0].Payment != 1 || list[0].Amount != fixed.NatOf(60) {
		t.Errorf("payouts %+v while the first one is held", list)
	}
}

// TestPaymentsComeAndGo: the state stays parallel to the policy, and what was due before counts as made.
func TestPaymentsComeAndGo(t *testing.T) {
	t.Parallel()
	weekly := project.Payment{
		Asset: 0, Amount: fixed.NatOf(60), Schedule: project.Schedule{First: noon - 10*day, EverySeconds: 7 * day},
	}
	st := cycle.NewState(2).AddPayment(&weekly, 1, noon) // the one before has nothing in the state yet
	if want := []cycle.PaymentAt{{}, {Number: 2}}; !slices.Equal(st.Payments, want) {
		t.Fatalf("payments %+v, expected %+v", st.Payments, want)
	}
	if got := st.DropPayment(0).Payments; !slices.Equal(got, []cycle.PaymentAt{{Number: 2}}) {
		t.Errorf("payments %+v after the first is gone", got)
	}
	if got := st.DropPayment(2).Payments; len(got) != 2 {
		t.Errorf("payments %+v after none is gone", got)
	}
}

// TestErrors: the errors of this moment are those that a decision finds, and none where it finds none.
func TestErrors(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "2")
	p := *h.add(policy([]asset.Index{0, 1}, "0.5", "0.5"), 3_000_000, 500_000)
	p.Holdings = units(3_000_000, 500_000)
	m := cycle.Market{Now: noon, Universe: h.cfg.Universe, Prices: h.prices}
	ws := cycle.Workspace{}
	got, err := ws.Errors(&p, &m)
	if err != nil || !slices.Equal(got, wads("-0.25", "0.25")) {
		t.Errorf("errors %v, %v", got, err)
	}
	p.Holdings = units(0, 0)
	if got, err := ws.Errors(&p, &m); err != nil || got != nil {
		t.Errorf("errors of nothing: %v, %v", got, err)
	}
	p.Holdings = units(1, 1)
	m.Prices = slices.Clone(m.Prices)
	m.Prices[1].Status = 0
	if got, err := ws.Errors(&p, &m); err != nil || got != nil {
		t.Errorf("errors without a price: %v, %v", got, err)
	}
	p.Holdings = nil
	if _, err := ws.Errors(&p, &m); !errors.Is(err, cycle.ErrPortfolio) {
		t.Errorf("a portfolio that does not fit: %v", err)
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	st := cycle.NewState(2)
	st.OneTime = []cycle.OneTime{oneTime(1, 1)}
	st.Earmarked = []cycle.Earmark{{Asset: 1, Amount: fixed.NatOf(1)}}
	st.Payments = []cycle.PaymentAt{{Number: 1}}
	st.Orders = []cycle.Order{{Sell: 0, Buy: 1, Units: fixed.NatOf(1)}}
	busy := st.Close()
	if !busy.Paused || busy.OneTime != nil || busy.Payments != nil || len(busy.Earmarked) != 1 || len(busy.Orders) != 1 {
		t.Errorf("closing: %+v", busy)
	}
	busy.Orders = nil
	if done := busy.Close(); done.Earmarked != nil {
		t.Errorf("closed: %+v", done)
	}
}

func TestWanted(t *testing.T) {
	t.Parallel()
	pol := policy([]asset.Index{0, 1, 2, 3, 4, 5}, "1", "0", "0", "0", "0", "0")
	pol.Target.From = wads("0", "1", "0", "0", "0", "0")
	pol.Target.Min = wads("0", "0", "0.1", "0", "0", "0")
	pol.Limits.MinBalances = units(0, 0, 0, 1, 0, 0)
	pol.Payments = []project.Payment{{Asset: 4}}
	if got := pol.Wanted(); !slices.Equal(got, []asset.Index{0, 1, 2, 3, 4}) {
		t.Errorf("wanted %v", got)
	}
}

func TestDecided(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		note            cycle.Note
		decided, valued bool
	}{
		{cycle.Note{}, false, false},
		{cycle.Note{Outcome: cycle.Ordered}, true, true},
		{cycle.Note{Outcome: cycle.Held}, true, true},
		{cycle.Note{Outcome: cycle.NotDue}, false, false},
		{cycle.Note{Outcome: cycle.Clamped}, true, true},
		{cycle.Note{Outcome: cycle.PriceMissing, HasAsset: true}, true, false},
		{cycle.Note{Outcome: cycle.PriceTripped, HasAsset: true}, true, false},
		{cycle.Note{Outcome: cycle.PriceStale, HasAsset: true}, true, false},
		{cycle.Note{Outcome: cycle.Empty}, true, true},
		{cycle.Note{Outcome: cycle.BelowMinimum}, true, true},
		{cycle.Note{Outcome: cycle.BandHalted}, true, true},
		{cycle.Note{Outcome: cycle.BudgetHalted}, true, true},
		{cycle.Note{Outcome: cycle.Paused}, true, false},
		{cycle.Note{Outcome: cycle.Busy}, false, false},
		{cycle.Note{Outcome: cycle.Failed}, true, false},
		{cycle.Note{Outcome: cycle.Failed, HasAsset: true}, false, false},
		{cycle.Note{Outcome: cycle.Settled}, false, false},
	} {
		if got := tt.note.Decided(); got != tt.decided {
			t.Errorf("%v: decided %v", tt.note.Outcome, got)
		}
		if got := tt.note.Valued(); got != tt.valued {
			t.Errorf("%v: valued %v", tt.note.Outcome, got)
		}
	}
}

// TestEdges: the edges are those of the thresholds or of the bands, and those beyond which a decision acts.
func TestEdges(t *testing.T) {
	t.Parallel()
	m := cycle.Market{Now: noon, Universe: universe(t, 2), Prices: []oracle.Price{good(wad("1")), good(wad("1"))}}
	edges := func(change func(pol *cycle.Policy)) cycle.Edges {
		pol := policy([]asset.Index{0, 1}, "0.6", "0.4")
		change(pol)
		p := cycle.Portfolio{ID: 1, Policy: pol, Holdings: units(500_000, 500_000), State: cycle.NewState(2)}
		var ws cycle.Workspace
		e, err := ws.Edges(&p, &m)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	if e := edges(func(*cycle.Policy) {}); !slices.Equal(e.Targets, wads("0.6", "0.4")) || e.Lower != nil {
		t.Errorf("always: got %+v", e)
	}
	e := edges(func(pol *cycle.Policy) { pol.Trigger = trigger.Config{Mode: trigger.Absolute, Threshold: wad("0.05")} })
	if !slices.Equal(e.Lower, wads("0.55", "0.35")) || !slices.Equal(e.Upper, wads("0.65", "0.45")) {
		t.Errorf("thresholds: got %+v", e)
	}
	if e := edges(func(pol *cycle.Policy) { pol.Trigger.Mode = trigger.Band }); e.Targets == nil || e.Lower != nil {
		t.Errorf("bands that are off: got %+v", e)
	}
	e = edges(func(pol *cycle.Policy) { pol.Trigger.Mode, pol.Bands = trigger.Band, bands() })
	if len(e.Lower) != 2 || !e.Lower[0].Less(wad("0.6")) || !wad("0.6").Less(e.Upper[0]) {
		t.Errorf("bands: got %+v", e)
	}
	e = edges(func(pol *cycle.Policy) {
		pol.Trigger.Mode, pol.Bands, pol.Target.Weights = trigger.Band, bands(), wads("1", "0")
		pol.Bands.Dust = wad("0.01")
	})
	if len(e.Lower) != 2 || !e.Lower[1].IsZero() || e.Upper[1] != wad("0.01") {
		t.Errorf("no target: got %+v", e)
	}
	m.Prices[1].Status = oracle.StatusTripped
	if e := edges(func(*cycle.Policy) {}); e.Targets != nil {
		t.Errorf("a price that is not to be used: got %+v", e)
	}
	m.Prices = m.Prices[:1]
	p := cycle.Portfolio{Policy: policy([]asset.Index{0, 1}, "0.6", "0.4"), State: cycle.NewState(2)}
	if _, err := new(cycle.Workspace).Edges(&p, &m); !errors.Is(err, cycle.ErrPortfolio) {
		t.Errorf("parts that do not fit: got %v", err)
	}
}

// TestRunway: what is held of the asset, and what everything else brings at the widest reserve, against what is owed.
func TestRunway(t *testing.T) {
	t.Parallel()
	pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
	pol.Payments = []project.Payment{{
		Asset: 1, Amount: fixed.NatOf(1_000_000), Schedule: project.Schedule{First: noon + day, EverySeconds: 30 * day},
	}}
	p := cycle.Portfolio{ID: 1, Policy: pol, Holdings: units(10_000_000, 3_000_000), State: cycle.NewState(2)}
	m := cycle.Market{Now: noon, Universe: universe(t, 2), Prices: []oracle.Price{good(wad("1")), good(wad("1"))}}
	runway := func(widest string) project.Runway {
		r, ok, err := p.Runway(1, &m, wad("13"), wad("3"), wad(widest))
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		return r
	}
	if r := runway("0"); !r.Short || r.Due != noon+day+13*30*day {
		t.Errorf("13 are there: got %+v", r)
	}
	if r := runway("0.5"); r.Due != noon+day+8*30*day {
		t.Errorf("8 are there: got %+v", r)
	}
	pol.Limits.MaxSlippage = wad("0.1")
	if r := runway("0.5"); r.Due != noon+day+12*30*day {
		t.Errorf("12 are there: got %+v", r)
	}
	pol.Limits.MaxSell = wad("0.001")
	if r := runway("0"); r.Due != noon+day+4*30*day {
		t.Errorf("selling slowly: got %+v", r)
	}
	if _, ok, err := p.Runway(0, &m, wad("13"), wad("10"), fixed.Wad{}); ok || err != nil {
		t.Errorf("nothing is owed: got %v, %v", ok, err)
	}
	pol.PeriodSeconds = 0
	if _, ok, err := p.Runway(1, &m, wad("13"), wad("3"), fixed.Wad{}); ok || !errors.Is(err, project.ErrInput) {
		t.Errorf("no period: got %v, %v", ok, err)
	}
	m.Prices[1].Value = fixed.Wad{}
	if _, ok, err := p.Runway(1, &m, wad("13"), wad("3"), fixed.Wad{}); ok || err != nil {
		t.Errorf("no price: got %v, %v", ok, err)
	}
}
