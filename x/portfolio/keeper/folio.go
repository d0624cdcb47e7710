package keeper

import (
	"context"
	"errors"
	"slices"

	"cosmossdk.io/collections"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// folio is a portfolio in the hands of the module: its two values, and its policy compiled.
type folio struct {
	types.Portfolio

	memory   types.Memory
	universe asset.Universe
	policy   *cycle.Policy
	was      index
}

// index is what the sets say of a portfolio.
type index struct {
	stored, open, market bool
	owner                ownerKey
	due                  []types.DueItem
}

func (f *folio) index() (index, error) {
	owner, err := sdk.AccAddressFromBech32(f.Owner)
	if err != nil {
		return index{}, types.ErrAddress.Wrapf("owner: %s", err)
	}
	closed := f.Stage == types.Stage_STAGE_CLOSED
	return index{
		stored: true, open: !closed, market: len(f.memory.State.Orders) > 0,
		owner: collections.Join3(owner, closed, f.Id), due: f.Due(),
	}, nil
}

// load reads a portfolio, whatever its stage.
func (k Keeper) load(ctx context.Context, u asset.Universe, id uint64) (*folio, error) {
	f := &folio{}
	var err error
	if f.Portfolio, err = k.Records.Get(ctx, id); errors.Is(err, collections.ErrNotFound) {
		return nil, types.ErrNotFound.Wrapf("expected the id of a portfolio, got %d", id)
	} else if err != nil {
		return nil, types.ErrStored.Wrapf("record: %s", err)
	}
	if f.memory, err = k.Memory.Get(ctx, id); err != nil {
		return nil, types.ErrStored.Wrapf("memory: %s", err)
	}
	if err := f.open(u); err != nil {
		return nil, err
	}
	f.was, err = f.index()
	return f, err
}

// open makes of the two values what the module works with. Who wants to put it back needs also what it was.
func (f *folio) open(u asset.Universe) (err error) {
	f.universe = u
	if f.policy, err = f.Engine(u); err != nil {
		return types.ErrStored.Wrapf("policy: %s", err)
	}
	return nil
}

// find is load with the universe of this block.
func (k Keeper) find(ctx context.Context, id uint64) (*folio, error) {
	u, err := k.keepers.Oracle.Universe(ctx)
	if err != nil {
		return nil, err
	}
	return k.load(ctx, u, id)
}

// owned is find for the owner, whatever the stage.
func (k Keeper) owned(ctx context.Context, id uint64, owner string) (*folio, error) {
	f, err := k.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if f.Owner != owner {
		return nil, types.ErrNotAllowed.Wrapf("expected the owner %s of portfolio %d, got %s", f.Owner, id, owner)
	}
	return f, nil
}

// managed is owned for a portfolio that is neither closed nor closing.
func (k Keeper) managed(ctx context.Context, id uint64, owner string) (*folio, error) {
	f, err := k.owned(ctx, id, owner)
	if err != nil {
		return nil, err
	}
	return f, f.alive()
}

// guarded is managed for the owner or the trustee.
func (k Keeper) guarded(ctx context.Context, id uint64, sender string) (*folio, error) {
	f, err := k.find(ctx, id)
	if err != nil {
		return nil, err
	}
	if sender == "" || sender != f.Owner && sender != f.Trustee {
		return nil, types.ErrNotAllowed.Wrapf("expected the owner %s or the trustee %q of portfolio %d, got %s",
			f.Owner, f.Trustee, id, sender)
	}
	return f, f.alive()
}

func (f *folio) alive() error {
	if f.Stage != types.Stage_STAGE_UNSPECIFIED {
		return types.ErrClosed.Wrapf("portfolio %d: its funds can still be withdrawn", f.Id)
	}
	return nil
}

// put stores a portfolio and what follows from it.
func (k Keeper) put(ctx context.Context, f *folio) error {
	is, err := f.index()
	if err != nil {
		return err
	}
	errs := []error{k.Records.Set(ctx, f.Id, f.Portfolio), k.Memory.Set(ctx, f.Id, f.memory)}
	if is.open != f.was.open {
		errs = append(errs, mark(ctx, k.Open, f.Id, is.open))
	}
	if is.market != f.was.market {
		errs = append(errs, mark(ctx, k.Market, f.Id, is.market))
	}
	if f.was.stored && !sameOwner(f.was.owner, is.owner) {
		errs = append(errs, k.Owners.Remove(ctx, f.was.owner))
	}
	if !f.was.stored || !sameOwner(f.was.owner, is.owner) {
		errs = append(errs, k.Owners.Set(ctx, is.owner))
	}
	for _, item := range f.was.due {
		if !slices.ContainsFunc(is.due, sameItem(item)) {
			errs = append(errs, k.Due.Remove(ctx, item))
		}
	}
	for _, item := range is.due {
		if !slices.ContainsFunc(f.was.due, sameItem(item)) {
			errs = append(errs, k.Due.Set(ctx, item))
		}
	}
	f.was = is
	return errors.Join(errs...)
}

func sameOwner(a, b ownerKey) bool {
	return a.K1().Equals(b.K1()) && a.K2() == b.K2() && a.K3() == b.K3()
}

func sameItem(a types.DueItem) func(types.DueItem) bool {
	return func(b types.DueItem) bool { return a.K1() == b.K1() && a.K2() == b.K2() && a.K3() == b.K3() }
}

// purse is what an account holds, when it was walked over and so is whole.
type purse struct {
	coins sdk.Coins
	whole bool
}

// purses reads what the accounts of portfolios hold in one walk when they stand close together; with one for each
// account, the SDK's cache would sort all that the block has written as often. Strangers can send an account as many
// denoms as they like: after twice as many balances as the portfolios have assets, the rest is looked up.
func (k Keeper) purses(ctx context.Context, ids []uint64, list []*folio) []purse {
	purses := make([]purse, len(ids))
	if !dense(ids) {
		return purses
	}
	room, done := 0, 0
	for _, f := range list {
		if f != nil {
			room += 2 * len(f.Policy.Positions)
		}
	}
	err := k.keepers.Bank.WalkBalances(ctx, types.Account(ids[0]), types.Account(ids[len(ids)-1]+1),
		func(addr sdk.AccAddress, coin sdk.Coin) bool {
			id, _ := types.OfAccount(addr)
			for done < len(ids) && ids[done] < id {
				done++
			}
			if done < len(ids) && ids[done] == id {
				purses[done].coins = append(purses[done].coins, coin)
			}
			room--
			return room >= 0
		})
	if err == nil && room >= 0 {
		done = len(ids)
	}
	for i := range done {
		purses[i].whole = true
	}
	return purses
}

// cycle is the portfolio as the engine takes it, with what its account holds now.
func (k Keeper) cycle(ctx context.Context, f *folio) cycle.Portfolio { return k.with(ctx, f, purse{}) }

// with is cycle with what may be read already of what the account holds.
func (k Keeper) with(ctx context.Context, f *folio, p purse) cycle.Portfolio {
	account := types.Account(f.Id)
	amount := p.coins.AmountOf
	if !p.whole {
		amount = func(denom string) math.Int { return k.keepers.Bank.GetBalance(ctx, account, denom).Amount }
	}
	held := make([]asset.Amount, len(f.policy.Assets))
	for i, a := range f.policy.Assets {
		held[i] = num.Held(amount(f.denom(a)))
	}
	return cycle.Portfolio{ID: f.Id, Policy: f.policy, Holdings: held, State: f.memory.State}
}

func (f *folio) denom(a asset.Index) string { return string(f.universe.At(a).ID) }

// coins are amounts of assets, without those that are zero.
func (f *folio) coins(assets []asset.Index, amount func(i int) asset.Amount) sdk.Coins {
	coins := sdk.NewCoins()
	for i, a := range assets {
		coins = coins.Add(num.Coin(f.denom(a), amount(i)))
	}
	return coins
}

// compile takes another policy for the portfolio and checks it. What is stored is its one form.
func (k Keeper) compile(ctx context.Context, f *folio, p *types.Policy) error {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	f.Policy = *p
	e, err := f.Engine(f.universe)
	if err != nil {
		return err
	}
	if err := e.Validate(f.universe); err != nil {
		return types.ErrPolicy.Wrap(err.Error())
	}
	if e.PeriodSeconds < params.MinPeriodSeconds {
		return types.ErrPolicy.Wrapf("period_seconds: expected at least %d, got %d",
			params.MinPeriodSeconds, e.PeriodSeconds)
	}
	for _, a := range e.Wanted() {
		if err := k.tradable(ctx, f, a); err != nil {
			return err
		}
	}
	f.policy, f.Policy = e, types.PolicyOf(f.universe, e)
	return nil
}

// tradable refuses an asset that may not be newly bought.
func (k Keeper) tradable(ctx context.Context, f *folio, a asset.Index) error {
	ok, err := k.keepers.Oracle.Tradable(ctx, a)
	if err == nil && !ok {
		return types.ErrWindDown.Wrapf("expected an active asset, got %s: it may be held and sold, with a weight of 0",
			f.denom(a))
	}
	return err
}

// prices are those of this block, as the engine looks at them.
func (k Keeper) prices(ctx context.Context) ([]oracle.Price, error) {
	s, err := k.keepers.Oracle.Snapshot(ctx)
	return s.Prices, err
}

// account makes the account of a portfolio. Somebody may have made one at this address before, with terms of his own:
// it becomes a plain one.
func (k Keeper) account(ctx context.Context, id uint64) sdk.AccAddress {
	addr := types.Account(id)
	found := k.keepers.Account.GetAccount(ctx, addr)
	if found == nil {
		found = k.keepers.Account.NewAccountWithAddress(ctx, addr)
	}
	k.keepers.Account.SetAccount(ctx, plain(addr, found.GetAccountNumber()))
	return addr
}

// amountOf is the amount of a coin as the engine counts it; more than zero.
func amountOf(n math.Int) (asset.Amount, error) {
	a, err := num.Amount(n)
	if err == nil && a.IsZero() {
		return a, types.ErrAmount.Wrap("expected more than 0")
	}
	return a, types.Wrap(err)
}
