package ibctest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	ratelimittypes "github.com/cosmos/ibc-go/v11/modules/apps/rate-limiting/types"
	channeltypes "github.com/cosmos/ibc-go/v11/modules/core/04-channel/types"
	channeltypesv2 "github.com/cosmos/ibc-go/v11/modules/core/04-channel/v2/types"
	ibctesting "github.com/cosmos/ibc-go/v11/testing"

	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

const (
	pays    = 200 // each time
	holds   = 1000
	minute  = 60
	timeout = 600
	soon    = 300 // seconds to the first payment
)

// payer is a portfolio on the second chain that pays somebody on the first one, in the first one's coin.
type payer struct {
	*world

	b    *chain
	way  *ibctesting.Path
	home sdk.AccAddress
}

// newPayer makes a portfolio 1 with money and one payment.
func newPayer(t *testing.T, v2 bool, recipient func(home sdk.AccAddress) string) *payer {
	t.Helper()
	x := &payer{world: newWorld(t, 2)}
	x.b, x.home = x.chains[1], x.chains[0].SenderAccounts[5].SenderAccount.GetAddress()
	i := byChannel
	if v2 {
		i, x.way = byClient, x.linkV2()
		a := x.chains[0]
		res, err := a.SendMsgs(transferV2(a, x.way.EndpointA.ClientID, native, holds, portfoliotypes.Account(1).String()))
		require.NoError(t, err)
		p, err := ibctesting.ParseV2PacketFromEvents(res.Events)
		require.NoError(t, err)
		require.NoError(t, x.way.EndpointB.UpdateClient())
		require.NoError(t, x.way.EndpointA.RelayPacket(p))
	} else {
		x.way = x.link(0, 1)
		require.NoError(t, x.way.RelayPacket(x.money(x.way.EndpointA, portfoliotypes.Account(1).String(), holds, "")))
	}
	_, err := x.b.SendMsgs(&portfoliotypes.MsgCreate{
		Owner: x.b.sender().String(), Name: "Payer", Policy: x.b.written(i), Payments: []portfoliotypes.PaymentTerms{{
			Amount: coin(i, pays), Schedule: portfoliotypes.Schedule{First: x.b.now() + soon},
			To: portfoliotypes.Destination{Recipient: recipient(x.home), Channel: end(x.way.EndpointB)},
		}},
	})
	require.NoError(t, err)
	require.EqualValues(t, holds, x.b.held(portfoliotypes.Account(1), i))
	return x
}

func properly(home sdk.AccAddress) string { return home.String() }

// sends makes the block in which the payment is due, and returns its packet.
func (x *payer) sends(later int64) channeltypes.Packet {
	x.t.Helper()
	require.Equal(x.t, []string{"PaymentMade"}, x.block(x.b, later))
	p, err := ibctesting.ParseV1PacketFromEvents(x.b.record.last)
	require.NoError(x.t, err)
	require.EqualValues(x.t, holds-pays, x.b.held(portfoliotypes.Account(1), byChannel))
	require.Equal(x.t, p.Sequence, x.payment().InFlight)
	return p
}

// payment is the one that there is.
func (x *payer) payment() portfoliotypes.Payment {
	x.t.Helper()
	list := x.b.portfolio().Payments
	require.Len(x.t, list, 1)
	return list[0]
}

// waits says that the payment is due again, with all the money back.
func (x *payer) waits(i int, failures uint32, why portfoliotypes.Return) {
	x.t.Helper()
	p := x.payment()
	require.Equal(x.t, failures, p.Failures)
	require.Equal(x.t, why, p.Returned)
	require.Zero(x.t, p.InFlight)
	require.EqualValues(x.t, holds, x.b.held(portfoliotypes.Account(1), i))
}

// TestPaymentGoesHome: a scheduled payment arrives on the other chain, and only then it is done.
func TestPaymentGoesHome(t *testing.T) {
	x := newPayer(t, false, properly)
	before := x.chains[0].held(x.home, native)
	p := x.sends(soon)
	require.NoError(t, x.way.RelayPacket(p))
	require.Equal(t, before+pays, x.chains[0].held(x.home, native))
	require.Empty(t, x.b.portfolio().Payments)
	require.Error(t, x.way.EndpointB.TimeoutPacket(p), "it has arrived")
	require.EqualValues(t, holds-pays, x.b.held(portfoliotypes.Account(1), byChannel))
}

// TestPaymentTimesOut: nobody takes the packet: the money is back, the payment is due again and is made once.
func TestPaymentTimesOut(t *testing.T) {
	x := newPayer(t, false, properly)
	a, before := x.chains[0], x.chains[0].held(x.home, native)
	p := x.sends(soon)
	require.NoError(t, x.way.EndpointB.UpdateClient())
	require.Error(t, x.way.EndpointB.TimeoutPacket(p), "too early")
	x.block(a, timeout+minute)
	require.NoError(t, x.way.EndpointB.UpdateClient())
	require.NoError(t, x.way.EndpointB.TimeoutPacket(p))
	x.waits(byChannel, 1, portfoliotypes.Return_RETURN_TIMEOUT)
	next := x.payment().NextAttempt

	_ = x.way.EndpointB.TimeoutPacket(p) // a second relayer: nothing happens
	x.waits(byChannel, 1, portfoliotypes.Return_RETURN_TIMEOUT)
	require.NoError(t, x.way.EndpointA.UpdateClient())
	require.Error(t, x.way.EndpointA.RecvPacket(p), "too late")
	require.Equal(t, before, a.held(x.home, native))

	again := x.sends(next - x.b.now())
	require.NotEqual(t, p.Sequence, again.Sequence)
	require.NoError(t, x.way.RelayPacket(again))
	require.Equal(t, before+pays, a.held(x.home, native))
	require.Empty(t, x.b.portfolio().Payments)
}

// TestPaymentRefusedThere: a recipient that the other chain does not know. After three times the payment waits for its
// owner, who pays it somewhere else.
func TestPaymentRefusedThere(t *testing.T) {
	x := newPayer(t, false, func(sdk.AccAddress) string { return "nobody" })
	later := int64(soon)
	for n := uint32(1); n <= portfoliotypes.MaxFailures; n++ {
		require.NoError(t, x.way.RelayPacket(x.sends(later)))
		x.waits(byChannel, n, portfoliotypes.Return_RETURN_REFUSED)
		later = x.payment().NextAttempt - x.b.now()
	}
	require.True(t, x.payment().ByHand)
	require.Empty(t, x.block(x.b, 24*60*minute))
	_, err := x.b.SendMsgs(&portfoliotypes.MsgCancelPayment{
		Owner: x.b.sender().String(), Id: 1, PaymentId: x.payment().Id,
	})
	require.NoError(t, err)
}

// TestPaymentV2: the same three ends over IBC v2.
func TestPaymentV2(t *testing.T) {
	sends := func(x *payer, later int64) channeltypesv2.Packet {
		require.Equal(x.t, []string{"PaymentMade"}, x.block(x.b, later))
		p, err := ibctesting.ParseV2PacketFromEvents(x.b.record.last)
		require.NoError(x.t, err)
		require.NoError(x.t, x.way.EndpointA.UpdateClient())
		return p
	}
	t.Run("arrives", func(t *testing.T) {
		x := newPayer(t, true, properly)
		before := x.chains[0].held(x.home, native)
		require.NoError(t, x.way.EndpointB.RelayPacket(sends(x, soon)))
		require.Equal(t, before+pays, x.chains[0].held(x.home, native))
		require.Empty(t, x.b.portfolio().Payments)
	})
	t.Run("times out", func(t *testing.T) {
		x := newPayer(t, true, properly)
		p := sends(x, soon)
		x.block(x.chains[0], timeout+minute)
		require.NoError(t, x.way.EndpointB.UpdateClient())
		require.NoError(t, x.way.EndpointB.MsgTimeoutPacket(p))
		x.waits(byClient, 1, portfoliotypes.Return_RETURN_TIMEOUT)
		require.NoError(t, x.way.EndpointB.RelayPacket(sends(x, x.payment().NextAttempt-x.b.now())))
		require.Empty(t, x.b.portfolio().Payments)
	})
	t.Run("refused", func(t *testing.T) {
		x := newPayer(t, true, func(sdk.AccAddress) string { return "nobody" })
		require.NoError(t, x.way.EndpointB.RelayPacket(sends(x, soon)))
		x.waits(byClient, 1, portfoliotypes.Return_RETURN_REFUSED)
	})
}

// TestRateLimit: a transfer beyond the limit is refused with a reason and loses nothing; a payment is tried again.
func TestRateLimit(t *testing.T) {
	x := newPayer(t, false, properly)
	ctx := x.b.GetContext()
	path := &ratelimittypes.Path{Denom: denom(byChannel), ChannelOrClientId: "channel-0"}
	quota := &ratelimittypes.Quota{MaxPercentSend: math.NewInt(10), MaxPercentRecv: math.NewInt(10), DurationHours: 24}
	flow := ratelimittypes.NewFlow(x.b.supply(denom(byChannel)))
	x.b.app.RateLimit.SetRateLimit(ctx, ratelimittypes.RateLimit{Path: path, Quota: quota, Flow: &flow})

	require.Equal(t, []string{"PaymentFailed"}, x.block(x.b, soon))
	x.waits(byChannel, 1, portfoliotypes.Return_RETURN_UNSPECIFIED)

	before := x.chains[0].held(x.chains[0].sender(), native)
	p := x.money(x.way.EndpointA, x.home.String(), holds, "")
	require.NoError(t, x.way.RelayPacket(p), "an answer comes back")
	require.Equal(t, before, x.chains[0].held(x.chains[0].sender(), native), "refused on arrival, and refunded")

	x.b.app.RateLimit.RemoveRateLimit(x.b.GetContext(), denom(byChannel), "channel-0")
	require.NoError(t, x.way.RelayPacket(x.sends(x.payment().NextAttempt-x.b.now())))
	require.Empty(t, x.b.portfolio().Payments)
}

// TestForward: money that is sent on by a chain in the middle arrives, or is back.
func TestForward(t *testing.T) {
	w := newWorld(t, 3)
	first, second := w.link(0, 1), w.link(1, 2)
	require.Equal(t, "channel-1", second.EndpointA.ChannelID)
	a, c := w.chains[0], w.chains[2]
	start := a.held(a.sender(), native)
	forward := func(to string) {
		p := w.money(first.EndpointA, "middle", 100,
			`{"forward":{"receiver":"`+to+`","port":"transfer","channel":"channel-1"}}`)
		require.NoError(t, first.EndpointB.UpdateClient())
		res, err := first.EndpointB.RecvPacketWithResult(p)
		require.NoError(t, err)
		q, err := ibctesting.ParseV1PacketFromEvents(res.Events)
		require.NoError(t, err)
		require.NoError(t, second.EndpointB.UpdateClient())
		res, err = second.EndpointB.RecvPacketWithResult(q)
		require.NoError(t, err)
		ack, err := ibctesting.ParseAckFromEvents(res.Events)
		require.NoError(t, err)
		require.NoError(t, second.EndpointA.UpdateClient())
		res, err = second.EndpointA.AcknowledgePacketWithResult(q, ack)
		require.NoError(t, err)
		ack, err = ibctesting.ParseAckFromEvents(res.Events)
		require.NoError(t, err)
		require.NoError(t, first.EndpointA.UpdateClient())
		require.NoError(t, first.EndpointA.AcknowledgePacket(p, ack))
	}
	forward(c.sender().String())
	require.Equal(t, start-100, a.held(a.sender(), native))
	require.Equal(t, "100", c.supply(overTwo()).String())
	forward("nobody")
	require.Equal(t, start-100, a.held(a.sender(), native))
	require.Equal(t, "100", c.supply(overTwo()).String())
}
