package keeper

import (
	"context"
	"errors"

	"cosmossdk.io/collections"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// list is all assets in the order of their index, at most types.MaxAssets.
func (k Keeper) list(ctx context.Context) ([]types.Asset, error) {
	var assets []types.Asset
	err := k.Assets.Walk(ctx, nil, func(_ uint16, a types.Asset) (bool, error) {
		assets = append(assets, a)
		return false, nil
	})
	return assets, err
}

// at is the asset at an index.
func (k Keeper) at(ctx context.Context, a asset.Index) (types.Asset, error) {
	found, err := k.Assets.Get(ctx, uint16(a))
	if errors.Is(err, collections.ErrNotFound) {
		return found, types.ErrUnknownAsset.Wrapf("expected the index of an asset, got %d", a)
	}
	return found, err
}

// find is the asset of a denom and its index.
func (k Keeper) find(ctx context.Context, denom string) (uint16, types.Asset, error) {
	i, err := k.Denoms.Get(ctx, denom)
	if errors.Is(err, collections.ErrNotFound) {
		return 0, types.Asset{}, types.ErrUnknownAsset.Wrapf("expected a registered denom, got %q", denom)
	}
	if err != nil {
		return 0, types.Asset{}, err
	}
	found, err := k.Assets.Get(ctx, i)
	return i, found, err
}

// add registers an asset at the next index, without a price.
func (k Keeper) add(ctx context.Context, a types.Asset, sources []types.Source, most uint32) (uint16, error) {
	assets, err := k.list(ctx)
	if err != nil {
		return 0, err
	}
	known, err := k.Denoms.Has(ctx, a.Denom)
	switch {
	case err != nil:
		return 0, err
	case known:
		return 0, types.ErrAssetExists.Wrapf("expected a new denom, got %s: update that asset instead", a.Denom)
	case len(assets) >= int(most):
		return 0, types.ErrTooMany.Wrapf("expected at most %d assets, got one more: raise max_assets", most)
	}
	i := uint16(len(assets)) //nolint:gosec // at most types.MaxAssets
	assets = append(assets, a)
	if err := types.CheckNames(assets); err != nil {
		return 0, err
	}
	if _, err := types.Universe(assets); err != nil {
		return 0, err
	}
	snapshot, err := k.Prices.Get(ctx)
	if err != nil {
		return 0, err
	}
	snapshot.Prices = append(snapshot.Prices, oracle.Price{})
	return i, errors.Join(
		k.Assets.Set(ctx, i, a),
		k.Denoms.Set(ctx, a.Denom, i),
		k.Sources.Set(ctx, i, types.SourceList{Sources: sources}),
		k.Prices.Set(ctx, snapshot),
	)
}

// update stores the changed description of an asset. One that is disabled forgets what it knew: should it come back,
// it may be worth something else.
func (k Keeper) update(ctx context.Context, i uint16, a types.Asset) error {
	if err := a.Validate(); err != nil {
		return err
	}
	assets, err := k.list(ctx)
	if err != nil {
		return err
	}
	assets[i] = a
	if err := types.CheckNames(assets); err != nil {
		return err
	}
	if a.Status == types.AssetDisabled {
		err = errors.Join(k.Reports.Remove(ctx, i), k.Histories.Remove(ctx, i), k.Clearings.Remove(ctx, i))
	}
	return errors.Join(err, k.Assets.Set(ctx, i, a))
}

// setSources replaces the sources of an asset and keeps the reports of those that stay.
func (k Keeper) setSources(ctx context.Context, i uint16, sources []types.Source) error {
	if err := types.CheckSources(sources); err != nil {
		return err
	}
	before, err := k.Sources.Get(ctx, i)
	if err != nil {
		return err
	}
	last, err := orZero(k.Reports.Get(ctx, i))
	if err != nil {
		return err
	}
	if kept := types.Kept(last, before.Sources, sources); len(kept) > 0 {
		err = k.Reports.Set(ctx, i, kept)
	} else {
		err = k.Reports.Remove(ctx, i)
	}
	return errors.Join(err, k.Sources.Set(ctx, i, types.SourceList{Sources: sources}))
}
