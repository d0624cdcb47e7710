package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"

	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// InitGenesis stores a genesis, or says what is wrong with it.
func (k Keeper) InitGenesis(ctx context.Context, g *types.GenesisState) error {
	if err := g.Validate(); err != nil {
		return err
	}
	if err := k.Params.Set(ctx, g.Params); err != nil {
		return err
	}
	for i := range g.Assets {
		if err := k.initAsset(ctx, uint16(i), &g.Assets[i]); err != nil {
			return err
		}
	}
	snapshot, err := types.DecodeSnapshot(g.Snapshot, len(g.Assets))
	if err != nil {
		return err
	}
	if err := k.Prices.Set(ctx, snapshot); err != nil {
		return err
	}
	for i := range g.Points {
		p := &g.Points[i]
		price, err := types.PriceCodec().Decode(p.Price)
		if err != nil {
			return err
		}
		key := collections.Join(uint16(p.Asset), p.TimeSeconds) //nolint:gosec // validated: one of the assets
		if err := k.Points.Set(ctx, key, price); err != nil {
			return err
		}
	}
	return nil
}

// initAsset stores an asset and what is remembered of it.
func (k Keeper) initAsset(ctx context.Context, i uint16, stored *types.StoredAsset) error {
	decoded, err := stored.Decode()
	if err != nil {
		return err
	}
	err = errors.Join(
		k.Assets.Set(ctx, i, stored.Asset),
		k.Denoms.Set(ctx, stored.Asset.Denom, i),
		k.Sources.Set(ctx, i, types.SourceList{Sources: stored.Sources}),
	)
	if len(stored.Reports) > 0 {
		err = errors.Join(err, k.Reports.Set(ctx, i, decoded.Reports))
	}
	if len(stored.History) > 0 {
		err = errors.Join(err, k.Histories.Set(ctx, i, decoded.History))
	}
	if len(stored.Clearings) > 0 {
		err = errors.Join(err, k.Clearings.Set(ctx, i, decoded.Clearings))
	}
	return err
}

// ExportGenesis returns all that the module stores: a chain that starts from it goes on as this one does.
func (k Keeper) ExportGenesis(ctx context.Context) (*types.GenesisState, error) {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return nil, err
	}
	g := &types.GenesisState{Params: params}
	assets, err := k.list(ctx)
	if err != nil {
		return nil, err
	}
	for i := range assets {
		stored, err := k.exportAsset(ctx, uint16(i), assets[i])
		if err != nil {
			return nil, err
		}
		g.Assets = append(g.Assets, stored)
	}
	snapshot, err := k.Prices.Get(ctx)
	if err != nil {
		return nil, err
	}
	if g.Snapshot, err = types.SnapshotCodec().Encode(snapshot); err != nil {
		return nil, err
	}
	prices := types.PriceCodec()
	err = k.Points.Walk(ctx, nil, func(key collections.Pair[uint16, int64], p oracle.Price) (bool, error) {
		b, err := prices.Encode(p)
		g.Points = append(g.Points, types.StoredPoint{Asset: uint32(key.K1()), TimeSeconds: key.K2(), Price: b})
		return false, err
	})
	return g, err
}

// exportAsset returns an asset and what is remembered of it.
func (k Keeper) exportAsset(ctx context.Context, i uint16, a types.Asset) (types.StoredAsset, error) {
	stored := types.StoredAsset{Asset: a}
	list, err := k.Sources.Get(ctx, i)
	if err != nil {
		return stored, err
	}
	stored.Sources = list.Sources
	if stored.Reports, err = encoded(ctx, k.Reports, i, types.ReportsCodec().Encode); err != nil {
		return stored, err
	}
	if stored.History, err = encoded(ctx, k.Histories, i, types.HistoryCodec().Encode); err != nil {
		return stored, err
	}
	stored.Clearings, err = encoded(ctx, k.Clearings, i, types.ClearingsCodec().Encode)
	return stored, err
}

// encoded is a value of a collection as it is stored, or nothing when there is none.
func encoded[T any](
	ctx context.Context, from collections.Map[uint16, T], i uint16, encode func(T) ([]byte, error),
) ([]byte, error) {
	value, err := from.Get(ctx, i)
	if errors.Is(err, collections.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return encode(value)
}
