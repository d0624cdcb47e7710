package ibctest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	transfertypes "github.com/cosmos/ibc-go/v11/modules/apps/transfer/types"
	clienttypes "github.com/cosmos/ibc-go/v11/modules/core/02-client/types"
	channeltypes "github.com/cosmos/ibc-go/v11/modules/core/04-channel/types"
	ibctesting "github.com/cosmos/ibc-go/v11/testing"

	"github.com/ballast-finance/ballast/app"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

// overTwo is the first chain's coin on the third one, by way of the second.
func overTwo() string {
	hop := transfertypes.NewHop(transfertypes.PortID, "channel-0")
	return transfertypes.NewDenom(app.BondDenom, hop, hop).IBCDenom()
}

// forge sends a packet that the module of the other chain never made: the chain lies.
func forge(t *testing.T, e *ibctesting.Endpoint, data string) channeltypes.Acknowledgement {
	t.Helper()
	until := e.Counterparty.Chain.GetTimeoutTimestamp()
	sequence, err := e.SendPacket(clienttypes.ZeroHeight(), until, []byte(data))
	require.NoError(t, err)
	c, other := e.ChannelConfig, e.Counterparty
	p := channeltypes.NewPacket([]byte(data), sequence, c.PortID, e.ChannelID, other.ChannelConfig.PortID,
		other.ChannelID, clienttypes.ZeroHeight(), until)
	require.NoError(t, other.UpdateClient())
	res, err := other.RecvPacketWithResult(p)
	require.NoError(t, err)
	text, err := ibctesting.ParseAckFromEvents(res.Events)
	require.NoError(t, err)
	var ack channeltypes.Acknowledgement
	require.NoError(t, transfertypes.ModuleCdc.UnmarshalJSON(text, &ack))
	return ack
}

// TestLyingChain: a chain that says what it likes gets no more than it has brought, and is answered with an error.
func TestLyingChain(t *testing.T) {
	w := newWorld(t, 2)
	way := w.link(0, 1)
	a, b := w.chains[0], w.chains[1]
	mine := w.money(way.EndpointB, a.sender().String(), 70, "")
	require.NoError(t, way.RelayPacket(mine))
	thief := b.SenderAccounts[3].SenderAccount.GetAddress().String()
	packet := func(denom, amount, sender, receiver, memo string) string {
		return fmt.Sprintf(`{"denom":%q,"amount":%q,"sender":%q,"receiver":%q,"memo":%q}`,
			denom, amount, sender, receiver, memo)
	}
	back := "transfer/channel-0/" + app.BondDenom
	before := b.app.Bank.GetAllBalances(b.GetContext(), b.SenderAccounts[3].SenderAccount.GetAddress())
	for name, data := range map[string]string{
		"more than the escrow has": packet(back, "71", "x", thief, ""),
		"of another channel":       packet("transfer/channel-9/"+app.BondDenom, "0", "x", thief, ""),
		"negative":                 packet(back, "-1", "x", thief, ""),
		"no number":                packet(back, "1e3", "x", thief, ""),
		"more than 256 bits":       packet(app.BondDenom, "1"+strings.Repeat("0", 78), "x", thief, ""),
		"no receiver":              packet(app.BondDenom, "1", "x", "", ""),
		"a long receiver":          packet(app.BondDenom, "1", "x", strings.Repeat("y", 1<<17), ""),
		"a long memo":              packet(app.BondDenom, "1", "x", thief, strings.Repeat("z", 1<<17)),
		"no transfer":              `{"denom":`,
		"nothing":                  " ",
		"garbage":                  strings.Repeat("\x00", 1<<18),
		"to a module account":      packet(app.BondDenom, "1", "x", moduleAddress("auction"), ""),
		"calls a contract": packet(app.BondDenom, "1", "x", thief,
			`{"dest_callback":{"address":"ballast1contract"}}`),
		"calls a portfolio": packet(app.BondDenom, "1", "x", portfoliotypes.Account(1).String(),
			`{"dest_callback":{"address":"portfolio/1"}}`),
	} {
		ack := forge(t, way.EndpointA, data)
		require.False(t, ack.Success(), name)
	}
	require.Equal(t, before, b.app.Bank.GetAllBalances(b.GetContext(), b.SenderAccounts[3].SenderAccount.GetAddress()))
	require.Equal(t, "70", b.app.Bank.GetBalance(b.GetContext(),
		transfertypes.GetEscrowAddress(transfertypes.PortID, "channel-0"), app.BondDenom).Amount.String())

	for name, memo := range map[string]string{
		"brackets":        strings.Repeat("[", 30_000),
		"braces":          strings.Repeat(`{"a":`, 5_000) + "1" + strings.Repeat("}", 5_000),
		"another's words": `{"wasm":{"contract":"x","msg":{}}}`,
		"a source":        `{"src_callback":{"address":"portfolio/1"}}`,
	} {
		ack := forge(t, way.EndpointA, packet("umine", "5", "x", thief, memo))
		require.True(t, ack.Success(), "%s: a memo that says nothing to us", name)
	}
	own := transfertypes.NewDenom("umine", transfertypes.NewHop(transfertypes.PortID, "channel-0")).IBCDenom()
	require.Equal(t, "20", b.supply(own).String(), "what it mints is its own coin")
}

// TestNobodyElseIsCalled: an account may not name a portfolio, or a contract, as the one who hears of its transfer.
func TestNobodyElseIsCalled(t *testing.T) {
	w := newWorld(t, 2)
	way := w.link(0, 1)
	a := w.chains[0]
	start := a.held(a.sender(), native)
	for _, address := range []string{"portfolio/1", "ballast1contract", portfoliotypes.Account(1).String()} {
		_, err := a.SendMsgs(transfertypes.NewMsgTransfer(transfertypes.PortID, way.EndpointA.ChannelID, coin(native, 1),
			a.sender().String(), w.chains[1].sender().String(), w.chains[1].GetTimeoutHeight(), 0,
			`{"src_callback":{"address":"`+address+`"}}`))
		require.ErrorContains(t, err, "no contracts here")
	}
	require.Equal(t, start, a.held(a.sender(), native))
}

// TestReplay: a packet on an unordered channel runs once.
func TestReplay(t *testing.T) {
	w := newWorld(t, 2)
	way := w.link(0, 1)
	b := w.chains[1]
	start := b.held(b.sender(), byChannel)
	p := w.money(way.EndpointA, b.sender().String(), 10, "")
	require.NoError(t, way.EndpointB.UpdateClient())
	require.NoError(t, way.EndpointB.RecvPacket(p))
	_ = way.EndpointB.RecvPacket(p) // refused or without effect
	require.Equal(t, start+10, b.held(b.sender(), byChannel))
	changed := p
	changed.Data = []byte(strings.Replace(string(p.Data), `"10"`, `"99"`, 1))
	require.Error(t, way.EndpointB.RecvPacket(changed))
	require.Equal(t, start+10, b.held(b.sender(), byChannel))
}
