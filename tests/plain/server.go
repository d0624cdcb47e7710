package main

import (
	"cosmossdk.io/client/v2/autocli"
	"cosmossdk.io/core/appmodule"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	"github.com/cosmos/cosmos-sdk/client/grpc/node"
	addresscodec "github.com/cosmos/cosmos-sdk/codec/address"
	"github.com/cosmos/cosmos-sdk/runtime/services"
	"github.com/cosmos/cosmos-sdk/server"
	"github.com/cosmos/cosmos-sdk/server/api"
	"github.com/cosmos/cosmos-sdk/server/config"
	servertypes "github.com/cosmos/cosmos-sdk/server/types"
	"github.com/cosmos/cosmos-sdk/x/auth/tx"
)

var _ servertypes.Application = (*plain)(nil)

// RegisterAPIRoutes serves the queries over HTTP.
func (a *plain) RegisterAPIRoutes(s *api.Server, _ config.APIConfig) {
	tx.RegisterGRPCGatewayRoutes(s.ClientCtx, s.GRPCGatewayRouter)
	cmtservice.RegisterGRPCGatewayRoutes(s.ClientCtx, s.GRPCGatewayRouter)
	node.RegisterGRPCGatewayRoutes(s.ClientCtx, s.GRPCGatewayRouter)
	a.basics.RegisterGRPCGatewayRoutes(s.ClientCtx, s.GRPCGatewayRouter)
}

// RegisterTxService serves transactions.
func (a *plain) RegisterTxService(c client.Context) {
	tx.RegisterTxService(a.GRPCQueryRouter(), c, a.Simulate, a.registry)
}

// RegisterTendermintService serves blocks and validators.
func (a *plain) RegisterTendermintService(c client.Context) {
	cmtservice.RegisterTendermintService(c, a.GRPCQueryRouter(), a.registry, server.NewCometABCIWrapper(a).Query)
}

// RegisterNodeService serves what the node is.
func (a *plain) RegisterNodeService(c client.Context, cfg config.Config) {
	earliest := func() int64 { return a.CommitMultiStore().EarliestVersion() }
	node.RegisterNodeService(c, a.GRPCQueryRouter(), cfg, earliest)
}

// autoCLI describes the commands that are made from the services.
func (a *plain) autoCLI() autocli.AppOptions {
	modules := make(map[string]appmodule.AppModule)
	for name, m := range a.modules.Modules {
		if am, ok := m.(appmodule.AppModule); ok {
			modules[name] = am
		}
	}

	return autocli.AppOptions{
		Modules: modules, ModuleOptions: services.ExtractAutoCLIOptions(a.modules.Modules),
		AddressCodec:          addresscodec.NewBech32Codec(prefix),
		ValidatorAddressCodec: addresscodec.NewBech32Codec(prefix + "valoper"),
		ConsensusAddressCodec: addresscodec.NewBech32Codec(prefix + "valcons"),
	}
}
