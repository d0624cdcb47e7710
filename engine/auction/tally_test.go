package auction_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

func TestTally(t *testing.T) {
	t.Parallel()
	pair := asset.Pair{Sell: asset.Asset{ID: "a", Exponent: 6}, Buy: asset.Asset{ID: "b", Exponent: 6}}
	sell := oracle.Price{Value: enginetest.W(t, "19"), Status: oracle.StatusOK}
	buy := oracle.Price{Value: enginetest.W(t, "2"), Status: oracle.StatusOK}
	tripped := oracle.Price{Value: sell.Value, Status: oracle.StatusTripped}
	sold := func(units ...uint64) *auction.Clearing {
		cl := &auction.Clearing{Outcome: auction.OutcomePartial, Offered: fixed.NatOf(10)}
		var c fixed.Calc
		for _, n := range units {
			cl.Fills = append(cl.Fills, auction.Fill{Units: fixed.NatOf(n)})
			cl.Sold = c.AddNat(cl.Sold, fixed.NatOf(n))
		}
		return cl
	}
	add := func(y *auction.Tally, cl *auction.Clearing, sell oracle.Price) {
		t.Helper()
		if err := y.Add(pair, cl, sell, buy); err != nil {
			t.Fatal(err)
		}
	}

	var y auction.Tally
	add(&y, &auction.Clearing{Outcome: auction.OutcomeCollecting}, sell)
	add(&y, sold(3, 5), sell) // floor(28.5) + floor(47.5)
	add(&y, &auction.Clearing{Outcome: auction.OutcomeIdle}, tripped)
	add(&y, sold(2), sell)
	want := auction.Tally{AtMid: fixed.NatOf(28 + 47 + 19), Opening: fixed.FromBps(8000), Clearings: 3}
	if y != want || y.Mid() != want.AtMid {
		t.Errorf("got %+v, want %+v", y, want)
	}

	add(&y, sold(2), tripped)
	add(&y, sold(2), sell)
	if !y.Stale || y.Clearings != 5 || !y.Mid().IsZero() {
		t.Errorf("got %+v: a mid was missing", y)
	}

	var none auction.Tally
	add(&none, &auction.Clearing{Outcome: auction.OutcomeIdle}, sell)
	add(&none, sold(4), sell)
	if !none.Opening.IsZero() {
		t.Errorf("got %+v: the first clearing sold nothing", none)
	}

	dear := oracle.Price{Value: fixed.Max(), Status: oracle.StatusOK}
	if err := none.Add(pair, sold(4), dear, buy); !errors.Is(err, fixed.ErrOverflow) {
		t.Errorf("got %v, want %v", err, fixed.ErrOverflow)
	}
}

func TestResult(t *testing.T) {
	t.Parallel()
	lot := auction.Lot{Tranches: []auction.Tranche{
		{Units: fixed.NatOf(9), Sold: fixed.NatOf(3), Proceeds: fixed.NatOf(30)},
		{Units: fixed.NatOf(9), Sold: fixed.NatOf(4), Proceeds: fixed.NatOf(41)},
	}}
	if sold, proceeds := lot.Result(); sold != fixed.NatOf(7) || proceeds != fixed.NatOf(71) {
		t.Errorf("got %v for %v", sold, proceeds)
	}
}

func TestUntil(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ expiry, until, want int64 }{
		{0, 50, 50}, {60, 50, 50}, {50, 50, 50}, {40, 50, 40},
	} {
		b := auction.Bid{ID: 3, Expiry: test.expiry}
		if got := b.Until(test.until); got.Expiry != test.want || got.ID != 3 || b.Expiry != test.expiry {
			t.Errorf("%+v: got %+v", test, got)
		}
	}
}

// TestAgainst: a clearing is held to the mid of its block, and to nothing without one.
func TestAgainst(t *testing.T) {
	t.Parallel()
	w := func(text string) fixed.Wad { return enginetest.W(t, text) }
	good := func(text string) oracle.Price { return oracle.Price{Status: oracle.StatusOK, Value: w(text)} }
	for name, x := range map[string]struct {
		sell, buy  oracle.Price
		price      string
		mid, below string
	}{
		"below":     {good("10"), good("2"), "4.95", "5", "0.01"},
		"above":     {good("10"), good("2"), "5.05", "5", "-0.01"},
		"unhealthy": {good("10"), oracle.Price{Value: w("2")}, "4.95", "0", "0"},
		"no price":  {good("10"), good("0"), "4.95", "0", "0"},
	} {
		cl := auction.Clearing{Price: w(x.price)}
		if mid, below := cl.Against(x.sell, x.buy); mid != w(x.mid) || below != w(x.below) {
			t.Errorf("%s: got %v and %v, want %s and %s", name, mid, below, x.mid, x.below)
		}
	}
}

// TestMidRange: the confidences of both prices add up, and nothing is known without a mid.
func TestMidRange(t *testing.T) {
	t.Parallel()
	w := func(text string) fixed.Wad { return enginetest.W(t, text) }
	sell, buy := oracle.Price{Confidence: w("0.01")}, oracle.Price{Confidence: w("0.02")}
	if low, high := auction.MidRange(w("5"), sell, buy); low != w("4.85") || high != w("5.15") {
		t.Errorf("expected 4.85 to 5.15, got %v to %v", low, high)
	}
	sell.Confidence = w("2")
	if low, high := auction.MidRange(w("5"), sell, buy); !low.IsZero() || high != w("15.1") {
		t.Errorf("expected 0 to 15.1, got %v to %v", low, high)
	}
	if low, high := auction.MidRange(fixed.Max(), sell, buy); !low.IsZero() || !high.IsZero() {
		t.Errorf("what does not fit: got %v to %v", low, high)
	}
	if low, high := auction.MidRange(fixed.Wad{}, sell, buy); !low.IsZero() || !high.IsZero() {
		t.Errorf("without a mid: got %v to %v", low, high)
	}
}
