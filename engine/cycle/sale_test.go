package cycle_test

import (
	"errors"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/settle"
)

// seller is what the first sale's account holds of an asset.
func (h *host) seller(a asset.Index) fixed.Wad {
	return h.balances[account{settle.Account{Kind: settle.Seller, ID: 1}, a}]
}

// TestSaleJoinsTheLot: a seller without a portfolio shares the lot of a portfolio that sells the same pair, pro rata.
func TestSaleJoinsTheLot(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	h.add(policy([]asset.Index{0, 1}, "0", "1"), 300, 0)
	h.offer(0, 1, 100, fixed.Wad{})
	h.run(func(lot *auction.Lot) (units, proceeds asset.Amount) {
		if got := lot.Total(); got != fixed.NatOf(400) || len(lot.Tranches) != 1 {
			t.Fatalf("got a lot of %v in %d tranches", got, len(lot.Tranches))
		}
		return fixed.NatOf(200), fixed.NatOf(198)
	})
	want := cycle.SaleFill{
		Sale: 1, Buy: 1, Units: fixed.NatOf(100), Sold: fixed.NatOf(50), Bought: fixed.NatOf(50), Refund: fixed.NatOf(50),
	}
	if len(h.out.SaleFills) != 1 || h.out.SaleFills[0] != want { // 198*100/400 = 49.5: prefix shares round the later up
		t.Errorf("got %+v, want %+v", h.out.SaleFills, want)
	}
	if sell, buy := h.seller(0), h.seller(1); sell != fixed.FromRaw(50) || buy != fixed.FromRaw(50) {
		t.Errorf("the seller has %v and %v", sell.Big(), buy.Big())
	}
	if s := h.sales[0]; s.Placed || s.Units != fixed.NatOf(50) || s.Order != (cycle.Order{}) {
		t.Errorf("got %+v", s)
	}
}

// TestSaleCrosses: it meets a portfolio that wants the opposite, and no auction is needed.
func TestSaleCrosses(t *testing.T) {
	t.Parallel()
	h := newHost(t, "2", "1")
	h.add(policy([]asset.Index{0, 1}, "1", "0"), 0, 200)
	h.offer(0, 1, 100, wad("1.9"))
	h.run(unsold)
	if len(h.out.Lots) != 0 || len(h.out.SaleFills) != 1 || h.out.SaleFills[0].Bought != fixed.NatOf(200) {
		t.Errorf("got %d lots, %+v", len(h.out.Lots), h.out.SaleFills)
	}
}

// TestSaleKeepsItsLimit: what the market does not pay comes back.
func TestSaleKeepsItsLimit(t *testing.T) {
	t.Parallel()
	h := newHost(t, "2", "1")
	h.add(policy([]asset.Index{0, 1}, "1", "0"), 0, 200)
	h.offer(0, 1, 100, wad("2.1"))
	h.run(unsold)
	if h.seller(0) != fixed.FromRaw(100) || !h.seller(1).IsZero() {
		t.Errorf("got %+v", h.out.SaleFills)
	}
}

// TestSaleOutOfReach: offers at prices that nobody pays do not widen the reserve of those who share the lot.
func TestSaleOutOfReach(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	for range 3 {
		h.folios = nil
		h.add(policy([]asset.Index{0, 1}, "0", "1"), 300, 0)
		h.sales = nil
		h.offer(0, 1, 1_000_000, wad("5"))
		h.run(func(lot *auction.Lot) (units, proceeds asset.Amount) {
			if len(lot.Tranches) != 2 {
				t.Fatalf("got %d tranches", len(lot.Tranches))
			}
			return fixed.NatOf(300), fixed.NatOf(300)
		})
	}
	if len(h.round.Spreads) != 0 {
		t.Errorf("learnt %+v from an offer that nobody could take", h.round.Spreads)
	}
}

func TestSaleRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		sale cycle.Sale
	}{
		{"for itself", cycle.Sale{ID: 1, Units: fixed.NatOf(1)}},
		{"unknown asset sold", cycle.Sale{ID: 1, Sell: 2, Units: fixed.NatOf(1)}},
		{"unknown asset bought", cycle.Sale{ID: 1, Buy: 2, Units: fixed.NatOf(1)}},
		{"nothing", cycle.Sale{ID: 1, Buy: 1}},
		{"negative limit", cycle.Sale{ID: 1, Buy: 1, Units: fixed.NatOf(1), Limit: wad("-1")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, "1", "1")
			h.sales = []cycle.Sale{test.sale}
			h.collect()
			n := h.out.Notes
			if len(n) != 1 || n[0].Outcome != cycle.OrderRefused || n[0].Sale != 1 || !errors.Is(n[0].Err, cycle.ErrInput) {
				t.Errorf("got %+v", n)
			}
			if h.sales[0] != test.sale || len(h.out.Transfers) > 0 {
				t.Errorf("it was changed to %+v", h.sales[0])
			}
		})
	}
}

func TestSalePagesAscend(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	h.offer(0, 1, 10, fixed.Wad{})
	h.offer(0, 1, 10, fixed.Wad{})
	h.sales[1].ID = 1
	if err := h.try(0, 2); !errors.Is(err, cycle.ErrInput) {
		t.Errorf("got %v", err)
	}
}

// TestSaleOfAnotherRound: a place that the books do not have is the host's mistake, and stops it before money moves.
func TestSaleOfAnotherRound(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	h.offer(0, 1, 10, fixed.Wad{})
	h.collect()
	h.cross()
	h.auction(unsold)
	h.sales[0].Order.Tranche = 7
	if err := h.try(0, 1); !errors.Is(err, cycle.ErrBook) {
		t.Errorf("got %v", err)
	}
}

// TestIdleKeepsSales: between rounds nothing happens to them.
func TestIdleKeepsSales(t *testing.T) {
	t.Parallel()
	h := newHost(t, "1", "1")
	h.run(unsold)
	h.now -= day - block // the interval is not over
	h.offer(0, 1, 10, fixed.Wad{})
	h.step(0, 1)
	if h.sales[0].Placed || h.round.Phase != cycle.Idle {
		t.Errorf("got %+v", h.sales[0])
	}
}
