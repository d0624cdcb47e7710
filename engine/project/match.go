package project

import "github.com/ballast-finance/ballast/engine/fixed"

// totals are the requests of each side by layer, in quanta.
type totals [sides][layers]fixed.Nat

// add adds up the requests of all orders, and for a start lets every order have what it must and wants.
func (t *totals) add(c *fixed.Calc, orders []order) {
	for i := range orders {
		o := &orders[i]
		o.amount = o.full
		if o.side == idle {
			continue
		}
		sum := &t[o.side]
		sum[wanted] = c.AddNat(sum[wanted], o.layer[wanted])
		if o.layer[forced] != (fixed.Nat{}) || o.layer[spare] != (fixed.Nat{}) {
			sum[forced] = c.AddNat(sum[forced], o.layer[forced])
			sum[spare] = c.AddNat(sum[spare], o.layer[spare])
		}
	}
}

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
		var sums totals
		sums.add(p.calc, ws.orders)
		matched, taken, clamp := p.meet(&sums, limit, left)
		clamp |= p.fill(ws, sells, &sums[sells], matched) | p.fill(ws, buys, &sums[buys], matched)
		i := p.smallestShort(ws)
		if i < 0 {
			p.result = Result{p.worth(matched).Raw(), p.worth(taken).Raw(), before | clamp}
			return
		}
		ws.orders[i] = order{}
		before |= ClampMinOrder | clamp&(ClampMaxSell|ClampForcedShort) // why it came to be too small
	}
}

// meet decides the total of both sides and the forced part of it. Forced orders come first: they are met by whatever
// the other side must, wants and can spare, up to limit. Then wishes meet wishes, as long as the total stays within
// left.
func (p *problem) meet(t *totals, limit, left fixed.Nat) (matched, taken fixed.Nat, clamp Clamp) {
	mustSell, mustBuy := t[sells][forced], t[buys][forced]
	sold, bought := p.calc.AddNat(mustSell, t[sells][wanted]), p.calc.AddNat(mustBuy, t[buys][wanted])
	free := sold.Min(bought)
	need := mustSell.Max(mustBuy)
	if !need.IsZero() {
		supply := p.calc.AddNat(sold, t[sells][spare])
		if mustBuy.Less(mustSell) {
			supply = p.calc.AddNat(bought, t[buys][spare])
		}
		taken = need.Min(supply)
		free = free.Max(taken)
		taken = taken.Min(limit)
	}
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

// fill hands a side's total to its orders, layer by layer, unless it is what they have already. Only the layer where
// the total ends is split, in proportion to the requests.
func (p *problem) fill(ws *Workspace, way side, sums *[layers]fixed.Nat, total fixed.Nat) Clamp {
	if total == p.calc.AddNat(sums[forced], sums[wanted]) {
		return 0
	}
	for i := range ws.orders {
		if o := &ws.orders[i]; o.side == way {
			o.amount = fixed.Nat{}
		}
	}
	var clamp Clamp
	for k, sum := range sums {
		if total.IsZero() || sum.IsZero() {
			continue
		}
		if k == spare {
			clamp = ClampForcedSource
		}
		p.share(ws, layerOf{way, k}, sum, total.Min(sum))
		total = total.Monus(sum)
	}
	return clamp
}

// smallestShort values every order and returns the smallest of those below their minimum, the lower index first, or -1.
func (p *problem) smallestShort(ws *Workspace) int {
	found := -1
	for i := range ws.orders {
		o := &ws.orders[i]
		o.worth = p.worth(o.amount)
		if o.amount.IsZero() || !o.worth.Less(o.least) {
			continue
		}
		if found < 0 || o.amount.Less(ws.orders[found].amount) {
			found = i
		}
	}
	return found
}
