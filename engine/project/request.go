package project

import "github.com/ballast-finance/ballast/engine/fixed"

// side is the direction of an order.
type side uint8

const (
	idle side = iota // no order, or one that was dropped
	sells
	buys
	sides
)

// The layers of an order, filled one after the other.
const (
	forced = iota // what a minimum balance or a cap demands
	wanted        // what the controller wants beyond it
	spare         // what the gap allows beyond that: only to pay for the other side's forced orders
	layers
)

// order is an asset's request and what became of it, in quanta.
type order struct {
	side   side
	layer  [layers]fixed.Nat
	full   fixed.Nat // forced and wanted together
	amount fixed.Nat // what was matched
	worth  fixed.Nat // what that is worth, as raw value
	least  fixed.Nat // smallest order worth sending, as raw value
}

// request writes down what every asset must and wants to do, within its own limits.
func (p *problem) request(ws *Workspace) {
	n := len(p.in.Values)
	if cap(ws.orders) < n {
		ws.orders = make([]order, n)
	}
	ws.orders = ws.orders[:n]
	for i := range ws.orders {
		p.ask(&ws.orders[i], i)
	}
	if p.result.Clamp&(ClampForcedBuy|ClampForcedSell) == 0 || len(p.in.Gaps) == 0 {
		return
	}
	payer := p.payer(ws)
	for i := range ws.orders {
		p.offer(&ws.orders[i], i, payer)
	}
}

// payer is the side that has to trade beyond what it must, because the other side must trade more.
func (p *problem) payer(ws *Workspace) side {
	var must [sides]fixed.Nat
	for i := range ws.orders {
		o := &ws.orders[i]
		must[o.side] = p.calc.AddNat(must[o.side], o.layer[forced])
	}
	switch must[buys].Cmp(must[sells]) {
	case 1:
		return sells
	case -1:
		return buys
	}
	return idle
}

// ask fills the forced and the wanted layer of asset i. A minimum balance above the cap wins over it, and a wish
// against a forced order is void.
func (p *problem) ask(o *order, i int) {
	b := &p.bounds
	p.load(i)
	*o = order{least: p.optional(p.in.MinOrders, i)}
	var must fixed.Nat
	switch {
	case b.held.Less(b.floor):
		o.side = buys
		must = b.floor.Monus(b.held)
		must = must.Max(b.room(buys).Min(p.snap(o, i, must)))
		p.result.Clamp |= ClampForcedBuy
	case b.ceiling.Less(b.held):
		o.side = sells
		must = p.cut(sells, p.snap(o, i, b.held.Monus(b.ceiling)))
		p.result.Clamp |= ClampForcedSell
	}
	size := must
	if way := sideOf(p.in.Raw[i]); way != idle && (o.side == idle || o.side == way) {
		o.side = way
		size = must.Max(p.cut(way, p.snap(o, i, p.calc.Nat(p.in.Raw[i].Abs()))))
	}
	o.full = p.quanta(size)
	small := size.Less(p.calc.AddNat(o.least, fixed.NatOf(p.quantum))) && p.worth(o.full).Less(o.least)
	if small && !size.IsZero() {
		p.result.Clamp |= ClampMinOrder
	}
	if small || o.full.IsZero() {
		*o = order{}
		return
	}
	o.layer[forced] = p.quanta(must)
	o.layer[wanted] = o.full.Monus(o.layer[forced])
}

// snap raises a value below the minimum order to the minimum, when it leads toward the target and the gap is at least
// that: otherwise a proportional controller would stop short of its target for ever (spec 01 §1.6). Both are compared
// in whole quanta, which is how they are sent.
func (p *problem) snap(o *order, i int, value fixed.Nat) fixed.Nat {
	if o.least.IsZero() || !value.Less(p.calc.AddNat(o.least, fixed.NatOf(p.quantum))) {
		return value
	}
	raised := p.worth(p.quantaUp(o.least))
	if !value.Less(raised) || len(p.in.Gaps) == 0 || sideOf(p.in.Gaps[i]) != o.side ||
		p.calc.Nat(p.in.Gaps[i].Abs()).Less(raised) {
		return value
	}
	p.result.Clamp |= ClampSnap
	return raised
}

// bounds are the limits of one asset, as raw values.
type bounds struct{ held, floor, ceiling, locked fixed.Nat }

// load sets the bounds to those of asset i.
func (p *problem) load(i int) {
	b := &p.bounds
	b.held, b.ceiling = p.calc.Nat(p.in.Values[i]), fixed.MaxNat()
	b.floor, b.locked = p.optional(p.in.Floors, i), p.optional(p.in.Locked, i)
	if len(p.in.Ceilings) != 0 {
		b.ceiling = p.limit(p.in.Ceilings[i])
	}
}

// room is how much may be traded one way.
func (b *bounds) room(way side) fixed.Nat {
	if way == buys {
		return b.ceiling.Monus(b.held)
	}
	return b.held.Monus(b.floor).Monus(b.locked)
}

// cut holds a value to the room for it.
func (p *problem) cut(way side, value fixed.Nat) fixed.Nat {
	room := p.bounds.room(way)
	if !room.Less(value) {
		return value
	}
	p.result.Clamp |= p.bounds.cause(way)
	return room
}

// cause says which limits leave no more room.
func (b *bounds) cause(way side) Clamp {
	if way == buys {
		return ClampCap
	}
	var clamp Clamp
	if !b.floor.IsZero() {
		clamp |= ClampMinBalance
	}
	if !b.locked.IsZero() {
		clamp |= ClampLocked
	}
	if clamp == 0 {
		return ClampHoldings
	}
	return clamp
}

// offer fills the spare layer of asset i: its gap beyond what it must and wants to do, when that makes an order worth
// sending. A wish away from the target is void when the payers could use the asset.
func (p *problem) offer(o *order, i int, payer side) {
	way := sideOf(p.in.Gaps[i])
	if way == idle {
		return
	}
	if o.side != idle && o.side != way {
		if way != payer || !o.layer[forced].IsZero() {
			return
		}
		*o = order{}
	}
	p.load(i)
	most := p.quanta(p.bounds.room(way).Min(p.calc.Nat(p.in.Gaps[i].Abs())))
	least := p.optional(p.in.MinOrders, i)
	if p.worth(most).Less(least) {
		return
	}
	o.side, o.least = way, least
	o.layer[spare] = most.Monus(o.full)
}

// sideOf is the side of a signed value.
func sideOf(value fixed.Wad) side {
	switch value.Sign() {
	case 1:
		return buys
	case -1:
		return sells
	}
	return idle
}
