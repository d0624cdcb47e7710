package band

import "github.com/ballast-finance/ballast/engine/fixed"

// Release is what became of a message that asks to end a halt.
type Release uint8

// Releases. ReleaseNone says that there was no message.
const (
	ReleaseNone Release = iota
	Granted
	Refused
)

// Bound is the range in which a price must lie for a release to count, both ends included.
type Bound struct{ Low, High fixed.Wad }

// Admit returns Granted if there is a bound for every price and every price lies within its own, else Refused. The
// slices are parallel. Bounds say which market the sender saw, so that the message does nothing in another one.
func Admit(bounds []Bound, prices []fixed.Wad) Release {
	if len(bounds) == 0 || len(bounds) != len(prices) {
		return Refused
	}
	for i, p := range prices {
		if p.Less(bounds[i].Low) || bounds[i].High.Less(p) {
			return Refused
		}
	}
	return Granted
}
