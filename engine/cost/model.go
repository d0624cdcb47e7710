package cost

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Model is the cost of one trade of a pair.
type Model struct {
	// Proportional is the cost of a unit of value, such as half a spread and a fee: 0.001 is 10 bps.
	Proportional fixed.Wad
	// Fixed is the cost of a trade of any size, in the unit of account.
	Fixed fixed.Wad
	// Impact is the coefficient Y of the square-root law, about 0.5..1.
	Impact fixed.Wad
}

// Validate returns ErrModel when a cost is negative or the proportional cost 1 or more.
func (m Model) Validate() error {
	if m.Proportional.Sign() < 0 || m.Fixed.Sign() < 0 || m.Impact.Sign() < 0 || fixed.One().Cmp(m.Proportional) <= 0 {
		return fmt.Errorf("%w: expected 0 or more and a proportional cost below 1, got %v, %v and %v",
			ErrModel, m.Proportional, m.Fixed, m.Impact)
	}
	return nil
}

// Of returns the cost of trading a value, in the unit of account, rounded up. depth is the value that trades on a day,
// sigmaDay the volatility of a day. Nothing traded costs nothing. Without impact the depth may be unknown, that is 0;
// with it that is ErrDepth.
func (m Model) Of(c *fixed.Calc, value, depth, sigmaDay fixed.Wad) fixed.Wad {
	if value.IsZero() {
		return fixed.Wad{}
	}
	rate := c.Add(m.Proportional, m.impact(c, value, depth, sigmaDay))
	return c.Add(m.Fixed, c.MulUp(value, rate))
}

// Marginal returns the cost of the next unit of value after value has been traded, rounded up: the derivative of Of.
func (m Model) Marginal(c *fixed.Calc, value, depth, sigmaDay fixed.Wad) fixed.Wad {
	return c.Add(m.Proportional, c.MulDivUp(m.impact(c, value, depth, sigmaDay), fixed.FromRaw(3), fixed.FromRaw(2)))
}

// impact is the average relative impact Y*sigmaDay*sqrt(value/depth).
func (m Model) impact(c *fixed.Calc, value, depth, sigmaDay fixed.Wad) fixed.Wad {
	if m.Impact.IsZero() || value.IsZero() {
		return fixed.Wad{}
	}
	if depth.Sign() <= 0 {
		c.Fail(fmt.Errorf("%w: expected a positive depth for a cost with impact, got %v", ErrDepth, depth))
		return fixed.Wad{}
	}
	return c.MulUp(c.MulUp(m.Impact, sigmaDay), c.Sqrt(c.DivUp(value, depth)))
}
