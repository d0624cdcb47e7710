package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/auction/types"
	"github.com/ballast-finance/ballast/x/internal/num"
)

// salesMost is how many sales an account may have, whatever the params say.
const salesMost = 16

// salesOf reads the sales of a seller.
func (k Keeper) salesOf(ctx context.Context, seller sdk.AccAddress) ([]types.Selling, error) {
	keys, err := firstKeys(ctx, k.Sellers, collections.NewPrefixedPairRange[sdk.AccAddress, uint64](seller), salesMost)
	if err != nil {
		return nil, err
	}
	list := make([]types.Selling, 0, len(keys))
	for _, key := range keys {
		s, err := k.Selling.Get(ctx, key.K2())
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// sell queues a sale for the next round and takes its units into escrow.
func (k Keeper) sell(
	ctx context.Context, seller sdk.AccAddress, offer sdk.Coin, buyDenom string, limit fixed.Wad,
) (types.Sale, error) {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return types.Sale{}, err
	}
	universe, err := k.Oracle.Universe(ctx)
	if err != nil {
		return types.Sale{}, err
	}
	s, err := k.sale(ctx, universe, &params, offer, buyDenom)
	if err != nil {
		return types.Sale{}, err
	}
	s.Limit = limit
	others, err := k.salesOf(ctx, seller)
	if err != nil {
		return types.Sale{}, err
	}
	if len(others) >= int(params.MaxSalesPerAccount) {
		return types.Sale{}, types.ErrTooMany.Wrapf("expected fewer than %d sales of an account: cancel one first",
			params.MaxSalesPerAccount)
	}
	if s.ID, err = k.SaleID.Next(ctx); err != nil {
		return types.Sale{}, err
	}
	if err := k.Bank.SendCoinsFromAccountToModule(ctx, seller, types.ModuleName, sdk.Coins{offer}); err != nil {
		return types.Sale{}, err
	}
	selling := types.Selling{Sale: s, Seller: string(seller)}
	if err := errors.Join(
		k.Selling.Set(ctx, s.ID, selling), k.Sellers.Set(ctx, collections.Join(seller, s.ID)),
	); err != nil {
		return types.Sale{}, err
	}
	shown := types.ToSale(universe, &selling)
	return shown, emit(ctx, &types.EventSalePlaced{Sale: shown})
}

// sale is the sale of an offer, large enough and of two listed denoms.
func (k Keeper) sale(
	ctx context.Context, u asset.Universe, params *types.Params, offer sdk.Coin, buyDenom string,
) (cycle.Sale, error) {
	units, err := num.Amount(offer.Amount)
	if err != nil {
		return cycle.Sale{}, types.ErrOverflow.Wrapf("offer: %v", err)
	}
	s := cycle.Sale{Units: units}
	if s.Sell, err = u.Find(asset.ID(offer.Denom)); err != nil {
		return s, types.ErrUnknownDenom.Wrapf("offer: expected a listed denom, got %q", offer.Denom)
	}
	if s.Buy, err = u.Find(asset.ID(buyDenom)); err != nil || s.Buy == s.Sell {
		return s, types.ErrUnknownDenom.Wrapf("buy_denom: expected a listed denom other than %q, got %q",
			offer.Denom, buyDenom)
	}
	if tradable, err := k.Oracle.Tradable(ctx, s.Buy); err != nil || !tradable {
		return s, orElse(err, types.ErrWindDown.Wrapf("buy_denom: expected an active asset, %q is not: sell for another",
			buyDenom))
	}
	least, err := params.LeastSale()
	if err != nil {
		return s, err
	}
	snapshot, err := k.Oracle.Snapshot(ctx)
	if err != nil {
		return s, err
	}
	worth := auction.Bid{Quantity: units}
	if err := worth.CheckValue(priceOf(snapshot.Prices, s.Sell).Value, u.At(s.Sell).Exponent, least); err != nil {
		return s, types.ErrSmall.Wrap(err.Error())
	}
	return s, nil
}

// cancelSale takes a sale back that is not in the market.
func (k Keeper) cancelSale(ctx context.Context, seller sdk.AccAddress, id uint64) error {
	s, err := k.Selling.Get(ctx, id)
	if errors.Is(err, collections.ErrNotFound) || err == nil && s.Seller != string(seller) {
		return types.ErrUnknownSale.Wrapf("expected a sale of %s, got %d", seller, id)
	}
	if err != nil {
		return err
	}
	if s.Sale.Placed {
		return types.ErrInMarket.Wrapf("sale %d is settled with its round: wait for that", id)
	}
	universe, err := k.Oracle.Universe(ctx)
	if err != nil {
		return err
	}
	coin := types.Amount{Denom: string(universe.At(s.Sale.Sell).ID), Units: s.Sale.Units}
	if err := errors.Join(
		k.dropSale(ctx, &s), k.oweOne(ctx, seller, types.CLAIM_REASON_CANCEL, id, coin),
	); err != nil {
		return err
	}
	return emit(ctx, &types.EventSaleCancelled{SaleId: id, Seller: seller.String()})
}

func (k Keeper) dropSale(ctx context.Context, s *types.Selling) error {
	return errors.Join(
		k.Selling.Remove(ctx, s.Sale.ID),
		k.Sellers.Remove(ctx, collections.Join(sdk.AccAddress(s.Seller), s.Sale.ID)),
	)
}

// Sales is a page of the sales by ascending id, those above after; last says that there are no more.
func (k Keeper) Sales(ctx context.Context, after uint64, limit int) (page []cycle.Sale, last bool, err error) {
	list, err := first(ctx, k.Selling, new(collections.Range[uint64]).StartExclusive(after), limit+1)
	if err != nil {
		return nil, false, err
	}
	last = len(list) <= limit
	for _, s := range list[:min(len(list), limit)] {
		page = append(page, s.Value.Sale)
	}
	return page, last, nil
}

// SaveSales stores sales after a step of the round. Those with a fill are over: their sellers are owed what they
// brought and what they did not sell, both of which lie in the module's account already.
func (k Keeper) SaveSales(ctx context.Context, page []cycle.Sale, fills []cycle.SaleFill) error {
	for _, sale := range page {
		s, err := k.Selling.Get(ctx, sale.ID)
		if err != nil {
			return err
		}
		s.Sale = sale
		if err := k.Selling.Set(ctx, sale.ID, s); err != nil {
			return err
		}
	}
	if len(fills) == 0 {
		return nil
	}
	universe, err := k.Oracle.Universe(ctx)
	if err != nil {
		return err
	}
	for i := range fills {
		if err := k.settleSale(ctx, universe, &fills[i]); err != nil {
			return err
		}
	}
	return nil
}

func (k Keeper) settleSale(ctx context.Context, u asset.Universe, f *cycle.SaleFill) error {
	s, err := k.Selling.Get(ctx, f.Sale)
	if err != nil {
		return err
	}
	sell, buy := string(u.At(f.Sell).ID), string(u.At(f.Buy).ID)
	owed := types.Owed{Reason: int32(types.CLAIM_REASON_SALE), Origin: f.Sale}
	owed.Add(sell, f.Refund)
	owed.Add(buy, f.Bought)
	seller := sdk.AccAddress(s.Seller)
	if err := errors.Join(k.dropSale(ctx, &s), k.owe(ctx, seller, owed)); err != nil {
		return err
	}
	return emit(ctx, &types.EventSaleSettled{
		SaleId: f.Sale, Seller: seller.String(), Sold: num.Coin(sell, f.Sold), Proceeds: num.Coin(buy, f.Bought),
		Returned: num.Coin(sell, f.Refund),
	})
}
