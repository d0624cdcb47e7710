package app

import (
	autocliv1 "cosmossdk.io/api/cosmos/autocli/v1"
	reflectionv1 "cosmossdk.io/api/cosmos/reflection/v1"
	"cosmossdk.io/client/v2/autocli"
	"cosmossdk.io/core/appmodule"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	"github.com/cosmos/cosmos-sdk/client/grpc/node"
	"github.com/cosmos/cosmos-sdk/runtime/services"
	"github.com/cosmos/cosmos-sdk/server"
	"github.com/cosmos/cosmos-sdk/server/api"
	"github.com/cosmos/cosmos-sdk/server/config"
	"github.com/cosmos/cosmos-sdk/x/auth/tx"

	"github.com/ballast-finance/ballast/app/openapi"
)

// registerReflection lets clients ask which services there are.
func (app *App) registerReflection() error {
	autocliv1.RegisterQueryServer(app.GRPCQueryRouter(), services.NewAutoCLIQueryService(app.ModuleManager.Modules))
	reflection, err := services.NewReflectionService()
	if err != nil {
		return err
	}
	reflectionv1.RegisterReflectionServiceServer(app.GRPCQueryRouter(), reflection)
	return nil
}

// RegisterAPIRoutes serves the queries over HTTP, and their description.
func (app *App) RegisterAPIRoutes(s *api.Server, _ config.APIConfig) {
	tx.RegisterGRPCGatewayRoutes(s.ClientCtx, s.GRPCGatewayRouter)
	cmtservice.RegisterGRPCGatewayRoutes(s.ClientCtx, s.GRPCGatewayRouter)
	node.RegisterGRPCGatewayRoutes(s.ClientCtx, s.GRPCGatewayRouter)
	app.BasicManager.RegisterGRPCGatewayRoutes(s.ClientCtx, s.GRPCGatewayRouter)
	s.Router.Handle(openapi.Path, openapi.Handler())
	s.Router.Handle(openapi.PagePath, openapi.Page())
}

// RegisterTxService serves transactions.
func (app *App) RegisterTxService(c client.Context) {
	tx.RegisterTxService(app.GRPCQueryRouter(), c, app.Simulate, app.registry)
}

// RegisterTendermintService serves blocks and validators.
func (app *App) RegisterTendermintService(c client.Context) {
	cmtservice.RegisterTendermintService(
		c, app.GRPCQueryRouter(), app.registry, server.NewCometABCIWrapper(app).Query)
}

// RegisterNodeService serves what the node is and where it stands.
func (app *App) RegisterNodeService(c client.Context, cfg config.Config) {
	earliest := func() int64 { return app.CommitMultiStore().EarliestVersion() }
	node.RegisterNodeService(c, app.GRPCQueryRouter(), cfg, earliest)
}

// AutoCLI describes the commands that are made from the services.
func (app *App) AutoCLI() autocli.AppOptions {
	modules := make(map[string]appmodule.AppModule)
	for name, m := range app.ModuleManager.Modules {
		if am, ok := m.(appmodule.AppModule); ok {
			modules[name] = am
		}
	}
	return autocli.AppOptions{
		Modules:               modules,
		ModuleOptions:         services.ExtractAutoCLIOptions(app.ModuleManager.Modules),
		AddressCodec:          app.addresses.account,
		ValidatorAddressCodec: app.addresses.validator,
		ConsensusAddressCodec: app.addresses.consensus,
	}
}
