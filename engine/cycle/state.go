package cycle

import (
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/settle"
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

// Config is what all portfolios of a cycle share.
type Config struct {
	Universe        asset.Universe
	IntervalSeconds int64 // time between rounds
	AnchorSeconds   int64 // a moment at which a round starts
	Crossing        CrossConfig
	Auction         AuctionConfig
	FillAlpha       fixed.Wad // weight of the last fill in a portfolio's mean fill
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
}

// Round is the state of the cycle between steps. It is small: what belongs to a portfolio is in its State.
type Round struct {
	Phase   Phase
	Number  uint64
	Slot    int64          // the interval of the round, counted from the anchor
	Started bool           // Slot is set
	Frozen  []oracle.Price // prices at the freeze, by asset.Index
	FrozeAt int64          // time of the freeze
	Height  int64          // block of the freeze
	Last    uint64         // id of the last portfolio of the page before
	Books   []PairBook
	Spreads []PairSpread // what the width rule has learned, by pair
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
	LastPage   bool           // no portfolio follows
	Closed     []Closed       // lots that closed, in phase Auctioning
}

// Output is what a host does after a step, in the order of the fields.
type Output struct {
	Transfers []settle.Transfer // units that change accounts; they add up to zero for every asset
	Lots      []auction.Lot     // to open; the units lie in the lot's account already
	States    []State           // of Input.Portfolios, in their order
	Decisions []Record          // of Input.Portfolios that were due, in the order of ids
	Fills     []Filled          // settled portfolios
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

// Filled is what a round brought a portfolio, at the prices of its decision.
type Filled struct {
	Portfolio uint64
	Net       []fixed.Wad // value gained or given per asset of the policy
	Ordered   fixed.Wad   // value ordered to sell
	Crossed   fixed.Wad   // value sold inside
	Sold      fixed.Wad   // value sold at all
	Got       fixed.Wad   // value bought
	Lost      fixed.Wad   // value that auctions brought less than the mids at the blocks of their fills
	Fill      fixed.Wad   // the controller's fill
}

// Cross is one pair's part of an internal crossing.
type Cross struct {
	Sell, Buy    asset.Index
	Sold, Bought asset.Amount
}
