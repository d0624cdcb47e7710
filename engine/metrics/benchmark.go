package metrics

import (
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Leg is an asset of a portfolio between two looks at it. What was traded is what the portfolio's own orders sold and
// got, in base units.
type Leg struct {
	Weight, Target fixed.Wad    // at the look before
	Before, Now    fixed.Wad    // prices; Before is zero for an asset that was not looked at
	Bought, Sold   asset.Amount // since the look before
	AllBought      asset.Amount // since the first look
	AllSold        asset.Amount
	Exponent       uint8
}

// Benchmarks are what other ways of holding the same money would be worth: Hold, had it traded nothing since the first
// look, and Mix, had it kept the target weights of each look until the next without costs. What came in or went out by
// other ways than trading counts the same in all three.
type Benchmarks struct{ Hold, Mix fixed.Wad }

// Held are the benchmarks at the first look: all are the NAV.
func Held(nav fixed.Wad) Benchmarks { return Benchmarks{nav, nav} }

// Next takes the benchmarks from a look to the next, between two NAVs. Hold is the NAV less the value of everything that
// was bought, with that of what was sold, at the prices of now. What came in is the NAV less what the holdings of the
// look before grew to and what was traded; Mix grows by its own weights and takes that in. Products are truncated.
func (b Benchmarks) Next(c *fixed.Calc, before, now fixed.Wad, legs []Leg) Benchmarks {
	hold, flow := now, now
	var grown fixed.Wad
	for i := range legs {
		l := &legs[i]
		value := func(n asset.Amount) fixed.Wad { return asset.ValueDown(c, n, l.Now, l.Exponent) }
		hold = c.Add(c.Sub(hold, value(l.AllBought)), value(l.AllSold))
		flow = c.Add(c.Sub(flow, value(l.Bought)), value(l.Sold))
		if l.Before.Sign() <= 0 {
			continue
		}
		flow = c.Sub(flow, c.MulDivTrunc(c.MulTrunc(before, l.Weight), l.Now, l.Before))
		grown = c.Add(grown, c.MulDivTrunc(l.Target, l.Now, l.Before))
	}
	return Benchmarks{Hold: hold, Mix: c.Add(c.MulTrunc(b.Mix, grown), flow)}
}
