package maker

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// ErrConfig says that a maker cannot be started like this.
var ErrConfig = errors.New("maker: invalid configuration")

// Strategy is what a maker wants.
type Strategy struct {
	Margin   fixed.Wad // how far below the fair price it buys, as a part of it; 0 or more, below 1
	MaxValue fixed.Wad // most value that it takes of one lot, in units of account; 0: no such limit
	Requote  fixed.Wad // move of its limit, as a part of it, from which on a resting bid is replaced
}

// Validate checks the ranges.
func (s *Strategy) Validate() error {
	switch {
	case s.Margin.Sign() < 0 || !s.Margin.Less(fixed.One()):
		return fmt.Errorf("%w: expected a margin of 0 or more and below 1, got %v", ErrConfig, s.Margin)
	case s.MaxValue.Sign() < 0 || s.Requote.Sign() < 0:
		return fmt.Errorf("%w: expected a largest value and a requote of 0 or more, got %v and %v",
			ErrConfig, s.MaxValue, s.Requote)
	}
	return nil
}

// View is what a maker knows when it looks at a lot.
type View struct {
	Sell, Buy fixed.Wad    // fair prices of the two assets, in units of account
	Funds     asset.Amount // base units of the bought asset that it may spend
}

// Bid is what a maker wants to bid.
type Bid struct {
	Units asset.Amount
	Limit fixed.Wad
}

// Reason says why there is no bid.
type Reason string

// Reasons.
const (
	Bids        Reason = ""
	NoPrice     Reason = "no price of its own"
	BelowBottom Reason = "the reserve is above what it would pay"
	NoFunds     Reason = "no funds"
	NothingLeft Reason = "nothing is left"
)

// Bid decides what to bid for a lot: the fair price of the pair less the margin, for as much as is on offer at that
// price, within the funds and the largest value. All rounds down. The chain's own minimum is the chain's business.
func (s *Strategy) Bid(lot *auction.Lot, v View) (Bid, Reason, error) {
	if v.Sell.Sign() <= 0 || v.Buy.Sign() <= 0 {
		return Bid{}, NoPrice, nil
	}
	var c fixed.Calc
	limit := c.MulDown(asset.PriceDown(&c, v.Sell, v.Buy), c.Sub(fixed.One(), s.Margin))
	if c.Err() == nil && limit.Less(lot.Curve.Reserve) {
		return Bid{}, BelowBottom, nil
	}
	units := lot.Offered(limit)
	if units.IsZero() {
		return Bid{}, NothingLeft, c.Err()
	}
	units = units.Min(s.affordable(&c, lot, v, limit))
	if err := c.Err(); err != nil {
		return Bid{}, Bids, err
	}
	if units.IsZero() {
		return Bid{}, NoFunds, nil
	}
	return Bid{units, limit}, Bids, nil
}

// affordable is the number of units that funds and the largest value allow.
func (s *Strategy) affordable(c *fixed.Calc, lot *auction.Lot, v View, limit fixed.Wad) asset.Amount {
	if lot.Pair.QuoteUp(c, lot.Total(), limit).Cmp(v.Funds) <= 0 { // dividing is for those who cannot take all
		return s.allowed(c, lot, v, lot.Total())
	}
	return s.allowed(c, lot, v, lot.Pair.CoverDown(c, v.Funds, limit))
}

// allowed cuts units to the largest value.
func (s *Strategy) allowed(c *fixed.Calc, lot *auction.Lot, v View, units asset.Amount) asset.Amount {
	if s.MaxValue.IsZero() {
		return units
	}
	return units.Min(asset.UnitsDown(c, s.MaxValue, v.Sell, lot.Pair.Sell.Exponent))
}

// Moved reports that a limit has moved so far that a resting bid is worth replacing.
func (s *Strategy) Moved(resting, limit fixed.Wad) bool {
	var c fixed.Calc
	distance := c.Sub(resting, limit).Abs()
	return c.MulDown(resting, s.Requote).Less(distance) && c.Err() == nil
}
