package keeper

import (
	"context"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/report"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// collect lets a page of portfolios decide. A portfolio with which the page fails is left out of the round.
func (k Keeper) collect(ctx context.Context, p *pass) error {
	var last bool
	n, err := narrow(int(p.params.Work.Collect), func(limit int) (n int, err error) {
		err = k.try(ctx, p, func(ctx context.Context) (cycle.Round, error) {
			var page []cycle.Portfolio
			page, last, err = k.keepers.Portfolio.Page(ctx, p.cursor(), limit)
			if n = len(page); err != nil {
				return cycle.Round{}, err
			}
			return k.decide(ctx, p, page)
		})
		return n, err
	})
	if err != nil && n == 1 {
		err = k.try(ctx, p, func(ctx context.Context) (cycle.Round, error) { return k.leaveOut(ctx, p, err) })
	}
	if err != nil || !last {
		return err
	}
	return k.collectSales(ctx, p)
}

// collectSales takes standalone sales in when all portfolios have decided. The last page ends the collection. A sale
// with which a page fails is left out of the round.
func (k Keeper) collectSales(ctx context.Context, p *pass) error {
	n, err := k.sales(ctx, p, func(ctx context.Context, page []cycle.Sale, last bool) (cycle.Round, error) {
		in := p.input()
		in.Sales, in.LastPage = page, last
		return k.saleStep(ctx, p, in)
	})
	if err == nil || n != 1 {
		return err
	}
	return k.try(ctx, p, func(ctx context.Context) (cycle.Round, error) {
		page, last, pageErr := k.keepers.Auction.Sales(ctx, p.round.LastSale, 1)
		if pageErr != nil || len(page) != 1 {
			return cycle.Round{}, types.ErrStep.Wrapf("expected the sale that failed: %v", err)
		}
		emit(ctx, &types.EventSaleSkipped{Sale: page[0].ID, Round: p.round.Number, Error: err.Error()})
		in := p.input()
		in.LastPage = last
		next, err := k.saleStep(ctx, p, in)
		next.LastSale = page[0].ID
		return next, err
	})
}

// sales tries a step with a page of sales, narrowing it while it fails.
func (k Keeper) sales(
	ctx context.Context, p *pass, step func(ctx context.Context, page []cycle.Sale, last bool) (cycle.Round, error),
) (int, error) {
	return narrow(int(p.params.Work.Sales), func(limit int) (n int, err error) {
		err = k.try(ctx, p, func(ctx context.Context) (cycle.Round, error) {
			page, last, err := k.keepers.Auction.Sales(ctx, p.round.LastSale, limit)
			if n = len(page); err != nil {
				return cycle.Round{}, err
			}
			return step(ctx, page, last)
		})
		return n, err
	})
}

// saleStep is a step with sales and without portfolios.
func (k Keeper) saleStep(ctx context.Context, p *pass, in cycle.Input) (cycle.Round, error) {
	next, out, err := cycle.Step(&p.ws, &p.cfg, p.round, in)
	if err != nil {
		return next, types.Registered(err)
	}
	if err := k.apply(ctx, p, out.Transfers); err != nil {
		return next, err
	}
	for i := range out.Notes {
		k.refuse(ctx, p, &out.Notes[i])
	}
	if len(out.Sales) > 0 {
		if err := k.keepers.Auction.SaveSales(ctx, out.Sales, out.SaleFills); err != nil {
			return next, err
		}
	}
	return next, k.summarise(ctx, p, &next, &out)
}

// cursor is the last portfolio that decided: none before the freeze.
func (p *pass) cursor() uint64 {
	if p.round.Phase == cycle.Idle {
		return 0
	}
	return p.round.Last
}

// decide is the step of a page of decisions.
func (k Keeper) decide(ctx context.Context, p *pass, page []cycle.Portfolio) (cycle.Round, error) {
	for i := range page {
		if len(page[i].State.Orders) > 0 { // settled without it
			page[i].State = page[i].State.Forget()
		}
	}
	in := p.input()
	in.Portfolios = page
	next, out, err := cycle.Step(&p.ws, &p.cfg, p.round, in)
	if err != nil {
		return next, types.Registered(err)
	}
	if p.round.Phase == cycle.Idle {
		emit(ctx, &types.EventRoundStarted{
			Round: next.Number, FrozeAt: next.FrozeAt, Merged: p.cfg.Merged(&next, &p.round),
		})
	}
	if err := k.apply(ctx, p, out.Transfers); err != nil {
		return next, err
	}
	entries := report.Collect(&next, page, &out)
	if err := k.record(ctx, p, entries); err != nil {
		return next, err
	}
	tellPage(ctx, next.Number, page, len(entries))
	return next, k.store(ctx, p, page, &next, &out)
}

// tellPage tells that a page has decided.
func tellPage(ctx context.Context, round uint64, page []cycle.Portfolio, records int) {
	if records == 0 {
		return
	}
	emit(ctx, &types.EventPageDecided{
		Round: round, Records: uint32(records), Last: page[len(page)-1].ID, //nolint:gosec // at most Work.Collect
	})
}

// store keeps what a step with portfolios changed: their states, and the summary of the round.
func (k Keeper) store(
	ctx context.Context, p *pass, page []cycle.Portfolio, next *cycle.Round, out *cycle.Output,
) error {
	for i := range out.States {
		page[i].State = out.States[i]
	}
	if len(page) > 0 {
		if err := k.keepers.Portfolio.Save(ctx, page, out.Notes); err != nil {
			return err
		}
	}
	return k.summarise(ctx, p, next, out)
}

// leaveOut goes on after a portfolio with which a page fails: it has no part in this round, and its record says why.
func (k Keeper) leaveOut(ctx context.Context, p *pass, why error) (cycle.Round, error) {
	page, _, err := k.keepers.Portfolio.Page(ctx, p.cursor(), 1)
	if err != nil || len(page) != 1 {
		return cycle.Round{}, types.ErrStep.Wrapf("expected the portfolio that failed: %v", why)
	}
	next, err := k.decide(ctx, p, nil)
	if err != nil {
		return next, err
	}
	id := page[0].ID
	next.Last = id
	emit(ctx, &types.EventPortfolioSkipped{
		Portfolio: id, Round: next.Number, Phase: types.Phase_PHASE_COLLECTING, Error: why.Error(),
	})
	note := cycle.Note{Portfolio: id, Outcome: cycle.Failed, Err: why}
	return next, k.setEntry(ctx, p, &report.Entry{
		Round: next.Number, Portfolio: id, DecidedAt: next.FrozeAt, Record: cycle.Record{Note: note},
	})
}

// input is what every step knows.
func (p *pass) input() cycle.Input {
	return cycle.Input{Now: p.now, Height: p.height, Prices: p.prices}
}
