package chain_test

import (
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/ballast-finance/ballast/app"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

func portfolioActs() []act {
	return []act{
		{6, (*chance).create},
		{2, (*chance).updateTargets},
		{2, (*chance).updatePolicy},
		{2, (*chance).updateLimits},
		{2, (*chance).updateController},
		{4, (*chance).withdraw},
		{2, (*chance).pausePortfolio},
		{5, (*chance).resumePortfolio},
		{1, (*chance).closePortfolio},
		{3, (*chance).transferOwnership},
		{4, (*chance).acceptOwnership},
		{2, (*chance).setTrustee},
		{8, (*chance).createOrder},
		{3, (*chance).cancelOrder},
		{3, (*chance).releaseEarmark},
		{5, (*chance).addPayment},
		{2, (*chance).cancelPayment},
		{6, (*chance).retryPayment},
		{6, (*chance).releaseHalt},
		{3, (*chance).raiseBudget},
		{2, (*chance).updatePortfolioParams},
		{6, (*chance).deposit},
	}
}

// recent is how many of the newest portfolios something may happen to.
const recent = 40

// find looks for a portfolio that fits, among the newest; any when none does.
func (c *chance) find(fits func(*types.Portfolio, *types.Memory) bool) (types.Portfolio, types.Memory, bool) {
	c.Helper()
	ctx := c.ctx()
	next, err := c.Portfolio.NextID.Get(ctx)
	if err != nil || next < 2 {
		return types.Portfolio{}, types.Memory{}, false
	}
	first := uint64(1)
	if next > recent {
		first = next - recent
	}
	start := c.rnd.Uint64N(next - first)
	var p types.Portfolio
	var m types.Memory
	for i := range next - first {
		id := first + (start+i)%(next-first)
		if p, err = c.Portfolio.Records.Get(ctx, id); err != nil {
			continue
		}
		if m, err = c.Portfolio.Memory.Get(ctx, id); err == nil && (fits == nil || fits(&p, &m)) {
			return p, m, true
		}
	}
	return p, m, fits == nil || c.in(10)
}

func active(p *types.Portfolio, _ *types.Memory) bool {
	return p.Stage == types.Stage_STAGE_UNSPECIFIED
}

// weights draws weights that mostly add up to 1.
func (c *chance) weights(n int) []string {
	list, left := make([]string, n), int64(1_000_000)
	for i := range list {
		part := left
		if i < n-1 {
			part = c.rnd.Int64N(left + 1)
		}
		list[i], left = decimal(part), left-part
	}
	if c.in(20) {
		list[0] = "0.7"
	}
	return list
}

// policy draws a policy for some denoms.
func (c *chance) policy() types.Policy {
	denoms := append([]string(nil), c.denoms...)
	c.rnd.Shuffle(len(denoms), func(i, j int) { denoms[i], denoms[j] = denoms[j], denoms[i] })
	denoms = denoms[:2+c.rnd.IntN(min(3, len(denoms)-1))]
	if c.in(30) {
		denoms[0] = one(c, unlisted, denoms[1])
	}
	p := c.template
	p.Positions = nil
	for i, weight := range c.weights(len(denoms)) {
		p.Positions = append(p.Positions, types.Position{Denom: denoms[i], Weight: weight, MinBalance: math.ZeroInt()})
	}
	if c.in(5) {
		p.Positions[0].MinBalance = math.NewInt(c.rnd.Int64N(1_000_000))
	}
	switch c.rnd.IntN(5) {
	case 0, 1:
		p.Trigger, p.Bands = types.Trigger{Kind: types.TriggerKind_TRIGGER_KIND_ALWAYS}, types.Bands{}
	case 2:
		p.Trigger = types.Trigger{Kind: types.TriggerKind_TRIGGER_KIND_THRESHOLD, Threshold: c.percent(10, 300)}
		p.Bands = types.Bands{}
	}
	if c.in(3) {
		p.LossBudget = types.LossBudget{}
	}
	p.Gains, p.Limits = c.gains(), c.limits()
	p.CrossingOff = c.in(4)
	p.Split = one(c, types.Split_SPLIT_PROPORTIONAL, types.Split_SPLIT_FEWEST, types.Split_SPLIT_CHEAPEST)
	p.PeriodSeconds = 30 + c.rnd.Int64N(300)
	if c.in(30) {
		p.PeriodSeconds = one[int64](c, 0, 1, -5)
	}
	return p
}

func (c *chance) gains() types.Gains {
	g := c.template.Gains
	g.Kp = c.percent(1_000, 10_000)
	if c.in(8) {
		g.Ki = c.percent(1, 400)
	}
	if c.in(12) {
		g.Kp = one(c, "2", "-1", "x")
	}
	return g
}

func (c *chance) limits() types.Limits {
	l := c.template.Limits
	l.MaxSell, l.MaxSlippage = c.percent(500, 10_000), c.percent(10, 1_000)
	if c.in(3) {
		l.MinValue = decimal(c.rnd.Int64N(20_000_000_000))
	}
	if c.in(12) {
		l.MaxSell = one(c, "2", "-0.1", "all")
	}
	return l
}

// purse is some coins that are worth something.
func (c *chance) purse() sdk.Coins {
	list := sdk.NewCoins()
	for _, denom := range c.denoms {
		if c.in(2) {
			units := math.NewInt(c.rnd.Int64N(50_000_000_000))
			if denom == "aeth" {
				units = units.MulRaw(1_000_000_000)
			}
			list = list.Add(sdk.NewCoin(denom, units))
		}
	}
	return list
}

func (c *chance) create() sdk.Msg {
	owner := c.anyone()
	msg := &types.MsgCreate{Owner: owner.String(), Name: "by chance", Policy: c.policy(), Deposit: c.purse()}
	if c.in(2) {
		msg.Trustee = trustee.String()
	}
	if c.in(3) {
		msg.Payments = append(msg.Payments, c.payment())
	}
	return msg
}

func (c *chance) updateTargets() sdk.Msg {
	p, _, found := c.find(active)
	if !found {
		return nil
	}
	msg := &types.MsgUpdateTargets{Owner: c.or(p.Owner), Id: p.Id}
	for i, weight := range c.weights(len(p.Policy.Positions)) {
		msg.Weights = append(msg.Weights, types.TargetWeight{Denom: p.Policy.Positions[i].Denom, Weight: weight})
	}
	return msg
}

func (c *chance) updatePolicy() sdk.Msg {
	p, _, found := c.find(active)
	if !found {
		return nil
	}
	return &types.MsgUpdatePolicy{Owner: c.or(p.Owner), Id: p.Id, Policy: c.policy()}
}

func (c *chance) updateLimits() sdk.Msg {
	p, _, found := c.find(active)
	if !found {
		return nil
	}
	return &types.MsgUpdateLimits{Owner: c.or(p.Owner), Id: p.Id, Limits: c.limits()}
}

func (c *chance) updateController() sdk.Msg {
	p, _, found := c.find(active)
	if !found {
		return nil
	}
	return &types.MsgUpdateController{Owner: c.or(p.Owner), Id: p.Id, Gains: c.gains()}
}

// balance is a coin that a portfolio has.
func (c *chance) balance(id uint64) sdk.Coin {
	held := c.Bank.GetAllBalances(c.ctx(), types.Account(id))
	if held.Empty() {
		return sdk.NewInt64Coin(c.listed(), 5)
	}
	return held[c.rnd.IntN(len(held))]
}

func (c *chance) withdraw() sdk.Msg {
	p, m, found := c.find(nil)
	if !found {
		return nil
	}
	held := c.balance(p.Id)
	msg := &types.MsgWithdraw{
		Owner: c.or(p.Owner), Id: p.Id, Amount: sdk.Coins{{Denom: held.Denom, Amount: c.amount(held.Amount)}},
	}
	if c.in(4) {
		msg.Recipient = c.anyone().String()
	}
	if len(m.State.Earmarked) > 0 && c.in(2) {
		msg.Amount, msg.FromEarmark = sdk.Coins{c.earmarked(&m)}, true
	}
	return msg
}

// earmarked is some of what is earmarked.
func (c *chance) earmarked(m *types.Memory) sdk.Coin {
	e := one(c, m.State.Earmarked...)
	return sdk.Coin{Denom: c.denoms[e.Asset], Amount: c.amount(math.NewIntFromBigInt(e.Amount.Big()))}
}

func (c *chance) pausePortfolio() sdk.Msg {
	p, _, found := c.find(active)
	if !found {
		return nil
	}
	who := p.Owner
	if c.in(2) {
		who = p.Trustee
	}
	return &types.MsgPause{Sender: c.or(who), Id: p.Id, Payments: c.in(3)}
}

func (c *chance) resumePortfolio() sdk.Msg {
	p, _, found := c.find(func(p *types.Portfolio, m *types.Memory) bool { return active(p, m) && m.State.Paused })
	if !found {
		return nil
	}
	return &types.MsgResume{Sender: c.or(p.Owner), Id: p.Id}
}

func (c *chance) closePortfolio() sdk.Msg {
	p, _, found := c.find(active)
	if !found {
		return nil
	}
	msg := &types.MsgClose{Owner: c.or(p.Owner), Id: p.Id, Force: c.in(2)}
	if c.in(3) {
		msg.Recipient = one(c, bob.String(), authtypes.NewModuleAddress("auction").String())
	}
	return msg
}

func (c *chance) transferOwnership() sdk.Msg {
	p, _, found := c.find(nil)
	if !found {
		return nil
	}
	msg := &types.MsgTransferOwnership{Owner: c.or(p.Owner), Id: p.Id}
	if !c.in(6) {
		msg.NewOwner = c.anyone().String()
	}
	return msg
}

func (c *chance) acceptOwnership() sdk.Msg {
	p, _, found := c.find(func(p *types.Portfolio, _ *types.Memory) bool { return p.PendingOwner != "" })
	if !found {
		return nil
	}
	return &types.MsgAcceptOwnership{NewOwner: c.or(p.PendingOwner), Id: p.Id}
}

func (c *chance) setTrustee() sdk.Msg {
	p, _, found := c.find(active)
	if !found {
		return nil
	}
	return &types.MsgSetTrustee{Owner: c.or(p.Owner), Id: p.Id, Trustee: one(c, "", trustee.String(), bob.String())}
}

func (c *chance) createOrder() sdk.Msg {
	p, _, found := c.find(active)
	if !found {
		return nil
	}
	held := c.balance(p.Id)
	o := types.OrderTerms{
		Sell: held.Denom, Buy: one(c, p.Policy.Positions...).Denom, Amount: c.amount(held.Amount), MinSlice: math.ZeroInt(),
		Intervals: int64(c.rnd.IntN(4)), OutsideCap: c.in(2),
	}
	if c.in(3) {
		o.Amount, o.Share = math.ZeroInt(), c.percent(100, 3_000)
	}
	switch c.rnd.IntN(4) {
	case 0:
		o.Proceeds, o.AcceptReversal = types.Proceeds_PROCEEDS_POOL, !c.in(5)
	case 1:
		o.Proceeds, o.PayoutTo = types.Proceeds_PROCEEDS_PAYOUT, c.destination()
	}
	return &types.MsgCreateOrder{Owner: c.or(p.Owner), Id: p.Id, Terms: o}
}

func (c *chance) cancelOrder() sdk.Msg {
	p, m, found := c.find(func(p *types.Portfolio, m *types.Memory) bool {
		return active(p, m) && len(m.State.OneTime) > 0
	})
	if !found {
		return nil
	}
	msg := &types.MsgCancelOrder{Owner: c.or(p.Owner), Id: p.Id, OrderId: 99}
	if len(m.State.OneTime) > 0 {
		msg.OrderId = one(c, m.State.OneTime...).ID
	}
	return msg
}

func (c *chance) releaseEarmark() sdk.Msg {
	p, m, found := c.find(func(p *types.Portfolio, m *types.Memory) bool {
		return active(p, m) && len(m.State.Earmarked) > 0
	})
	if !found {
		return nil
	}
	msg := &types.MsgReleaseEarmark{Owner: c.or(p.Owner), Id: p.Id, Amount: c.balance(p.Id)}
	if len(m.State.Earmarked) > 0 {
		msg.Amount = c.earmarked(&m)
	}
	return msg
}

// destination is here as a rule, and sometimes behind a channel that does not exist.
func (c *chance) destination() types.Destination {
	switch c.rnd.IntN(10) {
	case 0:
		return types.Destination{Recipient: "somewhere", Channel: "channel-7"}
	case 1:
		return types.Destination{Recipient: authtypes.NewModuleAddress("rebalance").String()}
	}
	return types.Destination{Recipient: c.anyone().String()}
}

// payment is often more than there is: then it waits, or is made in parts.
func (c *chance) payment() types.PaymentTerms {
	t := types.PaymentTerms{
		Amount: sdk.NewInt64Coin(c.listed(), 1+c.rnd.Int64N(20_000_000_000)), To: c.destination(),
		Schedule: types.Schedule{First: c.now.Unix() + c.rnd.Int64N(300)},
		OnShort:  one(c, types.OnShort_ON_SHORT_WAIT, types.OnShort_ON_SHORT_PARTIAL),
	}
	if c.in(2) {
		t.Schedule.EverySeconds = 30 + c.rnd.Int64N(300)
		t.Schedule.Until = t.Schedule.First + c.rnd.Int64N(3_000)
	}
	if c.in(15) {
		t.Schedule.First = c.now.Unix() - 1_000
	}
	return t
}

func (c *chance) addPayment() sdk.Msg {
	p, _, found := c.find(active)
	if !found {
		return nil
	}
	terms := c.payment()
	if !c.in(4) {
		terms.Amount.Denom = one(c, p.Policy.Positions...).Denom
	}
	return &types.MsgAddPayment{Owner: c.or(p.Owner), Id: p.Id, Terms: terms}
}

func hasPayments(p *types.Portfolio, m *types.Memory) bool {
	return active(p, m) && len(p.Payments) > 0
}

func (c *chance) cancelPayment() sdk.Msg {
	p, _, found := c.find(hasPayments)
	if !found {
		return nil
	}
	msg := &types.MsgCancelPayment{Owner: c.or(p.Owner), Id: p.Id, PaymentId: 99}
	if len(p.Payments) > 0 {
		msg.PaymentId = one(c, p.Payments...).Id
	}
	return msg
}

// retryPayment tries a payment that is due and could not be made. Every other time somebody sends what is missing
// first.
func (c *chance) retryPayment() sdk.Msg {
	var owed *types.Payment
	due := func(p *types.Portfolio, m *types.Memory) bool {
		for i := range p.Payments {
			x := &p.Payments[i]
			if active(p, m) && x.Terms.Schedule.First < c.now.Unix() && (x.ByHand || x.NextAttempt > c.now.Unix()+10) {
				owed = x
			}
		}
		return owed != nil
	}
	p, _, found := c.find(due)
	if !found {
		return nil
	}
	msg := &types.MsgRetryPayment{Owner: c.or(p.Owner), Id: p.Id, PaymentId: 99}
	if owed == nil {
		return msg
	}
	missing := c.Bank.GetBalance(c.ctx(), types.Account(p.Id), owed.Terms.Amount.Denom).IsLT(owed.Terms.Amount)
	if missing && !owed.Terms.To.Remote() && c.in(2) {
		return banktypes.NewMsgSend(carol.addr, types.Account(p.Id), sdk.NewCoins(owed.Terms.Amount.AddAmount(
			owed.Terms.Amount.Amount)))
	}
	msg.PaymentId = owed.Id
	return msg
}

func (c *chance) releaseHalt() sdk.Msg {
	p, _, found := c.find(func(p *types.Portfolio, m *types.Memory) bool {
		return active(p, m) && m.State.Machine.Phase == band.Halted
	})
	if !found {
		return nil
	}
	msg := &types.MsgReleaseHalt{Sender: c.or(p.Owner), Id: p.Id}
	for _, x := range p.Policy.Positions {
		low, high := c.price(x.Denom, 9_000), c.price(x.Denom, 11_000)
		msg.Bounds = append(msg.Bounds, types.PriceBound{Denom: x.Denom, Low: low, High: high})
	}
	if c.in(8) {
		msg.Bounds = msg.Bounds[1:]
	}
	return msg
}

func (c *chance) raiseBudget() sdk.Msg {
	p, _, found := c.find(func(p *types.Portfolio, m *types.Memory) bool {
		return active(p, m) && p.Policy.LossBudget.Cap != ""
	})
	if !found {
		return nil
	}
	return &types.MsgRaiseBudget{Owner: c.or(p.Owner), Id: p.Id, Cap: c.percent(1, 4_000)}
}

func (c *chance) updatePortfolioParams() sdk.Msg {
	params, err := c.Portfolio.Params.Get(c.ctx())
	if err != nil {
		return nil
	}
	params.MaxPayoutsPerBlock = 1 + c.rnd.Uint32N(4)
	params.MaxPortfoliosPerOwner = 6 + c.rnd.Uint32N(6)
	params.GraceSeconds = c.rnd.Int64N(2_000)
	if c.in(6) {
		params.MaxPayoutsPerBlock = 0
	}
	return &types.MsgUpdateParams{Authority: c.authority(), Params: params}
}

// authority is governance, and sometimes somebody who would like to be it.
func (c *chance) authority() string {
	if c.in(6) {
		return c.anyone().String()
	}
	return app.Authority()
}

// deposit is a plain send to a portfolio, or to an account that takes none.
func (c *chance) deposit() sdk.Msg {
	p, _, found := c.find(active)
	if !found {
		return nil
	}
	to := types.Account(p.Id)
	if c.in(8) {
		to = authtypes.NewModuleAddress(one(c, "auction", "rebalance"))
	}
	held := c.Bank.GetAllBalances(c.ctx(), carol.addr)
	x := one(c, held...)
	amount := x.Amount.QuoRaw(100_000)
	if c.in(20) {
		amount = x.Amount.AddRaw(1)
	}
	if !amount.IsPositive() {
		return nil
	}
	return banktypes.NewMsgSend(carol.addr, to, sdk.NewCoins(sdk.NewCoin(x.Denom, amount)))
}
