package tune

import (
	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// gridBps is the number of steps of the grid of distances: hundredths of a percent up to a half.
const gridBps = 5_000

// best is the band of the least objective: where to act and where to stop.
func best(c *fixed.Calc, s cost.Setting) (outer, inner fixed.Wad) {
	if s.Fixed.IsZero() {
		half := func(h int64) fixed.Wad { return c.DivIntTrunc(fixed.FromBps(h), 2) }
		h := least(1, gridBps, func(h int64) fixed.Wad { return s.Band(c, fixed.FromBps(h), half(h)).Objective })
		return fixed.FromBps(h), fixed.FromBps(h / 2)
	}
	stop := func(h int64) int64 {
		return least(0, h-1, func(a int64) fixed.Wad {
			return s.Band(c, fixed.FromBps(h), fixed.FromBps(a)).Objective
		})
	}
	h := least(1, gridBps, func(h int64) fixed.Wad {
		return s.Band(c, fixed.FromBps(h), fixed.FromBps(stop(h))).Objective
	})
	return fixed.FromBps(h), fixed.FromBps(stop(h))
}

// bestToTarget is the distance of the least objective at which to trade all the way back.
func bestToTarget(c *fixed.Calc, s cost.Setting) fixed.Wad {
	return fixed.FromBps(least(1, gridBps, func(h int64) fixed.Wad { return s.ToTarget(c, fixed.FromBps(h)).Objective }))
}

// least is the argument in lo..hi at which a convex function is least.
func least(lo, hi int64, f func(int64) fixed.Wad) int64 {
	for lo < hi {
		middle := lo + (hi-lo)/2
		if f(middle).Cmp(f(middle+1)) <= 0 {
			hi = middle
		} else {
			lo = middle + 1
		}
	}
	return lo
}
