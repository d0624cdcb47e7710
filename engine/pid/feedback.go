package pid

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Feedback tells the law what became of its last command: realised[i] is the net value that asset i gained (positive)
// or lost by our own orders, as a share of the portfolio's value at the decision. The integral grows by the increment
// times the fill, so what did not fill does not wind it up. Call it once per Step. ErrInput: then st is unchanged.
func Feedback(g *Gains, st *State, realised []fixed.Wad) error {
	if err := checkFeedback(g, st, realised); err != nil {
		return err
	}
	var c fixed.Calc
	for i := range st.Assets {
		a := &st.Assets[i]
		if !a.idle() {
			a.integrate(&c, g, a.fill(&c, realised[i]))
		}
	}
	return c.Err()
}

// Integrate is Feedback for a host that knows the fills themselves: fills[i] in 0..1.
func Integrate(g *Gains, st *State, fills []fixed.Wad) error {
	if err := checkFeedback(g, st, fills); err != nil {
		return err
	}
	for i, f := range fills {
		if f.Sign() < 0 || fixed.One().Less(f) {
			return fmt.Errorf("%w: asset %d: expected a fill of 0..1, got %v", ErrInput, i, f)
		}
	}
	var c fixed.Calc
	for i := range st.Assets {
		if a := &st.Assets[i]; !a.idle() {
			a.integrate(&c, g, fills[i])
		}
	}
	return c.Err()
}

// Fill returns the fill of the last command as a whole, in 0..1: the commands that realised met over all commands, 1
// when there was none. Average it with MeanFill for HorizonGain.
func Fill(st *State, realised []fixed.Wad) (fixed.Wad, error) {
	if err := checkShares(st, realised); err != nil {
		return fixed.Wad{}, err
	}
	var c fixed.Calc
	var met, asked fixed.Wad
	for i := range st.Assets {
		raw := st.Assets[i].Raw
		asked = c.Add(asked, raw.Abs())
		met = c.Add(met, realised[i].Clamp(raw.Min(fixed.Wad{}), raw.Max(fixed.Wad{})).Abs())
	}
	if asked.IsZero() {
		return fixed.One(), nil
	}
	return c.DivDown(met, asked), c.Err()
}

// MeanFill returns the exponentially weighted mean of fills after one more: mean + alpha*(fill-mean), toward the old
// mean. All three in 0..1; the first mean is 1.
func MeanFill(mean, fill, alpha fixed.Wad) (fixed.Wad, error) {
	for _, w := range [...]fixed.Wad{mean, fill, alpha} {
		if w.Sign() < 0 || fixed.One().Less(w) {
			return fixed.Wad{}, fmt.Errorf("%w: expected a mean, a fill and a weight of 0..1, got %v, %v and %v",
				ErrInput, mean, fill, alpha)
		}
	}
	var c fixed.Calc
	return c.Add(mean, c.MulTrunc(alpha, c.Sub(fill, mean))), c.Err()
}

func checkFeedback(g *Gains, st *State, shares []fixed.Wad) error {
	if !computable(g) {
		return fmt.Errorf("%w: expected every gain in 0..18, got %+v", ErrGains, *g)
	}
	return checkShares(st, shares)
}

func checkShares(st *State, shares []fixed.Wad) error {
	if len(shares) != len(st.Assets) {
		return fmt.Errorf("%w: expected %d shares, got %d", ErrInput, len(st.Assets), len(shares))
	}
	for i, r := range shares {
		if !small(r) || !small(st.Assets[i].I) {
			return fmt.Errorf("%w: asset %d: expected magnitudes below 18, got %v and an integral of %v",
				ErrInput, i, r, st.Assets[i].I)
		}
	}
	return nil
}

// idle reports an integral that stays at zero whatever the fill was: most portfolios run without one.
func (a *AssetState) idle() bool { return a.I.IsZero() && a.Increment.IsZero() }

// fill is phi.
func (a *AssetState) fill(c *fixed.Calc, realised fixed.Wad) fixed.Wad {
	if a.Raw.IsZero() {
		return fixed.One()
	}
	return c.DivTrunc(realised, a.Raw).Clamp(fixed.Wad{}, fixed.One())
}

func (a *AssetState) integrate(c *fixed.Calc, g *Gains, fill fixed.Wad) {
	grown := c.Add(c.MulTrunc(g.Rho, a.I), c.MulTrunc(fill, a.Increment))
	a.I = grown.Clamp(g.IMax.Neg(), g.IMax)
	a.Increment = fixed.Wad{}
}
