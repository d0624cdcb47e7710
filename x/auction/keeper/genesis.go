package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/x/auction/types"
)

// InitGenesis stores a state. The indices are made anew.
func (k Keeper) InitGenesis(ctx context.Context, g *types.GenesisState) error {
	if err := g.Validate(); err != nil {
		return err
	}
	if err := k.initItems(ctx, g); err != nil {
		return err
	}
	for i := range g.Lots {
		if err := k.initLot(ctx, &g.Lots[i]); err != nil {
			return err
		}
	}
	for i := range g.Bids {
		if err := k.initBid(ctx, &g.Bids[i]); err != nil {
			return err
		}
	}
	return errors.Join(k.initFills(ctx, g.Fills), k.initClaims(ctx, g.Claims), k.initSales(ctx, g.Sales))
}

// initItems stores what there is one of. What is zero is not stored, as in a running chain.
func (k Keeper) initItems(ctx context.Context, g *types.GenesisState) error {
	err := errors.Join(
		k.Params.Set(ctx, g.Params), k.ClaimID.Set(ctx, g.NextClaimId), k.SaleID.Set(ctx, g.NextSaleId),
	)
	if g.Paused {
		err = errors.Join(err, k.Paused.Set(ctx, true))
	}
	if g.LastBlockTime != 0 {
		err = errors.Join(err, k.LastBlock.Set(ctx, g.LastBlockTime))
	}
	if g.Cursor != 0 {
		err = errors.Join(err, k.Cursor.Set(ctx, g.Cursor))
	}
	return err
}

func (k Keeper) initLot(ctx context.Context, l *types.GenesisLot) error {
	h, err := types.HallCodec.Decode(l.State)
	if err != nil {
		return err
	}
	err = errors.Join(k.Halls.Set(ctx, l.Id, h), k.Books.Set(ctx, l.Id, types.Book{Next: l.NextBidId}))
	switch {
	case err != nil:
		return err
	case h.SettledTime != 0:
		return k.Done.Set(ctx, collections.Join(h.SettledTime, l.Id))
	case h.Lot.Status == auction.Closed:
		return errors.Join(k.Over.Set(ctx, l.Id), k.Drains.Set(ctx, l.Id))
	case h.Lot.Clock.Frozen:
		return k.Froze.Set(ctx, l.Id)
	}
	return k.Live.Set(ctx, l.Id)
}

func (k Keeper) initBid(ctx context.Context, b *types.GenesisBid) error {
	r, err := types.RestingCodec.Decode(b.State)
	if err != nil {
		return err
	}
	h, err := k.hall(ctx, b.LotId)
	if err != nil {
		return err
	}
	state, err := k.Books.Get(ctx, b.LotId)
	if err != nil {
		return err
	}
	state.Bids++
	if h.SettledTime != 0 { // others were marked with their lot
		err = k.Drains.Set(ctx, b.LotId)
	}
	return errors.Join(err, k.Books.Set(ctx, b.LotId, state), k.insert(ctx, b.LotId, &r))
}

func (k Keeper) initFills(ctx context.Context, fills []types.GenesisFill) error {
	for i := range fills {
		f := &fills[i]
		filled, err := types.FilledCodec.Decode(f.State)
		if err != nil {
			return err
		}
		bidder, err := sdk.AccAddressFromBech32(f.Bidder)
		if err != nil {
			return err
		}
		if err := errors.Join(
			k.Fills.Set(ctx, collections.Join3(bidder, f.LotId, f.BidId), filled),
			k.Buyers.Set(ctx, collections.Join(f.LotId, f.BidId), bidder),
		); err != nil {
			return err
		}
	}
	return nil
}

func (k Keeper) initClaims(ctx context.Context, claims []types.Claim) error {
	for i := range claims {
		c := &claims[i]
		owner, err := sdk.AccAddressFromBech32(c.Owner)
		if err != nil {
			return err
		}
		owed, err := types.FromClaim(c)
		if err != nil {
			return err
		}
		if err := k.Claims.Set(ctx, collections.Join(owner, c.Id), owed); err != nil {
			return err
		}
		if owed.Failed {
			continue
		}
		if err := k.Queue.Set(ctx, c.Id, owner); err != nil {
			return err
		}
	}
	return nil
}

func (k Keeper) initSales(ctx context.Context, sales []types.GenesisSale) error {
	for i := range sales {
		s, err := types.SellingCodec.Decode(sales[i].State)
		if err != nil {
			return err
		}
		if err := errors.Join(
			k.Selling.Set(ctx, s.Sale.ID, s),
			k.Sellers.Set(ctx, collections.Join(sdk.AccAddress(s.Seller), s.Sale.ID)),
		); err != nil {
			return err
		}
	}
	return nil
}

// ExportGenesis reads the whole state.
func (k Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	g := &types.GenesisState{}
	var err error
	if g.Params, err = k.Params.Get(ctx); err != nil {
		return nil, err
	}
	if g.Paused, err = k.paused(ctx); err != nil {
		return nil, err
	}
	if g.LastBlockTime, err = k.lastBlock(ctx); err != nil {
		return nil, err
	}
	if g.Cursor, err = k.Cursor.Get(ctx); err != nil && !errors.Is(err, collections.ErrNotFound) {
		return nil, err
	}
	if g.NextClaimId, err = k.ClaimID.Peek(ctx); err != nil {
		return nil, err
	}
	if g.NextSaleId, err = k.SaleID.Peek(ctx); err != nil {
		return nil, err
	}
	return g, errors.Join(k.exportLots(ctx, g), k.exportBids(ctx, g), k.exportFills(ctx, g), k.exportClaims(ctx, g),
		k.exportSales(ctx, g))
}

func (k Keeper) exportLots(ctx context.Context, g *types.GenesisState) error {
	return k.Halls.Walk(ctx, nil, func(id uint64, h types.Hall) (bool, error) {
		state, err := types.HallCodec.Encode(h)
		if err != nil {
			return true, err
		}
		book, err := k.Books.Get(ctx, id)
		g.Lots = append(g.Lots, types.GenesisLot{Id: id, State: state, NextBidId: book.Next})
		return err != nil, err
	})
}

func (k Keeper) exportBids(ctx context.Context, g *types.GenesisState) error {
	return k.Bids.Walk(ctx, nil, func(key bookKey, r types.Resting) (bool, error) {
		state, err := types.RestingCodec.Encode(r)
		g.Bids = append(g.Bids, types.GenesisBid{
			LotId: key.K1(), Id: key.K3(), Bidder: r.Address().String(), State: state,
		})
		return err != nil, err
	})
}

func (k Keeper) exportFills(ctx context.Context, g *types.GenesisState) error {
	return k.Fills.Walk(ctx, nil, func(key ownerKey, f types.Filled) (bool, error) {
		state, err := types.FilledCodec.Encode(f)
		g.Fills = append(g.Fills, types.GenesisFill{
			LotId: key.K2(), BidId: key.K3(), Bidder: key.K1().String(), State: state,
		})
		return err != nil, err
	})
}

func (k Keeper) exportClaims(ctx context.Context, g *types.GenesisState) error {
	return k.Claims.Walk(ctx, nil, func(key claimKey, o types.Owed) (bool, error) {
		g.Claims = append(g.Claims, types.ToClaim(key.K2(), key.K1(), &o))
		return false, nil
	})
}

func (k Keeper) exportSales(ctx context.Context, g *types.GenesisState) error {
	return k.Selling.Walk(ctx, nil, func(id uint64, s types.Selling) (bool, error) {
		state, err := types.SellingCodec.Encode(s)
		g.Sales = append(g.Sales, types.GenesisSale{Id: id, Seller: sdk.AccAddress(s.Seller).String(), State: state})
		return err != nil, err
	})
}
