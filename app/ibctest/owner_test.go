package ibctest_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	"github.com/cosmos/cosmos-sdk/x/authz"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	govtypes "github.com/cosmos/cosmos-sdk/x/gov/types/v1"
	ibctesting "github.com/cosmos/ibc-go/v11/testing"

	"github.com/ballast-finance/ballast/app"
	portfoliotypes "github.com/ballast-finance/ballast/x/portfolio/types"
)

func moduleAddress(name string) string { return authtypes.NewModuleAddress(name).String() }

// decides submits a proposal, votes for it with all the power, and makes the block in which it runs.
func (w *world) decides(msgs ...sdk.Msg) {
	w.t.Helper()
	c := w.chains[0]
	deposit := sdk.NewCoins(coin(native, 10_000_000))
	msg, err := govtypes.NewMsgSubmitProposal(msgs, deposit, c.sender().String(), "", "Title", "Summary", false)
	require.NoError(w.t, err)
	res, err := c.SendMsgs(msg)
	require.NoError(w.t, err)
	id, err := ibctesting.ParseProposalIDFromEvents(res.Events)
	require.NoError(w.t, err)
	_, err = c.SendMsgs(govtypes.NewMsgVote(c.sender(), id, govtypes.OptionYes, ""))
	require.NoError(w.t, err)
	w.block(c, int64((49 * time.Hour).Seconds()))
	p, err := c.app.Gov.Proposals.Get(c.GetContext(), id)
	require.NoError(w.t, err)
	require.Equal(w.t, govtypes.StatusPassed, p.Status, p.FailedReason)
}

// TestGovernanceOwns: the community opens, funds and uses a portfolio by proposals.
func TestGovernanceOwns(t *testing.T) {
	w := newWorld(t, 1)
	c, gov := w.chains[0], app.Authority()
	w.decides(&portfoliotypes.MsgCreate{Owner: gov, Name: "Community", Policy: c.written(foo)})
	require.Equal(t, gov, c.portfolio().Owner)
	_, err := c.SendMsgs(banktypes.NewMsgSend(c.sender(), portfoliotypes.Account(1), sdk.NewCoins(coin(foo, 500))))
	require.NoError(t, err)
	_, err = c.SendMsgs(&portfoliotypes.MsgPause{Sender: c.sender().String(), Id: 1})
	require.ErrorContains(t, err, "not allowed")
	to := c.SenderAccounts[4].SenderAccount.GetAddress()
	before := c.held(to, foo)
	w.decides(
		&portfoliotypes.MsgWithdraw{Owner: gov, Id: 1, Amount: sdk.NewCoins(coin(foo, 200)), Recipient: to.String()},
		&portfoliotypes.MsgPause{Sender: gov, Id: 1})
	require.Equal(t, before+200, c.held(to, foo))
	require.EqualValues(t, 300, c.held(portfoliotypes.Account(1), foo))
	require.Equal(t, portfoliotypes.Reason_REASON_OWNER, c.portfolio().PausedBy)
}

// TestGrantee: an owner lets somebody else pause, and nothing but that, until it is revoked.
func TestGrantee(t *testing.T) {
	w := newWorld(t, 1)
	c := w.chains[0]
	owner, other := c.sender(), c.SenderAccounts[1]
	grantee := other.SenderAccount.GetAddress()
	url := sdk.MsgTypeURL(&portfoliotypes.MsgPause{})
	expires := c.ProposedHeader.Time.Add(time.Hour)
	grant, err := authz.NewMsgGrant(owner, grantee, authz.NewGenericAuthorization(url), &expires)
	require.NoError(t, err)
	_, err = c.SendMsgs(&portfoliotypes.MsgCreate{Owner: owner.String(), Name: "Mine", Policy: c.written(foo)}, grant)
	require.NoError(t, err)
	try := func(msg sdk.Msg) error {
		exec := authz.NewMsgExec(grantee, []sdk.Msg{msg})
		_, err := c.SendMsgsWithSender(other, &exec)
		return err
	}
	require.Error(t, try(&portfoliotypes.MsgClose{Owner: owner.String(), Id: 1}))
	require.NoError(t, try(&portfoliotypes.MsgPause{Sender: owner.String(), Id: 1}))
	require.Equal(t, portfoliotypes.Reason_REASON_OWNER, c.portfolio().PausedBy)
	revoke := authz.NewMsgRevoke(owner, grantee, url)
	_, err = c.SendMsgs(&portfoliotypes.MsgResume{Sender: owner.String(), Id: 1}, &revoke)
	require.NoError(t, err)
	require.Error(t, try(&portfoliotypes.MsgPause{Sender: owner.String(), Id: 1}))
}
