package fake

import (
	"context"

	"cosmossdk.io/collections"
	"cosmossdk.io/core/address"
	corestore "cosmossdk.io/core/store"

	"github.com/cosmos/cosmos-sdk/codec"
	addresscodec "github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
)

// Account is an account keeper: base accounts with numbers from 1 in the order in which they appear.
type Account struct {
	accounts collections.Map[sdk.AccAddress, authtypes.BaseAccount]
	numbers  collections.Sequence
}

// NewAccount returns a keeper over a store.
func NewAccount(store corestore.KVStoreService) Account {
	cdc := codec.NewProtoCodec(codectypes.NewInterfaceRegistry())
	sb := collections.NewSchemaBuilder(store)
	return Account{
		accounts: collections.NewMap(sb, collections.NewPrefix(0), "accounts", sdk.AccAddressKey,
			codec.CollValue[authtypes.BaseAccount](cdc)),
		numbers: collections.NewSequence(sb, collections.NewPrefix(1), "numbers"),
	}
}

// AddressCodec reads and writes addresses with the prefix of the SDK's configuration.
func (Account) AddressCodec() address.Codec {
	return addresscodec.NewBech32Codec(sdk.GetConfig().GetBech32AccountAddrPrefix())
}

// HasAccount reports whether an account exists.
func (a Account) HasAccount(ctx context.Context, addr sdk.AccAddress) bool {
	found, err := a.accounts.Has(ctx, addr)
	return err == nil && found
}

// GetAccount returns an account, nil when it does not exist.
func (a Account) GetAccount(ctx context.Context, addr sdk.AccAddress) sdk.AccountI {
	account, err := a.accounts.Get(ctx, addr)
	if err != nil {
		return nil
	}
	return &account
}

// NewAccountWithAddress returns the next account. It exists once SetAccount has stored it.
func (a Account) NewAccountWithAddress(ctx context.Context, addr sdk.AccAddress) sdk.AccountI {
	number, err := a.numbers.Next(ctx)
	if err != nil {
		panic(err) //nolint:forbidigo // the signature of the SDK has no error, and this is a test
	}
	return authtypes.NewBaseAccount(addr, nil, number+1, 0)
}

// SetAccount stores an account.
func (a Account) SetAccount(ctx context.Context, account sdk.AccountI) {
	base := authtypes.NewBaseAccount(account.GetAddress(), nil, account.GetAccountNumber(), account.GetSequence())
	if err := a.accounts.Set(ctx, account.GetAddress(), *base); err != nil {
		panic(err) //nolint:forbidigo // the signature of the SDK has no error, and this is a test
	}
}

// Ensure returns an account, made now if it did not exist.
func (a Account) Ensure(ctx context.Context, addr sdk.AccAddress) sdk.AccountI {
	if account := a.GetAccount(ctx, addr); account != nil {
		return account
	}
	account := a.NewAccountWithAddress(ctx, addr)
	a.SetAccount(ctx, account)
	return account
}

// GetModuleAddress returns the address of a module's account.
func (Account) GetModuleAddress(name string) sdk.AccAddress { return authtypes.NewModuleAddress(name) }
