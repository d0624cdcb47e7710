package cost

import (
	"cmp"
	"slices"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// oneRaw is the raw count of 1.
const oneRaw = 1_000_000_000_000_000_000

// post finds the value after fees, rounded down, and shares it out in proportion to wanted.
//
// With sign +1 for a buy and -1 for a sell, V' = V (V + fee*sum sign*held)/(V + fee*sum sign*wanted). The true signs
// give the smallest V' of all signs, so the smallest one seen is the exact root rounded down, whichever side rounding
// puts an asset on that is almost not traded.
func (t *trade) post(c *fixed.Calc) {
	var held, wanted fixed.Wad // of the buys
	for i, l := range t.legs {
		if l.gap.Sign() > 0 {
			held, wanted = c.Add(held, t.held[i]), c.Add(wanted, t.wanted[i])
		}
	}
	total, whole, after := c.Sub(t.value, t.cash), c.MulInt(t.value, oneRaw), t.value
	for range len(t.dst) + 1 { // a round turns a buy into a sell, or is the last
		num := c.Add(whole, product(c, t.fee, c.Sub(c.Add(held, held), total)))
		den := c.Add(whole, product(c, t.fee, c.Sub(c.Add(wanted, wanted), t.value)))
		after = after.Min(c.MulDivDown(t.value, num, den))
		turned := false
		for i, w := range t.wanted {
			t.dst[i] = c.MulDivDown(w, after, t.value)
			if t.legs[i].gap.Sign() > 0 && t.dst[i].Less(t.held[i]) {
				turned, t.legs[i].gap = true, fixed.Wad{}
				held, wanted = c.Sub(held, t.held[i]), c.Sub(wanted, w)
			}
		}
		if !turned {
			return
		}
	}
}

// leg sells what brings the gap after its fee, and buys what the gap pays with its fee.
func (t *trade) leg(c *fixed.Calc) {
	kept, price := c.Sub(fixed.One(), t.fee), c.Add(fixed.One(), t.fee)
	cash := t.cash
	var wish fixed.Wad // what the buys spend when no sale is cut
	for i, l := range t.legs {
		if l.gap.Sign() > 0 {
			wish = c.Add(wish, l.gap)
			continue
		}
		raised := l.gap.Neg()
		sold := c.DivUp(raised, kept)
		if have := t.held[i]; have.Less(sold) {
			sold, raised = have, c.MulDown(have, kept)
		}
		t.dst[i] = c.Sub(t.held[i], sold)
		cash = c.Add(cash, raised)
	}
	for i, l := range t.legs {
		if l.gap.Sign() <= 0 {
			continue
		}
		spent := l.gap
		if cash != wish {
			spent = c.MulDivDown(l.gap, cash, wish)
		}
		t.dst[i] = c.Add(t.held[i], c.DivDown(spent, price))
	}
}

// seq trades in ascending order of the gaps, equal gaps in order of the assets.
func (t *trade) seq(c *fixed.Calc) {
	kept, price := c.Sub(fixed.One(), t.fee), c.Add(fixed.One(), t.fee)
	slices.SortFunc(t.legs, func(a, b leg) int {
		if d := a.gap.Cmp(b.gap); d != 0 {
			return d
		}
		return cmp.Compare(a.index, b.index)
	})
	cash := t.cash
	for _, l := range t.legs {
		held := t.held[l.index]
		if l.gap.Sign() <= 0 {
			t.dst[l.index] = c.Add(held, l.gap)
			cash = c.Add(cash, c.MulDown(l.gap.Neg(), kept))
			continue
		}
		bought := l.gap
		if cash.Less(c.MulUp(bought, price)) {
			bought = c.DivDown(cash, price)
		}
		cash = c.Sub(cash, c.MulUp(bought, price))
		t.dst[l.index] = c.Add(held, bought)
	}
}

// product is the exact product of raw counts.
func product(c *fixed.Calc, a, b fixed.Wad) fixed.Wad { return c.MulDivTrunc(a, b, fixed.FromRaw(1)) }
