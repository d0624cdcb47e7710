package keeper

import (
	"context"
	"fmt"

	"cosmossdk.io/collections"

	"github.com/ballast-finance/ballast/x/oracle/types"
)

// Invariants is all that is wrong with what the module stores: nothing, or there is a defect.
//
//   - What is stored is a valid genesis: every value decodes, every report belongs to a source, disabled assets
//     remember nothing, there is one price for each asset.
//   - Indices have no gaps, and denoms lead to them and back.
//   - Nothing is remembered of an asset that does not exist.
func (k Keeper) Invariants(ctx context.Context) []error {
	assets, err := k.list(ctx)
	if err != nil {
		return []error{err}
	}
	broken := k.indices(ctx, assets)
	if len(broken) > 0 { // what follows asks for each asset by its index
		return broken
	}
	for _, err := range []error{
		belongs(ctx, k.Sources, len(assets)), belongs(ctx, k.Reports, len(assets)),
		belongs(ctx, k.Histories, len(assets)), belongs(ctx, k.Clearings, len(assets)),
	} {
		if err != nil {
			broken = append(broken, err)
		}
	}
	g, err := k.ExportGenesis(ctx)
	if err == nil {
		err = g.Validate()
	}
	if err != nil {
		broken = append(broken, err)
	}
	return broken
}

// indices checks that the assets stand at 0, 1, 2, ..., and that denoms lead to them and to nothing else.
func (k Keeper) indices(ctx context.Context, assets []types.Asset) (broken []error) {
	next := 0
	err := k.Assets.Walk(ctx, nil, func(i uint16, a types.Asset) (bool, error) {
		if int(i) != next {
			broken = append(broken, fmt.Errorf("assets: expected index %d, got %d", next, i))
		}
		if at, err := k.Denoms.Get(ctx, a.Denom); err != nil || at != i {
			broken = append(broken, fmt.Errorf("denoms: %s: expected %d, got %d (%w)", a.Denom, i, at, err))
		}
		next++
		return false, nil
	})
	if err != nil {
		broken = append(broken, err)
	}
	count := 0
	err = k.Denoms.Walk(ctx, nil, func(string, uint16) (bool, error) {
		count++
		return false, nil
	})
	if err != nil || count != len(assets) {
		broken = append(broken, fmt.Errorf("denoms: expected %d, got %d (%w)", len(assets), count, err))
	}
	return broken
}

// belongs checks that the keys of a collection are indices of assets and that its values decode.
func belongs[T any](ctx context.Context, m collections.Map[uint16, T], assets int) error {
	return m.Walk(ctx, nil, func(i uint16, _ T) (bool, error) {
		if int(i) >= assets {
			return true, fmt.Errorf("%s: expected one of %d assets, got %d", m.GetName(), assets, i)
		}
		return false, nil
	})
}
