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
	bids := make([]auction.Bid, 0, len(v.Bids))
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

type (
	book []auction.Bid
	got  map[uint64]uint64
)

// minimumCase is an offer of 100 units at a clock of 1, and who gets what at which price.
type minimumCase struct {
	name  string
	bids  book
	price fixed.Wad
	fills got
	full  bool
}

func minimumCases() []minimumCase {
	one, ten, eleven := fixed.FromInt(1), fixed.FromInt(10), fixed.FromInt(11)
	all := allOrNone
	part := func(id, quantity, minimum uint64) auction.Bid {
		b := bid(id, quantity, ten)
		b.MinFill = n(minimum)
		return b
	}
	return []minimumCase{
		{"the older of two who want all", book{all(1, 100, ten), all(2, 100, ten)}, ten, got{1: 100}, true},
		{"what cannot be leaves first", book{all(1, 101, ten), all(2, 60, ten)}, one, got{2: 60}, false},
		{"a flexible bid displaces", book{all(1, 100, ten), bid(2, 100, ten)}, ten, got{2: 100}, true},
		{"minimum met exactly", book{part(1, 100, 50), bid(2, 100, ten)}, ten, got{1: 50, 2: 50}, true},
		{"minimum missed by one", book{part(1, 100, 51), bid(2, 100, ten)}, ten, got{2: 100}, true},
		{"the youngest leaves", book{part(1, 99, 40), part(2, 99, 40), part(3, 99, 40)}, ten, got{1: 50, 2: 50}, true},
		// 44.67 and 55.33: the first would be rounded up to 45
		{"not met by the odd unit", book{part(1, 67, 45), part(2, 83, 55)}, one, got{2: 83}, false},
		{"goes on down", book{all(1, 60, ten), all(2, 60, ten), bid(3, 70, one)}, one, got{1: 60, 3: 40}, true},
		{"all above the margin", book{all(1, 60, eleven), all(2, 60, ten)}, one, got{1: 60}, false},
		{"what is left", book{all(1, 60, eleven), all(2, 40, ten), all(3, 40, ten)}, ten, got{1: 60, 2: 40}, true},
		{"nobody", book{all(1, 101, ten)}, fixed.Wad{}, got{}, false},
	}
}

// TestMinimumFills gives the marginal level less than it asked for.
func TestMinimumFills(t *testing.T) {
	t.Parallel()
	for _, tt := range minimumCases() {
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
