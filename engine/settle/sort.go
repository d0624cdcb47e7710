package settle

import (
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
)

// movement is a signed number of base units on an account, in half a cache line.
type movement struct {
	amount   asset.Amount
	id       uint64
	asset    asset.Index
	kind     Kind
	negative bool
}

// same reports whether two movements are on one account and asset.
func (m *movement) same(n *movement) bool {
	return m.id == n.id && m.asset == n.asset && m.kind == n.kind
}

// digits is the number of bytes of a movement's place in the order.
const digits = 11

// digit is a byte of the movement's place in the order by kind, account and asset, the last byte first.
func (m *movement) digit(k int) byte {
	switch {
	case k < 2:
		return byte(m.asset >> (8 * k)) //nolint:gosec // one byte of it
	case k < 10:
		return byte(m.id >> (8 * (k - 2))) //nolint:gosec // one byte of it
	}
	return byte(m.kind)
}

// sort orders the movements by kind, account and asset, byte by byte from the last: a round has many movements, but
// their accounts differ in few bytes. A sort by comparison takes twice as long.
func (b *Book) sort() {
	b.sorted = slices.Grow(b.sorted[:0], len(b.movements))[:len(b.movements)]
	var differ movement
	for i := range b.movements {
		m, n := &b.movements[0], &b.movements[i]
		differ.id |= m.id ^ n.id
		differ.asset |= m.asset ^ n.asset
		differ.kind |= m.kind ^ n.kind
	}
	for k := range digits {
		if differ.digit(k) != 0 {
			b.sortBy(k)
		}
	}
}

// sortBy orders the movements by one byte and leaves those alone that agree in it.
func (b *Book) sortBy(k int) {
	var starts [256]int
	for i := range b.movements {
		starts[b.movements[i].digit(k)]++
	}
	at := 0
	for value, count := range starts {
		starts[value], at = at, at+count
	}
	for i := range b.movements {
		value := b.movements[i].digit(k)
		b.sorted[starts[value]] = b.movements[i]
		starts[value]++
	}
	b.movements, b.sorted = b.sorted, b.movements
}
