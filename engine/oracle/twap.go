package oracle

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// RingSize is the number of points that a Ring keeps.
const RingSize = 32

// Ring remembers a price that moves in steps, as its integral over time at up to RingSize moments, so that a mean over
// a window costs two integrals and a division. Moments closer together than a thirtieth of the window are merged, and
// the mean is interpolated within them; everywhere else it is exact. The zero value is empty. All fields are state
// that a host may store.
type Ring struct {
	Points   [RingSize]Point // circular, oldest at Head
	Head     uint8
	Count    uint8
	Value    fixed.Wad // since Time
	Time     int64     // of the last observation
	Integral fixed.Wad // up to Time
}

// Point is the integral of the price over time, in price seconds, from the first observation to a moment.
type Point struct {
	Time     int64
	Integral fixed.Wad
}

// Validate checks a ring that was stored: it is within its bounds, and its points and its last observation are in the
// order of time.
func (r *Ring) Validate() error {
	if r.Count > RingSize || r.Head >= RingSize {
		return fmt.Errorf("%w: expected a ring of %d points, got %d from %d on", ErrState, RingSize, r.Count, r.Head)
	}
	if r.Count == 0 {
		return nil
	}
	for i := range int(r.Count) {
		if t := r.point(i).Time; t < 0 || t > r.Time || i > 0 && t <= r.point(i-1).Time {
			return fmt.Errorf("%w: expected points in the order of time, got %d", ErrState, t)
		}
	}
	return CheckPrice(r.Value)
}

// point returns the i-th oldest point.
func (r *Ring) point(i int) *Point { return &r.Points[(int(r.Head)+i)%RingSize] }

// Observe says that the price is value from now on. An observation at the time of the last one replaces it.
func (r *Ring) Observe(windowSeconds, now int64, value fixed.Wad) error {
	if now < 0 || r.Count > 0 && now < r.Time {
		return fmt.Errorf("%w: expected %d or later, got %d", ErrTime, r.Time, now)
	}
	if err := CheckPrice(value); err != nil {
		return err
	}
	var c fixed.Calc
	r.observe(&c, windowSeconds, now, value)
	return c.Err()
}

// observe is Observe for a time and a value that are valid.
func (r *Ring) observe(c *fixed.Calc, windowSeconds, now int64, value fixed.Wad) {
	integral := r.upTo(c, now)
	spacing := windowSeconds / (RingSize - 2)
	if r.Count == 0 || value != r.Value && now-r.point(int(r.Count)-1).Time > spacing {
		r.push(Point{now, integral}, now-windowSeconds)
	}
	r.Value, r.Time, r.Integral = value, now, integral
}

// push appends a point and forgets those that no window from start on needs.
func (r *Ring) push(p Point, start int64) {
	for r.Count > 1 && r.point(1).Time <= start || r.Count == RingSize {
		r.Head = (r.Head + 1) % RingSize
		r.Count--
	}
	r.Count++
	*r.point(int(r.Count) - 1) = p
}

// upTo is the integral up to a time that is not before the last observation.
func (r *Ring) upTo(c *fixed.Calc, now int64) fixed.Wad {
	return c.Add(r.Integral, c.MulInt(r.Value, now-r.Time))
}

// Mean is the time-weighted mean over the window that ends now, rounded down, or over what is known of it. Without any
// observation, or at a time before the last, it is an error.
func (r *Ring) Mean(windowSeconds, now int64) (fixed.Wad, error) {
	if r.Count == 0 || now < r.Time {
		return fixed.Wad{}, fmt.Errorf("%w: expected %d or later and an observation, got %d", ErrTime, r.Time, now)
	}
	var c fixed.Calc
	return r.mean(&c, windowSeconds, now), c.Err()
}

// mean is Mean at a time that is valid.
func (r *Ring) mean(c *fixed.Calc, windowSeconds, now int64) fixed.Wad {
	start := max(now-windowSeconds, r.point(0).Time)
	if start >= r.Time { // nothing but the last value lies in the window
		return r.Value
	}
	return c.DivIntTrunc(c.Sub(r.upTo(c, now), r.at(c, start)), now-start)
}

// at is the integral up to a time between the oldest point and the last observation.
func (r *Ring) at(c *fixed.Calc, t int64) fixed.Wad {
	i := 1
	for i < int(r.Count) && r.point(i).Time <= t {
		i++
	}
	from, to := r.point(i-1), Point{r.Time, r.Integral}
	if i < int(r.Count) {
		to = *r.point(i)
	}
	area := c.Sub(to.Integral, from.Integral)
	return c.Add(from.Integral, c.MulDivDown(area, fixed.FromRaw(t-from.Time), fixed.FromRaw(to.Time-from.Time)))
}
