package target

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// glide moves each weight in a straight line from From to Weights.
func (s *Schedule) glide(c *fixed.Calc, now int64, dst []fixed.Wad) {
	now = max(s.Start, min(now, s.End))
	passed, whole := fixed.FromRaw(now-s.Start), fixed.FromRaw(s.End-s.Start)
	for i, from := range s.From {
		dst[i] = c.Add(from, c.MulDivTrunc(c.Sub(s.Weights[i], from), passed, whole))
	}
}

// hold wants what there is.
func hold(c *fixed.Calc, current, dst []fixed.Wad) {
	for i, w := range current {
		if w.Sign() < 0 {
			c.Fail(fmt.Errorf("%w: expected 0 or more, got %v for asset %d", ErrWeights, w, i))
			return
		}
		dst[i] = w
	}
}

// mix holds exposure of the risky mix and the rest of the safe mix.
func (s *Schedule) mix(c *fixed.Calc, exposure fixed.Wad, dst []fixed.Wad) {
	rest := c.Sub(fixed.One(), exposure)
	for i, risky := range s.Weights {
		dst[i] = c.Add(c.MulDown(risky, exposure), c.MulDown(s.From[i], rest))
	}
}

// guard returns the state of the floor: a new one, the old one, or one that the ratchet has raised.
func (s *Schedule) guard(c *fixed.Calc, st State, in *Input) State {
	if st == (State{}) {
		st = State{Floor: s.Floor, FloorTime: in.Now}
	}
	if s.Kind != TIPP {
		return st
	}
	locked := c.MulTrunc(s.Ratchet, in.NAV)
	if s.FloorAt(c, st, in.Now).Less(locked) {
		return State{Floor: locked, FloorTime: in.Now}
	}
	return st
}

// FloorAt returns the floor at a time: the floor of the state and its simple interest since then, rounded up. Before
// the time of the state nothing has accrued.
func (s *Schedule) FloorAt(c *fixed.Calc, st State, now int64) fixed.Wad {
	if s.FloorRate.IsZero() || now <= st.FloorTime {
		return st.Floor
	}
	yearly := c.MulUp(st.Floor, s.FloorRate)
	passed := c.Sub(fixed.FromRaw(now), fixed.FromRaw(st.FloorTime))
	return c.Add(st.Floor, c.MulDivUp(yearly, passed, fixed.FromRaw(oracle.SecondsPerYear)))
}

// exposure is the part of the value that goes into the risky mix, 0..MaxExposure.
func (s *Schedule) exposure(c *fixed.Calc, st State, in *Input) fixed.Wad {
	if in.NAV.Sign() <= 0 {
		c.Fail(fmt.Errorf("%w: expected a positive net asset value, got %v", ErrNoValue, in.NAV))
		return fixed.Wad{}
	}
	cushion := c.Sub(in.NAV, s.FloorAt(c, st, in.Now)).Max(fixed.Wad{})
	risky := c.MulTrunc(s.Multiplier, cushion).Min(c.MulTrunc(s.MaxExposure, in.NAV))
	return c.DivTrunc(risky, in.NAV)
}

// leverage is the part of the value that may be in the risky mix for the target volatility, 0..MaxExposure.
func (s *Schedule) leverage(c *fixed.Calc, sigma []fixed.Wad) fixed.Wad {
	var together fixed.Wad
	for i, w := range s.Weights {
		if sigma[i].Sign() < 0 {
			c.Fail(fmt.Errorf("%w: expected 0 or more, got %v for asset %d", ErrSigma, sigma[i], i))
			return fixed.Wad{}
		}
		together = c.Add(together, c.MulUp(w, sigma[i]))
	}
	if together.Cmp(s.TargetSigma) <= 0 { // also where there is no volatility to divide by
		return s.MaxExposure
	}
	return c.DivDown(s.TargetSigma, together).Min(s.MaxExposure)
}

// spread gives each asset its budget over its volatility. An asset without budget needs no volatility.
func (s *Schedule) spread(c *fixed.Calc, sigma, dst []fixed.Wad) {
	for i, budget := range s.Weights {
		if budget.IsZero() {
			dst[i] = fixed.Wad{}
			continue
		}
		if sigma[i].Sign() <= 0 {
			c.Fail(fmt.Errorf("%w: expected more than 0, got %v for asset %d", ErrSigma, sigma[i], i))
			return
		}
		dst[i] = c.DivDown(budget, sigma[i])
	}
}
