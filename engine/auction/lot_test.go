package auction_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// TestLife follows one lot from its opening to its end.
func TestLife(t *testing.T) {
	t.Parallel()
	at := func(s string) fixed.Wad { return enginetest.W(t, s) }
	l := newLot(t, curveOf(t, auction.Linear, "2", "1", 12), units(100))
	l.TailSeconds = 6
	var w auction.Workspace
	high, low := bid(1, 10, at("3")), bid(2, 20, at("1.2"))
	last := bid(3, 30, at("1"))
	late := bid(4, 5, at("1"))
	late.Expiry = 29
	for i, row := range []struct {
		now     int64
		bids    []auction.Bid
		outcome auction.Outcome
		status  auction.Status
		clock   string
		sold    uint64
	}{
		{6, []auction.Bid{high}, auction.OutcomeCollecting, auction.Opening, "0", 0},
		{12, []auction.Bid{high, low}, auction.OutcomeCollecting, auction.Opening, "0", 0},
		{18, []auction.Bid{high, low}, auction.OutcomePartial, auction.Open, "2", 10}, // at the start price exactly
		{24, []auction.Bid{low}, auction.OutcomeIdle, auction.Open, "1.5", 0},
		{30, []auction.Bid{low, last, late}, auction.OutcomePartial, auction.Open, "1", 50}, // late is too late
		{36, nil, auction.OutcomeIdle, auction.Closed, "1", 0},                              // the tail is over
	} {
		price, clearing, err := l.ClockPrice(row.now)
		if err != nil || price != at(row.clock) || clearing != !price.IsZero() {
			t.Errorf("block %d: clock price %v, %t, %v, want %s", i, price, clearing, err, row.clock)
		}
		cl := advance(t, &w, l, row.bids, row.now)
		if cl.Outcome != row.outcome || cl.Status != row.status || l.Status != row.status ||
			cl.Clock != at(row.clock) || cl.Sold != n(row.sold) {
			t.Errorf("block %d: %v, %v, clock %v, sold %v", i, cl.Outcome, cl.Status, cl.Clock, cl.Sold)
		}
	}
	// 10 for 20 and 20+30 for 50.
	want := auction.Tranche{Units: n(100), Sold: n(60), Proceeds: n(70)}
	if l.Tranches[0] != want {
		t.Errorf("tranche %+v, want %+v", l.Tranches[0], want)
	}
	if _, err := w.Clear(l, nil, 42); !errors.Is(err, auction.ErrState) {
		t.Errorf("clearing a closed lot: %v, want ErrState", err)
	}
	if _, _, err := l.ClockPrice(42); !errors.Is(err, auction.ErrState) {
		t.Errorf("price of a closed lot: %v, want ErrState", err)
	}
	e, err := l.Evidence()
	if err != nil || e.Price != at("1.166666666666666666") || e.Bidders != 3 || !e.AtReserve || e.Usable() {
		t.Errorf("evidence %+v, %v", e, err)
	}
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	two := fixed.FromInt(2)
	l, now := openLot(t, curveOf(t, auction.Linear, "2", "1", 120), units(1000))
	l.Pair = pairOf(6, 8)
	var w auction.Workspace
	bids := make([]auction.Bid, 0, 12)
	for id := range uint64(12) {
		b := bid(id, 1, two)
		b.Bidder = id % 10
		bids = append(bids, b)
	}
	cl := advance(t, &w, l, bids, now)
	e, err := l.Evidence()
	if err != nil || cl.DistinctBidders != auction.MaxDistinctBidders || e.Bidders != auction.MaxDistinctBidders {
		t.Errorf("%d and %d distinct bidders, %v", cl.DistinctBidders, e.Bidders, err)
	}
	if e.Price != two || !e.Usable() || e.Proceeds != n(2400) {
		t.Errorf("%+v", e)
	}
	own := bid(20, 1, two)
	own.SameOwner = true
	if cl = advance(t, &w, l, []auction.Bid{own}, now+6); !cl.SameOwner || !l.SameOwner {
		t.Error("a seller's own bid is not marked")
	}
	if e, _ = l.Evidence(); e.Usable() {
		t.Error("a lot with a seller's own bid is no evidence")
	}
	l.Tranches[0].Proceeds = fixed.MaxNat()
	l.Tranches = append(l.Tranches, auction.Tranche{Proceeds: n(1)})
	if _, err = l.Evidence(); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("error %v, want ErrOverflow", err)
	}
}

func TestHalt(t *testing.T) {
	t.Parallel()
	l, now := openLot(t, curveOf(t, auction.Linear, "2", "1", 60), units(100))
	var w auction.Workspace
	if err := l.Reanchor(l.Curve, now); !errors.Is(err, auction.ErrState) {
		t.Errorf("anchoring a running lot: %v, want ErrState", err)
	}
	advance(t, &w, l, nil, now)
	advance(t, &w, l, nil, now+6)
	bids := []auction.Bid{bid(1, 10, fixed.FromInt(3))}
	now += 6 + 601
	for range 2 { // the lot stays frozen
		if _, clearing, err := l.ClockPrice(now); clearing || err != nil {
			t.Errorf("clearing is %t, %v", clearing, err)
		}
		if cl := advance(t, &w, l, bids, now); cl.Outcome != auction.OutcomeFrozen || cl.Status != auction.Open {
			t.Fatalf("%+v", cl)
		}
		now += 6
	}
	if _, err := l.CostToTake(n(1), now); !errors.Is(err, auction.ErrState) {
		t.Errorf("cost in a frozen lot: %v, want ErrState", err)
	}
	if _, err := w.Quote(l, nil, &bids[0], now); !errors.Is(err, auction.ErrState) {
		t.Errorf("quote in a frozen lot: %v, want ErrState", err)
	}
	fresh := curveOf(t, auction.Linear, "4", "3", 60)
	if err := l.Reanchor(auction.Curve{}, now); !errors.Is(err, auction.ErrCurve) {
		t.Errorf("anchoring on nothing: %v, want ErrCurve", err)
	}
	if err := l.Reanchor(fresh, 0); !errors.Is(err, auction.ErrTime) {
		t.Errorf("anchoring in the past: %v, want ErrTime", err)
	}
	if err := l.Reanchor(fresh, now); err != nil {
		t.Fatal(err)
	}
	cl := advance(t, &w, l, []auction.Bid{bid(1, 10, fixed.FromInt(4))}, now+6)
	if want := enginetest.W(t, "3.8"); cl.Price != want { // 12 of 60 seconds had passed
		t.Errorf("price %v, want %v", cl.Price, want)
	}
	l.Cancel()
	if l.Status != auction.Closed || !errors.Is(l.Reanchor(fresh, now+12), auction.ErrState) {
		t.Error("a cancelled lot is closed")
	}
}

// TestHaltInOpening freezes a lot that only collects bids: its start price is as void as any other.
func TestHaltInOpening(t *testing.T) {
	t.Parallel()
	l := newLot(t, curveOf(t, auction.Linear, "2", "1", 60), units(100))
	var w auction.Workspace
	if cl := advance(t, &w, l, nil, 601); cl.Outcome != auction.OutcomeFrozen || l.OpeningBlocks != 2 {
		t.Errorf("%+v", cl)
	}
}

// TestHold: a pause keeps the clock, however long it is, and is no halt.
func TestHold(t *testing.T) {
	t.Parallel()
	l, now := openLot(t, curveOf(t, auction.Linear, "2", "1", 60), units(100))
	var w auction.Workspace
	advance(t, &w, l, nil, now)
	before := *l
	if err := l.Hold(now + 1_000_000); err != nil {
		t.Fatal(err)
	}
	if l.Clock.Effective != before.Clock.Effective || l.Clock.Last != now+1_000_000 || l.Blocks != before.Blocks {
		t.Errorf("got %+v, want %+v", l.Clock, before.Clock)
	}
	if cl := advance(t, &w, l, nil, now+1_000_006); cl.Outcome != auction.OutcomeIdle {
		t.Errorf("got %v", cl.Outcome)
	}
	if err := l.Hold(now); !errors.Is(err, auction.ErrTime) {
		t.Errorf("back in time: got %v", err)
	}
	l.Cancel()
	if err := l.Hold(now + 2_000_000); !errors.Is(err, auction.ErrState) {
		t.Errorf("closed: got %v", err)
	}
}

func TestApplyOnce(t *testing.T) {
	t.Parallel()
	l, now := openLot(t, curveOf(t, auction.Linear, "2", "1", 60), units(100))
	other := *l
	other.ID++
	var w auction.Workspace
	cl, err := w.Clear(l, []auction.Bid{bid(1, 10, fixed.FromInt(2))}, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Apply(&cl); !errors.Is(err, auction.ErrState) {
		t.Errorf("another lot: %v", err)
	}
	if err := l.Apply(&cl); err != nil {
		t.Fatal(err)
	}
	if err := l.Apply(&cl); !errors.Is(err, auction.ErrState) {
		t.Errorf("twice: %v", err)
	}
	if err := l.Apply(&auction.Clearing{}); !errors.Is(err, auction.ErrState) {
		t.Errorf("no clearing: %v", err)
	}
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	good := func() auction.Lot {
		return auction.Lot{
			ID: 1, Sell: 1, Buy: 2, Pair: pairOf(6, 18), Curve: curveOf(t, auction.Exponential, "2", "1", 60), Pace: pace,
			OpeningBlocks: 2, Tranches: []auction.Tranche{units(5)},
		}
	}
	tests := []struct {
		name  string
		spoil func(l *auction.Lot)
		now   int64
		want  error
	}{
		{"good", func(*auction.Lot) {}, 0, nil},
		{"open already", func(l *auction.Lot) { l.Status = auction.Open }, 0, auction.ErrState},
		{"no curve", func(l *auction.Lot) { l.Curve = auction.Curve{} }, 0, auction.ErrCurve},
		{"no pace", func(l *auction.Lot) { l.Pace = auction.Pace{} }, 0, auction.ErrPace},
		{"one asset", func(l *auction.Lot) { l.Buy = l.Sell }, 0, auction.ErrLot},
		{"exponent", func(l *auction.Lot) { l.Pair = pairOf(6, 19) }, 0, auction.ErrLot},
		{"before time", func(*auction.Lot) {}, -1, auction.ErrLot},
		{"negative tail", func(l *auction.Lot) { l.TailSeconds = -1 }, 0, auction.ErrLot},
		{"long tail", func(l *auction.Lot) { l.TailSeconds = 1 << 40 }, 0, auction.ErrLot},
		{"short opening", func(l *auction.Lot) { l.OpeningBlocks = 1 }, 0, auction.ErrLot},
		{"long opening", func(l *auction.Lot) { l.OpeningBlocks = 1001 }, 0, auction.ErrLot},
		{"too many tranches", func(l *auction.Lot) { l.Tranches = make([]auction.Tranche, 17) }, 0, auction.ErrLot},
		{"nothing to sell", func(l *auction.Lot) { l.Tranches = nil }, 0, auction.ErrLot},
		{"more than an amount", func(l *auction.Lot) {
			l.Tranches = []auction.Tranche{{Units: fixed.MaxNat()}, units(1)}
		}, 0, auction.ErrLot},
		{"negative limit", func(l *auction.Lot) { l.Tranches[0].Limit = fixed.FromInt(-1) }, 0, auction.ErrLot},
		{"used tranche", func(l *auction.Lot) { l.Tranches[0].Sold = n(1) }, 0, auction.ErrLot},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := good()
			tt.spoil(&l)
			if err := l.Open(tt.now); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for s, want := range []string{"unspecified", "opening", "open", "closed", "unspecified"} {
		if got := auction.Status(s).String(); got != want {
			t.Errorf("status %d: %s, want %s", s, got, want)
		}
	}
	for o, want := range []string{
		"unspecified", "collecting", "frozen", "idle", "partial", "exhausted", "unspecified",
	} {
		if got := auction.Outcome(o).String(); got != want {
			t.Errorf("outcome %d: %s, want %s", o, got, want)
		}
	}
}
