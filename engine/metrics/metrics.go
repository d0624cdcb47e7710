package metrics

import (
	"errors"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// ErrSample says that a sample makes no sense.
var ErrSample = errors.New("metrics: bad sample")

// yearSeconds is the year of annual figures: 365 days (spec 11), not the Julian year of rates.
const yearSeconds = 365 * 86_400

// ratio is a/b, or zero when b is zero: there was nothing to measure.
func ratio(c *fixed.Calc, a, b fixed.Wad) fixed.Wad {
	if b.IsZero() {
		return fixed.Wad{}
	}
	return c.DivTrunc(a, b)
}
