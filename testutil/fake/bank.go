package fake

import (
	"context"
	"slices"

	"cosmossdk.io/collections"
	corestore "cosmossdk.io/core/store"
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
)

// Bank is a bank keeper with balances by account and denom. Like the real one it makes the account of a recipient,
// and refuses blocked recipients only where a module pays an account.
type Bank struct {
	accounts Account
	balances collections.Map[collections.Pair[sdk.AccAddress, string], math.Int]
	blocked  []sdk.AccAddress
	refused  collections.KeySet[sdk.AccAddress]
}

// NewBank returns a keeper over a store. Modules may not pay the blocked accounts, as an app has it for its modules.
func NewBank(store corestore.KVStoreService, accounts Account, blocked ...sdk.AccAddress) Bank {
	sb := collections.NewSchemaBuilder(store)
	return Bank{
		accounts: accounts,
		balances: collections.NewMap(sb, collections.NewPrefix(0), "balances",
			collections.PairKeyCodec(sdk.AccAddressKey, collections.StringKey), sdk.IntValue),
		refused: collections.NewKeySet(sb, collections.NewPrefix(1), "refused", sdk.AccAddressKey),
		blocked: blocked,
	}
}

// Refuse makes every transfer to an account fail, as a send restriction does; Accept ends it.
func (b Bank) Refuse(ctx context.Context, addr sdk.AccAddress) error { return b.refused.Set(ctx, addr) }

// Accept ends Refuse.
func (b Bank) Accept(ctx context.Context, addr sdk.AccAddress) error {
	return b.refused.Remove(ctx, addr)
}

// BlockedAddr reports whether modules may not pay an account.
func (b Bank) BlockedAddr(addr sdk.AccAddress) bool {
	return slices.ContainsFunc(b.blocked, func(a sdk.AccAddress) bool { return a.Equals(addr) })
}

// Mint gives an account coins out of nothing.
func (b Bank) Mint(ctx context.Context, addr sdk.AccAddress, coins ...sdk.Coin) error {
	b.accounts.Ensure(ctx, addr)
	for _, coin := range coins {
		if err := b.set(ctx, addr, b.GetBalance(ctx, addr, coin.Denom).Add(coin)); err != nil {
			return err
		}
	}
	return nil
}

// MintModule gives a module coins out of nothing.
func (b Bank) MintModule(ctx context.Context, module string, coins ...sdk.Coin) error {
	return b.Mint(ctx, authtypes.NewModuleAddress(module), coins...)
}

// GetBalance returns what an account holds of a denom.
func (b Bank) GetBalance(ctx context.Context, addr sdk.AccAddress, denom string) sdk.Coin {
	amount, err := b.balances.Get(ctx, collections.Join(addr, denom))
	if err != nil {
		return sdk.NewInt64Coin(denom, 0)
	}
	return sdk.NewCoin(denom, amount)
}

// WalkBalances hands over what the accounts from one address to another hold, the last one excluded, until take
// returns false.
func (b Bank) WalkBalances(
	ctx context.Context, from, end sdk.AccAddress, take func(addr sdk.AccAddress, coin sdk.Coin) (more bool),
) error {
	between := new(collections.Range[collections.Pair[sdk.AccAddress, string]]).
		StartInclusive(collections.PairPrefix[sdk.AccAddress, string](from)).
		EndExclusive(collections.PairPrefix[sdk.AccAddress, string](end))
	return b.balances.Walk(ctx, between,
		func(key collections.Pair[sdk.AccAddress, string], amount math.Int) (stop bool, err error) {
			return !take(key.K1(), sdk.Coin{Denom: key.K2(), Amount: amount}), nil
		})
}

// GetAllBalances returns all that an account holds.
func (b Bank) GetAllBalances(ctx context.Context, addr sdk.AccAddress) sdk.Coins {
	var coins sdk.Coins
	_ = b.balances.Walk(ctx, collections.NewPrefixedPairRange[sdk.AccAddress, string](addr),
		func(key collections.Pair[sdk.AccAddress, string], amount math.Int) (bool, error) {
			coins = append(coins, sdk.NewCoin(key.K2(), amount))
			return false, nil
		})
	return coins
}

// SpendableCoins is GetAllBalances: nothing is locked.
func (b Bank) SpendableCoins(ctx context.Context, addr sdk.AccAddress) sdk.Coins {
	return b.GetAllBalances(ctx, addr)
}

// GetSupply returns the sum of all balances of a denom.
func (b Bank) GetSupply(ctx context.Context, denom string) sdk.Coin {
	total := sdk.NewInt64Coin(denom, 0)
	_ = b.balances.Walk(ctx, nil,
		func(key collections.Pair[sdk.AccAddress, string], amount math.Int) (bool, error) {
			if key.K2() == denom {
				total.Amount = total.Amount.Add(amount)
			}
			return false, nil
		})
	return total
}

// SendCoins moves coins between accounts.
func (b Bank) SendCoins(ctx context.Context, from, to sdk.AccAddress, coins sdk.Coins) error {
	if !coins.IsValid() {
		return errorsmod.Wrapf(sdkerrors.ErrInvalidCoins, "expected sorted positive coins, got %v", coins)
	}
	if found, err := b.refused.Has(ctx, to); err != nil || found {
		return errorsmod.Wrapf(sdkerrors.ErrUnauthorized, "%s takes no coins", to)
	}
	for _, coin := range coins {
		held := b.GetBalance(ctx, from, coin.Denom)
		if held.IsLT(coin) {
			return errorsmod.Wrapf(sdkerrors.ErrInsufficientFunds, "expected at least %v, got %v", coin, held)
		}
		if err := b.set(ctx, from, held.Sub(coin)); err != nil {
			return err
		}
		if err := b.set(ctx, to, b.GetBalance(ctx, to, coin.Denom).Add(coin)); err != nil {
			return err
		}
	}
	b.accounts.Ensure(ctx, to)
	return nil
}

// InputOutputCoins moves coins of one account to many.
func (b Bank) InputOutputCoins(ctx context.Context, from banktypes.Input, to []banktypes.Output) error {
	return SendMany(ctx, b, from, to)
}

// Sender moves coins between accounts.
type Sender interface {
	SendCoins(ctx context.Context, from, to sdk.AccAddress, coins sdk.Coins) error
}

// SendMany moves coins of one account to many with a bank that knows plain transfers. The caller's branch of the state
// is what undoes half of it.
func SendMany(ctx context.Context, bank Sender, from banktypes.Input, to []banktypes.Output) error {
	if err := banktypes.ValidateInputOutputs(from, to); err != nil {
		return err
	}
	payer := sdk.MustAccAddressFromBech32(from.Address)
	for i := range to {
		if err := bank.SendCoins(ctx, payer, sdk.MustAccAddressFromBech32(to[i].Address), to[i].Coins); err != nil {
			return err
		}
	}
	return nil
}

// SendCoinsFromAccountToModule moves coins of an account to a module.
func (b Bank) SendCoinsFromAccountToModule(ctx context.Context, from sdk.AccAddress, module string, c sdk.Coins) error {
	return b.SendCoins(ctx, from, authtypes.NewModuleAddress(module), c)
}

// SendCoinsFromModuleToAccount moves coins of a module to an account that is not blocked.
func (b Bank) SendCoinsFromModuleToAccount(ctx context.Context, module string, to sdk.AccAddress, c sdk.Coins) error {
	if b.BlockedAddr(to) {
		return errorsmod.Wrapf(sdkerrors.ErrUnauthorized, "%s is not allowed to receive funds", to)
	}
	return b.SendCoins(ctx, authtypes.NewModuleAddress(module), to, c)
}

// SendCoinsFromModuleToModule moves coins between modules.
func (b Bank) SendCoinsFromModuleToModule(ctx context.Context, from, to string, c sdk.Coins) error {
	return b.SendCoins(ctx, authtypes.NewModuleAddress(from), authtypes.NewModuleAddress(to), c)
}

// set stores a balance; nothing is not stored.
func (b Bank) set(ctx context.Context, addr sdk.AccAddress, coin sdk.Coin) error {
	key := collections.Join(addr, coin.Denom)
	if coin.IsZero() {
		return b.balances.Remove(ctx, key)
	}
	return b.balances.Set(ctx, key, coin.Amount)
}
