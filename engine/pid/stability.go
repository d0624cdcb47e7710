package pid

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Margin is the distance of a loop from its three stability bounds (spec 01 §1.3); all three are positive exactly when
// the loop is stable at that fill. Each is rounded down.
type Margin struct {
	S1 fixed.Wad // 4 - fill*(2Kp+Ki+4Kd): no alternation from interval to interval
	S2 fixed.Wad // 1 - fill*Kd: the derivative does not feed itself
	S3 fixed.Wad // 2 - fill*Kp - fill^2*Kd*(Kp+Ki+2Kd): no growing oscillation
}

// Stable reports whether all margins are positive.
func (m Margin) Stable() bool { return m.Least().Sign() > 0 }

// Least returns the smallest margin.
func (m Margin) Least() fixed.Wad { return m.S1.Min(m.S2).Min(m.S3) }

// Margins returns the distance of the gains from the stability bounds when every interval fills to fill, at dt = 1 and
// without the derivative's low-pass. They are necessary and sufficient there. Every margin falls as fill grows, so a
// loop that is stable at 1 is stable at every constant fill. ErrGains when fill is not in 0..1 or a gain not in 0..18.
func Margins(g *Gains, fill fixed.Wad) (Margin, error) {
	if fill.Sign() < 0 || fixed.One().Less(fill) || !computable(g) {
		return Margin{}, fmt.Errorf("%w: expected a fill of 0..1 and gains in 0..18, got %v and %+v", ErrGains, fill, *g)
	}
	var c fixed.Calc
	kd2 := c.MulInt(g.Kd, 2)
	s1 := c.MulUp(fill, c.Add(c.MulInt(c.Add(g.Kp, kd2), 2), g.Ki))
	s2 := c.MulUp(fill, g.Kd)
	s3 := c.Add(c.MulUp(fill, g.Kp), c.MulUp(s2, c.MulUp(fill, c.Add(c.Add(g.Kp, g.Ki), kd2))))
	return Margin{
		S1: c.Sub(fixed.FromInt(4), s1),
		S2: c.Sub(fixed.One(), s2),
		S3: c.Sub(fixed.FromInt(2), s3),
	}, c.Err()
}
