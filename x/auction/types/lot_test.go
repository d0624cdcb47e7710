package types_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/auction/types"
)

// TestLotEngine: a lot that is shown and read back shows the same, and costs the same at any time.
func TestLotEngine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := types.Hall{Lot: drawLot(t)}
		shown := types.ToLot(&h, 0)
		back, err := shown.Engine()
		if err != nil {
			t.Fatal(err)
		}
		again := types.ToLot(&types.Hall{Lot: *back}, 0)
		if shown.String() != again.String() {
			t.Fatalf("got %v, want %v", again.String(), shown.String())
		}
		at := h.Lot.Clock.Last + rapid.Int64Range(0, 2_000).Draw(t, "at")
		units := fixed.NatOf(rapid.Uint64().Draw(t, "take"))
		got, gotErr := back.CostToTake(units, at)
		want, wantErr := h.Lot.CostToTake(units, at)
		if got != want || (gotErr == nil) != (wantErr == nil) {
			t.Fatalf("got %+v, %v, want %+v, %v", got, gotErr, want, wantErr)
		}
	})
}

// drawLot draws an opened lot, some time after.
func drawLot(t *rapid.T) auction.Lot {
	reserve := rapid.Int64Range(1, 1_000_000).Draw(t, "reserve")
	curve, err := auction.NewCurve(auction.Curve{
		Kind:    rapid.SampledFrom([]auction.Kind{auction.Linear, auction.Exponential}).Draw(t, "kind"),
		Start:   fixed.FromBps(reserve + rapid.Int64Range(0, 100_000).Draw(t, "width")),
		Reserve: fixed.FromBps(reserve), Steps: rapid.Uint64Range(1, 100).Draw(t, "steps"), StepSeconds: 6,
	})
	if err != nil {
		t.Fatal(err)
	}
	l := auction.Lot{
		ID: 7, Buy: 1, Curve: curve, Pace: auction.Pace{BlockSeconds: 6, HaltSeconds: 600}, TailSeconds: 60,
		OpeningBlocks: auction.MinOpeningBlocks,
		Pair:          asset.Pair{Sell: asset.Asset{ID: "usell", Exponent: 6}, Buy: asset.Asset{ID: "abuy", Exponent: 18}},
	}
	for range rapid.IntRange(1, 3).Draw(t, "tranches") {
		l.Tranches = append(l.Tranches, auction.Tranche{
			Limit: fixed.FromBps(rapid.Int64Range(0, reserve+100_000).Draw(t, "limit")),
			Units: fixed.NatOf(rapid.Uint64Range(1, 1<<60).Draw(t, "units")),
		})
	}
	if err := l.Open(1_000); err != nil {
		t.Fatal(err)
	}
	var ws auction.Workspace
	for range rapid.IntRange(0, 10).Draw(t, "blocks") {
		if l.Status == auction.Closed {
			break
		}
		cl, err := ws.Clear(&l, nil, l.Clock.Last+rapid.Int64Range(1, 9).Draw(t, "seconds"))
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Apply(&cl); err != nil {
			t.Fatal(err)
		}
	}
	return l
}
