package keeper

import (
	"context"

	"cosmossdk.io/collections"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/report"
	"github.com/ballast-finance/ballast/x/internal/near"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/internal/tell"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// The log is a ring: a round writes over what the round history_rounds before it wrote. Every value carries the number
// of its round, so that readers do not take a left-over for news, and left-overs are swept between rounds.

// slot is the place of a round in the log.
func (p *pass) slot(round uint64) uint64 { return slot(&p.params, round) }

func slot(params *types.Params, round uint64) uint64 {
	return round % uint64(max(params.HistoryRounds, 1))
}

// entry reads the record of a portfolio in a round.
func (k Keeper) entry(ctx context.Context, p *pass, round, portfolio uint64) (report.Entry, bool, error) {
	return k.logged(ctx, &p.params, round, portfolio)
}

func (k Keeper) logged(
	ctx context.Context, params *types.Params, round, portfolio uint64,
) (report.Entry, bool, error) {
	e, found, err := find(ctx, k.Records, collections.Join(slot(params, round), portfolio))
	return e, found && e.Round == round, err
}

func (k Keeper) setEntry(ctx context.Context, p *pass, e *report.Entry) error {
	return k.Records.Set(ctx, collections.Join(p.slot(e.Round), e.Portfolio), *e)
}

// record keeps the decisions of a page, and tells those that are news.
func (k Keeper) record(ctx context.Context, p *pass, entries []report.Entry) error {
	before, err := k.before(ctx, p, entries)
	if err != nil {
		return err
	}
	for i := range entries {
		k.tellDecision(ctx, p, &entries[i], before[entries[i].Portfolio])
		if err := k.setEntry(ctx, p, &entries[i]); err != nil {
			return err
		}
	}
	return nil
}

// before is what the round before noted of the portfolios of a page, by portfolio.
func (k Keeper) before(ctx context.Context, p *pass, entries []report.Entry) (map[uint64]*report.Entry, error) {
	before := make(map[uint64]*report.Entry, len(entries))
	if len(entries) == 0 || entries[0].Round <= 1 {
		return before, nil
	}
	round := entries[0].Round - 1
	noted, err := k.notedOf(ctx, p, round, entries)
	for i := range noted {
		if noted[i].Round == round {
			before[noted[i].Portfolio] = &noted[i]
		}
	}
	return before, err
}

// notedOf reads what a round noted of the portfolios of a page. It walks over them when they stand close together,
// which is quicker than to look each up.
func (k Keeper) notedOf(
	ctx context.Context, p *pass, round uint64, entries []report.Entry,
) (list []report.Entry, err error) {
	n := len(entries)
	if first, last := entries[0].Portfolio, entries[n-1].Portfolio; near.Walk(first, last, n) {
		return k.noted(ctx, collections.NewPrefixedPairRange[uint64, uint64](p.slot(round)).
			StartInclusive(first).EndInclusive(last), 2*n)
	}
	for i := range entries {
		e, found, err := k.entry(ctx, p, round, entries[i].Portfolio)
		if err != nil {
			return nil, err
		}
		if found {
			list = append(list, e)
		}
	}
	return list, nil
}

func (Keeper) tellDecision(ctx context.Context, p *pass, e, before *report.Entry) {
	w := p.writer()
	for i := range e.Notes {
		if e.Notes[i].Outcome != cycle.OrderRefused {
			continue // its keeper hears the others, and tells them
		}
		emit(ctx, &types.EventOrderRefused{
			Round: e.Round, Portfolio: e.Portfolio, Note: w.Note(&e.Notes[i]),
		})
	}
	if !e.Worthy(before) {
		return
	}
	tell.Emit(ctx, &types.EventPortfolioDecided{
		Portfolio: e.Portfolio, Round: e.Round, Outcome: w.Note(&e.Record.Note), Nav: num.Text(e.Record.NAV),
		Drift: num.Text(e.Record.Drift), Sells: num.Text(e.Record.Matched),
	})
}

// complete adds to the record of a portfolio what its orders brought.
func (k Keeper) complete(ctx context.Context, p *pass, portfolio uint64, out *cycle.Output) error {
	e, found, err := k.entry(ctx, p, p.round.Number, portfolio)
	if err != nil || !found {
		return err
	}
	e.Settle(&p.round, out)
	w := p.writer()
	tell.Emit(ctx, &types.EventPortfolioSettled{
		Portfolio: portfolio, Round: e.Round, Fill: w.Fill(&e.Fill), Slices: w.Slices(e.Slices),
		Orders: w.Placed(&e, &p.round),
	})
	return k.setEntry(ctx, p, &e)
}

// summarise takes a step into the summary of its round.
func (k Keeper) summarise(ctx context.Context, p *pass, next *cycle.Round, out *cycle.Output) error {
	return k.summariseFrom(ctx, p, &p.round, next, out)
}

func (k Keeper) summariseFrom(
	ctx context.Context, p *pass, before, next *cycle.Round, out *cycle.Output,
) error {
	at := p.slot(next.Number)
	s, _, err := find(ctx, k.Summaries, at)
	if err != nil {
		return err
	}
	s.Add(before, next, out, p.height)
	return k.Summaries.Set(ctx, at, s)
}

func (k Keeper) tellFinished(ctx context.Context, p *pass, round uint64) error {
	s, err := k.Summaries.Get(ctx, p.slot(round))
	if err != nil {
		return err
	}
	summary := p.writer().Summary(&s)
	summary.Prices = nil
	emit(ctx, &types.EventRoundFinished{Summary: summary})
	return nil
}

// sweep drops records of the slot of the last round that are not of it, and whatever lies beyond the ring since that
// became shorter: at most Work.Sweep of both.
func (k Keeper) sweep(ctx context.Context, p *pass) error {
	limit := int(p.params.Work.Sweep)
	if err := k.sweepBeyond(ctx, p, limit); err != nil {
		return err
	}
	s := &p.progress
	if s.Swept != p.round.Number {
		s.Swept, s.After, s.Clean = p.round.Number, 0, false
	}
	if s.Clean {
		return nil
	}
	entries, err := k.entries(ctx, p, s.After, limit)
	if err != nil {
		return err
	}
	for i := range entries {
		if s.After = entries[i].Portfolio; entries[i].Round != s.Swept {
			if err := k.Records.Remove(ctx, collections.Join(p.slot(s.Swept), s.After)); err != nil {
				return err
			}
		}
	}
	s.Clean = len(entries) < limit
	return k.Progress.Set(ctx, *s)
}

func (k Keeper) sweepBeyond(ctx context.Context, p *pass, limit int) error {
	end := uint64(p.params.HistoryRounds)
	records, err := keys(ctx, k.Records, new(collections.Range[collections.Pair[uint64, uint64]]).
		StartInclusive(collections.PairPrefix[uint64, uint64](end)), limit)
	if err != nil {
		return err
	}
	for _, key := range records {
		if err := k.Records.Remove(ctx, key); err != nil {
			return err
		}
	}
	summaries, err := keys(ctx, k.Summaries, new(collections.Range[uint64]).StartInclusive(end), limit)
	if err != nil {
		return err
	}
	for _, key := range summaries {
		if err := k.Summaries.Remove(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// keys lists keys of a range: nothing is written while a store is being walked.
func keys[K, V any](
	ctx context.Context, m collections.Map[K, V], ranger collections.Ranger[K], limit int,
) ([]K, error) {
	it, err := m.Iterate(ctx, ranger)
	if err != nil {
		return nil, err
	}
	defer it.Close() //nolint:errcheck // reading
	var list []K
	for ; it.Valid() && len(list) < limit; it.Next() {
		key, err := it.Key()
		if err != nil {
			return nil, err
		}
		list = append(list, key)
	}
	return list, nil
}
