package cycle_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/project"
)

// salary is 200,000 of B, due five days after the first decision; everything else is held in A.
func salary() (*cycle.Policy, project.Payment) {
	pay := project.Payment{
		Asset: 1, Amount: fixed.NatOf(200_000_000_000), Schedule: project.Schedule{First: noon + 5*day},
	}
	pol := policy([]asset.Index{0, 1}, "1", "0")
	pol.Payments = []project.Payment{pay}
	pol.Limits.MaxSell = wad("0.07") // 70,000 per interval: three intervals, and one more
	return pol, pay
}

// TestPaymentExample is spec 12.2 through Decide: 200,000 due in five days with a lead of four and nothing held.
func TestPaymentExample(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	pol, _ := salary()
	for i, want := range []int64{0, 50_000, 100_000, 150_000, 200_000, 200_000} {
		p := cycle.Portfolio{ID: 1, Policy: pol, Holdings: units(1_000_000_000_000, 0), State: cycle.NewState(2)}
		d := h.ws.Decide(&p, h.market())
		if d.Floors[1] != fixed.FromInt(want) {
			t.Errorf("day %d: must hold %v, expected %d", i, d.Floors[1], want)
		}
		if d.Overridden != (want > 0) || want > 0 && d.Report.Targets[1].IsZero() {
			t.Errorf("day %d: targets %v, overridden %t", i, d.Report.Targets, d.Overridden)
		}
		h.now += day
	}
}

// TestPaymentIsMet plays the example: the money is there in time, and the payment leaves the rest as it was.
func TestPaymentIsMet(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	pol, pay := salary()
	p := h.add(pol, 1_000_000_000_000, 0)
	for range 5 {
		if list := p.Payouts(h.now); len(list) != 0 {
			t.Fatalf("at %d: %+v", h.now-noon, list)
		}
		h.run(h.atMid)
	}
	p.Holdings = h.holdings(p)
	list := p.Payouts(h.now)
	if len(list) != 1 || list[0].Amount != pay.Amount || !list[0].Missing.IsZero() {
		t.Fatalf("payouts %+v of %v", list, p.Holdings)
	}
	if n := list[0].Note(1); n.Outcome != cycle.PaymentMade || n.Asset != 1 {
		t.Errorf("note %+v", n)
	}
	paid := p.State.Paid(list[0])
	if len(p.State.Payments) != 1 || p.State.Payments[0] == paid.Payments[0] {
		t.Errorf("states %+v and %+v", p.State.Payments, paid.Payments)
	}
	p.State = paid
	if list := p.Payouts(h.now); len(list) != 0 {
		t.Errorf("due again: %+v", list)
	}
}

// TestPayoutsOrder: by due time, then as listed; from free units only.
func TestPayoutsOrder(t *testing.T) {
	t.Parallel()
	pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
	for _, x := range []struct {
		asset  asset.Index
		amount uint64
		first  int64
		short  project.OnShort
	}{
		{0, 50, noon, project.Wait},
		{0, 30, noon - day, project.Wait},
		{0, 30, noon, project.Partial},
		{1, 5, noon + 1, project.Wait},
	} {
		pol.Payments = append(pol.Payments, project.Payment{
			Asset: x.asset, Amount: fixed.NatOf(x.amount), Schedule: project.Schedule{First: x.first}, OnShort: x.short,
		})
	}
	p := cycle.Portfolio{ID: 1, Policy: pol, Holdings: units(70, 70), State: cycle.NewState(2)}
	p.State.Earmarked = []cycle.Earmark{{Asset: 0, Amount: fixed.NatOf(20)}}
	type made struct {
		payment         int
		amount, missing uint64
	}
	var got []made
	for _, o := range p.Payouts(noon) {
		a, _ := o.Amount.Uint64()
		m, _ := o.Missing.Uint64()
		got = append(got, made{o.Payment, a, m})
	}
	// 50 are free: the second is the oldest, the first waits for all of it, the third takes what there is.
	if want := []made{{1, 30, 0}, {0, 0, 30}, {2, 20, 10}}; !slices.Equal(got, want) {
		t.Errorf("payouts %v, expected %v", got, want)
	}
	if n := p.Payouts(noon)[1].Note(3); n.Outcome != cycle.PaymentShort || n.Portfolio != 3 {
		t.Errorf("note %+v", n)
	}
	p.Policy.Payments[0].Asset = 9
	if list := p.Payouts(noon); len(list) != 2 {
		t.Errorf("a payment of an unknown asset: %+v", list)
	}
}

// TestPaymentNeedsItsPrice: an asset that is held for payments only still needs a price; without one there is no
// reserve, and so no decision.
func TestPaymentNeedsItsPrice(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	pol, _ := salary()
	h.add(pol, 1_000_000_000_000, 0)
	h.prices[1].Status = oracle.StatusNoQuorum
	h.collect()
	if n := h.note(1); n.Outcome != cycle.PriceMissing || n.Asset != 1 {
		t.Errorf("note %+v", n)
	}
}

// TestPaymentsChange: a policy with fewer or more payments than before is still decided.
func TestPaymentsChange(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	pol, pay := salary()
	p := h.add(pol, 1_000_000_000_000, 0)
	pol.Payments = []project.Payment{pay, pay, pay}
	h.run(unsold)
	pol.Payments = pol.Payments[:1]
	h.run(unsold)
	if n := h.note(1); n.Outcome == cycle.Failed || len(p.State.Payments) != 1 {
		t.Errorf("note %+v, state %+v", n, p.State.Payments)
	}
}

// TestLeadFollowsFills: purchases start the earlier the less of an order fills.
func TestLeadFollowsFills(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	pol, _ := salary()
	h.now = noon + day
	for _, tt := range []struct {
		fill string
		want string
	}{{"1", "50000"}, {"0.5", "114285.714286"}, {"0", "193333.333334"}} {
		p := cycle.Portfolio{ID: 1, Policy: pol, Holdings: units(1_000_000_000_000, 0), State: cycle.NewState(2)}
		p.State.FillRatio = wad(tt.fill)
		if d := h.ws.Decide(&p, h.market()); d.Floors[1] != wad(tt.want) {
			t.Errorf("fill %s: must hold %v, expected %s", tt.fill, d.Floors[1], tt.want)
		}
	}
}

// TestFillRatio follows what sells of what is ordered, not of what the controller wished.
func TestFillRatio(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
	pol.Limits.MaxSell = wad("0.01")
	p := h.add(pol, 1_000_000_000, 0)
	h.run(h.atMid)
	if p.State.FillRatio != fixed.One() {
		t.Errorf("after a full fill of a capped order: %v", p.State.FillRatio)
	}
	h.run(func(lot *auction.Lot) (units, proceeds asset.Amount) {
		var c fixed.Calc
		units, _ = h.atMid(lot)
		units = c.MulDivNatDown(units, fixed.NatOf(1), fixed.NatOf(5))
		return units, units
	})
	if p.State.FillRatio != wad("0.6") { // half of the way from 1 to 0.2
		t.Errorf("after a fifth: %v", p.State.FillRatio)
	}
}

// TestReturned: units of a payment or of proceeds that came back are owed, and earmarked, again.
func TestReturned(t *testing.T) {
	t.Parallel()
	pol, pay := salary()
	pol.Payments = []project.Payment{pay}
	st := cycle.NewState(2)
	st.Payments = []project.Owed{{Number: 1}}
	back, err := st.Returned(pol, 0, pay.Amount)
	if err != nil || back.Payments[0] != (project.Owed{}) || st.Payments[0].Number != 1 {
		t.Errorf("%+v, %v; before %+v", back.Payments, err, st.Payments)
	}
	if _, err := st.Returned(pol, 1, pay.Amount); !errors.Is(err, cycle.ErrPortfolio) {
		t.Errorf("a payment that is not there: %v", err)
	}
	if _, err := back.Returned(pol, 0, fixed.NatOf(1)); !errors.Is(err, project.ErrInput) {
		t.Errorf("more than was paid: %v", err)
	}

	st.Earmarked = []cycle.Earmark{{Asset: 1, Amount: fixed.NatOf(30)}}
	marked, err := st.ReturnPayout(7, 1, fixed.NatOf(50), fixed.NatOf(100))
	if err != nil || marked.Payable(7).Amount != fixed.NatOf(50) || len(st.Earmarked) != 1 {
		t.Errorf("%+v, %v", marked.Earmarked, err)
	}
	if marked, err = st.ReturnPayout(7, 1, fixed.NatOf(50), fixed.NatOf(70)); err != nil ||
		marked.Payable(7).Amount != fixed.NatOf(40) || !marked.Covered(1, fixed.NatOf(70)) {
		t.Errorf("no more than is held: %+v, %v", marked.Earmarked, err)
	}
	if marked, err = st.ReturnPayout(7, 1, fixed.NatOf(50), fixed.NatOf(30)); err != nil || len(marked.Earmarked) != 1 {
		t.Errorf("nothing that is free: %+v, %v", marked.Earmarked, err)
	}
}
