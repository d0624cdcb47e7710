package keeper

import (
	"context"
	"errors"
	"fmt"

	"cosmossdk.io/collections"

	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// Invariants says what does not add up: values that cannot be read, indices that do not follow from them, earmarks
// that are not covered, accounts that do not exist.
func (k Keeper) Invariants(ctx context.Context) []error {
	var found []error
	add := func(id uint64, format string, args ...any) {
		found = append(found, fmt.Errorf("portfolio %d: "+format, append([]any{id}, args...)...))
	}
	u, err := k.keepers.Oracle.Universe(ctx)
	if err != nil {
		return []error{err}
	}
	next, err := k.NextID.Get(ctx)
	if err != nil {
		return []error{err}
	}
	sum := index{}
	counts, read := map[string]int{}, true
	err = k.Records.Walk(ctx, nil, func(id uint64, record types.Portfolio) (bool, error) {
		f, err := k.load(ctx, u, id)
		if err != nil {
			add(id, "%w", err)
			read = false
			return false, nil
		}
		if id != record.Id || id == 0 || id >= next {
			add(id, "expected an id of 1..%d, got %d in the record", next-1, record.Id)
		}
		k.checkIndices(ctx, f, add)
		k.checkFunds(ctx, f, add)
		k.checkFlights(ctx, f, add)
		sum.due = append(sum.due, f.was.due...)
		counts["owners"]++
		if f.was.market {
			counts["market"]++
		}
		if f.was.open {
			counts["open"]++
		}
		return false, nil
	})
	if err != nil {
		found = append(found, err)
	}
	if counts["due"] = len(sum.due); !read { // nothing is known of what it should have in the indices
		return found
	}
	return append(found, k.checkCounts(ctx, counts)...)
}

// checkIndices looks for what must be in the sets.
func (k Keeper) checkIndices(ctx context.Context, f *folio, add func(uint64, string, ...any)) {
	held, err := k.Quarantine.Has(ctx, f.Id)
	if err != nil {
		add(f.Id, "%w", err)
	}
	open, err := k.Open.Has(ctx, f.Id)
	if err != nil || open != (f.was.open && !held) {
		add(f.Id, "expected open %v, got %v (%v)", f.was.open && !held, open, err)
	}
	market, err := k.Market.Has(ctx, f.Id)
	if err != nil || market != f.was.market {
		add(f.Id, "expected orders in the market %v, got %v (%v)", f.was.market, market, err)
	}
	if owner, err := k.Owners.Has(ctx, f.was.owner); err != nil || !owner {
		add(f.Id, "not in the index of its owner %s (%v)", f.Owner, err)
	}
	for _, item := range f.was.due {
		if queued, err := k.Due.Has(ctx, item); err != nil || !queued {
			add(f.Id, "payment or order %d is not in the queue of %d (%v)", item.K3(), item.K1(), err)
		}
	}
	if n := len(f.memory.State.Payments); n != len(f.Payments) {
		add(f.Id, "expected the state of %d payments, got %d", len(f.Payments), n)
	}
}

// checkFunds looks at the account.
func (k Keeper) checkFunds(ctx context.Context, f *folio, add func(uint64, string, ...any)) {
	account := types.Account(f.Id)
	if k.keepers.Account.GetAccount(ctx, account) == nil {
		add(f.Id, "has no account %s", account)
	}
	for _, a := range f.ownedAssets() {
		held := num.Held(k.keepers.Bank.GetBalance(ctx, account, f.denom(a)).Amount)
		if !f.memory.State.Covered(a, held) {
			add(f.Id, "earmarked more of %s than the %v that are held", f.denom(a), held)
		}
	}
}

// checkCounts looks for what must not be in the sets.
func (k Keeper) checkCounts(ctx context.Context, want map[string]int) []error {
	held, errHeld := count(ctx, k.Quarantine.Iterate)
	open, errOpen := count(ctx, k.Open.Iterate)
	market, errMarket := count(ctx, k.Market.Iterate)
	owners, errOwners := count(ctx, k.Owners.Iterate)
	due, errDue := count(ctx, k.Due.Iterate)
	if err := errors.Join(errHeld, errOpen, errMarket, errOwners, errDue); err != nil {
		return []error{err}
	}
	var found []error
	for _, c := range []struct {
		name      string
		want, got int
	}{
		{"open portfolios", want["open"], open + held},
		{"portfolios in the market", want["market"], market},
		{"portfolios by owner", want["owners"], owners},
		{"items due", want["due"], due},
	} {
		if c.want != c.got {
			found = append(found, fmt.Errorf("expected %d %s in the index, got %d", c.want, c.name, c.got))
		}
	}
	return found
}

// walker is an iterator over a set or a map.
type walker interface {
	Valid() bool
	Next()
	Close() error
}

func count[K any, W walker](
	ctx context.Context, iterate func(context.Context, collections.Ranger[K]) (W, error),
) (int, error) {
	it, err := iterate(ctx, nil)
	if err != nil {
		return 0, err
	}
	n := 0
	for ; it.Valid(); it.Next() {
		n++
	}
	return n, it.Close()
}
