package trigger

import (
	"math/bits"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// level is a threshold and what the drift is against it.
type level struct {
	theta           fixed.Wad
	exceeded, small bool // drift above theta; above the small threshold of Hybrid
}

// level computes the threshold of this interval, compares, and notes what the daily bound is measured from.
func (cfg *Config) level(c *fixed.Calc, st *State, r *drift.Report, in *Input) level {
	theta, law := cfg.theta(c, st, in)
	var l level
	switch {
	case law == Diffusion:
		l = cfg.diffusion(c, r, theta)
	case len(cfg.Thresholds) > 0:
		l = cfg.perAsset(c, r, theta)
	default:
		l = level{theta: theta, exceeded: cfg.above(r, theta)}
	}
	l.small = cfg.Mode == Hybrid && cfg.above(r, cfg.Small)
	return l
}

// theta is the threshold of this interval before what assets have of their own, and the law that it follows.
func (cfg *Config) theta(c *fixed.Calc, st *State, in *Input) (fixed.Wad, Law) {
	law := cfg.Scaling.Law
	if law == Constant || in.Sigma.Sign() <= 0 {
		return cfg.Threshold, Constant
	}
	return cfg.Scaling.limit(c, st, cfg.Scaling.theta(c, cfg.Threshold, in.Sigma), in.Now), law
}

// limit holds a threshold to the daily change from Base and moves Base once a day. Measuring from a base, and not from
// the last interval, makes the bound independent of how often it is asked.
func (s *Scaling) limit(c *fixed.Calc, st *State, theta fixed.Wad, now int64) fixed.Wad {
	if s.DailyChange.IsZero() {
		return theta
	}
	if st.Base.IsZero() {
		st.Base, st.BaseTime = theta, now
		return theta
	}
	elapsed := min(max(now-st.BaseTime, 0), limitSeconds)
	step := c.MulTrunc(st.Base, s.change(uint64(elapsed)))
	theta = theta.Clamp(c.Sub(st.Base, step).Max(fixed.FromRaw(1)), c.Add(st.Base, step))
	if elapsed >= daySeconds {
		st.Base, st.BaseTime = theta, now
	}
	return theta
}

// limitSeconds is the longest silence for which a change is made up.
const limitSeconds = 16 * daySeconds

// change returns the daily change for a time of up to limitSeconds. It is computed in words because every decision
// needs it.
func (s *Scaling) change(elapsedSeconds uint64) fixed.Wad {
	daily, _ := s.DailyChange.RawUint() // at most 1
	hi, lo := bits.Mul64(daily, elapsedSeconds%daySeconds)
	part, _ := bits.Div64(hi, lo, daySeconds) // hi is below the number of seconds
	return fixed.FromRawUint(daily*(elapsedSeconds/daySeconds) + part)
}

// above compares the drift with one threshold for all assets.
func (cfg *Config) above(r *drift.Report, theta fixed.Wad) bool {
	measure := cfg.measure()
	if measure == Absolute {
		return theta.Less(r.MaxAbs)
	}
	if measure == Relative {
		return theta.Less(r.MaxRel()) || cfg.Dust.Less(r.MaxStray)
	}
	return theta.Less(r.L1)
}

// margin collects the threshold of the asset that is farthest beyond its own; among equals the larger threshold, so
// that the order of the assets does not matter.
type margin struct {
	theta, most fixed.Wad
	seen        bool
}

func (m *margin) see(c *fixed.Calc, distance, theta fixed.Wad) {
	over := c.Sub(distance, theta)
	if !m.seen || m.most.Less(over) || m.most == over && m.theta.Less(theta) {
		m.theta, m.most, m.seen = theta, over, true
	}
}

func (m *margin) level() level { return level{theta: m.theta, exceeded: m.most.Sign() > 0} }

// perAsset compares every asset with its own threshold; theta is that of an asset which has none.
func (cfg *Config) perAsset(c *fixed.Calc, r *drift.Report, theta fixed.Wad) level {
	var m margin
	relative := cfg.measure() == Relative
	for i, e := range r.Errors {
		own, distance := cfg.own(c, i, theta), e.Abs()
		switch {
		case relative && r.Targets[i].IsZero():
			own = cfg.Dust
		case relative:
			distance = c.DivTrunc(distance, r.Targets[i])
		}
		m.see(c, distance, own)
	}
	return m.level()
}

// own is the threshold of an asset: that which it has of its own, moved as theta was, or theta.
func (cfg *Config) own(c *fixed.Calc, i int, theta fixed.Wad) fixed.Wad {
	if i >= len(cfg.Thresholds) || cfg.Thresholds[i].IsZero() {
		return theta
	}
	if theta != cfg.Threshold {
		return c.MulDivTrunc(cfg.Thresholds[i], theta, cfg.Threshold)
	}
	return cfg.Thresholds[i]
}

// diffusion compares every asset with a multiple of what its weight may diffuse over the horizon. A weight of 0 or 1
// does not diffuse: Min keeps its threshold above dust.
func (cfg *Config) diffusion(c *fixed.Calc, r *drift.Report, sigma fixed.Wad) level {
	var m margin
	multiple := cfg.Scaling.multiple(c)
	for i, e := range r.Errors {
		m.see(c, e.Abs(), cfg.Scaling.reach(c, r.Targets[i], sigma, multiple))
	}
	return m.level()
}

// multiple is what a weight's diffusion over a year is taken times for the threshold over the horizon.
func (s *Scaling) multiple(c *fixed.Calc) fixed.Wad {
	return c.MulTrunc(s.Multiple, band.Horizon(c, s.HorizonSeconds))
}

// reach is the threshold of an asset under Diffusion.
func (s *Scaling) reach(c *fixed.Calc, target, sigma, multiple fixed.Wad) fixed.Wad {
	return s.clamp(c.MulTrunc(cost.Diffusion(c, target, sigma), multiple))
}
