package main

import (
	"encoding/json"
	"fmt"

	abci "github.com/cometbft/cometbft/abci/types"

	"cosmossdk.io/log/v2"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	addresscodec "github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	"github.com/cosmos/cosmos-sdk/runtime"
	"github.com/cosmos/cosmos-sdk/std"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/x/auth"
	"github.com/cosmos/cosmos-sdk/x/auth/ante"
	authkeeper "github.com/cosmos/cosmos-sdk/x/auth/keeper"
	"github.com/cosmos/cosmos-sdk/x/auth/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/bank"
	bankkeeper "github.com/cosmos/cosmos-sdk/x/bank/keeper"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/cosmos-sdk/x/consensus"
	consensuskeeper "github.com/cosmos/cosmos-sdk/x/consensus/keeper"
	consensustypes "github.com/cosmos/cosmos-sdk/x/consensus/types"
	"github.com/cosmos/cosmos-sdk/x/genutil"
	genutiltypes "github.com/cosmos/cosmos-sdk/x/genutil/types"
	"github.com/cosmos/cosmos-sdk/x/gov"
	govclient "github.com/cosmos/cosmos-sdk/x/gov/client"
	govkeeper "github.com/cosmos/cosmos-sdk/x/gov/keeper"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types"
	"github.com/cosmos/cosmos-sdk/x/staking"
	stakingkeeper "github.com/cosmos/cosmos-sdk/x/staking/keeper"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
	"github.com/cosmos/cosmos-sdk/x/tx/signing"
	upgradekeeper "github.com/cosmos/cosmos-sdk/x/upgrade/keeper"
	upgradetypes "github.com/cosmos/cosmos-sdk/x/upgrade/types"
	"github.com/cosmos/gogoproto/proto"
	ica "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts"
	"github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/controller"
	controllerkeeper "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/controller/keeper"
	controllertypes "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/controller/types"
	icatypes "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/types"
	"github.com/cosmos/ibc-go/v11/modules/apps/transfer"
	transferkeeper "github.com/cosmos/ibc-go/v11/modules/apps/transfer/keeper"
	transfertypes "github.com/cosmos/ibc-go/v11/modules/apps/transfer/types"
	ibc "github.com/cosmos/ibc-go/v11/modules/core"
	porttypes "github.com/cosmos/ibc-go/v11/modules/core/05-port/types"
	ibcante "github.com/cosmos/ibc-go/v11/modules/core/ante"
	ibcexported "github.com/cosmos/ibc-go/v11/modules/core/exported"
	ibckeeper "github.com/cosmos/ibc-go/v11/modules/core/keeper"
	ibctm "github.com/cosmos/ibc-go/v11/modules/light-clients/07-tendermint"
)

const (
	name   = "plaind"
	prefix = "cosmos" // as the SDK has it when nothing else is said
)

// plain is the state machine.
type plain struct {
	*baseapp.BaseApp

	cdc      codec.Codec
	amino    *codec.LegacyAmino
	registry codectypes.InterfaceRegistry
	tx       client.TxConfig
	keys     map[string]*storetypes.KVStoreKey
	objects  map[string]*storetypes.ObjectStoreKey

	account    authkeeper.AccountKeeper
	bank       bankkeeper.BaseKeeper
	staking    *stakingkeeper.Keeper
	consensus  consensuskeeper.Keeper
	upgrade    *upgradekeeper.Keeper
	gov        *govkeeper.Keeper
	ibc        *ibckeeper.Keeper
	transfer   *transferkeeper.Keeper
	controller *controllerkeeper.Keeper

	modules *module.Manager
	basics  module.BasicManager
}

// newPlain makes the application over a database. With latest it loads the last version that was committed.
func newPlain(logger log.Logger, db dbm.DB, latest bool, base ...func(*baseapp.BaseApp)) (*plain, error) {
	accounts, validators := addresscodec.NewBech32Codec(prefix), addresscodec.NewBech32Codec(prefix+"valoper")
	registry, err := codectypes.NewInterfaceRegistryWithOptions(codectypes.InterfaceRegistryOptions{
		ProtoFiles:     proto.HybridResolver,
		SigningOptions: signing.Options{AddressCodec: accounts, ValidatorAddressCodec: validators},
	})
	if err != nil {
		return nil, fmt.Errorf("interface registry: %w", err)
	}
	a := &plain{cdc: codec.NewProtoCodec(registry), amino: codec.NewLegacyAmino(), registry: registry}
	std.RegisterLegacyAminoCodec(a.amino)
	std.RegisterInterfaces(registry)
	a.tx = tx.NewTxConfig(a.cdc, tx.DefaultSignModes)
	a.BaseApp = baseapp.NewBaseApp(name, logger, db, a.tx.TxDecoder(), base...)
	a.SetInterfaceRegistry(registry)
	a.SetTxEncoder(a.tx.TxEncoder())
	a.newKeepers()
	a.newModules()
	if err := a.modules.RegisterServices(
		module.NewConfigurator(a.cdc, a.MsgServiceRouter(), a.GRPCQueryRouter())); err != nil {
		return nil, fmt.Errorf("services: %w", err)
	}
	a.MountKVStores(a.keys)
	a.MountObjectStores(a.objects)
	a.SetAnteHandler(a.newAnte())
	a.SetInitChainer(a.initChain)
	a.SetPreBlocker(func(ctx sdk.Context, _ *abci.RequestFinalizeBlock) (*sdk.ResponsePreBlock, error) {
		return a.modules.PreBlock(ctx)
	})
	a.SetBeginBlocker(func(ctx sdk.Context) (sdk.BeginBlock, error) { return a.modules.BeginBlock(ctx) })
	a.SetEndBlocker(func(ctx sdk.Context) (sdk.EndBlock, error) { return a.modules.EndBlock(ctx) })
	if !latest {
		return a, nil
	}
	return a, a.LoadLatestVersion()
}

// newKeepers makes the keepers and the ways of packets. Nobody is blocked: governance holds the treasury.
func (a *plain) newKeepers() {
	a.keys = storetypes.NewKVStoreKeys(
		authtypes.StoreKey, banktypes.StoreKey, stakingtypes.StoreKey, consensustypes.StoreKey, upgradetypes.StoreKey,
		govtypes.StoreKey, ibcexported.StoreKey, transfertypes.StoreKey, controllertypes.StoreKey)
	a.objects = storetypes.NewObjectStoreKeys(banktypes.ObjectStoreKey)
	accounts, validators := addresscodec.NewBech32Codec(prefix), addresscodec.NewBech32Codec(prefix+"valoper")
	consensusCodec := addresscodec.NewBech32Codec(prefix + "valcons")
	authority := authtypes.NewModuleAddress(govtypes.ModuleName).String()
	store := runtime.NewKVStoreService
	a.consensus = consensuskeeper.NewKeeper(
		a.cdc, store(a.keys[consensustypes.StoreKey]), authority, runtime.EventService{})
	a.SetParamStore(a.consensus.ParamsStore)
	a.account = authkeeper.NewAccountKeeper(
		a.cdc, store(a.keys[authtypes.StoreKey]), authtypes.ProtoBaseAccount, moduleAccounts(), accounts, prefix, authority)
	a.bank = bankkeeper.NewBaseKeeper(
		a.cdc, store(a.keys[banktypes.StoreKey]), a.account, nil, authority, a.Logger(),
	).WithObjStoreKey(a.objects[banktypes.ObjectStoreKey])
	a.staking = stakingkeeper.NewKeeper(
		a.cdc, store(a.keys[stakingtypes.StoreKey]), a.account, a.bank, authority, validators, consensusCodec)
	a.upgrade = upgradekeeper.NewKeeper(nil, store(a.keys[upgradetypes.StoreKey]), a.cdc, "", a.BaseApp, authority)
	a.gov = govkeeper.NewKeeper(
		a.cdc, store(a.keys[govtypes.StoreKey]), a.account, a.bank, nil, a.MsgServiceRouter(), govtypes.DefaultConfig(),
		authority, govkeeper.NewDefaultCalculateVoteResultsAndVotingPower(a.staking))
	a.ibc = ibckeeper.NewKeeper(a.cdc, store(a.keys[ibcexported.StoreKey]), a.upgrade, authority)
	a.transfer = transferkeeper.NewKeeper(
		a.cdc, accounts, store(a.keys[transfertypes.StoreKey]), a.ibc.ChannelKeeper, a.MsgServiceRouter(), a.account,
		a.bank, authority)
	a.controller = controllerkeeper.NewKeeper(
		a.cdc, store(a.keys[controllertypes.StoreKey]), a.ibc.ChannelKeeper, a.MsgServiceRouter(), authority)
	a.ibc.SetRouter(porttypes.NewRouter().
		AddRoute(transfertypes.ModuleName, transfer.NewIBCModule(a.transfer)).
		AddRoute(controllertypes.SubModuleName, controller.NewIBCMiddleware(a.controller)))
}

// moduleAccounts are the accounts that modules own.
func moduleAccounts() map[string][]string {
	return map[string][]string{
		authtypes.FeeCollectorName:     nil,
		stakingtypes.BondedPoolName:    {authtypes.Burner, authtypes.Staking},
		stakingtypes.NotBondedPoolName: {authtypes.Burner, authtypes.Staking},
		govtypes.ModuleName:            {authtypes.Burner},
		transfertypes.ModuleName:       {authtypes.Minter, authtypes.Burner},
		icatypes.ModuleName:            nil,
	}
}

// newModules makes the modules and puts them in order.
func (a *plain) newModules() {
	light := ibctm.NewLightClientModule(a.cdc, a.ibc.ClientKeeper.GetStoreProvider())
	a.ibc.ClientKeeper.AddRoute(ibctm.ModuleName, &light)
	a.modules = module.NewManager(
		genutil.NewAppModule(a.account, a.staking, a, a.tx),
		auth.NewAppModule(a.cdc, a.account, nil, nil),
		bank.NewAppModule(a.cdc, a.bank, a.account, nil),
		gov.NewAppModule(a.cdc, a.gov, a.account, a.bank, nil),
		staking.NewAppModule(a.cdc, a.staking, a.account, a.bank, nil),
		consensus.NewAppModule(a.cdc, a.consensus),
		ibc.NewAppModule(a.ibc),
		transfer.NewAppModule(a.transfer),
		ica.NewAppModule(a.controller, nil),
		ibctm.NewAppModule(light),
	)
	a.basics = module.NewBasicManagerFromManager(a.modules, map[string]module.AppModuleBasic{
		genutiltypes.ModuleName: genutil.NewAppModuleBasic(genutiltypes.DefaultMessageValidator),
		govtypes.ModuleName:     gov.NewAppModuleBasic([]govclient.ProposalHandler{}),
	})
	a.basics.RegisterLegacyAminoCodec(a.amino)
	a.basics.RegisterInterfaces(a.registry)
	a.modules.SetOrderPreBlockers(authtypes.ModuleName)
	a.modules.SetOrderBeginBlockers(stakingtypes.ModuleName, ibcexported.ModuleName, transfertypes.ModuleName,
		genutiltypes.ModuleName, icatypes.ModuleName)
	a.modules.SetOrderEndBlockers(banktypes.ModuleName, govtypes.ModuleName, stakingtypes.ModuleName,
		genutiltypes.ModuleName)
	order := []string{
		authtypes.ModuleName, banktypes.ModuleName, stakingtypes.ModuleName, govtypes.ModuleName, ibcexported.ModuleName,
		ibctm.ModuleName, genutiltypes.ModuleName, transfertypes.ModuleName, icatypes.ModuleName, consensustypes.ModuleName,
	}
	a.modules.SetOrderInitGenesis(order...)
	a.modules.SetOrderExportGenesis(order...)
}

// newAnte is what a transaction passes before its messages run.
func (a *plain) newAnte() sdk.AnteHandler {
	return sdk.ChainAnteDecorators(
		ante.NewSetUpContextDecorator(),
		ante.NewValidateBasicDecorator(),
		ante.NewTxTimeoutHeightDecorator(),
		ante.NewValidateMemoDecorator(a.account),
		ante.NewConsumeGasForTxSizeDecorator(a.account),
		ante.NewDeductFeeDecorator(a.account, a.bank, nil, nil),
		ante.NewSetPubKeyDecorator(a.account),
		ante.NewValidateSigCountDecorator(a.account),
		ante.NewSigGasConsumeDecorator(a.account, ante.DefaultSigVerificationGasConsumer),
		ante.NewSigVerificationDecorator(a.account, a.tx.SignModeHandler()),
		ante.NewIncrementSequenceDecorator(a.account),
		ibcante.NewRedundantRelayDecorator(a.ibc),
	)
}

func (a *plain) initChain(ctx sdk.Context, req *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
	var state map[string]json.RawMessage
	if err := json.Unmarshal(req.AppStateBytes, &state); err != nil {
		return nil, fmt.Errorf("genesis: %w", err)
	}
	return a.modules.InitGenesis(ctx, a.cdc, state)
}
