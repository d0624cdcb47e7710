package cycle

import (
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/surface"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// MaxPositions bounds the assets of one portfolio, and with it the work of one decision.
const MaxPositions = 32

// Policy is what an owner asked for, compiled: every slice is parallel to Assets. A Policy is not changed by the
// cycle and may be shared.
type Policy struct {
	Assets        []asset.Index // ascending
	Priority      []uint8       // positions in Assets, the most important first
	PeriodSeconds int64         // one interval of the controller
	AnchorSeconds int64         // a moment at which an interval starts
	Target        target.Schedule
	Override      project.Strategy
	Trigger       trigger.Config
	Bands         band.Config
	Gains         pid.Gains
	Limits        Limits
	Mode          surface.Mode
	CrossingOff   bool // the portfolio's flows go to auction only
	Budget        settle.BudgetConfig
	Payments      []project.Payment
	Cost          fixed.Wad // one way, of the value traded: what the no-trade region follows
	RiskAversion  fixed.Wad
}

// Limits bound what one interval may do. A zero means that there is no such limit.
type Limits struct {
	MaxSell            fixed.Wad      // of NAV, all sells of one interval together
	MinOrder           fixed.Wad      // value
	MinNAV             fixed.Wad      // value below which the portfolio rests
	MaxSlippage        fixed.Wad      // the widest that a reserve price may lie below the mid
	MaxPriceAgeSeconds int64          //
	MinBalances        []asset.Amount // empty: none
	MaxWeights         []fixed.Wad    // empty: none; a zero entry: none for that asset
}

// State is what the cycle remembers of a portfolio between rounds. It holds no pointers into a Workspace, so that a
// host can store it as it is.
type State struct {
	Paused       bool
	LastSlot     int64 // the interval of the last decision, counted from the anchor
	Decided      bool  // LastSlot is set
	SampleDay    int64 // the UTC day of the last band sample
	Sampled      bool  // SampleDay is set
	Controller   pid.State
	Trigger      trigger.State
	Target       target.State
	Machine      band.Machine
	Retargeted   bool           // the owner changed the target since the last decision
	Samples      []band.Samples // per asset, empty unless the bands estimate
	Widths       []band.Width   // per asset, empty unless there are bands
	WidthTargets []fixed.Wad    // the targets that Widths were made for
	Budget       settle.Budget
	Orders       []Order     // in the market now
	NAV          fixed.Wad   // at the last decision that placed orders
	Ordered      int64       // the time of that decision
	FillRatio    fixed.Wad   // moving average of the realised fill
	OneTime      []OneTime   // one-time orders that live
	Earmarked    []Earmark   // proceeds that the controller must leave alone
	Payments     []PaymentAt // parallel to Policy.Payments
}

// Portfolio is one portfolio as a host loads it: its policy, what its account holds now, and its state.
type Portfolio struct {
	ID       uint64
	Policy   *Policy
	Holdings []asset.Amount // parallel to Policy.Assets
	State    State
}

// Order is a portfolio's part of a pair book. Its units lie in escrow from the freeze to the settlement. Offset and
// CrossOffset are the units before it in its tranche, all and crossable ones: with the tranche's totals they are all
// that settling the order takes.
type Order struct {
	Sell, Buy   asset.Index
	Tranche     uint8
	Crossable   bool
	OneTime     uint64 // the one-time order it is a slice of, or 0
	Units       asset.Amount
	Offset      asset.Amount
	CrossOffset asset.Amount
}

// Earmark is an amount that belongs to the portfolio but is left out of its weights.
type Earmark struct {
	Asset  asset.Index
	Amount asset.Amount
}
