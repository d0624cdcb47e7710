package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

type queryServer struct{ Keeper }

// NewQueryServer serves the queries.
func NewQueryServer(k Keeper) types.QueryServer { return queryServer{k} }

// Params returns the terms on which portfolios are kept.
func (k queryServer) Params(ctx context.Context, _ *types.QueryParamsRequest) (*types.QueryParamsResponse, error) {
	p, err := k.Keeper.Params.Get(ctx)
	return &types.QueryParamsResponse{Params: p}, err
}

// Portfolio returns a portfolio with what it holds and what it does.
func (k queryServer) Portfolio(
	ctx context.Context, r *types.QueryPortfolioRequest,
) (*types.QueryPortfolioResponse, error) {
	f, err := k.find(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	params, err := k.Keeper.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	out := &types.QueryPortfolioResponse{
		Portfolio: f.Portfolio, Address: types.Account(f.Id).String(), LastOutcome: f.memory.Outcome.String(),
		BelowMinimumSince: f.memory.BelowSince, Orders: f.orders(),
	}
	out.Status, out.Reason = f.Status(&f.memory, now(ctx), params.GraceSeconds)
	switch out.Detail, err = k.Quarantine.Get(ctx, f.Id); {
	case err == nil:
		out.Status, out.Reason = types.Status_STATUS_PAUSED, types.Reason_REASON_QUARANTINED
	case !errors.Is(err, collections.ErrNotFound):
		return nil, err
	}
	held := k.cycle(ctx, f).Holdings
	out.Holdings = f.coins(f.policy.Assets, func(i int) asset.Amount { return held[i] })
	for _, o := range f.memory.State.Orders {
		out.InMarket = out.InMarket.Add(num.Coin(f.denom(o.Sell), o.Units))
	}
	for _, e := range f.memory.State.Earmarked {
		out.Earmarked = out.Earmarked.Add(num.Coin(f.denom(e.Asset), e.Amount))
	}
	return out, nil
}

// orders are the one-time orders that live.
func (f *folio) orders() []types.Order {
	st := &f.memory.State
	list := make([]types.Order, len(st.OneTime))
	for i := range st.OneTime {
		var payout *types.Payout
		if at := f.Payout(st.OneTime[i].ID); at >= 0 {
			payout = &f.Payouts[at]
		}
		list[i] = types.OrderOf(f.universe, st, &st.OneTime[i], payout)
	}
	return list
}

// Portfolios lists portfolios, of one owner or all.
func (k queryServer) Portfolios(
	ctx context.Context, r *types.QueryPortfoliosRequest,
) (*types.QueryPortfoliosResponse, error) {
	if r.Owner == "" {
		list, page, err := query.CollectionPaginate(ctx, k.Records, r.Pagination,
			func(_ uint64, p types.Portfolio) (types.Portfolio, error) { return p, nil })
		return &types.QueryPortfoliosResponse{Portfolios: list, Pagination: page}, err
	}
	owner, err := addressOf("owner", r.Owner)
	if err != nil {
		return nil, err
	}
	list, page, err := query.CollectionPaginate(ctx, k.Owners, r.Pagination,
		func(key ownerKey, _ collections.NoValue) (types.Portfolio, error) {
			return k.Records.Get(ctx, key.K3())
		},
		func(o *query.CollectionsPaginateOptions[ownerKey]) {
			prefix := collections.TriplePrefix[sdk.AccAddress, bool, uint64](owner)
			o.Prefix = &prefix
		})
	return &types.QueryPortfoliosResponse{Portfolios: list, Pagination: page}, err
}

// Payments lists the scheduled payments of a portfolio.
func (k queryServer) Payments(
	ctx context.Context, r *types.QueryPaymentsRequest,
) (*types.QueryPaymentsResponse, error) {
	f, err := k.find(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	out := &types.QueryPaymentsResponse{}
	for i := range f.Payments {
		owed := f.memory.State.Payments[i]
		status := types.PaymentStatus{Payment: f.Payments[i], Occurrence: owed.Number, Paid: num.Int(owed.Paid)}
		if due, more := f.policy.Payments[i].Schedule.Due(owed.Number); more {
			status.Due = due
		}
		out.Payments = append(out.Payments, status)
	}
	return out, nil
}

// Flights lists what is under way over IBC.
func (k queryServer) Flights(ctx context.Context, r *types.QueryFlightsRequest) (*types.QueryFlightsResponse, error) {
	list, page, err := query.CollectionPaginate(ctx, k.Keeper.Flights, r.Pagination,
		func(_ types.FlightKey, fl types.Flight) (types.Flight, error) { return fl, nil },
		func(o *query.CollectionsPaginateOptions[types.FlightKey]) {
			prefix := collections.TriplePrefix[uint64, string, uint64](r.Id)
			o.Prefix = &prefix
		})
	return &types.QueryFlightsResponse{Flights: list, Pagination: page}, err
}

// Orders lists the one-time orders of a portfolio that live.
func (k queryServer) Orders(ctx context.Context, r *types.QueryOrdersRequest) (*types.QueryOrdersResponse, error) {
	f, err := k.find(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	return &types.QueryOrdersResponse{Orders: f.orders()}, nil
}

// Address returns the account of a portfolio.
func (k queryServer) Address(ctx context.Context, r *types.QueryAddressRequest) (*types.QueryAddressResponse, error) {
	if found, err := k.Records.Has(ctx, r.Id); err != nil || !found {
		return nil, errors.Join(err, types.ErrNotFound.Wrapf("expected the id of a portfolio, got %d", r.Id))
	}
	return &types.QueryAddressResponse{Address: types.Account(r.Id).String()}, nil
}
