package auction

import (
	"cmp"
	"slices"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// rankKey is a bid as sort sees it; far above the clock all limits look the same.
type rankKey struct {
	below, id uint64 // how far the limit is below the highest that counts; both ascending
	index     int32
}

const (
	// farAbove is the distance from the clock, in raw units, from which on limits are not told apart by a word.
	farAbove = 1<<64 - 1
	// fewBids is up to how many bids a sort that compares is faster than one that counts.
	fewBids = 256
)

// rank lists the bids that take part, best first. It sorts only when they are not in order already.
func (w *Workspace) rank(bids []Bid, clock fixed.Wad, now int64) {
	w.order = w.order[:0]
	sorted := true
	var last *Bid
	for i := range bids {
		b := &bids[i]
		if b.Limit.Less(clock) || !b.Live(now) || b.Quantity.IsZero() || b.Quantity.Less(b.MinFill) {
			continue
		}
		sorted = sorted && (last == nil || last.Compare(b) <= 0)
		last = b
		w.order = append(w.order, int32(i))
	}
	if !sorted {
		w.sort(bids, clock)
	}
}

// sort orders the list by words: how far a limit is above the clock, counted up to 2^64-1 and so not out of order, then
// the id. Only limits farther above need a comparison of bids.
func (w *Workspace) sort(bids []Bid, clock fixed.Wad) {
	var c fixed.Calc // cannot fail: limits are at least the clock, which is not negative
	w.keys = w.keys[:0]
	for _, i := range w.order {
		above, fits := c.Sub(bids[i].Limit, clock).RawUint()
		if !fits {
			above = farAbove
		}
		w.keys = append(w.keys, rankKey{farAbove - above, bids[i].ID, i})
	}
	if len(w.keys) > fewBids {
		w.radix()
	} else {
		slices.SortFunc(w.keys, func(a, b rankKey) int {
			return cmp.Or(cmp.Compare(a.below, b.below), cmp.Compare(a.id, b.id))
		})
	}
	far := 0
	for k, key := range w.keys {
		w.order[k] = key.index
		if key.below == 0 {
			far = k + 1
		}
	}
	slices.SortFunc(w.order[:far], func(i, j int32) int { return bids[i].Compare(&bids[j]) })
}

// radix sorts the keys byte by byte, the least significant first, and leaves out the bytes that all keys share: work
// grows with the count, in any order.
func (w *Workspace) radix() {
	var below, id uint64 // the bits in which keys differ
	for _, k := range w.keys {
		below |= k.below ^ w.keys[0].below
		id |= k.id ^ w.keys[0].id
	}
	w.spare = append(w.spare[:0], w.keys...)
	for shift := uint(0); shift < 64; shift += 8 {
		if uint8(id>>shift) != 0 { //nolint:gosec // one byte
			w.scatter(func(k *rankKey) uint8 { return uint8(k.id >> shift) }) //nolint:gosec // one byte
		}
	}
	for shift := uint(0); shift < 64; shift += 8 {
		if uint8(below>>shift) != 0 { //nolint:gosec // one byte
			w.scatter(func(k *rankKey) uint8 { return uint8(k.below >> shift) }) //nolint:gosec // one byte
		}
	}
}

// scatter orders the keys by one byte and leaves those with the same byte in the order they have.
func (w *Workspace) scatter(digit func(*rankKey) uint8) {
	var next [256]int32
	for i := range w.keys {
		next[digit(&w.keys[i])]++
	}
	start := int32(0)
	for d, n := range next {
		next[d], start = start, start+n
	}
	for i := range w.keys {
		d := digit(&w.keys[i])
		w.spare[next[d]] = w.keys[i]
		next[d]++
	}
	w.keys, w.spare = w.spare, w.keys
}
