package keeper_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// call hands a message to its handler.
func (c *chain) call(ctx context.Context, msg sdk.Msg) error {
	var err error
	switch m := msg.(type) {
	case *types.MsgCreate:
		_, err = c.msg.Create(ctx, m)
	case *types.MsgUpdateTargets:
		_, err = c.msg.UpdateTargets(ctx, m)
	case *types.MsgUpdatePolicy:
		_, err = c.msg.UpdatePolicy(ctx, m)
	case *types.MsgUpdateLimits:
		_, err = c.msg.UpdateLimits(ctx, m)
	case *types.MsgUpdateController:
		_, err = c.msg.UpdateController(ctx, m)
	case *types.MsgWithdraw:
		_, err = c.msg.Withdraw(ctx, m)
	case *types.MsgPause:
		_, err = c.msg.Pause(ctx, m)
	case *types.MsgResume:
		_, err = c.msg.Resume(ctx, m)
	case *types.MsgClose:
		_, err = c.msg.Close(ctx, m)
	case *types.MsgTransferOwnership:
		_, err = c.msg.TransferOwnership(ctx, m)
	case *types.MsgAcceptOwnership:
		_, err = c.msg.AcceptOwnership(ctx, m)
	case *types.MsgSetTrustee:
		_, err = c.msg.SetTrustee(ctx, m)
	case *types.MsgCreateOrder:
		_, err = c.msg.CreateOrder(ctx, m)
	case *types.MsgCancelOrder:
		_, err = c.msg.CancelOrder(ctx, m)
	case *types.MsgReleaseEarmark:
		_, err = c.msg.ReleaseEarmark(ctx, m)
	case *types.MsgAddPayment:
		_, err = c.msg.AddPayment(ctx, m)
	case *types.MsgCancelPayment:
		_, err = c.msg.CancelPayment(ctx, m)
	case *types.MsgRetryPayment:
		_, err = c.msg.RetryPayment(ctx, m)
	case *types.MsgReleaseHalt:
		_, err = c.msg.ReleaseHalt(ctx, m)
	case *types.MsgRaiseBudget:
		_, err = c.msg.RaiseBudget(ctx, m)
	case *types.MsgUpdateParams:
		_, err = c.msg.UpdateParams(ctx, m)
	default:
		c.t.Fatalf("no handler for %T", msg)
	}
	return err
}

// does runs a message that must succeed.
func (c *chain) does(msg sdk.Msg) {
	c.t.Helper()
	require.NoError(c.t, c.tx(func(ctx context.Context) error { return c.call(ctx, msg) }))
}

// never runs a message that must fail and change nothing.
func (c *chain) never(want error, msg sdk.Msg) {
	c.t.Helper()
	c.refuses(want, func(ctx context.Context) error { return c.call(ctx, msg) })
}

// pay are terms of a payment of 200 uusdc to carol, in five days, once.
func pay(change ...func(*types.PaymentTerms)) types.PaymentTerms {
	terms := types.PaymentTerms{
		Amount: coin("200uusdc"), To: types.Destination{Recipient: carol.String()},
		Schedule: types.Schedule{First: genesisTime + 5*day},
	}
	for _, f := range change {
		f(&terms)
	}
	return terms
}

// sell are terms of an order of 1000000 uatom for uusdc over 4 intervals.
func sell(change ...func(*types.OrderTerms)) types.OrderTerms {
	terms := types.OrderTerms{
		Sell: "uatom", Buy: "uusdc", Amount: integer(1_000_000), Intervals: 4, MinSlice: math.ZeroInt(),
	}
	for _, f := range change {
		f(&terms)
	}
	return terms
}

// half are target weights of the simple policy.
func half() []types.TargetWeight {
	return []types.TargetWeight{{Denom: "uusdc", Weight: "0.5"}, {Denom: "uatom", Weight: "0.5"}}
}

// speeches are one good message of every kind by an owner, and who else may send it.
func (c *chain) speeches(id uint64, who string) map[string]sdk.Msg {
	simple := c.written(simple)
	return map[string]sdk.Msg{
		"targets":    &types.MsgUpdateTargets{Owner: who, Id: id, Weights: half()},
		"policy":     &types.MsgUpdatePolicy{Owner: who, Id: id, Policy: simple},
		"limits":     &types.MsgUpdateLimits{Owner: who, Id: id, Limits: types.Limits{MaxSell: "0.1"}},
		"controller": &types.MsgUpdateController{Owner: who, Id: id, Gains: simple.Gains},
		"withdraw":   &types.MsgWithdraw{Owner: who, Id: id, Amount: coins("1uusdc")},
		"close":      &types.MsgClose{Owner: who, Id: id},
		"transfer":   &types.MsgTransferOwnership{Owner: who, Id: id, NewOwner: carol.String()},
		"trustee":    &types.MsgSetTrustee{Owner: who, Id: id, Trustee: carol.String()},
		"order":      &types.MsgCreateOrder{Owner: who, Id: id, Terms: sell()},
		"cancel":     &types.MsgCancelOrder{Owner: who, Id: id, OrderId: 1},
		"release":    &types.MsgReleaseEarmark{Owner: who, Id: id, Amount: coin("1uusdc")},
		"add":        &types.MsgAddPayment{Owner: who, Id: id, Terms: pay()},
		"forget":     &types.MsgCancelPayment{Owner: who, Id: id, PaymentId: 1},
		"retry":      &types.MsgRetryPayment{Owner: who, Id: id, PaymentId: 1},
		"budget":     &types.MsgRaiseBudget{Owner: who, Id: id, Cap: "0.5"},
	}
}

// TestOnlyTheOwner: nobody else speaks for a portfolio: not a stranger, not the owner of another one, not the trustee
// but for a pause and its end, not the authority.
func TestOnlyTheOwner(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("1000000uatom,1000000uusdc")
	c.does(&types.MsgCreate{Owner: carol.String(), Policy: c.written(simple)})
	for _, who := range []string{carol.String(), bob.String(), authority.String(), "", "nobody"} {
		for name, msg := range c.speeches(id, who) {
			t.Log(who, name)
			c.never(types.ErrNotAllowed, msg)
		}
		if who != bob.String() {
			c.never(types.ErrNotAllowed, &types.MsgPause{Sender: who, Id: id})
			c.never(types.ErrNotAllowed, &types.MsgResume{Sender: who, Id: id})
			c.never(types.ErrNotAllowed, &types.MsgReleaseHalt{Sender: who, Id: id})
		}
	}
	for name, msg := range c.speeches(9, alice.String()) {
		t.Log(name)
		c.never(types.ErrNotFound, msg)
	}
	c.never(types.ErrNotFound, &types.MsgPause{Sender: alice.String(), Id: 9})
	c.never(types.ErrNotFound, &types.MsgAcceptOwnership{NewOwner: alice.String(), Id: 9})
}

// TestClosed: a closed portfolio takes no word but a withdrawal and a new owner.
func TestClosed(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("1000000uatom")
	c.does(&types.MsgClose{Owner: alice.String(), Id: id})
	for name, msg := range c.speeches(id, alice.String()) {
		t.Log(name)
		if name == "transfer" {
			c.does(msg)
			continue
		}
		want := error(types.ErrClosed)
		if name == "withdraw" {
			want = types.ErrFunds
		}
		c.never(want, msg)
	}
	c.never(types.ErrClosed, &types.MsgPause{Sender: alice.String(), Id: id})
	c.never(types.ErrClosed, &types.MsgResume{Sender: bob.String(), Id: id})
	c.does(&types.MsgAcceptOwnership{NewOwner: carol.String(), Id: id})
}

// TestWhilePaused: an owner may change everything while a portfolio is paused.
func TestWhilePaused(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("1000000uatom,1000000uusdc")
	c.does(&types.MsgPause{Sender: alice.String(), Id: id})
	speeches := c.speeches(id, alice.String())
	for _, name := range []string{
		"order", "cancel", "targets", "policy", "limits", "controller", "withdraw", "transfer", "trustee", "close",
	} {
		c.does(speeches[name])
	}
}

func TestCreateRefused(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.oracle.windDown = []asset.Index{2}
	long := strings.Repeat("x", 101)
	many := make([]types.PaymentTerms, 101)
	for i := range many {
		many[i] = pay()
	}
	for _, r := range []struct {
		name  string
		want  error
		spoil func(m *types.MsgCreate)
	}{
		{"owner", types.ErrAddress, func(m *types.MsgCreate) { m.Owner = "alice" }},
		{"other chain", types.ErrAddress, func(m *types.MsgCreate) {
			m.Owner = "cosmos1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnrujsuw"
		}},
		{"long name", types.ErrName, func(m *types.MsgCreate) { m.Name = long }},
		{"control character", types.ErrName, func(m *types.MsgCreate) { m.Name = "a\nb" }},
		{"trustee", types.ErrAddress, func(m *types.MsgCreate) { m.Trustee = "bob" }},
		{"own trustee", types.ErrAddress, func(m *types.MsgCreate) { m.Trustee = m.Owner }},
		{"no policy", types.ErrPolicy, func(m *types.MsgCreate) { m.Policy = types.Policy{} }},
		{"unknown denom", types.ErrUnknownAsset, func(m *types.MsgCreate) { m.Policy.Positions[0].Denom = "doge" }},
		{"duplicate", types.ErrPolicy, func(m *types.MsgCreate) { m.Policy.Positions[0].Denom = "uusdc" }},
		{"sum", types.ErrPolicy, func(m *types.MsgCreate) { m.Policy.Positions[0].Weight = "0.5" }},
		{"zero weights", types.ErrPolicy, func(m *types.MsgCreate) {
			m.Policy.Positions[0].Weight, m.Policy.Positions[1].Weight = "", ""
		}},
		{"overflow", types.ErrAmount, func(m *types.MsgCreate) { m.Policy.Gains.Kp = strings.Repeat("9", 99) }},
		{"minimum overflow", types.ErrAmount, func(m *types.MsgCreate) {
			m.Policy.Positions[0].MinBalance = math.NewIntWithDecimal(1, 39)
		}},
		{"negative minimum", types.ErrAmount, func(m *types.MsgCreate) { m.Policy.Positions[0].MinBalance = integer(-1) }},
		{"gains", types.ErrPolicy, func(m *types.MsgCreate) { m.Policy.Gains.Ki = "0.9" }},
		{"period", types.ErrPolicy, func(m *types.MsgCreate) { m.Policy.PeriodSeconds = 59 }},
		{"wind-down", types.ErrWindDown, func(m *types.MsgCreate) { m.Policy.Positions[0].Denom = "abtc" }},
		{"deposit", types.ErrAmount, func(m *types.MsgCreate) {
			m.Deposit = sdk.Coins{{Denom: "uusdc", Amount: integer(-1)}}
		}},
		{"too poor", sdkerrors.ErrInsufficientFunds, func(m *types.MsgCreate) { m.Deposit = coins("1000000001uusdc") }},
		{"too many payments", types.ErrTooMany, func(m *types.MsgCreate) { m.Payments = many }},
		{"payment of what is not held", types.ErrPolicy, func(m *types.MsgCreate) {
			m.Payments = []types.PaymentTerms{pay(func(p *types.PaymentTerms) { p.Amount.Denom = "abtc" })}
		}},
	} {
		t.Log(r.name)
		m := &types.MsgCreate{Owner: alice.String(), Trustee: bob.String(), Policy: c.written(simple)}
		r.spoil(m)
		c.never(r.want, m)
	}
	params := types.DefaultParams()
	params.MaxPortfoliosPerOwner = 1
	c.does(&types.MsgUpdateParams{Authority: authority.String(), Params: params})
	id := c.create("")
	c.never(types.ErrTooMany, &types.MsgCreate{Owner: alice.String(), Policy: c.written(simple)})
	c.does(&types.MsgClose{Owner: alice.String(), Id: id})
	c.create("")
}

func TestPaymentRefused(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("")
	for _, r := range []struct {
		name  string
		want  error
		spoil func(p *types.PaymentTerms)
	}{
		{"zero", types.ErrPayment, func(p *types.PaymentTerms) { p.Amount = sdk.NewInt64Coin("uusdc", 0) }},
		{"negative", types.ErrAmount, func(p *types.PaymentTerms) { p.Amount.Amount = integer(-1) }},
		{"overflow", types.ErrAmount, func(p *types.PaymentTerms) { p.Amount.Amount = math.NewIntWithDecimal(1, 39) }},
		{"unknown denom", types.ErrUnknownAsset, func(p *types.PaymentTerms) { p.Amount.Denom = "doge" }},
		{"not held", types.ErrPolicy, func(p *types.PaymentTerms) { p.Amount.Denom = "abtc" }},
		{"nobody", types.ErrRecipient, func(p *types.PaymentTerms) { p.To.Recipient = "" }},
		{"no address", types.ErrRecipient, func(p *types.PaymentTerms) { p.To.Recipient = "carol" }},
		{"itself", types.ErrRecipient, func(p *types.PaymentTerms) { p.To.Recipient = types.Account(id).String() }},
		{"blocked", types.ErrRecipient, func(p *types.PaymentTerms) { p.To.Recipient = blocked.String() }},
		{"channel", types.ErrRecipient, func(p *types.PaymentTerms) { p.To.Channel = "tunnel-1" }},
		{"nobody there", types.ErrRecipient, func(p *types.PaymentTerms) {
			p.To = types.Destination{Channel: "channel-0"}
		}},
		{"two periods", types.ErrPayment, func(p *types.PaymentTerms) {
			p.Schedule.EverySeconds, p.Schedule.EveryMonths = day, 1
		}},
		{"too often", types.ErrPayment, func(p *types.PaymentTerms) { p.Schedule.EverySeconds = 59 }},
		{"expired", types.ErrPayment, func(p *types.PaymentTerms) { p.Schedule.First = genesisTime - 1 }},
		{"ended", types.ErrPayment, func(p *types.PaymentTerms) {
			p.Schedule = types.Schedule{First: 1, EverySeconds: day, Until: genesisTime - day}
		}},
		{"ends before it starts", types.ErrPayment, func(p *types.PaymentTerms) { p.Schedule.Until = 1 }},
		{"rule", types.ErrPolicy, func(p *types.PaymentTerms) { p.OnShort = 3 }},
	} {
		t.Log(r.name)
		c.never(r.want, &types.MsgAddPayment{Owner: alice.String(), Id: id, Terms: pay(r.spoil)})
	}
	c.never(types.ErrPayment, &types.MsgCancelPayment{Owner: alice.String(), Id: id, PaymentId: 1})
	c.does(&types.MsgAddPayment{Owner: alice.String(), Id: id, Terms: pay()})
	c.never(types.ErrPayment, &types.MsgRetryPayment{Owner: alice.String(), Id: id, PaymentId: 1})
	c.never(types.ErrPayment, &types.MsgRetryPayment{Owner: alice.String(), Id: id, PaymentId: 2})
}

func TestOrderRefused(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	c.oracle.windDown = []asset.Index{2}
	id := c.create("1000000uatom")
	for _, r := range []struct {
		name  string
		want  error
		spoil func(o *types.OrderTerms)
	}{
		{"unknown", types.ErrUnknownAsset, func(o *types.OrderTerms) { o.Sell = "doge" }},
		{"not held", types.ErrOrder, func(o *types.OrderTerms) { o.Sell = "abtc" }},
		{"itself", types.ErrOrder, func(o *types.OrderTerms) { o.Buy = "uatom" }},
		{"wind-down", types.ErrWindDown, func(o *types.OrderTerms) { o.Buy = "abtc" }},
		{"zero", types.ErrOrder, func(o *types.OrderTerms) { o.Amount = integer(0) }},
		{"negative", types.ErrAmount, func(o *types.OrderTerms) { o.Amount = integer(-1) }},
		{"overflow", types.ErrAmount, func(o *types.OrderTerms) { o.Amount = math.NewIntWithDecimal(1, 39) }},
		{"two sizes", types.ErrOrder, func(o *types.OrderTerms) { o.Share = "0.1" }},
		{"share", types.ErrOrder, func(o *types.OrderTerms) { o.Amount, o.Share = integer(0), "1.1" }},
		{"intervals", types.ErrOrder, func(o *types.OrderTerms) { o.Intervals = 0 }},
		{"limit", types.ErrOrder, func(o *types.OrderTerms) { o.Limit = "-1" }},
		{"pool", types.ErrOrder, func(o *types.OrderTerms) { o.Proceeds = types.Proceeds_PROCEEDS_POOL }},
		{"proceeds", types.ErrOrder, func(o *types.OrderTerms) { o.Proceeds = 9 }},
		{"payout to nobody", types.ErrRecipient, func(o *types.OrderTerms) { o.Proceeds = types.Proceeds_PROCEEDS_PAYOUT }},
		{"recipient of nothing", types.ErrOrder, func(o *types.OrderTerms) { o.PayoutTo.Recipient = carol.String() }},
	} {
		t.Log(r.name)
		c.never(r.want, &types.MsgCreateOrder{Owner: alice.String(), Id: id, Terms: sell(r.spoil)})
	}
	for range cycle.MaxOneTime {
		c.does(&types.MsgCreateOrder{Owner: alice.String(), Id: id, Terms: sell()})
	}
	c.never(types.ErrOrder, &types.MsgCreateOrder{Owner: alice.String(), Id: id, Terms: sell()})
	c.never(types.ErrOrder, &types.MsgCancelOrder{Owner: alice.String(), Id: id, OrderId: 99})
	c.does(&types.MsgCancelOrder{Owner: alice.String(), Id: id, OrderId: 3})
	c.never(types.ErrOrder, &types.MsgCancelOrder{Owner: alice.String(), Id: id, OrderId: 3})
}

func TestOthersRefused(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("1000000uatom")
	owner := alice.String()
	c.never(sdkerrors.ErrUnauthorized, &types.MsgUpdateParams{Authority: owner, Params: types.DefaultParams()})
	c.never(types.ErrParams, &types.MsgUpdateParams{Authority: authority.String()})

	targets := &types.MsgUpdateTargets{Owner: owner, Id: id, Weights: half()[:1]}
	c.never(types.ErrPolicy, targets)
	targets.Weights = []types.TargetWeight{half()[0], half()[0]}
	c.never(types.ErrPolicy, targets)
	targets.Weights = half()
	targets.Weights[0].Denom = "abtc"
	c.never(types.ErrPolicy, targets)
	targets.Weights = half()
	targets.Weights[0].Weight = "0.4"
	c.never(types.ErrPolicy, targets)
	targets.Weights, targets.Target = half(), &types.Target{}
	c.never(types.ErrPolicy, targets)

	c.never(types.ErrPolicy, &types.MsgUpdateLimits{Owner: owner, Id: id, Limits: types.Limits{MaxSell: "1.1"}})
	c.never(types.ErrPolicy, &types.MsgUpdateLimits{
		Owner: owner, Id: id, Positions: []types.PositionLimit{{Denom: "abtc", MaxWeight: "0.1"}},
	})
	c.never(types.ErrPolicy, &types.MsgUpdateController{Owner: owner, Id: id, Gains: types.Gains{Kp: "1.1"}})
	for name, amount := range map[string]sdk.Coins{
		"nothing": nil, "zero": {{Denom: "uatom", Amount: integer(0)}}, "twice": {coin("1uatom"), coin("1uatom")},
		"negative": {{Denom: "uatom", Amount: integer(-1)}},
		"overflow": {{Denom: "uatom", Amount: math.NewIntWithDecimal(1, 39)}},
	} {
		t.Log(name)
		c.never(types.ErrAmount, &types.MsgWithdraw{Owner: owner, Id: id, Amount: amount})
	}
	c.never(types.ErrFunds, &types.MsgWithdraw{Owner: owner, Id: id, Amount: coins("1000001uatom")})
	c.never(types.ErrFunds, &types.MsgWithdraw{Owner: owner, Id: id, Amount: coins("1other")})
	c.never(types.ErrFunds, &types.MsgWithdraw{Owner: owner, Id: id, Amount: coins("1uatom"), FromEarmark: true})
	c.never(types.ErrUnknownAsset, &types.MsgWithdraw{Owner: owner, Id: id, Amount: coins("1other"), FromEarmark: true})
	c.never(types.ErrRecipient, &types.MsgWithdraw{
		Owner: owner, Id: id, Amount: coins("1uatom"), Recipient: blocked.String(),
	})
	c.never(types.ErrRecipient, &types.MsgClose{Owner: owner, Id: id, Recipient: types.Account(id).String()})

	c.never(types.ErrFunds, &types.MsgReleaseEarmark{Owner: owner, Id: id, Amount: coin("1uatom")})
	c.never(types.ErrAmount, &types.MsgReleaseEarmark{Owner: owner, Id: id, Amount: sdk.NewInt64Coin("uatom", 0)})
	c.never(types.ErrUnknownAsset, &types.MsgReleaseEarmark{Owner: owner, Id: id, Amount: coin("1other")})
	c.never(types.ErrBudget, &types.MsgRaiseBudget{Owner: owner, Id: id, Cap: "0.5"})
	c.never(types.ErrBudget, &types.MsgRaiseBudget{Owner: owner, Id: id, Cap: "much"})
	c.never(types.ErrAddress, &types.MsgTransferOwnership{Owner: owner, Id: id})
	c.never(types.ErrAddress, &types.MsgTransferOwnership{Owner: owner, Id: id, NewOwner: owner})
	c.never(types.ErrAddress, &types.MsgTransferOwnership{Owner: owner, Id: id, NewOwner: "bob"})
	c.never(types.ErrNotAllowed, &types.MsgAcceptOwnership{NewOwner: bob.String(), Id: id})
	c.never(types.ErrAddress, &types.MsgAcceptOwnership{Id: id})

	bounds := []types.PriceBound{{Denom: "uusdc", Low: "0.9", High: "1.1"}, {Denom: "uatom", Low: "9", High: "11"}}
	release := &types.MsgReleaseHalt{Sender: owner, Id: id, Bounds: bounds}
	c.never(types.ErrRelease, release) // there is no halt
	release.Bounds = bounds[:1]
	c.never(types.ErrRelease, release)
	c.halt(id)
	release.Bounds = []types.PriceBound{bounds[0], bounds[0]}
	c.never(types.ErrRelease, release)
	release.Bounds = []types.PriceBound{bounds[0], {Denom: "uatom", Low: "11", High: "12"}}
	c.never(types.ErrRelease, release)
	release.Bounds = []types.PriceBound{bounds[0], {Denom: "uatom", Low: "x"}}
	c.never(types.ErrRelease, release)
	release.Sender, release.Bounds = bob.String(), bounds
	c.does(release)
	require.Equal(t, types.Status_STATUS_ACTIVE, c.view(id).Status)
}

// halt makes the bands of a portfolio halt it.
func (c *chain) halt(id uint64) {
	c.t.Helper()
	p := c.written(simple + "bands: {}\n")
	c.does(&types.MsgUpdatePolicy{Owner: alice.String(), Id: id, Policy: p})
	c.change(id, func(st *cycle.State) { st.Machine = band.Machine{Phase: band.Halted} })
	require.Equal(c.t, types.Status_STATUS_HALTED, c.view(id).Status)
	require.Equal(c.t, types.Reason_REASON_BAND, c.view(id).Reason)
}

// change is what a round does to a state.
func (c *chain) change(id uint64, do func(st *cycle.State), notes ...cycle.Outcome) {
	c.t.Helper()
	p, err := c.k.Load(c.ctx, id)
	require.NoError(c.t, err)
	do(&p.State)
	list := []cycle.Note{{Outcome: cycle.CrossRefused}}
	for _, n := range notes {
		list = append(list, cycle.Note{Portfolio: id, Outcome: n})
	}
	require.NoError(c.t, c.k.Save(c.ctx, []cycle.Portfolio{p}, list))
}

// order puts an order of a portfolio into the market; its units leave the account.
func (c *chain) order(id, units uint64) {
	c.t.Helper()
	c.change(id, func(st *cycle.State) {
		st.Orders = []cycle.Order{{Sell: 1, Buy: 0, Units: fixed.NatOf(units)}}
	}, cycle.Ordered)
}

// TestBusy: the assets of a policy stay while orders are in the market; its targets may change.
func TestBusy(t *testing.T) {
	t.Parallel()
	c := fresh(t)
	id := c.create("1000000uatom")
	c.order(id, 10)
	p := c.written(strings.Replace(simple, "uatom, exponent: 6", "abtc, exponent: 8", 1))
	c.never(types.ErrBusy, &types.MsgUpdatePolicy{Owner: alice.String(), Id: id, Policy: p})
	c.does(&types.MsgUpdateTargets{Owner: alice.String(), Id: id, Weights: half()})
	c.change(id, func(st *cycle.State) { st.Orders = nil }, cycle.Settled)
	c.does(&types.MsgUpdatePolicy{Owner: alice.String(), Id: id, Policy: p})
	require.Equal(t, "abtc", c.record(id).Policy.Positions[0].Denom)
}
