package metrics

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Control measures how a controller took one asset's weight to its target after a step: the first sample is the error
// at the step, before anything was done. The zero value is empty; make a new one when the target changes.
type Control struct {
	ITAE     fixed.Wad // sum of k*|error_k|, k counting intervals from 0
	Settling int64     // intervals until the error stayed within the band; Settled says whether it did
	first    fixed.Wad
	beyond   fixed.Wad // the farthest beyond the target, as an error of the opposite sign
	next     int64
}

// Observe takes in the error (target less weight) of the next interval; band is the width within which it counts as
// settled. ErrSample when the band is negative.
func (k *Control) Observe(deviation, band fixed.Wad) error {
	if band.Sign() < 0 {
		return fmt.Errorf("%w: expected a band of zero or more, got %v", ErrSample, band)
	}
	var c fixed.Calc
	itae := c.Add(k.ITAE, c.MulInt(deviation.Abs(), k.next))
	if err := c.Err(); err != nil {
		return fmt.Errorf("metrics: control: %w", err)
	}
	if k.next == 0 {
		k.first = deviation
	}
	if k.first.Sign()*deviation.Sign() < 0 {
		k.beyond = k.beyond.Max(deviation.Abs())
	}
	k.ITAE = itae
	k.next++
	if band.Less(deviation.Abs()) {
		k.Settling = k.next
	}
	return nil
}

// Settled reports whether the last error was within the band.
func (k *Control) Settled() bool { return k.next > 0 && k.Settling < k.next }

// Overshoot is the farthest that the weight went beyond its target, over the first error; zero when it never did.
func (k *Control) Overshoot(c *fixed.Calc) fixed.Wad { return ratio(c, k.beyond, k.first.Abs()) }
