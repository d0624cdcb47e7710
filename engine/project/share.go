package project

import "github.com/ballast-finance/ballast/engine/fixed"

// layerOf is one layer of one side.
type layerOf struct {
	side  side
	layer int
}

// share splits a total over a layer, whose requests add up to sum, by largest remainder, ties to the lower index.
func (p *problem) share(ws *Workspace, l layerOf, sum, total fixed.Nat) {
	ws.index = ws.index[:0]
	for i := range ws.orders {
		if o := &ws.orders[i]; o.side == l.side && !o.layer[l.layer].IsZero() {
			ws.index = append(ws.index, i)
		}
	}
	whole, fits := sum.Uint64()
	if part, _ := total.Uint64(); fits {
		p.shareWords(ws, l.layer, whole, part)
		return
	}
	ws.weights = ws.weights[:0]
	for _, i := range ws.index {
		ws.weights = append(ws.weights, ws.orders[i].layer[l.layer].Raw())
	}
	p.calc.Fail(ws.split.LargestRemainder(ws.weights, ws.weights, total.Raw()))
	for k, i := range ws.index {
		o := &ws.orders[i]
		o.amount = p.calc.AddNat(o.amount, p.calc.Nat(ws.weights[k]))
	}
}

// shareWords is share when the sum is below 2^64, which it is in quanta of 0.000001 up to 18 trillion: there the
// remainder of a quota is one word too, and one reciprocal serves all quotas.
func (p *problem) shareWords(ws *Workspace, layer int, sum, total uint64) {
	ws.rests = ws.rests[:0]
	quota := fixed.NewPrefix(fixed.NatOf(sum), fixed.NatOf(total))
	left := total
	for _, i := range ws.index {
		o := &ws.orders[i]
		request, _ := o.layer[layer].Uint64()
		amount, _ := quota.At(o.layer[layer]).Uint64()
		o.amount = p.calc.AddNat(o.amount, fixed.NatOf(amount))
		ws.rests = append(ws.rests, request*total-amount*sum) // below sum: what overflows cancels
		left -= amount
	}
	for range left { // fewer than there are remainders above zero
		best := 0
		for k, rest := range ws.rests {
			if ws.rests[best] < rest {
				best = k
			}
		}
		o := &ws.orders[ws.index[best]]
		o.amount = p.calc.AddNat(o.amount, fixed.NatOf(1))
		ws.rests[best] = 0
	}
}
