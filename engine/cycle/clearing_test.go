package cycle_test

import (
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// TestClearingOf: 100 units of A for 49.5 of B, which is worth 2.02: a price of 0.9999 for A, which opened at 1.
func TestClearingOf(t *testing.T) {
	t.Parallel()
	u := universe(t, 2)
	open := []oracle.Price{good(wad("1")), good(wad("2"))}
	now := []oracle.Price{good(wad("1.1")), good(wad("2.02"))}
	ill := func(p oracle.Price) oracle.Price { p.Status = oracle.StatusTripped; return p }
	lot := func() *auction.Lot {
		return &auction.Lot{
			Sell: 0, Buy: 1, Pair: asset.Pair{Sell: u.At(0), Buy: u.At(1)}, Clock: auction.Clock{Last: noon},
			Tranches: []auction.Tranche{{
				Units: fixed.NatOf(200_000_000), Sold: fixed.NatOf(100_000_000), Proceeds: fixed.NatOf(49_500_000),
			}},
			Bidders: auction.Bidders{Count: 2}, SameOwner: true,
		}
	}
	got, ok := cycle.ClearingOf(u, lot(), open, now)
	want := cycle.AssetClearing{Asset: 0, Clearing: oracle.Clearing{
		Time: noon, Price: wad("0.9999"), Mid: wad("1"), Volume: wad("99.99"), Owners: 2, SameOwner: true,
	}}
	if !ok || got != want {
		t.Errorf("got %+v, %t, want %+v", got, ok, want)
	}
	unsold := lot()
	unsold.Tranches[0].Sold, unsold.Tranches[0].Proceeds = fixed.Nat{}, fixed.Nat{}
	foreign := lot()
	foreign.Buy = 7
	for name, mute := range map[string]struct {
		lot       *auction.Lot
		open, now []oracle.Price
	}{
		"nothing sold":           {unsold, open, now},
		"no mid at the opening":  {lot(), []oracle.Price{ill(open[0]), open[1]}, now},
		"no price of what paid":  {lot(), open, []oracle.Price{now[0], ill(now[1])}},
		"asset not in the lists": {foreign, open, now},
	} {
		if got, ok := cycle.ClearingOf(u, mute.lot, mute.open, mute.now); ok {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}
