package app

import (
	"slices"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/x/auth"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/auth/vesting"
	vestingtypes "github.com/cosmos/cosmos-sdk/x/auth/vesting/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	authzkeeper "github.com/cosmos/cosmos-sdk/x/authz/keeper"
	authzmodule "github.com/cosmos/cosmos-sdk/x/authz/module"
	"github.com/cosmos/cosmos-sdk/x/bank"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/cosmos-sdk/x/consensus"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	distr "github.com/cosmos/cosmos-sdk/x/distribution"
	distrtypes "github.com/cosmos/cosmos-sdk/x/distribution/types"
	"github.com/cosmos/cosmos-sdk/x/feegrant"
	feegrantmodule "github.com/cosmos/cosmos-sdk/x/feegrant/module"
	"github.com/cosmos/cosmos-sdk/x/genutil"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	"github.com/cosmos/cosmos-sdk/x/gov"
	govclient "github.com/cosmos/cosmos-sdk/x/gov/client"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	"github.com/cosmos/cosmos-sdk/x/slashing"
	slashingtypes "github.com/cosmos/cosmos-sdk/x/slashing/types"
	"github.com/cosmos/cosmos-sdk/x/staking"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
	"github.com/cosmos/cosmos-sdk/x/upgrade"
	upgradetypes "github.com/cosmos/cosmos-sdk/x/upgrade/types"
	gmp "github.com/cosmos/ibc-go/v11/modules/apps/27-gmp"
	gmptypes "github.com/cosmos/ibc-go/v11/modules/apps/27-gmp/types"
	ica "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts"
	icacontrollertypes "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/controller/types"
	icahosttypes "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/host/types"
	icatypes "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/types"
	packetforward "github.com/cosmos/ibc-go/v11/modules/apps/packet-forward-middleware"
	pfmtypes "github.com/cosmos/ibc-go/v11/modules/apps/packet-forward-middleware/types"
	ratelimiting "github.com/cosmos/ibc-go/v11/modules/apps/rate-limiting"
	ratelimittypes "github.com/cosmos/ibc-go/v11/modules/apps/rate-limiting/types"
	"github.com/cosmos/ibc-go/v11/modules/apps/transfer"
	transfertypes "github.com/cosmos/ibc-go/v11/modules/apps/transfer/types"
	ibc "github.com/cosmos/ibc-go/v11/modules/core"
	ibcexported "github.com/cosmos/ibc-go/v11/modules/core/exported"
	ibctm "github.com/cosmos/ibc-go/v11/modules/light-clients/07-tendermint"
)

// storeKeys names the stores. Objects live for a block only.
func storeKeys() (map[string]*storetypes.KVStoreKey, map[string]*storetypes.ObjectStoreKey) {
	names := slices.Concat([]string{
		authtypes.StoreKey, banktypes.StoreKey, stakingtypes.StoreKey, distrtypes.StoreKey, slashingtypes.StoreKey,
		govtypes.StoreKey, upgradetypes.StoreKey, authzkeeper.StoreKey, feegrant.StoreKey, consensustypes.StoreKey,
		ibcexported.StoreKey, transfertypes.StoreKey, icacontrollertypes.StoreKey, icahosttypes.StoreKey,
		pfmtypes.StoreKey, ratelimittypes.StoreKey, gmptypes.StoreKey,
	}, ballastStores())
	return storetypes.NewKVStoreKeys(names...), storetypes.NewObjectStoreKeys(banktypes.ObjectStoreKey)
}

// moduleAccounts are the accounts that modules own, and what they may do besides holding coins.
func moduleAccounts() map[string][]string {
	accounts := map[string][]string{
		authtypes.FeeCollectorName:     nil,
		distrtypes.ModuleName:          nil,
		stakingtypes.BondedPoolName:    {authtypes.Burner, authtypes.Staking},
		stakingtypes.NotBondedPoolName: {authtypes.Burner, authtypes.Staking},
		govtypes.ModuleName:            {authtypes.Burner},
		transfertypes.ModuleName:       {authtypes.Minter, authtypes.Burner},
		icatypes.ModuleName:            nil,
	}
	for _, name := range ballastAccounts() {
		accounts[name] = nil
	}
	return accounts
}

// appModule is what the manager of modules takes.
type appModule = module.AppModule //nolint:staticcheck // the SDK has a newer one, which its manager does not take

// newModules makes the modules and puts them in order.
func (app *App) newModules() {
	k, x := &app.Keepers, &app.IBC
	modules := slices.Concat([]appModule{
		genutil.NewAppModule(k.Account, k.Staking, app, app.txConfig),
		auth.NewAppModule(app.cdc, k.Account, nil, nil),
		vesting.NewAppModule(k.Account, k.Bank),
		bank.NewAppModule(app.cdc, k.Bank, k.Account, nil),
		gov.NewAppModule(app.cdc, k.Gov, k.Account, k.Bank, nil),
		slashing.NewAppModule(app.cdc, k.Slashing, k.Account, k.Bank, k.Staking, nil, app.registry),
		distr.NewAppModule(app.cdc, k.Distr, k.Account, k.Bank, k.Staking, nil),
		staking.NewAppModule(app.cdc, k.Staking, k.Account, k.Bank, nil),
		upgrade.NewAppModule(k.Upgrade, app.addresses.account),
		authzmodule.NewAppModule(app.cdc, k.Authz, k.Account, k.Bank, app.registry),
		feegrantmodule.NewAppModule(app.cdc, k.Account, k.Bank, k.FeeGrant, app.registry),
		consensus.NewAppModule(app.cdc, k.Consensus),
		ibc.NewAppModule(x.IBCKeeper),
		transfer.NewAppModule(x.Transfer),
		ica.NewAppModule(x.ICAController, x.ICAHost),
		packetforward.NewAppModule(x.PacketForward),
		ratelimiting.NewAppModule(x.RateLimit),
		gmp.NewAppModule(x.GMP),
		ibctm.NewAppModule(x.tendermint),
	}, app.ballastModules())
	app.ModuleManager = module.NewManager(modules...)
	app.BasicManager = module.NewBasicManagerFromManager(app.ModuleManager, map[string]module.AppModuleBasic{
		genutiltypes.ModuleName: genutil.NewAppModuleBasic(genutiltypes.DefaultMessageValidator),
		govtypes.ModuleName:     gov.NewAppModuleBasic([]govclient.ProposalHandler{}),
		icatypes.ModuleName:     accounts{ica.NewAppModule(x.ICAController, x.ICAHost)},
	})
	app.BasicManager.RegisterLegacyAminoCodec(app.amino)
	app.BasicManager.RegisterInterfaces(app.registry)
	app.orderModules()
}

// orderModules says what runs when. In a block prices come first and payments after them; at its end the bank adds up
// fees, then lots clear, and then the round takes what the lots brought.
func (app *App) orderModules() {
	m := app.ModuleManager
	m.SetOrderPreBlockers(upgradetypes.ModuleName, authtypes.ModuleName)
	m.SetOrderBeginBlockers(append([]string{
		distrtypes.ModuleName, slashingtypes.ModuleName, stakingtypes.ModuleName, ibcexported.ModuleName,
		transfertypes.ModuleName, pfmtypes.ModuleName, genutiltypes.ModuleName, authz.ModuleName, icatypes.ModuleName,
		ratelimittypes.ModuleName,
	}, ballastBegin()...)...)
	m.SetOrderEndBlockers(append([]string{
		banktypes.ModuleName, govtypes.ModuleName, stakingtypes.ModuleName, feegrant.ModuleName,
		ibcexported.ModuleName, transfertypes.ModuleName, pfmtypes.ModuleName, genutiltypes.ModuleName,
		icatypes.ModuleName,
	}, ballastEnd()...)...)
	genesis := append([]string{
		authtypes.ModuleName, banktypes.ModuleName, distrtypes.ModuleName, stakingtypes.ModuleName,
		slashingtypes.ModuleName, govtypes.ModuleName, ibcexported.ModuleName, ibctm.ModuleName,
		genutiltypes.ModuleName, authz.ModuleName, feegrant.ModuleName, transfertypes.ModuleName,
		ratelimittypes.ModuleName, pfmtypes.ModuleName, icatypes.ModuleName, gmptypes.ModuleName, upgradetypes.ModuleName,
		vestingtypes.ModuleName, consensustypes.ModuleName,
	}, ballastGenesis()...)
	m.SetOrderInitGenesis(genesis...)
	m.SetOrderExportGenesis(genesis...)
}
