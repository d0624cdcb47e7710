package project

import "strings"

// Clamp is the set of limits that acted on a portfolio's orders; the zero value is none. It is how a portfolio learns
// why it traded less than its controller asked for, or more.
type Clamp uint16

// Limits.
const (
	ClampMaxSell        Clamp = 1 << iota // the cap on the sum of sells cut the orders
	ClampHoldings                         // an asset was asked to sell more than is held
	ClampMinBalance                       // a sell was cut so that the minimum balance stays
	ClampLocked                           // a sell was cut because units are locked
	ClampCap                              // a buy was cut so that the holding stays below its cap
	ClampMinOrder                         // an order below the minimum was dropped
	ClampSnap                             // an order was raised to the minimum, because the gap is at least that
	ClampForcedBuy                        // an asset below its minimum balance was bought first
	ClampForcedSell                       // an asset above its cap was sold first
	ClampForcedSource                     // other assets traded beyond the controller's wish to pay for a forced trade
	ClampForcedShort                      // a forced trade was not met in full
	ClampNothingAgainst                   // there were only sells, or only buys: nothing to trade against
	clampEnd
)

var clampText = [...]string{
	"clamped by max sell", "not enough held", "min balance", "locked units", "cap", "below min order",
	"raised to min order", "forced: below min balance", "forced: above cap", "forced: paid by other assets",
	"forced: not met in full", "nothing to trade against",
}

// Has reports whether all limits of d are in c.
func (c Clamp) Has(d Clamp) bool { return c&d == d }

// Reasons returns the limits in words, in the order of the constants.
func (c Clamp) Reasons() []string {
	var words []string
	for i, text := range clampText {
		if c.Has(1 << i) {
			words = append(words, text)
		}
	}
	if c >= clampEnd {
		words = append(words, "unknown limit")
	}
	return words
}

// String returns the limits in words, or "none".
func (c Clamp) String() string {
	if c == 0 {
		return "none"
	}
	return strings.Join(c.Reasons(), ", ")
}
