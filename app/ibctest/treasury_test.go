package ibctest_test

import (
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"
	"github.com/cosmos/gogoproto/proto"
	gmptypes "github.com/cosmos/ibc-go/v11/modules/apps/27-gmp/types"
	controllertypes "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/controller/types"
	icatypes "github.com/cosmos/ibc-go/v11/modules/apps/27-interchain-accounts/types"
	transfertypes "github.com/cosmos/ibc-go/v11/modules/apps/transfer/types"
	channeltypes "github.com/cosmos/ibc-go/v11/modules/core/04-channel/types"
	channeltypesv2 "github.com/cosmos/ibc-go/v11/modules/core/04-channel/v2/types"
	hostv2 "github.com/cosmos/ibc-go/v11/modules/core/24-host/v2"
	ibctesting "github.com/cosmos/ibc-go/v11/testing"

	"github.com/ballast-finance/ballast/app"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

// treasury is an account of the first chain that acts on the second one.
type treasury struct {
	w       *world
	way     *ibctesting.Path // of its money
	account string           // on the second chain
	asset   int              // what its money is there
	// call sends messages and reports whether they ran.
	call func(msgs ...proto.Message) bool
	// fund sends native coins to its account there.
	fund func(n int64)
	// home is where its money goes on the first chain.
	home func(n int64) *transfertypes.MsgTransfer
	// carry relays what the last call sent there.
	carry func()
	// again brings the last call there a second time.
	again  func()
	last   []byte       // answer to the last call
	events []abci.Event // of the last call there
}

// byAccount is a treasury with an interchain account.
func byAccount(t *testing.T) *treasury {
	t.Helper()
	w := newWorld(t, 2)
	x := &treasury{w: w, way: w.link(0, 1), asset: byChannel}
	a, b := w.chains[0], w.chains[1]
	path := ibctesting.NewPath(a.TestChain, b.TestChain)
	path.EndpointA.ClientID, path.EndpointA.ConnectionID = x.way.EndpointA.ClientID, x.way.EndpointA.ConnectionID
	path.EndpointB.ClientID, path.EndpointB.ConnectionID = x.way.EndpointB.ClientID, x.way.EndpointB.ConnectionID
	owner, connection := a.sender().String(), path.EndpointA.ConnectionID
	version := icatypes.NewDefaultMetadataString(connection, path.EndpointB.ConnectionID)
	res, err := a.SendMsgs(controllertypes.NewMsgRegisterInterchainAccount(
		connection, owner, version, channeltypes.UNORDERED))
	require.NoError(t, err)
	path.EndpointA.ChannelID, err = ibctesting.ParseChannelIDFromEvents(res.Events)
	require.NoError(t, err)
	port, err := icatypes.NewControllerPortID(owner)
	require.NoError(t, err)
	for _, e := range []*ibctesting.Endpoint{path.EndpointA, path.EndpointB} {
		e.ChannelConfig.PortID, e.ChannelConfig.Order, e.ChannelConfig.Version = port, channeltypes.UNORDERED, version
	}
	path.EndpointB.ChannelConfig.PortID = icatypes.HostPortID
	path.DisableUniqueChannelIDs()
	require.NoError(t, path.EndpointB.ChanOpenTry())
	require.NoError(t, path.EndpointA.ChanOpenAck())
	require.NoError(t, path.EndpointB.ChanOpenConfirm())
	var found bool
	x.account, found = a.app.ICAController.GetInterchainAccountAddress(a.GetContext(), connection, port)
	require.True(t, found)

	x.call = func(msgs ...proto.Message) bool {
		data, err := icatypes.SerializeCosmosTx(a.app.AppCodec(), msgs, icatypes.EncodingProtobuf)
		require.NoError(t, err)
		res, err := a.SendMsgs(controllertypes.NewMsgSendTx(owner, connection, uint64(time.Hour),
			icatypes.InterchainAccountPacketData{Type: icatypes.EXECUTE_TX, Data: data}))
		require.NoError(t, err)
		packet, err := ibctesting.ParseV1PacketFromEvents(res.Events)
		require.NoError(t, err)
		ran, answer, err := path.RelayPacketWithResults(packet)
		require.NoError(t, err)
		x.last, x.events = answer, ran.Events
		x.again = func() { _ = path.EndpointB.RecvPacket(packet) } // refused or without effect
		var ack channeltypes.Acknowledgement
		require.NoError(t, channeltypes.SubModuleCdc.UnmarshalJSON(x.last, &ack))
		return ack.Success()
	}
	x.fund = func(n int64) { require.NoError(t, x.way.RelayPacket(w.money(x.way.EndpointA, x.account, n, ""))) }
	x.carry = func() {
		packet, err := ibctesting.ParseV1PacketFromEvents(x.events)
		require.NoError(t, err)
		require.NoError(t, x.way.RelayPacket(packet))
	}
	x.home = func(n int64) *transfertypes.MsgTransfer {
		return transfertypes.NewMsgTransfer(transfertypes.PortID, "channel-0", coin(byChannel, n), x.account, owner,
			a.GetTimeoutHeight(), 0, "")
	}
	return x
}

// byCall is a treasury that calls by GMP.
func byCall(t *testing.T) *treasury {
	t.Helper()
	w := newWorld(t, 2)
	x := &treasury{w: w, way: w.linkV2(), asset: byClient}
	a, b, from := w.chains[0], w.chains[1], x.way.EndpointA
	owner, salt := a.sender().String(), []byte("treasury")
	id := gmptypes.NewAccountIdentifier(x.way.EndpointB.ClientID, owner, salt)
	var err error
	x.account, err = b.app.GMP.GetOrComputeICS27Address(b.GetContext(), &id)
	require.NoError(t, err)
	relay := func(msg sdk.Msg) channeltypesv2.Acknowledgement {
		res, err := a.SendMsgs(msg)
		require.NoError(t, err)
		packet, err := ibctesting.ParseV2PacketFromEvents(res.Events)
		require.NoError(t, err)
		require.NoError(t, x.way.EndpointB.UpdateClient())
		proof, height := from.QueryProof(hostv2.PacketCommitmentKey(packet.SourceClient, packet.Sequence))
		res, err = b.SendMsgs(channeltypesv2.NewMsgRecvPacket(packet, proof, height, b.sender().String()))
		require.NoError(t, err)
		x.events = res.Events
		x.again = func() { _ = x.way.EndpointB.MsgRecvPacket(packet) }
		text, err := ibctesting.ParseAckV2FromEvents(res.Events)
		require.NoError(t, err)
		var ack channeltypesv2.Acknowledgement
		require.NoError(t, proto.Unmarshal(text, &ack))
		require.NoError(t, from.UpdateClient())
		require.NoError(t, from.MsgAcknowledgePacket(packet, ack))
		return ack
	}
	x.carry = func() {
		packet, err := ibctesting.ParseV2PacketFromEvents(x.events)
		require.NoError(t, err)
		require.NoError(t, from.UpdateClient())
		require.NoError(t, x.way.EndpointB.RelayPacket(packet))
	}
	x.call = func(msgs ...proto.Message) bool {
		payload, err := gmptypes.SerializeCosmosTx(a.app.AppCodec(), msgs)
		require.NoError(t, err)
		ack := relay(gmptypes.NewMsgSendCall(from.ClientID, owner, "", payload, salt, a.GetTimeoutTimestampSecs(),
			gmptypes.EncodingProtobuf, ""))
		x.last = ack.AppAcknowledgements[0]
		return ack.Success()
	}
	x.fund = func(n int64) { require.True(t, relay(transferV2(a, from.ClientID, native, n, x.account)).Success()) }
	x.home = func(n int64) *transfertypes.MsgTransfer {
		msg := transferV2(b, x.way.EndpointB.ClientID, byClient, n, owner)
		msg.Sender = x.account
		return msg
	}
	return x
}

// transferV2 is a transfer over IBC v2 by the first account of a chain.
func transferV2(c *chain, client string, i int, n int64, to string) *transfertypes.MsgTransfer {
	return &transfertypes.MsgTransfer{
		SourcePort: transfertypes.PortID, SourceChannel: client, Token: coin(i, n), Sender: c.sender().String(),
		Receiver: to, TimeoutTimestamp: c.GetTimeoutTimestampSecs(), Encoding: transfertypes.EncodingProtobuf,
	}
}

// TestTreasuryByAccount: a treasury on another chain runs a portfolio here through an interchain account.
func TestTreasuryByAccount(t *testing.T) { runs(t, byAccount(t)) }

// TestTreasuryByCall: the same through GMP.
func TestTreasuryByCall(t *testing.T) { runs(t, byCall(t)) }

// runs opens, funds, updates, pauses, pays and withdraws.
func runs(t *testing.T, x *treasury) {
	t.Helper()
	b := x.w.chains[1]
	account := sdk.MustAccAddressFromBech32(x.account)
	policy := b.written(x.asset)
	create := &portfoliotypes.MsgCreate{Owner: x.account, Name: "Treasury", Policy: policy}
	require.True(t, x.call(create), "open: %s", x.last)
	require.Equal(t, x.account, b.portfolio().Owner)

	x.fund(1000)
	require.EqualValues(t, 1000, b.held(account, x.asset))
	deposit := banktypes.NewMsgSend(account, portfoliotypes.Account(1), sdk.NewCoins(coin(x.asset, 900)))
	require.True(t, x.call(deposit), "fund: %s", x.last)

	policy.Positions[0].Weight, policy.Positions[1].Weight = "0.5", "0.5"
	update := &portfoliotypes.MsgUpdatePolicy{Owner: x.account, Id: 1, Policy: policy}
	require.True(t, x.call(update), "update: %s", x.last)
	require.Equal(t, "0.5", b.portfolio().Policy.Positions[0].Weight)

	require.True(t, x.call(
		&portfoliotypes.MsgPause{Sender: x.account, Id: 1}, &portfoliotypes.MsgResume{Sender: x.account, Id: 1},
		&portfoliotypes.MsgPause{Sender: x.account, Id: 1, Payments: true},
	), "pause: %s", x.last)
	require.True(t, b.portfolio().PaymentsPaused)

	withdraw := &portfoliotypes.MsgWithdraw{Owner: x.account, Id: 1, Amount: sdk.NewCoins(coin(x.asset, 400))}
	before := b.held(account, x.asset)
	require.True(t, x.call(withdraw), "withdraw: %s", x.last)
	require.Equal(t, before+400, b.held(account, x.asset))
	require.False(t, x.call(withdraw, withdraw), "more than there is")
	require.Equal(t, before+400, b.held(account, x.asset), "all messages of a call or none")

	require.True(t, x.call(&portfoliotypes.MsgClose{Owner: x.account, Id: 1}), "close: %s", x.last)
	require.EqualValues(t, 1000, b.held(account, x.asset))
	at := x.w.chains[0].held(x.w.chains[0].sender(), native)
	require.True(t, x.call(x.home(1000)), "home: %s", x.last)
	x.carry()
	require.Equal(t, at+1000, x.w.chains[0].held(x.w.chains[0].sender(), native))
}

// TestReplayedCall: a call that is brought a second time does not run again.
func TestReplayedCall(t *testing.T) {
	for name, fresh := range map[string]func(*testing.T) *treasury{"account": byAccount, "call": byCall} {
		t.Run(name, func(t *testing.T) {
			x := fresh(t)
			b := x.w.chains[1]
			create := &portfoliotypes.MsgCreate{Owner: x.account, Name: "Once", Policy: b.written(foo)}
			require.True(t, x.call(create), "%s", x.last)
			x.again()
			next, err := b.app.Portfolio.NextID.Get(b.GetContext())
			require.NoError(t, err)
			require.EqualValues(t, 2, next)
		})
	}
}

// TestOffTheList: what another chain may not do here is refused, by both ways, and changes nothing.
func TestOffTheList(t *testing.T) {
	for name, fresh := range map[string]func(*testing.T) *treasury{"account": byAccount, "call": byCall} {
		t.Run(name, func(t *testing.T) {
			x := fresh(t)
			b := x.w.chains[1]
			account := sdk.MustAccAddressFromBech32(x.account)
			x.fund(100)
			inner := banktypes.NewMsgSend(account, b.sender(), sdk.NewCoins(coin(x.asset, 1)))
			exec := authz.NewMsgExec(account, []sdk.Msg{inner})
			vote := govtypes.NewMsgVote(account, 1, govtypes.OptionYes, "")
			stake := stakingtypes.NewMsgDelegate(x.account, b.sender().String(), coin(native, 1))
			params := &portfoliotypes.MsgUpdateParams{Authority: x.account, Params: portfoliotypes.DefaultParams()}
			send := channeltypesv2.NewMsgSendPacket("07-tendermint-0", b.GetTimeoutTimestampSecs(), x.account)
			for _, msg := range []proto.Message{
				&exec, vote, stake, params, send, controllertypes.NewMsgRegisterInterchainAccount(
					"connection-0", x.account, "", channeltypes.UNORDERED),
			} {
				require.False(t, x.call(msg), "%T", msg)
				require.False(t, x.call(inner, msg), "%T behind one that is allowed", msg)
			}
			require.EqualValues(t, 100, b.held(account, x.asset))
			theft := banktypes.NewMsgSend(b.sender(), account, sdk.NewCoins(coin(native, 1)))
			require.False(t, x.call(theft), "a message of somebody else")
			require.True(t, x.call(inner))
		})
	}
}

// TestOneList: governance changes one list, and both ways follow it.
func TestOneList(t *testing.T) {
	for name, fresh := range map[string]func(*testing.T) *treasury{"account": byAccount, "call": byCall} {
		t.Run(name, func(t *testing.T) {
			x := fresh(t)
			b := x.w.chains[1]
			require.Equal(t, app.RemoteMessages(), b.app.ICAHost.GetParams(b.GetContext()).AllowMessages)
			x.fund(100)
			account := sdk.MustAccAddressFromBech32(x.account)
			send := banktypes.NewMsgSend(account, b.sender(), sdk.NewCoins(coin(x.asset, 1)))
			require.True(t, x.call(send))
			p := b.app.ICAHost.GetParams(b.GetContext())
			p.AllowMessages = p.AllowMessages[:5]
			b.app.ICAHost.SetParams(b.GetContext(), p)
			require.False(t, x.call(send))
		})
	}
}
