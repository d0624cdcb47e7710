package app

import (
	"fmt"
	"sync/atomic"

	"cosmossdk.io/core/address"
	"cosmossdk.io/log/v2"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/baseapp/blockexec"
	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	addresscodec "github.com/cosmos/cosmos-sdk/codec/address"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	"github.com/cosmos/cosmos-sdk/std"
	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"
	"github.com/cosmos/cosmos-sdk/types/msgservice"
	"github.com/cosmos/cosmos-sdk/version"
	"github.com/cosmos/cosmos-sdk/x/auth/tx"
	"github.com/cosmos/cosmos-sdk/x/tx/signing"
	"github.com/cosmos/gogoproto/proto"
	ibckeeper "github.com/cosmos/ibc-go/v11/modules/core/keeper"

	"github.com/ballast-finance/ballast/x/oracle/votes"
)

// App is the state machine.
type App struct {
	*baseapp.BaseApp
	Keepers
	IBC
	Ballast

	ModuleManager *module.Manager
	BasicManager  module.BasicManager

	cdc          codec.Codec
	amino        *codec.LegacyAmino
	txConfig     client.TxConfig
	registry     codectypes.InterfaceRegistry
	addresses    addresses
	keys         map[string]*storetypes.KVStoreKey
	objectKeys   map[string]*storetypes.ObjectStoreKey
	configurator module.Configurator
	votes        votes.Handlers
	prices       atomic.Pointer[votes.Prices]
}

var _ servertypes.Application = (*App)(nil)

// addresses are the codecs of the three kinds of addresses.
type addresses struct{ account, validator, consensus address.Codec }

// New makes the application over a database. With latest it loads the last version that was committed.
func New(
	logger log.Logger, db dbm.DB, latest bool, opts servertypes.AppOptions, base ...func(*baseapp.BaseApp),
) (*App, error) {
	app := &App{addresses: addresses{
		account:   addresscodec.NewBech32Codec(AddressPrefix),
		validator: addresscodec.NewBech32Codec(AddressPrefix + "valoper"),
		consensus: addresscodec.NewBech32Codec(AddressPrefix + "valcons"),
	}}
	if err := app.newCodecs(); err != nil {
		return nil, err
	}
	app.BaseApp = baseapp.NewBaseApp(Name, logger, db, app.txConfig.TxDecoder(), base...)
	app.SetVersion(version.Version)
	app.SetInterfaceRegistry(app.registry)
	app.SetTxEncoder(app.txConfig.TxEncoder())
	app.keys, app.objectKeys = storeKeys()
	if err := app.RegisterStreamingServices(opts, app.keys); err != nil {
		return nil, fmt.Errorf("streaming: %w", err)
	}
	app.setExecutor(opts)
	app.newKeepers(opts)
	app.newIBC()
	if err := app.newBallast(); err != nil {
		return nil, err
	}
	app.routePackets()
	app.newModules()
	if err := app.registerServices(); err != nil {
		return nil, err
	}
	app.setHooks()
	app.setUpgrades()
	if !latest {
		return app, nil
	}
	if err := app.LoadLatestVersion(); err != nil {
		return nil, fmt.Errorf("load the last version: %w", err)
	}
	return app, nil
}

// newCodecs makes what reads and writes messages and transactions.
func (app *App) newCodecs() error {
	registry, err := codectypes.NewInterfaceRegistryWithOptions(codectypes.InterfaceRegistryOptions{
		ProtoFiles: proto.HybridResolver,
		SigningOptions: signing.Options{
			AddressCodec: app.addresses.account, ValidatorAddressCodec: app.addresses.validator,
		},
	})
	if err != nil {
		return fmt.Errorf("interface registry: %w", err)
	}
	app.registry = registry
	app.cdc, app.amino = codec.NewProtoCodec(registry), codec.NewLegacyAmino()
	app.txConfig = tx.NewTxConfig(app.cdc, tx.DefaultSignModes)
	std.RegisterLegacyAminoCodec(app.amino)
	std.RegisterInterfaces(registry)
	return nil
}

// setExecutor takes the way to run a block's transactions from the operator's options. Every way gives the same state.
func (app *App) setExecutor(opts servertypes.AppOptions) {
	stores := make([]storetypes.StoreKey, 0, len(app.keys)+len(app.objectKeys))
	for _, k := range app.keys {
		stores = append(stores, k)
	}
	for _, k := range app.objectKeys {
		stores = append(stores, k)
	}
	feeDenom := func(storetypes.MultiStore) string { return BondDenom }
	blockexec.Apply(
		app.BaseApp, opts, stores, app.txConfig.TxDecoder(), feeDenom, blockexec.WithRunnerWrap(votes.Runner))
}

// registerServices registers messages and queries, and checks that every message says who signs it.
func (app *App) registerServices() error {
	app.configurator = module.NewConfigurator(app.cdc, app.MsgServiceRouter(), app.GRPCQueryRouter())
	if err := app.ModuleManager.RegisterServices(app.configurator); err != nil {
		return fmt.Errorf("register services: %w", err)
	}
	if err := app.registerReflection(); err != nil {
		return err
	}
	files, err := proto.MergedRegistry()
	if err != nil {
		return fmt.Errorf("descriptors: %w", err)
	}
	if err := msgservice.ValidateProtoAnnotations(files); err != nil {
		return fmt.Errorf("descriptors: %w", err)
	}
	return nil
}

// setHooks mounts the stores and sets what happens around transactions.
func (app *App) setHooks() {
	app.MountKVStores(app.keys)
	app.MountObjectStores(app.objectKeys)
	app.SetAnteHandler(app.newAnte())
	app.SetInitChainer(app.initChain)
	app.SetPreBlocker(app.preBlock)
	app.setVotes()
	app.SetBeginBlocker(func(ctx sdk.Context) (sdk.BeginBlock, error) { return app.ModuleManager.BeginBlock(ctx) })
	app.SetEndBlocker(func(ctx sdk.Context) (sdk.EndBlock, error) { return app.ModuleManager.EndBlock(ctx) })
}

// GetBaseApp lets the test kit of ibc-go drive the application, as the two below do.
func (app *App) GetBaseApp() *baseapp.BaseApp { return app.BaseApp }

// GetIBCKeeper is the core of IBC.
func (app *App) GetIBCKeeper() *ibckeeper.Keeper { return app.IBCKeeper }

// GetTxConfig is TxConfig.
func (app *App) GetTxConfig() client.TxConfig { return app.txConfig }

// AppCodec is the codec of messages and state.
func (app *App) AppCodec() codec.Codec { return app.cdc }

// LegacyAmino is the codec of ledgers.
func (app *App) LegacyAmino() *codec.LegacyAmino { return app.amino }

// InterfaceRegistry knows every message.
func (app *App) InterfaceRegistry() codectypes.InterfaceRegistry { return app.registry }

// TxConfig makes and signs transactions.
func (app *App) TxConfig() client.TxConfig { return app.txConfig }

// Key returns the key of a module's store.
func (app *App) Key(name string) *storetypes.KVStoreKey { return app.keys[name] }
