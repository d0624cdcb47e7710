package cycle

import (
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// Outcome is what an interval did with a portfolio.
type Outcome uint8

// Outcomes. Only Ordered sends anything to the market.
const (
	OutcomeUnspecified Outcome = iota
	Ordered                    // orders were placed
	Held                       // the trigger did not fire: Reason says why
	NotDue                     // the portfolio's own interval has not passed
	Clamped                    // the trigger fired, but the limits left nothing to trade: Clamp says which
	PriceMissing               // an asset has no price that enough sources agree on
	PriceTripped               // an asset's circuit breaker is open
	PriceStale                 // an asset's price is older than the portfolio allows
	Empty                      // nothing of value is held
	BelowMinimum               // the value is below the smallest that is worth managing
	BandHalted                 // a weight is outside its outer band
	BudgetHalted               // execution lost more than the loss budget
	Paused                     // the owner or the trustee paused the portfolio
	Busy                       // orders of an earlier round are not settled yet
	Failed                     // the decision could not be computed: Note.Err says why
	Settled                    // orders of the round were settled
	PaymentMade                // a scheduled payment was made
	PaymentShort               // a scheduled payment is due and the asset is short
	SliceDropped               // a slice of a one-time order was dropped
	OneTimeEnded               // a one-time order ended; what is left of it is free again
	LotRefused                 // the residual of a pair got no auction: its units return unsold
	outcomeCount
)

var outcomeText = [outcomeCount]string{
	"unspecified", "ordered", "held", "not due", "clamped to nothing", "price missing", "price breaker open",
	"price stale", "empty", "below minimum", "halted outside the outer band", "halted by the loss budget", "paused",
	"orders not settled", "failed", "settled", "payment made", "payment short", "slice dropped", "one-time order ended",
	"no auction",
}

// String returns the outcome in words.
func (o Outcome) String() string {
	if o >= outcomeCount {
		return "unknown outcome"
	}
	return outcomeText[o]
}

// Note explains one portfolio's outcome, in types: hosts turn it into an event, a metric or a sentence.
type Note struct {
	Portfolio uint64
	Outcome   Outcome
	Reason    trigger.Reason // when the trigger decided
	Clamp     project.Clamp  // when limits acted
	Asset     asset.Index    // the asset in question, when the outcome is about one
	HasAsset  bool
	Err       error // when Failed
}
