package netting

import (
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// Reason says why a pair must not cross, or that it may.
type Reason uint8

// Reasons, in the order in which they are looked for.
const (
	ReasonUnspecified Reason = iota
	MayCross                 // nothing speaks against it
	TooSmall                 // the value is dust
	SharedFeed               // both legs stand for one asset and have one price, so that the mid means nothing
	BreakerOpen              // a leg's price is tripped or missing
	TooFewClasses            // a leg's price rests on too few classes of sources
	Stale                    // a leg's price is too old
	Recovering               // a leg's price is settling after a halt
	Uncertain                // a leg's confidence is wider than half of what crossing saves
	Moved                    // a leg's price moved more since the freeze than chance explains
	BeyondLimit              // the price is worse than the order's limit
	reasonCount
)

var reasonText = [reasonCount]string{
	"unspecified", "may cross", "too small", "shared feed", "breaker open", "too few classes", "stale price",
	"recovering", "price too uncertain", "price moved", "beyond the limit",
}

// String returns the reason in words.
func (r Reason) String() string {
	if r >= reasonCount {
		return "unknown reason"
	}
	return reasonText[r]
}

// Gate holds the conditions under which a pair crosses internally.
type Gate struct {
	Deviations    fixed.Wad // standard deviations that a price may move between freeze and crossing
	MaxAgeSeconds int64     // of a price
	MinClasses    int       // of sources behind a price
	MinValue      uint64    // micro-units
}

// Leg is one asset of a pair at the moment of crossing. Prices are in USD per display unit, Confidence is relative to
// the price, Sigma is a year's volatility.
type Leg struct {
	Price      fixed.Wad
	Frozen     fixed.Wad // the price at the freeze
	Confidence fixed.Wad
	Sigma      fixed.Wad
	AgeSeconds int64
	Classes    int
	Healthy    bool // enough sources agree and no breaker is open
	Recovering bool
}

// Crossing is a pair that could cross.
type Crossing struct {
	Sell, Buy    Leg
	Value        uint64    // micro-units
	Cost         fixed.Wad // what an auction is expected to cost, relative to the value
	DelaySeconds int64     // from the freeze to the crossing
	SharedFeed   bool      // both legs are representations of one asset and are priced by one feed
	Limit        fixed.Wad // worst acceptable price, Buy per Sell in display units; zero: none
}

// Check returns the first reason against a crossing, or MayCross. An error means that a number is out of range, and
// that the pair must not cross.
func (g Gate) Check(x *Crossing) (Reason, error) {
	switch {
	case x.Value < g.MinValue:
		return TooSmall, nil
	case x.SharedFeed:
		return SharedFeed, nil
	}
	var c fixed.Calc
	found := reasonCount
	for _, leg := range []*Leg{&x.Sell, &x.Buy} {
		if r := g.leg(&c, leg, x); r != MayCross {
			found = min(found, r)
		}
	}
	if found == reasonCount {
		found = MayCross
		if c.DivDown(x.Sell.Price, x.Buy.Price).Less(x.Limit) {
			found = BeyondLimit
		}
	}
	if err := c.Err(); err != nil {
		return ReasonUnspecified, err
	}
	return found, nil
}

// leg returns the first reason against one leg.
func (g Gate) leg(c *fixed.Calc, l *Leg, x *Crossing) Reason {
	switch {
	case !l.Healthy:
		return BreakerOpen
	case l.Classes < g.MinClasses:
		return TooFewClasses
	case l.AgeSeconds > g.MaxAgeSeconds:
		return Stale
	case l.Recovering:
		return Recovering
	case x.Cost.Less(c.Add(l.Confidence, l.Confidence)):
		return Uncertain
	case g.reach(c, l.Sigma, x.DelaySeconds).Less(c.DivDown(c.Sub(l.Price, l.Frozen).Abs(), l.Frozen)):
		return Moved
	}
	return MayCross
}

// reach is how far a price of annual volatility sigma may move in some seconds: Deviations*sigma*sqrt(seconds/year).
func (g Gate) reach(c *fixed.Calc, sigma fixed.Wad, seconds int64) fixed.Wad {
	years := c.DivDown(fixed.FromInt(seconds), fixed.FromInt(oracle.SecondsPerYear))
	return c.MulDown(g.Deviations, c.MulDown(sigma, c.Sqrt(years)))
}
