package keeper

import (
	"context"
	"fmt"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/report"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

type queryServer struct{ k Keeper }

// NewQueryServer serves queries.
func NewQueryServer(k Keeper) types.QueryServer { return queryServer{k} }

// view is what most queries need: the pass of a block that ends now. What it would write goes nowhere.
func (s queryServer) view(ctx context.Context) (context.Context, *pass, error) {
	branch, _ := sdk.UnwrapSDKContext(ctx).CacheContext()
	p, err := s.k.begin(branch)
	return branch, p, err
}

// all names every asset there is; a running round may know fewer.
func (s queryServer) all(ctx context.Context) (types.Writer, error) {
	u, err := s.k.keepers.Oracle.Universe(ctx)
	return types.Writer{Universe: u}, err
}

// Params returns the terms of rounds, and those that wait.
func (s queryServer) Params(ctx context.Context, _ *types.QueryParamsRequest) (*types.QueryParamsResponse, error) {
	params, err := s.k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	r := &types.QueryParamsResponse{Params: params}
	pending, found, err := item(ctx, s.k.Pending)
	if found {
		r.Pending = &pending
	}
	return r, err
}

// Round returns where the running round is.
func (s queryServer) Round(ctx context.Context, _ *types.QueryRoundRequest) (*types.QueryRoundResponse, error) {
	ctx, p, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	halted, err := get(ctx, s.k.Halted)
	if err != nil {
		return nil, err
	}
	r := &types.QueryRoundResponse{
		Round: p.round.Number, Phase: types.PhaseOf(p.round.Phase), Halted: halted, FrozeAt: p.round.FrozeAt,
		FrozeHeight: p.round.Height, LastPortfolio: p.round.Last, Pairs: uint64(len(p.round.Books)),
		NextFreezeAt: p.cfg.Next(&p.round, p.now),
	}
	for i := range p.round.Books {
		if b := &p.round.Books[i]; b.Lot != 0 && !b.Done {
			r.OpenLots++
		}
	}
	return r, nil
}

// Pairs returns what a round sells, pair by pair.
func (s queryServer) Pairs(ctx context.Context, req *types.QueryPairsRequest) (*types.QueryPairsResponse, error) {
	ctx, p, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	books := p.round.Books
	if p.round.Phase == cycle.Idle || req.Round != 0 && req.Round != p.round.Number {
		summary, err := s.summary(ctx, p, p.number(req.Round))
		if err != nil {
			return nil, err
		}
		books = summary.Pairs
	}
	w, err := s.all(ctx)
	if err != nil {
		return nil, err
	}
	from, to, page := window(len(books), req.Pagination)
	r := &types.QueryPairsResponse{Pagination: page}
	for i := from; i < to; i++ {
		r.Pairs = append(r.Pairs, w.Pair(&books[i]))
	}
	return r, nil
}

// number is the round that a request means: 0 is the running or the last one.
func (p *pass) number(round uint64) uint64 {
	if round == 0 {
		return p.round.Number
	}
	return round
}

func (s queryServer) summary(ctx context.Context, p *pass, round uint64) (report.Summary, error) {
	summary, found, err := find(ctx, s.k.Summaries, p.slot(round))
	if err == nil && (!found || summary.Round != round) {
		err = types.ErrRecord.Wrapf("expected one of the last %d rounds up to %d, got %d",
			p.params.HistoryRounds, p.round.Number, round)
	}
	return summary, err
}

// window cuts a page out of a list of n, by offset and limit.
func window(n int, req *query.PageRequest) (from, to int, page *query.PageResponse) {
	limit, offset := uint64(query.DefaultLimit), uint64(0)
	if req != nil {
		offset = req.Offset
		if req.Limit > 0 {
			limit = req.Limit
		}
	}
	total := uint64(n) //nolint:gosec // a length
	start := min(offset, total)
	end := start + min(limit, total-start)
	return int(start), int(end), &query.PageResponse{Total: total}
}

// Rounds returns the rounds in the log, the newest first.
func (s queryServer) Rounds(ctx context.Context, req *types.QueryRoundsRequest) (*types.QueryRoundsResponse, error) {
	ctx, p, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	w, err := s.all(ctx)
	if err != nil {
		return nil, err
	}
	kept := min(p.round.Number, uint64(p.params.HistoryRounds))
	from, to, page := window(int(kept), req.Pagination) //nolint:gosec // at most MaxHistory
	r := &types.QueryRoundsResponse{Pagination: page}
	for i := from; i < to; i++ {
		number := p.round.Number - uint64(i) //nolint:gosec // not negative
		summary, found, err := find(ctx, s.k.Summaries, p.slot(number))
		if err != nil {
			return nil, err
		}
		if found && summary.Round == number {
			r.Rounds = append(r.Rounds, w.Summary(&summary))
		}
	}
	return r, nil
}

// Records returns what a round did with all portfolios that were due.
func (s queryServer) Records(
	ctx context.Context, req *types.QueryRecordsRequest,
) (*types.QueryRecordsResponse, error) {
	ctx, p, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	w, err := s.all(ctx)
	if err != nil {
		return nil, err
	}
	round := p.number(req.Round)
	records, page, err := query.CollectionFilteredPaginate(ctx, s.k.Records, req.Pagination,
		func(_ collections.Pair[uint64, uint64], e report.Entry) (bool, error) { return e.Round == round, nil },
		func(_ collections.Pair[uint64, uint64], e report.Entry) (types.Record, error) {
			return w.Record(&e, p.running(&e)), nil
		},
		query.WithCollectionPaginationPairPrefix[uint64, uint64](p.slot(round)))
	if err != nil {
		return nil, types.ErrRequest.Wrap(err.Error())
	}
	return &types.QueryRecordsResponse{Records: records, Pagination: page}, nil
}

// running is the round of an entry that is not settled yet, else nil.
func (p *pass) running(e *report.Entry) *cycle.Round {
	if p.round.Phase == cycle.Idle || e.Round != p.round.Number || e.Settled {
		return nil
	}
	return &p.round
}

// Schedule returns when the next lots open, and by which rules their prices are set.
func (s queryServer) Schedule(
	ctx context.Context, _ *types.QueryScheduleRequest,
) (*types.QueryScheduleResponse, error) {
	ctx, p, err := s.view(ctx)
	if err != nil {
		return nil, err
	}
	w, err := s.all(ctx)
	if err != nil {
		return nil, err
	}
	params := p.params
	if pending, found, err := item(ctx, s.k.Pending); err != nil {
		return nil, err
	} else if found {
		params = pending
	}
	cfg, err := params.Config(p.cfg.Universe)
	if err != nil {
		return nil, err
	}
	r := &types.QueryScheduleResponse{
		NextFreezeAt: cfg.Next(&p.round, p.now), IntervalSeconds: params.IntervalSeconds, Auction: params.Auction,
		Rule: fmt.Sprintf("A lot starts at mid*(1+w) and ends at mid*(1-w), where mid is the oracle's price in the "+
			"block of the crossing and w = min(%s, base + %s*sqrt(confidence^2 + sigma^2*age/year)); base is %s, "+
			"or what the pair has learned; no seller goes farther than his own limit.",
			cfg.Auction.Width.Cap, cfg.Auction.Width.Factor, cfg.Auction.Width.Base),
	}
	for i := range p.round.Spreads {
		x := &p.round.Spreads[i]
		r.Spreads = append(r.Spreads, types.PairWidth{
			Sell: w.Denom(x.Sell), Buy: w.Denom(x.Buy),
			Start: num.Text(x.Spread.Start), Reserve: num.Text(x.Spread.Reserve),
		})
	}
	return r, nil
}

// Debts returns what portfolios are owed and could not be sent.
func (s queryServer) Debts(ctx context.Context, req *types.QueryDebtsRequest) (*types.QueryDebtsResponse, error) {
	debts, page, err := query.CollectionPaginate(ctx, s.k.Debts, req.Pagination,
		func(_ uint64, d types.Debt) (types.Debt, error) { return d, nil })
	if err != nil {
		return nil, types.ErrRequest.Wrap(err.Error())
	}
	return &types.QueryDebtsResponse{Debts: debts, Pagination: page}, nil
}

// Invariants adds up what all modules hold and owe.
func (s queryServer) Invariants(
	ctx context.Context, _ *types.QueryInvariantsRequest,
) (*types.QueryInvariantsResponse, error) {
	r := &types.QueryInvariantsResponse{}
	for _, c := range append([]types.Checker{s.k}, s.k.keepers.Checkers...) {
		for _, err := range c.Invariants(ctx) {
			r.Broken = append(r.Broken, err.Error())
		}
	}
	return r, nil
}

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
	return r, w.Outlook(r, &p.ws, &m, &folio, &worth, p.cfg.Auction.Width.Cap)
}
