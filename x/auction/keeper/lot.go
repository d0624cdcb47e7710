package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/auction/types"
	"github.com/ballast-finance/ballast/x/internal/num"
)

// hall reads a lot.
func (k Keeper) hall(ctx context.Context, id uint64) (types.Hall, error) {
	h, err := k.Halls.Get(ctx, id)
	if errors.Is(err, collections.ErrNotFound) {
		return h, types.ErrUnknownLot.Wrapf("expected a lot that is open or was not long ago, got %d", id)
	}
	return h, err
}

// Open takes new lots in. Their units lie in the module's account already.
func (k Keeper) Open(ctx context.Context, lots []auction.Lot) error {
	for _, lot := range lots {
		if found, err := k.Halls.Has(ctx, lot.ID); err != nil || found {
			return orElse(err, types.ErrLotState.Wrapf("expected a new lot, %d is known", lot.ID))
		}
		if err := lot.Open(now(ctx)); err != nil {
			return types.Map(err)
		}
		h := types.Hall{Lot: lot, OpenedHeight: sdk.UnwrapSDKContext(ctx).BlockHeight(), OpenedTime: now(ctx)}
		if err := errors.Join(
			k.Halls.Set(ctx, lot.ID, h), k.Books.Set(ctx, lot.ID, types.Book{Next: 1}), k.Live.Set(ctx, lot.ID),
		); err != nil {
			return err
		}
		if err := emit(ctx, &types.EventLotOpened{Lot: types.ToLot(&h, 0)}); err != nil {
			return err
		}
	}
	return nil
}

// Closed are lots that are over and not taken yet, by ascending id.
func (k Keeper) Closed(ctx context.Context, limit int) ([]cycle.Closed, error) {
	ids, err := firstKeys(ctx, k.Over, nil, limit)
	if err != nil {
		return nil, err
	}
	list := make([]cycle.Closed, 0, len(ids))
	for _, id := range ids {
		h, err := k.hall(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, cycle.Closed{Lot: h.Lot, AtMid: h.Tally.Mid(), Opening: h.Tally.Opening})
	}
	return list, nil
}

// Take says that the units and the proceeds of closed lots have left the module's account. Their bids are returned
// in their time; the lots are history.
func (k Keeper) Take(ctx context.Context, ids []uint64) error {
	for _, id := range ids {
		if found, err := k.Over.Has(ctx, id); err != nil || !found {
			return orElse(err, types.ErrLotState.Wrapf("expected a closed lot that nobody took, got %d", id))
		}
		h, err := k.hall(ctx, id)
		if err != nil {
			return err
		}
		h.SettledTime = now(ctx)
		if err := errors.Join(
			k.Halls.Set(ctx, id, h), k.Over.Remove(ctx, id), k.Done.Set(ctx, collections.Join(h.SettledTime, id)),
		); err != nil {
			return err
		}
	}
	return nil
}

// Frozen are lots that a halt of the chain has frozen, by ascending id.
func (k Keeper) Frozen(ctx context.Context, limit int) ([]auction.Lot, error) {
	ids, err := firstKeys(ctx, k.Froze, nil, limit)
	if err != nil {
		return nil, err
	}
	list := make([]auction.Lot, 0, len(ids))
	for _, id := range ids {
		h, err := k.hall(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, h.Lot)
	}
	return list, nil
}

// Replace lets a frozen lot go on that was anchored again.
func (k Keeper) Replace(ctx context.Context, lot auction.Lot) error {
	h, err := k.frozen(ctx, lot.ID)
	if err != nil {
		return err
	}
	if lot.Clock.Frozen || lot.Blocks != h.Lot.Blocks || len(lot.Tranches) != len(h.Lot.Tranches) {
		return types.ErrLotState.Wrapf("expected lot %d as it was, anchored again", lot.ID)
	}
	h.Lot = lot
	if err := errors.Join(
		k.Halls.Set(ctx, lot.ID, h), k.Froze.Remove(ctx, lot.ID), k.Live.Set(ctx, lot.ID),
	); err != nil {
		return err
	}
	state, err := k.Books.Get(ctx, lot.ID)
	if err != nil {
		return err
	}
	return emit(ctx, &types.EventLotReanchored{Lot: types.ToLot(&h, state.Bids)})
}

// Cancel closes a frozen lot: what is unsold returns, every escrow is refunded.
func (k Keeper) Cancel(ctx context.Context, id uint64) error {
	h, err := k.frozen(ctx, id)
	if err != nil {
		return err
	}
	h.Lot.Cancel()
	return errors.Join(k.Froze.Remove(ctx, id), k.close(ctx, &h, "no price after a halt of the chain"))
}

func (k Keeper) frozen(ctx context.Context, id uint64) (types.Hall, error) {
	if found, err := k.Froze.Has(ctx, id); err != nil || !found {
		return types.Hall{}, orElse(err, types.ErrLotState.Wrapf("expected a frozen lot, got %d", id))
	}
	return k.hall(ctx, id)
}

// Lot reads a lot that is open, or closed and not forgotten yet.
func (k Keeper) Lot(ctx context.Context, id uint64) (auction.Lot, bool, error) {
	h, err := k.Halls.Get(ctx, id)
	if errors.Is(err, collections.ErrNotFound) {
		return auction.Lot{}, false, nil
	}
	return h.Lot, err == nil, err
}

// close stores a lot that is over. cancelled says why it ended before its time.
func (k Keeper) close(ctx context.Context, h *types.Hall, cancelled string) error {
	id := h.Lot.ID
	if err := errors.Join(
		k.Halls.Set(ctx, id, *h), k.Live.Remove(ctx, id), k.Over.Set(ctx, id), k.Drains.Set(ctx, id),
	); err != nil {
		return err
	}
	sold, proceeds := h.Lot.Result()
	return emit(ctx, &types.EventLotClosed{
		LotId: id, Sold: types.SellCoin(&h.Lot, sold), Proceeds: types.BuyCoin(&h.Lot, proceeds),
		Unsold: types.SellCoin(&h.Lot, h.Lot.Total().Monus(sold)), Cancelled: cancelled,
	})
}

// freeze stores a lot whose price is void.
func (k Keeper) freeze(ctx context.Context, h *types.Hall) error {
	id := h.Lot.ID
	if err := errors.Join(k.Halls.Set(ctx, id, *h), k.Live.Remove(ctx, id), k.Froze.Set(ctx, id)); err != nil {
		return err
	}
	return emit(ctx, &types.EventLotFrozen{LotId: id})
}

// prune forgets the fills of lots that were settled long enough ago, and then the lots: at most so many of both.
func (k Keeper) prune(ctx context.Context, before int64, limit int) error {
	until := new(collections.Range[collections.Pair[int64, uint64]]).
		EndExclusive(collections.PairPrefix[int64, uint64](before))
	due, err := firstKeys(ctx, k.Done, until, limit)
	if err != nil {
		return err
	}
	for _, next := range due {
		lot := next.K2()
		if draining, err := k.Drains.Has(ctx, lot); err != nil || draining {
			return err // its bids come first, and that is soon
		}
		fills, err := k.forget(ctx, lot, limit)
		if err != nil {
			return err
		}
		if limit -= fills; limit <= 0 {
			return nil
		}
		if err := errors.Join(k.Halls.Remove(ctx, lot), k.Books.Remove(ctx, lot), k.Done.Remove(ctx, next)); err != nil {
			return err
		}
		limit--
	}
	return nil
}

// forget removes fills of a lot, at most so many.
func (k Keeper) forget(ctx context.Context, lot uint64, limit int) (int, error) {
	due, err := first(ctx, k.Buyers, collections.NewPrefixedPairRange[uint64, uint64](lot), limit)
	if err != nil {
		return 0, err
	}
	for _, next := range due {
		if err := errors.Join(
			k.Buyers.Remove(ctx, next.Key), k.Fills.Remove(ctx, collections.Join3(next.Value, lot, next.Key.K2())),
		); err != nil {
			return 0, err
		}
	}
	return len(due), nil
}

// priceOf is the price of an asset, none when it is not known.
func priceOf(prices []oracle.Price, a asset.Index) oracle.Price {
	if int(a) >= len(prices) {
		return oracle.Price{}
	}
	return prices[a]
}

// midTexts are a mid and where it may lie, for people; empty without a mid.
func midTexts(mid fixed.Wad, sell, buy oracle.Price) (text, low, high string) {
	l, h := auction.MidRange(mid, sell, buy)
	return num.Text(mid), num.Text(l), num.Text(h)
}
