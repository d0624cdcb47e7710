package metrics

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Average is a weighted mean and the largest value: of drift, of NAV, of confidence. The zero value is empty.
type Average struct {
	Weight int64     // sum of the weights
	Sum    fixed.Wad // sum of weight*value
	Max    fixed.Wad // the largest value that had a weight
}

// Observe takes in a value that weighs weight: 1 per sample, or the seconds that it lasted. A weight of zero changes
// nothing. ErrSample when the weight is negative.
func (a *Average) Observe(value fixed.Wad, weight int64) error {
	if weight < 0 {
		return fmt.Errorf("%w: expected a weight of zero or more, got %d", ErrSample, weight)
	}
	if weight == 0 {
		return nil
	}
	total, err := addSeconds(a.Weight, weight)
	if err != nil {
		return err
	}
	var c fixed.Calc
	part := value
	if weight != 1 {
		part = c.MulInt(value, weight)
	}
	sum := c.Add(a.Sum, part)
	if err := c.Err(); err != nil {
		return fmt.Errorf("metrics: average: %w", err)
	}
	if a.Weight == 0 || a.Max.Less(value) {
		a.Max = value
	}
	a.Weight, a.Sum = total, sum
	return nil
}

// Mean is the mean toward zero; zero without samples.
func (a *Average) Mean(c *fixed.Calc) fixed.Wad {
	if a.Weight == 0 {
		return fixed.Wad{}
	}
	return c.DivIntTrunc(a.Sum, a.Weight)
}

// Dwell measures the share of time inside a band. The zero value is empty.
type Dwell struct {
	Inside int64 // seconds
	Total  int64 // seconds
}

// Observe takes in a span of time that was spent inside or outside. ErrSample when it is negative.
func (d *Dwell) Observe(seconds int64, inside bool) error {
	total, err := addSeconds(d.Total, seconds)
	if err != nil {
		return err
	}
	d.Total = total
	if inside {
		d.Inside += seconds
	}
	return nil
}

// Share is the time inside over all of it; zero when no time has passed.
func (d *Dwell) Share(c *fixed.Calc) fixed.Wad {
	return ratio(c, fixed.FromInt(d.Inside), fixed.FromInt(d.Total))
}

const secondsMax = 1<<63 - 1

// addSeconds adds a span of time, or any weight, to a sum.
func addSeconds(sum, span int64) (int64, error) {
	if span < 0 {
		return 0, fmt.Errorf("%w: expected a span of zero or more, got %d", ErrSample, span)
	}
	if span > secondsMax-sum {
		return 0, fmt.Errorf("metrics: %d and %d more: %w", sum, span, fixed.ErrOverflow)
	}
	return sum + span, nil
}
