package keeper

import (
	"context"
	"errors"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/x/internal/isolate"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// cross lets opposite orders meet and opens lots for the rest. When that cannot be done nothing meets and everything
// returns unsold: the next round tries again.
func (k Keeper) cross(ctx context.Context, p *pass) error {
	err := k.try(ctx, p, func(ctx context.Context) (cycle.Round, error) { return k.meet(ctx, p, &p.cfg) })
	if err == nil {
		return nil
	}
	k.failed(ctx, &p.round, err)
	quiet := p.cfg.Quiet()
	return k.try(ctx, p, func(ctx context.Context) (cycle.Round, error) { return k.meet(ctx, p, &quiet) })
}

func (k Keeper) meet(ctx context.Context, p *pass, cfg *cycle.Config) (cycle.Round, error) {
	next, out, err := cycle.Step(&p.ws, cfg, p.round, p.input())
	if err != nil {
		return next, types.Registered(err)
	}
	if err := k.apply(ctx, p, out.Transfers); err != nil {
		return next, err
	}
	p.progress.Opened = p.prices
	k.tellCrossing(ctx, p, &next, &out)
	if err := k.summarise(ctx, p, &next, &out); err != nil {
		return next, err
	}
	refused := k.open(ctx, p, out.Lots)
	if len(refused) == 0 {
		return next, nil
	}
	return k.bringBack(ctx, p, &next, refused)
}

// open opens lots one by one. What the auction refuses is given back, closed and unsold.
func (k Keeper) open(ctx context.Context, p *pass, lots []auction.Lot) []cycle.Closed {
	var refused []cycle.Closed
	for i := range lots {
		err := isolate.Run(ctx, func(ctx context.Context) error {
			return k.keepers.Auction.Open(ctx, lots[i:i+1])
		})
		if err != nil {
			k.refuse(ctx, p, &cycle.Note{
				Outcome: cycle.LotRefused, Asset: lots[i].Sell, HasAsset: true, Err: err,
			})
			lots[i].Cancel()
			refused = append(refused, cycle.Closed{Lot: lots[i]})
		}
	}
	return refused
}

// tellCrossing tells what met and what goes to auction.
func (k Keeper) tellCrossing(ctx context.Context, p *pass, next *cycle.Round, out *cycle.Output) {
	w := p.writer()
	for i := range out.Crosses {
		x := &out.Crosses[i]
		emit(ctx, &types.EventCrossed{
			Round: next.Number, Sold: w.Coin(x.Sell, x.Sold), Bought: w.Coin(x.Buy, x.Bought),
		})
	}
	for i := range out.Lots {
		lot := &out.Lots[i]
		emit(ctx, &types.EventLotPlanned{
			Round: next.Number, Lot: lot.ID, Units: w.Coin(lot.Sell, lot.Total()), Buy: w.Denom(lot.Buy),
			Start: num.Text(lot.Curve.Start), Reserve: num.Text(lot.Curve.Reserve),
		})
	}
	for i := range out.Notes {
		k.refuse(ctx, p, &out.Notes[i])
	}
}

// gather handles the lots that a halt froze, and takes closed ones in.
func (k Keeper) gather(ctx context.Context, p *pass) error {
	limit := int(p.params.Work.Lots)
	if err := k.thaw(ctx, p, limit); err != nil {
		return err
	}
	closed, err := k.keepers.Auction.Closed(ctx, limit)
	if err != nil || len(closed) == 0 {
		return err
	}
	_, err = narrow(len(closed), func(limit int) (int, error) {
		part := closed[:limit]
		return limit, k.try(ctx, p, func(ctx context.Context) (cycle.Round, error) { return k.take(ctx, p, part) })
	})
	return err
}

// take is the step of closed lots: their units and proceeds come back, and what their prices say is heard.
func (k Keeper) take(ctx context.Context, p *pass, closed []cycle.Closed) (cycle.Round, error) {
	next, err := k.bringBack(ctx, p, &p.round, closed)
	if err != nil {
		return next, err
	}
	ids := make([]uint64, len(closed))
	for i := range closed {
		ids[i] = closed[i].Lot.ID
		k.hear(ctx, p, &closed[i].Lot)
	}
	return next, k.keepers.Auction.Take(ctx, ids)
}

// hear lets the oracle know what a lot says about a price. Whether it believes that is its own affair.
func (k Keeper) hear(ctx context.Context, p *pass, lot *auction.Lot) {
	said, ok := cycle.ClearingOf(p.cfg.Universe, lot, p.progress.Opened, p.prices)
	if !ok {
		return
	}
	err := isolate.Run(ctx, func(ctx context.Context) error {
		_, err := k.keepers.Oracle.Clear(ctx, said.Asset, said.Clearing)
		return err
	})
	if err != nil {
		k.failed(ctx, &p.round, err)
	}
}

func (k Keeper) bringBack(
	ctx context.Context, p *pass, round *cycle.Round, closed []cycle.Closed,
) (cycle.Round, error) {
	in := p.input()
	in.Closed = closed
	next, out, err := cycle.Step(&p.ws, &p.cfg, *round, in)
	if err != nil {
		return next, types.Registered(err)
	}
	if err := k.apply(ctx, p, out.Transfers); err != nil {
		return next, err
	}
	return next, k.summariseFrom(ctx, p, round, &next, &out)
}

// thaw gives lots that a halt froze a curve around the prices of now. Prices that must not be used are waited for
// until the round is too old.
func (k Keeper) thaw(ctx context.Context, p *pass, limit int) error {
	frozen, err := k.keepers.Auction.Frozen(ctx, limit)
	if err != nil {
		return err
	}
	for i := range frozen {
		lot := &frozen[i]
		err := isolate.Run(ctx, func(ctx context.Context) error { return k.reanchor(ctx, p, lot) })
		if err != nil {
			k.failed(ctx, &p.round, err)
		}
	}
	return nil
}

func (k Keeper) reanchor(ctx context.Context, p *pass, lot *auction.Lot) error {
	err := p.cfg.Reanchor(&p.round, lot, p.prices, p.now)
	if err == nil {
		emit(ctx, &types.EventLotReanchored{Lot: lot.ID})
		return k.keepers.Auction.Replace(ctx, *lot)
	}
	if errors.Is(err, auction.ErrStale) && p.now < p.round.FrozeAt+p.params.FrozenLotSeconds {
		return nil // the oracle may recover
	}
	emit(ctx, &types.EventLotReanchored{Lot: lot.ID, Cancelled: true, Reason: err.Error()})
	return k.keepers.Auction.Cancel(ctx, lot.ID)
}
