package keeper_test

import (
	"errors"
	"testing"

	"github.com/cosmos/cosmos-sdk/types/query"

	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/auction/types"
)

// exhibition is a house with a lot of every state.
func exhibition(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.fund(1, coin(usdc, 1_000_000_000), coin(atom, 1_000_000_000))
	h.openAll(5_000_000, 1, 2)
	h.bid(1, 1, 5_000_000, "11")
	h.bid(1, 2, 5_000_000, "11")
	for range 3 {
		h.block()
	}
	settleOne(h, 1)
	h.openAll(5_000_000, 3)
	for range 4 {
		h.block()
	}
	h.blockAfter(1000)
	h.block()
	h.openAll(5_000_000, 4)
	for range 4 {
		h.block()
	}
	h.openAll(5_000_000, 5)
	for _, limit := range []string{"9.7", "9.9", "9.8"} {
		h.bid(1, 5, 2_000_000, limit)
	}
	return h
}

func settleOne(h *house, id uint64) {
	h.tb.Helper()
	lot, found, err := h.k.Lot(h.ctx, id)
	h.must(err)
	if !found {
		h.tb.Fatal("expected a lot")
	}
	_, proceeds := lot.Result()
	h.must(h.bank.SendCoinsFromModuleToModule(h.ctx, types.ModuleName, "rebalance", coins(types.BuyCoin(&lot, proceeds))))
	h.must(h.k.Take(h.ctx, []uint64{id}))
}

func TestLots(t *testing.T) {
	t.Parallel()
	h := exhibition(t)
	for status, want := range map[types.LotStatus]uint64{
		types.LOT_STATUS_SETTLED: 1, types.LOT_STATUS_CLOSED: 2, types.LOT_STATUS_FROZEN: 3, types.LOT_STATUS_OPEN: 4,
		types.LOT_STATUS_OPENING: 5,
	} {
		r, err := h.query.Lots(h.ctx, &types.QueryLotsRequest{Status: status, SellDenom: atom, BuyDenom: usdc})
		h.must(err)
		if len(r.Lots) != 1 || r.Lots[0].Id != want || r.Lots[0].Status != status {
			t.Errorf("%v: got %v", status, r.Lots)
		}
		r, err = h.query.Lots(h.ctx, &types.QueryLotsRequest{Status: status, SellDenom: usdc})
		if err != nil || len(r.Lots) != 0 {
			t.Errorf("%v of another pair: got %v, %v", status, r, err)
		}
	}
	page := &query.PageRequest{Limit: 2}
	var seen []uint64
	for page != nil {
		r, err := h.query.Lots(h.ctx, &types.QueryLotsRequest{Pagination: page})
		h.must(err)
		for _, lot := range r.Lots {
			seen = append(seen, lot.Id)
		}
		if page = nil; len(r.Pagination.NextKey) > 0 {
			page = &query.PageRequest{Limit: 2, Key: r.Pagination.NextKey}
		}
	}
	if len(seen) != 5 || seen[4] != 5 {
		t.Errorf("got %v", seen)
	}
	if _, err := h.query.Lots(h.ctx, &types.QueryLotsRequest{Status: 99}); !errors.Is(err, types.ErrInvalid) {
		t.Errorf("got %v", err)
	}
	if _, err := h.query.Lot(h.ctx, &types.QueryLotRequest{LotId: 9}); !errors.Is(err, types.ErrUnknownLot) {
		t.Errorf("got %v", err)
	}
}

// TestLotMid: an open lot is shown against the oracle's mid, with what it may be off by; a closed one is not, nor one
// of a price that must not be used.
func TestLotMid(t *testing.T) {
	t.Parallel()
	h := exhibition(t)
	h.market.prices[0].Confidence, h.market.prices[1].Confidence = wad("0.02"), wad("0.005")
	mids := func(id uint64) [3]string {
		r, err := h.query.Lot(h.ctx, &types.QueryLotRequest{LotId: id})
		h.must(err)
		return [3]string{r.Mid, r.MidLow, r.MidHigh}
	}
	if got, want := mids(5), [3]string{"10", "9.75", "10.25"}; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := mids(2); got != [3]string{} {
		t.Errorf("a closed lot: got %q", got)
	}
	h.market.prices[1].Status = oracle.StatusTripped
	if got := mids(5); got != [3]string{} {
		t.Errorf("a stale price: got %q", got)
	}
	if h.lot(5).Id != 5 {
		t.Error("expected the lot all the same")
	}
}

func TestBookAndAccounts(t *testing.T) {
	t.Parallel()
	h := exhibition(t)
	book, err := h.query.Book(h.ctx, &types.QueryBookRequest{LotId: 5, Pagination: &query.PageRequest{Limit: 2}})
	h.must(err)
	if len(book.Bids) != 2 || book.Bids[0].Limit != "9.9" || book.Bids[1].Limit != "9.8" {
		t.Errorf("got %v", book.Bids)
	}
	rest, err := h.query.Book(h.ctx, &types.QueryBookRequest{
		LotId: 5, Pagination: &query.PageRequest{Key: book.Pagination.NextKey},
	})
	h.must(err)
	if len(rest.Bids) != 1 || rest.Bids[0].Limit != "9.7" || rest.Bids[0].Escrow.Amount.Int64() != 19_400_000 {
		t.Errorf("got %v", rest.Bids)
	}
	me := account(1).String()
	bids, err := h.query.Bids(h.ctx, &types.QueryBidsRequest{Bidder: me})
	h.must(err)
	fills, err := h.query.Fills(h.ctx, &types.QueryFillsRequest{Bidder: me})
	h.must(err)
	if len(bids.Bids) != 3 || len(fills.Fills) != 2 || fills.Fills[0].LotId != 1 || fills.Fills[0].Price != "11" {
		t.Errorf("got %v, %v", bids.Bids, fills.Fills)
	}
	_, err = h.msg.Sell(h.ctx, sellOf(1))
	h.must(err)
	for _, seller := range []string{"", me} {
		sales, err := h.query.Sales(h.ctx, &types.QuerySalesRequest{Seller: seller})
		h.must(err)
		if len(sales.Sales) != 1 || sales.Sales[0].Offered.Denom != atom || sales.Sales[0].BuyDenom != usdc {
			t.Errorf("got %v", sales.Sales)
		}
	}
	for name, err := range map[string]error{
		"book":   failure(h.query.Book(h.ctx, &types.QueryBookRequest{LotId: 9})),
		"bids":   failure(h.query.Bids(h.ctx, &types.QueryBidsRequest{Bidder: "x"})),
		"fills":  failure(h.query.Fills(h.ctx, &types.QueryFillsRequest{Bidder: "x"})),
		"claims": failure(h.query.Claims(h.ctx, &types.QueryClaimsRequest{Owner: "x"})),
		"sales":  failure(h.query.Sales(h.ctx, &types.QuerySalesRequest{Seller: "x"})),
	} {
		if err == nil {
			t.Errorf("%s: expected an error", name)
		}
	}
	params, err := h.query.Params(h.ctx, &types.QueryParamsRequest{})
	if err != nil || params.Paused || params.Params.MinBidValue != "10" {
		t.Errorf("got %v, %v", params, err)
	}
}

func failure[T any](_ T, err error) error { return err }

func TestQuoteAndTake(t *testing.T) {
	t.Parallel()
	h := exhibition(t)
	at := h.ctx.BlockTime().Unix() + 300
	take, err := h.query.Take(h.ctx, &types.QueryTakeRequest{LotId: 5, AmountOut: "2000000", At: at})
	h.must(err)
	quote, err := h.query.Quote(h.ctx, &types.QueryQuoteRequest{LotId: 5, AmountOut: "2000000", At: at})
	h.must(err)
	if quote.Limit != take.Price || quote.SellPrice != "10" || quote.SellPriceAgeSeconds != 3 || quote.BuyPrice != "1" {
		t.Errorf("got %v and %v", quote, take)
	}
	in, err := h.query.Take(h.ctx, &types.QueryTakeRequest{LotId: 5, AmountIn: take.Payment.Amount.String(), At: at})
	if err != nil || !same(in.Units, take.Units) {
		t.Errorf("got %v, %v", in, err)
	}
	for _, q := range []*types.QueryQuoteRequest{
		{LotId: 9, AmountOut: "1"},
		{LotId: 5},
		{LotId: 5, AmountOut: "x"},
		{LotId: 5, AmountOut: "1", Limit: "x"},
		{LotId: 5, AmountOut: "1", Limit: "9"},
		{LotId: 5, AmountOut: "1", MinFill: "2"},
		{LotId: 2, AmountOut: "1"},
		{LotId: 3, AmountOut: "1"},
		{LotId: 3, AmountOut: "1", Limit: "10"},
		{LotId: 5, AmountOut: "1", At: at * 2},
	} {
		if answer, err := h.query.Quote(h.ctx, q); err == nil {
			t.Errorf("%v: got %v", q, answer)
		}
	}
	for _, q := range []*types.QueryTakeRequest{
		{LotId: 9, AmountOut: "1"},
		{LotId: 5},
		{LotId: 5, AmountOut: "x"},
		{LotId: 5, AmountIn: "x"},
		{LotId: 3, AmountOut: "1"},
		{LotId: 3, AmountIn: "1"},
	} {
		if answer, err := h.query.Take(h.ctx, q); err == nil {
			t.Errorf("%v: got %v", q, answer)
		}
	}
}
