package keeper

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/auction/types"
)

// ErrBroken says that an invariant does not hold. It is never the answer to a message.
var ErrBroken = errors.New("broken invariant")

func broken(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrBroken}, args...)...)
}

// audit is what the state owes, counted.
type audit struct {
	Keeper

	owed   sdk.Coins
	counts []count // resting bids by lot
	faults []error
}

type count struct {
	lot  uint64
	bids uint32
}

func (a *audit) fault(format string, args ...any) {
	a.faults = append(a.faults, broken(format, args...))
}

func (a *audit) owe(coin sdk.Coin) {
	if coin.IsNegative() {
		a.fault("a negative amount is owed: %v", coin)
		return
	}
	a.owed = a.owed.Add(coin)
}

// Invariants lists what does not hold of the whole state, none when all does: the account of the module holds exactly
// what lots, bids, claims and sales are owed; the escrow of a bid is the engine's; every index says what the records
// say.
func (k Keeper) Invariants(ctx context.Context) []error {
	a := &audit{Keeper: k}
	for _, check := range []func(context.Context) error{
		a.lots, a.bids, a.books, a.pointers, a.claims, a.sales, a.fills, a.balance,
	} {
		if err := check(ctx); err != nil {
			a.fault("the state cannot be read: %v", err)
		}
	}
	return a.faults
}

// lots adds what lots hold until they are taken, and compares their sets.
func (a *audit) lots(ctx context.Context) error {
	return a.Halls.Walk(ctx, nil, func(id uint64, h types.Hall) (bool, error) {
		sold, proceeds := h.Lot.Result()
		if h.Lot.Total().Less(sold) || h.Lot.ID != id {
			a.fault("lot %d: sold %v of %v", id, sold, h.Lot.Total())
		}
		if h.SettledTime == 0 {
			a.owe(types.SellCoin(&h.Lot, h.Lot.Total().Monus(sold)))
			a.owe(types.BuyCoin(&h.Lot, proceeds))
		}
		return false, a.sets(ctx, &h)
	})
}

// sets compares the sets that a lot is in with its state.
func (a *audit) sets(ctx context.Context, h *types.Hall) error {
	id, over, frozen := h.Lot.ID, h.Lot.Status == auction.Closed, h.Lot.Clock.Frozen
	done, err := a.Done.Has(ctx, collections.Join(h.SettledTime, id))
	if err != nil {
		return err
	}
	if done != (h.SettledTime != 0) {
		a.fault("lot %d: settled at %d, in the history %t", id, h.SettledTime, done)
	}
	for _, s := range []struct {
		name string
		set  collections.KeySet[uint64]
		want bool
	}{
		{"open", a.Live, !over && !frozen},
		{"frozen", a.Froze, !over && frozen},
		{"closed", a.Over, over && h.SettledTime == 0},
	} {
		found, err := s.set.Has(ctx, id)
		if err != nil {
			return err
		}
		if found != s.want {
			a.fault("lot %d is %v: in the %s ones %t", id, types.StatusOf(h), s.name, found)
		}
	}
	return nil
}

// bids adds the escrows, and looks for what must point to each bid.
func (a *audit) bids(ctx context.Context) error {
	return a.Bids.Walk(ctx, nil, func(key bookKey, r types.Resting) (bool, error) {
		lot, b := key.K1(), &r.Bid
		if n := len(a.counts); n == 0 || a.counts[n-1].lot != lot {
			a.counts = append(a.counts, count{lot: lot})
		}
		a.counts[len(a.counts)-1].bids++
		h, err := a.hall(ctx, lot)
		if err != nil {
			return true, err
		}
		var c fixed.Calc
		a.owe(types.BuyCoin(&h.Lot, b.Escrow(&c, h.Lot.Pair)))
		if err := c.Err(); err != nil || key.K2() != b.Limit || key.K3() != b.ID || b.Quantity.Less(b.MinFill) {
			a.fault("bid %d of lot %d: filed as %d at %v: %v", b.ID, lot, key.K3(), key.K2(), err)
		}
		return false, a.listed(ctx, lot, &r)
	})
}

// listed looks for what must point to a bid.
func (a *audit) listed(ctx context.Context, lot uint64, r *types.Resting) error {
	b := &r.Bid
	owner, err := a.Owners.Get(ctx, collections.Join3(r.Address(), lot, b.ID))
	if err != nil || owner != b.Limit {
		a.fault("bid %d of lot %d: its owner's entry says %v: %v", b.ID, lot, owner, err)
	}
	expires, err := a.Expiries.Has(ctx, collections.Join3(b.Expiry, lot, b.ID))
	if err != nil {
		return err
	}
	cancelled, err := a.Cancels.Has(ctx, collections.Join(lot, b.ID))
	if expires != (b.Expiry != 0) || cancelled != (r.Until != 0) {
		a.fault("bid %d of lot %d: expires at %d, listed %t; cancelled until %d, listed %t",
			b.ID, lot, b.Expiry, expires, r.Until, cancelled)
	}
	return err
}

// books compares the counts with the bids, and asks that lots with bids left are drained.
func (a *audit) books(ctx context.Context) error {
	return a.Books.Walk(ctx, nil, func(lot uint64, state types.Book) (bool, error) {
		var bids uint32
		if len(a.counts) > 0 && a.counts[0].lot == lot {
			bids, a.counts = a.counts[0].bids, a.counts[1:]
		}
		if bids != state.Bids {
			a.fault("lot %d: %d bids counted, %d in the book", lot, state.Bids, bids)
		}
		h, err := a.hall(ctx, lot)
		if err != nil {
			return true, err
		}
		draining, err := a.Drains.Has(ctx, lot)
		if h.Lot.Status == auction.Closed && bids > 0 && !draining {
			a.fault("lot %d is closed and keeps %d bids", lot, bids)
		}
		return err != nil, err
	})
}

// pointers asks that what points to bids points to one.
func (a *audit) pointers(ctx context.Context) error {
	resting := func(lot, id uint64, limit fixed.Wad) (bool, error) {
		found, err := a.Bids.Has(ctx, collections.Join3(lot, limit, id))
		if err == nil && !found {
			a.fault("an index names bid %d of lot %d at %v: no such bid", id, lot, limit)
		}
		return err != nil, err
	}
	return errors.Join(
		a.Owners.Walk(ctx, nil, func(key ownerKey, limit fixed.Wad) (bool, error) {
			return resting(key.K2(), key.K3(), limit)
		}),
		a.Expiries.Walk(ctx, nil, func(key timeKey, limit fixed.Wad) (bool, error) {
			return resting(key.K2(), key.K3(), limit)
		}),
		a.Cancels.Walk(ctx, nil, func(key lotKey, limit fixed.Wad) (bool, error) {
			return resting(key.K1(), key.K2(), limit)
		}),
	)
}

// claims adds what is owed, and compares the queue.
func (a *audit) claims(ctx context.Context) error {
	return errors.Join(
		a.Claims.Walk(ctx, nil, func(key claimKey, owed types.Owed) (bool, error) {
			for _, coin := range owed.Coins() {
				a.owe(coin)
			}
			queued, err := a.Queue.Has(ctx, key.K2())
			if queued == owed.Failed {
				a.fault("claim %d: failed %t, queued %t", key.K2(), owed.Failed, queued)
			}
			return err != nil, err
		}),
		a.Queue.Walk(ctx, nil, func(id uint64, owner sdk.AccAddress) (bool, error) {
			found, err := a.Claims.Has(ctx, collections.Join(owner, id))
			if !found {
				a.fault("the queue names claim %d: no such claim", id)
			}
			return err != nil, err
		}),
	)
}

// sales adds what waits to be sold.
func (a *audit) sales(ctx context.Context) error {
	universe, err := a.Oracle.Universe(ctx)
	if err != nil {
		return err
	}
	return a.Selling.Walk(ctx, nil, func(id uint64, s types.Selling) (bool, error) {
		if s.Sale.ID != id || max(int(s.Sale.Sell), int(s.Sale.Buy)) >= universe.Len() {
			a.fault("sale %d: filed as %d, of asset %d for %d", s.Sale.ID, id, s.Sale.Sell, s.Sale.Buy)
			return false, nil
		}
		if !s.Sale.Placed {
			a.owe(types.ToSale(universe, &s).Offered)
		}
		listed, err := a.Sellers.Has(ctx, collections.Join(sdk.AccAddress(s.Seller), id))
		if !listed {
			a.fault("sale %d is not listed with its seller", id)
		}
		return err != nil, err
	})
}

// fills compares the two sides of the history. It may hold millions of fills, and a query keeps in memory what it looks
// up: only sides that differ are compared one by one.
func (a *audit) fills(ctx context.Context) error {
	var fills, buyers sum
	err := errors.Join(
		a.Fills.Walk(ctx, nil, func(key ownerKey, _ types.Filled) (bool, error) {
			fills.add(key.K2(), key.K3(), key.K1())
			return false, nil
		}),
		a.Buyers.Walk(ctx, nil, func(key lotKey, buyer sdk.AccAddress) (bool, error) {
			buyers.add(key.K1(), key.K2(), buyer)
			return false, nil
		}),
	)
	if err != nil || fills == buyers {
		return err
	}
	return a.eachFill(ctx)
}

// sum is a digest of a set of fills: the exclusive or of the hashes of all, so that their order does not matter.
type sum [sha256.Size]byte

func (s *sum) add(lot, bid uint64, buyer sdk.AccAddress) {
	key := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(make([]byte, 0, 48), lot), bid)
	for i, b := range sha256.Sum256(append(key, buyer...)) {
		s[i] ^= b
	}
}

// eachFill looks for the other side of every fill.
func (a *audit) eachFill(ctx context.Context) error {
	return errors.Join(
		a.Fills.Walk(ctx, nil, func(key ownerKey, _ types.Filled) (bool, error) {
			buyer, err := a.Buyers.Get(ctx, collections.Join(key.K2(), key.K3()))
			if err != nil || !buyer.Equals(key.K1()) {
				a.fault("fill of bid %d of lot %d: of %s, listed with %s", key.K3(), key.K2(), key.K1(), buyer)
			}
			return false, nil
		}),
		a.Buyers.Walk(ctx, nil, func(key lotKey, buyer sdk.AccAddress) (bool, error) {
			found, err := a.Fills.Has(ctx, collections.Join3(buyer, key.K1(), key.K2()))
			if !found {
				a.fault("bid %d of lot %d is listed as filled: no such fill", key.K2(), key.K1())
			}
			return err != nil, err
		}),
	)
}

// balance compares what is owed with what the module's account holds, denom by denom.
func (a *audit) balance(ctx context.Context) error {
	universe, err := a.Oracle.Universe(ctx)
	if err != nil {
		return err
	}
	account := a.Account.GetModuleAddress(types.ModuleName)
	for i := range universe.Len() {
		denom := string(universe.At(asset.Index(i)).ID)
		held := a.Bank.GetBalance(ctx, account, denom)
		if owed := a.owed.AmountOf(denom); !held.Amount.Equal(owed) {
			a.fault("the account holds %v, what is owed is %v", held, owed)
		}
	}
	return nil
}
