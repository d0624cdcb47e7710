package report_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/netting"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/report"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
)

const noon = 20_000 * 86_400

func universe(t *testing.T) asset.Universe {
	t.Helper()
	u, err := asset.Listed([]asset.Asset{
		{ID: "uatom", Exponent: 6}, {ID: "uusdc", Exponent: 6}, {ID: "uosmo", Exponent: 6},
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func prices() []oracle.Price {
	p := oracle.Price{
		Value: fixed.One(), TWAP: fixed.One(), Sigma: fixed.FromBps(8000), Classes: 3, Status: oracle.StatusOK,
	}
	return []oracle.Price{p, p, p}
}

// chain plays rounds of two portfolios and writes them down.
type chain struct {
	*testing.T

	cfg     cycle.Config
	ws      cycle.Workspace
	round   cycle.Round
	folios  []cycle.Portfolio
	entries []report.Entry
	summary report.Summary
	lots    []auction.Lot
	height  int64
}

func newChain(t *testing.T) *chain {
	t.Helper()
	c := &chain{T: t, height: 1, cfg: cycle.Config{
		Universe: universe(t), IntervalSeconds: 3600, FillAlpha: fixed.FromBps(2000),
		Crossing: cycle.CrossConfig{
			Cost: fixed.FromBps(50), Gate: netting.Gate{Deviations: fixed.FromInt(4), MaxAgeSeconds: 60, MinClasses: 1},
		},
		Auction: cycle.AuctionConfig{
			Kind: auction.Linear, WindowSeconds: 600, OpeningBlocks: auction.MinOpeningBlocks,
			Pace: auction.Pace{BlockSeconds: 6, HaltSeconds: 600},
			Width: auction.Width{
				Base: fixed.FromBps(100), Factor: fixed.FromInt(2), Cap: fixed.FromBps(2000), MaxAgeSeconds: 600,
			},
		},
	}}
	c.add(1, 1_000, 0)
	c.add(2, 0, 400)
	return c
}

func (c *chain) add(id uint64, units ...uint64) {
	p := cycle.Portfolio{ID: id, State: cycle.NewState(2), Policy: &cycle.Policy{
		Assets: []asset.Index{0, 1}, Priority: []uint8{0, 1}, PeriodSeconds: 3600,
		Target: target.Schedule{
			Kind: target.ConstantMix, MaxExposure: fixed.One(),
			Weights: []fixed.Wad{fixed.FromBps(5000), fixed.FromBps(5000)},
		},
		Trigger: trigger.Config{Mode: trigger.Always}, Gains: pid.Default(fixed.One()),
	}}
	for _, n := range units {
		p.Holdings = append(p.Holdings, fixed.NatOf(n*1_000_000))
	}
	c.folios = append(c.folios, p)
}

// step is one step with all portfolios, or none.
func (c *chain) step(folios []cycle.Portfolio, closed ...cycle.Closed) {
	c.Helper()
	in := cycle.Input{
		Now: noon + c.height, Height: c.height, Prices: prices(), Portfolios: folios, LastPage: true, Closed: closed,
	}
	next, out, err := cycle.Step(&c.ws, &c.cfg, c.round, in)
	if err != nil {
		c.Fatal(err)
	}
	c.summary.Add(&c.round, &next, &out, c.height)
	switch c.round.Phase {
	case cycle.Idle:
		c.entries = report.Collect(&next, folios, &out)
	case cycle.Settling:
		for i := range c.entries {
			c.entries[i].Settle(&c.round, &out)
		}
	case cycle.Collecting, cycle.Crossing, cycle.Auctioning:
	}
	for i := range out.States {
		folios[i].State = out.States[i]
	}
	c.round, c.lots = next, append(c.lots, out.Lots...)
	c.height++
}

// sold closes the only lot: a half is sold for one percent less than the mid.
func (c *chain) sold() cycle.Closed {
	lot := c.lots[0]
	lot.Tranches = slices.Clone(lot.Tranches)
	lot.Tranches[0].Sold, lot.Tranches[0].Proceeds = fixed.NatOf(150_000_000), fixed.NatOf(148_500_000)
	lot.Cancel()
	return cycle.Closed{Lot: lot, AtMid: fixed.NatOf(150_000_000)}
}

func (c *chain) play() {
	c.step(c.folios)
	c.step(nil)
	c.step(nil, c.sold())
	c.step(c.folios)
}

func TestEntry(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	c.step(c.folios)
	if len(c.entries) != 2 || !c.entries[0].Open() || len(c.entries[0].Orders) != 1 {
		t.Fatalf("got %+v", c.entries)
	}
	c.step(nil)
	c.step(nil, c.sold())
	stranded := c.entries[0].Stranded()
	if !c.round.Has(&stranded.State) {
		t.Error("a stranded portfolio is not of its round")
	}
	c.step(c.folios)
	e := &c.entries[0]
	if e.Open() || e.Orders[0].Unsold != fixed.NatOf(150_000_000) || e.Orders[0].Got != fixed.NatOf(348_500_000) {
		t.Errorf("got %+v", e.Orders)
	}
	if got := report.Cost(&e.Fill); got != enginetest.W(t, "0.004285714285714285") { // 1.5 of 350
		t.Errorf("cost %v", got)
	}
	if got := report.Cost(&cycle.Filled{}); !got.IsZero() {
		t.Errorf("cost of nothing %v", got)
	}
	if got := report.Cost(&cycle.Filled{Lost: fixed.Max(), Sold: fixed.FromRaw(1)}); !got.IsZero() {
		t.Errorf("cost beyond numbers %v", got)
	}
}

func TestWorthy(t *testing.T) {
	t.Parallel()
	held := func(round uint64, o cycle.Outcome) *report.Entry {
		return &report.Entry{Round: round, Record: cycle.Record{Note: cycle.Note{Outcome: o}}}
	}
	ordered := held(2, cycle.Ordered)
	ordered.Orders = make([]report.Placed, 1)
	for _, test := range []struct {
		name      string
		now, then *report.Entry
		want      bool
	}{
		{"first", held(1, cycle.Held), nil, true},
		{"the same", held(2, cycle.Held), held(1, cycle.Held), false},
		{"another", held(2, cycle.Paused), held(1, cycle.Held), true},
		{"after a gap", held(3, cycle.Held), held(1, cycle.Held), true},
		{"orders", ordered, ordered, true},
	} {
		if got := test.now.Worthy(test.then); got != test.want {
			t.Errorf("%s: %t", test.name, got)
		}
	}
}

func TestCollectLeavesOutWhoIsNotDue(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	c.folios[0].Policy.PeriodSeconds = 1_000_000
	c.folios[0].State.Decided, c.folios[0].State.DecidedAt = true, noon
	c.folios[1].State.Paused = true
	c.step(c.folios)
	if len(c.entries) != 1 || c.entries[0].Record.Outcome != cycle.Paused || c.entries[0].Portfolio != 2 {
		t.Errorf("got %+v", c.entries)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	c.play()
	s := c.summary
	if s.Round != 1 || s.Froze != 1 || s.Crossed != 2 || s.Closed != 3 || s.Finished != 4 || s.Lots != 1 {
		t.Errorf("got %+v", s)
	}
	want := []report.Count{{Outcome: cycle.Ordered, Number: 2}, {Outcome: cycle.Settled, Number: 2}}
	if !slices.Equal(s.Outcomes, want) {
		t.Errorf("got %+v", s.Outcomes)
	}
	if s.Ordered != fixed.FromInt(700) || s.Sold != fixed.FromInt(550) || s.Inside != fixed.FromInt(400) {
		t.Errorf("ordered %v, sold %v, inside %v", s.Ordered, s.Sold, s.Inside)
	}
	p := report.PairOf(&s.Pairs[0])
	if p.Units != fixed.NatOf(500_000_000) || p.Crossed != fixed.NatOf(200_000_000) ||
		p.Sold != fixed.NatOf(150_000_000) {
		t.Errorf("got %+v", p)
	}
	s.Add(&cycle.Round{Phase: cycle.Settling}, &cycle.Round{Phase: cycle.Settling},
		&cycle.Output{Fills: []cycle.Filled{{Sold: fixed.Max()}}}, 9)
	if s.Sold != fixed.FromInt(550) {
		t.Errorf("totals that do not fit: %v", s.Sold)
	}
}

func TestValue(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	m := cycle.Market{Universe: c.cfg.Universe, Prices: prices()}
	p := &c.folios[0]
	none := func(asset.Index, asset.Index) (*auction.Lot, error) { return nil, nil } //nolint:nilnil // there is no lot
	value := func(lot func(asset.Index, asset.Index) (*auction.Lot, error)) report.Worth {
		w, err := report.Value(&c.round, &m, p, lot)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	if w := value(none); w.NAV != fixed.FromInt(1_000) || !w.Healthy {
		t.Errorf("got %+v", w)
	}
	c.step(c.folios)
	c.step(nil)
	p.Holdings = []asset.Amount{fixed.NatOf(500_000_000), {}}
	closed := c.sold()
	w := value(func(asset.Index, asset.Index) (*auction.Lot, error) { return &closed.Lot, nil })
	if w.NAV != enginetest.W(t, "998.5") || w.Assets[0].InMarket != fixed.NatOf(150_000_000) {
		t.Errorf("got %+v", w)
	}
	m.Prices[1].Status = oracle.StatusTripped
	if w := value(none); w.Healthy || w.NAV != fixed.FromInt(1_000) {
		t.Errorf("got %+v", w)
	}
	m.Prices[1].Value = fixed.Wad{}
	if w := value(none); w.NAV != fixed.FromInt(800) {
		t.Errorf("got %+v", w)
	}
	m.Prices = m.Prices[:1]
	if w := value(none); w.NAV != fixed.FromInt(800) {
		t.Errorf("got %+v", w)
	}
	want := errors.New("no store")
	fails := func(asset.Index, asset.Index) (*auction.Lot, error) { return nil, want }
	if _, err := report.Value(&c.round, &m, p, fails); !errors.Is(err, want) {
		t.Errorf("error %v", err)
	}
}

// TestRunways: what is owed in an asset is looked at, and nothing else.
func TestRunways(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	m := cycle.Market{Now: 1_000_000, Universe: c.cfg.Universe, Prices: prices()}
	p := c.folios[0]
	pol := *p.Policy
	p.Policy = &pol
	w, err := report.Value(&c.round, &m, &p, func(asset.Index, asset.Index) (*auction.Lot, error) {
		return nil, nil //nolint:nilnil // there is no lot
	})
	if err != nil {
		t.Fatal(err)
	}
	if list, err := w.Runways(&m, &p, fixed.Wad{}); err != nil || list != nil {
		t.Errorf("nothing is owed: got %+v, %v", list, err)
	}
	last := pol.Assets[len(pol.Assets)-1]
	pol.Payments = []project.Payment{{
		Asset: last, Amount: fixed.NatOf(1), Schedule: project.Schedule{First: 2_000_000, EverySeconds: 86_400},
	}}
	list, err := w.Runways(&m, &p, fixed.Wad{})
	if err != nil || len(list) != 1 || list[0].Asset != last || list[0].Short {
		t.Errorf("a little is owed: got %+v, %v", list, err)
	}
	pol.Payments[0].Amount = fixed.NatOf(1 << 60)
	list, err = w.Runways(&m, &p, fixed.Wad{})
	if err != nil || len(list) != 1 || !list[0].Short || list[0].Due != 2_000_000 {
		t.Errorf("too much is owed: got %+v, %v", list, err)
	}
	pol.PeriodSeconds = 0
	if _, err := w.Runways(&m, &p, fixed.Wad{}); !errors.Is(err, project.ErrInput) {
		t.Errorf("no period: got %v", err)
	}
	m.Prices = m.Prices[:last]
	if list, err := w.Runways(&m, &p, fixed.Wad{}); err != nil || list != nil {
		t.Errorf("no price: got %+v, %v", list, err)
	}
}

// audit takes all entries and portfolios in.
func (c *chain) audit() *report.Audit {
	a := report.NewAudit(&c.round, 3)
	for i := range c.entries {
		a.Add(&c.entries[i])
		a.Same(&c.entries[i], &c.folios[i])
	}
	return a
}

// expect closes an audit that must find so much wrong with an escrow of display units.
func (c *chain) expect(a *report.Audit, want int, units ...uint64) {
	c.Helper()
	broken := a.Close(func(i asset.Index) asset.Amount { return fixed.NatOf(units[i] * 100_000) })
	if len(broken) != want {
		c.Errorf("%v: expected %d, got %v", c.round.Phase, want, broken)
	}
	for _, err := range broken {
		if !errors.Is(err, report.ErrBroken) {
			c.Errorf("error %v", err)
		}
	}
}

func TestAudit(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	c.step(c.folios)
	c.expect(c.audit(), 0, 5_000, 2_000, 0)
	c.expect(c.audit(), 1, 4_990, 2_000, 0)
	for _, test := range []struct {
		name string
		do   func(a *report.Audit)
		want int
	}{
		{"a debt", func(a *report.Audit) { a.Owe(2, fixed.NatOf(7_000_000)) }, 1},
		{"a debt of an unknown asset", func(a *report.Audit) { a.Owe(3, fixed.NatOf(1)) }, 1},
		{"an order twice: in its tranche, and in escrow", func(a *report.Audit) { a.Add(&c.entries[0]) }, 2},
		{"a sale that is not placed", func(a *report.Audit) { a.Sale(&cycle.Sale{ID: 1}) }, 0},
		{"a sale of no book", func(a *report.Audit) {
			a.Sale(&cycle.Sale{ID: 2, Placed: true, Order: cycle.Order{Sell: 2, Buy: 1}})
		}, 1},
		{"another's orders", func(a *report.Audit) { a.Same(&c.entries[0], &c.folios[1]) }, 1},
		{"more than can be counted", func(a *report.Audit) {
			a.Owe(0, fixed.MaxNat())
			a.Owe(0, fixed.MaxNat())
		}, 2},
	} {
		t.Log(test.name)
		a := c.audit()
		test.do(a)
		c.expect(a, test.want, 5_000, 2_000, 0)
	}
	c.step(nil)
	c.expect(c.audit(), 0, 2_000, 2_000, 0) // the rest lies in the lot
	c.step(nil, c.sold())
	c.expect(c.audit(), 0, 3_500, 3_485, 0)
}

func TestAuditOfLots(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	c.step(c.folios)
	c.step(nil)
	book, lot := &c.round.Books[0], &c.lots[0]
	other, fewer := *lot, *lot
	other.Sell = 2
	fewer.Tranches = slices.Clone(fewer.Tranches)
	fewer.Tranches[0].Units = fixed.NatOf(1)
	for _, test := range []struct {
		name  string
		lot   *auction.Lot
		found bool
		want  int
	}{
		{"its own", lot, true, 0},
		{"none", lot, false, 1},
		{"of another asset", &other, true, 1},
		{"of fewer units", &fewer, true, 1},
	} {
		t.Log(test.name)
		a := c.audit()
		a.Lot(book, test.lot, test.found)
		c.expect(a, test.want, 2_000, 2_000, 0)
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	c := newChain(t)
	say := func(e *report.Entry, round *cycle.Round) string {
		return strings.Join(e.Sentences(c.cfg.Universe, round), "\n")
	}
	c.step(c.folios)
	if got := say(&c.entries[0], &c.round); !strings.Contains(got, "it is in the market") {
		t.Error(got)
	}
	c.step(nil)
	if got := say(&c.entries[0], &c.round); !strings.Contains(got, "it is sold in lot 1048576") {
		t.Error(got)
	}
	c.step(nil, c.sold())
	c.step(c.folios)
	want := `Orders were placed: every interval.
Its value was 1000; the largest drift was 50 %, 50 % in all, against no threshold.
uatom: 100 % held, 50 % wanted, sells a value of 500.
uusdc: 0 % held, 50 % wanted, buys a value of 500.
Order: 500000000 uatom for uusdc; it brought 348500000 uusdc, and 150000000 uatom came back.
Of a value of 500 ordered to be sold, 350 was sold, 200 of it inside without an auction, for 348.5.
Auctions brought 1.5 less than the oracle's prices: 42.8571 basis points of what was sold.`
	if got := say(&c.entries[0], nil); got != want {
		t.Errorf("got\n%s", got)
	}
	rare := report.Entry{
		Record: cycle.Record{
			Note: cycle.Note{
				Outcome: cycle.Ordered, Reason: trigger.BelowThreshold, Clamp: project.ClampMaxSell,
			},
			Measured: true, Threshold: fixed.FromBps(123),
			Weights: []fixed.Wad{fixed.One(), {}}, Targets: []fixed.Wad{fixed.One()},
		},
		Assets: []asset.Index{0, 9}, Settled: true,
		Orders: []report.Placed{{Order: cycle.Order{Sell: 0, Buy: 9, OneTime: 4}}},
		Fill:   cycle.Filled{Ordered: fixed.One(), Sold: fixed.One(), Lost: fixed.FromBps(-1)},
		Slices: []cycle.SliceFill{{OneTime: 4, Buy: 1}},
		Notes:  []cycle.Note{{Outcome: cycle.OrderRefused, Asset: 1, HasAsset: true, Err: errors.New("full")}},
	}
	want = `Orders were placed because a minimum balance or a cap demanded them (else: drift below the threshold).
Its value was 0; the largest drift was 0 %, 0 % in all, against a threshold of 1.23 %.
uatom: 100 % held, 100 % wanted.
Limits acted on the orders: clamped by max sell.
Order: 0 uatom for ?, a slice of one-time order 4; it brought 0 ?, and 0 uatom came back.
Of a value of 1 ordered to be sold, 1 was sold, 0 of it inside without an auction, for 0.
Auctions brought 0.0001 more than the oracle's prices: 1 basis points of what was sold.
A slice of one-time order 4 sold 0 uatom for 0 uusdc; 0 uatom of it are left.
order refused (uusdc): full.`
	if got := say(&rare, nil); got != want {
		t.Errorf("got\n%s", got)
	}
	small := report.Entry{Record: cycle.Record{Note: cycle.Note{Outcome: cycle.BelowMinimum}, NAV: fixed.One()}}
	if got := say(&small, nil); got != "Nothing was traded: below minimum.\nIts value was 1." {
		t.Errorf("got\n%s", got)
	}
	held := report.Entry{Record: cycle.Record{Note: cycle.Note{Outcome: cycle.Held, Reason: trigger.CoolingDown}}}
	if got := say(&held, nil); got != "Nothing was traded: cool-down since the last rebalance." {
		t.Errorf("got\n%s", got)
	}
	if got := report.Percent(fixed.Max()); got != "more than can be shown %" {
		t.Errorf("got %s", got)
	}
}
