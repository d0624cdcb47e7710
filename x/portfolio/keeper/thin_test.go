package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// TestLife is the whole way of a portfolio: created, paid into, on a page, saved, withdrawn from, closed.
func TestLife(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("6000000uatom,500uusdc")
	require.EqualValues(t, 1, id)

	page, last, err := c.k.Page(c.ctx, 0, 10)
	require.NoError(t, err)
	require.True(t, last)
	require.Len(t, page, 1)
	require.Equal(t, []asset.Index{0, 1}, page[0].Policy.Assets)
	require.Equal(t, []asset.Amount{fixed.NatOf(500), fixed.NatOf(6_000_000)}, page[0].Holdings)

	before := c.dump()
	require.NoError(t, c.k.Save(c.ctx, page, []cycle.Note{{Portfolio: id, Outcome: cycle.NotDue}}))
	require.Equal(t, before, c.dump(), "what did not change is not written")

	page[0].State.Orders = []cycle.Order{{Sell: 1, Buy: 0, Units: fixed.NatOf(1_000)}}
	require.NoError(t, c.k.Save(c.ctx, page, []cycle.Note{{Portfolio: id, Outcome: cycle.Ordered}}))
	sells, err := c.k.Sells(c.ctx, alice, 1, 0)
	require.NoError(t, err)
	require.True(t, sells)
	sells, err = c.k.Sells(c.ctx, bob, 1, 0)
	require.NoError(t, err)
	require.False(t, sells)
	market, last, err := c.k.InMarket(c.ctx, 0, 10)
	require.NoError(t, err)
	require.True(t, last)
	require.Len(t, market, 1)
	require.Equal(t, coins("1000uatom"), c.view(id).InMarket)
	require.Equal(t, "ordered", c.view(id).LastOutcome)

	_, err = c.msg.Withdraw(c.ctx, &types.MsgWithdraw{Owner: alice.String(), Id: id, Amount: coins("500uusdc")})
	require.NoError(t, err)

	answer, err := c.msg.Close(c.ctx, &types.MsgClose{Owner: alice.String(), Id: id, Recipient: carol.String()})
	require.NoError(t, err)
	require.Equal(t, types.Stage_STAGE_CLOSING, answer.Stage)
	require.Equal(t, types.Status_STATUS_CLOSING, c.view(id).Status)

	market, _, err = c.k.InMarket(c.ctx, 0, 10)
	require.NoError(t, err)
	market[0].State.Orders = nil
	require.NoError(t, c.k.Save(c.ctx, market, []cycle.Note{{Portfolio: id, Outcome: cycle.Settled}}))
	require.Equal(t, types.Status_STATUS_CLOSED, c.view(id).Status)
	require.EqualValues(t, 1_006_000_000, c.held(carol, "uatom"))
	page, last, err = c.k.Page(c.ctx, 0, 10)
	require.NoError(t, err)
	require.True(t, last)
	require.Empty(t, page)

	require.NoError(t, c.bank.SendCoins(c.ctx, bob, types.Account(id), coins("5other")), "too late")
	_, err = c.msg.Withdraw(c.ctx, &types.MsgWithdraw{Owner: alice.String(), Id: id, Amount: coins("5other")})
	require.NoError(t, err)
	require.EqualValues(t, 82, c.held(alice, "other"))
}
