package sim

import (
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Tactic is how a bidder bids.
type Tactic uint8

// Tactics. All but the first are adversaries: see adversary.go.
const (
	FairPrice Tactic = iota // the fair price less a margin, as much as the capital allows
	Snipe                   // the reserve price, in the last block
	Withhold                // the highest price for more than there is, all or nothing: it never buys
	Dust                    // single base units under many names, until the book is full
	Extreme                 // any price for little
)

// Maker is a market maker: it knows the fair price with a delay, wants a margin, and risks at most a capital. What
// it buys it sells elsewhere, which gives the capital back over HedgeSeconds.
type Maker struct {
	Name           string
	Margin         fixed.Wad // below the fair price, as a fraction
	LatencySeconds int64     // age of the prices that it sees
	Capital        fixed.Wad // value that it has at risk at most
	HedgeSeconds   int64     // time in which it turns over its whole capital
	Tactic         Tactic
	BustAt         int64 // from this moment on it has no capital; 0: never
}

// desk is a maker at work.
type desk struct {
	Maker

	id     uint64
	atRisk fixed.Wad // value taken and not hedged yet
	hedged int64     // the moment up to which atRisk is counted
	taken  fixed.Wad // value taken in all
	earned fixed.Wad // value over the payment, at the mid of the fill
}

// free is the value that the desk can still take at a moment.
func (d *desk) free(c *fixed.Calc, now int64) fixed.Wad {
	if d.BustAt != 0 && now >= d.BustAt {
		return fixed.Wad{}
	}
	if passed := now - d.hedged; passed > 0 {
		back := c.MulDivDown(d.Capital, fixed.FromRaw(passed), fixed.FromRaw(max(d.HedgeSeconds, 1)))
		d.atRisk = c.Sub(d.atRisk, back).Max(fixed.Wad{})
		d.hedged = now
	}
	return c.Sub(d.Capital, d.atRisk).Max(fixed.Wad{})
}

// limit is the highest price that the desk pays when a pair is worth fair.
func (d *desk) limit(c *fixed.Calc, fair fixed.Wad) fixed.Wad {
	return c.MulDown(fair, c.Sub(fixed.One(), d.Margin))
}

// size is the number of units of an asset that the desk's free capital buys, at most offered.
func (d *desk) size(c *fixed.Calc, now int64, price fixed.Wad, exponent uint8, offered asset.Amount) asset.Amount {
	room := d.free(c, now)
	if worth := asset.ValueUp(c, offered, price, exponent); !room.Less(worth) {
		return offered
	}
	return asset.UnitsDown(c, room, price, exponent).Min(offered)
}

// take books a fill: the value of the units at the mid, and the value paid for them.
func (d *desk) take(c *fixed.Calc, value, paid fixed.Wad) {
	d.atRisk = c.Add(d.atRisk, value)
	d.taken = c.Add(d.taken, value)
	d.earned = c.Add(d.earned, c.Sub(value, paid))
}
