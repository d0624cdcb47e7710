package band

import "fmt"

// Cause is why a machine did what it did.
type Cause uint8

// Causes.
const (
	CauseNone     Cause = iota
	InsideOuter         // all weights are inside the outer band
	OutsideOuter        // a weight is outside the outer band
	BreakerOpen         // the breaker of a price opened
	Reentered           // the weights were inside again for long enough
	MoveConfirmed       // healthy prices confirmed the move for long enough
	Released            // the owner or the trustee ended the halt
	ReleaseDenied       // a release came, but prices were not healthy or not within its bounds
	Retargeted          // the target was changed
	BandsOff            // the bands were switched off
	causeCount
)

var causeText = [causeCount]string{
	"nothing", "all weights are inside the outer band", "a weight is outside the outer band",
	"the breaker of a price is open", "weights are back inside the outer band", "healthy prices confirmed the move",
	"released by its owner or trustee", "release refused: prices are not healthy or not within its bounds",
	"the target was changed", "bands are switched off",
}

// String returns the cause in words.
func (c Cause) String() string {
	if c >= causeCount {
		return "unknown cause"
	}
	return causeText[c]
}

// Event is what one observation did. From and To are equal when it caused no change of phase.
type Event struct {
	From, To Phase
	Cause    Cause
}

// String returns a line such as "armed -> halted: a weight is outside the outer band".
func (e Event) String() string {
	if e.From == e.To {
		return fmt.Sprintf("%v: %v", e.To, e.Cause)
	}
	return fmt.Sprintf("%v -> %v: %v", e.From, e.To, e.Cause)
}
