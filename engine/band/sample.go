package band

import (
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Window is the number of samples, or of changes between two samples, that an estimate looks back on.
const Window = 30

// Capacity is the number of samples kept: Window changes have one end more.
const Capacity = Window + 1

// Sample is the weight of an asset on one day, before and after the portfolio's own trades.
type Sample struct {
	Day       int64 // counted from 1970-01-01
	Pre, Post fixed.Wad
}

// Samples are the last daily samples of one asset, in a ring. The zero value is empty. It is a plain value: copy it,
// store it field by field.
type Samples struct {
	Ring  [Capacity]Sample
	Next  uint8 // where the next sample goes
	Count uint8 // how many there are
}

// Day returns the UTC day of a moment, counted from 1970-01-01.
func Day(now int64) int64 {
	day := now / daySeconds
	if now%daySeconds < 0 {
		day--
	}
	return day
}

// Record takes the weight of a day in, before any trade. The first sample of a day counts: a later one, or one of an
// earlier day, changes nothing. A weight outside 0..1 is ErrWeight.
func (s *Samples) Record(day int64, weight fixed.Wad) error {
	if weight.Sign() < 0 || fixed.One().Less(weight) {
		return fmt.Errorf("%w: expected a sample of 0..1, got %v", ErrWeight, weight)
	}
	if n := s.len(); n > 0 && day <= s.at(n-1).Day {
		return nil
	}
	s.Ring[s.Next%Capacity] = Sample{Day: day, Pre: weight, Post: weight}
	s.Next = (s.Next%Capacity + 1) % Capacity
	s.Count = min(s.Count, Capacity-1) + 1
	return nil
}

// Trade adds the change of weight that the portfolio's own trades made since the last sample, signed: it is not the
// market's doing and does not count as an increment. Without a sample it does nothing.
func (s *Samples) Trade(c *fixed.Calc, change fixed.Wad) {
	if n := s.len(); n > 0 {
		last := s.at(n - 1)
		last.Post = c.Add(last.Post, change)
	}
}

// Deviation returns the estimate of a Sampled estimator and the number of samples in it. Increments and Robust are
// over the horizon; Levels has none. Fewer than two samples give zero. Another estimator, or a horizon outside
// 1..3650 days, is ErrConfig.
func (s *Samples) Deviation(e Estimator, horizonDays int64) (fixed.Wad, int, error) {
	if !e.Sampled() || horizonDays < 1 || horizonDays > horizonMax {
		return fixed.Wad{}, 0, fmt.Errorf("%w: expected levels, increments or robust over 1..%d days, got %v over %d",
			ErrConfig, horizonMax, e, horizonDays)
	}
	var c fixed.Calc
	sd, n := s.estimate(&c, e, horizonDays)
	if err := c.Err(); err != nil {
		return fixed.Wad{}, 0, fmt.Errorf("band: deviation: %w", err)
	}
	return sd, n, nil
}

func (s *Samples) estimate(c *fixed.Calc, e Estimator, horizonDays int64) (fixed.Wad, int) {
	if e == Levels {
		return s.levels(c)
	}
	if e == Increments {
		return s.increments(c, horizonDays)
	}
	return s.robust(c, horizonDays)
}

// len is Count, within the ring whatever a host has stored.
func (s *Samples) len() int { return min(int(s.Count), Capacity) }

// at returns the i-th sample, the oldest first.
func (s *Samples) at(i int) *Sample {
	return &s.Ring[(int(s.Next%Capacity)+Capacity-s.len()+i)%Capacity]
}

func (s *Samples) levels(c *fixed.Calc) (fixed.Wad, int) {
	var m fixed.Moments
	n := s.len()
	first := max(0, n-Window)
	for i := first; i < n; i++ {
		add(c, &m, s.at(i).Pre)
	}
	return m.SampleDeviation(), n - first
}

func (s *Samples) increments(c *fixed.Calc, horizonDays int64) (fixed.Wad, int) {
	var d [Window]fixed.Wad
	var m fixed.Moments
	n := s.changes(c, &d)
	for _, change := range d[:n] {
		add(c, &m, change)
	}
	return m.ZeroMeanDeviation(uint64(horizonDays)), n //nolint:gosec // 1..horizonMax
}

// madScale makes the median of |d| the deviation of a normal distribution.
const madScale = 1_482_600_000_000_000_000

func (s *Samples) robust(c *fixed.Calc, horizonDays int64) (fixed.Wad, int) {
	var d [Window]fixed.Wad
	n := s.changes(c, &d)
	if n == 0 {
		return fixed.Wad{}, 0
	}
	for i := range d[:n] {
		d[i] = d[i].Abs()
	}
	slices.SortFunc(d[:n], fixed.Wad.Cmp)
	median := c.DivIntTrunc(c.Add(d[(n-1)/2], d[n/2]), 2)
	daily := c.MulTrunc(fixed.FromRaw(madScale), median)
	return c.MulTrunc(daily, c.Sqrt(fixed.FromInt(horizonDays))), n
}

// changes sets d to the daily changes of the market and returns how many there are. Two samples that are not one day
// apart have a gap between them: their difference is no daily change.
func (s *Samples) changes(c *fixed.Calc, d *[Window]fixed.Wad) int {
	n := 0
	for i := 1; i < s.len(); i++ {
		if before, after := s.at(i-1), s.at(i); after.Day == before.Day+1 {
			d[n] = c.Sub(after.Pre, before.Post)
			n++
		}
	}
	return n
}

func add(c *fixed.Calc, m *fixed.Moments, x fixed.Wad) {
	if err := m.Add(x); err != nil {
		c.Fail(err)
	}
}
