package maker

import (
	"fmt"
	"math/big"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/auction/types"
)

// LotOf is the engine's form of a lot that a node showed, so that its price at any future time, and what any units
// will cost then, are computed here by the code that the chain runs.
func LotOf(p *types.Lot) (*auction.Lot, error) {
	r := reader{}
	l := &auction.Lot{
		ID: p.Id, Sell: 0, Buy: 1, // within the pair
		Pair: asset.Pair{
			Sell: asset.Asset{ID: asset.ID(p.SellDenom), Exponent: uint8(p.SellExponent)}, //nolint:gosec // at most 18
			Buy:  asset.Asset{ID: asset.ID(p.BuyDenom), Exponent: uint8(p.BuyExponent)},   //nolint:gosec // at most 18
		},
		Curve: auction.Curve{
			Kind: kindOf(p.Curve.Kind), Start: r.decimal(p.Curve.Start), Reserve: r.decimal(p.Curve.Reserve),
			Ratio: r.decimal(p.Curve.Ratio), Steps: p.Curve.Steps, StepSeconds: p.Curve.StepSeconds,
			BucketSteps: p.Curve.BucketSteps,
		},
		Pace:        auction.Pace{BlockSeconds: p.Pace.BlockSeconds, HaltSeconds: p.Pace.HaltSeconds},
		TailSeconds: p.TailSeconds, OpeningBlocks: p.OpeningBlocksLeft,
		Clock:  auction.Clock{Last: p.LastTime, Effective: p.EffectiveSeconds, Frozen: p.Status == types.LOT_STATUS_FROZEN},
		Status: statusOf(p.Status), Blocks: p.Clearings,
	}
	for i := range p.Tranches {
		t := &p.Tranches[i]
		l.Tranches = append(l.Tranches, auction.Tranche{
			Limit: r.decimal(t.Limit), Units: r.amount(t.Units.BigInt()), Sold: r.amount(t.Sold.BigInt()),
			Proceeds: r.amount(t.Proceeds.BigInt()), Closed: t.Closed,
		})
	}
	if r.err != nil {
		return nil, fmt.Errorf("lot %d: %w", p.Id, r.err)
	}
	return l, nil
}

func kindOf(word string) auction.Kind {
	for _, k := range []auction.Kind{auction.Linear, auction.Exponential} {
		if k.String() == word {
			return k
		}
	}
	return auction.KindUnspecified
}

func statusOf(s types.LotStatus) auction.Status {
	switch s {
	case types.LOT_STATUS_OPENING:
		return auction.Opening
	case types.LOT_STATUS_OPEN, types.LOT_STATUS_FROZEN:
		return auction.Open
	case types.LOT_STATUS_CLOSED, types.LOT_STATUS_SETTLED:
		return auction.Closed
	case types.LOT_STATUS_UNSPECIFIED:
	}
	return auction.StatusUnspecified
}

// reader reads numbers and keeps the first error.
type reader struct{ err error }

func (r *reader) decimal(text string) fixed.Wad {
	if text == "" {
		return fixed.Wad{}
	}
	w, err := fixed.Parse(text)
	r.keep(err)
	return w
}

func (r *reader) amount(n *big.Int) asset.Amount {
	if n == nil {
		return asset.Amount{}
	}
	a, err := fixed.NatFromBig(n)
	r.keep(err)
	return a
}

func (r *reader) keep(err error) {
	if r.err == nil {
		r.err = err
	}
}
