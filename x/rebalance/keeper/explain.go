package keeper

import (
	"context"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/report"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// Record returns what a round did with a portfolio.
func (s queryServer) Record(ctx context.Context, req *types.QueryRecordRequest) (*types.QueryRecordResponse, error) {
	ctx, p, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	w, err := s.all(ctx)
	if err != nil {
		return nil, err
	}
	e, err := s.last(ctx, p, req.Portfolio, req.Round)
	if err != nil {
		return nil, err
	}
	return &types.QueryRecordResponse{Record: w.Record(&e, p.running(&e))}, nil
}

// last finds the record of a round, or for round 0 the newest one.
func (s queryServer) last(ctx context.Context, p *pass, portfolio, round uint64) (report.Entry, error) {
	newest, oldest := round, round
	if round == 0 {
		newest = p.round.Number
		oldest = newest - min(newest, uint64(p.params.HistoryRounds)) + 1
	}
	for number := newest; number >= oldest && number > 0; number-- {
		e, found, err := s.k.entry(ctx, p, number, portfolio)
		if err != nil || found {
			return e, err
		}
	}
	return report.Entry{}, types.ErrRecord.Wrapf(
		"expected a portfolio that was due in one of the last %d rounds up to %d, got portfolio %d and round %d",
		p.params.HistoryRounds, p.round.Number, portfolio, round)
}

// Explain says in words what a portfolio's last interval did, and why.
func (s queryServer) Explain(
	ctx context.Context, req *types.QueryExplainRequest,
) (*types.QueryExplainResponse, error) {
	ctx, p, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	w, err := s.all(ctx)
	if err != nil {
		return nil, err
	}
	e, err := s.last(ctx, p, req.Portfolio, req.Round)
	if err != nil {
		return nil, err
	}
	round := p.running(&e)
	return &types.QueryExplainResponse{
		Sentences: e.Sentences(w.Universe, round), Record: w.Record(&e, round),
	}, nil
}

// Simulate decides for a portfolio at the prices of now, by the step of a round that has no other portfolio.
func (s queryServer) Simulate(
	ctx context.Context, req *types.QuerySimulateRequest,
) (*types.QuerySimulateResponse, error) {
	ctx, p, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	p.round = cycle.Round{}
	if err := s.k.terms(ctx, p); err != nil {
		return nil, err
	}
	folio, err := s.k.keepers.Portfolio.Load(ctx, req.Portfolio)
	if err != nil {
		return nil, types.ErrPortfolio.Wrapf("%d: %s", req.Portfolio, err)
	}
	if req.Due {
		folio.State.Decided = false
	}
	in := p.input()
	in.Portfolios, in.LastPage = []cycle.Portfolio{folio}, true
	next, out, err := cycle.Step(&p.ws, &p.cfg, p.round, in)
	if err != nil {
		return nil, types.Registered(err)
	}
	e := report.Entry{Portfolio: folio.ID, DecidedAt: p.now, Record: cycle.Record{Note: out.Notes[0]}}
	if entries := report.Collect(&next, in.Portfolios, &out); len(entries) > 0 {
		e = entries[0]
	}
	e.Round = 0
	w := p.writer()
	return &types.QuerySimulateResponse{Sentences: e.Sentences(w.Universe, nil), Record: w.Record(&e, nil)}, nil
}

// Value returns what a portfolio owns, what it has in the market included.
func (s queryServer) Value(ctx context.Context, req *types.QueryValueRequest) (*types.QueryValueResponse, error) {
	ctx, p, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	w, err := s.all(ctx)
	if err != nil {
		return nil, err
	}
	snapshot, err := s.k.keepers.Oracle.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	folio, err := s.k.keepers.Portfolio.Load(ctx, req.Portfolio)
	if err != nil {
		return nil, types.ErrPortfolio.Wrapf("%d: %s", req.Portfolio, err)
	}
	if !p.round.Has(&folio.State) {
		folio.State.Orders = nil
	}
	m := cycle.Market{Now: p.now, Universe: w.Universe, Prices: snapshot.Prices}
	worth, err := report.Value(&p.round, &m, &folio, func(sell, buy asset.Index) (*auction.Lot, error) {
		lot, found, err := s.k.keepers.Auction.Lot(ctx, p.round.LotOf(sell, buy))
		if err != nil || !found {
			return nil, err
		}
		return &lot, nil
	})
	if err != nil {
		return nil, types.ErrPortfolio.Wrapf("%d: %s", req.Portfolio, err)
	}
	r := &types.QueryValueResponse{Nav: num.Text(worth.NAV), Healthy: worth.Healthy}
	for i := range worth.Assets {
		r.Assets = append(r.Assets, w.Owned(&worth.Assets[i], &m))
	}
	return r, nil
}
