package trigger

// Reason is why a trigger fired or did not.
type Reason uint8

// Reasons to fire, then reasons not to.
const (
	ReasonUnspecified Reason = iota
	EveryInterval
	NewPeriod
	AssetDrift
	RelativeDrift
	TotalDrift
	LongWait
	OutsideInner
	Continuing

	HaltedOutside
	Unhealthy
	CoolingDown
	SamePeriod
	BelowThreshold
	InsideBand
	BandOff
	BelowMinDrift
	Finished
	ActiveLimit
	reasonCount
)

var reasonText = [reasonCount]string{
	"unspecified",
	"every interval",
	"a new period began",
	"drift of an asset above its threshold",
	"drift of an asset, relative to its target, above the threshold",
	"drift of the whole portfolio above the threshold",
	"drift above the small threshold after the longest wait",
	"a weight is outside its inner band",
	"on the way back to the target",

	"halted outside the outer band",
	"prices not healthy",
	"cool-down since the last rebalance",
	"this period's rebalance is done",
	"drift below the threshold",
	"inside band",
	"the portfolio has no bands",
	"drift too small to be worth an order",
	"back near the target",
	"rebalanced as many times in a row as allowed",
}

// String returns the reason in words that the owner of a treasury understands.
func (r Reason) String() string {
	if r >= reasonCount {
		return "unknown reason"
	}
	return reasonText[r]
}

// Fires reports a reason to act.
func (r Reason) Fires() bool { return EveryInterval <= r && r <= Continuing }
