package app

import (
	icacontroller "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/controller"
	icacontrollerkeeper "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/controller/keeper"
	icacontrollertypes "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/controller/types"
	icahost "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/host"
	icahostkeeper "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/host/keeper"
	icahosttypes "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/host/types"
	packetforward "github.com/cosmos/ibc-go/v11/modules/apps/packet-forward-middleware"
	pfmkeeper "github.com/cosmos/ibc-go/v11/modules/apps/packet-forward-middleware/keeper"
	pfmtypes "github.com/cosmos/ibc-go/v11/modules/apps/packet-forward-middleware/types"
	ratelimiting "github.com/cosmos/ibc-go/v11/modules/apps/rate-limiting"
	ratelimitkeeper "github.com/cosmos/ibc-go/v11/modules/apps/rate-limiting/keeper"
	ratelimittypes "github.com/cosmos/ibc-go/v11/modules/apps/rate-limiting/types"
	ratelimitingv2 "github.com/cosmos/ibc-go/v11/modules/apps/rate-limiting/v2"
	"github.com/cosmos/ibc-go/v11/modules/apps/transfer"
	transferkeeper "github.com/cosmos/ibc-go/v11/modules/apps/transfer/keeper"
	transfertypes "github.com/cosmos/ibc-go/v11/modules/apps/transfer/types"
	transferv2 "github.com/cosmos/ibc-go/v11/modules/apps/transfer/v2"
	porttypes "github.com/cosmos/ibc-go/v11/modules/core/05-port/types"
	ibcapi "github.com/cosmos/ibc-go/v11/modules/core/api"
	ibcexported "github.com/cosmos/ibc-go/v11/modules/core/exported"
	ibckeeper "github.com/cosmos/ibc-go/v11/modules/core/keeper"
	ibctm "github.com/cosmos/ibc-go/v11/modules/light-clients/07-tendermint"
)

// IBC are the keepers of the interchain.
type IBC struct {
	IBCKeeper     *ibckeeper.Keeper
	Transfer      *transferkeeper.Keeper
	ICAHost       *icahostkeeper.Keeper
	ICAController *icacontrollerkeeper.Keeper
	PacketForward *pfmkeeper.Keeper
	RateLimit     *ratelimitkeeper.Keeper

	tendermint ibctm.LightClientModule
}

// newIBC makes the keepers and the way of a packet through them.
func (app *App) newIBC() {
	k, x, authority := &app.Keepers, &app.IBC, Authority()
	x.IBCKeeper = ibckeeper.NewKeeper(app.cdc, app.store(ibcexported.StoreKey), k.Upgrade, authority)
	channels := x.IBCKeeper.ChannelKeeper
	x.ICAController = icacontrollerkeeper.NewKeeper(
		app.cdc, app.store(icacontrollertypes.StoreKey), channels, app.MsgServiceRouter(), authority)
	x.ICAHost = icahostkeeper.NewKeeper(
		app.cdc, app.store(icahosttypes.StoreKey), channels, k.Account, app.MsgServiceRouter(), app.GRPCQueryRouter(),
		authority)
	x.Transfer = transferkeeper.NewKeeper(
		app.cdc, app.addresses.account, app.store(transfertypes.StoreKey), channels, app.MsgServiceRouter(), k.Account,
		k.Bank, authority)
	x.RateLimit = ratelimitkeeper.NewKeeper(
		app.cdc, app.addresses.account, app.store(ratelimittypes.StoreKey), channels, x.IBCKeeper.ClientKeeper, k.Bank,
		authority)
	x.PacketForward = pfmkeeper.NewKeeper(
		app.cdc, app.addresses.account, app.store(pfmtypes.StoreKey), x.Transfer, channels, k.Bank, authority)
	app.routePackets()
	x.tendermint = ibctm.NewLightClientModule(app.cdc, x.IBCKeeper.ClientKeeper.GetStoreProvider())
	x.IBCKeeper.ClientKeeper.AddRoute(ibctm.ModuleName, &x.tendermint)
}

// routePackets says which module a packet goes to. Transfers pass the limits before they move anything.
func (app *App) routePackets() {
	x := &app.IBC
	transfers := porttypes.NewIBCStackBuilder(x.IBCKeeper.ChannelKeeper).
		Base(transfer.NewIBCModule(x.Transfer)).
		Next(packetforward.NewIBCMiddleware(x.PacketForward, 0, pfmkeeper.DefaultForwardTransferPacketTimeoutTimestamp)).
		Next(ratelimiting.NewIBCMiddleware(x.RateLimit)).
		Build()
	x.IBCKeeper.SetRouter(porttypes.NewRouter().
		AddRoute(transfertypes.ModuleName, transfers).
		AddRoute(icacontrollertypes.SubModuleName, icacontroller.NewIBCMiddleware(x.ICAController)).
		AddRoute(icahosttypes.SubModuleName, icahost.NewIBCModule(x.ICAHost)))
	v2 := x.IBCKeeper.ChannelKeeperV2
	x.IBCKeeper.SetRouterV2(ibcapi.NewRouter().
		AddRoute(transfertypes.PortID,
			ratelimitingv2.NewIBCMiddleware(*x.RateLimit, transferv2.NewIBCModule(x.Transfer), v2, v2)))
}
