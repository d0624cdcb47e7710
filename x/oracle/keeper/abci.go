package keeper

import (
	"context"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/internal/isolate"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// pruneLimit is how many old points of an asset one new point removes at most: one as a rule, more only after the
// params have shortened the history.
const pruneLimit = 4

// BeginBlock makes one price of what was reported on each asset in the blocks before, and publishes all of them. There
// are at most types.MaxAssets, each with at most oracle.MaxSources sources. An asset that fails is shown without a
// quorum and stops nobody.
func (k Keeper) BeginBlock(ctx context.Context) error {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	terms, err := params.Terms()
	if err != nil {
		return err
	}
	assets, err := k.list(ctx)
	if err != nil {
		return err
	}
	before, err := k.Prices.Get(ctx)
	if err != nil {
		return err
	}
	now := sdk.UnwrapSDKContext(ctx).BlockTime().Unix()
	after := oracle.Snapshot{Time: now, Prices: make([]oracle.Price, len(assets))}
	n := &news{due: terms.Events.Due(before.Time, now), sources: make([][]types.SourceReport, len(assets))}
	var ws oracle.Workspace
	for i := range assets {
		if assets[i].Status == types.AssetDisabled {
			continue
		}
		a := uint16(i)
		err := isolate.Run(ctx, func(ctx context.Context) (err error) {
			var found aggregated
			after.Prices[i], found, err = k.observe(ctx, &ws, &terms, a)
			if err == nil && n.tells(before.Prices[i], after.Prices[i]) {
				n.sources[i] = types.SourceReports(found.sources, found.reports, ws.Findings(), now)
			}
			return err
		})
		if err != nil {
			emit(ctx, &types.EventAssetFailed{Denom: assets[i].Denom, Reason: err.Error()})
			after.Prices[i] = before.Prices[i].Lost(now - before.Time)
		}
	}
	if err := k.Prices.Set(ctx, after); err != nil {
		return err
	}
	n.announce(ctx, assets, before, after)
	if !terms.Points.Due(before.Time, now) {
		return nil
	}
	return k.remember(ctx, after, terms.Points.Oldest(now, int(params.MaxPoints)))
}

// observe makes the price of one asset.
func (k Keeper) observe(
	ctx context.Context, ws *oracle.Workspace, terms *types.Terms, a uint16,
) (oracle.Price, aggregated, error) {
	now := sdk.UnwrapSDKContext(ctx).BlockTime().Unix()
	history, aggregation, err := k.aggregate(ctx, ws, terms, a)
	if err != nil {
		return oracle.Price{}, aggregation, err
	}
	price, err := history.Observe(&terms.History, now, &aggregation.Aggregation)
	if err != nil {
		return oracle.Price{}, aggregation, err
	}
	return price, aggregation, k.Histories.Set(ctx, a, history)
}

// aggregated is what the reports on an asset say, and the reports.
type aggregated struct {
	oracle.Aggregation

	sources []types.Source
	reports []oracle.Report
}

// aggregate asks the engine what the reports on an asset say now, and returns its history with it.
func (k Keeper) aggregate(
	ctx context.Context, ws *oracle.Workspace, terms *types.Terms, a uint16,
) (history oracle.History, found aggregated, err error) {
	if history, err = orZero(k.Histories.Get(ctx, a)); err != nil {
		return history, found, err
	}
	list, err := k.Sources.Get(ctx, a)
	if err != nil {
		return history, found, err
	}
	last, err := orZero(k.Reports.Get(ctx, a))
	if err != nil {
		return history, found, err
	}
	clearings, err := orZero(k.Clearings.Get(ctx, a))
	if err != nil {
		return history, found, err
	}
	found.sources = list.Sources
	found.reports = types.Gather(list.Sources, last, &clearings)
	now := sdk.UnwrapSDKContext(ctx).BlockTime().Unix()
	found.Aggregation, err = oracle.Aggregate(ws, &terms.Aggregate, found.reports, now, history.Sigma(&terms.History))
	return history, found, err
}

// news is what a block tells of prices: those whose status has changed and, once in a while, all others.
type news struct {
	due     bool                   // all of them
	sources [][]types.SourceReport // of the prices that are told, by asset
}

func (n *news) tells(before, after oracle.Price) bool { return n.due || before.Status != after.Status }

func (n *news) announce(ctx context.Context, assets []types.Asset, before, after oracle.Snapshot) {
	for i := range assets {
		was, is := before.Prices[i].Status, after.Prices[i].Status
		if was != is {
			emit(ctx, &types.EventStatusChanged{Denom: assets[i].Denom, Before: was.String(), After: is.String()})
		}
		if was != is || n.due && assets[i].Status != types.AssetDisabled {
			emit(ctx, types.PriceUpdated(&assets[i], &after.Prices[i], n.sources[i]))
		}
	}
}

// remember adds a point to the price history of every asset and removes those from before oldest, also those of
// assets that are disabled and get no new ones.
func (k Keeper) remember(ctx context.Context, s oracle.Snapshot, oldest int64) error {
	for i := range s.Prices {
		a := uint16(i)
		if s.Prices[i].Status != oracle.StatusUnspecified {
			if err := k.Points.Set(ctx, collections.Join(a, s.Time), s.Prices[i]); err != nil {
				return err
			}
		}
		if err := k.prune(ctx, a, oldest); err != nil {
			return err
		}
	}
	return nil
}

// prune removes the points of an asset from before oldest, at most pruneLimit of them.
func (k Keeper) prune(ctx context.Context, a uint16, oldest int64) error {
	var old []collections.Pair[uint16, int64]
	r := collections.NewPrefixedPairRange[uint16, int64](a).EndExclusive(oldest)
	err := k.Points.Walk(ctx, r, func(key collections.Pair[uint16, int64], _ oracle.Price) (bool, error) {
		old = append(old, key)
		return len(old) == pruneLimit, nil
	})
	if err != nil {
		return err
	}
	for _, key := range old {
		if err := k.Points.Remove(ctx, key); err != nil {
			return err
		}
	}
	return nil
}
