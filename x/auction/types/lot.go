package types

import (
	"fmt"

	"cosmossdk.io/math"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/internal/num"
)

// Engine is the engine's form of a lot that a node showed: the way back from ToLot, so that whoever bids computes its
// price at any future time, and what any units will cost then, by the code that the chain runs. Of the pair the sold
// asset has index 0 and the paid one index 1; who bought so far is not shown.
func (l *Lot) Engine() (*auction.Lot, error) {
	r := reader{}
	e := &auction.Lot{
		ID: l.Id, Sell: 0, Buy: 1,
		Pair: asset.Pair{Sell: pairAsset(l.SellDenom, l.SellExponent), Buy: pairAsset(l.BuyDenom, l.BuyExponent)},
		Curve: auction.Curve{
			Kind: kindOf(l.Curve.Kind), Start: r.decimal(l.Curve.Start), Reserve: r.decimal(l.Curve.Reserve),
			Ratio: r.decimal(l.Curve.Ratio), Steps: l.Curve.Steps, StepSeconds: l.Curve.StepSeconds,
			BucketSteps: l.Curve.BucketSteps,
		},
		Pace:        auction.Pace{BlockSeconds: l.Pace.BlockSeconds, HaltSeconds: l.Pace.HaltSeconds},
		TailSeconds: l.TailSeconds, OpeningBlocks: l.OpeningBlocksLeft,
		Clock: auction.Clock{
			Last: l.LastTime, Effective: l.EffectiveSeconds, Frozen: l.Status == LOT_STATUS_FROZEN,
		},
		Status: engineStatus(l.Status), Blocks: l.Clearings,
	}
	for i := range l.Tranches {
		t := &l.Tranches[i]
		e.Tranches = append(e.Tranches, auction.Tranche{
			Limit: r.decimal(t.Limit), Units: r.amount(t.Units), Sold: r.amount(t.Sold), Proceeds: r.amount(t.Proceeds),
			Closed: t.Closed,
		})
	}
	if r.err != nil {
		return nil, fmt.Errorf("lot %d: %w", l.Id, r.err)
	}
	return e, nil
}

func pairAsset(denom string, exponent uint32) asset.Asset {
	return asset.Asset{ID: asset.ID(denom), Exponent: uint8(exponent)} //nolint:gosec // at most 18
}

func kindOf(word string) auction.Kind {
	for _, k := range []auction.Kind{auction.Linear, auction.Exponential} {
		if k.String() == word {
			return k
		}
	}
	return auction.KindUnspecified
}

func engineStatus(s LotStatus) auction.Status {
	switch s {
	case LOT_STATUS_OPENING:
		return auction.Opening
	case LOT_STATUS_OPEN, LOT_STATUS_FROZEN:
		return auction.Open
	case LOT_STATUS_CLOSED, LOT_STATUS_SETTLED:
		return auction.Closed
	case LOT_STATUS_UNSPECIFIED:
	}
	return auction.StatusUnspecified
}

// reader reads numbers and keeps the first error.
type reader struct{ err error }

func (r *reader) decimal(text string) fixed.Wad {
	w, err := num.Decimal(text)
	r.keep(err)
	return w
}

func (r *reader) amount(n math.Int) asset.Amount {
	a, err := num.Amount(n)
	r.keep(err)
	return a
}

func (r *reader) keep(err error) {
	if r.err == nil {
		r.err = err
	}
}
