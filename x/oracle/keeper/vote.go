package keeper

import (
	"context"
	"slices"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// Polled lists the assets that the validators are asked for, in ascending order: those that are not disabled and have a
// source of class vote without a reporter.
func (k Keeper) Polled(ctx context.Context) ([]types.Polled, error) {
	assets, err := k.list(ctx)
	if err != nil {
		return nil, err
	}
	var polled []types.Polled
	for i := range assets {
		if assets[i].Status == types.AssetDisabled {
			continue
		}
		list, err := k.Sources.Get(ctx, uint16(i))
		if err != nil {
			return nil, err
		}
		if votersOf(list.Sources) >= 0 {
			polled = append(polled, types.Polled{Asset: uint16(i), Denom: assets[i].Denom})
		}
	}
	return polled, nil
}

// votersOf is the place of the source that is the validators, or -1.
func votersOf(sources []types.Source) int {
	return slices.IndexFunc(sources, func(s types.Source) bool { return s.ByValidators() })
}

// TakeMedians takes the medians of the validators' votes in, as the last reports of their sources. The time of a block
// is the median of the times at which the votes for the block before were signed, so that it is theirs. The block that
// they come with aggregates them: nobody could trade between the votes and this moment. The polled assets are those of
// Polled in the same block.
func (k Keeper) TakeMedians(ctx context.Context, medians []types.Opinion) error {
	now := sdk.UnwrapSDKContext(ctx).BlockTime().Unix()
	for _, m := range medians {
		source, err := k.voters(ctx, m.Asset)
		if err != nil {
			return err
		}
		reports, err := orZero(k.Reports.Get(ctx, m.Asset))
		if err != nil {
			return err
		}
		last, _ := types.LastOf(reports, source.Id)
		said := oracle.Report{Source: source.Engine(), Price: m.Price, Time: now}
		if err := said.Accept(last.Time, now, 0); err != nil {
			return types.Wrap(err)
		}
		reports = types.Put(reports, types.LastReport{Source: source.Id, Price: m.Price, Time: now})
		if err := k.Reports.Set(ctx, m.Asset, reports); err != nil {
			return err
		}
	}
	return nil
}

// voters is the source of an asset that is the validators. A disabled asset, which remembers nothing, has none.
func (k Keeper) voters(ctx context.Context, i uint16) (*types.Source, error) {
	a, err := k.at(ctx, asset.Index(i))
	if err != nil {
		return nil, err
	}
	if a.Status == types.AssetDisabled {
		return nil, types.ErrSource.Wrapf("asset %d: expected one that is polled, got one that is disabled", i)
	}
	list, err := k.Sources.Get(ctx, i)
	if err != nil {
		return nil, err
	}
	at := votersOf(list.Sources)
	if at < 0 {
		return nil, types.ErrSource.Wrapf("asset %d: expected a source of class vote without a reporter", i)
	}
	return &list.Sources[at], nil
}

// AnnounceMedians writes the event about a block's votes when one of them was invalid, and else once in a while.
func (k Keeper) AnnounceMedians(ctx context.Context, event *types.EventMediansTaken) error {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	before, err := k.Prices.Get(ctx)
	if err != nil {
		return err
	}
	now := sdk.UnwrapSDKContext(ctx).BlockTime().Unix()
	if event.Invalid > 0 || oracle.Rhythm(params.EventSeconds).Due(before.Time, now) {
		emit(ctx, event)
	}
	return nil
}
