package chain_test

import (
	"strings"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	sdkerrors "github.com/cosmos/cosmos-sdk/types/errors"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// owners are the messages of an owner, good ones for the first portfolio, with the portfolio and the sender to choose.
func (s *stage) owners() map[string]func(who string, id uint64) sdk.Msg {
	return map[string]func(who string, id uint64) sdk.Msg{
		"targets": func(who string, id uint64) sdk.Msg {
			return &types.MsgUpdateTargets{Owner: who, Id: id, Weights: []types.TargetWeight{
				{Denom: "uusdc", Weight: "0.5"}, {Denom: "uatom", Weight: "0.5"},
			}}
		},
		"policy": func(who string, id uint64) sdk.Msg {
			return &types.MsgUpdatePolicy{Owner: who, Id: id, Policy: s.simple}
		},
		"limits": func(who string, id uint64) sdk.Msg {
			return &types.MsgUpdateLimits{Owner: who, Id: id, Limits: types.Limits{MaxSell: "0.1"}}
		},
		"controller": func(who string, id uint64) sdk.Msg {
			return &types.MsgUpdateController{Owner: who, Id: id, Gains: s.simple.Gains}
		},
		"close": func(who string, id uint64) sdk.Msg { return &types.MsgClose{Owner: who, Id: id} },
		"trustee": func(who string, id uint64) sdk.Msg {
			return &types.MsgSetTrustee{Owner: who, Id: id, Trustee: bob.String()}
		},
		"order": func(who string, id uint64) sdk.Msg {
			return &types.MsgCreateOrder{Owner: who, Id: id, Terms: s.sells()}
		},
		"cancel order": func(who string, id uint64) sdk.Msg {
			return &types.MsgCancelOrder{Owner: who, Id: id, OrderId: s.order}
		},
		"release": func(who string, id uint64) sdk.Msg {
			return &types.MsgReleaseEarmark{Owner: who, Id: id, Amount: coin("1uusdc")}
		},
		"payment": func(who string, id uint64) sdk.Msg {
			return &types.MsgAddPayment{Owner: who, Id: id, Terms: s.payment()}
		},
		"cancel payment": func(who string, id uint64) sdk.Msg {
			return &types.MsgCancelPayment{Owner: who, Id: id, PaymentId: s.pay}
		},
		"retry": func(who string, id uint64) sdk.Msg {
			return &types.MsgRetryPayment{Owner: who, Id: id, PaymentId: s.pay}
		},
		"budget": func(who string, id uint64) sdk.Msg { return &types.MsgRaiseBudget{Owner: who, Id: id, Cap: "0.5"} },
		"pause":  func(who string, id uint64) sdk.Msg { return &types.MsgPause{Sender: who, Id: id} },
		"resume": func(who string, id uint64) sdk.Msg { return &types.MsgResume{Sender: who, Id: id} },
		"release halt": func(who string, id uint64) sdk.Msg {
			return &types.MsgReleaseHalt{Sender: who, Id: id}
		},
	}
}

// portfolioRefusals are those of the messages about a portfolio. What all of an owner's have in common comes first.
func (s *stage) portfolioRefusals() []refusal {
	owner := alice.String()
	var rows []refusal
	for _, good := range s.owners() {
		rows = append(rows,
			refusal{"other's portfolio", good(bob.String(), open), types.ErrNotAllowed, "expected the owner"},
			refusal{"unknown", good(owner, missing), types.ErrNotFound, "expected the id of a portfolio, got 77"},
			refusal{"closed", good(owner, closed), types.ErrClosed, "can still be withdrawn"})
	}
	own := s.owners()
	twice := []types.TargetWeight{{Denom: "uusdc", Weight: "0.5"}, {Denom: "uusdc", Weight: "0.5"}}
	lean := s.simple
	lean.PeriodSeconds = 1
	strange := s.simple
	strange.Positions = append([]types.Position{{Denom: unlisted, MinBalance: math.ZeroInt()}}, s.simple.Positions...)
	double := s.simple
	double.Positions = append(double.Positions[:1:1], double.Positions[0], double.Positions[1])
	limit := types.Limits{MaxSell: "2"}
	gains := s.simple.Gains
	gains.Kp = "7"
	params := types.DefaultParams()
	params.MaxPayoutsPerBlock = 0
	return append(rows, []refusal{
		{
			"not an address", &types.MsgCreate{Owner: bob.String(), Trustee: "me", Policy: s.simple},
			types.ErrAddress, "expected an address",
		},
		{
			"too many", &types.MsgCreate{Owner: owner, Policy: s.simple},
			types.ErrTooMany, "at most 3",
		},
		{
			"its own trustee", &types.MsgCreate{Owner: dave.String(), Trustee: dave.String(), Policy: s.simple},
			types.ErrAddress, "somebody else",
		},
		{
			"long name", &types.MsgCreate{Owner: bob.String(), Name: strings.Repeat("x", 101), Policy: s.simple},
			types.ErrName, "at most 100",
		},
		{"too often", &types.MsgCreate{Owner: bob.String(), Policy: lean}, types.ErrPolicy, "expected at least 10"},
		{"unknown denom", &types.MsgCreate{Owner: bob.String(), Policy: strange}, types.ErrUnknownAsset, unlisted},
		{"duplicate denom", &types.MsgCreate{Owner: bob.String(), Policy: double}, types.ErrPolicy, "stands twice"},
		{
			"more than he has", &types.MsgCreate{
				Owner: bob.String(), Policy: s.simple, Deposit: sdk.NewCoins(sdk.NewCoin("uusdc", huge())),
			},
			sdkerrors.ErrInsufficientFunds, "is smaller than",
		},
		{
			"expired payment", &types.MsgCreate{
				Owner: bob.String(), Policy: s.simple,
				Payments: []types.PaymentTerms{s.payment(func(p *types.PaymentTerms) { p.Schedule.First = 5 })},
			},
			types.ErrPayment, "still to come",
		},
		{
			"duplicate denom", &types.MsgUpdateTargets{Owner: owner, Id: open, Weights: twice},
			types.ErrPolicy, "stands twice",
		},
		{
			"unknown denom", &types.MsgUpdateTargets{
				Owner: owner, Id: open, Weights: []types.TargetWeight{{Denom: unlisted}, {Denom: "uatom"}},
			},
			types.ErrPolicy, "expected a denom that the policy holds",
		},
		{
			"not enough", &types.MsgUpdateTargets{Owner: owner, Id: open, Weights: twice[:1]},
			types.ErrPolicy, "expected one for each of 2",
		},
		{
			"too often", &types.MsgUpdatePolicy{Owner: owner, Id: open, Policy: lean},
			types.ErrPolicy, "expected at least 10",
		},
		{
			"out of range", &types.MsgUpdateLimits{Owner: owner, Id: open, Limits: limit},
			types.ErrPolicy, "expected limits",
		},
		{
			"out of range", &types.MsgUpdateController{Owner: owner, Id: open, Gains: gains},
			types.ErrPolicy, "Kp: expected",
		},
		{
			"payments by the trustee", &types.MsgPause{Sender: trustee.String(), Id: open, Payments: true},
			types.ErrNotAllowed, "expected the owner",
		},
		{"paused", own["pause"](owner, paused), types.ErrPaused, "is paused by"},
		{"not paused", own["resume"](owner, open), types.ErrNotPaused, "decides at every interval"},
		{
			"paused by the owner", own["resume"](trustee.String(), paused),
			types.ErrNotAllowed, "expected the owner, who paused it",
		},
		{
			"its own trustee", &types.MsgSetTrustee{Owner: owner, Id: open, Trustee: owner},
			types.ErrAddress, "somebody else",
		},
		{
			"not an address", &types.MsgSetTrustee{Owner: owner, Id: open, Trustee: "x"},
			types.ErrAddress, "expected an address",
		},
		{
			"other's portfolio", &types.MsgTransferOwnership{Owner: bob.String(), Id: open, NewOwner: bob.String()},
			types.ErrNotAllowed, "expected the owner",
		},
		{
			"to himself", &types.MsgTransferOwnership{Owner: owner, Id: open, NewOwner: owner},
			types.ErrAddress, "somebody else",
		},
		{
			"nothing offered", &types.MsgTransferOwnership{Owner: owner, Id: open},
			types.ErrAddress, "no offer to take back",
		},
		{"unknown", &types.MsgTransferOwnership{Owner: owner, Id: missing}, types.ErrNotFound, "got 77"},
		{
			"not offered", &types.MsgAcceptOwnership{NewOwner: bob.String(), Id: open},
			types.ErrNotAllowed, "to whom portfolio 1 is offered",
		},
		{"unknown", &types.MsgAcceptOwnership{NewOwner: bob.String(), Id: missing}, types.ErrNotFound, "got 77"},
		{"no bounds", own["release halt"](owner, open), types.ErrRelease, "expected one for each of 2 positions"},
		{"no budget", own["budget"](owner, open), types.ErrBudget, "budget"},
		{
			"not the authority", &types.MsgUpdateParams{Authority: bob.String(), Params: types.DefaultParams()},
			sdkerrors.ErrUnauthorized, "authority",
		},
		{
			"zero", &types.MsgUpdateParams{Authority: governance(), Params: params},
			types.ErrParams, "expected 1..1000, got 0",
		},
	}...)
}

// moneyRefusals are those of the messages that move money, now or later.
func (s *stage) moneyRefusals() []refusal {
	owner := alice.String()
	take := func(c sdk.Coin) *types.MsgWithdraw {
		return &types.MsgWithdraw{Owner: owner, Id: open, Amount: sdk.Coins{c}}
	}
	to := take(coin("1uusdc"))
	to.Recipient = authtypes.NewModuleAddress("auction").String()
	order := func(f func(*types.OrderTerms)) *types.MsgCreateOrder {
		return &types.MsgCreateOrder{Owner: owner, Id: open, Terms: s.sells(f)}
	}
	pay := func(f func(*types.PaymentTerms)) *types.MsgAddPayment {
		return &types.MsgAddPayment{Owner: owner, Id: open, Terms: s.payment(f)}
	}
	return []refusal{
		{
			"other's portfolio", &types.MsgWithdraw{Owner: bob.String(), Id: open, Amount: coins("1uusdc")},
			types.ErrNotAllowed, "expected the owner",
		},
		{
			"unknown", &types.MsgWithdraw{Owner: owner, Id: missing, Amount: coins("1uusdc")},
			types.ErrNotFound, "got 77",
		},
		{"zero", take(sdk.NewInt64Coin("uusdc", 0)), types.ErrAmount, "expected sorted positive coins"},
		{"overflow", take(sdk.NewCoin("uusdc", huge())), types.ErrAmount, "expected"},
		{"more than there is", take(coin("5000000000uusdc")), types.ErrFunds, "expected at most"},
		{"unknown denom", take(coin("5ujunk")), types.ErrFunds, "expected at most 0ujunk"},
		{
			"duplicate denom", &types.MsgWithdraw{
				Owner: owner, Id: open, Amount: sdk.Coins{coin("1uusdc"), coin("1uusdc")},
			},
			types.ErrAmount, "expected sorted",
		},
		{"blocked recipient", to, types.ErrRecipient, "may not receive coins"},
		{
			"nothing earmarked", &types.MsgWithdraw{
				Owner: owner, Id: open, Amount: coins("1uusdc"), FromEarmark: true,
			},
			types.ErrFunds, "expected",
		},
		{
			"blocked recipient", &types.MsgClose{Owner: owner, Id: paused, Recipient: to.Recipient},
			types.ErrRecipient, "may not receive coins",
		},
		{"zero", order(func(o *types.OrderTerms) { o.Amount = math.ZeroInt() }), types.ErrOrder, "expected"},
		{"overflow", order(func(o *types.OrderTerms) { o.Amount = huge() }), types.ErrAmount, "expected"},
		{"unknown denom", order(func(o *types.OrderTerms) { o.Sell = unlisted }), types.ErrUnknownAsset, unlisted},
		{
			"for itself", order(func(o *types.OrderTerms) { o.Buy = "uatom" }),
			types.ErrOrder, "expected an asset of the policy for another",
		},
		{
			"unaccepted reversal", order(func(o *types.OrderTerms) { o.Proceeds = types.Proceeds_PROCEEDS_POOL }),
			types.ErrOrder, "expected accept_reversal",
		},
		{"no such order", &types.MsgCancelOrder{Owner: owner, Id: open, OrderId: 99}, types.ErrOrder, "99"},
		{
			"nothing earmarked", &types.MsgReleaseEarmark{Owner: owner, Id: open, Amount: coin("1uusdc")},
			types.ErrFunds, "expected",
		},
		{
			"zero", &types.MsgReleaseEarmark{Owner: owner, Id: open, Amount: sdk.NewInt64Coin("uusdc", 0)},
			types.ErrAmount, "expected more than 0",
		},
		{
			"unknown denom", &types.MsgReleaseEarmark{Owner: owner, Id: open, Amount: coin("1ujunk")},
			types.ErrUnknownAsset, unlisted,
		},
		{
			"zero", pay(func(p *types.PaymentTerms) { p.Amount.Amount = math.ZeroInt() }),
			types.ErrPayment, "expected",
		},
		{"overflow", pay(func(p *types.PaymentTerms) { p.Amount.Amount = huge() }), types.ErrAmount, "expected"},
		{
			"unknown denom", pay(func(p *types.PaymentTerms) { p.Amount.Denom = unlisted }),
			types.ErrUnknownAsset, unlisted,
		},
		{"expired", pay(func(p *types.PaymentTerms) { p.Schedule.First = 7 }), types.ErrPayment, "still to come"},
		{
			"too often", pay(func(p *types.PaymentTerms) { p.Schedule.EverySeconds = 1 }),
			types.ErrPayment, "expected at least 10",
		},
		{
			"to a channel that is none", pay(func(p *types.PaymentTerms) { p.To.Channel = "x" }),
			types.ErrRecipient, "expected a channel",
		},
		{
			"no such payment", &types.MsgCancelPayment{Owner: owner, Id: open, PaymentId: 99},
			types.ErrPayment, "got 99",
		},
		{
			"not due", &types.MsgRetryPayment{Owner: owner, Id: open, PaymentId: s.pay},
			types.ErrPayment, "expected a payment that is due",
		},
	}
}
