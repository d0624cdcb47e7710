package unit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cosmos/cosmos-sdk/types/query"
	"github.com/cosmos/gogoproto/grpc"

	"github.com/ballast-finance/ballast/app/base"
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/policy/form"
	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

// ErrAsset says that an asset is not one of the chain, or not under this name.
var ErrAsset = errors.New("unknown asset")

// Assets are those that have a price on the chain, by index.
type Assets []oracletypes.Asset

// pageSize is how many assets one question brings.
const pageSize = 100

// Read asks the chain for its assets, page by page.
func Read(ctx context.Context, conn grpc.ClientConn) (Assets, error) {
	q := oracletypes.NewQueryClient(conn)
	var list Assets
	page := &query.PageRequest{Limit: pageSize}
	for len(list) < asset.MaxAssets {
		r, err := q.Assets(ctx, &oracletypes.QueryAssetsRequest{Pagination: page})
		if err != nil {
			return nil, fmt.Errorf("the assets of the chain: %w", err)
		}
		for i := range r.Assets {
			if int(r.Assets[i].Index) != len(list) {
				return nil, fmt.Errorf("the assets of the chain: expected index %d, got %d", len(list), r.Assets[i].Index)
			}
			list = append(list, r.Assets[i].Asset)
		}
		if r.Pagination == nil || len(r.Pagination.NextKey) == 0 {
			break
		}
		page = &query.PageRequest{Key: r.Pagination.NextKey, Limit: pageSize}
	}
	return list, nil
}

// native is what fees are paid in. It has no price, but it has a display unit.
func native() oracletypes.Asset {
	return oracletypes.Asset{
		Denom: base.BondDenom, Display: strings.ToUpper(base.BondDenom[1:]), Exponent: base.BondExponent,
		Status: oracletypes.AssetActive,
	}
}

// Find finds an asset by its denom or by its display name. Where one name is the denom of one asset and the display
// name of another nobody knows which is meant: ErrAsset, as for an unknown name.
func (list Assets) Find(name string) (oracletypes.Asset, error) {
	all := append(slices.Clone(list), native())
	var found []oracletypes.Asset
	for _, a := range all {
		known := slices.ContainsFunc(found, func(x oracletypes.Asset) bool { return x.Denom == a.Denom })
		if !known && (a.Denom == name || a.Display == name && a.Status != oracletypes.AssetDisabled) {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return oracletypes.Asset{}, fmt.Errorf("%w: %w", ErrAsset, list.unknown(name))
	}
	return oracletypes.Asset{}, fmt.Errorf("%w: %q may be %s or %s; write the denom", ErrAsset, name, found[0].Denom,
		found[1].Denom)
}

// unknown says what was expected.
func (list Assets) unknown(name string) error {
	names := list.Names()
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return fmt.Errorf("expected %s, got %q: names are as they are written", n, name)
		}
	}
	if len(names) == 0 {
		return fmt.Errorf("got %q, and this chain has no assets yet: governance adds them", name)
	}
	return fmt.Errorf("expected a denom or %s", form.Among(name, names))
}

// Names are the display names of the assets that are not disabled.
func (list Assets) Names() []string {
	var names []string
	for i := range list {
		if list[i].Status != oracletypes.AssetDisabled {
			names = append(names, list[i].Display)
		}
	}
	return names
}

// Display is the display name of a denom, or the denom itself.
func (list Assets) Display(denom string) string {
	if a, err := list.Find(denom); err == nil {
		return a.Display
	}
	return denom
}

// Denoms is the universe of the chain's assets, as the chain has it.
func (list Assets) Denoms() (asset.Universe, error) { return oracletypes.Universe(list) }

// Named is the same universe, in which every asset has the name that a text uses for it: its denom if that is among the
// names, otherwise its display name.
func (list Assets) Named(names []string) (asset.Universe, error) {
	called := make([]asset.Asset, len(list))
	for i := range list {
		called[i] = list[i].Engine()
		called[i].ID = asset.ID(fmt.Sprintf("#%d", i)) // no name has this form
	}
	for _, name := range names {
		a, err := list.Find(name)
		if err != nil {
			return asset.Universe{}, err
		}
		i := slices.IndexFunc(list, func(x oracletypes.Asset) bool { return x.Denom == a.Denom })
		switch {
		case i < 0:
			return asset.Universe{}, fmt.Errorf("%w: %s has no price on this chain, so that no portfolio can hold it; "+
				"expected %s", ErrAsset, name, strings.Join(list.Names(), ", "))
		case a.Status == oracletypes.AssetDisabled:
			return asset.Universe{}, fmt.Errorf("%w: %s (%s) is disabled: it has no price any more; expected %s", ErrAsset,
				name, a.Denom, strings.Join(list.Names(), ", "))
		case called[i].ID[0] != '#' && string(called[i].ID) != name:
			return asset.Universe{}, fmt.Errorf("%w: %s and %s are the same; use one name for it", ErrAsset, called[i].ID,
				name)
		}
		called[i].ID = asset.ID(name)
	}
	return asset.Listed(called)
}
