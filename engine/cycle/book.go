package cycle

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// ErrBook says that an order does not belong to the books of its round.
var ErrBook = errors.New("cycle: order without a book")

// PairBook is all that the portfolios of a round sell of one asset for another, in units, and what became of it.
type PairBook struct {
	Sell, Buy asset.Index
	Lot       uint64 // the auction of what did not cross, 0 when there is none
	Done      bool   // the auction is closed and its totals are in
	Tranches  []Tranche
	Brought   asset.Amount // proceeds of the auction
	AtMid     asset.Amount // what its units were worth at the mid of their fills
	Opening   fixed.Wad    // part of the lot that the opening batch sold
}

// Tranche is the part of a pair book whose sellers accept the same prices. All totals are in base units; every order
// of the tranche gets its part of each by prefix.
type Tranche struct {
	Limit     fixed.Wad // lowest pair price accepted; 0: any above the slippage
	Slippage  fixed.Wad // widest distance below the mid at the opening; 0: any that the auction has
	Units     asset.Amount
	Crossable asset.Amount // of Units, those that may cross
	Crossed   asset.Amount // of Crossable, those that did
	Received  asset.Amount // units of Buy for the crossed ones
	Sold      asset.Amount // in the auction
	Proceeds  asset.Amount // units of Buy for the sold ones
	Settled   asset.Amount // of Units, those whose orders were paid
}

// residual is what goes to auction.
func (t *Tranche) residual() asset.Amount { return t.Units.Monus(t.Crossed) }

// books is the sorted list of the pair books of a round.
type books []PairBook

func (b books) find(sell, buy asset.Index) (int, bool) {
	return slices.BinarySearchFunc(b, PairBook{Sell: sell, Buy: buy}, func(x, y PairBook) int {
		return cmp.Or(cmp.Compare(x.Sell, y.Sell), cmp.Compare(x.Buy, y.Buy))
	})
}

// terms are the prices that a seller accepts.
type terms struct{ limit, slippage fixed.Wad }

// place adds units to the book of a pair and returns the order that stands for them. A pair takes a bounded number of
// different terms; beyond it an order takes the tightest ones that are not looser than its own, and without such it
// is refused.
func (b *books) place(c *fixed.Calc, sell, buy asset.Index, units asset.Amount, t terms, crossable bool) (Order, error) {
	at, found := b.find(sell, buy)
	if !found {
		*b = slices.Insert(*b, at, PairBook{Sell: sell, Buy: buy})
	}
	pair := &(*b)[at]
	index, ok := pair.tranche(t)
	if !ok {
		return Order{}, fmt.Errorf("%w: expected at most %d different limits for one pair", ErrBook, auction.MaxTranches)
	}
	tr := &pair.Tranches[index]
	o := Order{
		Sell: sell, Buy: buy, Tranche: uint8(index), Crossable: crossable, //nolint:gosec // below MaxTranches
		Units: units, Offset: tr.Units, CrossOffset: tr.Crossable,
	}
	tr.Units = c.AddNat(tr.Units, units)
	if crossable {
		tr.Crossable = c.AddNat(tr.Crossable, units)
	}
	return o, nil
}

// tranche finds the tranche of the terms, or makes one.
func (p *PairBook) tranche(t terms) (int, bool) {
	for i := range p.Tranches {
		if p.Tranches[i].Limit == t.limit && p.Tranches[i].Slippage == t.slippage {
			return i, true
		}
	}
	if len(p.Tranches) < auction.MaxTranches {
		p.Tranches = append(p.Tranches, Tranche{Limit: t.limit, Slippage: t.slippage})
		return len(p.Tranches) - 1, true
	}
	best := -1
	for i := range p.Tranches {
		if p.Tranches[i].covers(t) && (best < 0 || p.Tranches[best].covers(p.Tranches[i].terms())) {
			best = i
		}
	}
	return best, best >= 0
}

func (t *Tranche) terms() terms { return terms{t.Limit, t.Slippage} }

// covers reports that whoever sells at the tranche's terms sells within the given ones.
func (t *Tranche) covers(want terms) bool {
	return !t.Limit.Less(want.limit) &&
		(want.slippage.IsZero() || !t.Slippage.IsZero() && !want.slippage.Less(t.Slippage))
}
