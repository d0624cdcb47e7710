package auction_test

import (
	"errors"
	"math"
	"testing"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func TestQuote(t *testing.T) {
	t.Parallel()
	at := func(s string) fixed.Wad { return enginetest.W(t, s) }
	l, now := openLot(t, curveOf(t, auction.Linear, "2", "1", 600), units(100)) // first clearing at 18
	expiring := bid(9, 10, at("1"))
	expiring.Expiry = 100
	later := bid(9, 10, at("1.5"))
	later.Expiry = math.MaxInt64
	older := bid(1, 90, at("1.9")) // at 78 bid 2 takes 20 and leaves 80
	older.MinFill = n(82)
	tests := []struct {
		name    string
		resting []auction.Bid
		bid     auction.Bid
		at      int64
		want    auction.Quote
	}{
		{"at once", nil, bid(9, 10, at("2")), now, auction.Quote{18, at("2"), n(10), n(20), n(0)}},
		{"placed in the past", nil, bid(9, 10, at("2")), math.MinInt64, auction.Quote{18, at("2"), n(10), n(20), n(0)}},
		{"placed later", nil, bid(9, 10, at("2")), now + 1, auction.Quote{24, at("1.99"), n(10), n(20), n(0)}},
		{"when the clock comes", nil, later, now, auction.Quote{318, at("1.5"), n(10), n(15), n(0)}},
		{
			"the marginal bid pays its limit", nil, bid(9, 200, at("1.5")), now,
			auction.Quote{318, at("1.5"), n(100), n(150), n(150)},
		},
		{"expires", nil, expiring, now, auction.Quote{Time: 102, Refund: n(10)}},
		{"at the end", nil, bid(9, 10, at("1")), now, auction.Quote{618, at("1"), n(10), n(10), n(0)}},
		{
			"sold out before",
			[]auction.Bid{bid(1, 100, at("1.4"))},
			bid(9, 10, at("1.2")), now,
			auction.Quote{Time: 378, Refund: n(12)},
		},
		{"blocked to the end", nil, allOrNone(9, 101, at("1.9")), now, auction.Quote{Time: 618, Refund: n(192)}},
		{
			"fills what others leave in the next block",
			[]auction.Bid{allOrNone(1, 60, at("1.9")), bid(2, 60, at("1.9"))},
			allOrNone(9, 40, at("1.9")), now,
			auction.Quote{84, at("1.9"), n(40), n(76), n(0)},
		},
		{
			"an older one wants more than is left",
			[]auction.Bid{older, bid(2, 20, at("1.9"))},
			allOrNone(9, 80, at("1.9")), now,
			auction.Quote{84, at("1.9"), n(80), n(152), n(0)},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var w auction.Workspace
			got, err := w.Quote(l, tt.resting, &tt.bid, tt.at)
			if err != nil || got != tt.want {
				t.Errorf("%+v, %v, want %+v", got, err, tt.want)
			}
		})
	}
	if l.Blocks != auction.MinOpeningBlocks || !l.Tranches[0].Sold.IsZero() {
		t.Error("a quote changed the lot")
	}
}

func TestQuoteErrors(t *testing.T) {
	t.Parallel()
	two := fixed.FromInt(2)
	l, now := openLot(t, curveOf(t, auction.Linear, "2", "1", 60), auction.Tranche{Units: fixed.MaxNat()})
	var w auction.Workspace
	good, huge := bid(9, 10, two), bid(1, 0, fixed.Max())
	huge.Quantity = fixed.MaxNat()
	invalid := bid(9, 0, two)
	tests := []struct {
		name    string
		resting []auction.Bid
		bid     auction.Bid
		at      int64
		want    error
	}{
		{"no bid", nil, invalid, now, auction.ErrBid},
		{"full book", make([]auction.Bid, auction.MaxBids), good, now, auction.ErrBook},
		{"closed by then", nil, good, now + 61, auction.ErrState},
		{"an escrow nobody has", []auction.Bid{huge}, good, now, fixed.ErrOverflow},
	}
	for _, tt := range tests {
		if _, err := w.Quote(l, tt.resting, &tt.bid, tt.at); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if _, err := w.Quote(l, nil, &good, now+60); err != nil {
		t.Errorf("in the last block: %v", err)
	}
}

func TestTake(t *testing.T) {
	t.Parallel()
	at := func(s string) fixed.Wad { return enginetest.W(t, s) }
	fresh := newLot(t, curveOf(t, auction.Linear, "2", "1", 60), units(100), limited(at("1.5"), 50))
	l, now := openLot(t, curveOf(t, auction.Linear, "2", "1", 60), units(100), limited(at("1.5"), 50))
	var w auction.Workspace
	advance(t, &w, l, nil, now) // Open, effective time 0 at 18
	tests := []struct {
		name  string
		lot   *auction.Lot
		units uint64
		at    int64
		want  auction.Take
	}{
		{"the next block", l, 10, 0, auction.Take{24, at("1.9"), n(10), n(19)}},
		{"long ago", l, 10, math.MinInt64, auction.Take{24, at("1.9"), n(10), n(19)}},
		{"on a block", l, 11, 30, auction.Take{30, at("1.8"), n(11), n(20)}}, // 19.8
		{"between blocks", l, 10, 31, auction.Take{36, at("1.7"), n(10), n(17)}},
		{"all on offer", l, 1000, 24, auction.Take{24, at("1.9"), n(150), n(285)}},
		{"less on offer", l, 1000, 54, auction.Take{54, at("1.4"), n(100), n(140)}},
		{"the last block", l, 10, 78, auction.Take{78, at("1"), n(10), n(10)}},
		{"in the opening", fresh, 10, 3, auction.Take{18, at("2"), n(10), n(20)}},
		{"after the opening", fresh, 10, 20, auction.Take{24, at("1.9"), n(10), n(19)}},
		{"its last block", fresh, 10, 78, auction.Take{78, at("1"), n(10), n(10)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.lot.CostToTake(n(tt.units), tt.at)
			if err != nil || got != tt.want {
				t.Errorf("%+v, %v, want %+v", got, err, tt.want)
			}
			back, err := tt.lot.UnitsFor(got.Payment, tt.at)
			if err != nil || back.Payment.Cmp(got.Payment) > 0 || back.Units.Cmp(got.Units) < 0 {
				t.Errorf("the payment buys %+v, %v", back, err)
			}
		})
	}
	for name, lot := range map[string]*auction.Lot{"open": l, "opening": fresh} {
		if _, err := lot.CostToTake(n(1), 79); !errors.Is(err, auction.ErrState) {
			t.Errorf("%s: after the end: %v, want ErrState", name, err)
		}
		if _, err := lot.UnitsFor(n(1), math.MaxInt64); !errors.Is(err, auction.ErrState) {
			t.Errorf("%s: long after the end: %v, want ErrState", name, err)
		}
	}
}

// TestTakeExtremes offers more than an amount of the bought asset can pay for.
func TestTakeExtremes(t *testing.T) {
	t.Parallel()
	l, now := openLot(t, curveOf(t, auction.Linear, "4", "2", 60), auction.Tranche{Units: fixed.MaxNat()})
	if _, err := l.CostToTake(fixed.MaxNat(), now); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("error %v, want ErrOverflow", err)
	}
	if got, err := l.UnitsFor(n(9), now); err != nil || got.Units != n(2) || got.Payment != n(8) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := l.UnitsFor(n(9), math.MaxInt64); !errors.Is(err, auction.ErrState) {
		t.Errorf("error %v, want ErrState", err)
	}
}

// TestFlatLotQuote has one clearing only, the first: a flat curve of one second.
func TestFlatLotQuote(t *testing.T) {
	t.Parallel()
	l := newLot(t, curveOf(t, auction.Linear, "2", "2", 1), units(100))
	l.Clock.Effective = 1
	if got, err := l.CostToTake(n(5), 0); err != nil || got.Time != 18 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := l.CostToTake(n(5), 19); !errors.Is(err, auction.ErrState) {
		t.Errorf("error %v, want ErrState", err)
	}
}
