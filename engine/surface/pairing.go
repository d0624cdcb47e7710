package surface

import (
	"slices"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// A cell is one pair of a portfolio in one word, so that cells sort by cost, then by row, then by column. Rows and
// columns count the portfolio's sells and buys, not assets.
const (
	costShift = 32
	rowShift  = 16
	fieldMask = 1<<rowShift - 1
)

// resize makes room for the parts of one portfolio, one row per sell, and fills in what its buys need. The parts are
// not cleared.
func (b *Book) resize(o *order) {
	b.parts = slices.Grow(b.parts[:0], len(o.sells)*len(o.buys))[:len(o.sells)*len(o.buys)]
	b.needs = b.needs[:len(o.buys)]
	for j, l := range o.buys {
		b.needs[j] = l.Value
	}
}

// proportional splits row after row over what the columns still need.
func (b *Book) proportional(o *order) {
	needs, left := b.needs, o.volume
	for i, sell := range o.sells {
		row := b.parts[i*len(needs):][:len(needs)]
		if sell.Value == left { // it fills every need, without a division; who comes after sells nothing
			copy(row, needs)
			clear(needs)
			left = 0
			continue
		}
		fixed.SplitWords(row, needs, left, sell.Value)
		for j, part := range row {
			needs[j] -= part
		}
		left -= sell.Value
	}
}

// fewest fills from the north-west corner.
func (b *Book) fewest(o *order) {
	clear(b.parts)
	j := 0
	for i, sell := range o.sells {
		row := b.parts[i*len(b.needs):][:len(b.needs)]
		for left := sell.Value; left > 0; {
			part := min(left, b.needs[j])
			row[j] += part
			left -= part
			b.needs[j] -= part
			if b.needs[j] == 0 {
				j++
			}
		}
	}
}

// cheapest fills cell after cell in ascending order of (cost, sell, buy).
func (b *Book) cheapest(o *order) {
	clear(b.parts)
	b.rank(o)
	lefts := b.lefts[:len(o.sells)]
	for i, l := range o.sells {
		lefts[i] = l.Value
	}
	for _, c := range b.cells {
		i, j := c>>rowShift&fieldMask, c&fieldMask
		part := min(lefts[i], b.needs[j])
		b.parts[int(i)*len(b.needs)+int(j)] = part
		lefts[i] -= part
		b.needs[j] -= part
	}
}

// rank sorts the cells of a portfolio by cost.
func (b *Book) rank(o *order) {
	b.cells = b.cells[:0]
	for i, sell := range o.sells {
		costs := b.costs[int(sell.Asset)*b.n:][:b.n]
		for j, buy := range o.buys {
			place := uint64(i)<<rowShift | uint64(j)
			b.cells = append(b.cells, uint64(costs[buy.Asset])<<costShift|place)
		}
	}
	slices.Sort(b.cells)
}
