package metrics

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Trading sums up rebalances. The zero value is empty.
type Trading struct {
	Rebalances int64
	Turnover   fixed.Wad // sum over rebalances of half the traded value over the NAV before the trade
	Traded     fixed.Wad // value bought and sold
	Fees       fixed.Wad // value paid for it
}

// Observe takes in one rebalance: the NAV before it, the value bought and sold, and the fees. ErrSample when the NAV is
// not above zero or another value is negative.
func (t *Trading) Observe(nav, traded, fees fixed.Wad) error {
	if nav.Sign() <= 0 || traded.Sign() < 0 || fees.Sign() < 0 {
		return fmt.Errorf("%w: expected a NAV above zero, traded value and fees of zero or more, got %v, %v, %v",
			ErrSample, nav, traded, fees)
	}
	var c fixed.Calc
	next := Trading{
		Rebalances: t.Rebalances + 1,
		Turnover:   c.Add(t.Turnover, c.DivTrunc(traded, c.Add(nav, nav))),
		Traded:     c.Add(t.Traded, traded),
		Fees:       c.Add(t.Fees, fees),
	}
	if err := c.Err(); err != nil {
		return fmt.Errorf("metrics: trading: %w", err)
	}
	*t = next
	return nil
}

// Turnover is the value sold over the average NAV, one way (spec 11); zero when the average is.
func Turnover(c *fixed.Calc, sold, averageNAV fixed.Wad) fixed.Wad { return ratio(c, sold, averageNAV) }

// PerYear turns a figure gathered over elapsedSeconds into one per year of 365 days; zero when no time has passed.
func PerYear(c *fixed.Calc, figure fixed.Wad, elapsedSeconds int64) fixed.Wad {
	return c.MulTrunc(figure, ratio(c, fixed.FromInt(yearSeconds), fixed.FromInt(elapsedSeconds)))
}

// CostPerYear is the cost of rebalancing: implementation shortfall and gas, as values, over the average NAV, per year.
func CostPerYear(c *fixed.Calc, shortfall, gas, averageNAV fixed.Wad, elapsedSeconds int64) fixed.Wad {
	return PerYear(c, ratio(c, c.Add(shortfall, gas), averageNAV), elapsedSeconds)
}
