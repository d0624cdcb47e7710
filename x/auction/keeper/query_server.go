package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/auction/types"
	"github.com/ballast-finance/ballast/x/internal/num"
)

// faultsMost is how many broken invariants one answer lists.
const faultsMost = 100

type queryServer struct{ Keeper }

// NewQueryServer returns the server of the queries.
func NewQueryServer(k Keeper) types.QueryServer { return queryServer{k} }

// Params are the terms of the auctions.
func (q queryServer) Params(ctx context.Context, _ *types.QueryParamsRequest) (*types.QueryParamsResponse, error) {
	params, err := q.Keeper.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	paused, err := q.paused(ctx)
	return &types.QueryParamsResponse{Params: params, Paused: paused}, err
}

// seen is a lot as the next block sees it: without the time in which it was not visited.
func (q queryServer) seen(ctx context.Context, id uint64) (types.Hall, error) {
	h, err := q.hall(ctx, id)
	if err != nil {
		return h, err
	}
	last, err := q.lastBlock(ctx)
	if err != nil || h.Lot.Status == auction.Closed || h.Lot.Clock.Frozen || last <= h.Lot.Clock.Last {
		return h, err
	}
	return h, h.Lot.Hold(last)
}

func (q queryServer) show(ctx context.Context, id uint64) (types.Lot, error) {
	_, lot, err := q.look(ctx, id)
	return lot, err
}

// look is a lot as it is, and as it is shown.
func (q queryServer) look(ctx context.Context, id uint64) (h types.Hall, lot types.Lot, err error) {
	if h, err = q.seen(ctx, id); err != nil {
		return h, lot, err
	}
	state, err := q.Books.Get(ctx, id)
	return h, types.ToLot(&h, state.Bids), err
}

// Lot is one lot, against the oracle's mid of now.
func (q queryServer) Lot(ctx context.Context, r *types.QueryLotRequest) (*types.QueryLotResponse, error) {
	h, lot, err := q.look(ctx, r.LotId)
	if err != nil {
		return nil, err
	}
	answer := &types.QueryLotResponse{Lot: lot}
	snapshot, err := q.Oracle.Snapshot(ctx)
	if err != nil || h.Lot.Status == auction.Closed { // without prices a lot is still one
		return answer, nil //nolint:nilerr // see above
	}
	sell, buy := priceOf(snapshot.Prices, h.Lot.Sell), priceOf(snapshot.Prices, h.Lot.Buy)
	answer.Mid, answer.MidLow, answer.MidHigh = midTexts(auction.MidOf(sell, buy), sell, buy)
	return answer, nil
}

// Lots are lots of all states or one. Those of a state are found without reading the others.
func (q queryServer) Lots(ctx context.Context, r *types.QueryLotsRequest) (*types.QueryLotsResponse, error) {
	lots, page, err := q.lots(ctx, r)
	if err != nil {
		return nil, err
	}
	return &types.QueryLotsResponse{Lots: lots, Pagination: page}, nil
}

func (q queryServer) lots(ctx context.Context, r *types.QueryLotsRequest) ([]types.Lot, *query.PageResponse, error) {
	wanted := func(h *types.Hall) bool {
		return (r.Status == types.LOT_STATUS_UNSPECIFIED || r.Status == types.StatusOf(h)) &&
			(r.SellDenom == "" || r.SellDenom == string(h.Lot.Pair.Sell.ID)) &&
			(r.BuyDenom == "" || r.BuyDenom == string(h.Lot.Pair.Buy.ID))
	}
	var set collections.KeySet[uint64]
	switch r.Status {
	case types.LOT_STATUS_OPENING, types.LOT_STATUS_OPEN:
		set = q.Live
	case types.LOT_STATUS_FROZEN:
		set = q.Froze
	case types.LOT_STATUS_CLOSED:
		set = q.Over
	case types.LOT_STATUS_UNSPECIFIED, types.LOT_STATUS_SETTLED:
		return query.CollectionFilteredPaginate(ctx, q.Halls, r.Pagination,
			func(_ uint64, h types.Hall) (bool, error) { return wanted(&h), nil },
			func(id uint64, _ types.Hall) (types.Lot, error) { return q.show(ctx, id) })
	default:
		return nil, nil, types.ErrInvalid.Wrapf("status: expected one of LotStatus, got %d", r.Status)
	}
	return query.CollectionFilteredPaginate(ctx, set, r.Pagination,
		func(id uint64, _ collections.NoValue) (bool, error) {
			h, err := q.hall(ctx, id)
			return err == nil && wanted(&h), err
		},
		func(id uint64, _ collections.NoValue) (types.Lot, error) { return q.show(ctx, id) })
}

// Book is the bids of a lot, the best first.
func (q queryServer) Book(ctx context.Context, r *types.QueryBookRequest) (*types.QueryBookResponse, error) {
	h, err := q.hall(ctx, r.LotId)
	if err != nil {
		return nil, err
	}
	bids, page, err := query.CollectionPaginate(ctx, q.Keeper.Bids, r.Pagination,
		func(_ bookKey, resting types.Resting) (types.Bid, error) { return types.ToBid(&h.Lot, &resting), nil },
		under[uint64, fixed.Wad, uint64](r.LotId))
	if err != nil {
		return nil, err
	}
	return &types.QueryBookResponse{Bids: bids, Pagination: page}, nil
}

// Bids are the resting bids of an account.
func (q queryServer) Bids(ctx context.Context, r *types.QueryBidsRequest) (*types.QueryBidsResponse, error) {
	bidder, err := address("bidder", r.Bidder)
	if err != nil {
		return nil, err
	}
	bids, page, err := query.CollectionPaginate(ctx, q.Owners, r.Pagination,
		func(key ownerKey, limit fixed.Wad) (types.Bid, error) {
			h, err := q.hall(ctx, key.K2())
			if err != nil {
				return types.Bid{}, err
			}
			resting, err := q.Keeper.Bids.Get(ctx, collections.Join3(key.K2(), limit, key.K3()))
			return types.ToBid(&h.Lot, &resting), err
		},
		under[sdk.AccAddress, uint64, uint64](bidder))
	if err != nil {
		return nil, err
	}
	return &types.QueryBidsResponse{Bids: bids, Pagination: page}, nil
}

// Fills are what an account bought.
func (q queryServer) Fills(ctx context.Context, r *types.QueryFillsRequest) (*types.QueryFillsResponse, error) {
	bidder, err := address("bidder", r.Bidder)
	if err != nil {
		return nil, err
	}
	fills, page, err := query.CollectionPaginate(ctx, q.Keeper.Fills, r.Pagination,
		func(key ownerKey, f types.Filled) (types.Fill, error) {
			h, err := q.hall(ctx, key.K2())
			return types.ToFill(&h.Lot, key.K3(), key.K1(), &f), err
		},
		under[sdk.AccAddress, uint64, uint64](bidder))
	if err != nil {
		return nil, err
	}
	return &types.QueryFillsResponse{Fills: fills, Pagination: page}, nil
}

// Claims are what an account is owed.
func (q queryServer) Claims(ctx context.Context, r *types.QueryClaimsRequest) (*types.QueryClaimsResponse, error) {
	owner, err := address("owner", r.Owner)
	if err != nil {
		return nil, err
	}
	claims, page, err := query.CollectionPaginate(ctx, q.Keeper.Claims, r.Pagination,
		func(key claimKey, owed types.Owed) (types.Claim, error) {
			return types.ToClaim(key.K2(), key.K1(), &owed), nil
		},
		query.WithCollectionPaginationPairPrefix[sdk.AccAddress, uint64](owner))
	if err != nil {
		return nil, err
	}
	return &types.QueryClaimsResponse{Claims: claims, Pagination: page}, nil
}

// Sales are the sales of one seller or of all.
func (q queryServer) Sales(ctx context.Context, r *types.QuerySalesRequest) (*types.QuerySalesResponse, error) {
	universe, err := q.Oracle.Universe(ctx)
	if err != nil {
		return nil, err
	}
	if r.Seller == "" {
		sales, page, err := query.CollectionPaginate(ctx, q.Selling, r.Pagination,
			func(_ uint64, s types.Selling) (types.Sale, error) { return types.ToSale(universe, &s), nil })
		return &types.QuerySalesResponse{Sales: sales, Pagination: page}, err
	}
	seller, err := address("seller", r.Seller)
	if err != nil {
		return nil, err
	}
	sales, page, err := query.CollectionPaginate(ctx, q.Sellers, r.Pagination,
		func(key claimKey, _ collections.NoValue) (types.Sale, error) {
			s, err := q.Selling.Get(ctx, key.K2())
			return types.ToSale(universe, &s), err
		},
		query.WithCollectionPaginationPairPrefix[sdk.AccAddress, uint64](seller))
	return &types.QuerySalesResponse{Sales: sales, Pagination: page}, err
}

// Invariants checks the whole state.
func (q queryServer) Invariants(
	ctx context.Context, _ *types.QueryInvariantsRequest,
) (*types.QueryInvariantsResponse, error) {
	answer := &types.QueryInvariantsResponse{}
	for _, fault := range q.Keeper.Invariants(ctx) {
		if len(answer.Broken) == faultsMost {
			break
		}
		answer.Broken = append(answer.Broken, fault.Error())
	}
	return answer, nil
}

// Quote is what a bid would get: the clearings that will be made, by the same code.
func (q queryServer) Quote(ctx context.Context, r *types.QueryQuoteRequest) (*types.QueryQuoteResponse, error) {
	h, err := q.seen(ctx, r.LotId)
	if err != nil {
		return nil, err
	}
	terms, err := r.Terms()
	if err != nil {
		return nil, err
	}
	at := max(r.At, now(ctx))
	if terms.Limit.IsZero() { // the clock price of the clearing that the bid comes to
		take, err := h.Lot.CostToTake(asset.Amount{}, at)
		if err != nil {
			return nil, types.Map(err)
		}
		terms.Limit = take.Price
	}
	bid, err := terms.Bid(h.Lot.Pair)
	if err != nil {
		return nil, err
	}
	resting, next, err := q.standing(ctx, &h)
	if err != nil {
		return nil, err
	}
	bid.ID = next
	var ws auction.Workspace
	quote, err := ws.Quote(&h.Lot, resting, &bid, at)
	if err != nil {
		return nil, types.Map(err)
	}
	answer := &types.QueryQuoteResponse{
		Limit: num.Text(bid.Limit), Time: quote.Time, Price: num.Text(quote.Price),
		Units: types.SellCoin(&h.Lot, quote.Units), Payment: types.BuyCoin(&h.Lot, quote.Payment),
		Refund: types.BuyCoin(&h.Lot, quote.Refund),
	}
	return answer, q.anchor(ctx, &h.Lot, answer)
}

// standing is the book as the engine sees it when nobody does anything, and the id of the next bid. A cancelled bid
// expires with the next clearing.
func (q queryServer) standing(ctx context.Context, h *types.Hall) ([]auction.Bid, uint64, error) {
	state, err := q.Books.Get(ctx, h.Lot.ID)
	if err != nil {
		return nil, 0, err
	}
	resting, err := q.book(ctx, h, h.Lot.Curve.Reserve)
	if err != nil {
		return nil, 0, err
	}
	next, err := h.Lot.CostToTake(asset.Amount{}, h.Lot.Clock.Last)
	if err != nil {
		return nil, 0, types.Map(err)
	}
	bids := make([]auction.Bid, len(resting))
	for i := range resting {
		bids[i] = resting[i].Bid
		if resting[i].Until != 0 {
			bids[i] = bids[i].Until(next.Time)
		}
	}
	return bids, state.Next, nil
}

// anchor adds the oracle's prices, by which a maker judges a quote.
func (q queryServer) anchor(ctx context.Context, lot *auction.Lot, answer *types.QueryQuoteResponse) error {
	snapshot, err := q.Oracle.Snapshot(ctx)
	if err != nil {
		return err
	}
	sell, buy := priceOf(snapshot.Prices, lot.Sell), priceOf(snapshot.Prices, lot.Buy)
	answer.SellPrice, answer.SellPriceAgeSeconds = num.Text(sell.Value), sell.AgeSeconds
	answer.BuyPrice, answer.BuyPriceAgeSeconds = num.Text(buy.Value), buy.AgeSeconds
	return nil
}

// Take is what units cost at the clock price, or how many a payment buys.
func (q queryServer) Take(ctx context.Context, r *types.QueryTakeRequest) (*types.QueryTakeResponse, error) {
	h, err := q.seen(ctx, r.LotId)
	if err != nil {
		return nil, err
	}
	out, in, err := types.TakeAmounts(r)
	if err != nil {
		return nil, err
	}
	at := max(r.At, now(ctx))
	take, err := h.Lot.CostToTake(out, at)
	if out.IsZero() {
		take, err = h.Lot.UnitsFor(in, at)
	}
	if err != nil {
		return nil, types.Map(err)
	}
	return &types.QueryTakeResponse{
		Time: take.Time, Price: num.Text(take.Price),
		Units: types.SellCoin(&h.Lot, take.Units), Payment: types.BuyCoin(&h.Lot, take.Payment),
	}, nil
}
