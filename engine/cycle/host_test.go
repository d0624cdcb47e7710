package cycle_test

import (
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/netting"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
)

const (
	day   = 86_400
	block = 6
	// noon is a moment in the middle of a day, a multiple of everything that tests count in.
	noon = 20_000 * day
)

// tester is what tests, benchmarks and properties have in common.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// wad reads a literal.
func wad(literal string) fixed.Wad {
	w, err := fixed.Parse(literal)
	if err != nil {
		panic(err)
	}
	return w
}

func wads(literals ...string) []fixed.Wad {
	list := make([]fixed.Wad, len(literals))
	for i := range literals {
		list[i] = wad(literals[i])
	}
	return list
}

// universe has n assets A, B, C ... of six decimals.
func universe(tb tester, n int) asset.Universe {
	tb.Helper()
	assets := make([]asset.Asset, n)
	for i := range assets {
		assets[i] = asset.Asset{ID: asset.ID('A' + rune(i)), Exponent: 6}
	}
	u, err := asset.NewUniverse(assets)
	if err != nil {
		tb.Fatal(err)
	}
	return u
}

// config is a cycle of a day with linear lots of ten minutes, which start and end one percent from the mid.
func config(tb tester, n int) cycle.Config {
	tb.Helper()
	cfg := cycle.Config{
		Universe: universe(tb, n), IntervalSeconds: day, FillAlpha: fixed.FromBps(5000),
		Crossing: cycle.CrossConfig{
			Cost: fixed.FromBps(50), Gate: netting.Gate{Deviations: fixed.FromInt(4), MaxAgeSeconds: 60, MinClasses: 1},
		},
		Auction: cycle.AuctionConfig{
			Kind: auction.Linear, WindowSeconds: 600, TailSeconds: 60, OpeningBlocks: auction.MinOpeningBlocks,
			Pace: auction.Pace{BlockSeconds: block, HaltSeconds: 600},
			Width: auction.Width{
				Base: fixed.FromBps(100), Factor: fixed.FromInt(2), Cap: fixed.FromBps(2000), MaxAgeSeconds: 600,
			},
		},
	}
	if err := cfg.Validate(); err != nil {
		tb.Fatal(err)
	}
	return cfg
}

// good is a healthy price with a volatility of 80 %.
func good(value fixed.Wad) oracle.Price {
	return oracle.Price{Value: value, TWAP: value, Sigma: fixed.FromBps(8000), Classes: 3, Status: oracle.StatusOK}
}

// policy holds the assets at equal or given weights, acts every day and closes the whole gap at once.
func policy(assets []asset.Index, weights ...string) *cycle.Policy {
	p := &cycle.Policy{
		Assets: assets, PeriodSeconds: day,
		Target:  target.Schedule{Kind: target.ConstantMix, Weights: wads(weights...), MaxExposure: fixed.One()},
		Trigger: trigger.Config{Mode: trigger.Always},
		Gains:   pid.Default(fixed.One()),
	}
	for k := range assets {
		p.Priority = append(p.Priority, uint8(k))
	}
	return p
}

// account is a place and an asset.
type account struct {
	settle.Account

	asset asset.Index
}

// host drives a cycle as doc.go says, with a ledger that owns every unit.
type host struct {
	tester

	cfg      cycle.Config
	round    cycle.Round
	ws       *cycle.Workspace
	folios   []cycle.Portfolio
	sales    []cycle.Sale
	balances map[account]fixed.Wad
	prices   []oracle.Price
	now      int64
	height   int64
	page     int
	lots     []auction.Lot
	out      cycle.Output // of all steps since reset
}

// newHost is a host at noon with n assets at the given prices.
func newHost(tb tester, prices ...string) *host {
	tb.Helper()
	h := &host{
		tester: tb, cfg: config(tb, len(prices)), ws: &cycle.Workspace{}, balances: map[account]fixed.Wad{},
		now: noon, height: 1, page: 100,
	}
	for _, p := range prices {
		h.prices = append(h.prices, good(wad(p)))
	}
	return h
}

// add gives the host a portfolio with base units of the assets of its policy, and returns it.
func (h *host) add(pol *cycle.Policy, units ...uint64) *cycle.Portfolio {
	h.Helper()
	if err := pol.Validate(h.cfg.Universe); err != nil {
		h.Fatal(err)
	}
	id := uint64(len(h.folios)) + 1
	for k, a := range pol.Assets {
		h.balances[account{settle.Account{Kind: settle.Portfolio, ID: id}, a}] = fixed.FromRawUint(units[k])
	}
	h.folios = append(h.folios, cycle.Portfolio{ID: id, Policy: pol, State: cycle.NewState(len(pol.Assets))})
	return &h.folios[id-1]
}

// offer lets somebody without a portfolio offer base units of an asset for another one.
func (h *host) offer(sell, buy asset.Index, units uint64, limit fixed.Wad) {
	id := uint64(len(h.sales)) + 1
	h.balances[account{settle.Account{Kind: settle.Seller, ID: id}, sell}] = fixed.FromRawUint(units)
	h.sales = append(h.sales, cycle.Sale{ID: id, Sell: sell, Buy: buy, Units: fixed.NatOf(units), Limit: limit})
}

// total counts portfolios and, behind them, sales.
func (h *host) total() int { return len(h.folios) + len(h.sales) }

// holdings are the units of a portfolio now, parallel to its assets.
func (h *host) holdings(p *cycle.Portfolio) []asset.Amount {
	var c fixed.Calc
	var units []asset.Amount
	for _, a := range p.Policy.Assets {
		units = append(units, c.Nat(h.balances[account{settle.Account{Kind: settle.Portfolio, ID: p.ID}, a}]))
	}
	if c.Err() != nil {
		h.Fatal(c.Err())
	}
	return units
}

func (h *host) market() *cycle.Market {
	return &cycle.Market{Now: h.now, Universe: h.cfg.Universe, Prices: h.prices}
}

// step is one step with a page of portfolios or with closed lots.
func (h *host) step(from, to int, closed ...cycle.Closed) {
	h.Helper()
	if err := h.try(from, to, closed...); err != nil {
		h.Fatalf("%v: %v", h.round.Phase, err)
	}
}

func (h *host) try(from, to int, closed ...cycle.Closed) error {
	n := len(h.folios)
	page, sales := h.folios[min(from, n):min(to, n)], h.sales[max(from, n)-n:max(to, n)-n]
	for i := range page {
		if page[i].Policy != nil {
			page[i].Holdings = h.holdings(&page[i])
		}
	}
	next, out, err := cycle.Step(h.ws, &h.cfg, h.round, cycle.Input{
		Now: h.now, Height: h.height, Prices: h.prices, Portfolios: page, Sales: sales, LastPage: to == h.total(),
		Closed: closed,
	})
	if err != nil {
		return err
	}
	h.apply(out.Transfers)
	for i := range out.States {
		page[i].State = out.States[i]
	}
	copy(sales, out.Sales)
	h.round = next
	h.lots = append(h.lots, out.Lots...)
	h.out.Lots = append(h.out.Lots, out.Lots...)
	h.out.Decisions = append(h.out.Decisions, out.Decisions...)
	h.out.Fills = append(h.out.Fills, out.Fills...)
	h.out.Slices = append(h.out.Slices, out.Slices...)
	h.out.SaleFills = append(h.out.SaleFills, out.SaleFills...)
	h.out.Notes = append(h.out.Notes, out.Notes...)
	h.out.Crosses = append(h.out.Crosses, out.Crosses...)
	h.out.Transfers = append(h.out.Transfers, out.Transfers...)
	return nil
}

// apply makes transfers; nobody but the outside may owe.
func (h *host) apply(transfers []settle.Transfer) {
	var c fixed.Calc
	for _, t := range transfers {
		at := account{t.Account, t.Asset}
		h.balances[at] = c.Add(h.balances[at], t.Delta)
	}
	for _, t := range transfers {
		if h.balances[account{t.Account, t.Asset}].Sign() < 0 {
			h.Fatalf("%v owes %v of asset %d", t.Account, h.balances[account{t.Account, t.Asset}].Big(), t.Asset)
		}
	}
}

// collect takes all pages in.
func (h *host) collect() {
	h.Helper()
	for from := 0; h.round.Phase == cycle.Idle || h.round.Phase == cycle.Collecting; from += h.page {
		h.step(from, min(from+h.page, h.total()))
	}
}

// cross is the crossing one block later.
func (h *host) cross() {
	h.Helper()
	h.now += block
	h.height++
	h.step(0, 0)
}

// settle pays all pages.
func (h *host) settle() {
	h.Helper()
	for from := 0; h.round.Phase == cycle.Settling; from += h.page {
		h.step(from, min(from+h.page, h.total()))
	}
	if h.round.Phase != cycle.Idle {
		h.Fatalf("expected an idle round, got %v", h.round.Phase)
	}
	for at, units := range h.balances {
		if (at.Kind == settle.Escrow || at.Kind == settle.Lot) && !units.IsZero() {
			h.Fatalf("%v still has %v of asset %d", at.Account, units.Big(), at.asset)
		}
	}
}

// sale says what a lot sells, and for how much.
type sale func(lot *auction.Lot) (units, proceeds asset.Amount)

// auction closes every lot with a sale of its first units, tranche by tranche, and brings all back.
func (h *host) auction(sell sale) {
	h.Helper()
	lots := h.lots
	h.lots = nil
	var closed []cycle.Closed
	for i := range lots {
		closed = append(closed, h.close(&lots[i], sell))
	}
	if len(closed) > 0 {
		h.step(0, 0, closed...)
	}
}

// close makes the sale: buyers from outside pay into the lot and take the units.
func (h *host) close(lot *auction.Lot, sell sale) cycle.Closed {
	h.Helper()
	var c fixed.Calc
	units, proceeds := sell(lot)
	left := units
	lot.Tranches = slices.Clone(lot.Tranches)
	for i := range lot.Tranches {
		t := &lot.Tranches[i]
		t.Sold = t.Units.Min(left)
		left = left.Monus(t.Sold)
		if !units.IsZero() {
			t.Proceeds = c.MulDivNatDown(proceeds, t.Sold, units)
			h.outside(lot.ID, lot.Sell, t.Sold.Raw().Neg())
			h.outside(lot.ID, lot.Buy, t.Proceeds.Raw())
		}
	}
	if c.Err() != nil || !left.IsZero() {
		h.Fatalf("lot %d sells %v more than it has: %v", lot.ID, left, c.Err())
	}
	lot.Cancel()
	mid := asset.PriceDown(&c, h.prices[lot.Sell].Value, h.prices[lot.Buy].Value)
	return cycle.Closed{Lot: *lot, AtMid: lot.Pair.QuoteDown(&c, units, mid)}
}

// outside gives a lot units from outside, or takes them.
func (h *host) outside(lot uint64, a asset.Index, delta fixed.Wad) {
	var c fixed.Calc
	for at, change := range map[account]fixed.Wad{
		{settle.Account{Kind: settle.Lot, ID: lot}, a}: delta, {settle.Account{Kind: settle.Outside}, a}: delta.Neg(),
	} {
		h.balances[at] = c.Add(h.balances[at], change)
	}
}

// atMid sells everything at the oracle's price.
func (h *host) atMid(lot *auction.Lot) (units, proceeds asset.Amount) {
	var c fixed.Calc
	for i := range lot.Tranches {
		units = c.AddNat(units, lot.Tranches[i].Units)
	}
	mid := asset.PriceDown(&c, h.prices[lot.Sell].Value, h.prices[lot.Buy].Value)
	return units, lot.Pair.QuoteDown(&c, units, mid)
}

// unsold sells nothing.
func unsold(*auction.Lot) (units, proceeds asset.Amount) { return asset.Amount{}, asset.Amount{} }

// run plays one round at the host's prices and moves on to the next interval.
func (h *host) run(sell sale) {
	h.Helper()
	h.out = cycle.Output{}
	h.collect()
	h.cross()
	h.auction(sell)
	h.settle()
	h.now += day - block
	h.height++
}

// note returns the first note of a portfolio.
func (h *host) note(id uint64) cycle.Note {
	h.Helper()
	i := slices.IndexFunc(h.out.Notes, func(n cycle.Note) bool { return n.Portfolio == id })
	if i < 0 {
		h.Fatalf("no note of portfolio %d", id)
	}
	return h.out.Notes[i]
}

// noted reports a note of the first portfolio.
func (h *host) noted(o cycle.Outcome) bool {
	return slices.ContainsFunc(h.out.Notes, func(n cycle.Note) bool { return n.Portfolio == 1 && n.Outcome == o })
}

// units are the base units of a list of whole numbers.
func units(counts ...uint64) []asset.Amount {
	list := make([]asset.Amount, len(counts))
	for i, n := range counts {
		list[i] = fixed.NatOf(n)
	}
	return list
}

// text shows a state of anything, with its insides, as one comparable string.
func text(v any) string { return fmt.Sprintf("%+v", v) }
