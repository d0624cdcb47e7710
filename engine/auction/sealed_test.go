package auction_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

func TestBond(t *testing.T) {
	t.Parallel()
	var c fixed.Calc
	fraction := auction.BondFraction(&c, enginetest.W(t, "0.8"), 60)
	if want := vectors(t).Bond60s; fraction != want || c.Err() != nil {
		t.Errorf("fraction %v, %v, want %v", fraction, c.Err(), want)
	}
	// 2*0.000440071956853493*1,000,000 = 880.14, rounded up.
	if got := auction.Bond(&c, fraction, n(1_000_000), n(50)); got != n(881) {
		t.Errorf("bond %v, want 881", got)
	}
	if got := auction.Bond(&c, fraction, n(1000), n(50)); got != n(50) {
		t.Errorf("bond %v, want the minimum", got)
	}
}

func TestReveal(t *testing.T) {
	t.Parallel()
	s := auction.Sealed{CommitUntil: 100, RevealUntil: 160}
	if s.CheckCommit(100) != nil || !errors.Is(s.CheckCommit(101), auction.ErrReveal) {
		t.Error("the commit phase ends at 100")
	}
	b := bid(1, 10, enginetest.W(t, "1.25")) // escrow 13
	huge := bid(1, 10, fixed.Max())
	tests := []struct {
		name    string
		bid     auction.Bid
		deposit uint64
		now     int64
		ok      bool
	}{
		{"covered", b, 13, 101, true},
		{"last second", b, 14, 160, true},
		{"not covered", b, 12, 130, false},
		{"too early", b, 13, 100, false},
		{"too late", b, 13, 161, false},
		{"no escrow covers it", huge, 13, 130, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := s.CheckReveal(&tt.bid, pairOf(6, 6), n(tt.deposit), tt.now)
			if tt.ok != (err == nil) || !tt.ok && !errors.Is(err, auction.ErrReveal) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestPreimage checks that every part of a bid is committed to.
func TestPreimage(t *testing.T) {
	t.Parallel()
	b := allOrNone(1, 10, enginetest.W(t, "1.25"))
	base := auction.AppendPreimage(nil, 7, &b, []byte("salt"))
	if len(base) != 84 || base[7] != 7 || base[15] != 101 || base[31] != 10 || base[47] != 10 ||
		string(base[80:]) != "salt" {
		t.Fatalf("%x", base)
	}
	bidder, quantity, minimum, limit := b, b, b, b
	bidder.Bidder++
	quantity.Quantity = n(11)
	minimum.MinFill = n(9)
	limit.Limit = enginetest.W(t, "1.250000000000000001")
	for name, other := range map[string][]byte{
		"lot":      auction.AppendPreimage(nil, 8, &b, []byte("salt")),
		"bidder":   auction.AppendPreimage(nil, 7, &bidder, []byte("salt")),
		"quantity": auction.AppendPreimage(nil, 7, &quantity, []byte("salt")),
		"minimum":  auction.AppendPreimage(nil, 7, &minimum, []byte("salt")),
		"limit":    auction.AppendPreimage(nil, 7, &limit, []byte("salt")),
		"salt":     auction.AppendPreimage(nil, 7, &b, []byte("sale")),
	} {
		if bytes.Equal(base, other) {
			t.Errorf("%s is not committed to", name)
		}
	}
}

// TestSealedClearing clears revealed bids at once in a flat lot: the clock is the reserve (spec 05 §5.6).
func TestSealedClearing(t *testing.T) {
	t.Parallel()
	l, now := openLot(t, curveOf(t, auction.Linear, "9", "9", 1), units(100))
	var w auction.Workspace
	cl := advance(t, &w, l, []auction.Bid{
		bid(1, 60, enginetest.W(t, "9.1")), bid(2, 60, enginetest.W(t, "9.5")), bid(3, 60, enginetest.W(t, "9")),
	}, now)
	if cl.Clock != fixed.FromInt(9) || cl.Price != enginetest.W(t, "9.1") || cl.Sold != n(100) ||
		l.Status != auction.Closed {
		t.Errorf("%+v", cl)
	}
}
