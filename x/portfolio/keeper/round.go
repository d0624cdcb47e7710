package keeper

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/x/internal/isolate"
	"github.com/ballast-finance/ballast/x/internal/near"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// Load returns one portfolio as a round would get it.
func (k Keeper) Load(ctx context.Context, id uint64) (cycle.Portfolio, error) {
	f, err := k.find(ctx, id)
	if err != nil {
		return cycle.Portfolio{}, err
	}
	return k.cycle(ctx, f), nil
}

// Page returns the portfolios above an id that are not closed, ascending, and whether none follows. One that cannot be
// read is left out and put into quarantine.
func (k Keeper) Page(ctx context.Context, after uint64, limit int) (page []cycle.Portfolio, last bool, err error) {
	return k.page(ctx, k.Open, after, limit)
}

// InMarket is Page for the portfolios that have orders in the market.
func (k Keeper) InMarket(ctx context.Context, after uint64, limit int) (page []cycle.Portfolio, last bool, err error) {
	return k.page(ctx, k.Market, after, limit)
}

// page reads ids in chunks, so that what is left out makes room for the next ones. When the page is full one more is
// looked for: it says whether a page follows.
func (k Keeper) page(
	ctx context.Context, set collections.KeySet[uint64], after uint64, limit int,
) (page []cycle.Portfolio, last bool, err error) {
	u, err := k.keepers.Oracle.Universe(ctx)
	if err != nil {
		return nil, false, err
	}
	for {
		room := limit - len(page)
		ids, err := above(ctx, set, after, room+1)
		if err != nil || len(ids) == 0 || room <= 0 {
			return page, len(ids) == 0, err
		}
		ids = ids[:min(room, len(ids))]
		list := k.shelf(ctx, ids)
		purses := k.purses(ctx, ids, list)
		for i := range ids {
			p, found, err := k.member(ctx, u, ids[i], list[i], purses[i])
			if err != nil {
				return nil, false, err
			}
			if found {
				page = append(page, p)
			}
			after = ids[i]
		}
	}
}

// member is a portfolio of a page, whose values may be read already; it is not found when it cannot be read.
func (k Keeper) member(
	ctx context.Context, u asset.Universe, id uint64, f *folio, held purse,
) (p cycle.Portfolio, found bool, err error) {
	if f == nil {
		f, err = k.load(ctx, u, id)
	} else {
		err = f.open(u)
	}
	if err != nil {
		return cycle.Portfolio{}, false, k.quarantine(ctx, id, err)
	}
	return k.with(ctx, f, held), true, nil
}

// few is how many portfolios are not worth a walk.
const few = 8

// dense tells that ids, which ascend, stand so close together that a walk over them is worth it.
func dense(ids []uint64) bool {
	n := len(ids)
	return n >= few && near.Walk(ids[0], ids[n-1], n)
}

// shelf reads the values of portfolios by walking over them when they stand close together: that takes a fraction of
// what it takes to look each of them up. One that is nil has to be looked up; that tells also what is wrong with it.
func (k Keeper) shelf(ctx context.Context, ids []uint64) []*folio {
	list := make([]*folio, len(ids))
	if !dense(ids) {
		return list
	}
	walk(ctx, k.Records, ids, func(i int, record types.Portfolio) { list[i] = &folio{Portfolio: record} })
	remembered := make([]bool, len(ids))
	walk(ctx, k.Memory, ids, func(i int, memory types.Memory) {
		if list[i] != nil {
			list[i].memory, remembered[i] = memory, true
		}
	})
	for i, whole := range remembered {
		if !whole {
			list[i] = nil
		}
	}
	return list
}

// walk hands over the values of ids, which ascend, as far as they can be read.
func walk[V any](ctx context.Context, m collections.Map[uint64, V], ids []uint64, take func(i int, value V)) {
	it, err := m.Iterate(ctx, new(collections.Range[uint64]).StartInclusive(ids[0]).EndInclusive(ids[len(ids)-1]))
	if err != nil {
		return
	}
	defer it.Close() //nolint:errcheck // it only frees memory
	for i := 0; it.Valid(); it.Next() {
		id, err := it.Key()
		if err != nil {
			return
		}
		for i < len(ids) && ids[i] < id {
			i++
		}
		if i == len(ids) {
			return
		}
		if ids[i] != id {
			continue
		}
		if value, err := it.Value(); err == nil {
			take(i, value)
		}
	}
}

// above returns the first ids of a set above another.
func above(ctx context.Context, set collections.KeySet[uint64], after uint64, limit int) ([]uint64, error) {
	it, err := set.Iterate(ctx, new(collections.Range[uint64]).StartExclusive(after))
	if err != nil {
		return nil, err
	}
	defer it.Close() //nolint:errcheck // it only frees memory
	var ids []uint64
	for ; it.Valid() && len(ids) < limit; it.Next() {
		id, err := it.Key()
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// quarantine takes a portfolio out of rounds until its owner or an upgrade mends it. Orders that it has in the market
// stay in the index: they wait in the escrow.
func (k Keeper) quarantine(ctx context.Context, id uint64, why error) error {
	if found, err := k.Quarantine.Has(ctx, id); err != nil || found {
		return err
	}
	emit(ctx, &types.EventQuarantined{Id: id, Reason: why.Error()})
	return errors.Join(k.Open.Remove(ctx, id), k.Quarantine.Set(ctx, id, why.Error()))
}

// Save stores the states that a step returned, and hears what it noted on them, both by ascending id. What did not
// change is not written.
func (k Keeper) Save(ctx context.Context, page []cycle.Portfolio, notes []cycle.Note) error {
	ids := make([]uint64, len(page))
	for i := range page {
		ids[i] = page[i].ID
	}
	memories := make([]*types.Memory, len(page))
	if dense(ids) {
		walk(ctx, k.Memory, ids, func(i int, m types.Memory) { memories[i] = &m })
	}
	for i := range page {
		id, n := page[i].ID, 0
		for n < len(notes) && notes[n].Portfolio < id { // about no portfolio
			n++
		}
		notes = notes[n:]
		for n = 0; n < len(notes) && notes[n].Portfolio == id; {
			n++
		}
		if err := k.save(ctx, &page[i], memories[i], notes[:n]); err != nil {
			return err
		}
		notes = notes[n:]
	}
	return nil
}

// save stores a portfolio, whose memory may be read already.
func (k Keeper) save(ctx context.Context, p *cycle.Portfolio, old *types.Memory, notes []cycle.Note) error {
	if old == nil {
		m, err := k.Memory.Get(ctx, p.ID)
		if err != nil {
			return types.ErrStored.Wrapf("memory of portfolio %d: %s", p.ID, err)
		}
		old = &m
	}
	next := *old
	next.State = p.State
	for i := range notes {
		if err := k.note(ctx, p.ID, &next, &notes[i]); err != nil {
			return err
		}
	}
	if len(old.State.Orders) > 0 && len(next.State.Orders) == 0 {
		return k.settled(ctx, p.ID, &next)
	}
	changed, err := differ(*old, next)
	if err != nil || !changed {
		return err
	}
	if has := len(next.State.Orders) > 0; has != (len(old.State.Orders) > 0) {
		if err := mark(ctx, k.Market, p.ID, has); err != nil {
			return err
		}
	}
	return k.Memory.Set(ctx, p.ID, next)
}

// differ compares memories as they are stored: each has one encoding.
func differ(a, b types.Memory) (bool, error) {
	x, err := types.MemoryCodec.Encode(a)
	if err != nil {
		return false, err
	}
	y, err := types.MemoryCodec.Encode(b)
	return !bytes.Equal(x, y), err
}

// note keeps the health of a portfolio.
func (k Keeper) note(ctx context.Context, id uint64, m *types.Memory, n *cycle.Note) error {
	fell, recovered := m.Note(n, now(ctx))
	if fell {
		params, err := k.Params.Get(ctx)
		if err != nil {
			return err
		}
		emit(ctx, &types.EventBelowMinimum{Id: id, GraceUntil: m.BelowSince + params.GraceSeconds})
	}
	if recovered {
		emit(ctx, &types.EventRecovered{Id: id})
	}
	return nil
}

// settled stores a portfolio whose orders came back from the market: what was sold for a recipient is queued, and one
// that was closing closes.
func (k Keeper) settled(ctx context.Context, id uint64, m *types.Memory) error {
	record, err := k.Records.Get(ctx, id)
	if err != nil {
		return types.ErrStored.Wrapf("record: %s", err)
	}
	if record.Stage != types.Stage_STAGE_CLOSING && len(record.Payouts) == 0 {
		return errors.Join(mark(ctx, k.Market, id, false), k.Memory.Set(ctx, id, *m))
	}
	f, err := k.find(ctx, id)
	if err != nil {
		return err
	}
	f.memory = *m
	if f.Stage == types.Stage_STAGE_CLOSING {
		return k.finish(ctx, f)
	}
	f.Payouts = slices.DeleteFunc(f.Payouts, func(o types.Payout) bool {
		return o.InFlight == 0 && f.memory.State.Payable(o.Order).Amount.IsZero() && !f.lives(o.Order)
	})
	for i := range f.Payouts {
		o := &f.Payouts[i]
		if o.NextAttempt == 0 && o.InFlight == 0 && !f.memory.State.Payable(o.Order).Amount.IsZero() {
			o.NextAttempt = now(ctx)
		}
	}
	return k.put(ctx, f)
}

// lives reports a one-time order that may still sell.
func (f *folio) lives(order uint64) bool {
	return slices.ContainsFunc(f.memory.State.OneTime, func(o cycle.OneTime) bool { return o.ID == order })
}

// finish returns what a portfolio holds and closes it. When the recipient cannot be paid the owner withdraws.
func (k Keeper) finish(ctx context.Context, f *folio) error {
	account := types.Account(f.Id)
	coins := sdk.NewCoins()
	for _, a := range f.ownedAssets() {
		coins = coins.Add(k.keepers.Bank.GetBalance(ctx, account, f.denom(a)))
	}
	event := &types.EventClosed{Id: f.Id, Recipient: f.CloseRecipient, Amount: coins}
	if !coins.IsZero() {
		err := isolate.Run(ctx, func(ctx context.Context) error { return k.send(ctx, f, f.CloseRecipient, coins) })
		if err != nil {
			event.Amount, event.Failure = nil, err.Error()
		}
	}
	f.Stage = types.Stage_STAGE_CLOSED
	f.memory.State = f.memory.State.Close()
	emit(ctx, event)
	return errors.Join(k.Quarantine.Remove(ctx, f.Id), k.put(ctx, f))
}

// ownedAssets are those of the policy, and others of which something is earmarked.
func (f *folio) ownedAssets() []asset.Index {
	list := slices.Clone(f.policy.Assets)
	for _, e := range f.memory.State.Earmarked {
		if !slices.Contains(list, e.Asset) {
			list = append(list, e.Asset)
		}
	}
	return list
}

// Sells reports the owner of a portfolio that has an order of a pair in the market. It looks at the open portfolios of
// the owner, whose number the params bound.
func (k Keeper) Sells(ctx context.Context, who sdk.AccAddress, sell, buy asset.Index) (bool, error) {
	ids, err := k.openOf(ctx, who)
	if err != nil {
		return false, err
	}
	for _, id := range ids {
		found, err := k.Market.Has(ctx, id)
		if err != nil {
			return false, err
		}
		if !found {
			continue
		}
		m, err := k.Memory.Get(ctx, id)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(m.State.Orders, func(o cycle.Order) bool { return o.Sell == sell && o.Buy == buy }) {
			return true, nil
		}
	}
	return false, nil
}

// openOf returns the ids of the portfolios of an owner that are not closed.
func (k Keeper) openOf(ctx context.Context, owner sdk.AccAddress) ([]uint64, error) {
	var ids []uint64
	err := k.Owners.Walk(ctx, collections.NewSuperPrefixedTripleRange[sdk.AccAddress, bool, uint64](owner, false),
		func(key ownerKey) (bool, error) {
			ids = append(ids, key.K3())
			return false, nil
		})
	return ids, err
}
