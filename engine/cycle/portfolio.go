package cycle

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/surface"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/engine/trigger"
)

var (
	// ErrConfig says that a configuration is not valid.
	ErrConfig = errors.New("cycle: invalid configuration")
	// ErrPolicy says that a policy is not valid. It wraps the error of the stage that refuses its part.
	ErrPolicy = errors.New("cycle: invalid policy")
	// ErrPortfolio says that a portfolio's parts do not fit each other or the universe.
	ErrPortfolio = errors.New("cycle: invalid portfolio")
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
type State struct { //nolint:recvcheck // what an owner changes gives a new value; a step works in place on its own copy
	Paused       bool
	DecidedAt    int64 // the time of the last decision, seconds
	Decided      bool  // DecidedAt is set
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
	FillRatio    fixed.Wad   // moving average of the value sold over the value ordered
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

// NewState returns the state of a portfolio of n assets that has not been decided yet.
func NewState(n int) State { return State{Controller: pid.NewState(n), FillRatio: fixed.One()} }

// clone copies a state, so that a step leaves its input alone.
func (st State) clone() State {
	st.Controller.Assets = slices.Clone(st.Controller.Assets)
	st.Samples = slices.Clone(st.Samples)
	st.Widths = slices.Clone(st.Widths)
	st.WidthTargets = slices.Clone(st.WidthTargets)
	st.Orders = slices.Clone(st.Orders)
	st.OneTime = slices.Clone(st.OneTime)
	st.Earmarked = slices.Clone(st.Earmarked)
	st.Payments = slices.Clone(st.Payments)
	return st
}

// Validate checks that the cycle can run with a configuration.
func (cfg *Config) Validate() error {
	n := cfg.Universe.Len()
	switch {
	case n < 1:
		return fmt.Errorf("%w: expected at least one asset", ErrConfig)
	case cfg.IntervalSeconds < 1:
		return fmt.Errorf("%w: expected an interval of at least 1 s, got %d", ErrConfig, cfg.IntervalSeconds)
	case !unit(cfg.FillAlpha):
		return fmt.Errorf("%w: expected a weight of the last fill in 0..1, got %v", ErrConfig, cfg.FillAlpha)
	case len(cfg.PairCosts) != 0 && len(cfg.PairCosts) != n*n:
		return fmt.Errorf("%w: expected the costs of %d*%d pairs or none, got %d", ErrConfig, n, n, len(cfg.PairCosts))
	case cfg.Crossing.Cost.Sign() < 0 || cfg.Crossing.Gate.Deviations.Sign() < 0 || cfg.Crossing.Gate.MaxAgeSeconds < 0:
		return fmt.Errorf("%w: expected a cost, deviations and an age for crossing of 0 or more, got %v, %v and %d s",
			ErrConfig, cfg.Crossing.Cost, cfg.Crossing.Gate.Deviations, cfg.Crossing.Gate.MaxAgeSeconds)
	}
	return cfg.Auction.validate()
}

// validate opens a lot at the widest terms: what refuses it would refuse every lot.
func (a *AuctionConfig) validate() error {
	if err := a.Width.Validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if err := a.Pace.Validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if a.MinLot.Sign() < 0 {
		return fmt.Errorf("%w: expected a smallest lot of 0 or more, got %v", ErrConfig, a.MinLot)
	}
	var c fixed.Calc // the cap is below 1
	one := fixed.One()
	curve, err := a.curve(auction.Range{Start: c.Add(one, a.Width.Cap), Reserve: c.Sub(one, a.Width.Cap)})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	lot := auction.Lot{
		Buy: 1, Curve: curve, Pace: a.Pace, TailSeconds: a.TailSeconds, OpeningBlocks: a.OpeningBlocks,
		Tranches: []auction.Tranche{{Units: fixed.NatOf(1)}},
	}
	if err := lot.Open(0); err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return nil
}

// Validate checks that a policy is complete and consistent in a universe. Whoever stores a policy calls it first; the
// cycle itself checks only what keeps a decision from running.
func (pol *Policy) Validate(u asset.Universe) error {
	n := len(pol.Assets)
	if err := pol.fits(u.Len()); err != nil {
		return err
	}
	for _, err := range []error{
		pol.Target.Validate(n), pol.Trigger.Validate(), pol.Bands.Validate(), pol.Gains.Validate(), pol.Budget.Validate(),
	} {
		if err != nil {
			return fmt.Errorf("%w: %w", ErrPolicy, err)
		}
	}
	seen := slices.Sorted(slices.Values(pol.Priority))
	for k, i := range seen {
		if int(i) != k || len(seen) != n {
			return fmt.Errorf("%w: expected each of %d positions once in the order of priority, got %v",
				ErrPolicy, n, pol.Priority)
		}
	}
	switch {
	case pol.Override > project.Priority || pol.Mode > surface.Cheapest:
		return fmt.Errorf("%w: expected a known strategy and mode, got %d and %d", ErrPolicy, pol.Override, pol.Mode)
	case len(pol.Trigger.Thresholds) != 0 && len(pol.Trigger.Thresholds) != n:
		return fmt.Errorf("%w: expected %d thresholds or none, got %d", ErrPolicy, n, len(pol.Trigger.Thresholds))
	case pol.Cost.Sign() < 0 || pol.RiskAversion.Sign() < 0:
		return fmt.Errorf("%w: expected a cost and a risk aversion of 0 or more, got %v and %v",
			ErrPolicy, pol.Cost, pol.RiskAversion)
	}
	return pol.Limits.validate()
}

func (l *Limits) validate() error {
	beyond := func(w fixed.Wad) bool { return !unit(w) }
	if beyond(l.MaxSell) || beyond(l.MaxSlippage) || slices.ContainsFunc(l.MaxWeights, beyond) {
		return fmt.Errorf("%w: expected limits of sells, slippage and weights in 0..1, got %v, %v and %v",
			ErrPolicy, l.MaxSell, l.MaxSlippage, l.MaxWeights)
	}
	if l.MinOrder.Sign() < 0 || l.MinNAV.Sign() < 0 || l.MaxPriceAgeSeconds < 0 {
		return fmt.Errorf("%w: expected a smallest order, a smallest value and an age of 0 or more, got %v, %v and %d s",
			ErrPolicy, l.MinOrder, l.MinNAV, l.MaxPriceAgeSeconds)
	}
	return nil
}

// unit reports 0 <= w <= 1.
func unit(w fixed.Wad) bool { return w.Sign() >= 0 && !fixed.One().Less(w) }

// fits checks what a decision relies on without looking: lengths, order, and what it divides by. It is cheap enough to
// be asked every time, so that no policy can stop a host.
func (pol *Policy) fits(assets int) error {
	n := len(pol.Assets)
	switch {
	case n < 1 || n > MaxPositions:
		return fmt.Errorf("%w: expected 1..%d assets, got %d", ErrPolicy, MaxPositions, n)
	case int(pol.Assets[n-1]) >= assets:
		return fmt.Errorf("%w: asset %d of a universe of %d", ErrPolicy, pol.Assets[n-1], assets)
	case pol.PeriodSeconds < 1:
		return fmt.Errorf("%w: expected an interval of at least 1 s, got %d", ErrPolicy, pol.PeriodSeconds)
	case len(pol.Limits.MinBalances) != 0 && len(pol.Limits.MinBalances) != n ||
		len(pol.Limits.MaxWeights) != 0 && len(pol.Limits.MaxWeights) != n:
		return fmt.Errorf("%w: expected %d minimum balances and largest weights or none, got %d and %d",
			ErrPolicy, n, len(pol.Limits.MinBalances), len(pol.Limits.MaxWeights))
	}
	for k := 1; k < n; k++ {
		if pol.Assets[k] <= pol.Assets[k-1] {
			return fmt.Errorf("%w: expected ascending assets, got %d after %d", ErrPolicy, pol.Assets[k], pol.Assets[k-1])
		}
	}
	for i := range pol.Payments {
		if _, found := slices.BinarySearch(pol.Assets, pol.Payments[i].Asset); !found {
			return fmt.Errorf("%w: payment %d is of asset %d, which the policy does not hold",
				ErrPolicy, i, pol.Payments[i].Asset)
		}
		if err := pol.Payments[i].Validate(); err != nil {
			return fmt.Errorf("%w: payment %d: %w", ErrPolicy, i, err)
		}
	}
	return nil
}
