package keeper

import (
	"context"
	"math"

	"cosmossdk.io/collections"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/x/internal/isolate"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/portfolio/types"
)

// BeginBlock makes what is due: at most so many payments as the params say, the oldest first. What is more waits for
// the next block. One that cannot be handled stops nobody.
func (k Keeper) BeginBlock(ctx context.Context) error {
	params, err := k.Params.Get(ctx)
	if err != nil {
		return err
	}
	items, err := k.due(ctx, int(params.MaxPayoutsPerBlock))
	if err != nil {
		return err
	}
	for _, item := range items {
		if err := isolate.Run(ctx, func(ctx context.Context) error { return k.pay(ctx, item) }); err != nil {
			emit(ctx, &types.EventPaymentFailed{Id: item.K2(), PaymentId: item.K3(), Reason: err.Error()})
			if err := k.Due.Remove(ctx, item); err != nil { // else it would be tried in every block
				return err
			}
		}
	}
	return nil
}

// due returns the first items whose time has come.
func (k Keeper) due(ctx context.Context, limit int) ([]types.DueItem, error) {
	last := collections.Join3(now(ctx), uint64(math.MaxUint64), uint64(math.MaxUint64))
	it, err := k.Due.Iterate(ctx, new(collections.Range[types.DueItem]).EndInclusive(last))
	if err != nil {
		return nil, err
	}
	defer it.Close() //nolint:errcheck // it only frees memory
	var items []types.DueItem
	for ; it.Valid() && len(items) < limit; it.Next() {
		item, err := it.Key()
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// pay handles one item of the queue.
func (k Keeper) pay(ctx context.Context, item types.DueItem) error {
	f, err := k.find(ctx, item.K2())
	if err != nil {
		return err
	}
	if i := f.Payment(item.K3()); i >= 0 {
		_, err := k.payment(ctx, f, i)
		return err
	}
	if i := f.Payout(item.K3()); i >= 0 {
		return k.payout(ctx, f, i)
	}
	return types.ErrPayment.Wrapf("expected a payment or an order of portfolio %d, got %d", item.K2(), item.K3())
}

// payment makes what is due of a payment, and says why it could not.
func (k Keeper) payment(ctx context.Context, f *folio, i int) (failure, err error) {
	pay, at := &f.Payments[i], now(ctx)
	p := k.cycle(ctx, f)
	var o cycle.Payout
	for _, found := range p.Payouts(at, f.Held(i)...) {
		if found.Payment == i {
			o = found
		}
	}
	retry := at + f.policy.PeriodSeconds
	if o.Amount.IsZero() {
		return types.ErrFunds.Wrapf("%s is missing", o.Missing), k.short(ctx, f, i, o, retry)
	}
	coin := num.Coin(f.denom(o.Asset), o.Amount)
	sequence, failure := k.deliver(ctx, f, shipment{pay.Id, &pay.Terms.To, coin})
	if failure != nil {
		pay.Failed(retry)
		emit(ctx, &types.EventPaymentFailed{
			Id: f.Id, PaymentId: pay.Id, Reason: failure.Error(), Failures: pay.Failures, NextAttempt: pay.NextAttempt,
		})
		return failure, k.put(ctx, f)
	}
	f.memory.State = f.memory.State.Paid(o)
	made := &types.EventPaymentMade{Id: f.Id, PaymentId: pay.Id, Amount: coin, To: pay.Terms.To, Sequence: sequence}
	if pay.InFlight = sequence; sequence != 0 {
		emit(ctx, made)
		pay.NextAttempt, pay.ByHand = 0, false
		return nil, k.awaited(ctx, f, i, o)
	}
	if !o.Missing.IsZero() {
		emit(ctx, made)
		return nil, k.short(ctx, f, i, o, retry)
	}
	next, more := f.policy.Payments[i].Schedule.Due(o.Next.Number)
	if pay.Wait(next); !more {
		made.Last = true
		f.drop(i)
	}
	emit(ctx, made)
	return nil, k.put(ctx, f)
}

// awaited stores a payment that is under way over IBC: its next attempt waits for the end of that.
func (k Keeper) awaited(ctx context.Context, f *folio, i int, o cycle.Payout) error {
	pay := &f.Payments[i]
	if !o.Missing.IsZero() {
		emit(ctx, &types.EventPaymentShort{
			Id: f.Id, PaymentId: pay.Id, Missing: num.Coin(pay.Terms.Amount.Denom, o.Missing),
		})
	}
	return k.put(ctx, f)
}

// short puts off what could not be paid in full.
func (k Keeper) short(ctx context.Context, f *folio, i int, o cycle.Payout, retry int64) error {
	pay := &f.Payments[i]
	pay.Wait(retry)
	emit(ctx, &types.EventPaymentShort{
		Id: f.Id, PaymentId: pay.Id, Missing: num.Coin(pay.Terms.Amount.Denom, o.Missing), NextAttempt: retry,
	})
	return k.put(ctx, f)
}

// payout sends the proceeds of a one-time order. After the last failure they stay with the owner, earmarked.
func (k Keeper) payout(ctx context.Context, f *folio, i int) error {
	o := &f.Payouts[i]
	mark := f.memory.State.Payable(o.Order)
	o.NextAttempt = 0
	if mark.Amount.IsZero() {
		return k.put(ctx, f)
	}
	coin := num.Coin(f.denom(mark.Asset), mark.Amount)
	sequence, failure := k.deliver(ctx, f, shipment{o.Order, &o.To, coin})
	if failure != nil {
		event := &types.EventPaymentFailed{
			Id: f.Id, PaymentId: o.Order, Reason: failure.Error(), Failures: o.Failures + 1,
		}
		var err error
		if event.NextAttempt, err = f.giveUp(o, now(ctx)); err != nil {
			return err
		}
		emit(ctx, event)
	} else {
		if o.InFlight = sequence; sequence == 0 {
			o.Failures = 0
		}
		f.memory.State = f.memory.State.PaidOut(o.Order)
		emit(ctx, &types.EventPaymentMade{
			Id: f.Id, PaymentId: o.Order, Amount: coin, To: o.To, Sequence: sequence,
			Last: sequence == 0 && !f.lives(o.Order),
		})
	}
	if o.NextAttempt == 0 && o.InFlight == 0 && !f.lives(o.Order) {
		f.Payouts = append(f.Payouts[:i:i], f.Payouts[i+1:]...)
	}
	return k.put(ctx, f)
}

// giveUp puts a payout off that failed, or leaves the proceeds to the owner. It says when it is tried again; 0: never.
func (f *folio) giveUp(o *types.Payout, now int64) (int64, error) {
	o.Failures++
	if o.NextAttempt = 0; o.Failures < types.MaxFailures {
		o.NextAttempt = now + f.policy.PeriodSeconds
		return o.NextAttempt, nil
	}
	var err error
	o.Failures = 0
	f.memory.State, err = f.memory.State.KeepPayout(o.Order)
	return 0, err
}

// drop forgets a payment.
func (f *folio) drop(i int) {
	f.Payments = append(f.Payments[:i:i], f.Payments[i+1:]...)
	f.policy.Payments = append(f.policy.Payments[:i:i], f.policy.Payments[i+1:]...)
	f.memory.State = f.memory.State.DropPayment(i)
}

// shipment is what is to be sent of a payment or of an order's proceeds.
type shipment struct {
	item uint64
	to   *types.Destination
	coin sdk.Coin
}

// deliver sends coins here or over IBC, in a branch of the state. It returns the sequence of the packet.
func (k Keeper) deliver(ctx context.Context, f *folio, s shipment) (uint64, error) {
	sequence := uint64(0)
	err := isolate.Run(ctx, func(ctx context.Context) error {
		if !s.to.Remote() {
			return k.send(ctx, f, s.to.Recipient, sdk.NewCoins(s.coin))
		}
		var err error
		sequence, err = k.transfer(ctx, f, s)
		return err
	})
	if err != nil {
		return 0, err
	}
	return sequence, nil
}

// send moves coins to an account here.
func (k Keeper) send(ctx context.Context, f *folio, recipient string, coins sdk.Coins) error {
	to, err := k.recipient(f, recipient)
	if err != nil {
		return err
	}
	return k.keepers.Bank.SendCoins(ctx, types.Account(f.Id), to, coins)
}

// recipient reads an account here that may be paid.
func (k Keeper) recipient(f *folio, text string) (sdk.AccAddress, error) {
	to, err := sdk.AccAddressFromBech32(text)
	switch {
	case err != nil:
		return nil, types.ErrRecipient.Wrapf("expected an address here, got %q: %s", text, err)
	case to.Equals(types.Account(f.Id)):
		return nil, types.ErrRecipient.Wrap("expected somebody else than the portfolio itself")
	case k.keepers.Bank.BlockedAddr(to):
		return nil, types.ErrRecipient.Wrapf("%s may not receive coins", text)
	}
	return to, nil
}

// destination checks where money is to go.
func (k Keeper) destination(f *folio, to *types.Destination) error {
	switch {
	case !to.Remote():
		_, err := k.recipient(f, to.Recipient)
		return err
	case k.keepers.Transfer == nil:
		return types.ErrTransfer.Wrapf("expected a recipient here, got one behind %s", to.Channel)
	}
	return to.Validate()
}

// transfer sends a coin over IBC and remembers that it is under way. Its memo asks ibc-go to tell the module of its
// end; when it does not arrive the coin is back in the account of the portfolio by then.
func (k Keeper) transfer(ctx context.Context, f *folio, s shipment) (uint64, error) {
	if k.keepers.Transfer == nil {
		return 0, types.ErrTransfer
	}
	params, err := k.Params.Get(ctx)
	if err != nil {
		return 0, err
	}
	fl := types.Flight{
		Id: f.Id, Channel: s.to.Channel, PaymentId: s.item, Amount: s.coin, Sent: now(ctx),
		Timeout: now(ctx) + s.to.Patience(params.TransferTimeoutSeconds),
	}
	answer, err := k.keepers.Transfer.Transfer(ctx, fl.Message(s.to.Recipient))
	if err != nil {
		return 0, err
	}
	fl.Sequence = answer.Sequence
	return fl.Sequence, k.launch(ctx, &fl)
}

// plain is an account that nobody signs for and that locks nothing.
func plain(addr sdk.AccAddress, number uint64) sdk.AccountI {
	return authtypes.NewBaseAccount(addr, nil, number, 0)
}
