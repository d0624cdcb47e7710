package report

import (
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Entry is what a round did with a portfolio. It is a plain value that a host stores as it is.
type Entry struct {
	Round     uint64
	Portfolio uint64
	DecidedAt int64 // time of the prices of the decision
	Record    cycle.Record
	Assets    []asset.Index // of the lists in Record and Fill
	Orders    []Placed
	Settled   bool
	Fill      cycle.Filled
	Slices    []cycle.SliceFill
	Notes     []cycle.Note // what else happened
}

// Placed is an order that found its place, and what became of it.
type Placed struct {
	Order  cycle.Order
	Unsold asset.Amount // came back; zero until the settlement
	Got    asset.Amount // units of Buy that it brought; zero until the settlement
}

// Collect makes the entries of a page that decided: in is the page before the step, out what the step said about it,
// r the round after it. Portfolios whose interval has not passed have none.
func Collect(r *cycle.Round, in []cycle.Portfolio, out *cycle.Output) []Entry {
	var entries []Entry
	notes, records := out.Notes, out.Decisions
	for i := range in {
		p := &in[i]
		var own []cycle.Note
		own, notes = of(notes, p.ID)
		if len(own) == 0 || own[len(own)-1].Outcome == cycle.NotDue {
			continue
		}
		decision := len(own) - 1 // what its orders met comes before it
		e := Entry{
			Round: r.Number, Portfolio: p.ID, DecidedAt: r.FrozeAt, Assets: p.Policy.Assets,
			Record: cycle.Record{Note: own[decision]}, Notes: own[:decision],
		}
		if len(records) > 0 && records[0].Portfolio == p.ID {
			e.Record, records = records[0], records[1:]
		}
		if len(p.State.Orders) == 0 { // else they are of an earlier round
			for _, o := range out.States[i].Orders {
				e.Orders = append(e.Orders, Placed{Order: o})
			}
		}
		entries = append(entries, e)
	}
	return entries
}

// of splits the notes of a portfolio from those that follow. Both lists are in the order of the page.
func of(notes []cycle.Note, id uint64) (own, rest []cycle.Note) {
	n := 0
	for n < len(notes) && notes[n].Portfolio == id {
		n++
	}
	return notes[:n], notes[n:]
}

// Settle completes an entry: before is the round that paid the portfolio, out what the step said.
func (e *Entry) Settle(before *cycle.Round, out *cycle.Output) {
	var c fixed.Calc
	for i := range e.Orders {
		o := &e.Orders[i]
		o.Unsold, o.Got = before.Owned(&c, &o.Order, nil)
	}
	e.Settled = true
	e.Notes, e.Slices = slices.Clone(e.Notes), slices.Clone(e.Slices)
	for _, n := range out.Notes {
		if n.Portfolio == e.Portfolio && n.Outcome != cycle.Settled {
			e.Notes = append(e.Notes, n)
		}
	}
	for _, s := range out.Slices {
		if s.Portfolio == e.Portfolio {
			e.Slices = append(e.Slices, s)
		}
	}
	if i := slices.IndexFunc(out.Fills, func(f cycle.Filled) bool { return f.Portfolio == e.Portfolio }); i >= 0 {
		e.Fill = out.Fills[i]
	}
}

// Stranded is a portfolio with nothing but the orders of an entry: enough to pay what they brought when the portfolio
// itself cannot be loaded or settled.
func (e *Entry) Stranded() cycle.Portfolio {
	p := cycle.Portfolio{ID: e.Portfolio, Policy: &cycle.Policy{}, State: cycle.State{Ordered: e.DecidedAt}}
	for i := range e.Orders {
		p.State.Orders = append(p.State.Orders, e.Orders[i].Order)
	}
	return p
}

// Open reports an entry whose orders are in the market.
func (e *Entry) Open() bool { return len(e.Orders) > 0 && !e.Settled }

// Worthy reports an entry to tell people about: something was ordered, or the outcome is another one than before.
func (e *Entry) Worthy(before *Entry) bool {
	return len(e.Orders) > 0 || before == nil || before.Round+1 != e.Round ||
		before.Record.Outcome != e.Record.Outcome || before.Record.Reason != e.Record.Reason
}

// Cost is what auctions brought less than the mids of their fills, in parts of everything that was sold, cut toward
// zero; zero when nothing was sold.
func Cost(f *cycle.Filled) fixed.Wad {
	if f.Sold.IsZero() {
		return fixed.Wad{}
	}
	var c fixed.Calc // below, what does not fit is not a cost
	cost := c.DivTrunc(f.Lost, f.Sold)
	if c.Err() != nil {
		return fixed.Wad{}
	}
	return cost
}
