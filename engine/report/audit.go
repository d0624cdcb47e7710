package report

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// ErrBroken says that something does not add up.
var ErrBroken = errors.New("report: does not add up")

// Audit adds up what the orders of a round own. Add takes every entry whose orders were not paid yet,
// Close compares.
type Audit struct {
	round  *cycle.Round
	orders [][]asset.Amount // units per pair and tranche
	escrow []asset.Amount   // by asset
	calc   fixed.Calc
	broken []error
}

// NewAudit starts the audit of a round in a universe of n assets.
func NewAudit(r *cycle.Round, n int) *Audit {
	a := &Audit{round: r, escrow: make([]asset.Amount, n), orders: make([][]asset.Amount, len(r.Books))}
	for i := range r.Books {
		a.orders[i] = make([]asset.Amount, len(r.Books[i].Tranches))
	}
	return a
}

// Add takes the orders of an entry in.
func (a *Audit) Add(e *Entry) {
	for i := range e.Orders {
		a.order(e.Portfolio, &e.Orders[i].Order)
	}
}

// Sale takes a standalone sale in that is in the books.
func (a *Audit) Sale(s *cycle.Sale) {
	if s.Placed {
		a.order(s.ID, &s.Order)
	}
}

func (a *Audit) order(owner uint64, o *cycle.Order) {
	at := slices.IndexFunc(a.round.Books, func(b cycle.PairBook) bool { return b.Sell == o.Sell && b.Buy == o.Buy })
	if at < 0 || int(o.Tranche) >= len(a.orders[at]) || int(max(o.Sell, o.Buy)) >= len(a.escrow) {
		a.fail("portfolio or sale %d: expected an order of round %d, got %v of asset %d for %d, tranche %d",
			owner, a.round.Number, o.Units, o.Sell, o.Buy, o.Tranche)
		return
	}
	c, book := &a.calc, &a.round.Books[at]
	a.orders[at][o.Tranche] = c.AddNat(a.orders[at][o.Tranche], o.Units)
	left, got := a.round.Owned(c, o, nil)
	if book.Lot == 0 || book.Done { // else what is left lies in the lot
		a.escrow[o.Sell] = c.AddNat(a.escrow[o.Sell], left)
	}
	a.escrow[o.Buy] = c.AddNat(a.escrow[o.Buy], got)
}

// Same compares what a portfolio remembers of its orders with the entry.
func (a *Audit) Same(e *Entry, p *cycle.Portfolio) {
	same := slices.EqualFunc(e.Orders, p.State.Orders, func(x Placed, o cycle.Order) bool { return x.Order == o })
	if !same {
		a.fail("portfolio %d: expected the %d orders of the log, got %d others", p.ID, len(e.Orders), len(p.State.Orders))
	}
}

// Owe takes units in that the escrow holds for other reasons.
func (a *Audit) Owe(i asset.Index, units asset.Amount) {
	if int(i) >= len(a.escrow) {
		a.fail("expected one of %d assets, got %d", len(a.escrow), i)
		return
	}
	a.escrow[i] = a.calc.AddNat(a.escrow[i], units)
}

// Close compares: orders with the books, and what they own with what the escrow holds, by asset.
func (a *Audit) Close(held func(asset.Index) asset.Amount) []error {
	for i := range a.round.Books {
		book := &a.round.Books[i]
		for k := range book.Tranches {
			t := &book.Tranches[k]
			open := a.calc.SubNat(t.Units, t.Settled)
			if open != a.orders[i][k] {
				a.fail("round %d, pair %d for %d, tranche %d: expected orders of %v units, got %v",
					a.round.Number, book.Sell, book.Buy, k, open, a.orders[i][k])
			}
		}
	}
	for i, owned := range a.escrow {
		if have := held(asset.Index(i)); have != owned {
			a.fail("round %d, asset %d: expected %v units in escrow, got %v", a.round.Number, i, owned, have)
		}
	}
	if err := a.calc.Err(); err != nil {
		a.fail("round %d: %v", a.round.Number, err)
	}
	return a.broken
}

// Lot compares a lot with the book that it sells from; found says that there is one.
func (a *Audit) Lot(book *cycle.PairBook, lot *auction.Lot, found bool) {
	if !found {
		a.fail("round %d: expected lot %d, found none", a.round.Number, book.Lot)
		return
	}
	if lot.Sell != book.Sell || lot.Buy != book.Buy || len(lot.Tranches) != len(book.Tranches) {
		a.fail("lot %d: expected %d tranches of asset %d for %d, got %d of %d for %d", book.Lot,
			len(book.Tranches), book.Sell, book.Buy, len(lot.Tranches), lot.Sell, lot.Buy)
		return
	}
	for k := range lot.Tranches {
		if want := book.Tranches[k].Units.Monus(book.Tranches[k].Crossed); lot.Tranches[k].Units != want {
			a.fail("lot %d, tranche %d: expected %v units, got %v", book.Lot, k, want, lot.Tranches[k].Units)
		}
	}
}

func (a *Audit) fail(format string, args ...any) {
	a.broken = append(a.broken, fmt.Errorf("%w: "+format, append([]any{ErrBroken}, args...)...))
}
