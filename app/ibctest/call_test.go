package ibctest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/cosmos/cosmos-sdk/crypto/keys/secp256k1"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	"github.com/cosmos/gogoproto/proto"
	gmptypes "github.com/cosmos/ibc-go/v11/modules/apps/27-gmp/types"
	transfertypes "github.com/cosmos/ibc-go/v11/modules/apps/transfer/types"

	"github.com/ballast-finance/ballast/app/inproc"
	"github.com/ballast-finance/ballast/internal/relay"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

// caller is a treasury on a whole chain that acts on another one by GMP; our relayer carries everything.
type caller struct {
	t       *testing.T
	na, nb  *inproc.Node
	a, b    *relay.Chain
	me      string         // on the first chain
	account sdk.AccAddress // on the second
}

var callerSalt = []byte("treasury")

// newCaller starts both chains and links them.
func newCaller(t *testing.T) *caller {
	t.Helper()
	key := secp256k1.GenPrivKeyFromSecret([]byte("caller"))
	x := &caller{t: t}
	x.na, x.a = node(t, "delta-1", key)
	x.nb, x.b = node(t, "epsilon-1", key)
	require.NoError(t, relay.Link(t.Context(), x.a, x.b))
	x.me = x.a.Address().String()
	id := gmptypes.NewAccountIdentifier(x.b.ClientID, x.me, callerSalt)
	var err error
	x.account, err = gmptypes.BuildAddressPredictable(&id)
	require.NoError(t, err)
	return x
}

// send sends a call that may take so many seconds, and carries nothing.
func (x *caller) send(seconds int64, msgs ...proto.Message) {
	x.t.Helper()
	payload, err := gmptypes.SerializeCosmosTx(x.a.Codec, msgs)
	require.NoError(x.t, err)
	until := uint64(time.Now().Unix() + seconds)
	_, err = x.a.Send(x.t.Context(), gmptypes.NewMsgSendCall(x.a.ClientID, x.me, "", payload, callerSalt, until,
		gmptypes.EncodingProtobuf, ""))
	require.NoError(x.t, err)
}

// call sends a call and carries it, and its answer.
func (x *caller) call(msgs ...proto.Message) {
	x.t.Helper()
	x.send(600, msgs...)
	require.Equal(x.t, relay.Moved{Packets: 1, Acknowledgements: 1}, settle(x.t, x.a, x.b))
}

// portfolio asks the second chain for the first portfolio.
func (x *caller) portfolio() *portfoliotypes.Portfolio {
	x.t.Helper()
	p, err := portfoliotypes.NewQueryClient(x.nb.Client).Portfolio(x.t.Context(),
		&portfoliotypes.QueryPortfolioRequest{Id: 1})
	require.NoError(x.t, err)
	return &p.Portfolio
}

// holds is what the account and the portfolio have on the second chain.
func (x *caller) holds() (account, portfolio int64) {
	x.t.Helper()
	of := func(who sdk.AccAddress) int64 { return balance(x.t, x.nb, who.String(), denom(byClient)) }
	return of(x.account), of(portfoliotypes.Account(1))
}

// home is a transfer of the account to the treasury.
func (x *caller) home(n int64) *transfertypes.MsgTransfer {
	return &transfertypes.MsgTransfer{
		SourcePort: transfertypes.PortID, SourceChannel: x.b.ClientID, Token: coin(byClient, n),
		Sender: x.account.String(), Receiver: x.me, TimeoutTimestamp: uint64(time.Now().Unix() + 600),
		Encoding: transfertypes.EncodingProtobuf,
	}
}

// TestCallsByRelay: two whole chains and our relayer: a treasury opens, funds, updates, pauses and withdraws by GMP.
// What is off the list is refused, a call that is late does not run, and money goes home by transfer or is back.
func TestCallsByRelay(t *testing.T) {
	x := newCaller(t)
	policy, owner := written(t, byClient), x.account.String()
	x.call(&portfoliotypes.MsgCreate{Owner: owner, Name: "Treasury", Policy: policy})
	require.Equal(t, owner, x.portfolio().Owner)

	_, err := x.a.Send(t.Context(), &transfertypes.MsgTransfer{
		SourcePort: transfertypes.PortID, SourceChannel: x.a.ClientID, Token: coin(native, 1000), Sender: x.me,
		Receiver: owner, TimeoutTimestamp: uint64(time.Now().Unix() + 600), Encoding: transfertypes.EncodingProtobuf,
	})
	require.NoError(t, err)
	settle(t, x.a, x.b)
	x.call(banktypes.NewMsgSend(x.account, portfoliotypes.Account(1), sdk.NewCoins(coin(byClient, 900))))
	x.has(100, 900)

	policy.Positions[0].Weight, policy.Positions[1].Weight = "0.5", "0.5"
	x.call(&portfoliotypes.MsgUpdatePolicy{Owner: owner, Id: 1, Policy: policy})
	require.Equal(t, "0.5", x.portfolio().Policy.Positions[0].Weight)
	x.call(&portfoliotypes.MsgPause{Sender: owner, Id: 1})
	require.Equal(t, portfoliotypes.Reason_REASON_OWNER, x.portfolio().PausedBy)
	x.call(&portfoliotypes.MsgResume{Sender: owner, Id: 1})
	require.Equal(t, portfoliotypes.Reason_REASON_UNSPECIFIED, x.portfolio().PausedBy)
	x.call(&portfoliotypes.MsgWithdraw{Owner: owner, Id: 1, Amount: sdk.NewCoins(coin(byClient, 400))})
	x.has(500, 500)

	gift := banktypes.NewMsgSend(x.account, x.b.Address(), sdk.NewCoins(coin(byClient, 1)))
	exec := authz.NewMsgExec(x.account, []sdk.Msg{gift})
	x.call(&exec) // off the list
	x.call(gift, &exec)
	x.has(500, 500)
	x.send(3, gift)
	x.late(4)
	require.Equal(t, relay.Moved{Timeouts: 1}, settle(t, x.a, x.b))
	x.has(500, 500)

	before := balance(t, x.na, x.me, denom(native))
	x.send(600, x.home(300))
	require.Equal(t, relay.Moved{Packets: 2, Acknowledgements: 2}, settle(t, x.a, x.b))
	require.Equal(t, before+300, balance(t, x.na, x.me, denom(native)))
	x.has(200, 500)
	lost := x.home(150)
	lost.Receiver = "nobody"
	x.send(600, lost)
	require.Equal(t, relay.Moved{Packets: 2, Acknowledgements: 2}, settle(t, x.a, x.b))
	x.has(200, 500) // it is back
	require.Equal(t, before+300, balance(t, x.na, x.me, denom(native)))

	x.call(&portfoliotypes.MsgClose{Owner: owner, Id: 1})
	x.has(700, 0)
	x.send(600, x.home(700))
	settle(t, x.a, x.b)
	require.Equal(t, before+1000, balance(t, x.na, x.me, denom(native)))
	escrow := transfertypes.GetEscrowAddress(transfertypes.PortID, x.a.ClientID).String()
	require.Zero(t, balance(t, x.na, escrow, denom(native)))
}

// has says what the account and the portfolio have.
func (x *caller) has(account, portfolio int64) {
	x.t.Helper()
	a, p := x.holds()
	require.Equal(x.t, []int64{account, portfolio}, []int64{a, p})
}

// late waits until the blocks of the second chain are so many seconds from now.
func (x *caller) late(seconds int64) {
	x.t.Helper()
	until := time.Now().Unix() + seconds
	require.Eventually(x.t, func() bool { return late(x.t, x.nb, until) }, time.Minute, 20*time.Millisecond)
}
