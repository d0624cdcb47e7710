package balances

import (
	"context"

	"cosmossdk.io/collections"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
)

// Keeper is a bank keeper that also walks over the balances of several accounts, which x/bank does for one or for all.
type Keeper struct{ bankkeeper.BaseKeeper }

// WalkBalances hands over what the accounts from one address to another hold, the last one excluded, by account and
// denom, until take returns false. Only accounts whose addresses are of one length stand in the order of addresses.
func (k Keeper) WalkBalances(
	ctx context.Context, from, end sdk.AccAddress, take func(addr sdk.AccAddress, coin sdk.Coin) (more bool),
) error {
	between := new(collections.Range[collections.Pair[sdk.AccAddress, string]]).
		StartInclusive(collections.PairPrefix[sdk.AccAddress, string](from)).
		EndExclusive(collections.PairPrefix[sdk.AccAddress, string](end))
	return k.Balances.Walk(ctx, between,
		func(key collections.Pair[sdk.AccAddress, string], amount math.Int) (stop bool, err error) {
			return !take(key.K1(), sdk.Coin{Denom: key.K2(), Amount: amount}), nil
		})
}
