package setup

import (
	sdk "github.com/cosmos/cosmos-sdk/types"

	oracletypes "github.com/ballast-finance/ballast/x/oracle/types"
)

// weight of every source: they count the same.
const weight = 100

// Listed is an active asset whose prices the reporters report. The first counts as another class of sources than the
// rest, because the oracle wants classes to agree.
func Listed(a oracletypes.Asset, maxAgeSeconds int64, reporters []sdk.AccAddress) oracletypes.StoredAsset {
	a.Status = oracletypes.AssetActive
	stored := oracletypes.StoredAsset{Asset: a}
	for i, reporter := range reporters {
		class := oracletypes.ClassFeed
		if i == 0 {
			class = oracletypes.ClassDEX
		}
		stored.Sources = append(stored.Sources, oracletypes.Source{
			Id: uint32(i) + 1, Class: class, Weight: weight, MaxAgeSeconds: maxAgeSeconds, Reporter: reporter.String(),
		})
	}
	return stored
}
