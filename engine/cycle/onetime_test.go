package cycle_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
)

// oneTime is an order to sell A for B over some intervals.
func oneTime(size uint64, intervals int64) cycle.OneTime {
	return cycle.OneTime{
		ID: 7, Sell: 0, Buy: 1, Slicing: project.Slicing{Remaining: fixed.NatOf(size), Intervals: intervals},
	}
}

// order gives a portfolio a one-time order.
func order(t *testing.T, h *host, p *cycle.Portfolio, o cycle.OneTime) {
	t.Helper()
	state, err := p.State.AddOneTime(p.Policy, h.cfg.Universe, o)
	if err != nil {
		t.Fatal(err)
	}
	p.State = state
}

// holder is a portfolio on its target, so that its controller sells nothing by itself.
func holder(h *host, a, b uint64) *cycle.Portfolio {
	pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
	pol.Target.Kind = 3 // buy and hold
	pol.Target.Weights = nil
	return h.add(pol, a, b)
}

// TestOneTimeExample is spec 12.1: 1,000,000 units in four intervals, filled 250,000, 100,000 and then all.
func TestOneTimeExample(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	p := holder(h, 5_000_000, 5_000_000)
	order(t, h, p, oneTime(1_000_000, 4))
	for k, x := range []struct{ slice, fill, left uint64 }{
		{250_000, 250_000, 750_000}, {250_000, 100_000, 650_000}, {325_000, 325_000, 325_000}, {325_000, 325_000, 0},
	} {
		h.run(func(*auction.Lot) (units, proceeds asset.Amount) { return fixed.NatOf(x.fill), fixed.NatOf(x.fill) })
		if len(h.out.Slices) != 1 {
			t.Fatalf("interval %d: slices %+v, notes %+v", k, h.out.Slices, h.out.Notes)
		}
		s := h.out.Slices[0]
		if s.Units != fixed.NatOf(x.slice) || s.Sold != fixed.NatOf(x.fill) ||
			s.Left != fixed.NatOf(x.left) || s.OneTime != 7 {
			t.Errorf("interval %d: %+v, expected %+v", k, s, x)
		}
		if f := h.out.Fills[0]; !f.Ordered.IsZero() || !f.Sold.IsZero() {
			t.Errorf("interval %d: the controller hears of it: %+v", k, f)
		}
	}
	if len(p.State.OneTime) != 0 || !h.noted(cycle.OneTimeEnded) {
		t.Errorf("lives on: %+v", p.State.OneTime)
	}
	if got := h.holdings(p); !slices.Equal(got, units(4_000_000, 6_000_000)) {
		t.Errorf("holds %v", got)
	}
	if !slices.Equal(p.State.Earmarked, []cycle.Earmark{{Asset: 1, Amount: fixed.NatOf(1_000_000)}}) {
		t.Errorf("earmarked %v", p.State.Earmarked)
	}
}

// TestEarmarkedProceedsStay: the controller does not sell what a one-time order brought, until the owner releases it.
func TestEarmarkedProceedsStay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		rule  cycle.Proceeds
		after []asset.Amount // of a second round
	}{
		{"earmark", cycle.EarmarkProceeds, units(4_499_999, 5_500_001)}, // half of 9 to a millionth, and 1 aside
		{"pool", cycle.PoolProceeds, units(5_000_000, 5_000_000)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, "1", "1")
			p := h.add(policy([]asset.Index{0, 1}, "0.5", "0.5"), 5_000_000, 5_000_000)
			o := oneTime(1_000_000, 1)
			o.Proceeds = tt.rule
			order(t, h, p, o)
			h.run(h.atMid)
			if got := h.holdings(p); !slices.Equal(got, units(4_000_000, 6_000_000)) {
				t.Fatalf("holds %v", got)
			}
			h.run(h.atMid)
			if got := h.holdings(p); !slices.Equal(got, tt.after) {
				t.Errorf("holds %v, expected %v", got, tt.after)
			}
			if tt.rule == cycle.PoolProceeds {
				return
			}
			state, err := p.State.ReleaseEarmark(1, fixed.NatOf(1_000_000))
			if err != nil {
				t.Fatal(err)
			}
			p.State = state
			h.run(h.atMid)
			if got := h.holdings(p); !slices.Equal(got, units(5_000_000, 5_000_000)) {
				t.Errorf("holds %v after the release", got)
			}
		})
	}
}

// TestOneTimeBudget: forced orders first, then slices, then the controller, all within the largest sale (spec 12.1).
func TestOneTimeBudget(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name              string
		size              uint64
		forced            uint64 // units of B below its minimum
		outside           bool
		slice, controller uint64
	}{
		{"controller gets the rest", 600_000, 0, false, 600_000, 400_000},
		{"nothing is left", 1_000_000, 0, false, 1_000_000, 0},
		{"slice is cut", 3_000_000, 0, false, 1_000_000, 0},
		{"forced goes first", 3_000_000, 250_000, false, 750_000, 250_000},
		{"outside the cap", 3_000_000, 0, true, 3_000_000, 1_000_000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, "1", "1")
			pol := policy([]asset.Index{0, 1}, "0.2", "0.8")
			pol.Limits.MaxSell = wad("0.1")
			pol.Limits.MinBalances = units(0, 1_000_000+tt.forced)
			p := h.add(pol, 9_000_000, 1_000_000)
			o := oneTime(tt.size, 1)
			o.OutsideCap = tt.outside
			order(t, h, p, o)
			h.collect()
			var slice, controller uint64
			for _, x := range p.State.Orders {
				n, _ := x.Units.Uint64()
				if x.OneTime != 0 {
					slice += n
				} else {
					controller += n
				}
			}
			if slice != tt.slice || controller != tt.controller {
				t.Errorf("slice of %d, controller %d, expected %d and %d", slice, controller, tt.slice, tt.controller)
			}
		})
	}
}

// TestOneTimeShare: a size in parts of NAV becomes units at the first freeze and stays.
func TestOneTimeShare(t *testing.T) {
	t.Parallel()
	h := newHost(t, "2", "1")
	p := holder(h, 5_000_000, 10_000_000) // NAV 20
	o := oneTime(0, 2)
	o.Share = wad("0.1")
	order(t, h, p, o)
	h.run(h.atMid)
	h.prices[0] = good(wad("4"))
	h.run(h.atMid)
	if got := h.holdings(p); !slices.Equal(got, units(4_000_000, 13_000_000)) { // half a unit at 2, then half at 4
		t.Errorf("holds %v", got)
	}
}

// TestOneTimeEnds: however the last slice fares, the order ends and its units are free again.
func TestOneTimeEnds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(h *host, o *cycle.OneTime)
		note   cycle.Outcome
	}{
		{"last slice dropped", func(_ *host, o *cycle.OneTime) { o.Minimum = fixed.NatOf(2_000_000) }, cycle.SliceDropped},
		{"nothing to sell", func(h *host, o *cycle.OneTime) { o.Sell, o.Buy = 1, 0 }, cycle.OneTimeEnded},
		{"no buyer", func(_ *host, o *cycle.OneTime) { o.Limit = wad("50") }, cycle.OneTimeEnded},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, "1", "1")
			p := holder(h, 5_000_000, 0)
			o := oneTime(1_000_000, 2)
			tt.change(h, &o)
			order(t, h, p, o)
			for range 2 {
				if len(p.State.OneTime) == 0 {
					t.Fatal("ended early")
				}
				h.run(unsold)
			}
			if len(p.State.OneTime) != 0 || !h.noted(tt.note) || !h.noted(cycle.OneTimeEnded) {
				t.Errorf("%+v, notes %+v", p.State.OneTime, h.out.Notes)
			}
			h.run(unsold)
			if n := h.note(1); n.Outcome == cycle.Failed {
				t.Errorf("afterwards %+v", n)
			}
		})
	}
}

// TestOneTimeLimit: units whose limit is above the lot's reserve sell down to the limit only, and do not cross below
// it.
func TestOneTimeLimit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		limit   string
		want    string // of the tranche
		crossed bool
	}{
		{"0", "0", true}, {"0.5", "0", true}, {"0.995", "0.995", true}, {"1", "1", true}, {"1.002", "1.002", false},
	} {
		t.Run(tt.limit, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, "1", "1")
			p := holder(h, 5_000_000, 0)
			o := oneTime(1_000_000, 1)
			o.Limit = wad(tt.limit)
			order(t, h, p, o)
			h.add(policy([]asset.Index{0, 1}, "0.5", "0.5"), 0, 1_000_000) // would cross half of it
			h.collect()
			h.cross()
			if crossed := len(h.out.Crosses) > 0; crossed != tt.crossed {
				t.Errorf("crossed %v", h.out.Crosses)
			}
			i := slices.IndexFunc(h.lots, func(l auction.Lot) bool { return l.Sell == 0 })
			if i < 0 || h.lots[i].Tranches[0].Limit != wad(tt.want) {
				t.Errorf("lots %+v, expected a limit of %s", h.lots, tt.want)
			}
		})
	}
}

// TestOneTimeKeepsSlippage: a one-time order has the owner's slippage, and in recovery it does not cross.
func TestOneTimeKeepsSlippage(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	p := holder(h, 5_000_000, 0)
	p.Policy.Limits.MaxSlippage, p.Policy.Bands = wad("0.004"), bands()
	p.State.Machine.Phase = band.Recovery
	p.Policy.Target.Kind, p.Policy.Target.Weights = 1, wads("0.5", "0.5") // far out, so that it does not re-arm
	p.Policy.Gains.Kp = wad("0.000001")
	order(t, h, p, oneTime(1_000_000, 1))
	h.collect()
	b := h.round.Books[0]
	if len(b.Tranches) != 1 || b.Tranches[0].Slippage != wad("0.002") || !b.Tranches[0].Crossable.IsZero() {
		t.Errorf("tranches %+v", b.Tranches)
	}
}

// TestCancelOneTime: at once when nothing is in the market; else when the slice is settled.
func TestCancelOneTime(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	p := holder(h, 5_000_000, 0)
	order(t, h, p, oneTime(1_000_000, 4))
	idle, err := p.State.CancelOneTime(7)
	if err != nil || len(idle.OneTime) != 0 || len(p.State.OneTime) != 1 {
		t.Fatalf("%+v, %v; before %+v", idle.OneTime, err, p.State.OneTime)
	}
	if _, err := idle.CancelOneTime(7); !errors.Is(err, cycle.ErrOneTime) {
		t.Errorf("a second time: %v", err)
	}
	h.collect()
	running, err := p.State.CancelOneTime(7)
	if err != nil || len(running.OneTime) != 1 || !running.OneTime[0].Cancelled {
		t.Fatalf("%+v, %v", running.OneTime, err)
	}
	p.State = running
	if _, err := p.State.AddOneTime(p.Policy, h.cfg.Universe, oneTime(1, 1)); !errors.Is(err, cycle.ErrOneTime) {
		t.Errorf("the id is still in use: %v", err)
	}
	h.cross()
	h.auction(h.atMid)
	h.settle()
	if len(p.State.OneTime) != 0 || !h.noted(cycle.OneTimeEnded) {
		t.Errorf("lives on: %+v", p.State.OneTime)
	}
	if got := p.State.Earmarked; !slices.Equal(got, []cycle.Earmark{{Asset: 1, Amount: fixed.NatOf(250_000)}}) {
		t.Errorf("earmarked %v", got)
	}
	h.now += day
	h.height++
	h.run(unsold)
	if len(h.out.Slices) != 0 {
		t.Errorf("slices after the end: %+v", h.out.Slices)
	}
}

// TestOneTimeWaits: while a portfolio cannot act, its one-time orders do not use up intervals.
func TestOneTimeWaits(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	p := holder(h, 5_000_000, 0)
	order(t, h, p, oneTime(1_000_000, 2))
	for _, outcome := range []cycle.Outcome{cycle.Paused, cycle.PriceMissing, cycle.NotDue} {
		p.State.Paused, h.prices[0].Status = outcome == cycle.Paused, 1
		if outcome == cycle.PriceMissing {
			h.prices[0].Status = 2
		}
		p.State.Decided, p.State.DecidedAt = outcome == cycle.NotDue, h.now
		h.run(unsold)
		if h.note(1).Outcome != outcome || p.State.OneTime[0].Slicing.Interval != 0 {
			t.Errorf("%v: %v, %+v", outcome, h.note(1), p.State.OneTime)
		}
	}
}
