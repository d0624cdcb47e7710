package cycle

import (
	"cmp"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
)

// MaxOneTime bounds the one-time orders of a portfolio that live at once.
const MaxOneTime = 8

// Proceeds says where what a one-time order brings goes.
type Proceeds uint8

// Rules. Earmarking is the default: the controller must not undo what the owner just did.
const (
	EarmarkProceeds Proceeds = iota // stays in the account, left out of the weights
	PoolProceeds                    // joins what is managed
)

// OneTime is an order of the owner to sell an asset for another over some intervals (spec 12.1).
type OneTime struct {
	ID        uint64
	Sell, Buy asset.Index
	Limit     fixed.Wad // worst pair price accepted; 0: any that the auction has
	Proceeds  Proceeds
	Slicing   project.Slicing
	Minimum   asset.Amount // units of the smallest slice
}

// PaymentAt is what has been done of a payment.
type PaymentAt = project.Owed

// slices places the slices of a portfolio's one-time orders of this interval. They join the pair books beside the
// controller's orders and are settled at the same prices.
func (ws *Workspace) slices(r *Round, p *Portfolio, d *Decision) {
	st := &p.State
	if len(st.OneTime) == 0 || !d.Measured || d.Outcome == BandHalted || d.Outcome == BudgetHalted {
		return
	}
	list := books(r.Books)
	kept := st.OneTime[:0]
	for i := range st.OneTime {
		o := st.OneTime[i]
		slice, next, err := o.Slicing.Next(o.Minimum)
		if err != nil {
			ws.fail(p.ID, o.Sell, err)
			continue
		}
		o.Slicing = next
		if slice.Reason == project.SliceDropped {
			ws.noteOn(p.ID, SliceDropped, o.Sell)
		}
		if slice.Reason == project.SlicePlaced {
			ws.slice(r, p, &list, &o, slice.Amount)
		}
		kept = append(kept, o)
	}
	st.OneTime = kept
	r.Books = list
}

// slice puts one slice into the books, as far as the units are there.
func (ws *Workspace) slice(r *Round, p *Portfolio, list *books, o *OneTime, units asset.Amount) {
	var c fixed.Calc
	units = units.Min(p.spare(o.Sell))
	if units.IsZero() {
		return
	}
	order, err := list.place(&c, o.Sell, o.Buy, units, terms{limit: o.Limit}, !p.Policy.CrossingOff)
	if err != nil || c.Err() != nil {
		ws.fail(p.ID, o.Sell, cmp.Or(err, c.Err()))
		return
	}
	order.OneTime = o.ID
	p.State.Orders = append(p.State.Orders, order)
	ws.escrow(r, p.ID, p.State.Orders[len(p.State.Orders)-1:])
}

// spare is what the account still has of an asset beyond what this round's orders take.
func (p *Portfolio) spare(a asset.Index) asset.Amount {
	k, found := slices.BinarySearch(p.Policy.Assets, a)
	if !found {
		return asset.Amount{}
	}
	free := p.Holdings[k].Monus(p.State.earmarked(a))
	for i := range p.State.Orders {
		if p.State.Orders[i].Sell == a {
			free = free.Monus(p.State.Orders[i].Units)
		}
	}
	return free
}

// earmarked is what the controller must leave alone of an asset.
func (st *State) earmarked(a asset.Index) asset.Amount {
	for i := range st.Earmarked {
		if st.Earmarked[i].Asset == a {
			return st.Earmarked[i].Amount
		}
	}
	return asset.Amount{}
}

// lock sets what the controller may not sell because one-time orders will, as units and as value.
func (ws *Workspace) lock(p *Portfolio, m *Market) error {
	st := &p.State
	ws.locked, ws.oneTime = ws.locked[:0], fixed.Wad{}
	if len(st.OneTime) == 0 {
		return nil
	}
	var c fixed.Calc
	ws.locked = grow(ws.locked, len(p.Policy.Assets))
	for i := range st.OneTime {
		o := &st.OneTime[i]
		k, found := slices.BinarySearch(p.Policy.Assets, o.Sell)
		if !found {
			continue
		}
		value := func(q asset.Amount) fixed.Wad {
			return asset.ValueUp(&c, q, m.Prices[o.Sell].Value, m.Universe.At(o.Sell).Exponent)
		}
		ws.locked[k] = c.Add(ws.locked[k], value(o.Slicing.Remaining))
		slice, _, err := o.Slicing.Next(o.Minimum)
		if err != nil {
			return err
		}
		ws.oneTime = c.Add(ws.oneTime, value(slice.Amount))
	}
	return c.Err()
}

// oneTimeFilled takes what a slice sold off its order and puts the proceeds where the owner wants them.
func (ws *Workspace) oneTimeFilled(p *Portfolio, o *Order, sold, bought asset.Amount) error {
	st := &p.State
	at := slices.IndexFunc(st.OneTime, func(x OneTime) bool { return x.ID == o.OneTime })
	if at < 0 {
		return nil // the owner cancelled it while the slice was in the market
	}
	order := &st.OneTime[at]
	next, err := order.Slicing.Fill(sold)
	if err != nil {
		return err
	}
	order.Slicing = next
	if order.Proceeds == EarmarkProceeds {
		if err := st.earmark(o.Buy, bought); err != nil {
			return err
		}
	}
	if next.Done() || next.Remaining.IsZero() {
		ws.noteOn(p.ID, OneTimeEnded, o.Sell)
		st.OneTime = slices.Delete(st.OneTime, at, at+1)
	}
	return nil
}

func (st *State) earmark(a asset.Index, units asset.Amount) error {
	var c fixed.Calc
	for i := range st.Earmarked {
		if e := &st.Earmarked[i]; e.Asset == a {
			e.Amount = c.AddNat(e.Amount, units)
			return c.Err()
		}
	}
	st.Earmarked = append(st.Earmarked, Earmark{a, units})
	return nil
}

func (ws *Workspace) noteOn(id uint64, outcome Outcome, a asset.Index) {
	ws.out.Notes = append(ws.out.Notes, Note{Portfolio: id, Outcome: outcome, Asset: a, HasAsset: true})
}

func (ws *Workspace) fail(id uint64, a asset.Index, err error) {
	ws.out.Notes = append(ws.out.Notes, Note{Portfolio: id, Outcome: Failed, Asset: a, HasAsset: true, Err: err})
}
