package surface

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
)

// Book collects the flows of a cycle. The zero value has no assets: Reset gives it some.
type Book struct {
	n       int
	pairs   []pair // n*n, by row of the asset sold
	flows   []Flow
	costs   []uint32
	volume  uint64
	dropped uint64

	parts []uint64 // of the portfolio that is being added, one row per sell
	needs []uint64 // per buy: what it still needs; in merge, the room of its column
	lefts []uint64 // per sell: what it has left
	cells []uint64
}

// pair holds the totals of a directed pair.
type pair struct{ total, crossable, most uint64 }

// order is what Add was asked for.
type order struct {
	owner       uint32
	sells, buys []Leg
	volume      uint64
	minOrder    uint64
	barred      uint64 // notCrossable, or zero
}

// Reset empties the book and makes it one of n assets. It keeps its buffers and forgets its costs.
func (b *Book) Reset(n int) error {
	if n < 0 || n > asset.MaxAssets {
		return fmt.Errorf("%w: expected 0..%d assets, got %d", ErrSize, asset.MaxAssets, n)
	}
	b.n = n
	b.pairs = slices.Grow(b.pairs[:0], n*n)[:n*n]
	clear(b.pairs)
	b.needs = slices.Grow(b.needs[:0], n)[:n]
	b.lefts = slices.Grow(b.lefts[:0], n)[:n]
	b.flows, b.costs = b.flows[:0], nil
	b.volume, b.dropped = 0, 0
	return nil
}

// SetCosts gives the cost of every directed pair, by row of the asset sold, in any unit: only the order matters. The
// book keeps the slice until the next Reset; it must not change meanwhile.
func (b *Book) SetCosts(costs []uint32) error {
	if len(costs) != b.n*b.n {
		return fmt.Errorf("%w: expected the costs of %d*%d pairs, got %d", ErrSize, b.n, b.n, len(costs))
	}
	b.costs = costs
	return nil
}

// Add enters the flows of a portfolio. Flows below minOrder micro-units are merged or dropped. On error the book is as
// it was.
func (b *Book) Add(owner uint32, sells, buys []Leg, mode Mode, minOrder uint64) error {
	return b.add(order{owner: owner, sells: sells, buys: buys, minOrder: minOrder}, mode)
}

// AddUncrossed is Add for a portfolio that opted out of crossing: its flows count in Total, not in CrossTotal.
func (b *Book) AddUncrossed(owner uint32, sells, buys []Leg, mode Mode, minOrder uint64) error {
	return b.add(order{owner: owner, sells: sells, buys: buys, minOrder: minOrder, barred: notCrossable}, mode)
}

func (b *Book) add(o order, mode Mode) error {
	if err := b.check(&o); err != nil {
		return fmt.Errorf("portfolio %d: %w", o.owner, err)
	}
	b.resize(&o)
	switch {
	case mode == Proportional:
		b.proportional(&o)
	case mode == Fewest:
		b.fewest(&o)
	case mode == Cheapest && b.costs != nil:
		b.cheapest(&o)
	case mode == Cheapest:
		return fmt.Errorf("portfolio %d: %w: %v needs costs; call SetCosts first", o.owner, ErrMode, mode)
	default:
		return fmt.Errorf("portfolio %d: %w: %d", o.owner, ErrMode, mode)
	}
	if o.minOrder > 1 {
		b.merge(o.minOrder)
	}
	b.enter(&o)
	b.volume += o.volume
	return nil
}

// enter makes flows of the parts and adds them to their pairs. The largest corrections count what was dropped as well:
// a keeper who trades one pair alone makes one order of it.
func (b *Book) enter(o *order) {
	b.flows = slices.Grow(b.flows, len(b.parts))
	flows := b.flows[len(b.flows):cap(b.flows)]
	k := 0
	for i, s := range o.sells {
		pairs := b.pairs[int(s.Asset)*b.n:][:b.n]
		parts := b.parts[i*len(o.buys):][:len(o.buys)]
		for j, t := range o.buys {
			p, v := &pairs[t.Asset], parts[j]
			p.most += min(s.Value, t.Value)
			if v == 0 {
				continue
			}
			f := &flows[k] // field by field: a literal is built on the stack and copied, at three times the cost
			f.Sell, f.Buy, f.Owner = s.Asset, t.Asset, o.owner
			f.Value, f.Offset, f.CrossOffset = v, p.total, p.crossable|o.barred
			k++
			p.total += v
			p.crossable += v &^ o.barred
		}
	}
	b.flows = b.flows[:len(b.flows)+k]
}

// check fills in the volume and refuses what the book must not contain.
func (b *Book) check(o *order) error {
	sold, err := b.sum(o.sells)
	if err != nil {
		return fmt.Errorf("sells: %w", err)
	}
	bought, err := b.sum(o.buys)
	if err != nil {
		return fmt.Errorf("buys: %w", err)
	}
	if sold != bought {
		return fmt.Errorf("%w: %d micro-units sold, %d bought", ErrUnequal, sold, bought)
	}
	if _, carry := bits.Add64(b.volume, sold, 0); carry != 0 {
		return fmt.Errorf("%w: %d micro-units more than the %d of the book", ErrOverflow, sold, b.volume)
	}
	o.volume = sold
	return disjoint(o.sells, o.buys)
}

// sum adds the legs up and checks their order.
func (b *Book) sum(legs []Leg) (uint64, error) {
	var total, carry uint64
	last := -1
	for _, l := range legs {
		a := int(l.Asset)
		if a <= last || a >= b.n {
			return 0, fmt.Errorf("%w: asset %d stands after asset %d in a book of %d", ErrLegs, a, last, b.n)
		}
		last = a
		if total, carry = bits.Add64(total, l.Value, 0); carry != 0 {
			return 0, fmt.Errorf("%w: the legs up to asset %d", ErrOverflow, a)
		}
	}
	return total, nil
}

// disjoint refuses an asset that stands on both sides. It marks instead of merging: which side comes next is as good as
// random, and the processor would guess wrong half of the time.
func disjoint(sells, buys []Leg) error {
	const word, words = 64, asset.MaxAssets / 64
	var sold [words]uint64
	for _, l := range sells {
		sold[l.Asset/word%words] |= 1 << (l.Asset % word)
	}
	for _, l := range buys {
		if sold[l.Asset/word%words]>>(l.Asset%word)&1 != 0 {
			return fmt.Errorf("%w: asset %d is sold and bought", ErrLegs, l.Asset)
		}
	}
	return nil
}
