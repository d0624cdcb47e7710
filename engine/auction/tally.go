package auction

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// Tally is what a host counts of a lot beside it: what the sellers' loss budgets and the width rule learn from. The
// zero value is that of a new lot.
type Tally struct {
	// AtMid is what the units sold would have brought at the oracle's mids of their blocks, in base units of the bought
	// asset, every fill rounded down.
	AtMid asset.Amount
	// Stale says that units were sold in a block without a healthy mid: then AtMid says nothing.
	Stale bool
	// Opening is the part, 0 to 1, of the units on offer that the first clearing sold, rounded down.
	Opening fixed.Wad
	// Clearings counts the clearings, those that sold nothing among them.
	Clearings uint64
}

// Add counts a clearing of the pair at the prices of its block. It fails only when a sum does not fit.
func (t *Tally) Add(p asset.Pair, cl *Clearing, sell, buy oracle.Price) error {
	if cl.Outcome < OutcomeIdle {
		return nil
	}
	var c fixed.Calc
	if t.Clearings == 0 && !cl.Offered.IsZero() {
		t.Opening = c.DivDown(cl.Sold.Raw(), cl.Offered.Raw())
	}
	t.Clearings++
	if cl.Sold.IsZero() {
		return nil
	}
	if t.Stale = t.Stale || sell.Status != oracle.StatusOK || buy.Status != oracle.StatusOK; t.Stale {
		return nil
	}
	mid := asset.PriceDown(&c, sell.Value, buy.Value)
	for i := range cl.Fills {
		t.AtMid = c.AddNat(t.AtMid, p.QuoteDown(&c, cl.Fills[i].Units, mid))
	}
	if err := c.Err(); err != nil {
		return fmt.Errorf("auction: %v units at the mid of %v and %v: %w", cl.Sold, sell.Value, buy.Value, err)
	}
	return nil
}

// MidOf is the mid of a pair at the prices of a block, rounded down; zero without a healthy one. It is for reports.
func MidOf(sell, buy oracle.Price) fixed.Wad {
	if sell.Status != oracle.StatusOK || buy.Status != oracle.StatusOK {
		return fixed.Wad{}
	}
	var c fixed.Calc // below, what does not fit is not a mid
	mid := asset.PriceDown(&c, sell.Value, buy.Value)
	if c.Err() != nil {
		return fixed.Wad{}
	}
	return mid
}

// Against is the mid of the pair at the prices of a block, and how far below it a clearing's price is, in parts of the
// mid, cut toward zero; negative when the price is above. Both are zero without a healthy mid.
func (cl *Clearing) Against(sell, buy oracle.Price) (mid, below fixed.Wad) {
	if mid = MidOf(sell, buy); mid.IsZero() {
		return mid, below
	}
	var c fixed.Calc
	below = c.DivTrunc(c.Sub(mid, cl.Price), mid)
	if c.Err() != nil {
		return fixed.Wad{}, fixed.Wad{}
	}
	return mid, below
}

// Unsure is the confidence of a pair's mid, relative to it: those of the two prices add up.
func Unsure(c *fixed.Calc, sell, buy oracle.Price) fixed.Wad {
	return c.Add(sell.Confidence, buy.Confidence)
}

// MidRange is where the mid of a pair may lie for all that its prices know: as much below and above it as they are
// unsure. Both are zero without a mid. It is for reports.
func MidRange(mid fixed.Wad, sell, buy oracle.Price) (low, high fixed.Wad) {
	var c fixed.Calc
	width := c.MulUp(mid, Unsure(&c, sell, buy))
	low, high = c.Sub(mid, width).Max(fixed.Wad{}), c.Add(mid, width)
	if c.Err() != nil {
		return fixed.Wad{}, fixed.Wad{}
	}
	return low, high
}

// Mid is AtMid, or zero when it says nothing.
func (t *Tally) Mid() asset.Amount {
	if t.Stale {
		return asset.Amount{}
	}
	return t.AtMid
}

// Result is the units that a lot has sold, and what they brought.
func (l *Lot) Result() (sold, proceeds asset.Amount) {
	var c fixed.Calc // cannot fail: no more than was brought and deposited
	for i := range l.Tranches {
		sold = c.AddNat(sold, l.Tranches[i].Sold)
		proceeds = c.AddNat(proceeds, l.Tranches[i].Proceeds)
	}
	return sold, proceeds
}
