package cycle_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/surface"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// bands are static ones: 5 % and 25 % of the target.
func bands() band.Config {
	cfg := band.Default()
	cfg.Estimator = band.Static
	return cfg
}

// TestOutcomes has one case for every outcome of a decision. The portfolio holds 80 of A and 20 of B at prices of one,
// and wants halves.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	type change func(h *host, p *cycle.Portfolio, pol *cycle.Policy)
	for _, tt := range []struct {
		name   string
		change change
		want   cycle.Outcome
		check  func(n cycle.Note) bool
	}{
		{"ordered", func(*host, *cycle.Portfolio, *cycle.Policy) {}, cycle.Ordered, func(n cycle.Note) bool {
			return n.Reason == trigger.EveryInterval
		}},
		{"held", func(_ *host, _ *cycle.Portfolio, pol *cycle.Policy) {
			pol.Trigger = trigger.Config{Mode: trigger.Absolute, Threshold: wad("0.4")}
		}, cycle.Held, func(n cycle.Note) bool { return n.Reason == trigger.BelowThreshold }},
		{"held with an integral", func(_ *host, _ *cycle.Portfolio, pol *cycle.Policy) {
			pol.Trigger = trigger.Config{Mode: trigger.Absolute, Threshold: wad("0.4")}
			pol.Gains.Ki = wad("0.01")
		}, cycle.Held, nil},
		{"not due", func(h *host, p *cycle.Portfolio, _ *cycle.Policy) {
			p.State.Decided, p.State.DecidedAt = true, h.now
		}, cycle.NotDue, nil},
		{"clamped by a minimum order", func(_ *host, _ *cycle.Portfolio, pol *cycle.Policy) {
			pol.Limits.MinOrder = fixed.FromInt(31)
		}, cycle.Clamped, func(n cycle.Note) bool { return n.Clamp.Has(project.ClampMinOrder) }},
		{"clamped by a base unit", func(h *host, _ *cycle.Portfolio, _ *cycle.Policy) {
			h.balances[account{settle.Account{Kind: settle.Portfolio, ID: 1}, 0}] = fixed.FromRaw(1)
			h.prices[0].Value = wad("1000000000") // a base unit is worth 1,000
		}, cycle.Clamped, func(n cycle.Note) bool { return n.Clamp.Has(project.ClampMinOrder) }},
		{"price missing", func(h *host, _ *cycle.Portfolio, _ *cycle.Policy) {
			h.prices[1].Status = oracle.StatusNoQuorum
		}, cycle.PriceMissing, func(n cycle.Note) bool { return n.HasAsset && n.Asset == 1 }},
		{"price zero", func(h *host, _ *cycle.Portfolio, _ *cycle.Policy) {
			h.prices[1].Value = fixed.Wad{}
		}, cycle.PriceMissing, nil},
		{"price tripped", func(h *host, _ *cycle.Portfolio, _ *cycle.Policy) {
			h.prices[0].Status = oracle.StatusTripped
		}, cycle.PriceTripped, nil},
		{"price stale", func(h *host, _ *cycle.Portfolio, pol *cycle.Policy) {
			pol.Limits.MaxPriceAgeSeconds, h.prices[0].AgeSeconds = 60, 61
		}, cycle.PriceStale, nil},
		{"price just fresh", func(h *host, _ *cycle.Portfolio, pol *cycle.Policy) {
			pol.Limits.MaxPriceAgeSeconds, h.prices[0].AgeSeconds = 60, 60
		}, cycle.Ordered, nil},
		{"empty", func(h *host, _ *cycle.Portfolio, _ *cycle.Policy) { clear(h.balances) }, cycle.Empty, nil},
		{"below minimum", func(_ *host, _ *cycle.Portfolio, pol *cycle.Policy) {
			pol.Limits.MinNAV = wad("100.000000000000000001")
		}, cycle.BelowMinimum, nil},
		{"band halted", func(_ *host, p *cycle.Portfolio, pol *cycle.Policy) {
			pol.Bands, p.State.Machine.Phase = bands(), band.Armed
		}, cycle.BandHalted, func(n cycle.Note) bool { return n.HasAsset && n.Asset == 0 }},
		{"bands converging", func(_ *host, _ *cycle.Portfolio, pol *cycle.Policy) {
			pol.Bands = bands()
		}, cycle.Ordered, nil},
		{"bands off again", func(_ *host, p *cycle.Portfolio, _ *cycle.Policy) {
			p.State.Machine.Phase = band.Halted
		}, cycle.Ordered, nil},
		{"budget halted", func(h *host, p *cycle.Portfolio, pol *cycle.Policy) {
			pol.Budget = settle.DefaultBudget()
			p.State.Budget = settle.Budget{Spent: wad("0.02"), Time: h.now, Halted: true}
		}, cycle.BudgetHalted, nil},
		{"paused", func(_ *host, p *cycle.Portfolio, _ *cycle.Policy) { p.State = p.State.Pause() }, cycle.Paused, nil},
		{"busy", func(_ *host, p *cycle.Portfolio, _ *cycle.Policy) {
			p.State.Orders = []cycle.Order{{Sell: 0, Buy: 1, Units: fixed.NatOf(1)}}
		}, cycle.Busy, nil},
		{"failed for its policy", func(_ *host, _ *cycle.Portfolio, pol *cycle.Policy) {
			pol.PeriodSeconds = 0
		}, cycle.Failed, func(n cycle.Note) bool { return errors.Is(n.Err, cycle.ErrPolicy) }},
		{"failed for its state", func(_ *host, p *cycle.Portfolio, _ *cycle.Policy) {
			p.State.Controller.Assets = nil
		}, cycle.Failed, func(n cycle.Note) bool { return errors.Is(n.Err, cycle.ErrPortfolio) }},
		{"failed for its target", func(_ *host, _ *cycle.Portfolio, pol *cycle.Policy) {
			pol.Target.Kind = target.KindUnspecified
		}, cycle.Failed, func(n cycle.Note) bool { return errors.Is(n.Err, target.ErrKind) }},
		{"failed for its size", func(h *host, _ *cycle.Portfolio, _ *cycle.Policy) {
			h.balances[account{settle.Account{Kind: settle.Portfolio, ID: 1}, 0}] = fixed.MaxNat().Raw()
			h.prices[0].Value = wad("1000")
		}, cycle.Failed, func(n cycle.Note) bool { return n.Err != nil }},
		{"failed for its flows", func(h *host, _ *cycle.Portfolio, _ *cycle.Policy) {
			h.balances[account{settle.Account{Kind: settle.Portfolio, ID: 1}, 0}] = wad("40")
			h.prices[0].Value = wad("1000000")
		}, cycle.Failed, func(n cycle.Note) bool { return errors.Is(n.Err, fixed.ErrOverflow) }},
		{"failed for its mode", func(_ *host, _ *cycle.Portfolio, pol *cycle.Policy) {
			pol.Mode = 99
		}, cycle.Failed, func(n cycle.Note) bool { return errors.Is(n.Err, surface.ErrMode) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, "1", "1")
			pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
			p := h.add(pol, 80_000_000, 20_000_000)
			tt.change(h, p, pol)
			before := text(p.State)
			h.collect()
			n := h.note(1)
			if n.Outcome != tt.want || tt.check != nil && !tt.check(n) {
				t.Fatalf("expected %v, got %+v", tt.want, n)
			}
			placed := tt.want == cycle.Ordered
			if placed != (len(h.round.Books) > 0) || placed != (len(h.out.Transfers) > 0) {
				t.Errorf("%v with books %v and transfers %v", tt.want, h.round.Books, h.out.Transfers)
			}
			if tt.want == cycle.Failed && text(p.State) != before {
				t.Errorf("state after a failure\n%+v, expected\n%s", p.State, before)
			}
			due := tt.want != cycle.NotDue && tt.want != cycle.Paused && tt.want != cycle.Busy
			if due != (len(h.out.Decisions) == 1) {
				t.Errorf("decisions %+v", h.out.Decisions)
			}
		})
	}
}

// TestHaltsForget: after a halt nothing that was under way goes on (spec 01 §1.6).
func TestHaltsForget(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		halt func(h *host, p *cycle.Portfolio)
	}{
		{"weights", func(_ *host, p *cycle.Portfolio) { p.State.Machine.Phase = band.Armed }},
		{"breaker", func(h *host, _ *cycle.Portfolio) { h.prices[0].Status = oracle.StatusTripped }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, "1", "1")
			pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
			pol.Bands, pol.Trigger.Inner = bands(), wad("0.01")
			p := h.add(pol, 80_000_000, 20_000_000)
			p.State.Controller.Ran, p.State.Controller.Last = true, h.now-day
			p.State.Controller.Assets[0].I, p.State.Controller.Assets[0].Seen = wad("0.03"), true
			p.State.Trigger = trigger.State{Ran: true, Active: true, Fires: 3}
			tt.halt(h, p)
			h.collect()
			if p.State.Machine.Phase != band.Halted {
				t.Fatalf("expected a halt, got %+v", p.State.Machine)
			}
			if p.State.Controller.Ran || p.State.Controller.Assets[0].Seen || !p.State.Controller.Assets[0].I.IsZero() {
				t.Errorf("the controller remembers %+v", p.State.Controller)
			}
			if p.State.Trigger.Active || p.State.Trigger.Fires != 0 || !p.State.Trigger.Ran {
				t.Errorf("the trigger remembers %+v", p.State.Trigger)
			}
		})
	}
}

// TestRecovery: a portfolio that recovers from a halt sells a quarter, with half of the slippage, and does not cross.
func TestRecovery(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
	pol.Bands, pol.Limits.MaxSell, pol.Limits.MaxSlippage = bands(), wad("0.1"), wad("0.03")
	p := h.add(pol, 80_000_000, 20_000_000)
	p.State.Machine.Phase = band.Recovery
	other := *pol
	other.Limits.MaxSlippage = fixed.Wad{}
	h.add(&other, 80_000_000, 20_000_000).State.Machine.Phase = band.Recovery
	h.collect()
	b := h.round.Books[0]
	if len(b.Tranches) != 2 || b.Tranches[0].Slippage != wad("0.015") || b.Tranches[1].Slippage != wad("0.1") {
		t.Fatalf("tranches %+v", b.Tranches)
	}
	for _, tr := range b.Tranches {
		if tr.Units == fixed.NatOf(0) || !tr.Crossable.IsZero() {
			t.Errorf("tranche %+v", tr)
		}
	}
	if b.Tranches[0].Units != fixed.NatOf(2_500_000) {
		t.Errorf("sells %v of 100, expected a quarter of a tenth", b.Tranches[0].Units)
	}
}

// TestForcedFill: what is below its minimum is bought although the trigger rests.
func TestForcedFill(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
	pol.Trigger = trigger.Config{Mode: trigger.Absolute, Threshold: wad("0.4")}
	pol.Limits.MinBalances = units(0, 30_000_000)
	p := h.add(pol, 80_000_000, 20_000_000)
	h.run(h.atMid)
	if h.note(1).Outcome != cycle.Ordered || !h.note(1).Clamp.Has(project.ClampForcedBuy) {
		t.Errorf("note %+v", h.note(1))
	}
	if got := h.holdings(p); !slices.Equal(got, units(70_000_000, 30_000_000)) {
		t.Errorf("holds %v", got)
	}
	pol.Limits.MinBalances, pol.Limits.MaxWeights, pol.Target.Weights = nil, wads("0", "0.25"), wads("0.8", "0.2")
	h.run(h.atMid)
	if got := h.holdings(p); !slices.Equal(got, units(75_000_000, 25_000_000)) {
		t.Errorf("holds %v after a cap of a quarter", got)
	}
}

func TestOutcomeText(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for o := cycle.OutcomeUnspecified; o <= cycle.OrderRefused; o++ {
		if s := o.String(); s == "" || seen[s] {
			t.Errorf("outcome %d is %q", o, s)
		}
		seen[o.String()] = true
	}
	if cycle.Outcome(250).String() != "unknown outcome" || cycle.Phase(9).String() != "unknown phase" {
		t.Error("unknown values have no name")
	}
}
