package auction_test

import (
	"math/big"
	"slices"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// twin is the slow, obvious clearing: it looks at every candidate price and starts again after every bid that leaves.
// It returns the price and the units of each id.
func twin(offered fixed.Nat, clock fixed.Wad, bids []auction.Bid, now int64) (fixed.Wad, map[uint64]*big.Int) {
	fills := map[uint64]*big.Int{}
	left := offered.Big()
	for _, price := range candidates(clock, bids, now) {
		var level []auction.Bid
		for _, b := range bids {
			if b.Limit == price && takesPart(&b, clock, now) {
				level = append(level, b)
			}
		}
		slices.SortFunc(level, func(a, b auction.Bid) int { return a.Compare(&b) })
		level = settle(level, left)
		if sum(level).Cmp(left) >= 0 {
			for i, part := range remainders(level, left) {
				fills[level[i].ID] = part
			}
			return price, fills
		}
		for _, b := range level {
			fills[b.ID] = b.Quantity.Big()
			left.Sub(left, b.Quantity.Big())
		}
	}
	return clock, fills
}

func takesPart(b *auction.Bid, clock fixed.Wad, now int64) bool {
	return b.Limit.Cmp(clock) >= 0 && b.Live(now) && !b.Quantity.IsZero() && b.MinFill.Cmp(b.Quantity) <= 0
}

// candidates are the limits at or above the clock, highest first.
func candidates(clock fixed.Wad, bids []auction.Bid, now int64) []fixed.Wad {
	var out []fixed.Wad
	for _, b := range bids {
		if takesPart(&b, clock, now) && !slices.Contains(out, b.Limit) {
			out = append(out, b.Limit)
		}
	}
	slices.SortFunc(out, func(a, b fixed.Wad) int { return b.Cmp(a) })
	return out
}

func sum(level []auction.Bid) *big.Int {
	total := new(big.Int)
	for _, b := range level {
		total.Add(total, b.Quantity.Big())
	}
	return total
}

// settle lets bids leave one at a time, from scratch each time.
func settle(level []auction.Bid, left *big.Int) []auction.Bid {
	level = slices.Clone(level)
	for sum(level).Cmp(left) > 0 {
		leaver := -1
		for i, b := range level { // impossible ones first, whichever
			if b.MinFill.Big().Cmp(left) > 0 {
				leaver = i
			}
		}
		for i := len(level) - 1; i >= 0 && leaver < 0; i-- {
			part := new(big.Int).Mul(level[i].Quantity.Big(), left)
			if part.Div(part, sum(level)).Cmp(level[i].MinFill.Big()) < 0 {
				leaver = i
			}
		}
		if leaver < 0 {
			return level
		}
		level = slices.Delete(level, leaver, leaver+1)
		// those whose minimum is impossible leave together
		level = slices.DeleteFunc(level, func(b auction.Bid) bool { return b.MinFill.Big().Cmp(left) > 0 })
	}
	return level
}

// remainders divides what is left by largest remainders, one odd unit at a time.
func remainders(level []auction.Bid, left *big.Int) []*big.Int {
	total, rest := sum(level), new(big.Int).Set(left)
	parts, odd := make([]*big.Int, len(level)), make([]*big.Int, len(level))
	for i, b := range level {
		product := new(big.Int).Mul(b.Quantity.Big(), left)
		parts[i], odd[i] = new(big.Int).DivMod(product, total, new(big.Int))
		rest.Sub(rest, parts[i])
	}
	for ; rest.Sign() > 0; rest.Sub(rest, big.NewInt(1)) {
		best := 0
		for i := range odd {
			if odd[i].Cmp(odd[best]) > 0 {
				best = i
			}
		}
		parts[best].Add(parts[best], big.NewInt(1))
		odd[best].SetInt64(-1)
	}
	return parts
}

// twinPrice is the price by its definition, for bids without minima: max{p >= clock : D(p) >= A}, or the clock.
func twinPrice(offered fixed.Nat, clock fixed.Wad, bids []auction.Bid, now int64) fixed.Wad {
	for _, price := range candidates(clock, bids, now) {
		demand := new(big.Int)
		for _, b := range bids {
			if b.Limit.Cmp(price) >= 0 && takesPart(&b, clock, now) {
				demand.Add(demand, b.Quantity.Big())
			}
		}
		if demand.Cmp(offered.Big()) >= 0 {
			return price
		}
	}
	return clock
}
