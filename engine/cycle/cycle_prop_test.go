package cycle_test

import (
	"errors"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// copyOf is a host that goes on from here on its own.
func (h *host) copyOf(t tester) *host {
	c := *h
	c.tester, c.ws = t, &cycle.Workspace{}
	c.folios = slices.Clone(h.folios)
	c.sales = slices.Clone(h.sales)
	c.prices = slices.Clone(h.prices)
	c.lots = slices.Clone(h.lots)
	c.balances = maps.Clone(h.balances)
	c.out = cycle.Output{}
	return &c
}

// world is everything that a round may change, as text.
func (h *host) world() string {
	var b []string
	for i := range h.folios {
		b = append(b, text(h.folios[i].State), text(h.holdings(&h.folios[i])))
	}
	return text(h.round) + text(h.lots) + text(h.sales) + text(b)
}

// difference shows where two texts part.
func difference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	part := func(s string) string { return s[max(0, i-200):min(len(s), i+100)] }
	return part(a) + "\nand\n" + part(b)
}

// supply adds up all units of an asset, wherever they are.
func (h *host) supply(a asset.Index) fixed.Wad {
	var c fixed.Calc
	var sum fixed.Wad
	for at, units := range h.balances {
		if at.asset == a {
			sum = c.Add(sum, units)
		}
	}
	return sum
}

// TestConservation: whatever portfolios want and whoever bids, no unit appears or vanishes, nobody but the outside owes
// (apply), escrows and lots are empty between rounds (settle), and orders own what escrows hold in between.
func TestConservation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := drawHost(t)
		var supplies []fixed.Wad
		for a := range h.prices {
			supplies = append(supplies, h.supply(asset.Index(a)))
		}
		for range rapid.IntRange(1, 4).Draw(t, "rounds") {
			h.out = cycle.Output{}
			h.collect()
			h.checkOwned(t)
			movePrices(t, h)
			h.cross()
			h.checkOwned(t)
			h.auction(drawSale(t, h))
			h.checkOwned(t)
			h.settle()
			for a, want := range supplies {
				if got := h.supply(asset.Index(a)); got != want {
					t.Fatalf("asset %d: %v units, expected %v", a, got.Big(), want.Big())
				}
			}
			for _, n := range h.out.Notes {
				if n.Outcome == cycle.Failed && !errors.Is(n.Err, fixed.ErrOverflow) { // a jump may make a portfolio too rich
					t.Fatalf("portfolio %d: %v", n.Portfolio, n.Err)
				}
			}
			h.now, h.height = h.now+day-block, h.height+1
			movePrices(t, h)
		}
	})
}

// orders are those of portfolios and of sellers in the market.
func (h *host) orders() []cycle.Order {
	var list []cycle.Order
	for i := range h.folios {
		list = append(list, h.folios[i].State.Orders...)
	}
	for i := range h.sales {
		if h.sales[i].Placed {
			list = append(list, h.sales[i].Order)
		}
	}
	return list
}

// checkOwned compares what orders own with what escrow and lots hold.
func (h *host) checkOwned(t *rapid.T) {
	var c fixed.Calc
	owned := make([]fixed.Wad, len(h.prices))
	for _, o := range h.orders() {
		var lot *auction.Lot
		for j := range h.lots {
			if h.lots[j].ID == h.round.LotOf(o.Sell, o.Buy) {
				lot = &h.lots[j]
			}
		}
		sell, buy := h.round.Owned(&c, &o, lot)
		owned[o.Sell] = c.Add(owned[o.Sell], sell.Raw())
		owned[o.Buy] = c.Add(owned[o.Buy], buy.Raw())
	}
	for at, units := range h.balances {
		if at.Kind == settle.Escrow || at.Kind == settle.Lot {
			owned[at.asset] = c.Sub(owned[at.asset], units)
		}
	}
	for a, left := range owned {
		if !left.IsZero() || c.Err() != nil {
			t.Fatalf("%v: orders own %v units of asset %d too many: %v", h.round.Phase, left.Big(), a, c.Err())
		}
	}
}

// rounds plays a whole round, with prices that move and a sale of everything at the mid.
func (h *host) rounds(n int) {
	for range n {
		h.run(h.atMid)
	}
}

// TestPages: a round does not depend on how its portfolios are cut into pages.
func TestPages(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := drawHost(t)
		one := h.copyOf(t)
		one.page = rapid.IntRange(1, 3).Draw(t, "page")
		h.rounds(2)
		one.rounds(2)
		h.out.Transfers, one.out.Transfers = nil, nil // of single steps
		if h.world() != one.world() || text(h.out) != text(one.out) {
			t.Fatalf("pages of %d: %s", one.page, difference(h.world(), one.world()))
		}
	})
}

// TestSameInputSameOutput: the workspace remembers nothing, and threads do not matter.
func TestSameInputSameOutput(t *testing.T) { //nolint:paralleltest // it changes GOMAXPROCS
	rapid.Check(t, func(t *rapid.T) {
		h := drawHost(t)
		again := h.copyOf(t)
		other := drawHost(t) // something else passes through the workspace first
		other.rounds(1)
		again.ws = other.ws
		h.rounds(2)
		before := runtime.GOMAXPROCS(1)
		again.rounds(2)
		runtime.GOMAXPROCS(before)
		if h.world() != again.world() {
			t.Fatal(difference(h.world(), again.world()))
		}
	})
}

// TestInputIsNotChanged: a step leaves its arguments alone, and its output survives the next step.
func TestInputIsNotChanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := drawHost(t)
		watch := func(step func()) {
			round, folios := h.round, slices.Clone(h.folios)
			for i := range folios {
				folios[i].Holdings = nil
			}
			before := text(round) + text(states(folios))
			step()
			if after := text(round) + text(states(folios)); after != before {
				t.Fatalf("a step changed its input: %s", difference(before, after))
			}
		}
		for range 2 {
			watch(h.collect)
			watch(h.cross)
			watch(func() { h.auction(drawSale(t, h)) })
			watch(h.settle)
			h.now, h.height = h.now+day, h.height+1
		}
	})
}

func states(folios []cycle.Portfolio) []cycle.State {
	list := make([]cycle.State, len(folios))
	for i := range folios {
		list[i] = folios[i].State
	}
	return list
}

// TestOutputSurvives: what a step returned does not change when its workspace is used again.
func TestOutputSurvives(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := drawHost(t)
		for i := range h.folios {
			h.folios[i].Holdings = h.holdings(&h.folios[i])
		}
		_, out, err := cycle.Step(h.ws, &h.cfg, cycle.Round{}, cycle.Input{
			Now: h.now, Height: 1, Prices: h.prices, Portfolios: h.folios, LastPage: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		before := text(out)
		other := drawHost(t)
		other.ws = h.ws
		other.rounds(1)
		if text(out) != before {
			t.Fatal("the output changed")
		}
	})
}

// TestOrderOfIDs: the books do not depend on the ids, and who has the lower one gets more by no more than base units
// are worth, a few for every order.
func TestOrderOfIDs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := drawHost(t)
		turned := h.copyOf(t)
		n := len(h.folios)
		turned.balances = map[account]fixed.Wad{}
		for i := range h.folios {
			turned.folios[i] = h.folios[n-1-i]
			turned.folios[i].ID = uint64(i) + 1
		}
		for at, units := range h.balances {
			if at.Kind == settle.Portfolio {
				at.ID = uint64(n) + 1 - at.ID
			}
			turned.balances[at] = units
		}
		h.collect()
		turned.collect()
		if text(flowsOf(&h.round)) != text(flowsOf(&turned.round)) {
			t.Fatalf("books %+v and %+v", h.round.Books, turned.round.Books)
		}
		h.cross()
		turned.cross()
		h.auction(h.atMid)
		turned.auction(turned.atMid)
		h.settle()
		turned.settle()
		var c fixed.Calc
		var coarsest fixed.Wad
		worth := func(a asset.Index, units fixed.Wad) fixed.Wad {
			return asset.ValueUp(&c, c.Nat(units.Abs()), h.prices[a].Value, h.cfg.Universe.At(a).Exponent)
		}
		for a := range h.prices {
			coarsest = coarsest.Max(worth(asset.Index(a), fixed.FromRaw(1)))
		}
		for i := range h.folios {
			a, b := h.holdings(&h.folios[i]), turned.holdings(&turned.folios[n-1-i])
			for k, at := range h.folios[i].Policy.Assets {
				if more := worth(at, c.Sub(a[k].Raw(), b[k].Raw())); c.MulInt(coarsest, int64(4*n*n)).Less(more) {
					t.Fatalf("portfolio %d holds %v or, with another id, %v", i+1, a, b)
				}
			}
		}
		if c.Err() != nil {
			t.Fatal(c.Err())
		}
	})
}

// TestLimitsHold: no portfolio sells more than its cap, breaks a minimum balance, or orders less than its minimum; and
// at the prices of the decision its orders bring it nearer to its target.
func TestLimitsHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := drawHost(t)
		h.collect()
		for i := range h.folios {
			p := &h.folios[i]
			var c fixed.Calc
			var sold, nav fixed.Wad
			outside := map[uint64]bool{}
			for _, o := range p.State.OneTime {
				outside[o.ID] = o.OutsideCap
			}
			for _, o := range p.State.Orders {
				e := h.cfg.Universe.At(o.Sell).Exponent
				value := asset.ValueDown(&c, o.Units, h.prices[o.Sell].Value, e)
				if !outside[o.OneTime] || o.OneTime == 0 {
					sold = c.Add(sold, value)
				}
			}
			if at := slices.IndexFunc(h.out.Decisions, func(r cycle.Record) bool { return r.Portfolio == p.ID }); at >= 0 {
				nav = h.out.Decisions[at].NAV
			}
			most := nav
			if !p.Policy.Limits.MaxSell.IsZero() {
				most = c.MulDown(p.Policy.Limits.MaxSell, nav)
			}
			if most.Less(sold) {
				t.Fatalf("portfolio %d sells %v of %v, at most %v", p.ID, sold, nav, most)
			}
			h.checkBalances(t, p)
			if c.Err() != nil {
				t.Fatal(c.Err())
			}
		}
	})
}

// checkBalances: the controller leaves minimum balances alone, and what is left for one-time orders.
func (h *host) checkBalances(t *rapid.T, p *cycle.Portfolio) {
	if len(p.State.OneTime) > 0 || len(p.Policy.Limits.MinBalances) == 0 {
		return // the owner's own orders may break his minimum
	}
	for k, have := range h.holdings(p) {
		a := p.Policy.Assets[k]
		var given asset.Amount
		var c fixed.Calc
		for _, o := range p.State.Orders {
			if o.Sell == a {
				given = c.AddNat(given, o.Units)
			}
		}
		if !given.IsZero() && have.Less(p.Policy.Limits.MinBalances[k]) {
			t.Fatalf("portfolio %d keeps %v of asset %d, at least %v", p.ID, have, a, p.Policy.Limits.MinBalances[k])
		}
	}
}

// FuzzRound is conservation with inputs that the fuzzer chooses.
func FuzzRound(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		h := drawHost(t)
		for range 2 {
			h.collect()
			movePrices(t, h)
			h.cross()
			h.checkOwned(t)
			h.auction(drawSale(t, h))
			h.settle()
			h.now, h.height = h.now+day, h.height+1
		}
	}))
}

// drawPlain draws a portfolio of a drawn host whose policy Glance may look at, near its target as often as not.
func drawPlain(t *rapid.T, h *host) cycle.Portfolio {
	p := h.folios[0]
	pol := *p.Policy
	n := len(pol.Assets)
	pol.Target = target.Schedule{Kind: target.ConstantMix, Weights: make([]fixed.Wad, n)}
	parts := make([]fixed.Wad, n)
	for k := range parts {
		parts[k] = drawBps(t, 1, 10_000, "part")
	}
	var s fixed.Splitter
	if err := s.LargestRemainder(pol.Target.Weights, parts, fixed.One()); err != nil {
		t.Fatal(err)
	}
	pol.Limits.MinBalances, pol.Limits.MaxWeights, pol.Payments = nil, nil, nil
	pol.Limits.MinNAV = fixed.FromInt(rapid.SampledFrom([]int64{0, 0, 1_000_000}).Draw(t, "least"))
	pol.Limits.MaxPriceAgeSeconds = rapid.SampledFrom([]int64{0, 60}).Draw(t, "age")
	pol.Bands, pol.Budget = band.Config{}, settle.BudgetConfig{}
	pol.Gains.Ki, pol.Gains.Kd = fixed.Wad{}, fixed.Wad{}
	if pol.Trigger.Mode == trigger.Band {
		pol.Trigger.Mode = trigger.Absolute
	}
	p.Policy = &pol
	if rapid.Bool().Draw(t, "near") {
		var c fixed.Calc
		for k, a := range pol.Assets {
			value := c.MulInt(c.Add(pol.Target.Weights[k], drawBps(t, 0, 300, "off")), 1_000_000)
			p.Holdings[k] = asset.UnitsDown(&c, value, h.prices[a].Value, h.cfg.Universe.At(a).Exponent)
		}
	}
	p.State = cycle.NewState(n)
	p.State.Trigger = trigger.Started(h.now - rapid.Int64Range(0, 3*day).Draw(t, "since"))
	p.State.Trigger.Active = rapid.IntRange(0, 3).Draw(t, "active") == 0
	p.State.Paused = rapid.IntRange(0, 9).Draw(t, "paused") == 0
	p.State.Retargeted = rapid.Bool().Draw(t, "retargeted")
	if rapid.IntRange(0, 9).Draw(t, "halted") == 0 {
		p.State.Machine.Phase = band.Recovery
	}
	return p
}

// TestGlanceIsADecision compares the short way with Decide: where it answers, the decision is to hold, and extent and
// state are those of the decision; where it does not, nothing has changed.
func TestGlanceIsADecision(t *testing.T) {
	t.Parallel()
	rests := 0
	rapid.Check(t, func(t *rapid.T) {
		h := drawHost(t)
		p := drawPlain(t, h)
		if !p.Policy.Plain() {
			t.Fatalf("expected a plain policy, got %+v", p.Policy)
		}
		var ws cycle.Workspace
		for range 5 {
			i := rapid.IntRange(0, len(h.prices)-1).Draw(t, "moved")
			h.prices[i].AgeSeconds = rapid.Int64Range(0, 61).Draw(t, "age")
			h.prices[i].Status = rapid.SampledFrom([]oracle.Status{1, 1, 1, 1, 1, 1, 2, 3}).Draw(t, "status")
			m := cycle.Market{Now: h.now, Universe: h.cfg.Universe, Prices: h.prices}
			before, decided := snapshot(p), snapshot(p)
			want := h.ws.Decide(&decided, &m)
			e, ok := ws.Glance(&p, &m)
			switch {
			case !ok && !reflect.DeepEqual(p, before):
				t.Fatalf("no answer, but %+v became %+v", before.State, p.State)
			case ok && (want.Outcome != cycle.Held || !reflect.DeepEqual(p, decided)):
				t.Fatalf("got state %+v, want %v and %+v", p.State, want.Outcome, decided.State)
			case ok && e != (drift.Extent{NAV: want.Report.NAV, L1: want.Report.L1, MaxAbs: want.Report.MaxAbs}):
				t.Fatalf("got %+v, want %+v", e, want.Report)
			}
			if ok {
				rests++
			}
			h.now += rapid.Int64Range(0, 2*day).Draw(t, "later")
		}
	})
	if rests == 0 && !testing.Short() { // a short run draws too few
		t.Error("expected that Glance answers now and then")
	}
}

// snapshot is a portfolio that shares no state with the one it was taken of.
func snapshot(p cycle.Portfolio) cycle.Portfolio {
	p.State.Controller.Assets = slices.Clone(p.State.Controller.Assets)
	return p
}
