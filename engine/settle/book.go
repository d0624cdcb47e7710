package settle

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

var (
	// ErrUnbalanced says that the movements of an asset do not add up to zero.
	ErrUnbalanced = errors.New("settle: unbalanced")
	// ErrMovement says that a movement has no kind of account or no asset, or is of 2^128 units or more.
	ErrMovement = errors.New("settle: invalid movement")
)

// Kind says whose account it is.
type Kind uint8

// Kinds of accounts.
const (
	KindUnspecified Kind = iota
	Portfolio
	Escrow  // what portfolios have put up for sale
	Lot     // what an auction has for sale and has taken in
	Bidder  //
	Seller  // somebody who sells without a portfolio
	Outside // where the system ends: a chain's bank, a market, a simulated world
	kindCount
)

var kindText = [kindCount]string{"unspecified", "portfolio", "escrow", "lot", "bidder", "seller", "outside"}

// String returns the kind in words.
func (k Kind) String() string {
	if k >= kindCount {
		return "unknown kind"
	}
	return kindText[k]
}

// Account is where units are.
type Account struct {
	Kind Kind
	ID   uint64
}

// String returns kind and number.
func (a Account) String() string { return fmt.Sprintf("%v %d", a.Kind, a.ID) }

// Transfer is what an account gets of an asset, all movements together: Delta is a raw count of base units, negative
// for what it gives, and of magnitude below 2^128.
type Transfer struct {
	Account Account
	Asset   asset.Index
	Delta   fixed.Wad
}

// Amount is the number of base units, without the sign.
func (t Transfer) Amount() asset.Amount {
	var c fixed.Calc
	return c.Nat(t.Delta.Abs())
}

// Book collects the movements of a round. The zero value is empty and ready.
type Book struct {
	movements []movement
	sorted    []movement
	excess    []fixed.Wad // per asset: the sum of all movements so far
	transfers []Transfer
	err       error // of the first invalid movement
}

// Reset empties the book and keeps its buffers.
func (b *Book) Reset() {
	b.movements, b.excess, b.transfers, b.err = b.movements[:0], b.excess[:0], b.transfers[:0], nil
}

// Credit gives an account base units of an asset.
func (b *Book) Credit(a Account, i asset.Index, amount asset.Amount) { b.add(a, i, amount, false) }

// Debit takes base units of an asset from an account.
func (b *Book) Debit(a Account, i asset.Index, amount asset.Amount) { b.add(a, i, amount, true) }

// Move takes base units of an asset from one account and gives them to another.
func (b *Book) Move(from, to Account, i asset.Index, amount asset.Amount) {
	b.Debit(from, i, amount)
	b.Credit(to, i, amount)
}

// Add enters a signed movement; delta is a raw count of base units.
func (b *Book) Add(a Account, i asset.Index, delta fixed.Wad) {
	var c fixed.Calc
	amount := c.Nat(delta.Abs())
	if c.Err() != nil {
		b.fail(a, i)
		return
	}
	b.add(a, i, amount, delta.Sign() < 0)
}

// add enters a movement. What is wrong with it is said by Close, so that callers can write down a whole settlement
// without looking at errors in between.
func (b *Book) add(a Account, i asset.Index, amount asset.Amount, negative bool) {
	if a.Kind == KindUnspecified || a.Kind >= kindCount || i >= asset.MaxAssets {
		b.fail(a, i)
		return
	}
	if amount.IsZero() {
		return
	}
	for int(i) >= len(b.excess) {
		b.excess = append(b.excess, fixed.Wad{})
	}
	b.movements = append(b.movements, movement{amount, a.ID, i, a.Kind, negative})
	var c fixed.Calc // cannot fail: no number of movements that fits a memory leaves the range
	if negative {
		b.excess[i] = c.Sub(b.excess[i], amount.Raw())
	} else {
		b.excess[i] = c.Add(b.excess[i], amount.Raw())
	}
}

func (b *Book) fail(a Account, i asset.Index) {
	if b.err == nil {
		b.err = fmt.Errorf("%w: on %v, asset %d", ErrMovement, a, i)
	}
}

// Close returns the net transfers in order of kind, account and asset, without those of nothing. If an asset does not
// add up to zero it returns ErrUnbalanced and no transfers. The slice is good until the next Reset or Close.
func (b *Book) Close() ([]Transfer, error) {
	if b.err != nil {
		return nil, b.err
	}
	for i, excess := range b.excess {
		if !excess.IsZero() {
			return nil, fmt.Errorf("%w: asset %d: expected a sum of 0 base units, got %v", ErrUnbalanced, i, excess.Big())
		}
	}
	b.sort()
	b.transfers = b.transfers[:0]
	for from := 0; from < len(b.movements); {
		to := from + 1
		for to < len(b.movements) && b.movements[from].same(&b.movements[to]) {
			to++
		}
		if err := b.net(b.movements[from:to]); err != nil {
			return nil, err
		}
		from = to
	}
	return b.transfers, nil
}

// net appends the transfer of movements on one account and asset.
func (b *Book) net(movements []movement) error {
	var c fixed.Calc
	t := Transfer{Account: Account{movements[0].kind, movements[0].id}, Asset: movements[0].asset}
	for _, m := range movements {
		if m.negative {
			t.Delta = c.Sub(t.Delta, m.amount.Raw())
		} else {
			t.Delta = c.Add(t.Delta, m.amount.Raw())
		}
	}
	if c.Nat(t.Delta.Abs()); c.Err() != nil {
		return fmt.Errorf("%w: %v: asset %d: net %v base units", ErrMovement, t.Account, t.Asset, t.Delta.Big())
	}
	if !t.Delta.IsZero() {
		b.transfers = append(b.transfers, t)
	}
	return nil
}
