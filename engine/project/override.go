package project

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Strategy says how the assets without a binding minimum share what the others leave.
type Strategy uint8

// Strategies.
const (
	Proportional Strategy = iota // in proportion to their targets
	Priority                     // in declared order, each up to its target
)

// String returns the strategy in words.
func (s Strategy) String() string {
	switch s {
	case Proportional:
		return "proportional"
	case Priority:
		return "priority"
	}
	return "unknown strategy"
}

// maxAssets is what an order of bytes can name.
const maxAssets = 256

// Override sets dst to the weights of this interval where minimum balances override targets (spec 01 §1.9), and reports
// whether any did. An asset whose minimum is worth more than its target gets minimum/nav, rounded up; several of them
// in declared order, each from what is left. The others share the rest by the strategy. An asset that falls below its
// own minimum by that is served too, so the rule is applied until none does: at most once per asset.
//
// weights sum to exactly 1, and so does dst, which may be weights. minValues may have length zero: none. priority lists
// every asset once in declared order; length zero means by index. ErrInput: then dst is meaningless.
func Override( //nolint:revive // seven plain arguments read better than a struct that only this call would use
	ws *Workspace, dst, weights, minValues []fixed.Wad, nav fixed.Wad, priority []uint8, s Strategy,
) (bool, error) {
	if err := checkOverride(dst, weights, minValues, nav, priority); err != nil {
		return false, err
	}
	if s != Proportional && s != Priority {
		return false, fmt.Errorf("%w: expected proportional or priority, got strategy %d", ErrInput, s)
	}
	var c fixed.Calc
	ws.targets = append(ws.targets[:0], weights...)
	ws.bound = append(ws.bound[:0], make([]bool, len(dst))...)
	copy(dst, weights)
	active := false
	for ws.bind(&c, dst, minValues, nav) {
		active = true
		left := ws.serve(&c, dst, minValues, nav, priority)
		ws.spread(&c, dst, left, priority, s)
	}
	return active, c.Err()
}

// bind marks the assets whose weight does not cover their minimum, and reports whether there were new ones.
func (ws *Workspace) bind(c *fixed.Calc, dst, minValues []fixed.Wad, nav fixed.Wad) bool {
	found := false
	for i, least := range minValues {
		if !ws.bound[i] && c.MulDown(dst[i], nav).Less(least) {
			ws.bound[i], found = true, true
		}
	}
	return found
}

// serve gives the bound assets their minimum and returns what is left.
func (ws *Workspace) serve(c *fixed.Calc, dst, minValues []fixed.Wad, nav fixed.Wad, priority []uint8) fixed.Wad {
	left := fixed.One()
	for k := range dst {
		i := at(priority, k)
		if !ws.bound[i] {
			continue
		}
		dst[i] = left
		if minValues[i].Less(nav) {
			dst[i] = left.Min(c.DivUp(minValues[i], nav))
		}
		left = c.Sub(left, dst[i])
	}
	return left
}

// spread gives what is left to the assets that are not bound.
func (ws *Workspace) spread(c *fixed.Calc, dst []fixed.Wad, left fixed.Wad, priority []uint8, s Strategy) {
	if s == Priority {
		for k := range dst {
			if i := at(priority, k); !ws.bound[i] {
				dst[i] = left.Min(ws.targets[i])
				left = c.Sub(left, dst[i])
			}
		}
		return
	}
	ws.index, ws.weights = ws.index[:0], ws.weights[:0]
	for i := range dst {
		if !ws.bound[i] {
			ws.index, ws.weights = append(ws.index, i), append(ws.weights, ws.targets[i])
		}
	}
	c.Fail(ws.split.LargestRemainder(ws.weights, ws.weights, left))
	for k, i := range ws.index {
		dst[i] = ws.weights[k]
	}
}

// at is the k-th asset in declared order.
func at(priority []uint8, k int) int {
	if len(priority) == 0 {
		return k
	}
	return int(priority[k])
}

func checkOverride(dst, weights, minValues []fixed.Wad, nav fixed.Wad, priority []uint8) error {
	n := len(weights)
	if len(dst) != n || n > maxAssets || len(minValues) != n && len(minValues) != 0 {
		return fmt.Errorf("%w: expected %d weights and minimum values, at most %d, got %d and %d",
			ErrInput, n, maxAssets, len(dst), len(minValues))
	}
	if nav.Sign() <= 0 {
		return fmt.Errorf("%w: expected a positive value, got %v", ErrInput, nav)
	}
	var c fixed.Calc
	var sum fixed.Wad
	for i, w := range weights {
		if w.Sign() < 0 || len(minValues) != 0 && minValues[i].Sign() < 0 {
			return fmt.Errorf("%w: asset %d: expected a weight and a minimum of 0 or more", ErrInput, i)
		}
		sum = c.Add(sum, w)
	}
	if sum != fixed.One() || c.Err() != nil {
		return fmt.Errorf("%w: expected weights that sum to exactly 1, got %v", ErrInput, sum)
	}
	return checkPriority(priority, n)
}

// checkPriority reports an order that does not list each of n assets once.
func checkPriority(priority []uint8, n int) error {
	if len(priority) == 0 {
		return nil
	}
	var seen [maxAssets / 64]uint64
	for _, i := range priority {
		if bit := uint64(1) << (i % 64); int(i) < n && seen[i/64]&bit == 0 {
			seen[i/64] |= bit
			continue
		}
		return fmt.Errorf("%w: expected each of %d assets once in the declared order, got %v", ErrInput, n, priority)
	}
	if len(priority) != n {
		return fmt.Errorf("%w: expected %d assets in the declared order, got %d", ErrInput, n, len(priority))
	}
	return nil
}
