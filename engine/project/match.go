package project

import "github.com/ballast-finance/ballast/engine/fixed"

// totals are the requests of each side by layer, in quanta.
type totals [sides][layers]fixed.Nat

// match sets the amounts: both sides get the same total, and no order is left below its minimum. Each round drops one
// order, so there are at most as many rounds as orders.
func (p *problem) match(ws *Workspace) {
	most := p.limit(p.in.MaxSell)
	limit := p.quanta(most)
	left := limit
	if !p.in.OneTime.IsZero() {
		left = p.quanta(most.Monus(p.calc.Nat(p.in.OneTime)))
	}
	before := p.result.Clamp
	for p.calc.Err() == nil {
		sums := p.totals(ws)
		matched, taken, clamp := p.meet(&sums, limit, left)
		clamp |= p.fill(ws, sells, &sums, matched) | p.fill(ws, buys, &sums, matched)
		i := p.smallestShort(ws)
		if i < 0 {
			p.result = Result{p.worth(matched).Raw(), p.worth(taken).Raw(), before | clamp}
			return
		}
		ws.orders[i] = order{}
		before |= ClampMinOrder | clamp&(ClampMaxSell|ClampForcedShort) // why it came to be too small
	}
}

// totals adds up the requests.
func (p *problem) totals(ws *Workspace) totals {
	var sums totals
	for i := range ws.orders {
		o := &ws.orders[i]
		o.amount = fixed.Nat{}
		if o.side == idle {
			continue
		}
		sum := &sums[o.side]
		for k := range sum {
			sum[k] = p.calc.AddNat(sum[k], o.layer[k])
		}
	}
	return sums
}

// meet decides the total of both sides and the forced part of it. Forced orders come first: they are met by whatever
// the other side must, wants and can spare, up to limit. Then wishes meet wishes, as long as the total stays within
// left.
func (p *problem) meet(t *totals, limit, left fixed.Nat) (matched, taken fixed.Nat, clamp Clamp) {
	mustSell, mustBuy := t[sells][forced], t[buys][forced]
	sold, bought := p.calc.AddNat(mustSell, t[sells][wanted]), p.calc.AddNat(mustBuy, t[buys][wanted])
	supply := p.calc.AddNat(sold, t[sells][spare])
	if mustBuy.Less(mustSell) {
		supply = p.calc.AddNat(bought, t[buys][spare])
	}
	need := mustSell.Max(mustBuy)
	met := need.Min(supply)
	free := met.Max(sold.Min(bought))
	taken = met.Min(limit)
	matched = taken.Max(free.Min(left))
	if matched.Less(free) {
		clamp |= ClampMaxSell
	}
	if taken.Less(need) {
		clamp |= ClampForcedShort
	}
	if free.IsZero() && sold != bought {
		clamp |= ClampNothingAgainst
	}
	return matched, taken, clamp
}

// fill hands a side's total to its orders, layer by layer. Only the layer where the total ends is split, in proportion
// to the requests.
func (p *problem) fill(ws *Workspace, way side, t *totals, total fixed.Nat) Clamp {
	var clamp Clamp
	for k, sum := range t[way] {
		if total.IsZero() || sum.IsZero() {
			continue
		}
		if k == spare {
			clamp = ClampForcedSource
		}
		if total.Less(sum) {
			p.share(ws, way, k, total)
			return clamp
		}
		for i := range ws.orders {
			if o := &ws.orders[i]; o.side == way {
				o.amount = p.calc.AddNat(o.amount, o.layer[k])
			}
		}
		total = total.Monus(sum)
	}
	return clamp
}

// share splits a total over one layer of a side by largest remainder.
func (p *problem) share(ws *Workspace, way side, layer int, total fixed.Nat) {
	ws.index, ws.weights = ws.index[:0], ws.weights[:0]
	for i := range ws.orders {
		if o := &ws.orders[i]; o.side == way && !o.layer[layer].IsZero() {
			ws.index, ws.weights = append(ws.index, i), append(ws.weights, o.layer[layer].Raw())
		}
	}
	p.calc.Fail(ws.split.LargestRemainder(ws.weights, ws.weights, total.Raw()))
	for k, i := range ws.index {
		o := &ws.orders[i]
		o.amount = p.calc.AddNat(o.amount, p.calc.Nat(ws.weights[k]))
	}
}

// smallestShort values every order and returns the smallest of those below their minimum, the lower index first, or -1.
func (p *problem) smallestShort(ws *Workspace) int {
	found := -1
	for i := range ws.orders {
		o := &ws.orders[i]
		o.worth = o.whole
		if o.amount != o.full {
			o.worth = p.worth(o.amount)
		}
		if o.amount.IsZero() || !o.worth.Less(o.least) {
			continue
		}
		if found < 0 || o.amount.Less(ws.orders[found].amount) {
			found = i
		}
	}
	return found
}
