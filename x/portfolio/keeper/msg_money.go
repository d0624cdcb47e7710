package keeper

import (
	"context"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// Withdraw takes coins out of a portfolio, at any stage of its life.
func (k msgServer) Withdraw(ctx context.Context, msg *types.MsgWithdraw) (*types.MsgWithdrawResponse, error) {
	f, err := k.owned(ctx, msg.Id, msg.Owner)
	if err != nil {
		return nil, err
	}
	if !msg.Amount.IsAllPositive() || !msg.Amount.IsValid() {
		return nil, types.ErrAmount.Wrapf("amount: expected sorted positive coins, got %q", msg.Amount)
	}
	for _, coin := range msg.Amount {
		if err := k.take(ctx, f, coin, msg.FromEarmark); err != nil {
			return nil, err
		}
	}
	recipient := msg.Recipient
	if recipient == "" {
		recipient = f.Owner
	}
	if err := k.send(ctx, f, recipient, msg.Amount); err != nil {
		return nil, err
	}
	emit(ctx, &types.EventWithdrawn{Id: f.Id, Recipient: recipient, Amount: msg.Amount})
	return &types.MsgWithdrawResponse{}, k.put(ctx, f)
}

// take checks that a coin may leave the account: out of what is earmarked, or out of the rest. Denoms that are no
// assets are never earmarked.
func (k Keeper) take(ctx context.Context, f *folio, coin sdk.Coin, fromEarmark bool) error {
	amount, err := amountOf(coin.Amount)
	if err != nil {
		return err
	}
	free := num.Held(k.keepers.Bank.GetBalance(ctx, types.Account(f.Id), coin.Denom).Amount)
	a, unknown := f.universe.Find(asset.ID(coin.Denom))
	switch {
	case fromEarmark && unknown != nil:
		return types.Wrap(unknown)
	case fromEarmark:
		f.memory.State, err = f.memory.State.ReleaseEarmark(a, amount)
		return types.Wrap(err)
	case unknown == nil:
		free = f.memory.State.Free(a, free)
	}
	if free.Less(amount) {
		return types.ErrFunds.Wrapf("expected at most %v%s that is neither in the market nor earmarked, got %v",
			free, coin.Denom, amount)
	}
	return nil
}

// Close returns everything and ends a portfolio, once its orders are back from the market.
func (k msgServer) Close(ctx context.Context, msg *types.MsgClose) (*types.MsgCloseResponse, error) {
	f, err := k.managed(ctx, msg.Id, msg.Owner)
	if err != nil {
		return nil, err
	}
	f.CloseRecipient = msg.Recipient
	if f.CloseRecipient == "" {
		f.CloseRecipient = f.Owner
	}
	if _, err := k.recipient(f, f.CloseRecipient); err != nil {
		return nil, err
	}
	p := k.cycle(ctx, f)
	if n := len(p.Payouts(now(ctx))) + f.waiting(); n > 0 && !msg.Force {
		return nil, types.ErrPaymentDue.Wrapf("expected none, got %d: wait for them, or close with force", n)
	}
	f.Stage = types.Stage_STAGE_CLOSING
	assets := f.memory.State.Earmarked
	f.memory.State = f.memory.State.Close()
	f.memory.State.Earmarked = assets // until everything is returned
	f.Payments, f.Payouts, f.policy.Payments, f.PendingOwner = nil, nil, nil, ""
	if len(f.memory.State.Orders) > 0 {
		emit(ctx, &types.EventClosing{Id: f.Id})
		return &types.MsgCloseResponse{Stage: f.Stage}, k.put(ctx, f)
	}
	err = k.finish(ctx, f)
	return &types.MsgCloseResponse{Stage: f.Stage}, err
}

// waiting counts the proceeds that wait to be paid out, and what is under way and may come back.
func (f *folio) waiting() int {
	n := 0
	for i := range f.Payments {
		if f.Payments[i].InFlight != 0 {
			n++
		}
	}
	for _, o := range f.Payouts {
		if o.InFlight != 0 || !f.memory.State.Payable(o.Order).Amount.IsZero() {
			n++
		}
	}
	return n
}

// CreateOrder places a one-time order.
func (k msgServer) CreateOrder(ctx context.Context, msg *types.MsgCreateOrder) (*types.MsgCreateOrderResponse, error) {
	f, err := k.managed(ctx, msg.Id, msg.Owner)
	if err != nil {
		return nil, err
	}
	order, err := msg.Terms.Engine(f.universe, f.NextItem)
	if err != nil {
		return nil, err
	}
	if err := k.tradable(ctx, f, order.Buy); err != nil {
		return nil, err
	}
	next, err := f.memory.State.AddOneTime(f.policy, f.universe, order)
	if err != nil {
		return nil, types.Wrap(err)
	}
	f.memory.State = next
	if order.Proceeds == cycle.PayoutProceeds {
		if err := k.destination(f, &msg.Terms.PayoutTo); err != nil {
			return nil, err
		}
		if len(f.Payouts) >= types.MaxPayouts {
			return nil, types.ErrTooMany.Wrapf("expected at most %d orders whose proceeds are paid out", types.MaxPayouts)
		}
		f.Payouts = append(f.Payouts, types.Payout{Order: order.ID, To: msg.Terms.PayoutTo})
	}
	f.NextItem++
	emit(ctx, &types.EventOrderCreated{Id: f.Id, OrderId: order.ID, Terms: msg.Terms})
	return &types.MsgCreateOrderResponse{OrderId: order.ID}, k.put(ctx, f)
}

// CancelOrder ends a one-time order. Where its proceeds go stays known while there may be some.
func (k msgServer) CancelOrder(ctx context.Context, msg *types.MsgCancelOrder) (*types.MsgCancelOrderResponse, error) {
	f, err := k.managed(ctx, msg.Id, msg.Owner)
	if err != nil {
		return nil, err
	}
	next, err := f.memory.State.CancelOneTime(msg.OrderId)
	if err != nil {
		return nil, types.Wrap(err)
	}
	f.memory.State = next
	if i := f.Payout(msg.OrderId); i >= 0 && f.Payouts[i].InFlight == 0 && !f.lives(msg.OrderId) &&
		next.Payable(msg.OrderId).Amount.IsZero() {
		f.Payouts = append(f.Payouts[:i:i], f.Payouts[i+1:]...)
	}
	emit(ctx, &types.EventOrderCancelled{Id: f.Id, OrderId: msg.OrderId})
	return &types.MsgCancelOrderResponse{}, k.put(ctx, f)
}

// ReleaseEarmark gives earmarked units back to what is managed.
func (k msgServer) ReleaseEarmark(
	ctx context.Context, msg *types.MsgReleaseEarmark,
) (*types.MsgReleaseEarmarkResponse, error) {
	f, err := k.managed(ctx, msg.Id, msg.Owner)
	if err != nil {
		return nil, err
	}
	amount, err := amountOf(msg.Amount.Amount)
	if err != nil {
		return nil, err
	}
	a, err := f.universe.Find(asset.ID(msg.Amount.Denom))
	if err != nil {
		return nil, types.Wrap(err)
	}
	if f.memory.State, err = f.memory.State.ReleaseEarmark(a, amount); err != nil {
		return nil, types.Wrap(err)
	}
	emit(ctx, &types.EventEarmarkReleased{Id: f.Id, Amount: msg.Amount})
	return &types.MsgReleaseEarmarkResponse{}, k.put(ctx, f)
}

// AddPayment schedules a payment.
func (k msgServer) AddPayment(ctx context.Context, msg *types.MsgAddPayment) (*types.MsgAddPaymentResponse, error) {
	f, err := k.managed(ctx, msg.Id, msg.Owner)
	if err != nil {
		return nil, err
	}
	id, err := k.addPayment(ctx, f, &msg.Terms)
	if err != nil {
		return nil, err
	}
	policy := f.Policy
	if err := k.compile(ctx, f, &policy); err != nil {
		return nil, err
	}
	emit(ctx, &types.EventPaymentAdded{Id: f.Id, PaymentId: id, Terms: msg.Terms})
	return &types.MsgAddPaymentResponse{PaymentId: id}, k.put(ctx, f)
}

// addPayment takes a payment. What was due before counts as made; one that has no occurrence left is refused.
func (k Keeper) addPayment(ctx context.Context, f *folio, terms *types.PaymentTerms) (uint64, error) {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return 0, err
	}
	pay, err := terms.Engine(f.universe)
	if err != nil {
		return 0, err
	}
	if err := k.destination(f, &terms.To); err != nil {
		return 0, err
	}
	next, more := pay.Schedule.Due(pay.Schedule.Before(now(ctx)))
	switch every := pay.Schedule.EverySeconds; {
	case len(f.Payments) >= int(params.MaxPayments):
		return 0, types.ErrTooMany.Wrapf("expected at most %d payments", params.MaxPayments)
	case every > 0 && every < params.MinPeriodSeconds:
		return 0, types.ErrPayment.Wrapf("every_seconds: expected at least %d, got %d", params.MinPeriodSeconds, every)
	case !more:
		return 0, types.ErrPayment.Wrapf("schedule: expected an occurrence that is still to come, got first %d, "+
			"every_seconds %d, every_months %d, until %d", terms.Schedule.First, every, terms.Schedule.EveryMonths,
			terms.Schedule.Until)
	}
	id := f.NextItem
	f.NextItem++
	f.memory.State = f.memory.State.AddPayment(&pay, len(f.Payments), now(ctx))
	f.Payments = append(f.Payments, types.Payment{Id: id, Terms: *terms, NextAttempt: next})
	f.policy.Payments = append(f.policy.Payments, pay)
	return id, nil
}

// CancelPayment forgets a payment.
func (k msgServer) CancelPayment(
	ctx context.Context, msg *types.MsgCancelPayment,
) (*types.MsgCancelPaymentResponse, error) {
	f, err := k.managed(ctx, msg.Id, msg.Owner)
	if err != nil {
		return nil, err
	}
	i, err := f.paymentAt(msg.PaymentId)
	if err != nil {
		return nil, err
	}
	f.drop(i)
	emit(ctx, &types.EventPaymentCancelled{Id: f.Id, PaymentId: msg.PaymentId})
	return &types.MsgCancelPaymentResponse{}, k.put(ctx, f)
}

func (f *folio) paymentAt(id uint64) (int, error) {
	i := f.Payment(id)
	if i < 0 {
		return i, types.ErrPayment.Wrapf("expected the id of a payment of portfolio %d, got %d", f.Id, id)
	}
	return i, nil
}

// RetryPayment makes a payment that is due. When it cannot be made nothing changes.
func (k msgServer) RetryPayment(
	ctx context.Context, msg *types.MsgRetryPayment,
) (*types.MsgRetryPaymentResponse, error) {
	f, err := k.managed(ctx, msg.Id, msg.Owner)
	if err != nil {
		return nil, err
	}
	i, err := f.paymentAt(msg.PaymentId)
	if err != nil {
		return nil, err
	}
	if pay := &f.Payments[i]; pay.InFlight != 0 {
		return nil, types.ErrPayment.Wrapf("expected a payment that is not under way, packet %d of %s carries %d",
			pay.InFlight, pay.Terms.To.Channel, pay.Id)
	}
	if f.policy.Payments[i].Due(f.memory.State.Payments[i], now(ctx)).IsZero() {
		return nil, types.ErrPayment.Wrapf("expected a payment that is due, %d is not", msg.PaymentId)
	}
	failure, err := k.payment(ctx, f, i)
	if err == nil {
		err = failure
	}
	return &types.MsgRetryPaymentResponse{}, err
}
