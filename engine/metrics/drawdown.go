package metrics

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Drawdown measures falls from a peak. The zero value is empty.
type Drawdown struct {
	Depth   fixed.Wad // the largest (peak-NAV)/peak so far, in 0..1
	Fall    int64     // steps from the peak to the bottom of that fall
	Longest int64     // the most steps in a row below a peak
	peak    fixed.Wad
	floor   fixed.Wad // a NAV of this or more is no deeper a fall from this peak than Depth
	below   int64     // steps since the peak
}

// Observe takes in the next NAV per share. ErrSample when it is negative, or zero before there is a peak.
func (d *Drawdown) Observe(nav fixed.Wad) error {
	if nav.Sign() < 0 || nav.IsZero() && d.peak.IsZero() {
		return fmt.Errorf("%w: expected a NAV above zero, got %v", ErrSample, nav)
	}
	if !nav.Less(d.peak) {
		d.peak, d.below = nav, 0
		return nil
	}
	d.below++
	d.Longest = max(d.Longest, d.below)
	// Nothing here can overflow: Depth and the ratio are in 0..1 and no NAV is negative.
	var c fixed.Calc
	if d.below == 1 {
		d.floor = c.MulUp(d.peak, c.Sub(fixed.One(), d.Depth))
	}
	if !nav.Less(d.floor) {
		return nil // the usual case, and it saves the division
	}
	if depth := c.DivDown(c.Sub(d.peak, nav), d.peak); d.Depth.Less(depth) {
		d.Depth, d.Fall, d.floor = depth, d.below, nav
	}
	return nil
}
