package keeper

import (
	"context"
	"fmt"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/x/oracle/types"
)

// change is the last reports on one asset after a message.
type change struct {
	asset   uint16
	reports []types.LastReport // none: nothing changes
}

// take finds out what a report changes and stores nothing yet. A report on a disabled asset changes nothing: it must
// not stop those that come with it.
func (k Keeper) take(ctx context.Context, reporter string, r *types.Report, aheadSeconds int64) (change, error) {
	price, err := fixed.Parse(r.Price)
	if err != nil {
		return change{}, types.ErrPrice.Wrapf("%s: expected a decimal such as 4.21, got %q: %v", r.Denom, r.Price, err)
	}
	i, a, err := k.find(ctx, r.Denom)
	if err != nil || a.Status == types.AssetDisabled {
		return change{}, err
	}
	list, err := k.Sources.Get(ctx, i)
	if err != nil {
		return change{}, err
	}
	source, found := types.ReporterOf(list.Sources, reporter)
	if !found {
		return change{}, types.ErrReporter.Wrapf("%s: expected the reporter of a source of it, got %s", r.Denom, reporter)
	}
	reports, err := orZero(k.Reports.Get(ctx, i))
	if err != nil {
		return change{}, err
	}
	last, _ := types.LastOf(reports, source.Id)
	now := sdk.UnwrapSDKContext(ctx).BlockTime().Unix()
	said := oracle.Report{Source: source.Engine(), Price: price, Time: r.TimeSeconds}
	if err := said.Accept(last.Time, now, aheadSeconds); err != nil {
		return change{}, types.Wrap(fmt.Errorf("%s: %w", r.Denom, err))
	}
	return change{i, types.Put(reports, types.LastReport{Source: source.Id, Price: price, Time: r.TimeSeconds})}, nil
}
