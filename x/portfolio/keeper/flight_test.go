package keeper_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// escrow is where the fake IBC keeps what is under way.
func escrow() sdk.AccAddress { return authtypes.NewModuleAddress("escrow") }

// remote sends a payment home.
func remote(p *types.PaymentTerms) {
	p.To = types.Destination{Recipient: "osmo1abc", Channel: "channel-7"}
}

// ends tells the module of the end of packet n of a portfolio, and returns the names of the events. What returns is
// back in the account before, as ibc-go does it.
func (c *chain) ends(id, n uint64, why types.Return) []string {
	c.t.Helper()
	c.ctx = c.ctx.WithEventManager(sdk.NewEventManager())
	if why != types.Return_RETURN_UNSPECIFIED {
		coins := sdk.NewCoins(c.ibc.sent[n-1].Token)
		require.NoError(c.t, c.bank.SendCoins(c.ctx, escrow(), types.Account(id), coins))
	}
	require.NoError(c.t, c.k.Resolve(c.ctx, collections.Join3(id, "channel-7", n), why, "no such\x1b[2J account"))
	return c.events()
}

const (
	arrives = types.Return_RETURN_UNSPECIFIED
	refused = types.Return_RETURN_REFUSED
	late    = types.Return_RETURN_TIMEOUT
)

func (c *chain) flights(id uint64) []types.Flight {
	c.t.Helper()
	answer, err := c.query.Flights(c.ctx, &types.QueryFlightsRequest{Id: id})
	require.NoError(c.t, err)
	return answer.Flights
}

// TestArrives: a payment over IBC is known to be made when the other chain says so; until then nothing else of it is
// sent, and after it the next one is.
func TestArrives(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	due := int64(genesisTime + 5*day)
	id := c.create("1000uusdc", pay(remote, func(p *types.PaymentTerms) {
		p.Schedule.EverySeconds, p.Schedule.Until = day, due+day
	}))
	require.Equal(t, []string{"PaymentMade"}, c.begin(due))
	fl := c.flights(id)[0]
	require.Equal(t, types.FlightState_FLIGHT_STATE_SENT, fl.State)
	require.Equal(t, due+600, fl.Timeout)
	require.JSONEq(t, fmt.Sprintf(`{"src_callback":{"address":"portfolio/%d"}}`, id), c.ibc.sent[0].Memo)

	require.Empty(t, c.begin(due+day), "the second one is due, the first one is under way")
	payment := c.payments(id)[0].Payment.Id
	c.never(types.ErrPayment, &types.MsgRetryPayment{Owner: alice.String(), Id: id, PaymentId: payment})
	c.never(types.ErrPaymentDue, &types.MsgClose{Owner: alice.String(), Id: id})

	require.Equal(t, []string{"PaymentSettled"}, c.ends(id, 1, arrives))
	require.Empty(t, c.flights(id))
	require.Empty(t, c.ends(id, 1, arrives), "it ends once")
	require.Equal(t, []string{"PaymentMade"}, c.begin(due+day))
	require.Equal(t, []string{"PaymentSettled"}, c.ends(id, 2, arrives))
	require.Empty(t, c.payments(id), "that was the last one")
	require.EqualValues(t, 600, c.held(types.Account(id), "uusdc"))
}

// TestReturns: what comes back is due again an interval later; the third time it waits for the owner.
func TestReturns(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	due := int64(genesisTime + 5*day)
	id := c.create("1000uusdc", pay(remote))
	for n := uint64(1); n <= types.MaxFailures; n++ {
		at := due + int64(n-1)*day
		require.Empty(t, c.begin(at-1))
		require.Equal(t, []string{"PaymentMade"}, c.begin(at))
		require.EqualValues(t, 800, c.held(types.Account(id), "uusdc"))
		require.Equal(t, []string{"PaymentReturned"}, c.ends(id, n, late))
		require.EqualValues(t, 1000, c.held(types.Account(id), "uusdc"))
		require.Empty(t, c.ends2(id, n), "it ends once")
		status := c.payments(id)[0]
		require.EqualValues(t, n, status.Payment.Failures)
		require.Equal(t, late, status.Payment.Returned)
		require.Zero(t, status.Occurrence)
		require.Equal(t, n == types.MaxFailures, status.Payment.ByHand)
	}
	require.Empty(t, c.begin(due+9*day))
	payment := c.payments(id)[0].Payment.Id
	c.does(&types.MsgRetryPayment{Owner: alice.String(), Id: id, PaymentId: payment})
	require.Equal(t, []string{"PaymentReturned"}, c.ends(id, 4, refused))
	require.True(t, c.payments(id)[0].Payment.ByHand)
	require.Equal(t, refused, c.payments(id)[0].Payment.Returned)
	c.does(&types.MsgRetryPayment{Owner: alice.String(), Id: id, PaymentId: payment})
	require.Equal(t, []string{"PaymentSettled"}, c.ends(id, 5, arrives))
	require.Empty(t, c.payments(id))
}

// ends2 is a second end of a packet that came back: it must change nothing.
func (c *chain) ends2(id, n uint64) []string {
	c.t.Helper()
	c.ctx = c.ctx.WithEventManager(sdk.NewEventManager())
	require.NoError(c.t, c.k.Resolve(c.ctx, collections.Join3(id, "channel-7", n), arrives, ""))
	return c.events()
}

// TestReturnsInPart: a part that came back is owed again beside what was missing.
func TestReturnsInPart(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	due := int64(genesisTime + 5*day)
	id := c.create("150uusdc", pay(remote, func(p *types.PaymentTerms) { p.OnShort = types.OnShort_ON_SHORT_PARTIAL }))
	require.Equal(t, []string{"PaymentMade", "PaymentShort"}, c.begin(due))
	require.Equal(t, "150", c.payments(id)[0].Paid.String())
	require.Equal(t, []string{"PaymentReturned"}, c.ends(id, 1, refused))
	require.Equal(t, "0", c.payments(id)[0].Paid.String())
	require.Equal(t, []string{"PaymentMade", "PaymentShort"}, c.begin(due+day))
	require.Equal(t, []string{"PaymentSettled"}, c.ends(id, 2, arrives))
	require.NoError(t, c.bank.SendCoins(c.ctx, alice, types.Account(id), coins("50uusdc")))
	require.Empty(t, c.begin(due+2*day-1))
	require.Equal(t, []string{"PaymentMade"}, c.begin(due+2*day))
	require.Equal(t, "50uusdc", c.ibc.sent[2].Token.String())
	require.Equal(t, []string{"PaymentReturned"}, c.ends(id, 3, late))
	require.Equal(t, "150", c.payments(id)[0].Paid.String())
}

// TestReturnsToNobody: what returns after its payment was cancelled, or the portfolio closed, is a deposit.
func TestReturnsToNobody(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	due := int64(genesisTime + 5*day)
	id := c.create("1000uusdc", pay(remote), pay(remote))
	require.Equal(t, []string{"PaymentMade", "PaymentMade"}, c.begin(due))
	first := c.payments(id)[0].Payment.Id
	c.does(&types.MsgCancelPayment{Owner: alice.String(), Id: id, PaymentId: first})
	require.Equal(t, []string{"PaymentReturned"}, c.ends(id, 1, late))
	require.EqualValues(t, 800, c.held(types.Account(id), "uusdc"))
	c.does(&types.MsgClose{Owner: alice.String(), Id: id, Force: true})
	require.Equal(t, []string{"PaymentReturned"}, c.ends(id, 2, late))
	c.does(&types.MsgWithdraw{Owner: alice.String(), Id: id, Amount: coins("200uusdc")})
	require.EqualValues(t, 1_000_000_000, c.held(alice, "uusdc"))
}

// TestPayoutReturns: proceeds that come back are set aside for their recipient, and after three times for the owner.
func TestPayoutReturns(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("1000uatom")
	terms := sell(func(o *types.OrderTerms) {
		o.Proceeds = types.Proceeds_PROCEEDS_PAYOUT
		o.PayoutTo = types.Destination{Recipient: "osmo1abc", Channel: "channel-7"}
	})
	c.does(&types.MsgCreateOrder{Owner: alice.String(), Id: id, Terms: terms})
	c.sold(id, 1, coin("100uusdc"), true)
	at := int64(genesisTime + 1)
	for n := uint64(1); n <= types.MaxFailures; n++ {
		require.Equal(t, []string{"PaymentMade"}, c.begin(at))
		require.Empty(t, c.view(id).Earmarked)
		require.Empty(t, c.begin(at+day), "it is under way")
		require.Equal(t, []string{"PaymentReturned"}, c.ends(id, n, refused))
		require.Equal(t, coins("100uusdc"), c.view(id).Earmarked)
		at += 2 * day
	}
	require.Empty(t, c.record(id).Payouts)
	require.Empty(t, c.begin(at+9*day))
	c.does(&types.MsgWithdraw{Owner: alice.String(), Id: id, Amount: coins("100uusdc"), FromEarmark: true})

	c.does(&types.MsgCreateOrder{Owner: alice.String(), Id: id, Terms: terms})
	c.sold(id, 2, coin("100uusdc"), true)
	require.Equal(t, []string{"PaymentMade"}, c.begin(at+10*day))
	require.Len(t, c.record(id).Payouts, 1)
	require.Equal(t, []string{"PaymentSettled"}, c.ends(id, 4, arrives))
	require.Empty(t, c.record(id).Payouts)
}

// TestEndsUnread: the end of a transfer whose portfolio cannot be read is booked when it can be again.
func TestEndsUnread(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	due := int64(genesisTime + 5*day)
	id := c.create("1000uusdc", pay(remote))
	require.Equal(t, []string{"PaymentMade"}, c.begin(due))
	good, broken := c.record(id), c.record(id)
	broken.Policy.Positions[0].Denom = "gone"
	require.NoError(t, c.k.Records.Set(c.ctx, id, broken))
	_, _, err := c.k.Page(c.ctx, 0, 10)
	require.NoError(t, err)
	require.Empty(t, c.ends(id, 1, late))
	fl := c.flights(id)[0]
	require.Equal(t, types.FlightState_FLIGHT_STATE_REFUNDED, fl.State)
	require.NotContains(t, fl.Detail, "\x1b", "another chain's words do not reach a terminal")
	require.NoError(t, c.k.Records.Set(c.ctx, id, good))
	c.does(&types.MsgResume{Sender: alice.String(), Id: id})
	require.Empty(t, c.flights(id))
	require.EqualValues(t, 1, c.payments(id)[0].Payment.Failures)
	require.Equal(t, []string{"PaymentMade"}, c.begin(due+day))
}

// TestFlightsSurviveExport: a chain that starts from an export knows what is under way, and books its end.
func TestFlightsSurviveExport(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	due := int64(genesisTime + 5*day)
	id := c.create("1000uusdc", pay(remote))
	require.Equal(t, []string{"PaymentMade"}, c.begin(due))
	g, err := c.k.ExportGenesis(c.ctx)
	require.NoError(t, err)
	require.NoError(t, g.Validate())
	d := fresh(t)
	require.NoError(t, d.k.InitGenesis(d.ctx, g))
	again, err := d.k.ExportGenesis(d.ctx)
	require.NoError(t, err)
	require.Equal(t, g, again)
	require.NoError(t, d.bank.SendCoins(d.ctx, alice, escrow(), coins("200uusdc")))
	require.NoError(t, d.bank.Mint(d.ctx, types.Account(id), coins("800uusdc")...)) // the bank's own genesis has it
	d.ibc.sent = c.ibc.sent
	d.at(due)
	require.Equal(t, []string{"PaymentReturned"}, d.ends(id, 1, late))
	for name, change := range map[string]func(fl *types.Flight){
		"id":       func(fl *types.Flight) { fl.Id = g.NextId },
		"channel":  func(fl *types.Flight) { fl.Channel = "nowhere" },
		"sequence": func(fl *types.Flight) { fl.Sequence = 0 },
		"amount":   func(fl *types.Flight) { fl.Amount.Amount = fl.Amount.Amount.Neg() },
		"state":    func(fl *types.Flight) { fl.State = 9 },
	} {
		bad := *g
		bad.Flights = append([]types.Flight(nil), g.Flights...)
		change(&bad.Flights[0])
		require.ErrorIs(t, bad.Validate(), types.ErrGenesis, name)
	}
	twice := *g
	twice.Flights = append(append([]types.Flight(nil), g.Flights...), g.Flights...)
	require.ErrorIs(t, twice.Validate(), types.ErrGenesis)
}

// TestFlightsConserve: whatever ends how and when, every unit is in the portfolio, under way or with the recipient,
// what is counted as paid is what arrived or is under way, and no packet is sent while another carries the payment.
func TestFlightsConserve(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		c := fresh(t)
		partial := rapid.Bool().Draw(r, "partial")
		id := c.create("1000uusdc", pay(remote, func(p *types.PaymentTerms) {
			p.Schedule.EverySeconds = day
			if partial {
				p.OnShort = types.OnShort_ON_SHORT_PARTIAL
			}
		}))
		payment := c.payments(id)[0].Payment.Id
		at, arrived := int64(genesisTime+5*day), int64(0)
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			at += rapid.Int64Range(1, 2*day).Draw(r, "wait")
			c.begin(at)
			open := c.flights(id)
			require.LessOrEqual(t, len(open), 1)
			if len(open) > 0 && rapid.Bool().Draw(r, "ends") {
				why := types.Return(rapid.Int32Range(0, 2).Draw(r, "how"))
				c.ends(id, open[0].Sequence, why)
				if why == arrives {
					arrived += open[0].Amount.Amount.Int64()
				}
			}
			if status := c.payments(id)[0]; status.Payment.ByHand {
				_, _ = c.msg.RetryPayment(c.ctx, &types.MsgRetryPayment{Owner: alice.String(), Id: id, PaymentId: payment})
			}
			flying := int64(0)
			for _, fl := range c.flights(id) {
				flying += fl.Amount.Amount.Int64()
			}
			status := c.payments(id)[0]
			require.Equal(t, arrived+flying, status.Occurrence*200+status.Paid.Int64())
			require.Equal(t, 1000-arrived-flying, c.held(types.Account(id), "uusdc"))
			require.Equal(t, arrived+flying, c.held(escrow(), "uusdc"))
			require.Empty(t, c.k.Invariants(c.ctx))
		}
	})
}

// TestCalled: only the account of a portfolio may ask for its callback.
func TestCalled(t *testing.T) {
	t.Parallel()
	id, err := types.Called("portfolio/7", types.Account(7).String())
	require.NoError(t, err)
	require.EqualValues(t, 7, id)
	for _, address := range []string{
		"", "portfolio/", "portfolio/8", "portfolio/07", "portfolio/+7", "portfolio/7 ", "portfolio/-1",
		"portfolio/18446744073709551616", types.Account(7).String(), strings.Repeat("x", 1<<16),
	} {
		_, err := types.Called(address, types.Account(7).String())
		require.ErrorIs(t, err, types.ErrTransfer, address)
		require.Less(t, len(err.Error()), 1024)
	}
}

// TestFlightByClient: a payment may go by a client of IBC v2, which counts seconds and takes no more than a day.
func TestFlightByClient(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	params := types.DefaultParams()
	params.TransferTimeoutSeconds = 3 * day
	c.does(&types.MsgUpdateParams{Authority: authority.String(), Params: params})
	due := int64(genesisTime + 5*day)
	c.create("1000uusdc", pay(func(p *types.PaymentTerms) {
		p.To = types.Destination{Recipient: "osmo1abc", Channel: "07-tendermint-3"}
	}))
	require.Equal(t, []string{"PaymentMade"}, c.begin(due))
	require.EqualValues(t, due+day-60, c.ibc.sent[0].TimeoutTimestamp)
	require.Equal(t, "application/x-protobuf", c.ibc.sent[0].Encoding)
}
