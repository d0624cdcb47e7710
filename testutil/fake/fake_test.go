package fake_test

import (
	"errors"
	"testing"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/ballast-finance/ballast/testutil/fake"
)

type world struct {
	ctx      sdk.Context
	accounts fake.Account
	bank     fake.Bank
}

func newWorld(t *testing.T) world {
	t.Helper()
	ctx, stores := fake.Context(t, "bank", "account")
	accounts := fake.NewAccount(stores[1])
	return world{ctx, accounts, fake.NewBank(stores[0], accounts, carol)}
}

func (w world) held(t *testing.T, addr sdk.AccAddress, want int64) {
	t.Helper()
	if got := w.bank.GetBalance(w.ctx, addr, "uusdc").Amount.Int64(); got != want {
		t.Errorf("%s holds %d, want %d", addr, got, want)
	}
}

func coins(n int64) sdk.Coins { return sdk.Coins{sdk.NewInt64Coin("uusdc", n)} }

var (
	alice = sdk.AccAddress("alice")
	bob   = sdk.AccAddress("bob")
	carol = sdk.AccAddress("carol") // blocked
)

func TestSend(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.bank.Mint(w.ctx, alice, coins(10)...); err != nil {
		t.Fatal(err)
	}
	if err := w.bank.SendCoins(w.ctx, alice, bob, coins(4)); err != nil {
		t.Fatal(err)
	}
	if err := w.bank.SendCoinsFromAccountToModule(w.ctx, bob, "mint", coins(3)); err != nil {
		t.Fatal(err)
	}
	if err := w.bank.SendCoinsFromModuleToModule(w.ctx, "mint", "gov", coins(2)); err != nil {
		t.Fatal(err)
	}
	if err := w.bank.SendCoinsFromModuleToAccount(w.ctx, "gov", alice, coins(1)); err != nil {
		t.Fatal(err)
	}
	w.held(t, alice, 7)
	w.held(t, bob, 1)
	w.held(t, authtypes.NewModuleAddress("mint"), 1)
	w.held(t, authtypes.NewModuleAddress("gov"), 1)
	if got := w.bank.GetSupply(w.ctx, "uusdc").Amount.Int64(); got != 10 {
		t.Errorf("supply %d, want 10", got)
	}
	if got := w.bank.GetAllBalances(w.ctx, alice); !got.Equal(coins(7)) {
		t.Errorf("got %v", got)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := errors.Join(
		w.bank.MintModule(w.ctx, "mint", coins(10)...), w.bank.Mint(w.ctx, alice, coins(10)...),
	); err != nil {
		t.Fatal(err)
	}
	err := w.bank.SendCoinsFromModuleToAccount(w.ctx, "mint", carol, coins(1))
	if !errors.Is(err, sdkerrors.ErrUnauthorized) {
		t.Errorf("blocked: got %v", err)
	}
	if err := w.bank.SendCoins(w.ctx, alice, carol, coins(1)); err != nil {
		t.Errorf("modules only are kept from paying a blocked account: %v", err)
	}
	if err := w.bank.SendCoins(w.ctx, alice, bob, coins(10)); !errors.Is(err, sdkerrors.ErrInsufficientFunds) {
		t.Errorf("too much: got %v", err)
	}
	if err := w.bank.SendCoins(w.ctx, alice, bob, coins(0)); !errors.Is(err, sdkerrors.ErrInvalidCoins) {
		t.Errorf("nothing: got %v", err)
	}
	if err := w.bank.Refuse(w.ctx, bob); err != nil {
		t.Fatal(err)
	}
	if err := w.bank.SendCoins(w.ctx, alice, bob, coins(1)); !errors.Is(err, sdkerrors.ErrUnauthorized) {
		t.Errorf("refused: got %v", err)
	}
	if err := w.bank.Accept(w.ctx, bob); err != nil {
		t.Fatal(err)
	}
	if err := w.bank.SendCoins(w.ctx, alice, bob, coins(1)); err != nil {
		t.Errorf("accepted again: %v", err)
	}
}

// TestBranch: what a dropped branch of the state did, has not happened.
func TestBranch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.bank.Mint(w.ctx, alice, coins(10)...); err != nil {
		t.Fatal(err)
	}
	branch, _ := w.ctx.CacheContext()
	if err := w.bank.SendCoins(branch, alice, bob, coins(4)); err != nil {
		t.Fatal(err)
	}
	w.held(t, alice, 10)
	if w.accounts.HasAccount(w.ctx, bob) {
		t.Error("the account of a dropped branch exists")
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if w.accounts.GetAccount(w.ctx, alice) != nil {
		t.Error("an account that nobody made")
	}
	first, second := w.accounts.Ensure(w.ctx, alice), w.accounts.Ensure(w.ctx, bob)
	if first.GetAccountNumber() != 1 || second.GetAccountNumber() != 2 {
		t.Errorf("numbers %d and %d", first.GetAccountNumber(), second.GetAccountNumber())
	}
	if again := w.accounts.Ensure(w.ctx, alice); again.GetAccountNumber() != 1 || !again.GetAddress().Equals(alice) {
		t.Errorf("got %v", again)
	}
	text, err := w.accounts.AddressCodec().BytesToString(alice)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := w.accounts.AddressCodec().StringToBytes(text); err != nil || !alice.Equals(sdk.AccAddress(back)) {
		t.Errorf("got %v, %v", back, err)
	}
	if !w.accounts.GetModuleAddress("mint").Equals(authtypes.NewModuleAddress("mint")) {
		t.Error("another module address")
	}
}
