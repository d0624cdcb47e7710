package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/x/auction/types"
	"github.com/ballast-finance/ballast/x/internal/isolate"
	"github.com/ballast-finance/ballast/x/internal/tell"
)

// owe puts a claim at the end of the queue. Nothing is not owed.
func (k Keeper) owe(ctx context.Context, owner sdk.AccAddress, owed types.Owed) error {
	if len(owed.Amounts) == 0 {
		return nil
	}
	id, err := k.ClaimID.Next(ctx)
	if err != nil {
		return err
	}
	if err := k.Queue.Set(ctx, id, owner); err != nil {
		return err
	}
	return k.Claims.Set(ctx, collections.Join(owner, id), owed)
}

// oweOne is owe for one denom.
func (k Keeper) oweOne(
	ctx context.Context, owner sdk.AccAddress, why types.ClaimReason, origin uint64, coin types.Amount,
) error {
	owed := types.Owed{Reason: int32(why), Origin: origin}
	owed.Add(coin.Denom, coin.Units)
	return k.owe(ctx, owner, owed)
}

// payQueue pays the oldest claims. One that cannot be paid leaves the queue and waits for its owner.
func (k Keeper) payQueue(ctx context.Context, limit int) error {
	due, err := first(ctx, k.Queue, nil, limit)
	if err != nil {
		return err
	}
	for _, next := range due {
		id, owner := next.Key, next.Value
		failure := isolate.Run(ctx, func(ctx context.Context) error {
			_, err := k.pay(ctx, owner, id, owner)
			return err
		})
		if failure == nil {
			continue
		}
		if err := k.shelve(ctx, owner, id, failure); err != nil {
			return err
		}
	}
	return nil
}

// pay pays one claim and forgets it.
func (k Keeper) pay(ctx context.Context, owner sdk.AccAddress, id uint64, to sdk.AccAddress) (sdk.Coins, error) {
	key := collections.Join(owner, id)
	owed, err := k.Claims.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	coins := owed.Coins()
	if err := k.Bank.SendCoinsFromModuleToAccount(ctx, types.ModuleName, to, coins); err != nil {
		return nil, err
	}
	if err := errors.Join(k.Claims.Remove(ctx, key), k.Queue.Remove(ctx, id)); err != nil {
		return nil, err
	}
	tell.Emit(ctx, &types.EventClaimPaid{ClaimId: id, Owner: owner.String(), Recipient: to.String()})
	return coins, nil
}

// shelve takes a claim that cannot be paid out of the queue.
func (k Keeper) shelve(ctx context.Context, owner sdk.AccAddress, id uint64, failure error) error {
	key := collections.Join(owner, id)
	owed, err := k.Claims.Get(ctx, key)
	if err != nil {
		return err
	}
	owed.Failed = true
	if err := errors.Join(k.Claims.Set(ctx, key, owed), k.Queue.Remove(ctx, id)); err != nil {
		return err
	}
	return emit(ctx, &types.EventClaimFailed{ClaimId: id, Owner: owner.String(), Reason: failure.Error()})
}

// claim pays the oldest claims of an owner to an account of its choice.
func (k Keeper) claim(ctx context.Context, owner, to sdk.AccAddress, limit int) (sdk.Coins, error) {
	due, err := first(ctx, k.Claims, collections.NewPrefixedPairRange[sdk.AccAddress, uint64](owner), limit)
	if err != nil {
		return nil, err
	}
	if len(due) == 0 {
		return nil, types.ErrNothing.Wrapf("expected something that %s is owed", owner)
	}
	var total sdk.Coins
	for _, next := range due {
		coins, err := k.pay(ctx, owner, next.Key.K2(), to)
		if err != nil {
			return nil, err
		}
		total = total.Add(coins...)
	}
	return total, nil
}

// fillOwed is what the winner of a fill is owed: the units and the rest of the deposit.
func fillOwed(p asset.Pair, lot uint64, f *types.Filled) types.Owed {
	owed := types.Owed{Reason: int32(types.CLAIM_REASON_FILL), Origin: lot}
	owed.Add(string(p.Sell.ID), f.Units)
	owed.Add(string(p.Buy.ID), f.Refund)
	return owed
}
