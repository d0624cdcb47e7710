package app

import (
	"context"

	"github.com/spf13/cast"

	corestore "cosmossdk.io/core/store"

	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/server"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	authzkeeper "github.com/cosmos/cosmos-sdk/x/authz/keeper"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	consensuskeeper "github.com/cosmos/cosmos-sdk/x/consensus/keeper"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	distrkeeper "github.com/cosmos/cosmos-sdk/x/distribution/keeper"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	"github.com/cosmos/cosmos-sdk/x/feegrant"
	feegrantkeeper "github.com/cosmos/cosmos-sdk/x/feegrant/keeper"
	govkeeper "github.com/cosmos/cosmos-sdk/x/gov/keeper"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	slashingkeeper "github.com/cosmos/cosmos-sdk/x/slashing/keeper"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	stakingkeeper "github.com/cosmos/cosmos-sdk/x/staking/keeper"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
	upgradekeeper "github.com/cosmos/cosmos-sdk/x/upgrade/keeper"
	upgradetypes "github.com/cosmos/cosmos-sdk/x/upgrade/types"

	"github.com/ballast-finance/ballast/app/sparing"
)

// Keepers are those of the SDK's modules.
type Keepers struct {
	Account   authkeeper.AccountKeeper
	Bank      bankkeeper.BaseKeeper
	Staking   *stakingkeeper.Keeper
	Slashing  slashingkeeper.Keeper
	Distr     distrkeeper.Keeper
	Gov       *govkeeper.Keeper
	Upgrade   *upgradekeeper.Keeper
	Authz     authzkeeper.Keeper
	FeeGrant  feegrantkeeper.Keeper
	Consensus consensuskeeper.Keeper
}

// store returns the store of a module.
func (app *App) store(key string) corestore.KVStoreService {
	return runtime.NewKVStoreService(app.keys[key])
}

// newKeepers makes the keepers of accounts and money first; the others stand on them.
func (app *App) newKeepers(opts servertypes.AppOptions) {
	k, authority := &app.Keepers, Authority()
	k.Consensus = consensuskeeper.NewKeeper(
		app.cdc, app.store(consensustypes.StoreKey), authority, runtime.EventService{})
	app.SetParamStore(k.Consensus.ParamsStore)
	k.Account = authkeeper.NewAccountKeeper(
		app.cdc, app.store(authtypes.StoreKey), authtypes.ProtoBaseAccount, moduleAccounts(), app.addresses.account,
		AddressPrefix, authority, authkeeper.WithUnorderedTransactions(true))
	k.Bank = bankkeeper.NewBaseKeeper(
		app.cdc, sparing.Over(app.store(banktypes.StoreKey)), k.Account, BlockedAddresses(), authority, app.Logger(),
	).WithObjStoreKey(app.objectKeys[banktypes.ObjectStoreKey])
	k.Staking = stakingkeeper.NewKeeper(
		app.cdc, app.store(stakingtypes.StoreKey), k.Account, k.Bank, authority, app.addresses.validator,
		app.addresses.consensus)
	k.Distr = distrkeeper.NewKeeper(
		app.cdc, app.store(distrtypes.StoreKey), k.Account, k.Bank, k.Staking, authtypes.FeeCollectorName, authority)
	k.Slashing = slashingkeeper.NewKeeper(
		app.cdc, app.amino, app.store(slashingtypes.StoreKey), k.Staking, authority)
	k.Staking.SetHooks(stakingtypes.NewMultiStakingHooks(k.Distr.Hooks(), k.Slashing.Hooks()))
	k.Authz = authzkeeper.NewKeeper(app.store(authzkeeper.StoreKey), app.cdc, app.MsgServiceRouter(), k.Account)
	k.FeeGrant = feegrantkeeper.NewKeeper(app.cdc, app.store(feegrant.StoreKey), k.Account)
	k.Upgrade = upgradekeeper.NewKeeper(
		skipped(opts), app.store(upgradetypes.StoreKey), app.cdc, cast.ToString(opts.Get(flags.FlagHome)),
		app.BaseApp, authority)
	k.Gov = govkeeper.NewKeeper(
		app.cdc, app.store(govtypes.StoreKey), k.Account, k.Bank, k.Distr, app.MsgServiceRouter(),
		govtypes.DefaultConfig(), authority, govkeeper.NewDefaultCalculateVoteResultsAndVotingPower(k.Staking))
}

// skipped are the heights of upgrades that an operator wants to pass over.
func skipped(opts servertypes.AppOptions) map[int64]bool {
	heights := make(map[int64]bool)
	for _, h := range cast.ToIntSlice(opts.Get(server.FlagUnsafeSkipUpgrades)) {
		heights[int64(h)] = true
	}
	return heights
}

// BlockedAddresses are the module accounts: nobody sends to them, so that what they hold is what they account for.
// Governance is not among them, because it may own portfolios and be paid by them.
func BlockedAddresses() map[string]bool {
	blocked := make(map[string]bool)
	for name := range moduleAccounts() {
		if name != govtypes.ModuleName {
			blocked[authtypes.NewModuleAddress(name).String()] = true
		}
	}
	return blocked
}

// fees lets the fees of a block be added up at its end, so that the fee collector is not a key that every transaction
// writes: transactions of one block can then run beside each other.
type fees struct{ bankkeeper.BaseKeeper }

// SendCoinsFromAccountToModule moves coins to a module's account at the end of the block.
func (f fees) SendCoinsFromAccountToModule(
	ctx context.Context, from sdk.AccAddress, module string, coins sdk.Coins,
) error {
	return f.SendCoinsFromAccountToModuleVirtual(ctx, from, module, coins)
}
