package project_test

import (
	"cmp"
	"slices"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
)

// twin is a projection without forced trades, snapping and quanta, in small integers: spec 01 §1.7 line by line.
type twin struct {
	raw, vals, floor, ceiling, least []int64
	maxSell                          int64
}

func (w *twin) input() project.Input {
	return project.Input{
		Raw: raws(w.raw...), Values: raws(w.vals...), Floors: raws(w.floor...), Ceilings: raws(w.ceiling...),
		MinOrders: raws(w.least...), MaxSell: fixed.FromRaw(w.maxSell),
	}
}

func (w *twin) project() []int64 {
	n := len(w.raw)
	x, active := slices.Clone(w.raw), make([]bool, n)
	for i := range x {
		if x[i] < 0 {
			x[i] = -min(-x[i], max(0, w.vals[i]-w.floor[i]))
		} else {
			x[i] = min(x[i], max(0, w.ceiling[i]-w.vals[i]))
		}
		active[i] = max(x[i], -x[i]) >= w.least[i]
	}
	for {
		sells, buys := make([]int64, n), make([]int64, n)
		var sold, bought int64
		for i := range x {
			if active[i] {
				sells[i], buys[i] = max(0, -x[i]), max(0, x[i])
				sold, bought = sold+sells[i], bought+buys[i]
			}
		}
		total := min(sold, bought, w.maxSell)
		s, b := largestRemainder(total, sells), largestRemainder(total, buys)
		drop := -1
		for i := range x {
			if size := s[i] + b[i]; size > 0 && size < w.least[i] && (drop < 0 || size < s[drop]+b[drop]) {
				drop = i
			}
		}
		if drop < 0 {
			for i := range b {
				b[i] -= s[i]
			}
			return b
		}
		active[drop] = false
	}
}

func largestRemainder(total int64, weights []int64) []int64 {
	var sum, given int64
	for _, w := range weights {
		sum += w
	}
	out := make([]int64, len(weights))
	if sum == 0 {
		return out
	}
	order := make([]int, len(weights))
	for i, w := range weights {
		out[i], order[i] = total*w/sum, i
		given += out[i]
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(total*weights[j]%sum, total*weights[i]%sum) })
	for _, i := range order[:total-given] {
		out[i]++
	}
	return out
}
