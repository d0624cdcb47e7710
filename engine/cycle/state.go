package cycle

import (
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/netting"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// Phase is the stage of a round.
type Phase uint8

// Phases, in the order in which a round goes through them.
const (
	Idle       Phase = iota // between rounds
	Collecting              // portfolios decide, page by page, at frozen prices
	Crossing                // orders are frozen; opposite flows cross at a later price
	Auctioning              // lots are open
	Settling                // portfolios are paid, page by page
	phaseCount
)

var phaseText = [phaseCount]string{"idle", "collecting", "crossing", "auctioning", "settling"}

// String returns the phase in a word.
func (p Phase) String() string {
	if p >= phaseCount {
		return "unknown phase"
	}
	return phaseText[p]
}

// Config is what all portfolios of a cycle share. It may change between rounds, not during one.
type Config struct {
	Universe        asset.Universe
	IntervalSeconds int64 // time between rounds
	AnchorSeconds   int64 // a moment at which a round starts
	Crossing        CrossConfig
	Auction         AuctionConfig
	FillAlpha       fixed.Wad // weight of the last fill in a portfolio's mean fill
	PairCosts       []uint32  // by row of the asset sold: what surface.Cheapest prefers; empty: all pairs alike
}

// CrossConfig holds the conditions under which flows cross inside.
type CrossConfig struct {
	Off  bool
	Gate netting.Gate
	Cost fixed.Wad // what an auction is expected to cost, relative to the value: what crossing saves
}

// AuctionConfig says how the lots of a round are run.
type AuctionConfig struct {
	Kind          auction.Kind
	Width         auction.Width
	Pace          auction.Pace
	WindowSeconds int64 // from the first clearing to the reserve
	TailSeconds   int64 // at the reserve
	OpeningBlocks uint32
	BucketSteps   uint64
	MinLot        fixed.Wad // value below which what is left of a pair gets no auction: it returns unsold
}

// Round is the state of the cycle between steps. It is small: what belongs to a portfolio is in its State.
type Round struct {
	Phase    Phase
	Number   uint64
	Started  bool           // there has been a freeze
	Frozen   []oracle.Price // prices at the freeze, by asset.Index
	FrozeAt  int64          // time of the freeze
	Height   int64          // block of the freeze
	Last     uint64         // id of the last portfolio of the page before
	LastSale uint64         // id of the last sale of the page before
	Books    []PairBook     // by pair
	Spreads  []PairSpread   // what the width rule has learned, by pair; a pair at the rule's own width is left out
}

// PairSpread is the memory of the width rule for a pair.
type PairSpread struct {
	Sell, Buy asset.Index
	Spread    auction.Spread
}

// Input is what a host gives to a step.
type Input struct {
	Now        int64
	Height     int64          // of the block; crossing takes a later one than the freeze
	Prices     []oracle.Price // by asset.Index
	Portfolios []Portfolio    // the next page, by ascending id, in phases Idle, Collecting and Settling
	Sales      []Sale         // the next page, by ascending id, in the same phases
	LastPage   bool           // no portfolio and no sale follows
	Closed     []Closed       // lots that closed, in phase Auctioning
}

// Closed is a lot that a host brings back.
type Closed struct {
	Lot auction.Lot
	// AtMid is what the units sold would have brought at the oracle's mid price in the blocks in which they were sold,
	// in base units of the bought asset. Zero says that in one of them no healthy mid was known: then the loss budgets
	// are charged the worst that the reserve allowed.
	AtMid asset.Amount
	// Opening is the part of the units on offer that the first clearing sold: what the width rule learns from.
	Opening fixed.Wad
}

// Output is what a host does after a step, in the order of the fields. It belongs to the host.
type Output struct {
	Transfers []settle.Transfer // units that change accounts; they add up to zero for every asset
	Lots      []auction.Lot     // to open; the units lie in the lot's account already
	States    []State           // of Input.Portfolios, in their order
	Decisions []Record          // of Input.Portfolios that were due, in the order of ids
	Fills     []Filled          // settled portfolios
	Slices    []SliceFill       // settled slices of one-time orders
	Sales     []Sale            // Input.Sales after the step, in their order
	SaleFills []SaleFill        // settled sales
	Notes     []Note
	Crosses   []Cross
}

// Record is a decision that outlives its workspace: what "explain" shows.
type Record struct {
	Note

	Measured  bool      // the portfolio was valued and compared
	NAV       fixed.Wad //
	Drift     fixed.Wad // largest |target - weight|
	L1        fixed.Wad // half the sum of |target - weight|
	Threshold fixed.Wad // the one that counted, 0 when there is none
	Weights   []fixed.Wad
	Targets   []fixed.Wad // before minimum balances overrode them
	Orders    []fixed.Wad // values; empty unless ordered
	Matched   fixed.Wad
}

// SliceFill is what a round brought one slice of a one-time order, in base units.
type SliceFill struct {
	Portfolio, OneTime uint64
	Sell, Buy          asset.Index
	Units              asset.Amount // sent to the market
	Sold, Bought       asset.Amount
	Left               asset.Amount // of the order, after this
}

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
	PaymentMade                // a scheduled payment was made, in part or in full
	PaymentShort               // a scheduled payment is due and the asset is short
	SliceDropped               // the last slice of a one-time order was too small
	OneTimeEnded               // a one-time order ended; what is left of it is free again
	LotRefused                 // the residual of a pair got no auction: its units return unsold
	CrossRefused               // nothing crosses in this round: Note.Err says why
	OrderRefused               // an order found no place in the books of its pair: Note.Err says why
	outcomeCount
)

var outcomeText = [outcomeCount]string{
	"unspecified", "ordered", "held", "not due", "clamped to nothing", "price missing", "price breaker open",
	"price stale", "empty", "below minimum", "halted outside the outer band", "halted by the loss budget", "paused",
	"orders not settled", "failed", "settled", "payment made", "payment short", "slice dropped", "one-time order ended",
	"no auction", "no crossing", "order refused",
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
	Sale      uint64 // the sale in question, when the outcome is about one
	Err       error  // when Failed, and where something was refused
}

// Decided reports a note that says what an interval did with a portfolio; others are about its orders, or say that it
// was not its turn.
func (n *Note) Decided() bool {
	if n.Outcome == Failed {
		return !n.HasAsset // else it is about a one-time order
	}
	return n.Outcome >= Ordered && n.Outcome < Busy && n.Outcome != NotDue
}

// Valued reports a decision that knew what the portfolio was worth.
func (n *Note) Valued() bool {
	priceless := n.Outcome >= PriceMissing && n.Outcome <= PriceStale
	return n.Decided() && !priceless && n.Outcome != Paused && n.Outcome != Failed
}
