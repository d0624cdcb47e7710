package fold

import (
	"context"

	"cosmossdk.io/math"

	"github.com/cosmos/gogoproto/proto"

	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
)

// auction writes the events of lots and of standalone sales.
func (b *block) auction(ctx context.Context, event proto.Message) (known bool, err error) {
	switch e := event.(type) {
	case *auctiontypes.EventCleared:
		return true, b.cleared(ctx, e)
	case *auctiontypes.EventLotOpened:
		return true, b.opened(ctx, &e.Lot)
	case *auctiontypes.EventLotClosed:
		b.lot(e.LotId)
		return true, b.exec(ctx, "UPDATE lots SET status = 'closed', closed_height = $1, closed_time = "+
			"$2, cancelled = $3, "+
			"sold = $4, proceeds = $5, remaining = $6 WHERE id = $7", b.Height, b.Time, e.Cancelled, e.Sold.Amount.String(),
			e.Proceeds.Amount.String(), e.Unsold.Amount.String(), id(e.LotId))
	case *auctiontypes.EventLotFrozen:
		b.lot(e.LotId)
		if err := b.exec(ctx, "UPDATE lots SET status = 'frozen' WHERE id = $1", id(e.LotId)); err != nil {
			return true, err
		}
		return true, b.pause(ctx, pause{scope: "lot", kind: "frozen", lot: e.LotId, reason: "the chain halted"})
	case *auctiontypes.EventLotReanchored:
		return true, b.reanchored(ctx, &e.Lot)
	case *auctiontypes.EventLotFailed:
		b.lot(e.LotId)
		return true, b.notice(ctx, notice{kind: "lot failed", lot: e.LotId, reason: e.Reason})
	case *auctiontypes.EventSalePlaced:
		return true, b.sale(ctx, &e.Sale)
	case *auctiontypes.EventSaleCancelled:
		b.changed.Others = append(b.changed.Others, "sales")
		return true, b.exec(ctx, "UPDATE sales SET status = 'cancelled', updated_height = $1, "+
			"updated_time = $2 WHERE id = $3",
			b.Height, b.Time, id(e.SaleId))
	case *auctiontypes.EventSaleSettled:
		return true, b.saleSettled(ctx, e)
	}
	return false, nil
}

func (b *block) lot(lot uint64) { b.changed.Lots = append(b.changed.Lots, lot) }

func (b *block) opened(ctx context.Context, l *auctiontypes.Lot) error {
	terms, err := message(l)
	if err != nil {
		return err
	}
	b.lot(l.Id)
	units := math.ZeroInt()
	for i := range l.Tranches {
		units = units.Add(l.Tranches[i].Units)
	}
	return b.put(ctx, row{
		"lots", "id round sell sell_exponent buy buy_exponent status units start reserve terms opened_height opened_time " +
			"closed_height closed_time cancelled bids fills sold proceeds remaining clock price", []any{
			id(l.Id), id(b.planned[l.Id]), l.SellDenom, int64(l.SellExponent), l.BuyDenom, int64(l.BuyExponent), "open",
			units.String(), l.Curve.Start, l.Curve.Reserve, terms, b.Height, b.Time, 0, 0, "", 0, 0, "0", "0",
			units.String(), "", "",
		},
	})
}

// reanchored writes the new curve of a lot that goes on.
func (b *block) reanchored(ctx context.Context, l *auctiontypes.Lot) error {
	terms, err := message(l)
	if err != nil {
		return err
	}
	b.lot(l.Id)
	err = b.exec(ctx, "UPDATE lots SET status = 'open', start = $1, reserve = $2, terms = $3 WHERE id = $4",
		l.Curve.Start, l.Curve.Reserve, terms, id(l.Id))
	if err != nil {
		return err
	}
	return b.pause(ctx, pause{scope: "lot", kind: "anchored again", lot: l.Id})
}

// cleared writes a clearing. The fills of it were told just before, and get its mid.
func (b *block) cleared(ctx context.Context, e *auctiontypes.EventCleared) error {
	b.lot(e.LotId)
	err := b.put(ctx, row{
		"clearings", "lot height time clock price price_real mid mid_low mid_high cost_bps sold proceeds fills remaining",
		[]any{
			id(e.LotId), b.Height, b.Time, e.Clock, e.Price, shown(e.Price), e.Mid, e.MidLow, e.MidHigh, e.CostBps,
			e.Sold.Amount.String(), e.Proceeds.Amount.String(), int64(e.Fills), e.Remaining.String(),
		},
	})
	if err != nil {
		return err
	}
	err = b.exec(ctx, "UPDATE fills SET mid = $1, cost_bps = $2 WHERE lot = $3 AND height = $4",
		e.Mid, e.CostBps, id(e.LotId), b.Height)
	if err != nil {
		return err
	}
	return b.exec(ctx, "UPDATE lots SET fills = fills + $1, remaining = $2, clock = $3, price = $4 WHERE id = $5",
		int64(e.Fills), e.Remaining.String(), e.Clock, e.Price, id(e.LotId))
}

// bid writes the events of bids.
func (b *block) bid(ctx context.Context, event proto.Message) (known bool, err error) {
	switch e := event.(type) {
	case *auctiontypes.EventFilled:
		return true, b.filled(ctx, e)
	case *auctiontypes.EventBidPlaced:
		return true, b.placed(ctx, &e.Bid)
	case *auctiontypes.EventBidCancelled:
		b.lot(e.LotId)
		how := "cancelling" // it takes part in the next clearing once more
		if e.Over {
			how = "cancel"
		}
		return true, b.ended(ctx, e.LotId, e.BidId, how)
	case *auctiontypes.EventBidReturned:
		b.lot(e.LotId)
		return true, b.ended(ctx, e.LotId, e.BidId, word(e.Reason.String(), "CLAIM_REASON_"))
	case *auctiontypes.EventClaimPaid:
		return true, nil
	case *auctiontypes.EventClaimFailed:
		return true, b.notice(ctx, notice{kind: "claim failed", reason: e.Owner + ": " + e.Reason})
	}
	return false, nil
}

func (b *block) placed(ctx context.Context, x *auctiontypes.Bid) error {
	b.lot(x.LotId)
	err := b.put(ctx, row{
		"bids", "lot id bidder quantity min_fill limit_price limit_real expiry same_owner escrow height time status " +
			"ended_height ended_time", []any{
			id(x.LotId), id(x.Id), x.Bidder, x.Quantity.String(), x.MinFill.String(), x.Limit, shown(x.Limit), x.Expiry,
			bit(x.SameOwner), x.Escrow.Amount.String(), b.Height, b.Time, "resting", 0, 0,
		},
	})
	if err != nil {
		return err
	}
	return b.exec(ctx, "UPDATE lots SET bids = bids + 1 WHERE id = $1", id(x.LotId))
}

func (b *block) ended(ctx context.Context, lot, bid uint64, how string) error {
	return b.exec(ctx, "UPDATE bids SET status = $1, ended_height = $2, ended_time = $3 WHERE lot = $4 AND id = $5",
		how, b.Height, b.Time, id(lot), id(bid))
}

func (b *block) filled(ctx context.Context, e *auctiontypes.EventFilled) error {
	b.lot(e.LotId)
	err := b.put(ctx, row{"fills", "lot bid bidder units payment refund price mid cost_bps height time", []any{
		id(e.LotId), id(e.BidId), e.Bidder, e.Units.String(), e.Payment.String(), e.Refund.String(), e.Price, "", "",
		b.Height, b.Time,
	}})
	if err != nil {
		return err
	}
	return b.ended(ctx, e.LotId, e.BidId, "filled")
}

func (b *block) sale(ctx context.Context, s *auctiontypes.Sale) error {
	b.changed.Others = append(b.changed.Others, "sales")
	return b.put(ctx, row{
		"sales", "id seller sell offered buy limit_price height time status sold proceeds returned " +
			"updated_height updated_time",
		[]any{
			id(s.Id), s.Seller, s.Offered.Denom, s.Offered.Amount.String(), s.BuyDenom, s.Limit, b.Height, b.Time, "waiting",
			"0", "0", "0", b.Height, b.Time,
		},
	})
}

func (b *block) saleSettled(ctx context.Context, e *auctiontypes.EventSaleSettled) error {
	b.changed.Others = append(b.changed.Others, "sales")
	return b.exec(ctx, "UPDATE sales SET status = 'settled', sold = $1, proceeds = $2, returned = $3, "+
		"updated_height = $4, "+
		"updated_time = $5 WHERE id = $6", e.Sold.Amount.String(), e.Proceeds.Amount.String(), e.Returned.Amount.String(),
		b.Height, b.Time, id(e.SaleId))
}
