package cycle_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/settle"
)

// surfaceHost is the example of spec 03 §3.6: at prices of one a base unit is a micro-unit of value.
func surfaceHost(t *testing.T) *host {
	t.Helper()
	h := newHost(t, "1", "1", "1", "1")
	all := []asset.Index{0, 1, 2, 3}
	h.add(policy(all, "0.25", "0.25", "0.25", "0.25"), 1600, 1400, 300, 700) // A-600 B-400 C+700 D+300
	h.add(policy([]asset.Index{0, 2}, "0.5", "0.5"), 1000, 0)                // A-500 C+500
	h.add(policy([]asset.Index{1, 2}, "0.5", "0.5"), 0, 500)                 // B+250 C-250
	return h
}

// flowsOf lists the units of the books by pair.
func flowsOf(r *cycle.Round) map[[2]asset.Index]uint64 {
	flows := map[[2]asset.Index]uint64{}
	for i := range r.Books {
		b := &r.Books[i]
		for k := range b.Tranches {
			n, _ := b.Tranches[k].Units.Uint64()
			flows[[2]asset.Index{b.Sell, b.Buy}] += n
		}
	}
	return flows
}

// TestSurfaceExample is spec 03 §3.6 through a whole round: the flows, the crossing of B and C, and the sale of 613 of
// the 920 units of A for 30,503 of C.
func TestSurfaceExample(t *testing.T) {
	t.Parallel()
	const a, b, c, d = 0, 1, 2, 3
	h := surfaceHost(t)
	h.collect()
	want := map[[2]asset.Index]uint64{{a, c}: 920, {a, d}: 180, {b, c}: 280, {b, d}: 120, {c, b}: 250}
	if got := flowsOf(&h.round); text(got) != text(want) {
		t.Fatalf("flows %v, expected %v", got, want)
	}
	h.cross()
	crosses := []cycle.Cross{
		{Sell: b, Buy: c, Sold: fixed.NatOf(250), Bought: fixed.NatOf(250)},
		{Sell: c, Buy: b, Sold: fixed.NatOf(250), Bought: fixed.NatOf(250)},
	}
	if !slices.Equal(h.out.Crosses, crosses) {
		t.Fatalf("crossed %v", h.out.Crosses)
	}
	lots := map[[2]asset.Index]uint64{}
	for i := range h.lots {
		n, _ := h.lots[i].Tranches[0].Units.Uint64()
		lots[[2]asset.Index{h.lots[i].Sell, h.lots[i].Buy}] = n
	}
	if want := (map[[2]asset.Index]uint64{{a, c}: 920, {a, d}: 180, {b, c}: 30, {b, d}: 120}); text(lots) != text(want) {
		t.Fatalf("lots %v, expected %v", lots, want)
	}
	h.auction(func(lot *auction.Lot) (units, proceeds asset.Amount) {
		if lot.Sell == a && lot.Buy == c {
			return fixed.NatOf(613), fixed.NatOf(30503)
		}
		return asset.Amount{}, asset.Amount{}
	})
	h.settle()
	for i, want := range [][]asset.Amount{
		units(1600-279, 1400-250, 300+250+13925, 700), // refunds of 141 of A to C, all of A to D, 30 and 120 of B
		units(1000-334, 16578),                        // a refund of 166
		units(250, 250),
	} {
		if got := h.holdings(&h.folios[i]); !slices.Equal(got, want) {
			t.Errorf("portfolio %d holds %v, expected %v", i+1, got, want)
		}
	}
}

// TestNettingExample is spec 04 §4.4 through a step: 2,580 micro-units of flows, of which 140 go to auction.
func TestNettingExample(t *testing.T) {
	t.Parallel()
	const a, b, c, d = 0, 1, 2, 3
	h := newHost(t, "1", "1", "1", "1")
	for _, f := range []struct {
		sell, buy asset.Index
		value     uint64
	}{{a, b, 1000}, {b, a, 650}, {b, c, 400}, {c, a, 300}, {c, d, 120}, {d, a, 90}, {d, c, 20}} {
		if f.sell < f.buy {
			h.add(policy([]asset.Index{f.sell, f.buy}, "0.5", "0.5"), 2*f.value, 0)
		} else {
			h.add(policy([]asset.Index{f.buy, f.sell}, "0.5", "0.5"), 0, 2*f.value)
		}
	}
	h.collect()
	h.cross()
	residual := map[[2]asset.Index]uint64{}
	for i := range h.lots {
		n, _ := h.lots[i].Tranches[0].Units.Uint64()
		residual[[2]asset.Index{h.lots[i].Sell, h.lots[i].Buy}] = n
	}
	if want := (map[[2]asset.Index]uint64{{b, c}: 50, {c, d}: 50, {d, a}: 40}); text(residual) != text(want) {
		t.Errorf("residual %v, expected %v", residual, want)
	}
	h.auction(h.atMid)
	h.settle()
	for i := range h.folios {
		half := h.holdings(&h.folios[i])
		if half[0] != half[1] {
			t.Errorf("portfolio %d: expected halves after a round at the mid, got %v", i+1, half)
		}
	}
}

// TestControlExample is C8 of spec 01 §1.8 through ten rounds: two million NTRN at 0.5 go to 10 % USDC. The example
// sells to the base unit; orders are whole millionths of the account, two base units here.
func TestControlExample(t *testing.T) {
	t.Parallel()
	h := newHost(t, "0.5", "1")
	pol := policy([]asset.Index{0, 1}, "0.9", "0.1")
	pol.Gains.Kp = wad("0.205671765275718497")
	p := h.add(pol, 2_000_000_000_000, 0)
	before := h.holdings(p)[0]
	for i, want := range []uint64{
		41134353055, 32674178049, 25954022170, 20616012615, 16375880907, 13007824574, 10332482331, 8207382451, 6519355614,
		5178508236,
	} {
		h.run(h.atMid)
		after := h.holdings(p)[0]
		if got, _ := before.Monus(after).Uint64(); got+2 < want || want+2 < got {
			t.Errorf("round %d sold %v, expected %d", i+1, got, want)
		}
		before = after
	}
	if got, _ := before.Uint64(); got < 1_820_000_000_000-2 || got > 1_820_000_000_000+6 {
		t.Errorf("holds %v", got)
	}
}

// TestSettleExample is spec 05 §5.4 through a round: four orders on one line, sold 777 of 1,001 for 7,654.
func TestSettleExample(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	sells := []uint64{333, 500, 167, 1}
	for _, n := range sells {
		h.add(policy([]asset.Index{0, 1}, "0.5", "0.5"), 2*n, 0)
	}
	h.collect()
	h.cross()
	h.auction(func(*auction.Lot) (units, proceeds asset.Amount) { return fixed.NatOf(777), fixed.NatOf(7654) })
	h.settle()
	for i, want := range [][2]uint64{{258, 2546}, {388, 3823}, {130, 1277}, {1, 8}} {
		if got := h.holdings(&h.folios[i]); !slices.Equal(got, units(2*sells[i]-want[0], want[1])) {
			t.Errorf("order %d: holds %v, expected to have sold %d for %d", i+1, got, want[0], want[1])
		}
	}
}

// TestLossBudgetExample is spec 12.3 through settlements: shortfalls of 4,000, 5,000, 3,000 and a fourth of 3,000 of a
// million on consecutive days.
func TestLossBudgetExample(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
	pol.Budget, pol.PeriodSeconds, h.cfg.IntervalSeconds = settle.DefaultBudget(), 1, 1
	p := h.add(pol, 1_000_000_000_000, 0)
	self := settle.Account{Kind: settle.Portfolio, ID: 1}
	for i, x := range []struct {
		lost uint64 // millionths
		left string
	}{
		{4_000_000_000, "0.006"},
		{5_000_000_000, "0.002428571428571428"},
		{3_000_000_000, "0.000857142857142856"},
		{3_000_000_000, "-0.000714285714285716"},
	} {
		h.now = noon + int64(i)*day - block // settled a block later
		h.collect()
		h.cross()
		h.auction(func(lot *auction.Lot) (units, proceeds asset.Amount) {
			units, proceeds = h.atMid(lot)
			return units, proceeds.Monus(fixed.NatOf(x.lost))
		})
		h.settle()
		h.height++
		if got := p.State.Budget.Left(pol.Budget); got != wad(x.left) {
			t.Errorf("day %d: left %v, expected %s", i, got, x.left)
		}
		// The example has a constant value.
		h.balances[account{self, 0}], h.balances[account{self, 1}] = fixed.FromRaw(1_000_000_000_000), fixed.Wad{}
	}
	if !p.State.Budget.Halted {
		t.Fatal("expected a halt")
	}
	raised, err := p.State.RaiseBudget(pol, h.now, fixed.FromBps(200))
	if err != nil || raised.Budget.Halted {
		t.Errorf("raised to 2 %%: %v, %v", raised.Budget, err)
	}
	if _, err := p.State.RaiseBudget(pol, h.now, fixed.FromBps(100)); !errors.Is(err, settle.ErrBudget) {
		t.Errorf("expected ErrBudget for the same cap, got %v", err)
	}
	resume := int64(noon + 3*day + 2*day + day/4)
	for _, x := range []struct {
		now  int64
		want cycle.Outcome
	}{{resume - 1, cycle.BudgetHalted}, {resume + 1, cycle.Ordered}} { // what refills rounds down
		_, out, err := cycle.Step(h.ws, &h.cfg, h.round, cycle.Input{
			Now: x.now, Height: h.height, Prices: h.prices, Portfolios: h.folios, LastPage: true,
		})
		if err != nil || out.Notes[0].Outcome != x.want {
			t.Errorf("at %d s: expected %v, got %v, %v", x.now-resume, x.want, out.Notes, err)
		}
	}
}

// TestNext: a round may start now or at the next slot; one that comes late stands for those it missed.
func TestNext(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	var before cycle.Round
	if got := h.cfg.Next(&before, noon+5); got != noon+5 {
		t.Errorf("first round at %d", got)
	}
	h.run(unsold)
	if got := h.cfg.Next(&h.round, noon+5); got != noon+day {
		t.Errorf("second round at %d", got)
	}
	if got := h.cfg.Merged(&h.round, &before); got != 1 {
		t.Errorf("the first round stands for %d", got)
	}
	before = h.round
	h.now += 3 * day
	h.collect()
	if got := h.cfg.Merged(&h.round, &before); got != 4 {
		t.Errorf("the second round stands for %d", got)
	}
}

// TestQuiet: a crossing of which nothing can be applied returns everything unsold.
func TestQuiet(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	h.add(policy([]asset.Index{0, 1}, "0.5", "0.5"), 1_000, 0)
	h.add(policy([]asset.Index{0, 1}, "0.5", "0.5"), 0, 100)
	h.collect()
	h.cfg = h.cfg.Quiet()
	h.cross()
	h.settle()
	if len(h.out.Lots) != 0 || len(h.out.Crosses) != 0 || h.holdings(&h.folios[0])[0] != fixed.NatOf(1_000) {
		t.Errorf("got %+v", h.out)
	}
}
