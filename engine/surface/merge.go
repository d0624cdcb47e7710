package surface

import "math/bits"

// merge gives the parts below the smallest order to others of their rows, and drops what finds no room. It first takes
// all of them out of their columns: only what a small part leaves gives a column room.
func (b *Book) merge(minOrder uint64) {
	var small uint64
	for _, part := range b.parts {
		small |= part & below(part, minOrder)
	}
	if small == 0 {
		return
	}
	rooms := b.needs
	clear(rooms)
	for from := 0; from < len(b.parts); from += len(rooms) {
		for j, part := range b.parts[from:][:len(rooms)] {
			rooms[j] += part & below(part, minOrder)
		}
	}
	for from := 0; from < len(b.parts); from += len(rooms) {
		b.dropped += place(b.parts[from:][:len(rooms)], rooms, minOrder)
	}
}

// below is all ones when x < y and zero otherwise: a branch would be guessed wrong for every other part.
func below(x, y uint64) uint64 {
	_, borrow := bits.Sub64(x, y, 0)
	return -borrow
}

// place adds the small parts of a row to its large ones, the largest first, as far as their columns have room, and
// returns what is left.
func place(row, rooms []uint64, minOrder uint64) uint64 {
	var left uint64
	for j, part := range row {
		part &= below(part, minOrder)
		left += part
		row[j] -= part
	}
	for left > 0 {
		best, most := -1, uint64(0)
		for j, part := range row {
			if part > most && rooms[j] > 0 {
				best, most = j, part
			}
		}
		if best < 0 {
			break
		}
		part := min(left, rooms[best])
		row[best] += part
		rooms[best] -= part
		left -= part
	}
	return left
}
