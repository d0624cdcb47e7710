package rebalance

import (
	"context"
	"encoding/json"

	"github.com/grpc-ecosystem/grpc-gateway/runtime"

	"cosmossdk.io/core/appmodule"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/codec"
	codectypes "github.com/cosmos/cosmos-sdk/codec/types"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/types/module"

	"github.com/ballast-finance/ballast/x/rebalance/keeper"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

var (
	_ module.AppModuleBasic      = AppModule{}
	_ module.HasGenesis          = AppModule{}
	_ module.HasServices         = AppModule{}
	_ module.HasConsensusVersion = AppModule{}
	_ appmodule.AppModule        = AppModule{}
	_ appmodule.HasEndBlocker    = AppModule{}
)

// AppModule is the module as an application mounts it.
type AppModule struct{ k keeper.Keeper }

// NewAppModule makes the module.
func NewAppModule(k keeper.Keeper) AppModule { return AppModule{k} }

// IsOnePerModuleType marks the module for the application.
func (AppModule) IsOnePerModuleType() {}

// IsAppModule marks the module for the application.
func (AppModule) IsAppModule() {}

// Name is the module's name.
func (AppModule) Name() string { return types.ModuleName }

// ConsensusVersion counts the layouts of the store, from 1: one more than there are migrations.
func (m AppModule) ConsensusVersion() uint64 { return uint64(len(m.k.Migrations())) + 1 }

// RegisterLegacyAminoCodec has nothing to do: amino signs by the options of the messages.
func (AppModule) RegisterLegacyAminoCodec(*codec.LegacyAmino) {}

// RegisterInterfaces registers the messages.
func (AppModule) RegisterInterfaces(r codectypes.InterfaceRegistry) { types.RegisterInterfaces(r) }

// RegisterGRPCGatewayRoutes serves the queries over REST.
func (AppModule) RegisterGRPCGatewayRoutes(c client.Context, mux *runtime.ServeMux) {
	if err := types.RegisterQueryHandlerClient(context.Background(), mux, types.NewQueryClient(c)); err != nil {
		panic(err) //nolint:forbidigo // while a node starts
	}
}

// RegisterServices serves messages and queries, and registers the migrations.
func (m AppModule) RegisterServices(cfg module.Configurator) {
	types.RegisterMsgServer(cfg.MsgServer(), keeper.NewMsgServer(m.k))
	types.RegisterQueryServer(cfg.QueryServer(), keeper.NewQueryServer(m.k))
	for i, migrate := range m.k.Migrations() {
		from := uint64(i) + 1
		if err := cfg.RegisterMigration(types.ModuleName, from, migrate); err != nil {
			panic(err) //nolint:forbidigo // while a node starts
		}
	}
}

// DefaultGenesis is a chain before its first round.
func (AppModule) DefaultGenesis(c codec.JSONCodec) json.RawMessage {
	return c.MustMarshalJSON(types.DefaultGenesis())
}

// ValidateGenesis checks a genesis.
func (AppModule) ValidateGenesis(c codec.JSONCodec, _ client.TxEncodingConfig, b json.RawMessage) error {
	var g types.GenesisState
	if err := c.UnmarshalJSON(b, &g); err != nil {
		return types.ErrGenesis.Wrap(err.Error())
	}
	return g.Validate()
}

// InitGenesis stores a genesis. A chain must not start with half of one.
func (m AppModule) InitGenesis(ctx sdk.Context, c codec.JSONCodec, b json.RawMessage) {
	var g types.GenesisState
	c.MustUnmarshalJSON(b, &g)
	if err := m.k.InitGenesis(ctx, &g); err != nil {
		panic(err) //nolint:forbidigo // see above
	}
}

// ExportGenesis reads everything that is stored.
func (m AppModule) ExportGenesis(ctx sdk.Context, c codec.JSONCodec) json.RawMessage {
	g, err := m.k.ExportGenesis(ctx)
	if err != nil {
		panic(err) //nolint:forbidigo // half an export is worse than none
	}
	return c.MustMarshalJSON(g)
}

// EndBlock takes the round as far as the block's work lasts.
func (m AppModule) EndBlock(ctx context.Context) error { return m.k.EndBlock(ctx) }
