package keeper_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// payments of a portfolio, as the query shows them.
func (c *chain) payments(id uint64) []types.PaymentStatus {
	c.t.Helper()
	answer, err := c.query.Payments(c.ctx, &types.QueryPaymentsRequest{Id: id})
	require.NoError(c.t, err)
	return answer.Payments
}

// TestObligationOfTheSpec: the worked example of spec 12.2 through messages. 200,000 USDC are due in 5 days; the engine
// sees 0, 50,000, 100,000, 150,000, 200,000 of it day by day, and on day 5 the block pays.
func TestObligationOfTheSpec(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("600000uusdc,1uatom", pay(func(p *types.PaymentTerms) { p.Amount = coin("200000uusdc") }))
	for d, want := range []uint64{0, 50_000, 100_000, 150_000, 200_000} {
		require.Empty(t, c.begin(genesisTime+int64(d)*day))
		p, err := c.k.Load(c.ctx, id)
		require.NoError(t, err)
		plan := project.Plan{Payments: p.Policy.Payments, Owed: p.State.Payments}
		got, err := plan.Reserve(0, genesisTime+int64(d)*day, p.Policy.PeriodSeconds, 4)
		require.NoError(t, err)
		require.Equal(t, fixed.NatOf(want), got, "day %d", d)
	}
	require.Empty(t, c.begin(genesisTime+5*day-1))
	require.Equal(t, []string{"PaymentMade"}, c.begin(genesisTime+5*day))
	require.EqualValues(t, 1_000_200_000, c.held(carol, "uusdc"))
	require.Empty(t, c.payments(id), "nothing is left to pay")
	require.Empty(t, c.begin(genesisTime+6*day))
}

// TestMonthly: what was due before the registration counts as made; then it is paid at every due time.
func TestMonthly(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("1000uusdc", pay(func(p *types.PaymentTerms) {
		p.Schedule = types.Schedule{First: genesisTime - 92*day, EveryMonths: 1, Until: genesisTime + 40*day}
	}))
	status := c.payments(id)[0]
	require.EqualValues(t, 3, status.Occurrence)
	require.EqualValues(t, genesisTime, status.Due)
	require.Equal(t, []string{"PaymentMade"}, c.begin(genesisTime))
	require.EqualValues(t, genesisTime+31*day, c.payments(id)[0].Due)
	require.Equal(t, []string{"PaymentMade"}, c.begin(genesisTime+35*day))
	require.Empty(t, c.payments(id))
	require.EqualValues(t, 600, c.held(types.Account(id), "uusdc"))
}

// TestShort: waiting tries again each interval for the whole amount, partial pays what is free. Neither is a failure.
func TestShort(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	due := int64(genesisTime + 5*day)
	partial := pay(func(p *types.PaymentTerms) { p.OnShort = types.OnShort_ON_SHORT_PARTIAL })
	id := c.create("150uusdc,5uatom", pay(), partial)
	require.Equal(t, []string{"PaymentShort", "PaymentMade", "PaymentShort"}, c.begin(due))
	list := c.payments(id)
	require.Equal(t, []int64{due + day, due + day}, []int64{list[0].Payment.NextAttempt, list[1].Payment.NextAttempt})
	require.Equal(t, "150", list[1].Paid.String())
	require.Empty(t, c.begin(due+day-1))
	for d := int64(1); d <= 4; d++ {
		require.Equal(t, []string{"PaymentShort", "PaymentShort"}, c.begin(due+d*day))
	}
	require.Zero(t, c.payments(id)[0].Payment.Failures)
	require.NoError(t, c.bank.SendCoins(c.ctx, alice, types.Account(id), coins("250uusdc")))
	require.Equal(t, []string{"PaymentMade", "PaymentMade"}, c.begin(due+5*day))
	require.EqualValues(t, 1_000_000_400, c.held(carol, "uusdc"))
}

// TestFailures: a recipient who takes nothing fails only his own payment: three times, then it waits for a retry by
// hand, and takes nothing from the others while it waits.
func TestFailures(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	due := int64(genesisTime + 5*day)
	other := pay(func(p *types.PaymentTerms) {
		p.To.Recipient, p.Schedule.EverySeconds = bob.String(), day
	})
	id := c.create("10000uusdc", pay(), other)
	require.NoError(t, c.bank.Refuse(c.ctx, carol))
	for d := range int64(3) {
		require.Equal(t, []string{"PaymentFailed", "PaymentMade"}, c.begin(due+d*day))
	}
	first := c.payments(id)[0].Payment
	require.True(t, first.ByHand)
	require.EqualValues(t, types.MaxFailures, first.Failures)
	c.never(sdkerrors.ErrUnauthorized, &types.MsgRetryPayment{Owner: alice.String(), Id: id, PaymentId: first.Id})

	c.does(&types.MsgWithdraw{Owner: alice.String(), Id: id, Amount: coins("9200uusdc")})
	require.Equal(t, []string{"PaymentMade"}, c.begin(due+3*day), "200 are left: for the second payment")
	c.never(types.ErrFunds, &types.MsgRetryPayment{Owner: alice.String(), Id: id, PaymentId: first.Id})
	require.NoError(t, c.bank.SendCoins(c.ctx, alice, types.Account(id), coins("200uusdc")))
	require.NoError(t, c.bank.Accept(c.ctx, carol))
	c.does(&types.MsgRetryPayment{Owner: alice.String(), Id: id, PaymentId: first.Id})
	require.EqualValues(t, 1_000_000_200, c.held(carol, "uusdc"))
	require.Len(t, c.payments(id), 1)
	c.does(&types.MsgCancelPayment{Owner: alice.String(), Id: id, PaymentId: c.payments(id)[0].Payment.Id})
	require.Empty(t, c.begin(due+9*day))
}

// TestRemote: a payment over IBC leaves with a timeout; when the channel refuses it is a failure like any other.
func TestRemote(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	due := int64(genesisTime + 5*day)
	id := c.create("1000uusdc", pay(func(p *types.PaymentTerms) {
		p.To = types.Destination{Recipient: "osmo1abc", Channel: "channel-7"}
	}))
	c.ibc.fail = errors.New("channel is closed")
	require.Equal(t, []string{"PaymentFailed"}, c.begin(due))
	require.EqualValues(t, 1000, c.held(types.Account(id), "uusdc"))
	c.ibc.fail = nil
	require.Equal(t, []string{"PaymentMade"}, c.begin(due+day))
	require.Len(t, c.ibc.sent, 1)
	require.Equal(t, types.Account(id).String(), c.ibc.sent[0].Sender)
	require.EqualValues(t, due+day+600, c.ibc.sent[0].TimeoutTimestamp/1_000_000_000)

	local := fresh(t, func(k *types.Keepers) { k.Transfer = nil })
	local.never(types.ErrTransfer, &types.MsgCreate{
		Owner: alice.String(), Policy: local.written(simple), Payments: []types.PaymentTerms{
			pay(func(p *types.PaymentTerms) { p.To = types.Destination{Recipient: "osmo1abc", Channel: "channel-7"} }),
		},
	})
}

// TestPaymentsInTurn: a block makes no more payments than it may; the others wait for the next one.
func TestPaymentsInTurn(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	params := types.DefaultParams()
	params.MaxPayoutsPerBlock = 2
	c.does(&types.MsgUpdateParams{Authority: authority.String(), Params: params})
	for range 5 {
		c.create("1000uusdc", pay())
	}
	due := int64(genesisTime + 5*day)
	require.Len(t, c.begin(due), 2)
	require.Len(t, c.begin(due+1), 2)
	require.Len(t, c.begin(due+2), 1)
	require.Empty(t, c.begin(due+3))
}

// TestPausedPayments: a pause does not stop payments, unless the owner says so.
func TestPausedPayments(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	due := int64(genesisTime + 5*day)
	id := c.create("1000uusdc", pay(), pay(func(p *types.PaymentTerms) { p.Schedule.First = due + day }))
	c.does(&types.MsgPause{Sender: bob.String(), Id: id})
	require.Equal(t, []string{"PaymentMade"}, c.begin(due))
	c.never(types.ErrNotAllowed, &types.MsgPause{Sender: bob.String(), Id: id, Payments: true})
	c.does(&types.MsgPause{Sender: alice.String(), Id: id, Payments: true})
	require.Empty(t, c.begin(due+day))
	c.does(&types.MsgResume{Sender: alice.String(), Id: id})
	require.Equal(t, []string{"PaymentMade"}, c.begin(due+2*day))
}

// TestCloseWithPaymentsDue: closing does not run away from what is due unless it is forced.
func TestCloseWithPaymentsDue(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("100uusdc", pay())
	c.begin(genesisTime + 5*day)
	c.never(types.ErrPaymentDue, &types.MsgClose{Owner: alice.String(), Id: id})
	c.does(&types.MsgClose{Owner: alice.String(), Id: id, Force: true})
	require.Zero(t, c.held(types.Account(id), "uusdc"))
	require.Empty(t, c.begin(genesisTime+6*day))
}

// TestSlicesOfTheSpec: the worked example of spec 12.1 through messages: 1,000,000 units over 4 intervals, of which the
// market fills 250,000, 100,000 and then all.
func TestSlicesOfTheSpec(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("1000000uatom")
	answer, err := c.msg.CreateOrder(c.ctx, &types.MsgCreateOrder{Owner: alice.String(), Id: id, Terms: sell()})
	require.NoError(t, err)
	slices, fills := []uint64{250_000, 250_000, 325_000, 325_000}, []uint64{250_000, 100_000, 325_000, 325_000}
	for i := range slices {
		c.change(id, func(st *cycle.State) {
			slice, next, err := st.OneTime[0].Slicing.Next(asset.Amount{})
			require.NoError(t, err)
			require.Equal(t, fixed.NatOf(slices[i]), slice.Amount)
			next, err = next.Fill(fixed.NatOf(fills[i]))
			require.NoError(t, err)
			st.OneTime[0].Slicing = next
		}, cycle.Held)
		orders, err := c.query.Orders(c.ctx, &types.QueryOrdersRequest{Id: id})
		require.NoError(t, err)
		require.EqualValues(t, i+1, orders.Orders[0].Interval)
		require.Equal(t, answer.OrderId, orders.Orders[0].Id)
	}
	require.Equal(t, "0", c.view(id).Orders[0].Remaining.String())
}

// sold is what a round does with a slice of an order: its proceeds come into the account, marked for whom they are.
func (c *chain) sold(id, order uint64, proceeds sdk.Coin, payout bool) {
	c.t.Helper()
	c.order(id, 10)
	require.NoError(c.t, c.bank.SendCoins(c.ctx, bob, types.Account(id), sdk.NewCoins(proceeds)))
	c.change(id, func(st *cycle.State) {
		mark := cycle.Earmark{Asset: 0, Amount: fixed.NatOf(proceeds.Amount.Uint64())}
		if payout {
			mark.Payout = order
		}
		st.Orders, st.OneTime, st.Earmarked = nil, nil, append(st.Earmarked, mark)
	}, cycle.Settled)
}

// TestEarmark: the proceeds of an order are left alone until the owner takes them or gives them back.
func TestEarmark(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("1000uatom,50uusdc")
	c.sold(id, 1, coin("100uusdc"), false)
	require.Equal(t, coins("100uusdc"), c.view(id).Earmarked)
	owner := alice.String()
	c.never(types.ErrFunds, &types.MsgWithdraw{Owner: owner, Id: id, Amount: coins("51uusdc")})
	c.never(types.ErrFunds, &types.MsgWithdraw{Owner: owner, Id: id, Amount: coins("101uusdc"), FromEarmark: true})
	c.does(&types.MsgWithdraw{Owner: owner, Id: id, Amount: coins("30uusdc"), FromEarmark: true})
	require.Equal(t, coins("70uusdc"), c.view(id).Earmarked)
	c.does(&types.MsgReleaseEarmark{Owner: owner, Id: id, Amount: coin("70uusdc")})
	require.Empty(t, c.view(id).Earmarked)
	c.does(&types.MsgWithdraw{Owner: owner, Id: id, Amount: coins("120uusdc")})
}

// TestPayout: what an order sold for a recipient goes to him in the next block; when he cannot be paid three times it
// is the owner's.
func TestPayout(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("1000uatom")
	terms := sell(func(o *types.OrderTerms) {
		o.Proceeds, o.PayoutTo = types.Proceeds_PROCEEDS_PAYOUT, types.Destination{Recipient: carol.String()}
	})
	c.does(&types.MsgCreateOrder{Owner: alice.String(), Id: id, Terms: terms})
	require.Equal(t, carol.String(), c.view(id).Orders[0].PayoutTo.Recipient)
	c.sold(id, 1, coin("100uusdc"), true)
	c.never(types.ErrFunds, &types.MsgWithdraw{Owner: alice.String(), Id: id, Amount: coins("1uusdc"), FromEarmark: true})
	c.never(types.ErrPaymentDue, &types.MsgClose{Owner: alice.String(), Id: id})
	require.Equal(t, []string{"PaymentMade"}, c.begin(genesisTime+1))
	require.EqualValues(t, 1_000_000_100, c.held(carol, "uusdc"))
	require.Empty(t, c.record(id).Payouts)

	c.does(&types.MsgCreateOrder{Owner: alice.String(), Id: id, Terms: terms})
	c.sold(id, 2, coin("100uusdc"), true)
	require.NoError(t, c.bank.Refuse(c.ctx, carol))
	for d := range int64(3) {
		require.Equal(t, []string{"PaymentFailed"}, c.begin(genesisTime+2+d*day))
	}
	require.Empty(t, c.begin(genesisTime+9*day))
	c.does(&types.MsgWithdraw{Owner: alice.String(), Id: id, Amount: coins("100uusdc"), FromEarmark: true})

	c.does(&types.MsgCreateOrder{Owner: alice.String(), Id: id, Terms: terms})
	c.does(&types.MsgCancelOrder{Owner: alice.String(), Id: id, OrderId: 3})
	require.Empty(t, c.record(id).Payouts)
}
