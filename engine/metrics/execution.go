package metrics

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Execution measures how well sell orders were filled, against the price at which they were decided: the oracle's mid
// at the freeze, not at the opening of the auction (Perold 1988). It adds up over the fills of an order and over the
// orders of a pair. The zero value is empty.
type Execution struct {
	size, sold            fixed.Wad // display units
	paper                 fixed.Wad // value of the orders at their decision prices
	slipped, missed, fees fixed.Wad // the three parts of the shortfall, as values
	revenue, fair         fixed.Wad // what the fills brought, and would have brought at the mid
}

// Fill is one execution.
type Fill struct {
	Quantity fixed.Wad // display units sold
	Price    fixed.Wad // got per unit
	Mid      fixed.Wad // the oracle's mid at the block of the fill
	Fee      fixed.Wad // value paid for it
}

// Shortfall is the cost of not having traded everything at the decision price, as fractions of the value of the orders
// at that price. Positive is bad.
type Shortfall struct {
	Execution   fixed.Wad // sold below the decision price
	Opportunity fixed.Wad // not sold, and the price went on
	Fee         fixed.Wad
	Total       fixed.Wad
}

// Quality is what an Execution says.
type Quality struct {
	Shortfall   Shortfall
	FillRatio   fixed.Wad // units sold over units ordered
	VWAP        fixed.Wad // revenue per unit sold
	Improvement fixed.Wad // sum q(price-mid) over sum q*mid, mid at the block of the fill
	Efficiency  fixed.Wad // revenue over sum q*mid
}

// Order takes in an order to sell size display units, decided at a price. ErrSample when either is not above zero.
func (e *Execution) Order(size, decision fixed.Wad) error {
	if size.Sign() <= 0 || decision.Sign() <= 0 {
		return fmt.Errorf("%w: expected a size and a price above zero, got %v at %v", ErrSample, size, decision)
	}
	var c fixed.Calc
	next := *e
	next.size = c.Add(e.size, size)
	next.paper = c.Add(e.paper, c.MulTrunc(size, decision))
	return e.commit(&c, next)
}

// Fill takes in a fill of an order that was decided at a price. ErrSample when the mid is not above zero or a number is
// negative.
func (e *Execution) Fill(decision fixed.Wad, f Fill) error {
	if f.Quantity.Sign() < 0 || f.Price.Sign() < 0 || f.Mid.Sign() <= 0 || f.Fee.Sign() < 0 {
		return fmt.Errorf("%w: expected a mid above zero and nothing below, got %+v", ErrSample, f)
	}
	var c fixed.Calc
	next := *e
	next.sold = c.Add(e.sold, f.Quantity)
	next.revenue = c.Add(e.revenue, c.MulTrunc(f.Quantity, f.Price))
	next.fair = c.Add(e.fair, c.MulTrunc(f.Quantity, f.Mid))
	next.slipped = c.Add(e.slipped, c.MulTrunc(f.Quantity, c.Sub(decision, f.Price)))
	next.fees = c.Add(e.fees, f.Fee)
	return e.commit(&c, next)
}

// End takes in what is left of an order when it ends: the units not sold, the price at which the order was decided and
// the price now.
func (e *Execution) End(unsold, decision, now fixed.Wad) error {
	if unsold.Sign() < 0 || now.Sign() < 0 {
		return fmt.Errorf("%w: expected units and a price of zero or more, got %v at %v", ErrSample, unsold, now)
	}
	var c fixed.Calc
	next := *e
	next.missed = c.Add(e.missed, c.MulTrunc(unsold, c.Sub(decision, now)))
	return e.commit(&c, next)
}

// commit keeps the next state unless the calculation failed.
func (e *Execution) commit(c *fixed.Calc, next Execution) error {
	if err := c.Err(); err != nil {
		return fmt.Errorf("metrics: execution: %w", err)
	}
	*e = next
	return nil
}

// Cost is the shortfall as a value: what the orders were worth at their decision prices less what came of them.
func (e *Execution) Cost(c *fixed.Calc) fixed.Wad { return c.Add(c.Add(e.slipped, e.missed), e.fees) }

// Quality reports the orders so far.
func (e *Execution) Quality() (Quality, error) {
	var c fixed.Calc
	q := Quality{
		Shortfall: Shortfall{
			Execution:   ratio(&c, e.slipped, e.paper),
			Opportunity: ratio(&c, e.missed, e.paper),
			Fee:         ratio(&c, e.fees, e.paper),
			Total:       ratio(&c, e.Cost(&c), e.paper),
		},
		FillRatio:   ratio(&c, e.sold, e.size),
		VWAP:        ratio(&c, e.revenue, e.sold),
		Improvement: ratio(&c, c.Sub(e.revenue, e.fair), e.fair),
		Efficiency:  ratio(&c, e.revenue, e.fair),
	}
	if err := c.Err(); err != nil {
		return Quality{}, fmt.Errorf("metrics: execution: %w", err)
	}
	return q, nil
}

// AllocativeEfficiency is the revenue of an auction over the value of the best feasible bids; zero without bids.
func AllocativeEfficiency(c *fixed.Calc, revenue, best fixed.Wad) fixed.Wad {
	return ratio(c, revenue, best)
}
