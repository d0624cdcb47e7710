package keeper

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

type queryServer struct{ k Keeper }

// NewQueryServer answers the queries of the module.
func NewQueryServer(k Keeper) types.QueryServer { return queryServer{k} }

// asset is the asset that a query asks for. That there is none is the client's mistake.
func (s queryServer) asset(ctx context.Context, denom string) (uint16, types.Asset, error) {
	i, a, err := s.k.find(ctx, denom)
	if types.ErrUnknownAsset.Is(err) {
		err = status.Error(codes.NotFound, err.Error())
	}
	return i, a, err
}

// Params returns the terms of the oracle.
func (s queryServer) Params(ctx context.Context, _ *types.QueryParamsRequest) (*types.QueryParamsResponse, error) {
	params, err := s.k.Params.Get(ctx)
	return &types.QueryParamsResponse{Params: params}, err
}

// Asset returns an asset.
func (s queryServer) Asset(ctx context.Context, q *types.QueryAssetRequest) (*types.QueryAssetResponse, error) {
	i, a, err := s.asset(ctx, q.Denom)
	return &types.QueryAssetResponse{Asset: types.IndexedAsset{Index: uint32(i), Asset: a}}, err
}

// Assets returns all assets.
func (s queryServer) Assets(ctx context.Context, q *types.QueryAssetsRequest) (*types.QueryAssetsResponse, error) {
	assets, page, err := query.CollectionPaginate(ctx, s.k.Assets, q.Pagination,
		func(i uint16, a types.Asset) (types.IndexedAsset, error) {
			return types.IndexedAsset{Index: uint32(i), Asset: a}, nil
		})
	return &types.QueryAssetsResponse{Assets: assets, Pagination: page}, err
}

// Price returns the price of an asset.
func (s queryServer) Price(ctx context.Context, q *types.QueryPriceRequest) (*types.QueryPriceResponse, error) {
	i, a, err := s.asset(ctx, q.Denom)
	if err != nil {
		return nil, err
	}
	snapshot, err := s.k.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return &types.QueryPriceResponse{Price: types.PriceOf(&a, &snapshot.Prices[i]), TimeSeconds: snapshot.Time}, nil
}

// Prices returns the prices of all assets.
func (s queryServer) Prices(ctx context.Context, q *types.QueryPricesRequest) (*types.QueryPricesResponse, error) {
	snapshot, err := s.k.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	prices, page, err := query.CollectionPaginate(ctx, s.k.Assets, q.Pagination,
		func(i uint16, a types.Asset) (types.Price, error) { return types.PriceOf(&a, &snapshot.Prices[i]), nil })
	return &types.QueryPricesResponse{Prices: prices, TimeSeconds: snapshot.Time, Pagination: page}, err
}

// Sources returns the sources of an asset with their last reports, and what aggregating makes of them now.
func (s queryServer) Sources(ctx context.Context, q *types.QuerySourcesRequest) (*types.QuerySourcesResponse, error) {
	i, _, err := s.asset(ctx, q.Denom)
	if err != nil {
		return nil, err
	}
	params, err := s.k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	terms, err := params.Terms()
	if err != nil {
		return nil, err
	}
	var ws oracle.Workspace
	_, found, err := s.k.aggregate(ctx, &ws, &terms, i)
	if err != nil {
		return nil, err
	}
	now := sdk.UnwrapSDKContext(ctx).BlockTime().Unix()
	return &types.QuerySourcesResponse{
		Sources: types.SourceReports(found.sources, found.reports, ws.Findings(), now),
		Status:  found.Status.String(), Value: num.Text(found.Value), Centre: num.Text(found.Centre),
		Limit: num.Text(found.Limit), Median: num.Text(found.Median),
	}, nil
}

// History returns the points of the price history of an asset.
func (s queryServer) History(ctx context.Context, q *types.QueryHistoryRequest) (*types.QueryHistoryResponse, error) {
	i, _, err := s.asset(ctx, q.Denom)
	if err != nil {
		return nil, err
	}
	points, page, err := query.CollectionFilteredPaginate(ctx, s.k.Points, q.Pagination,
		func(key collections.Pair[uint16, int64], _ oracle.Price) (bool, error) { return q.Asks(key.K2()), nil },
		func(key collections.Pair[uint16, int64], p oracle.Price) (types.Point, error) {
			return types.PointOf(key.K2(), &p), nil
		},
		query.WithCollectionPaginationPairPrefix[uint16, int64](i))
	return &types.QueryHistoryResponse{Points: points, Pagination: page}, err
}

// Breaker returns the breaker of an asset and how far its price is from its mean now.
func (s queryServer) Breaker(ctx context.Context, q *types.QueryBreakerRequest) (*types.QueryBreakerResponse, error) {
	i, _, err := s.asset(ctx, q.Denom)
	if err != nil {
		return nil, err
	}
	params, err := s.k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	cfg, err := params.History.Engine()
	if err != nil {
		return nil, err
	}
	h, err := orZero(s.k.Histories.Get(ctx, i))
	if err != nil {
		return nil, err
	}
	reading, mean, err := h.Reading(&cfg, sdk.UnwrapSDKContext(ctx).BlockTime().Unix())
	if err != nil {
		return nil, err
	}
	return &types.QueryBreakerResponse{
		Open: h.Breaker.Open, Good: uint32(h.Breaker.Good), //nolint:gosec // at most 1000
		Value: num.Text(h.Short.Value), Mean: num.Text(mean),
		Distance: num.Text(reading.Distance), Limit: num.Text(reading.Limit),
		LastGood: num.Text(h.Good.Value), LastGoodSeconds: h.Good.Time,
	}, nil
}
