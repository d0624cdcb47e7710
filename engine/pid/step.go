package pid

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// AssetState is what the law remembers of one asset, in weight. The zero value is a new asset: no memory, no kick.
type AssetState struct {
	I           fixed.Wad // integral
	D           fixed.Wad // derivative after the low-pass
	Measurement fixed.Wad // weight at the last Step
	Increment   fixed.Wad // what the last Step asks the integral to grow by at a full fill
	Raw         fixed.Wad // command of the last Step before the guard
	Seen        bool      // Measurement is there
}

// State is what the law remembers of a portfolio. Assets is parallel to the portfolio's assets.
type State struct {
	Last   int64 // time of the last Step, unix seconds
	Ran    bool  // Last is there
	Assets []AssetState
}

// NewState returns the state of a portfolio of n assets that has not run yet.
func NewState(n int) State { return State{Assets: make([]AssetState, n)} }

// Input is what the law sees: the time and period in seconds, the errors (target minus weight), the weights, and
// whether the trigger is on. While it is off nothing is integrated; the command is still computed, for reports.
type Input struct {
	Now, PeriodSeconds int64
	Errors, Weights    []fixed.Wad
	Active             bool
}

// Step runs the law once and sets out[i] to the command of asset i: the signed share of the portfolio's value to buy
// (positive) or to sell (negative). It updates st and leaves there what Feedback needs. A Step without a Feedback
// counts as a fill of zero. ErrInput, ErrGains, ErrTime: then st is unchanged.
func Step(g *Gains, st *State, in Input, out []fixed.Wad) error {
	if err := check(g, st, &in, out); err != nil {
		return err
	}
	var c fixed.Calc
	dt := st.elapsed(&c, g, &in)
	direct := plain(g)
	for i := range st.Assets {
		a := &st.Assets[i]
		if direct && a.blank() { // the law without what is exactly zero
			a.Raw = c.MulTrunc(g.Kp, in.Errors[i])
			out[i] = a.Raw
		} else {
			out[i] = a.step(&c, g, &in, i, dt)
		}
		a.Measurement, a.Seen = in.Weights[i], true
	}
	st.Last, st.Ran = in.Now, true
	return c.Err()
}

// plain reports gains with which an asset without memory gets Kp*eps: nothing else is added, and with Kp <= 1 the
// guard has nothing to cut.
func plain(g *Gains) bool {
	return g.Ki.IsZero() && g.Kd.IsZero() && g.DeadBand.IsZero() && !fixed.One().Less(g.Kp)
}

// blank reports an asset without memory.
func (a *AssetState) blank() bool { return a.idle() && a.D.IsZero() }

// step is the law for asset i.
func (a *AssetState) step(c *fixed.Calc, g *Gains, in *Input, i int, dt fixed.Wad) fixed.Wad {
	eps := edge(c, in.Errors[i], g.DeadBand)
	a.Increment = fixed.Wad{}
	if in.Active {
		a.Increment = increment(c, g, eps, dt)
	}
	a.D = a.derivative(c, g, in.Weights[i], dt)
	a.Raw = c.Sub(c.Add(c.MulTrunc(g.Kp, eps), a.command(c, g)), a.D)
	if !g.NoOvershoot {
		return a.Raw
	}
	return a.Raw.Clamp(eps.Min(fixed.Wad{}), eps.Max(fixed.Wad{}))
}

// check refuses whatever could make the law fail half-way.
func check(g *Gains, st *State, in *Input, out []fixed.Wad) error {
	n := len(st.Assets)
	if len(in.Errors) != n || len(in.Weights) != n || len(out) != n {
		return fmt.Errorf("%w: expected %d errors, weights and commands, got %d, %d and %d",
			ErrInput, n, len(in.Errors), len(in.Weights), len(out))
	}
	if in.PeriodSeconds <= 0 {
		return fmt.Errorf("%w: expected a positive period, got %d s", ErrTime, in.PeriodSeconds)
	}
	if st.Ran && in.Now < st.Last {
		return fmt.Errorf("%w: expected a time from %d on, got %d", ErrTime, st.Last, in.Now)
	}
	if !computable(g) {
		return fmt.Errorf("%w: expected every gain in 0..18, got %+v", ErrGains, *g)
	}
	for i := range st.Assets {
		a := &st.Assets[i]
		if !small(in.Errors[i]) || !small(in.Weights[i]) || !small(a.I) || !small(a.D) || !small(a.Measurement) {
			return fmt.Errorf("%w: asset %d: expected magnitudes below 18, got error %v, weight %v and state %+v",
				ErrInput, i, in.Errors[i], in.Weights[i], *a)
		}
	}
	return nil
}

// elapsed is dt: the time since the last run in periods, clamped, and 1 on the first run.
func (st *State) elapsed(c *fixed.Calc, g *Gains, in *Input) fixed.Wad {
	if !st.Ran {
		return fixed.One()
	}
	return c.DivTrunc(fixed.FromInt(in.Now-st.Last), fixed.FromInt(in.PeriodSeconds)).Clamp(g.DtMin, g.DtMax)
}

// edge is the error beyond the dead band.
func edge(c *fixed.Calc, eps, band fixed.Wad) fixed.Wad {
	switch {
	case band.IsZero():
		return eps
	case eps.Sign() < 0:
		return c.Add(eps, band).Min(fixed.Wad{})
	}
	return c.Sub(eps, band).Max(fixed.Wad{})
}

// increment is Iinc.
func increment(c *fixed.Calc, g *Gains, eps, dt fixed.Wad) fixed.Wad {
	if g.Ki.IsZero() || !g.IZone.IsZero() && g.IZone.Less(eps.Abs()) {
		return fixed.Wad{}
	}
	return c.MulTrunc(c.MulTrunc(g.Ki, eps), dt)
}

// command is Icmd.
func (a *AssetState) command(c *fixed.Calc, g *Gains) fixed.Wad {
	if a.idle() {
		return fixed.Wad{}
	}
	return c.Add(c.MulTrunc(g.Rho, a.I), a.Increment).Clamp(g.IMax.Neg(), g.IMax)
}

// derivative is D of weight y. The two products are added before the division, so that it rounds once.
func (a *AssetState) derivative(c *fixed.Calc, g *Gains, y, dt fixed.Wad) fixed.Wad {
	if !a.Seen || g.Kd.IsZero() && a.D.IsZero() {
		return fixed.Wad{}
	}
	smoothing := c.Add(g.Tau, dt)
	if smoothing.IsZero() {
		return fixed.Wad{} // two runs at one time and no low-pass: no slope to measure
	}
	unit := fixed.FromRaw(1)
	memory := c.MulDivTrunc(g.Tau, a.D, unit)
	change := c.MulDivTrunc(g.Kd, c.Sub(y, a.Measurement), unit)
	return c.MulDivTrunc(c.Add(memory, change), unit, smoothing)
}
