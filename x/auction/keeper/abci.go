package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/report"
	"github.com/ballast-finance/ballast/x/auction/types"
	"github.com/ballast-finance/ballast/x/internal/isolate"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/internal/tell"
)

// block is what EndBlock has at hand.
type block struct {
	Keeper

	params   types.Params
	prices   []oracle.Price
	now      int64
	previous int64 // time of the block before
	returns  int   // bids that may still be returned
	ws       auction.Workspace
}

// EndBlock returns expired bids, clears the open lots, returns the bids of closed ones, pays what is owed and forgets
// what is old; each within its limit. What fails by itself stops nobody.
func (k Keeper) EndBlock(ctx context.Context) error {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	b := &block{Keeper: k, params: params, now: now(ctx), returns: int(params.MaxReturnsPerBlock)}
	if b.previous, err = k.lastBlock(ctx); err != nil {
		return err
	}
	if err := k.LastBlock.Set(ctx, b.now); err != nil {
		return err
	}
	return errors.Join(
		step(ctx, "expiries", func(ctx context.Context) error {
			ended, err := k.endExpired(ctx, b.returns)
			b.returns -= ended
			return err
		}),
		b.clearAll(ctx),
		step(ctx, "returns", func(ctx context.Context) error { return k.drain(ctx, b.returns) }),
		step(ctx, "payouts", func(ctx context.Context) error { return k.payQueue(ctx, int(params.MaxPayoutsPerBlock)) }),
		step(ctx, "history", func(ctx context.Context) error {
			return k.prune(ctx, b.now-params.HistorySeconds, int(params.MaxPrunedPerBlock))
		}),
	)
}

// step does a part of the block's work that the others do not need.
func step(ctx context.Context, name string, do func(ctx context.Context) error) error {
	if failure := isolate.Run(ctx, do); failure != nil {
		return emit(ctx, &types.EventStepFailed{Step: name, Reason: failure.Error()})
	}
	return nil
}

// clearAll clears the lots whose turn it is, unless the auctions are paused. Blocks of a pause pass the lots by.
func (b *block) clearAll(ctx context.Context) error {
	if paused, err := b.paused(ctx); err != nil || paused {
		return err
	}
	turn, err := b.turn(ctx)
	if err != nil || len(turn) == 0 {
		return err
	}
	if snapshot, err := b.Oracle.Snapshot(ctx); err == nil { // without prices a fill is charged as one without a mid
		b.prices = snapshot.Prices
	}
	for _, id := range turn {
		failure := isolate.Run(ctx, func(ctx context.Context) error { return b.clear(ctx, id) })
		if failure == nil {
			continue
		}
		if err := emit(ctx, &types.EventLotFailed{LotId: id, Reason: failure.Error()}); err != nil {
			return err
		}
	}
	return nil
}

// turn is the open lots that this block clears: all, or as many as a block may, beginning after the last one of the
// block before.
func (b *block) turn(ctx context.Context) ([]uint64, error) {
	cursor, err := b.Cursor.Get(ctx)
	if err != nil && !errors.Is(err, collections.ErrNotFound) {
		return nil, err
	}
	limit := int(b.params.MaxLotsPerBlock)
	ids, err := firstKeys(ctx, b.Live, new(collections.Range[uint64]).StartExclusive(cursor), limit+1)
	if err != nil {
		return nil, err
	}
	if cursor != 0 && len(ids) <= limit {
		round, err := firstKeys(ctx, b.Live, new(collections.Range[uint64]).EndInclusive(cursor), limit+1-len(ids))
		if err != nil {
			return nil, err
		}
		ids = append(ids, round...)
	}
	n, bids := 0, uint32(0)
	for n < min(len(ids), limit) {
		state, err := b.Books.Get(ctx, ids[n])
		if err != nil {
			return nil, err
		}
		if bids += state.Bids; n > 0 && bids > b.params.MaxBidsPerBlock {
			break
		}
		n++
	}
	if n < len(ids) {
		return ids[:n], b.Cursor.Set(ctx, ids[n-1])
	}
	if cursor != 0 {
		return ids, b.Cursor.Remove(ctx)
	}
	return ids, nil
}

// clear makes the clearing of one lot: load, decide, apply, store. Time that the lot was not visited in does not count,
// but for this block's.
func (b *block) clear(ctx context.Context, id uint64) error {
	h, err := b.hall(ctx, id)
	if err != nil {
		return err
	}
	if h.Lot.Clock.Last < b.previous {
		if err := h.Lot.Hold(b.previous); err != nil {
			return err
		}
	}
	resting, bids, err := b.reached(ctx, &h)
	if err != nil {
		return err
	}
	cl, err := b.ws.Clear(&h.Lot, bids, b.now)
	if err == nil {
		err = h.Tally.Add(h.Lot.Pair, &cl, priceOf(b.prices, h.Lot.Sell), priceOf(b.prices, h.Lot.Buy))
	}
	if err != nil { // cannot happen while every escrow was deposited
		h.Lot.Cancel()
		return b.close(ctx, &h, err.Error())
	}
	if err := h.Lot.Apply(&cl); err != nil {
		return err
	}
	if err := b.fill(ctx, &h, &cl, resting); err != nil {
		return err
	}
	return b.store(ctx, &h, &cl)
}

// reached reads the bids at or above the clock of this block; none when it is no clearing.
func (b *block) reached(ctx context.Context, h *types.Hall) ([]types.Resting, []auction.Bid, error) {
	clock, clearing, err := h.Lot.ClockPrice(b.now)
	if err != nil || !clearing {
		return nil, nil, err
	}
	resting, err := b.book(ctx, h, clock)
	if err != nil {
		return nil, nil, err
	}
	bids := make([]auction.Bid, len(resting))
	for i := range resting {
		bids[i] = resting[i].Bid
	}
	return resting, bids, nil
}

// fill takes the winners out of the book and owes them what they won.
func (b *block) fill(ctx context.Context, h *types.Hall, cl *auction.Clearing, resting []types.Resting) error {
	if len(cl.Fills) == 0 {
		return nil
	}
	lot, height, price := h.Lot.ID, sdk.UnwrapSDKContext(ctx).BlockHeight(), num.Text(cl.Price)
	for i := range cl.Fills {
		f := &cl.Fills[i]
		r := &resting[f.Index]
		filled := types.Filled{
			Units: f.Units, Payment: f.Payment, Refund: f.Refund, Price: cl.Price, Height: height, Time: b.now,
		}
		if err := errors.Join(
			b.remove(ctx, lot, r),
			b.Fills.Set(ctx, collections.Join3(r.Address(), lot, f.ID), filled),
			b.Buyers.Set(ctx, collections.Join(lot, f.ID), r.Address()),
			b.owe(ctx, r.Address(), fillOwed(h.Lot.Pair, lot, &filled)),
		); err != nil {
			return err
		}
		tell.Emit(ctx, &types.EventFilled{
			LotId: lot, BidId: f.ID, Bidder: r.Address().String(), Units: num.Int(f.Units), Payment: num.Int(f.Payment),
			Refund: num.Int(f.Refund), Price: price,
		})
	}
	if err := b.shrink(ctx, lot, len(cl.Fills)); err != nil {
		return err
	}
	sell, buy := priceOf(b.prices, h.Lot.Sell), priceOf(b.prices, h.Lot.Buy)
	mid, below := cl.Against(sell, buy)
	cost := ""
	if !mid.IsZero() {
		cost = report.Bps(below)
	}
	text, low, high := midTexts(mid, sell, buy)
	return emit(ctx, &types.EventCleared{
		LotId: lot, Clock: num.Text(cl.Clock), Price: num.Text(cl.Price), Mid: text, MidLow: low, MidHigh: high,
		CostBps: cost, Sold: types.SellCoin(&h.Lot, cl.Sold),
		Proceeds: types.BuyCoin(&h.Lot, cl.Proceeds), Fills: uint32(len(cl.Fills)), //nolint:gosec // at most MaxBids
		Remaining: num.Int(cl.Offered.Monus(cl.Sold)),
	})
}

// store keeps a lot after its clearing, where its state belongs.
func (b *block) store(ctx context.Context, h *types.Hall, cl *auction.Clearing) error {
	switch {
	case cl.Status == auction.Closed:
		return b.close(ctx, h, "")
	case cl.Outcome == auction.OutcomeFrozen:
		return b.freeze(ctx, h)
	case cl.Outcome >= auction.OutcomeIdle:
		ended, err := b.endCancelled(ctx, h, b.returns)
		if err != nil {
			return err
		}
		b.returns -= ended
	}
	return b.Halls.Set(ctx, h.Lot.ID, *h)
}
