package app

import (
	"encoding/json"

	"github.com/cosmos/cosmos-sdk/baseapp"
	"github.com/cosmos/cosmos-sdk/codec"
	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	gmp "github.com/cosmos/ibc-go/v11/modules/apps/27-gmp"
	gmpkeeper "github.com/cosmos/ibc-go/v11/modules/apps/27-gmp/keeper"
	gmptypes "github.com/cosmos/ibc-go/v11/modules/apps/27-gmp/types"
	ica "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts"
	icacontroller "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/controller"
	icacontrollerkeeper "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/controller/keeper"
	icacontrollertypes "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/controller/types"
	icagenesis "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/genesis/types"
	icahost "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/host"
	icahostkeeper "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/host/keeper"
	icahosttypes "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/host/types"
	ibccallbacks "github.com/cosmos/ibc-go/v11/modules/apps/callbacks"
	ibccallbacksv2 "github.com/cosmos/ibc-go/v11/modules/apps/callbacks/v2"
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
	channeltypesv2 "github.com/cosmos/ibc-go/v11/modules/core/04-channel/v2/types"
	porttypes "github.com/cosmos/ibc-go/v11/modules/core/05-port/types"
	ibcapi "github.com/cosmos/ibc-go/v11/modules/core/api"
	ibcexported "github.com/cosmos/ibc-go/v11/modules/core/exported"
	ibckeeper "github.com/cosmos/ibc-go/v11/modules/core/keeper"
	ibctm "github.com/cosmos/ibc-go/v11/modules/light-clients/07-tendermint"

	auctiontypes "github.com/ballast-finance/ballast/x/auction/types"
	"github.com/ballast-finance/ballast/x/portfolio"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

// maxCallbackGas bounds what the end of a portfolio's transfer may cost whoever relays it: reading and writing the
// largest portfolio. With less gas left the relayer's transaction fails and can be sent again.
const maxCallbackGas = 50_000_000

// IBC are the keepers of the interchain.
type IBC struct {
	IBCKeeper     *ibckeeper.Keeper
	Transfer      *transferkeeper.Keeper
	ICAHost       *icahostkeeper.Keeper
	ICAController *icacontrollerkeeper.Keeper
	PacketForward *pfmkeeper.Keeper
	RateLimit     *ratelimitkeeper.Keeper
	GMP           *gmpkeeper.Keeper

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
	x.GMP = gmpkeeper.NewKeeper(
		app.cdc, app.store(gmptypes.StoreKey), k.Account, gate{app.MsgServiceRouter(), x.ICAHost}, authority)
	x.tendermint = ibctm.NewLightClientModule(app.cdc, x.IBCKeeper.ClientKeeper.GetStoreProvider())
	x.IBCKeeper.ClientKeeper.AddRoute(ibctm.ModuleName, &x.tendermint)
}

// routePackets says which module a packet goes to. Transfers pass the limits before they move anything, and portfolios
// hear of the end of theirs after the money is back.
func (app *App) routePackets() {
	x, callbacks := &app.IBC, portfolio.NewCallbacks(app.Portfolio)
	transfers := porttypes.NewIBCStackBuilder(x.IBCKeeper.ChannelKeeper).
		Base(transfer.NewIBCModule(x.Transfer)).
		Next(packetforward.NewIBCMiddleware(x.PacketForward, 0, pfmkeeper.DefaultForwardTransferPacketTimeoutTimestamp)).
		Next(ibccallbacks.NewIBCMiddleware(callbacks, maxCallbackGas)).
		Next(ratelimiting.NewIBCMiddleware(x.RateLimit)).
		Build()
	x.IBCKeeper.SetRouter(porttypes.NewRouter().
		AddRoute(transfertypes.ModuleName, transfers).
		AddRoute(icacontrollertypes.SubModuleName, icacontroller.NewIBCMiddleware(x.ICAController)).
		AddRoute(icahosttypes.SubModuleName, icahost.NewIBCModule(x.ICAHost)))
	v2 := x.IBCKeeper.ChannelKeeperV2
	called := ibccallbacksv2.NewIBCMiddleware(transferv2.NewIBCModule(x.Transfer), v2, callbacks, v2, maxCallbackGas)
	x.IBCKeeper.SetRouterV2(ibcapi.NewRouter().
		AddRoute(transfertypes.PortID, ratelimitingv2.NewIBCMiddleware(*x.RateLimit, called, v2, v2)).
		AddRoute(gmptypes.PortID, incoming{gmp.NewIBCModule(x.GMP)}))
}

// RemoteMessages are what an account on another chain may do here, by interchain account or by GMP: run portfolios,
// take part in auctions, and send its money on. There is nothing in it that runs other messages (authz), that votes or
// stakes, or that an authority sends. A new chain starts with it; governance changes it in the params of the host.
func RemoteMessages() []string {
	messages := []sdk.Msg{
		&portfoliotypes.MsgCreate{}, &portfoliotypes.MsgUpdateTargets{}, &portfoliotypes.MsgUpdatePolicy{},
		&portfoliotypes.MsgUpdateLimits{}, &portfoliotypes.MsgUpdateController{}, &portfoliotypes.MsgWithdraw{},
		&portfoliotypes.MsgPause{}, &portfoliotypes.MsgResume{}, &portfoliotypes.MsgClose{},
		&portfoliotypes.MsgTransferOwnership{}, &portfoliotypes.MsgAcceptOwnership{}, &portfoliotypes.MsgSetTrustee{},
		&portfoliotypes.MsgCreateOrder{}, &portfoliotypes.MsgCancelOrder{}, &portfoliotypes.MsgReleaseEarmark{},
		&portfoliotypes.MsgAddPayment{}, &portfoliotypes.MsgCancelPayment{}, &portfoliotypes.MsgRetryPayment{},
		&portfoliotypes.MsgReleaseHalt{}, &portfoliotypes.MsgRaiseBudget{},
		&auctiontypes.MsgBid{}, &auctiontypes.MsgCancelBid{}, &auctiontypes.MsgSell{}, &auctiontypes.MsgCancelSale{},
		&auctiontypes.MsgClaim{},
		&banktypes.MsgSend{}, &transfertypes.MsgTransfer{},
	}
	urls := make([]string, len(messages))
	for i, m := range messages {
		urls[i] = sdk.MsgTypeURL(m)
	}
	return urls
}

// accounts is the module of interchain accounts with our list instead of "everything".
type accounts struct{ ica.AppModule }

// DefaultGenesis lets interchain accounts do RemoteMessages.
func (accounts) DefaultGenesis(c codec.JSONCodec) json.RawMessage {
	g := icagenesis.DefaultGenesis()
	g.HostGenesisState.Params = icahosttypes.NewParams(true, RemoteMessages())
	return c.MustMarshalJSON(g)
}

// incoming marks calls from other chains, so that the gate knows them from what the module itself sends.
type incoming struct{ *gmp.IBCModule }

// arrivedKey marks the context of a call from another chain.
type arrivedKey struct{}

// OnRecvPacket handles a call from another chain.
func (m incoming) OnRecvPacket(
	ctx sdk.Context, source, destination string, sequence uint64, payload channeltypesv2.Payload, relayer sdk.AccAddress,
) channeltypesv2.RecvPacketResult {
	return m.IBCModule.OnRecvPacket(ctx.WithValue(arrivedKey{}, true), source, destination, sequence, payload, relayer)
}

// gate routes messages of GMP. Those from other chains pass the list of the host of interchain accounts, so that there
// is one list for both.
type gate struct {
	router *baseapp.MsgServiceRouter
	host   *icahostkeeper.Keeper
}

var _ gmptypes.MessageRouter = gate{}

// Handler returns what runs a message, or refuses it.
func (g gate) Handler(msg sdk.Msg) baseapp.MsgServiceHandler {
	run := g.router.Handler(msg)
	if run == nil {
		return nil
	}
	return func(ctx sdk.Context, msg sdk.Msg) (*sdk.Result, error) {
		if arrived, _ := ctx.Value(arrivedKey{}).(bool); !arrived {
			return run(ctx, msg)
		}
		p := g.host.GetParams(ctx)
		if !p.HostEnabled || !icahosttypes.ContainsMsgType(p.AllowMessages, msg) {
			return nil, sdkerrors.ErrUnauthorized.Wrapf("expected a message that other chains may send here, got %s",
				sdk.MsgTypeURL(msg))
		}
		return run(ctx, msg)
	}
}
