package keeper_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// anything draws a message that may or may not be allowed.
func (c *chain) anything(t *rapid.T) sdk.Msg {
	who := rapid.SampledFrom([]sdk.AccAddress{alice, alice, bob, carol}).Draw(t, "who").String()
	other := rapid.SampledFrom([]string{"", bob.String(), carol.String(), blocked.String()}).Draw(t, "other")
	id := rapid.Uint64Range(1, 4).Draw(t, "id")
	item := rapid.Uint64Range(1, 6).Draw(t, "item")
	amount := sdk.NewInt64Coin(rapid.SampledFrom([]string{"uusdc", "uatom", "other"}).Draw(t, "denom"),
		rapid.Int64Range(0, 2_000).Draw(t, "amount"))
	speeches := c.speeches(id, who)
	switch rapid.IntRange(0, 12).Draw(t, "message") {
	case 0:
		return &types.MsgCreate{
			Owner: who, Trustee: other, Policy: c.written(simple), Payments: []types.PaymentTerms{drawPay(c, t)},
			Deposit: coins("5000uatom,3000uusdc"),
		}
	case 1:
		return &types.MsgWithdraw{
			Owner: who, Id: id, Amount: sdk.Coins{amount}, Recipient: other, FromEarmark: rapid.Bool().Draw(t, "mark"),
		}
	case 2:
		return &types.MsgAddPayment{Owner: who, Id: id, Terms: drawPay(c, t)}
	case 3:
		return &types.MsgRetryPayment{Owner: who, Id: id, PaymentId: item}
	case 4:
		return &types.MsgCancelPayment{Owner: who, Id: id, PaymentId: item}
	case 5:
		return &types.MsgPause{Sender: who, Id: id, Payments: rapid.Bool().Draw(t, "payments")}
	case 6:
		return &types.MsgResume{Sender: who, Id: id}
	case 7:
		return &types.MsgClose{Owner: who, Id: id, Recipient: other, Force: rapid.Bool().Draw(t, "force")}
	case 8:
		return &types.MsgCreateOrder{Owner: who, Id: id, Terms: sell(func(o *types.OrderTerms) {
			o.Amount = integer(100)
			if rapid.Bool().Draw(t, "payout") {
				o.Proceeds, o.PayoutTo.Recipient = types.Proceeds_PROCEEDS_PAYOUT, other
			}
		})}
	case 9:
		return &types.MsgCancelOrder{Owner: who, Id: id, OrderId: item}
	case 10:
		return &types.MsgReleaseEarmark{Owner: who, Id: id, Amount: amount}
	case 11:
		return &types.MsgAcceptOwnership{NewOwner: who, Id: id}
	default:
		return speeches[rapid.SampledFrom([]string{"targets", "policy", "limits", "controller", "transfer", "trustee"}).
			Draw(t, "speech")]
	}
}

func drawPay(c *chain, t *rapid.T) types.PaymentTerms {
	return pay(func(p *types.PaymentTerms) {
		p.Amount.Amount = integer(rapid.Int64Range(1, 3_000).Draw(t, "pay"))
		p.Schedule.First = c.ctx.BlockTime().Unix() + rapid.Int64Range(-day, 3*day).Draw(t, "first")
		p.Schedule.EverySeconds = rapid.SampledFrom([]int64{0, day / 2}).Draw(t, "every")
		p.OnShort = types.OnShort(rapid.IntRange(0, 2).Draw(t, "short"))
		if rapid.IntRange(0, 3).Draw(t, "ibc") == 0 {
			p.To = types.Destination{Recipient: "osmo1abc", Channel: "channel-0"}
		}
	})
}

// market is where units are while they are for sale.
var market = person("market")

// round is what a round does: it takes units of a portfolio to the market, or settles what it took.
func (c *chain) round(t *rapid.T) {
	page, _, err := c.k.Page(c.ctx, 0, 10)
	require.NoError(t, err)
	for i := range page {
		p := &page[i]
		st, account := &p.State, types.Account(p.ID)
		notes := []cycle.Note{{Portfolio: p.ID, Outcome: cycle.Settled}}
		free := st.Free(1, p.Holdings[1])
		switch units, _ := free.Uint64(); {
		case len(st.Orders) > 0:
			o := st.Orders[0]
			got := coin("7uusdc")
			require.NoError(t, c.bank.SendCoins(c.ctx, market, account, sdk.NewCoins(got)))
			mark := cycle.Earmark{Asset: 0, Amount: fixed.NatOf(7)}
			if o.OneTime != 0 && len(st.OneTime) > 0 && st.OneTime[0].Proceeds == cycle.PayoutProceeds {
				mark.Payout = o.OneTime
			}
			st.Orders = nil
			st.Earmarked = append(append([]cycle.Earmark{}, st.Earmarked...), mark)
			if len(st.OneTime) > 0 {
				st.OneTime = st.OneTime[1:]
			}
		case units > 0 && !st.Paused:
			o := cycle.Order{Sell: 1, Buy: 0, Units: fixed.NatOf(1)}
			if len(st.OneTime) > 0 {
				o.OneTime = st.OneTime[0].ID
			}
			st.Orders = []cycle.Order{o}
			require.NoError(t, c.bank.SendCoins(c.ctx, account, market, coins("1uatom")))
			notes[0].Outcome = cycle.Ordered
		default:
			notes[0].Outcome = rapid.SampledFrom([]cycle.Outcome{cycle.Empty, cycle.Held, cycle.NotDue}).Draw(t, "outcome")
		}
		require.NoError(t, c.k.Save(c.ctx, page[i:i+1], notes))
	}
}

// TestAnything: whatever is asked of the module in whatever order, the invariants hold, no coin appears or goes, and a
// message that is refused leaves everything as it was.
func TestAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		c := fresh(t)
		require.NoError(r, c.bank.Mint(c.ctx, market, coins("1000000uusdc")...))
		supply := c.supply()
		for range rapid.IntRange(1, 40).Draw(r, "steps") {
			switch rapid.IntRange(0, 5).Draw(r, "step") {
			case 0:
				c.begin(c.ctx.BlockTime().Unix() + rapid.Int64Range(1, day).Draw(r, "seconds"))
			case 1:
				c.round(r)
			case 2:
				refuse := c.bank.Refuse
				if rapid.Bool().Draw(r, "accept") {
					refuse = c.bank.Accept
				}
				require.NoError(r, refuse(c.ctx, carol))
			default:
				before, msg := c.dump(), c.anything(r)
				if c.tx(func(ctx context.Context) error { return c.call(ctx, msg) }) != nil {
					require.Equal(r, before, c.dump())
				}
			}
			require.Empty(r, c.k.Invariants(c.ctx))
			require.Equal(r, supply, c.supply())
		}
		c.roundTrip()
	})
}

// supply is all coins there are.
func (c *chain) supply() sdk.Coins {
	var all sdk.Coins
	for _, denom := range []string{"uusdc", "uatom", "abtc", "other"} {
		all = all.Add(c.bank.GetSupply(c.ctx, denom))
	}
	return all
}
