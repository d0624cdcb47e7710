package cycle_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/settle"
)

// sellers is a host with one seller of A for B for every slippage in bps; 0 is none.
func sellers(t *testing.T, slippages ...int64) *host {
	t.Helper()
	h := newHost(t, "1", "1")
	for _, bps := range slippages {
		pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
		pol.Limits.MaxSlippage = fixed.FromBps(bps)
		h.add(pol, 2_000_000, 0)
	}
	return h
}

// TestTrancheLimits: each owner's slippage is kept, whoever else sells the pair.
func TestTrancheLimits(t *testing.T) {
	t.Parallel()
	h := sellers(t, 0, 50, 100, 50, 500)
	h.cfg.Auction.Width.Base = fixed.FromBps(200) // the auction goes down to 2 %
	h.collect()
	h.cross()
	lot := &h.lots[0]
	if lot.Curve.Reserve.Cmp(wad("0.98")) >= 0 {
		t.Fatalf("reserve %v", lot.Curve.Reserve)
	}
	for k, want := range []struct {
		limit string
		units uint64
	}{{"0", 1_000_000}, {"0.995", 2_000_000}, {"0.99", 1_000_000}, {"0", 1_000_000}} {
		if tr := lot.Tranches[k]; tr.Limit != wad(want.limit) || tr.Units != fixed.NatOf(want.units) {
			t.Errorf("tranche %d: %+v, expected %+v", k, tr, want)
		}
	}
	if got := h.round.Books[0].Width; got.Less(fixed.FromBps(200)) {
		t.Errorf("width %v", got)
	}
}

// TestNarrowLot: when every seller wants more than the rule's reserve, the lot ends there.
func TestNarrowLot(t *testing.T) {
	t.Parallel()
	h := sellers(t, 20, 50)
	h.collect()
	h.cross()
	if got := h.lots[0].Curve.Reserve; got != wad("0.995") {
		t.Errorf("reserve %v", got)
	}
}

// TestOddTermsShutNobodyOut: any number of sellers with odd slippages find room, and nobody's gets looser.
func TestOddTermsShutNobodyOut(t *testing.T) {
	t.Parallel()
	var slippages []int64
	for i := range int64(60) {
		slippages = append(slippages, 11+i*37)
	}
	slippages = append(slippages, 0, 0, 10000)
	h := sellers(t, slippages...)
	h.collect()
	b := &h.round.Books[0]
	if len(b.Tranches) > auction.MaxTranches {
		t.Fatalf("%d tranches", len(b.Tranches))
	}
	for i := range h.folios {
		st := &h.folios[i].State
		if len(st.Orders) != 1 {
			t.Fatalf("portfolio %d with %d bps has orders %+v", i+1, slippages[i], st.Orders)
		}
		got, want := b.Tranches[st.Orders[0].Tranche].Slippage, fixed.FromBps(slippages[i])
		if !want.IsZero() && (got.IsZero() || want.Less(got)) {
			t.Errorf("portfolio %d: slippage %v, wants at most %v", i+1, got, want)
		}
	}
	h.cross()
	h.auction(h.atMid)
	h.settle()
}

// TestLimitsCompeteForRoom: one-time limits have no coarse terms; who comes late takes the loosest that are within his
// own, or is refused alone.
func TestLimitsCompeteForRoom(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	for i := range 12 {
		o := oneTime(1_000_000, 1)
		o.Limit = wad(fmt.Sprintf("0.99%02d", i))
		order(t, h, holder(h, 2_000_000, 0), o)
	}
	low := oneTime(1_000_000, 1)
	low.Limit = wad("0.5")
	order(t, h, holder(h, 2_000_000, 0), low)
	h.collect()
	for id := uint64(1); id <= 13; id++ {
		st := &h.folios[id-1].State
		switch id {
		case 11, 12:
			if n := h.note(id); n.Outcome != cycle.OrderRefused || !errors.Is(n.Err, cycle.ErrBook) || len(st.Orders) != 0 {
				t.Errorf("portfolio %d: %+v, orders %+v", id, n, st.Orders)
			}
		case 13:
			if len(st.Orders) != 1 || h.round.Books[0].Tranches[st.Orders[0].Tranche].Limit != wad("0.9900") {
				t.Errorf("portfolio %d: orders %+v", id, st.Orders)
			}
		default:
			if len(st.Orders) != 1 {
				t.Errorf("portfolio %d: orders %+v", id, st.Orders)
			}
		}
	}
	h.cross()
	h.auction(h.atMid)
	h.settle()
}

// TestCrossingByTranche: what crosses is shared by what may cross, and paid for what was given: an odd unit that is
// worth a million goes to one tranche with its price.
func TestCrossingByTranche(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1000000000000", "1") // one base unit of A is a million
	h.cfg.Crossing.Gate.MinClasses = 0
	for _, bps := range []int64{50, 100} {
		pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
		pol.Limits.MaxSlippage = fixed.FromBps(bps)
		h.add(pol, 2, 0)
	}
	h.add(policy([]asset.Index{0, 1}, "0.5", "0.5"), 0, 2_000_000_000_000) // sells a million of B
	h.collect()
	h.cross()
	b := &h.round.Books[0]
	if len(h.out.Crosses) != 2 || len(b.Tranches) != 2 {
		t.Fatalf("crosses %+v, book %+v", h.out.Crosses, b)
	}
	for k := range b.Tranches {
		tr := &b.Tranches[k]
		if tr.Crossed.IsZero() != tr.Received.IsZero() {
			t.Errorf("tranche %d gave %v for %v", k, tr.Crossed, tr.Received)
		}
	}
	h.auction(unsold)
	h.settle()
}

// TestStaleLoss: without a known mid the loss budget is charged the width of the reserve, or the owner's slippage when
// that is less.
func TestStaleLoss(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		bps   int64
		stale bool
		want  string // of NAV; half of it is sold
	}{
		{"known", 0, false, "0"},
		{"stale", 0, true, "0.005"},
		{"stale, tight owner", 50, true, "0.0025"},
		{"stale, loose owner", 300, true, "0.005"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := sellers(t, tt.bps)
			h.prices[0].Sigma, h.prices[1].Sigma = fixed.Wad{}, fixed.Wad{} // the width is its base, 1 %
			p := &h.folios[0]
			p.Policy.Budget = settle.BudgetConfig{Cap: wad("0.1"), WindowSeconds: day}
			h.collect()
			h.cross()
			closed := h.close(&h.lots[0], h.atMid)
			if tt.stale {
				closed.AtMid = asset.Amount{}
			}
			h.step(0, 0, closed)
			h.settle()
			if got := p.State.Budget.Spent; got != wad(tt.want) {
				t.Errorf("charged %v, expected %s", got, tt.want)
			}
		})
	}
}

// TestLossByTranche: sellers with a tight limit, who sold dear, are not charged for the others.
func TestLossByTranche(t *testing.T) {
	t.Parallel()
	h := sellers(t, 50, 100)
	h.collect()
	h.cross()
	lot := &h.lots[0]
	for k, proceeds := range []uint64{1_000_000, 990_000} {
		tr := &lot.Tranches[k]
		tr.Sold, tr.Proceeds = tr.Units, fixed.NatOf(proceeds)
		h.outside(lot.ID, lot.Sell, tr.Sold.Raw().Neg())
		h.outside(lot.ID, lot.Buy, tr.Proceeds.Raw())
	}
	lot.Cancel()
	h.step(0, 0, cycle.Closed{Lot: *lot, AtMid: fixed.NatOf(2_000_000)})
	h.settle()
	if h.out.Fills[0].Lost != (fixed.Wad{}) || h.out.Fills[1].Lost != wad("0.01") {
		t.Errorf("lost %v and %v", h.out.Fills[0].Lost, h.out.Fills[1].Lost)
	}
}

// TestOpeningWidens: a lot whose opening batch takes most of it starts higher the next time; two that sell little end
// lower; otherwise the rule's own width comes back and is forgotten.
func TestOpeningWidens(t *testing.T) {
	t.Parallel()
	h := sellers(t, 0)
	base := h.cfg.Auction.Width.Spread()
	round := func(sell sale, opening fixed.Wad) {
		h.collect()
		h.cross()
		closed := h.close(&h.lots[0], sell)
		closed.Opening = opening
		h.lots = nil
		h.step(0, 0, closed)
		h.settle()
		h.now += day
		h.height++
		self := settle.Account{Kind: settle.Portfolio, ID: 1}
		h.balances[account{self, 0}], h.balances[account{self, 1}] = fixed.FromRaw(2_000_000), fixed.Wad{}
	}
	round(h.atMid, wad("0.6"))
	if s := h.round.Spreads; len(s) != 1 || !base.Start.Less(s[0].Spread.Start) || s[0].Spread.Reserve != base.Reserve {
		t.Fatalf("after a fast opening: %+v", s)
	}
	round(unsold, fixed.Wad{})
	round(unsold, fixed.Wad{})
	if s := h.round.Spreads; len(s) != 1 || !base.Reserve.Less(s[0].Spread.Reserve) {
		t.Fatalf("after two thin lots: %+v", s)
	}
	for range 400 {
		round(h.atMid, fixed.Wad{})
	}
	if len(h.round.Spreads) != 0 {
		t.Errorf("still remembers %+v", h.round.Spreads)
	}
}
