package cycle_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// pair is a host with a seller and a buyer of A.
func pair(t *testing.T) *host {
	t.Helper()
	h := newHost(t, "1", "1")
	pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
	h.add(pol, 8_000_000, 2_000_000)
	h.add(pol, 4_000_000, 6_000_000)
	return h
}

// TestPhases: a round goes through its phases in order and waits between intervals.
func TestPhases(t *testing.T) {
	t.Parallel()
	h := pair(t)
	h.page = 1
	var seen []cycle.Phase
	watch := func() {
		if n := len(seen); n == 0 || seen[n-1] != h.round.Phase {
			seen = append(seen, h.round.Phase)
		}
	}
	watch()
	if !h.cfg.Due(&h.round, h.now) {
		t.Error("a first round is due at once")
	}
	h.step(0, 1)
	watch()
	h.step(1, 2)
	watch()
	h.cross()
	watch()
	h.auction(h.atMid)
	watch()
	h.settle()
	watch()
	want := []cycle.Phase{cycle.Idle, cycle.Collecting, cycle.Crossing, cycle.Auctioning, cycle.Settling, cycle.Idle}
	if !slices.Equal(seen, want) {
		t.Errorf("phases %v", seen)
	}
	if h.cfg.Due(&h.round, h.now) {
		t.Error("a second round is due in the same interval")
	}
	before := text(h.folios[0].State)
	h.out = cycle.Output{}
	h.step(0, 2)
	if h.round.Phase != cycle.Idle || text(h.folios[0].State) != before || len(h.out.Notes) != 0 {
		t.Errorf("a step that is not due did %+v", h.out)
	}
	h.now, h.height = noon+5*day, h.height+1 // missed intervals are one
	h.step(0, 2)
	if h.round.Number != 2 || h.round.FrozeAt != h.now {
		t.Errorf("round %d of %d", h.round.Number, h.round.FrozeAt)
	}
}

// TestOtherIntervals: whoever makes intervals longer or shorter, or moves their anchor, waits for the next of the new
// ones, neither for as many as there were of the old ones nor at all.
func TestOtherIntervals(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name             string
		interval, anchor int64
		next             int64 // seconds after noon
	}{
		{"the same", day, 0, day},
		{"ten times as long", 10 * day, noon - 9*day, day},
		{"an hour", 3_600, 0, 3_600},
		{"anchored later", day, noon + 100*day + 60, 60},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, "1", "1")
			p := h.add(policy([]asset.Index{0, 1}, "0.5", "0.5"), 1_000, 1_000)
			h.run(unsold)
			h.cfg.IntervalSeconds, h.cfg.AnchorSeconds = tt.interval, tt.anchor
			p.Policy.PeriodSeconds, p.Policy.AnchorSeconds = tt.interval, tt.anchor
			before := h.round
			for _, x := range []struct {
				now int64
				due bool
			}{{noon + tt.next - 1, false}, {noon + tt.next, true}} {
				if got := h.cfg.Due(&h.round, x.now); got != x.due {
					t.Errorf("%d s after noon: round due %v", x.now-noon, got)
				}
			}
			if got := h.cfg.Next(&h.round, noon+1); got != noon+tt.next {
				t.Errorf("next round %d s after noon, expected %d", got-noon, tt.next)
			}
			h.now = noon + tt.next
			h.collect()
			if h.note(1).Outcome == cycle.NotDue || h.cfg.Merged(&h.round, &before) != 1 {
				t.Errorf("%v, round of %d intervals", h.note(1), h.cfg.Merged(&h.round, &before))
			}
		})
	}
}

// TestSlots count from the anchor, before it as well.
func TestSlots(t *testing.T) {
	t.Parallel()
	h := pair(t)
	h.cfg.AnchorSeconds = noon + 1
	r := cycle.Round{Started: true, FrozeAt: noon}
	if h.cfg.Due(&r, noon) || !h.cfg.Due(&r, noon+1) {
		t.Error("expected an interval that ends at the anchor")
	}
}

// TestStepErrors: an input that does not fit changes nothing.
func TestStepErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		phase cycle.Phase
		spoil func(h *host)
		try   func(h *host) error
		want  error
	}{
		{"prices", cycle.Idle, func(h *host) { h.prices = h.prices[:1] }, nil, cycle.ErrInput},
		{"interval", cycle.Idle, func(h *host) { h.cfg.IntervalSeconds = 0 }, nil, cycle.ErrConfig},
		{"block time", cycle.Idle, func(h *host) { h.cfg.Auction.Pace.BlockSeconds = 0 }, nil, cycle.ErrConfig},
		{"no policy", cycle.Idle, func(h *host) { h.folios[1].Policy = nil }, nil, cycle.ErrInput},
		{"id zero", cycle.Idle, func(h *host) { h.folios[0].ID = 0 }, nil, cycle.ErrInput},
		{"order of ids", cycle.Idle, func(h *host) { h.folios[1].ID = 1 }, nil, cycle.ErrInput},
		{"unknown phase", cycle.Idle, func(h *host) { h.round.Phase = 9; h.round.Frozen = h.prices }, nil, cycle.ErrInput},
		{"supply beyond 2^128", cycle.Idle, func(h *host) {
			u, _ := asset.NewUniverse([]asset.Asset{{ID: "A", Exponent: 18}, {ID: "B"}, {ID: "C"}})
			h.cfg.Universe, h.prices = u, append(h.prices, h.prices[1])
			h.prices[0].Value = wad("0.00000001")
			for i, a := range []asset.Index{1, 2} {
				h.folios[i].Policy = policy([]asset.Index{0, a}, "0", "1")
				h.hold(&h.folios[i], fixed.MaxNat().Raw())
			}
		}, nil, settle.ErrMovement},
		{"page again", cycle.Collecting, nil, func(h *host) error { return h.try(0, 1) }, cycle.ErrInput},
		{"same block", cycle.Crossing, nil, func(h *host) error { return h.try(0, 0) }, cycle.ErrTime},
		{
			"time back", cycle.Crossing, func(h *host) { h.now -= 60; h.height++ },
			func(h *host) error { return h.try(0, 0) }, cycle.ErrTime,
		},
		{
			"assets changed", cycle.Crossing, func(h *host) { h.height++; h.round.Frozen = h.round.Frozen[:1] },
			func(h *host) error { return h.try(0, 0) }, cycle.ErrInput,
		},
		{"unknown lot", cycle.Auctioning, func(h *host) { h.lots[0].ID++ }, nil, cycle.ErrInput},
		{
			"open lot", cycle.Auctioning, nil, func(h *host) error { return h.try(0, 0, cycle.Closed{Lot: h.lots[0]}) },
			cycle.ErrInput,
		},
		{"other units", cycle.Auctioning, nil, func(h *host) error {
			lot := h.lots[0]
			lot.Cancel()
			lot.Tranches = []auction.Tranche{{Units: fixed.NatOf(1)}}
			return h.try(0, 0, cycle.Closed{Lot: lot})
		}, cycle.ErrInput},
		{"oversold", cycle.Auctioning, nil, func(h *host) error {
			lot := h.lots[0]
			lot.Cancel()
			lot.Tranches = slices.Clone(lot.Tranches)
			lot.Tranches[0].Sold = fixed.MaxNat()
			return h.try(0, 0, cycle.Closed{Lot: lot})
		}, cycle.ErrInput},
		{"paid for nothing", cycle.Auctioning, nil, func(h *host) error {
			lot := h.lots[0]
			lot.Cancel()
			lot.Tranches = slices.Clone(lot.Tranches)
			lot.Tranches[0].Proceeds = fixed.NatOf(1)
			return h.try(0, 0, cycle.Closed{Lot: lot})
		}, cycle.ErrInput},
		{"opening beyond the lot", cycle.Auctioning, nil, func(h *host) error {
			closed := h.close(&h.lots[0], h.atMid)
			closed.Opening = wad("1.01")
			return h.try(0, 0, closed)
		}, cycle.ErrInput},
		{"width rule", cycle.Auctioning, func(h *host) {
			h.round.Spreads = []cycle.PairSpread{{Sell: 0, Buy: 1, Spread: auction.Spread{Reserve: fixed.Max()}}}
			h.cfg.Auction.Width.Base = fixed.Max().Neg()
		}, nil, auction.ErrWidth},
		{"page out of order", cycle.Settling, func(h *host) { h.round.Last = 9 }, nil, cycle.ErrInput},
		{"order lost", cycle.Settling, func(h *host) { h.folios[0].State.Orders = nil }, nil, cycle.ErrBook},
		{
			"order of another round", cycle.Settling, func(h *host) { h.folios[0].State.Orders[0].Tranche = 3 }, nil,
			cycle.ErrBook,
		},
		{
			"order out of its line", cycle.Settling,
			func(h *host) { h.folios[0].State.Orders[0].Offset = fixed.MaxNat() }, nil,
			cycle.ErrBook,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := pair(t)
			h.advance(tt.phase)
			if tt.spoil != nil {
				tt.spoil(h)
			}
			before := text(h.round)
			var err error
			switch {
			case tt.try != nil:
				err = tt.try(h)
			case tt.phase == cycle.Auctioning:
				err = h.try(0, 0, h.close(&h.lots[0], h.atMid))
			default:
				err = h.try(0, len(h.folios))
			}
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Fatalf("expected %v, got %v", tt.want, err)
			}
			if text(h.round) != before {
				t.Error("the round changed")
			}
		})
	}
}

// advance takes a fresh host to a phase.
func (h *host) advance(to cycle.Phase) {
	if to == cycle.Idle {
		return
	}
	if to == cycle.Collecting {
		h.step(0, 1)
		return
	}
	h.collect()
	if to == cycle.Crossing {
		return
	}
	h.cfg.Crossing.Off = true
	h.cross()
	if to == cycle.Settling {
		h.auction(h.atMid)
	}
}

// TestFailuresStayAlone: whatever happens to one portfolio, its neighbours do exactly what they do without it.
func TestFailuresStayAlone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spoil func(h *host, p *cycle.Portfolio)
	}{
		{"overflow of values", func(h *host, p *cycle.Portfolio) { h.hold(p, fixed.MaxNat().Raw()) }},
		{"overflow of flows", func(h *host, p *cycle.Portfolio) { h.hold(p, wad("40")) }}, // 4e13 of value
		{"no price", func(h *host, p *cycle.Portfolio) { h.prices[2].Status = oracle.StatusUnspecified }},
		{"no interval", func(_ *host, p *cycle.Portfolio) { p.Policy.PeriodSeconds = 0 }},
		{"no positions", func(_ *host, p *cycle.Portfolio) { p.Policy.Assets = nil }},
		{"unknown asset", func(_ *host, p *cycle.Portfolio) { p.Policy.Assets = []asset.Index{0, 9} }},
		{"assets out of order", func(_ *host, p *cycle.Portfolio) { p.Policy.Assets = []asset.Index{2, 0} }},
		{"minimum balances", func(_ *host, p *cycle.Portfolio) { p.Policy.Limits.MinBalances = units(1) }},
		{"huge minimum", func(_ *host, p *cycle.Portfolio) {
			p.Policy.Limits.MinBalances = []asset.Amount{{}, fixed.MaxNat()}
		}},
		{"mode", func(_ *host, p *cycle.Portfolio) { p.Policy.Mode = 77 }},
		{"thresholds", func(_ *host, p *cycle.Portfolio) {
			p.Policy.Trigger = trigger.Config{Mode: trigger.Absolute, Threshold: wad("0.1"), Thresholds: wads("1")}
		}},
		{"gains", func(_ *host, p *cycle.Portfolio) { p.Policy.Gains.Kp = fixed.Max() }},
		{"smallest order", func(_ *host, p *cycle.Portfolio) { p.Policy.Limits.MinOrder = fixed.Max().Neg() }},
		{"state", func(_ *host, p *cycle.Portfolio) { p.State = cycle.State{} }},
		{"price beyond", func(h *host, _ *cycle.Portfolio) { h.prices[2].Value = fixed.Max() }},
		{"values beyond", func(h *host, p *cycle.Portfolio) {
			p.Policy.Assets = []asset.Index{2, 3}
			h.prices[2].Value, h.prices[3].Value = fixed.Max(), fixed.Max()
			for a := range asset.Index(2) {
				h.balances[account{settle.Account{Kind: settle.Portfolio, ID: 2}, 2 + a}] = fixed.FromRaw(1_000_000)
			}
		}},
		{"volatility", func(h *host, p *cycle.Portfolio) {
			p.Policy.Target = target.Schedule{Kind: target.InverseVol, Weights: wads("0.5", "0.5")}
			h.prices[2].Sigma = wad("-1")
		}},
		{"target", func(_ *host, p *cycle.Portfolio) { p.Policy.Target.Weights = wads("2", "-1") }},
		{"sum of payments", func(_ *host, p *cycle.Portfolio) {
			pay := project.Payment{Asset: 2, Amount: fixed.MaxNat(), Schedule: project.Schedule{First: noon}}
			p.Policy.Payments = []project.Payment{pay, pay}
		}},
		{"payment of another asset", func(_ *host, p *cycle.Portfolio) {
			p.Policy.Payments = []project.Payment{{Asset: 1, Amount: fixed.MaxNat(), Schedule: project.Schedule{First: noon}}}
		}},
		{"payment without end", func(_ *host, p *cycle.Portfolio) {
			p.Policy.Payments = []project.Payment{{
				Asset: 2, Amount: fixed.NatOf(1), Schedule: project.Schedule{First: noon, EverySeconds: -1},
			}}
		}},
		{"priority", func(_ *host, p *cycle.Portfolio) {
			p.Policy.Limits.MinBalances, p.Policy.Priority = units(0, 4_000_000), []uint8{7, 7}
		}},
		{"budget", func(_ *host, p *cycle.Portfolio) { p.Policy.Budget.Cap = wad("0.1") }},
		{"largest weight", func(_ *host, p *cycle.Portfolio) {
			p.Policy.Limits.MaxWeights = []fixed.Wad{fixed.Max(), fixed.Max()}
		}},
		{"bands", func(_ *host, p *cycle.Portfolio) {
			p.Policy.Bands = bands()
			p.Policy.Bands.Estimator, p.Policy.Bands.HorizonDays = band.Increments, 0
		}},
		{"carried", func(_ *host, p *cycle.Portfolio) {
			o := oneTime(1, 2)
			o.Slicing.Carried = fixed.NatOf(2)
			p.State.OneTime = []cycle.OneTime{o}
		}},
		{"one-time order", func(_ *host, p *cycle.Portfolio) {
			p.State.OneTime = []cycle.OneTime{{ID: 1, Sell: 0, Buy: 2}, {ID: 2, Sell: 7, Buy: 9}}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			run := func(with bool) string {
				h := newHost(t, "1", "1", "1", "1")
				shared := policy([]asset.Index{0, 1}, "0.5", "0.5")
				h.add(shared, 8_000_000, 2_000_000)
				odd := h.add(policy([]asset.Index{0, 2}, "0.9", "0.1"), 0, 5_000_000)
				h.add(shared, 4_000_000, 6_000_000)
				if with {
					tt.spoil(h, odd)
				} else {
					odd.State.Paused = true
				}
				h.out = cycle.Output{}
				h.collect()
				if n := h.note(2); with && n.Outcome == cycle.Failed && n.Err == nil {
					t.Errorf("failed without a reason: %+v", n)
				}
				h.cross()
				h.auction(func(lot *auction.Lot) (units, proceeds asset.Amount) {
					if max(lot.Buy, lot.Sell) >= 2 {
						return asset.Amount{}, asset.Amount{}
					}
					return h.atMid(lot)
				})
				h.settle()
				var b strings.Builder
				for _, i := range []int{0, 2} {
					b.WriteString(text(h.folios[i].State) + text(h.holdings(&h.folios[i])))
				}
				return b.String()
			}
			if with, without := run(true), run(false); with != without {
				t.Errorf("neighbours did\n%s\nand without it\n%s", with, without)
			}
		})
	}
}

// hold gives a portfolio a raw count of its first asset.
func (h *host) hold(p *cycle.Portfolio, raw fixed.Wad) {
	h.balances[account{settle.Account{Kind: settle.Portfolio, ID: p.ID}, p.Policy.Assets[0]}] = raw
}

// TestControllerCannotLearn: fills are paid all the same; the controller starts anew.
func TestControllerCannotLearn(t *testing.T) {
	t.Parallel()
	h := pair(t)
	h.advance(cycle.Settling)
	h.folios[0].State.Controller.Assets = h.folios[0].State.Controller.Assets[:1]
	h.settle()
	if !h.noted(cycle.Settled) || !h.noted(cycle.Failed) {
		t.Errorf("notes %+v", h.out.Notes)
	}
	if got := h.holdings(&h.folios[0]); !slices.Equal(got, units(5_000_000, 5_000_000)) {
		t.Errorf("holds %v", got)
	}
	if h.folios[0].State.Controller.Ran || !h.folios[1].State.Controller.Ran {
		t.Error("the controller remembers, or the neighbour's forgets")
	}
}

// TestWhalesCross: flows beyond the words that netting counts in neither stop a round nor lose a unit.
func TestWhalesCross(t *testing.T) {
	t.Parallel()
	for _, price := range []string{"1", "2000000"} { // at the second, the pair's value is no word any more
		h := newHost(t, "1", "1")
		for range 3 {
			for k := range 2 {
				pol := policy([]asset.Index{0, 1}, "0.5", "0.5")
				h.add(pol, 2*uint64(1-k)*9_000_000_000_000_000_000, 2*uint64(k)*9_000_000_000_000_000_000)
			}
		}
		h.collect()
		h.prices[0], h.prices[1] = good(wad(price)), good(wad(price))
		h.cfg.Crossing.Gate.Deviations = wad("1000000000")
		h.cross()
		if price == "1" && len(h.out.Crosses) != 2 {
			t.Errorf("crossed %+v", h.out.Crosses)
		}
		h.auction(h.atMid)
		h.settle()
	}
}

// TestDeadPrices: a round whose prices die between freeze and crossing returns everything unsold.
func TestDeadPrices(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		kill func(p *oracle.Price)
	}{
		{"no quorum", func(p *oracle.Price) { p.Status = oracle.StatusNoQuorum }},
		{"zero", func(p *oracle.Price) { p.Value = fixed.Wad{} }},
		{"negative", func(p *oracle.Price) { p.Value = wad("-1") }},
		{"tiny", func(p *oracle.Price) { p.Value = fixed.FromRaw(1) }},
		{"beyond", func(p *oracle.Price) { p.Value = fixed.Max() }},
		{"confidence", func(p *oracle.Price) { p.Confidence = fixed.Max() }},
		{"age", func(p *oracle.Price) { p.AgeSeconds = 1 << 62 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := pair(t)
			h.collect()
			tt.kill(&h.prices[1])
			h.cross()
			if len(h.out.Crosses) != 0 {
				t.Errorf("crossed %+v", h.out.Crosses)
			}
			h.auction(unsold)
			h.settle()
			for i, want := range [][]asset.Amount{units(8_000_000, 2_000_000), units(4_000_000, 6_000_000)} {
				if got := h.holdings(&h.folios[i]); !slices.Equal(got, want) {
					t.Errorf("portfolio %d holds %v", i+1, got)
				}
			}
		})
	}
}
