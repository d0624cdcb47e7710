package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/report"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// settle pays a page of portfolios. A portfolio that cannot be settled with its state is paid from the log, without
// it: money does not wait for memory.
func (k Keeper) settle(ctx context.Context, p *pass) error {
	if p.progress.Stranded {
		return k.settleStranded(ctx, p)
	}
	var last bool
	n, err := narrow(int(p.params.Work.Settle), func(limit int) (n int, err error) {
		err = k.try(ctx, p, func(ctx context.Context) (cycle.Round, error) {
			var page []cycle.Portfolio
			page, last, err = k.keepers.Portfolio.InMarket(ctx, p.round.Last, limit)
			if n = len(page); err != nil {
				return cycle.Round{}, err
			}
			return k.pay(ctx, p, page)
		})
		return n, err
	})
	if err != nil && n == 1 {
		err = k.try(ctx, p, func(ctx context.Context) (cycle.Round, error) { return k.strand(ctx, p, err) })
	}
	if err != nil || !last {
		return err
	}
	return k.settleSales(ctx, p)
}

// settleSales gives standalone sellers what they brought when all portfolios are paid, and ends the round. A sale that
// cannot be settled keeps it open: nobody else knows what it is owed.
func (k Keeper) settleSales(ctx context.Context, p *pass) error {
	var all bool
	_, err := k.sales(ctx, p, func(ctx context.Context, page []cycle.Sale, last bool) (cycle.Round, error) {
		all = last
		in := p.input()
		for i := range page {
			if page[i].Placed {
				in.Sales = append(in.Sales, page[i])
			}
		}
		next, err := k.saleStep(ctx, p, in)
		if len(page) > 0 {
			next.LastSale = page[len(page)-1].ID
		}
		return next, err
	})
	if err != nil || !all {
		return err
	}
	return k.finish(ctx, p)
}

// pay is the step of a page of settlements.
func (k Keeper) pay(ctx context.Context, p *pass, loaded []cycle.Portfolio) (cycle.Round, error) {
	page := make([]cycle.Portfolio, 0, len(loaded))
	for i := range loaded {
		if p.round.Has(&loaded[i].State) { // else its orders were settled without it
			page = append(page, loaded[i])
		}
	}
	next, out, err := k.payOut(ctx, p, page)
	if err != nil {
		return next, err
	}
	if len(loaded) > 0 {
		next.Last = loaded[len(loaded)-1].ID
	}
	return next, k.store(ctx, p, page, &next, &out)
}

// payOut takes portfolios through the engine's settlement, sends them what they own and completes their records.
func (k Keeper) payOut(
	ctx context.Context, p *pass, page []cycle.Portfolio,
) (cycle.Round, cycle.Output, error) {
	in := p.input()
	in.Portfolios = page
	next, out, err := cycle.Step(&p.ws, &p.cfg, p.round, in)
	if err != nil {
		return next, out, types.Registered(err)
	}
	if err := k.apply(ctx, p, out.Transfers); err != nil {
		return next, out, err
	}
	for i := range page {
		if err := k.complete(ctx, p, page[i].ID, &out); err != nil {
			return next, out, err
		}
	}
	return next, out, nil
}

// finish ends the round when every order is settled. Orders of portfolios that came with no page are settled next,
// from the log.
func (k Keeper) finish(ctx context.Context, p *pass) error {
	err := k.try(ctx, p, func(ctx context.Context) (cycle.Round, error) {
		in := p.input()
		in.LastPage = true
		next, out, err := cycle.Step(&p.ws, &p.cfg, p.round, in)
		if err != nil {
			return next, err
		}
		p.progress.Stranded, p.progress.Opened = false, nil
		if err := k.summarise(ctx, p, &next, &out); err != nil {
			return next, err
		}
		return next, k.tellFinished(ctx, p, next.Number)
	})
	if !errors.Is(err, cycle.ErrBook) || p.progress.Stranded {
		return types.Registered(err)
	}
	return k.try(ctx, p, func(context.Context) (cycle.Round, error) {
		next := p.round
		next.Last, p.progress.Stranded = 0, true
		return next, nil
	})
}

// strand pays the portfolio that comes next from the log. Its state stays as it is, and forgets the orders at its next
// decision.
func (k Keeper) strand(ctx context.Context, p *pass, why error) (cycle.Round, error) {
	page, _, err := k.keepers.Portfolio.InMarket(ctx, p.round.Last, 1)
	if err != nil || len(page) != 1 {
		return cycle.Round{}, types.ErrStep.Wrapf("expected the portfolio that failed: %v", why)
	}
	id := page[0].ID
	k.skipped(ctx, p, id, why)
	e, found, err := k.entry(ctx, p, p.round.Number, id)
	if err != nil || !found || !e.Open() {
		next := p.round
		next.Last = id
		return next, err
	}
	next, out, err := k.payOut(ctx, p, []cycle.Portfolio{e.Stranded()})
	if err != nil {
		return next, err
	}
	return next, k.summarise(ctx, p, &next, &out)
}

// settleStranded pays what the log says that portfolios have in the market and what was not settled with them, a page
// of records at a time.
func (k Keeper) settleStranded(ctx context.Context, p *pass) error {
	limit := int(p.params.Work.Settle)
	entries, err := k.entries(ctx, p, p.round.Last, limit)
	if err != nil {
		return err
	}
	n, err := narrow(len(entries), func(limit int) (int, error) {
		return limit, k.try(ctx, p, func(ctx context.Context) (cycle.Round, error) {
			return k.payStranded(ctx, p, entries[:limit])
		})
	})
	if err != nil && n == 1 { // it stays unpaid, and the round open
		k.skipped(ctx, p, entries[0].Portfolio, err)
		err = k.try(ctx, p, func(context.Context) (cycle.Round, error) {
			next := p.round
			next.Last = entries[0].Portfolio
			return next, nil
		})
	}
	if err != nil || n == limit || n < len(entries) {
		return err
	}
	return k.finish(ctx, p)
}

func (k Keeper) payStranded(ctx context.Context, p *pass, entries []report.Entry) (cycle.Round, error) {
	var page []cycle.Portfolio
	for i := range entries {
		if e := &entries[i]; e.Round == p.round.Number && e.Open() {
			page = append(page, e.Stranded())
			k.skipped(ctx, p, e.Portfolio, types.ErrPortfolio.Wrap("settled from the log"))
		}
	}
	next, out, err := k.payOut(ctx, p, page)
	if err != nil {
		return next, err
	}
	if len(entries) > 0 {
		next.Last = entries[len(entries)-1].Portfolio
	}
	return next, k.summarise(ctx, p, &next, &out)
}

func (Keeper) skipped(ctx context.Context, p *pass, id uint64, why error) {
	emit(ctx, &types.EventPortfolioSkipped{
		Portfolio: id, Round: p.round.Number, Phase: types.PhaseOf(p.round.Phase), Error: why.Error(),
	})
}

// entries reads records of the round's slot above a portfolio.
func (k Keeper) entries(ctx context.Context, p *pass, after uint64, limit int) ([]report.Entry, error) {
	above := collections.NewPrefixedPairRange[uint64, uint64](p.slot(p.round.Number)).StartExclusive(after)
	return k.noted(ctx, above, limit)
}

// noted reads the first records of a range.
func (k Keeper) noted(
	ctx context.Context, ranger collections.Ranger[collections.Pair[uint64, uint64]], limit int,
) ([]report.Entry, error) {
	it, err := k.Records.Iterate(ctx, ranger)
	if err != nil {
		return nil, err
	}
	defer it.Close() //nolint:errcheck // reading
	var entries []report.Entry
	for ; it.Valid() && len(entries) < limit; it.Next() {
		e, err := it.Value()
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}
