package drift

import (
	"math/bits"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Extent is a Report without its parts.
type Extent struct{ NAV, L1, MaxAbs fixed.Wad }

// Gauge returns the extent that Measure would report, and false where Measure has an error to tell. It writes nothing
// down, which takes half the time.
func Gauge(values, targets []fixed.Wad) (Extent, bool) {
	if len(values) != len(targets) {
		return Extent{}, false
	}
	var c fixed.Calc
	nav, err := total(&c, values)
	if err != nil {
		return Extent{}, false
	}
	var sum, most, carry uint64
	weigh := divider(nav)
	for i, v := range values {
		target, fits := targets[i].RawUint()
		if !fits || target > oneRaw {
			return Extent{}, false
		}
		e := magnitude(int64(target) - int64(weigh.down(&c, v))) //nolint:gosec // both are at most 1e18
		if sum, carry = bits.Add64(sum, e, 0); carry != 0 {
			return Extent{}, false
		}
		most = max(most, e)
	}
	return Extent{NAV: nav, L1: fixed.FromRawUint(sum / 2), MaxAbs: fixed.FromRawUint(most)}, true
}
