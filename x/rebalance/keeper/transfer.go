package keeper

import (
	"context"
	"slices"

	sdk "github.com/cosmos/cosmos-sdk/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/x/internal/isolate"
	"github.com/ballast-finance/ballast/x/internal/num"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// side is what one account gives to the round's escrow and what it gets from there.
type side struct {
	account   settle.Account
	address   sdk.AccAddress
	gives     sdk.Coins
	gets      sdk.Coins
	portfolio bool
}

// apply makes the transfers of a step: first everybody gives, then everybody gets, one bank transfer per account and
// direction.
func (k Keeper) apply(ctx context.Context, p *pass, transfers []settle.Transfer) error {
	sides, err := k.sides(p.cfg.Universe, transfers)
	if err != nil {
		return err
	}
	for i := range sides {
		s := &sides[i]
		if s.gives.Empty() {
			continue
		}
		if err := k.keepers.Bank.SendCoins(ctx, s.address, k.escrow, s.gives); err != nil {
			return types.ErrTransfer.Wrapf("%s from %v: %s", s.gives, s.account, err)
		}
	}
	sides = slices.DeleteFunc(sides, func(s side) bool { return s.gets.Empty() })
	if len(sides) > 1 && k.giveAll(ctx, sides) == nil {
		return nil
	}
	for i := range sides {
		if err := k.give(ctx, &sides[i]); err != nil {
			return err
		}
	}
	return nil
}

// giveAll sends all sides what they get in one bank transfer: the escrow's balance is then written once, not once for
// each. When one of them cannot be sent, none is.
func (k Keeper) giveAll(ctx context.Context, sides []side) error {
	outputs := make([]banktypes.Output, len(sides))
	var sum sdk.Coins
	for i := range sides {
		outputs[i] = banktypes.NewOutput(sides[i].address, sides[i].gets)
		sum = sum.Add(sides[i].gets...)
	}
	return isolate.Run(ctx, func(ctx context.Context) error {
		return k.keepers.Bank.InputOutputCoins(ctx, banktypes.NewInput(k.escrow, sum), outputs)
	})
}

// give sends one side what it gets. A portfolio that cannot be sent coins is owed them.
func (k Keeper) give(ctx context.Context, s *side) error {
	err := isolate.Run(ctx, func(ctx context.Context) error {
		return k.keepers.Bank.SendCoins(ctx, k.escrow, s.address, s.gets)
	})
	if err == nil {
		return nil
	}
	if !s.portfolio {
		return types.ErrTransfer.Wrapf("%s to %v: %s", s.gets, s.account, err)
	}
	return k.owe(ctx, s.account.ID, s.gets, err)
}

// sides adds transfers up by address. They come in order of accounts, so that those of one address stand together.
// What the escrow itself gives and gets is the other side of all of them.
func (k Keeper) sides(u asset.Universe, transfers []settle.Transfer) ([]side, error) {
	var sides []side
	for i := range transfers {
		t := &transfers[i]
		s := side{account: t.Account}
		switch t.Account.Kind {
		case settle.Escrow:
			continue
		case settle.Portfolio:
			s.address, s.portfolio = k.keepers.Portfolio.Account(t.Account.ID), true
		case settle.Lot, settle.Seller:
			s.address = k.auction
		case settle.KindUnspecified, settle.Bidder, settle.Outside:
			return nil, types.ErrTransfer.Wrapf("expected a portfolio, an escrow, a lot or a seller, got %v", t.Account)
		}
		if n := len(sides); n == 0 || !sides[n-1].address.Equals(s.address) {
			sides = append(sides, s)
		}
		coin := num.Coin(string(u.At(t.Asset).ID), t.Amount())
		if last := &sides[len(sides)-1]; t.Delta.Sign() < 0 {
			last.gives = last.gives.Add(coin)
		} else {
			last.gets = last.gets.Add(coin)
		}
	}
	return sides, nil
}

// owe writes down what a portfolio could not be sent. It stays in the module's account.
func (k Keeper) owe(ctx context.Context, id uint64, coins sdk.Coins, why error) error {
	debt, _, err := find(ctx, k.Debts, id)
	if err != nil {
		return err
	}
	debt.Portfolio, debt.Owed = id, debt.Owed.Add(coins...)
	emit(ctx, &types.EventDebt{Portfolio: id, Owed: debt.Owed, Error: why.Error()})
	return k.Debts.Set(ctx, id, debt)
}

// payDebt sends a portfolio what it is owed.
func (k Keeper) payDebt(ctx context.Context, id uint64) (sdk.Coins, error) {
	debt, found, err := find(ctx, k.Debts, id)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, types.ErrDebt.Wrapf("expected a portfolio that is owed something, got %d", id)
	}
	if err := k.keepers.Bank.SendCoins(ctx, k.escrow, k.keepers.Portfolio.Account(id), debt.Owed); err != nil {
		return nil, types.ErrTransfer.Wrapf("%s to portfolio %d: %s", debt.Owed, id, err)
	}
	emit(ctx, &types.EventDebtPaid{Portfolio: id, Paid: debt.Owed})
	return debt.Owed, k.Debts.Remove(ctx, id)
}

// writer writes the values of a pass for people.
func (p *pass) writer() types.Writer { return types.Writer{Universe: p.cfg.Universe} }

// refuse tells that something found no way to the market.
func (Keeper) refuse(ctx context.Context, p *pass, n *cycle.Note) {
	emit(ctx, &types.EventOrderRefused{
		Round: p.round.Number, Portfolio: n.Portfolio, Sale: n.Sale, Note: p.writer().Note(n),
	})
}
