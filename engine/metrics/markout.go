package metrics

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Markout measures what the buyers' side gained after the fills: how far above the paid price the mid stood some
// blocks later. It is what sellers lost to those who knew more (loss versus rebalancing). The zero value is empty;
// keep one per horizon.
type Markout struct {
	Loss fixed.Wad // sum q*(mark-price), a value; positive is bad for the sellers
	Paid fixed.Wad // sum q*price
}

// Observe takes in one fill: display units sold, the price got for one, and the mid some blocks later. ErrSample when
// one of them is negative.
func (m *Markout) Observe(quantity, price, mark fixed.Wad) error {
	if quantity.Sign() < 0 || price.Sign() < 0 || mark.Sign() < 0 {
		return fmt.Errorf("%w: expected a quantity and prices of zero or more, got %v at %v, marked %v",
			ErrSample, quantity, price, mark)
	}
	var c fixed.Calc
	next := Markout{
		Loss: c.Add(m.Loss, c.MulTrunc(quantity, c.Sub(mark, price))),
		Paid: c.Add(m.Paid, c.MulTrunc(quantity, price)),
	}
	if err := c.Err(); err != nil {
		return fmt.Errorf("metrics: markout: %w", err)
	}
	*m = next
	return nil
}

// Rate is the loss over what was paid; zero without fills.
func (m *Markout) Rate(c *fixed.Calc) fixed.Wad { return ratio(c, m.Loss, m.Paid) }
