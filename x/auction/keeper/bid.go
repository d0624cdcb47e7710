package keeper

import (
	"context"
	"errors"
	"math"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/auction/types"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/internal/tell"
)

// book reads the bids of a lot that take part in a clearing at the clock price, best first.
func (k Keeper) book(ctx context.Context, h *types.Hall, clock fixed.Wad) ([]types.Resting, error) {
	var list []types.Resting
	down := new(collections.Range[bookKey]).
		StartInclusive(collections.TriplePrefix[uint64, fixed.Wad, uint64](h.Lot.ID)).
		EndInclusive(collections.Join3(h.Lot.ID, clock, uint64(math.MaxUint64)))
	err := k.Bids.Walk(ctx, down, func(_ bookKey, r types.Resting) (bool, error) {
		if r.Joins(h.Tally.Clearings) {
			list = append(list, r)
		}
		return false, nil
	})
	return list, err
}

// place puts a bid into the book of a lot, backed by its escrow. A full book lets its worst bid go for a better one.
func (k Keeper) place(ctx context.Context, h *types.Hall, who sdk.AccAddress, b auction.Bid) (types.Resting, error) {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return types.Resting{}, err
	}
	state, err := k.Books.Get(ctx, h.Lot.ID)
	if err != nil {
		return types.Resting{}, err
	}
	b.ID = state.Next
	r := types.Resting{Bid: b, Owner: string(who)}
	if err := k.admit(ctx, &params, h, &r); err != nil {
		return r, err
	}
	if state.Bids >= params.MaxBidsPerLot {
		if err := k.evict(ctx, h, &r.Bid); err != nil {
			return r, err
		}
		state.Bids--
	}
	var c fixed.Calc // Validate looked
	escrow := sdk.Coins{types.BuyCoin(&h.Lot, b.Escrow(&c, h.Lot.Pair))}
	if err := k.Bank.SendCoinsFromAccountToModule(ctx, who, types.ModuleName, escrow); err != nil {
		return r, err
	}
	state.Next++
	state.Bids++
	if err := errors.Join(k.Books.Set(ctx, h.Lot.ID, state), k.insert(ctx, h.Lot.ID, &r)); err != nil {
		return r, err
	}
	return r, emit(ctx, &types.EventBidPlaced{Bid: types.ToBid(&h.Lot, &r)})
}

// admit checks a bid against its lot, the least value and what its bidder has there already, and completes it.
func (k Keeper) admit(ctx context.Context, params *types.Params, h *types.Hall, r *types.Resting) error {
	if h.Lot.Clock.Frozen {
		return types.ErrLotState.Wrapf("expected a running clock, lot %d is frozen", h.Lot.ID)
	}
	if err := r.Bid.Validate(&h.Lot, now(ctx)); err != nil {
		return types.Map(err)
	}
	least, err := params.LeastBid()
	if err != nil {
		return err
	}
	prices, err := k.Oracle.Snapshot(ctx)
	if err != nil {
		return err
	}
	price := priceOf(prices.Prices, h.Lot.Sell)
	if err := r.Bid.CheckValue(price.Value, h.Lot.Pair.Sell.Exponent, least); err != nil {
		return types.ErrSmall.Wrap(err.Error())
	}
	who := r.Address()
	own := collections.NewSuperPrefixedTripleRange[sdk.AccAddress, uint64, uint64](who, h.Lot.ID)
	resting, err := first(ctx, k.Owners, own, int(params.MaxBidsPerAccount))
	if err != nil {
		return err
	}
	if len(resting) >= int(params.MaxBidsPerAccount) {
		return types.ErrTooMany.Wrapf("expected fewer than %d bids of an account in lot %d: cancel one first",
			params.MaxBidsPerAccount, h.Lot.ID)
	}
	account := k.Account.GetAccount(ctx, who)
	if account == nil {
		return types.ErrUnauthorized.Wrapf("expected an account, %s has none: send it something first", who)
	}
	r.Bid.Bidder = account.GetAccountNumber()
	r.Bid.SameOwner, err = k.sells(ctx, who, h.Lot.Sell, h.Lot.Buy)
	return err
}

// sells reports somebody who sells the pair in this round, by a portfolio or by a sale.
func (k Keeper) sells(ctx context.Context, who sdk.AccAddress, sell, buy asset.Index) (bool, error) {
	sales, err := k.salesOf(ctx, who)
	if err != nil {
		return false, err
	}
	for i := range sales {
		if s := &sales[i].Sale; s.Placed && s.Sell == sell && s.Buy == buy {
			return true, nil
		}
	}
	return k.Seller.Sells(ctx, who, sell, buy)
}

// evict lets the worst bid of a full book go for a better one.
func (k Keeper) evict(ctx context.Context, h *types.Hall, newcomer *auction.Bid) error {
	last := collections.NewPrefixedTripleRangeReversed[uint64, fixed.Wad, uint64](h.Lot.ID)
	worst, err := first(ctx, k.Bids, last, 1)
	if err != nil {
		return err
	}
	if len(worst) > 0 {
		if _, evicted := auction.Evict([]auction.Bid{worst[0].Value.Bid}, newcomer); evicted {
			return k.giveBack(ctx, h, &worst[0].Value, types.CLAIM_REASON_EVICTION)
		}
	}
	return types.ErrBookFull.Wrapf("expected a limit above %v, the worst of the book of lot %d, got %v",
		limitOf(worst), h.Lot.ID, newcomer.Limit)
}

func limitOf(list []collections.KeyValue[bookKey, types.Resting]) fixed.Wad {
	if len(list) == 0 {
		return fixed.Wad{}
	}
	return list[0].Value.Bid.Limit
}

// insert stores a bid and what points to it.
func (k Keeper) insert(ctx context.Context, lot uint64, r *types.Resting) error {
	b := &r.Bid
	err := errors.Join(
		k.Bids.Set(ctx, collections.Join3(lot, b.Limit, b.ID), *r),
		k.Owners.Set(ctx, collections.Join3(r.Address(), lot, b.ID), b.Limit),
	)
	if b.Expiry != 0 {
		err = errors.Join(err, k.Expiries.Set(ctx, collections.Join3(b.Expiry, lot, b.ID), b.Limit))
	}
	if r.Until != 0 {
		err = errors.Join(err, k.Cancels.Set(ctx, collections.Join(lot, b.ID), b.Limit))
	}
	return err
}

// remove is the inverse of insert.
func (k Keeper) remove(ctx context.Context, lot uint64, r *types.Resting) error {
	b := &r.Bid
	err := errors.Join(
		k.Bids.Remove(ctx, collections.Join3(lot, b.Limit, b.ID)),
		k.Owners.Remove(ctx, collections.Join3(r.Address(), lot, b.ID)),
	)
	if b.Expiry != 0 {
		err = errors.Join(err, k.Expiries.Remove(ctx, collections.Join3(b.Expiry, lot, b.ID)))
	}
	if r.Until != 0 {
		err = errors.Join(err, k.Cancels.Remove(ctx, collections.Join(lot, b.ID)))
	}
	return err
}

// shrink counts bids that have left a book.
func (k Keeper) shrink(ctx context.Context, lot uint64, bids int) error {
	state, err := k.Books.Get(ctx, lot)
	if err != nil {
		return err
	}
	state.Bids -= uint32(bids) //nolint:gosec // they were in the book
	return k.Books.Set(ctx, lot, state)
}

// giveBack takes a bid out of the store, the caller out of the count, and owes its bidder the escrow.
func (k Keeper) giveBack(ctx context.Context, h *types.Hall, r *types.Resting, why types.ClaimReason) error {
	if err := k.remove(ctx, h.Lot.ID, r); err != nil {
		return err
	}
	var c fixed.Calc // was checked when the bid came
	escrow := r.Bid.Escrow(&c, h.Lot.Pair)
	coin := types.Amount{Denom: string(h.Lot.Pair.Buy.ID), Units: escrow}
	if err := k.oweOne(ctx, r.Address(), why, h.Lot.ID, coin); err != nil {
		return err
	}
	tell.Emit(ctx, &types.EventBidReturned{
		LotId: h.Lot.ID, BidId: r.Bid.ID, Bidder: r.Address().String(), Escrow: num.Int(escrow), Reason: why,
	})
	return nil
}

// bidOf reads a bid of somebody.
func (k Keeper) bidOf(ctx context.Context, who sdk.AccAddress, lot, id uint64) (types.Resting, error) {
	limit, err := k.Owners.Get(ctx, collections.Join3(who, lot, id))
	if errors.Is(err, collections.ErrNotFound) {
		return types.Resting{}, types.ErrUnknownBid.Wrapf("expected a resting bid of %s in lot %d, got %d", who, lot, id)
	}
	if err != nil {
		return types.Resting{}, err
	}
	return k.Bids.Get(ctx, collections.Join3(lot, limit, id))
}

// cancel takes a bid back: at once when no clearing is to come, else after the next one.
func (k Keeper) cancel(ctx context.Context, who sdk.AccAddress, lot, id uint64) (over bool, err error) {
	r, err := k.bidOf(ctx, who, lot, id)
	if err != nil {
		return false, err
	}
	h, err := k.hall(ctx, lot)
	if err != nil {
		return false, err
	}
	paused, err := k.paused(ctx)
	if err != nil {
		return false, err
	}
	if over = paused || h.Lot.Clock.Frozen || h.Lot.Status == auction.Closed; over {
		err = errors.Join(k.giveBack(ctx, &h, &r, types.CLAIM_REASON_CANCEL), k.shrink(ctx, lot, 1))
	} else {
		if r.Until != 0 {
			return false, types.ErrCancelled.Wrapf("bid %d of lot %d leaves the book after the next clearing", id, lot)
		}
		r.Until = h.Tally.Clearings + 1
		err = k.insert(ctx, lot, &r)
	}
	if err != nil {
		return over, err
	}
	return over, emit(ctx, &types.EventBidCancelled{LotId: lot, BidId: id, Bidder: who.String(), Over: over})
}

// endCancelled returns bids of a lot that were cancelled and took part in a clearing once more, at most so many.
func (k Keeper) endCancelled(ctx context.Context, h *types.Hall, limit int) (int, error) {
	due, err := first(ctx, k.Cancels, collections.NewPrefixedPairRange[uint64, uint64](h.Lot.ID), limit)
	if err != nil {
		return 0, err
	}
	for _, next := range due {
		r, err := k.Bids.Get(ctx, collections.Join3(h.Lot.ID, next.Value, next.Key.K2()))
		if err == nil {
			err = k.giveBack(ctx, h, &r, types.CLAIM_REASON_CANCEL)
		}
		if err != nil {
			return 0, err
		}
	}
	if len(due) == 0 {
		return 0, nil
	}
	return len(due), k.shrink(ctx, h.Lot.ID, len(due))
}

// endExpired returns bids that can fill no more, at most so many.
func (k Keeper) endExpired(ctx context.Context, limit int) (int, error) {
	until := new(collections.Range[timeKey]).EndExclusive(collections.TriplePrefix[int64, uint64, uint64](now(ctx)))
	due, err := first(ctx, k.Expiries, until, limit)
	if err != nil {
		return 0, err
	}
	for _, next := range due {
		lot, id := next.Key.K2(), next.Key.K3()
		h, err := k.hall(ctx, lot)
		if err != nil {
			return 0, err
		}
		r, err := k.Bids.Get(ctx, collections.Join3(lot, next.Value, id))
		if err != nil {
			return 0, err
		}
		if err := k.giveBack(ctx, &h, &r, types.CLAIM_REASON_EXPIRY); err != nil {
			return 0, err
		}
		if err := k.shrink(ctx, lot, 1); err != nil {
			return 0, err
		}
	}
	return len(due), nil
}

// drain returns bids of closed lots, at most so many.
func (k Keeper) drain(ctx context.Context, limit int) error {
	lots, err := firstKeys(ctx, k.Drains, nil, limit)
	if err != nil {
		return err
	}
	for _, lot := range lots {
		if limit <= 0 {
			return nil
		}
		returned, err := k.drainLot(ctx, lot, limit)
		if err != nil {
			return err
		}
		if returned < limit {
			if err := k.Drains.Remove(ctx, lot); err != nil {
				return err
			}
		}
		limit -= returned
	}
	return nil
}

// drainLot returns bids of a closed lot, at most so many.
func (k Keeper) drainLot(ctx context.Context, lot uint64, limit int) (int, error) {
	h, err := k.hall(ctx, lot)
	if err != nil {
		return 0, err
	}
	due, err := first(ctx, k.Bids, collections.NewPrefixedTripleRange[uint64, fixed.Wad, uint64](lot), limit)
	if err != nil {
		return 0, err
	}
	for i := range due {
		if err := k.giveBack(ctx, &h, &due[i].Value, types.CLAIM_REASON_RETURN); err != nil {
			return 0, err
		}
	}
	return len(due), k.shrink(ctx, lot, len(due))
}
