package auction_test

import (
	"encoding/json"
	"testing"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// pace of the tests: six-second blocks, so a cap of 18 s, and a halt after ten minutes.
var pace = auction.Pace{BlockSeconds: 6, HaltSeconds: 600}

// reporter is what a test and a property have in common.
type reporter interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// pairOf is a pair of two denoms with these exponents.
func pairOf(sell, buy uint8) asset.Pair {
	return asset.Pair{Sell: asset.Asset{ID: "usell", Exponent: sell}, Buy: asset.Asset{ID: "ubuy", Exponent: buy}}
}

// curveOf is a smooth curve with steps of one second.
func curveOf(tb testing.TB, kind auction.Kind, start, reserve string, steps uint64) auction.Curve {
	tb.Helper()
	c, err := auction.NewCurve(auction.Curve{
		Kind: kind, Start: enginetest.W(tb, start), Reserve: enginetest.W(tb, reserve), Steps: steps, StepSeconds: 1,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// newLot is a lot of equal exponents that opens at time 0 and has not cleared yet.
func newLot(tb reporter, curve auction.Curve, tranches ...auction.Tranche) *auction.Lot {
	tb.Helper()
	l := &auction.Lot{
		ID: 7, Sell: 1, Buy: 2, Pair: pairOf(6, 6), Curve: curve, Pace: pace,
		OpeningBlocks: auction.MinOpeningBlocks, Tranches: tranches,
	}
	if err := l.Open(0); err != nil {
		tb.Fatal(err)
	}
	return l
}

// units is a tranche without a limit of its own.
func units(n uint64) auction.Tranche { return auction.Tranche{Units: fixed.NatOf(n)} }

// limited is a tranche with a limit.
func limited(limit fixed.Wad, n uint64) auction.Tranche {
	return auction.Tranche{Limit: limit, Units: fixed.NatOf(n)}
}

// openLot is a lot whose clock has stood at its start for the opening: its next clearing is at the effective time of
// 0 when the time is first.
func openLot(tb reporter, curve auction.Curve, tranches ...auction.Tranche) (l *auction.Lot, first int64) {
	tb.Helper()
	l = newLot(tb, curve, tranches...)
	var w auction.Workspace
	for range auction.MinOpeningBlocks {
		first += pace.BlockSeconds
		if cl := advance(tb, &w, l, nil, first); cl.Outcome != auction.OutcomeCollecting || cl.Status != auction.Opening {
			tb.Fatalf("opening at %d: %v, %v", first, cl.Outcome, cl.Status)
		}
	}
	return l, first + pace.BlockSeconds
}

// advance clears and applies.
func advance(tb reporter, w *auction.Workspace, l *auction.Lot, bids []auction.Bid, now int64) auction.Clearing {
	tb.Helper()
	cl, err := w.Clear(l, bids, now)
	if err != nil {
		tb.Fatal(err)
	}
	if err := l.Apply(&cl); err != nil {
		tb.Fatal(err)
	}
	return cl
}

// bid is a bid without minimum by a bidder of its own.
func bid(id, quantity uint64, limit fixed.Wad) auction.Bid {
	return auction.Bid{ID: id, Bidder: 100 + id, Quantity: fixed.NatOf(quantity), Limit: limit}
}

// allOrNone is a bid for its whole quantity or nothing.
func allOrNone(id, quantity uint64, limit fixed.Wad) auction.Bid {
	b := bid(id, quantity, limit)
	b.MinFill = b.Quantity
	return b
}

func n(v uint64) fixed.Nat { return fixed.NatOf(v) }

// auctionVectors is auctions.json, without its float analysis.
type auctionVectors struct {
	Curve struct {
		S, E fixed.Wad
		N    uint64
		R    fixed.Wad           `json:"r"`
		Rows [][]json.RawMessage `json:"rows"`
	} `json:"curve"`
	Widen [][]json.RawMessage `json:"widen"`
	Batch struct {
		Clock fixed.Wad           `json:"clock"`
		Bids  [][]json.RawMessage `json:"bids"`
		Cases []struct {
			Avail  uint64            `json:"avail"`
			Price  fixed.Wad         `json:"price"`
			Fills  map[string]uint64 `json:"fills"`
			Pay    map[string]uint64 `json:"pay"`
			Refund map[string]uint64 `json:"refund"`
		} `json:"cases"`
	} `json:"batch"`
	Bond60s fixed.Wad         `json:"bond60s"`
	Clock   []json.RawMessage `json:"clock"`
}

func vectors(tb testing.TB) auctionVectors {
	tb.Helper()
	var v auctionVectors
	enginetest.Vectors(tb, "auctions.json", &v)
	return v
}
