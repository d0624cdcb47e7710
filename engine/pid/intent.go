package pid

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// HorizonGain returns the Kp that closes a share of a gap in a number of intervals when orders fill to fill (the mean
// of past fills): min(1, (1-r)/fill) with r the intervals-th root of 1-share, rounded up. A fill of 0 gives the cap,
// 1. ErrGains unless 0 < share <= 1, intervals >= 1 and 0 <= fill <= 1.
func HorizonGain(share fixed.Wad, intervals uint64, fill fixed.Wad) (fixed.Wad, error) {
	root, err := horizonRoot(share, intervals)
	if err != nil {
		return fixed.Wad{}, err
	}
	one := fixed.One()
	if fill.Sign() < 0 || one.Less(fill) {
		return fixed.Wad{}, fmt.Errorf("%w: expected a mean fill of 0..1, got %v", ErrGains, fill)
	}
	var c fixed.Calc
	needed := c.Sub(one, root)
	if fill.Cmp(needed) <= 0 {
		return one, nil
	}
	return c.DivUp(needed, fill), c.Err()
}

// CriticalGains returns the Kp and Ki whose two poles both lie at r, the intervals-th root of 1-share: the fastest
// response with an integral that does not ring. Kp = 1-r^2, Ki = (1-r)^2. It overshoots once, as every integral does,
// and always lies outside Validate's box, which keeps Ki below it: it is the reference to compare gains with.
func CriticalGains(share fixed.Wad, intervals uint64) (kp, ki fixed.Wad, err error) {
	root, err := horizonRoot(share, intervals)
	if err != nil {
		return fixed.Wad{}, fixed.Wad{}, err
	}
	var c fixed.Calc
	rest := c.Sub(fixed.One(), root)
	return c.Sub(fixed.One(), c.MulTrunc(root, root)), c.MulTrunc(rest, rest), c.Err()
}

func horizonRoot(share fixed.Wad, intervals uint64) (fixed.Wad, error) {
	if share.Sign() <= 0 || fixed.One().Less(share) || intervals == 0 {
		return fixed.Wad{}, fmt.Errorf("%w: expected a share above 0 and up to 1 in 1 interval or more, got %v in %d",
			ErrGains, share, intervals)
	}
	var c fixed.Calc
	return c.Root(c.Sub(fixed.One(), share), intervals), c.Err()
}

// DeadlineGain returns the Kp of the interval from which remaining intervals are left, itself included: 1/remaining,
// rounded up. Slices are equal while they fill, an underfill is caught up, and the last interval closes the gap.
func DeadlineGain(remaining int64) (fixed.Wad, error) {
	if remaining <= 0 {
		return fixed.Wad{}, fmt.Errorf("%w: expected 1 interval or more to be left, got %d", ErrGains, remaining)
	}
	var c fixed.Calc
	return c.DivUp(fixed.One(), fixed.FromInt(remaining)), c.Err()
}

// CostOptimalGain returns the Kp that minimises the sum of risk*eps^2 and impact*n^2 over the intervals, n the share
// of the value that is traded: (sqrt(g^2+4g)-g)/2 with g = risk/impact. risk is gamma*sigma^2/2 per interval. ErrGains
// unless both are positive and g^2 is representable.
func CostOptimalGain(risk, impact fixed.Wad) (fixed.Wad, error) {
	if risk.Sign() <= 0 || impact.Sign() <= 0 {
		return fixed.Wad{}, fmt.Errorf("%w: expected a positive risk and impact, got %v and %v", ErrGains, risk, impact)
	}
	var c fixed.Calc
	g := c.DivTrunc(risk, impact)
	root := c.Sqrt(c.Add(c.MulTrunc(g, g), c.MulInt(g, 4)))
	kp := c.DivIntTrunc(c.Sub(root, g), 2)
	if err := c.Err(); err != nil {
		return fixed.Wad{}, fmt.Errorf("%w: risk %v over impact %v: %w", ErrGains, risk, impact, err)
	}
	return kp, nil
}
