package surface

import "github.com/ballast-finance/ballast/engine/asset"

// Len is the number of assets.
func (b *Book) Len() int { return b.n }

// Flows returns the flows in order of Add, and within one portfolio by asset sold, then by asset bought. The slice is
// the book's own: it is good until the next Reset, and must not be changed.
func (b *Book) Flows() []Flow { return b.flows }

// Total is the value of all flows from i to j, in micro-units; zero for assets that the book does not have.
func (b *Book) Total(i, j asset.Index) uint64 { return b.at(i, j).total }

// CrossTotal is the value of the flows from i to j that may cross, in micro-units.
func (b *Book) CrossTotal(i, j asset.Index) uint64 { return b.at(i, j).crossable }

// MaxCorrection is the most that trading from i to j alone could correct, in micro-units: the sum over portfolios of
// the smaller of what one sells of i and what it buys of j.
func (b *Book) MaxCorrection(i, j asset.Index) uint64 { return b.at(i, j).most }

// CrossTotals writes CrossTotal of all pairs into dst, by row of the asset sold, and returns it; dst is grown if it is
// too short. This is what netting.Cross takes.
func (b *Book) CrossTotals(dst []uint64) []uint64 {
	dst = dst[:0]
	for k := range b.pairs {
		dst = append(dst, b.pairs[k].crossable)
	}
	return dst
}

// Volume is the value that all portfolios sell, in micro-units; what was dropped is counted.
func (b *Book) Volume() uint64 { return b.volume }

// Dropped is the value of the flows that were too small and found no other, in micro-units.
func (b *Book) Dropped() uint64 { return b.dropped }

func (b *Book) at(i, j asset.Index) pair {
	if int(i) >= b.n || int(j) >= b.n {
		return pair{}
	}
	return b.pairs[int(i)*b.n+int(j)]
}
