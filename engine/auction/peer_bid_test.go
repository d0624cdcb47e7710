package auction_test

import (
	"strings"
	"testing"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// flatLot is a lot at one price, in front of its first clearing.
func flatLot(tb testing.TB, price fixed.Wad, available fixed.Nat) (*auction.Lot, int64) {
	tb.Helper()
	curve := curveOf(tb, auction.Linear, price.String(), price.String(), 600)
	return openLot(tb, curve, auction.Tranche{Units: available})
}

// TestPeerBidRounding buys for a payment at one price: units down, cost up, the rest back.
func TestPeerBidRounding(t *testing.T) {
	t.Parallel()
	type input struct {
		Price     fixed.Wad `json:"price"`
		Available uint64    `json:"available"`
		Sent      uint64    `json:"sent"`
	}
	type output struct {
		Bought   uint64  `json:"bought"`
		Refund   uint64  `json:"refund"`
		Paid     *uint64 `json:"paid"`
		Leftover uint64  `json:"leftover"`
	}
	peers := append(enginetest.Peers(t, "bid rounding"), enginetest.Peers(t, "bid rounding edge")...)
	for _, p := range peers {
		in, want := peer[input, output](t, p)
		available := fixed.MaxNat()
		if in.Available > 0 {
			available = n(in.Available)
		}
		l, now := flatLot(t, in.Price, available)
		take, err := l.UnitsFor(n(in.Sent), now)
		if err != nil || take.Units != n(want.Bought) || n(in.Sent).Monus(take.Payment) != n(want.Refund) {
			t.Errorf("%s: %+v, %v, want %+v", p.ID, take, err, want)
		}
		if want.Paid != nil && take.Payment != n(*want.Paid) {
			t.Errorf("%s: paid %v, want %d", p.ID, take.Payment, *want.Paid)
		}
	}
}

// TestPeerBids bids in blocks of a second of a falling clock; IDX-MOD-01 is a sale at one price.
func TestPeerBids(t *testing.T) {
	t.Parallel()
	type input struct {
		Total uint64    `json:"total"`
		Start fixed.Wad `json:"start_price"`
		End   fixed.Wad `json:"end_price"`
		Steps uint64    `json:"blocks"`
		Price fixed.Wad `json:"price"`
	}
	type output struct {
		Bids []struct {
			Block  int64
			Want   uint64
			Price  fixed.Wad
			Bought uint64
			Refund uint64
			Paid   uint64
		}
		Quote string `json:"quote_paid_weth"`
	}
	for _, p := range enginetest.Peers(t, "bid") {
		in, want := peer[input, output](t, p)
		if p.ID == "IDX-MOD-01" {
			amount := enginetest.N(t, "900000000000000000000")
			l, now := flatLot(t, in.Price, amount)
			l.Pair = pairOf(18, 18)
			if take, err := l.CostToTake(amount, now); err != nil || take.Payment.String() != want.Quote {
				t.Errorf("%s: %+v, %v, want %s", p.ID, take, err, want.Quote)
			}
			continue
		}
		for _, w := range want.Bids {
			l, now := openLot(t, curveOf(t, auction.Linear, in.Start.String(), in.End.String(), in.Steps), units(in.Total))
			l.Clock.Effective = w.Block
			var ws auction.Workspace
			cl := advance(t, &ws, l, []auction.Bid{bid(1, w.Want, w.Price)}, now)
			f := cl.Fills[0]
			if cl.Price != w.Price || f.Units != n(w.Bought) || f.Payment != n(w.Paid) || f.Refund != n(w.Refund) ||
				l.Status != auction.Closed {
				t.Errorf("%s: %+v, want %+v", p.ID, cl, w)
			}
		}
	}
}

// TestPeerSizes: what a payment that is limited by a weight can buy, a lot that two fills have eaten into, and a sale
// at a price that does not fall.
func TestPeerSizes(t *testing.T) {
	t.Parallel()
	p := enginetest.Peers(t, "bid sizing by weight limits")[0]
	type weighted struct {
		Balance uint64 `json:"sell_balance,string"`
		Buy     uint64 `json:"buy_low_weight_available,string"`
	}
	type amounts struct {
		Sell string `json:"sell_amount"`
		Buy  string `json:"buy_amount"`
	}
	in, want := peer[weighted, amounts](t, p)
	l, now := flatLot(t, fixed.FromInt(100), n(in.Balance)) // price_D27 1e29
	take, err := l.UnitsFor(n(in.Buy), now)
	if err != nil || take.Units.String() != want.Sell || take.Payment.String() != want.Buy {
		t.Errorf("%s: %+v, %v, want %+v", p.ID, take, err, want)
	}

	p = enginetest.Peers(t, "max auction size")[0]
	type sized struct {
		Size    string   `json:"max_auction_size"`
		Fills   []string `json:"fills"`
		Request string   `json:"request"`
	}
	size, want := peer[sized, amounts](t, p)
	l, now = flatLot(t, fixed.One(), millions(t, size.Size))
	l.Pair = pairOf(6, 18)
	var w auction.Workspace
	var cl auction.Clearing
	for i, quantity := range append(size.Fills, size.Request) {
		b := bid(uint64(i), 0, fixed.One())
		b.Quantity = millions(t, quantity)
		cl = advance(t, &w, l, []auction.Bid{b}, now)
		now += 6
	}
	if cl.Sold.String() != want.Sell || cl.Proceeds.String() != want.Buy || l.Status != auction.Closed {
		t.Errorf("%s: %v for %v, want %+v", p.ID, cl.Sold, cl.Proceeds, want)
	}

	p = enginetest.Peers(t, "atomic swap")[0]
	type swap struct {
		Amount string `json:"sell_amount"`
	}
	sale, want := peer[swap, amounts](t, p)
	l, now = flatLot(t, fixed.One(), enginetest.N(t, sale.Amount))
	b := bid(1, 0, fixed.One())
	b.Quantity = enginetest.N(t, sale.Amount)
	if cl = advance(t, &w, l, []auction.Bid{b}, now); cl.Proceeds.String() != want.Buy || l.Status != auction.Closed {
		t.Errorf("%s: %v, want %s", p.ID, cl.Proceeds, want.Buy)
	}
}

// millions reads "2500e6".
func millions(tb testing.TB, s string) fixed.Nat {
	tb.Helper()
	return enginetest.N(tb, strings.Replace(s, "e6", "000000", 1))
}
