package sim

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/settle"
)

// ErrLedger says that an account was asked for more than it has, or that units appeared or vanished.
var ErrLedger = errors.New("sim: ledger")

// outside is everything beyond the world: it alone may owe.
var outside = settle.Account{Kind: settle.Outside}

// Ledger owns every unit of every asset: exactly one account has it at every moment.
type Ledger struct {
	universe asset.Universe
	accounts map[settle.Account][]fixed.Wad // signed counts of base units
}

// NewLedger returns an empty ledger.
func NewLedger(u asset.Universe) *Ledger {
	return &Ledger{u, map[settle.Account][]fixed.Wad{outside: make([]fixed.Wad, u.Len())}}
}

// Balance returns what an account has of an asset.
func (l *Ledger) Balance(a settle.Account, i asset.Index) asset.Amount {
	balances, found := l.accounts[a]
	if !found {
		return asset.Amount{}
	}
	var c fixed.Calc
	return c.Nat(balances[i])
}

// Move moves units. The giver must have them, unless it is the outside.
func (l *Ledger) Move(from, to settle.Account, i asset.Index, units asset.Amount) error {
	if err := l.add(from, i, units.Raw().Neg()); err != nil {
		return err
	}
	return l.add(to, i, units.Raw())
}

// Apply makes all transfers of a step, or says which one cannot be made.
func (l *Ledger) Apply(transfers []settle.Transfer) error {
	// Givers come last, so that what an account gets in a step covers what it gives in the same one.
	for _, gives := range []bool{false, true} {
		for _, t := range transfers {
			if (t.Delta.Sign() < 0) != gives {
				continue
			}
			if err := l.add(t.Account, t.Asset, t.Delta); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Ledger) add(a settle.Account, i asset.Index, delta fixed.Wad) error {
	balances, found := l.accounts[a]
	if !found {
		balances = make([]fixed.Wad, l.universe.Len())
		l.accounts[a] = balances
	}
	var c fixed.Calc
	sum := c.Add(balances[i], delta)
	if err := c.Err(); err != nil {
		return err
	}
	if c.Nat(sum.Abs()); c.Err() != nil {
		return fmt.Errorf("%w: %v would have %s base units of %s", ErrLedger, a, counts(sum), l.universe.At(i).ID)
	}
	if sum.Sign() < 0 && a != outside {
		return fmt.Errorf("%w: %v has %s base units of %s, asked for %s",
			ErrLedger, a, counts(balances[i]), l.universe.At(i).ID, counts(delta.Neg()))
	}
	balances[i] = sum
	return nil
}

// affords reports that the outside can put so much more in without any account passing 2^128.
func (l *Ledger) affords(i asset.Index, units asset.Amount) bool {
	var c fixed.Calc
	c.Nat(c.Sub(units.Raw(), l.accounts[outside][i]))
	return c.Err() == nil
}

func counts(raw fixed.Wad) string { return raw.Big().String() }

// Close forgets an account that is empty, and fails if it is not.
func (l *Ledger) Close(a settle.Account) error {
	for i, b := range l.accounts[a] {
		if !b.IsZero() {
			return fmt.Errorf("%w: %v still has %s base units of %s",
				ErrLedger, a, counts(b), l.universe.At(asset.Index(i)).ID)
		}
	}
	delete(l.accounts, a)
	return nil
}

// Empty fails unless no account has or owes anything.
func (l *Ledger) Empty() error {
	for _, a := range l.sorted() {
		for i, b := range l.accounts[a] {
			if !b.IsZero() {
				return fmt.Errorf("%w: %v has %s base units of %s at the end",
					ErrLedger, a, counts(b), l.universe.At(asset.Index(i)).ID)
			}
		}
	}
	return nil
}

// Check fails unless the balances of every asset, what the outside owes included, add up to zero.
func (l *Ledger) Check() error {
	sums := make([]fixed.Wad, l.universe.Len())
	var c fixed.Calc
	for _, a := range l.sorted() {
		for i, b := range l.accounts[a] {
			sums[i] = c.Add(sums[i], b)
		}
	}
	for i, s := range sums {
		if !s.IsZero() {
			return fmt.Errorf("%w: %s base units of %s too many",
				ErrLedger, counts(s), l.universe.At(asset.Index(i)).ID)
		}
	}
	return c.Err()
}

// sorted lists the accounts in a fixed order.
func (l *Ledger) sorted() []settle.Account {
	list := make([]settle.Account, 0, len(l.accounts))
	for a := range l.accounts {
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b settle.Account) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	return list
}
