package auction_test

import (
	"errors"
	"slices"
	"strconv"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// TestBatchVectors clears the batch of spec 05 §5.3 with four offers, one second into a curve that then stands at 9.8.
func TestBatchVectors(t *testing.T) {
	t.Parallel()
	v := vectors(t).Batch
	var bids []auction.Bid
	for _, row := range v.Bids {
		var id, quantity uint64
		var limit fixed.Wad
		enginetest.Decode(t, row[0], &id)
		enginetest.Decode(t, row[1], &quantity)
		enginetest.Decode(t, row[2], &limit)
		bids = append(bids, bid(id, quantity, limit))
	}
	for _, tt := range v.Cases {
		t.Run(strconv.FormatUint(tt.Avail, 10), func(t *testing.T) {
			t.Parallel()
			l, now := openLot(t, curveOf(t, auction.Linear, "10", "9.6", 2), units(tt.Avail))
			l.Clock.Effective = 1
			var w auction.Workspace
			cl := advance(t, &w, l, bids, now)
			if cl.Clock != v.Clock || cl.Price != tt.Price || len(cl.Fills) != len(tt.Fills) {
				t.Fatalf("clock %v, price %v, %d fills, want %v, %v, %d",
					cl.Clock, cl.Price, len(cl.Fills), v.Clock, tt.Price, len(tt.Fills))
			}
			for _, f := range cl.Fills {
				key := strconv.FormatUint(f.ID, 10)
				if f.Units != n(tt.Fills[key]) || f.Payment != n(tt.Pay[key]) || f.Refund != n(tt.Refund[key]) {
					t.Errorf("bid %s: %v units for %v, refund %v, want %d, %d, %d", key,
						f.Units, f.Payment, f.Refund, tt.Fills[key], tt.Pay[key], tt.Refund[key])
				}
			}
			if cl.Exhausted() != (tt.Avail <= 1250) || (l.Status == auction.Closed) != cl.Exhausted() {
				t.Errorf("exhausted is %t, the lot is %v", cl.Exhausted(), l.Status)
			}
		})
	}
}

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

// TestMinimumFills gives the marginal level less than it asked for.
func TestMinimumFills(t *testing.T) {
	t.Parallel()
	one, ten, eleven := fixed.FromInt(1), fixed.FromInt(10), fixed.FromInt(11)
	atLeast := func(id, quantity, minimum uint64) auction.Bid {
		b := bid(id, quantity, ten)
		b.MinFill = n(minimum)
		return b
	}
	tests := []struct {
		name  string
		bids  []auction.Bid
		price fixed.Wad
		fills map[uint64]uint64
		full  bool
	}{
		{"the older of two who want all", []auction.Bid{allOrNone(1, 100, ten), allOrNone(2, 100, ten)}, ten,
			map[uint64]uint64{1: 100}, true},
		{"a flexible bid displaces", []auction.Bid{allOrNone(1, 100, ten), bid(2, 100, ten)}, ten,
			map[uint64]uint64{2: 100}, true},
		{"minimum met exactly", []auction.Bid{atLeast(1, 100, 50), bid(2, 100, ten)}, ten,
			map[uint64]uint64{1: 50, 2: 50}, true},
		{"minimum missed by one", []auction.Bid{atLeast(1, 100, 51), bid(2, 100, ten)}, ten,
			map[uint64]uint64{2: 100}, true},
		{"met after the youngest left", []auction.Bid{atLeast(1, 100, 40), atLeast(2, 100, 40), atLeast(3, 100, 40)}, ten,
			map[uint64]uint64{1: 50, 2: 50}, true},
		{"not met by the odd unit of a remainder", []auction.Bid{atLeast(1, 67, 45), atLeast(2, 83, 55)}, one,
			map[uint64]uint64{2: 83}, false}, // 44.67 and 55.33: the first would be rounded up to 45
		{"goes on down", []auction.Bid{allOrNone(1, 60, ten), allOrNone(2, 60, ten), bid(3, 70, one)}, one,
			map[uint64]uint64{1: 60, 3: 40}, true},
		{"all filled above the margin", []auction.Bid{allOrNone(1, 60, eleven), allOrNone(2, 60, ten)}, one,
			map[uint64]uint64{1: 60}, false},
		{"exactly what is left", []auction.Bid{allOrNone(1, 60, eleven), allOrNone(2, 40, ten), allOrNone(3, 40, ten)}, ten,
			map[uint64]uint64{1: 60, 2: 40}, true},
		{"nobody", []auction.Bid{allOrNone(1, 101, ten)}, fixed.Wad{}, map[uint64]uint64{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l, now := openLot(t, curveOf(t, auction.Linear, "1", "1", 600), units(100))
			var w auction.Workspace
			cl := advance(t, &w, l, tt.bids, now)
			if cl.Price != tt.price || cl.Exhausted() != tt.full || len(cl.Fills) != len(tt.fills) {
				t.Fatalf("price %v, exhausted %t, fills %+v", cl.Price, cl.Exhausted(), cl.Fills)
			}
			for _, f := range cl.Fills {
				if f.Units != n(tt.fills[f.ID]) {
					t.Errorf("bid %d: %v units, want %d", f.ID, f.Units, tt.fills[f.ID])
				}
			}
		})
	}
}

// TestTranches closes a tranche when the clock falls below its limit, and shares units and proceeds.
func TestTranches(t *testing.T) {
	t.Parallel()
	at := func(s string) fixed.Wad { return enginetest.W(t, s) }
	l, now := openLot(t, curveOf(t, auction.Linear, "2", "1", 12),
		limited(at("2.5"), 50), units(200), limited(at("1.5"), 100))
	var w auction.Workspace
	cl := advance(t, &w, l, []auction.Bid{bid(1, 10, at("2"))}, now)
	if cl.Offered != n(300) || !l.Tranches[0].Closed || l.Tranches[2].Closed {
		t.Fatalf("first: offered %v, %+v", cl.Offered, l.Tranches)
	}
	if l.Tranches[1].Sold != n(7) || l.Tranches[2].Sold != n(3) ||
		l.Tranches[1].Proceeds != n(14) || l.Tranches[2].Proceeds != n(6) {
		t.Errorf("first: %+v", l.Tranches)
	}
	cl = advance(t, &w, l, []auction.Bid{bid(2, 4, at("1.5"))}, now+6) // the clock is at the limit exactly
	if cl.Price != at("1.5") || l.Tranches[2].Closed || l.Tranches[2].Sold != n(4) || l.Tranches[1].Sold != n(10) {
		t.Errorf("second: price %v, %+v", cl.Price, l.Tranches)
	}
	cl = advance(t, &w, l, []auction.Bid{bid(3, 500, at("1.4"))}, now+12)
	if !cl.Exhausted() || cl.Offered != n(190) || !l.Tranches[2].Closed || l.Tranches[1].Sold != n(200) ||
		l.Tranches[2].Remaining() != n(96) || l.Status != auction.Closed {
		t.Errorf("third: %+v, %+v", cl, l.Tranches)
	}
}

// TestNothingLeft closes a lot whose tranches have all closed.
func TestNothingLeft(t *testing.T) {
	t.Parallel()
	l, now := openLot(t, curveOf(t, auction.Linear, "2", "1", 12), limited(fixed.FromInt(3), 50))
	var w auction.Workspace
	cl := advance(t, &w, l, []auction.Bid{bid(1, 10, fixed.FromInt(5))}, now)
	if cl.Outcome != auction.OutcomeIdle || cl.Status != auction.Closed || !cl.Offered.IsZero() || len(cl.Fills) != 0 {
		t.Errorf("%+v", cl)
	}
	if e, err := l.Evidence(); err != nil || e != (auction.Evidence{}) {
		t.Errorf("evidence %+v, %v", e, err)
	}
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	two := fixed.FromInt(2)
	l, now := openLot(t, curveOf(t, auction.Linear, "2", "1", 120), units(1000))
	l.Pair = pairOf(6, 8)
	var w auction.Workspace
	var bids []auction.Bid
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

func TestClearErrors(t *testing.T) {
	t.Parallel()
	l, now := openLot(t, curveOf(t, auction.Linear, "2", "1", 60), auction.Tranche{Units: fixed.MaxNat()})
	var w auction.Workspace
	before := *l
	before.Tranches = slices.Clone(l.Tranches)
	huge := bid(1, 0, fixed.Max())
	huge.Quantity = fixed.MaxNat()
	tests := []struct {
		name string
		bids []auction.Bid
		now  int64
		want error
	}{
		{"too many bids", make([]auction.Bid, auction.MaxBids+1), now, auction.ErrBook},
		{"in the past", nil, now - 12, auction.ErrTime},
		{"an escrow nobody has", []auction.Bid{huge}, now, fixed.ErrOverflow},
	}
	for _, tt := range tests {
		if _, err := w.Clear(l, tt.bids, tt.now); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		if l.Clock != before.Clock || l.Blocks != before.Blocks || !slices.Equal(l.Tranches, before.Tranches) {
			t.Errorf("%s: the lot changed", tt.name)
		}
	}
	if _, _, err := l.ClockPrice(now - 12); !errors.Is(err, auction.ErrTime) {
		t.Errorf("price in the past: %v", err)
	}
	var fresh auction.Lot
	if _, err := w.Clear(&fresh, nil, 0); !errors.Is(err, auction.ErrState) {
		t.Errorf("a lot that did not open: %v", err)
	}
}

func TestIneligibleBids(t *testing.T) {
	t.Parallel()
	l, now := openLot(t, curveOf(t, auction.Linear, "2", "1", 60), units(100))
	three := fixed.FromInt(3)
	expired, greedy := bid(1, 10, three), bid(2, 10, three)
	expired.Expiry = now - 1
	greedy.MinFill = n(11)
	var w auction.Workspace
	cl := advance(t, &w, l, []auction.Bid{expired, greedy, bid(3, 0, three), bid(4, 10, fixed.FromInt(1))}, now)
	if cl.Outcome != auction.OutcomeIdle {
		t.Errorf("%+v", cl)
	}
	expired.Expiry = now + 6
	if cl = advance(t, &w, l, []auction.Bid{expired}, now+6); cl.Sold != n(10) {
		t.Errorf("a bid fills until its expiry: %+v", cl)
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

// TestExponents clears a pair of 18 and 6 places: a price in display units, amounts in base units.
func TestExponents(t *testing.T) {
	t.Parallel()
	l, now := openLot(t, curveOf(t, auction.Linear, "2000.5", "1900", 60),
		auction.Tranche{Units: enginetest.N(t, "3000000000000000000")})
	l.Pair = pairOf(18, 6)
	b := bid(1, 0, enginetest.W(t, "2100"))
	b.Quantity = enginetest.N(t, "1500000000000000001")
	var w auction.Workspace
	cl := advance(t, &w, l, []auction.Bid{b}, now)
	f := cl.Fills[0]
	if f.Payment != n(3_000_750_001) || f.Refund != n(149_250_000) {
		t.Errorf("paid %v, refund %v", f.Payment, f.Refund)
	}
	if l.Tranches[0].Proceeds != f.Payment {
		t.Errorf("proceeds %v", l.Tranches[0].Proceeds)
	}
	var zero asset.Amount
	if cl.Sold == zero || cl.Proceeds != f.Payment {
		t.Errorf("%+v", cl)
	}
}
