package target

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Kind is the rule that makes the target weights.
type Kind uint8

const (
	// KindUnspecified is not a rule: a schedule must choose.
	KindUnspecified Kind = iota
	// ConstantMix keeps the weights.
	ConstantMix
	// Glide moves from the weights From at Start to Weights at End, in a straight line.
	Glide
	// BuyAndHold wants what is held, so that nothing is traded except for bounds.
	BuyAndHold
	// CPPI holds a multiple of what lies above the floor in the risky mix Weights, the rest in the safe mix From.
	CPPI
	// TIPP is CPPI with a floor that follows the value up.
	TIPP
	// VolTarget holds as much of the risky mix Weights as the target volatility allows, the rest in the safe mix From.
	VolTarget
	// InverseVol shares the risk budget Weights: weights are in proportion to budget/volatility.
	InverseVol
)

// String is the name of the kind, such as "constant mix".
func (k Kind) String() string {
	names := kindNames()
	if int(k) >= len(names) {
		return fmt.Sprintf("kind %d", uint8(k))
	}
	return names[k]
}

// kindNames is a function because a package variable could be changed.
func kindNames() []string {
	return []string{
		"unspecified", "constant mix", "glide", "buy and hold", "CPPI", "TIPP", "volatility target", "inverse volatility",
	}
}

// Schedule is a rule with its parameters. Weights are parts of 1, ordered by asset. Fields that the rule does not
// name are ignored.
type Schedule struct {
	Kind Kind
	// Weights is the constant mix, the end of the glide, the risky mix, or the risk budget. It adds up to exactly 1.
	Weights []fixed.Wad
	// From is the start of the glide or the safe mix. It adds up to exactly 1.
	From []fixed.Wad
	// Start and End bound the glide, in seconds of block time.
	Start, End int64
	// Floor is the value that must not be lost, in the unit of account.
	Floor fixed.Wad
	// FloorRate is the simple interest of the floor per year, 0.03 being 3 %.
	FloorRate fixed.Wad
	// Multiplier times the cushion is the risky exposure. See MaxMultiplier.
	Multiplier fixed.Wad
	// MaxExposure is the largest part of the value in the risky mix, above 0 and at most 1.
	MaxExposure fixed.Wad
	// Ratchet is the part of the value that the floor of a TIPP follows up, above 0 and below 1.
	Ratchet fixed.Wad
	// TargetSigma is the annual volatility that VolTarget aims at.
	TargetSigma fixed.Wad
	// Min and Max bound each weight. An empty list means no bound.
	Min, Max []fixed.Wad
}

// State is what a rule remembers between evaluations: the floor and when it was set or last raised, in seconds of
// block time. The zero State starts a new floor at the Floor of the schedule.
type State struct {
	Floor     fixed.Wad
	FloorTime int64
}

// Input is what a rule may look at. Current are the weights held (BuyAndHold), Sigma the annual volatilities
// (VolTarget, InverseVol), NAV the value (CPPI, TIPP).
type Input struct {
	Now     int64
	NAV     fixed.Wad
	Current []fixed.Wad
	Sigma   []fixed.Wad
}

// Workspace keeps the buffers of At, Bound and Cap. The zero value is ready; it must not be shared.
type Workspace struct {
	splitter fixed.Splitter
	free     []fixed.Wad
	share    []fixed.Wad
	limits   []fixed.Wad
}

// At sets dst, one entry for each asset, to the target weights of a valid schedule. They are not negative and add up to
// exactly 1. It returns the state of the next evaluation; after an error that is st, and dst is not usable.
func At(ws *Workspace, s *Schedule, st State, in Input, dst []fixed.Wad) (State, error) {
	if err := s.fits(&in, len(dst)); err != nil {
		return st, err
	}
	next, err := s.weigh(st, &in, dst)
	if err != nil {
		return st, fmt.Errorf("%v: %w", s.Kind, err)
	}
	if err := ws.finish(s, dst); err != nil {
		return st, fmt.Errorf("%v: %w", s.Kind, err)
	}
	return next, nil
}

// weigh sets dst to weights that add up to 1 but for rounding.
func (s *Schedule) weigh(st State, in *Input, dst []fixed.Wad) (State, error) {
	var c fixed.Calc
	next := st
	switch s.Kind {
	case ConstantMix:
		copy(dst, s.Weights)
	case Glide:
		s.glide(&c, in.Now, dst)
	case BuyAndHold:
		hold(&c, in.Current, dst)
	case CPPI, TIPP:
		next = s.guard(&c, st, in)
		s.mix(&c, s.exposure(&c, next, in), dst)
	case VolTarget:
		s.mix(&c, s.leverage(&c, in.Sigma), dst)
	case InverseVol:
		s.spread(&c, in.Sigma, dst)
	case KindUnspecified: // refused by fits
	}
	return next, c.Err()
}

// finish makes dst add up to exactly 1 inside the bounds.
func (ws *Workspace) finish(s *Schedule, dst []fixed.Wad) error {
	if len(s.Min) > 0 || len(s.Max) > 0 {
		return Bound(ws, dst, dst, s.Min, s.Max)
	}
	var c fixed.Calc
	sum := total(&c, dst)
	switch {
	case c.Err() != nil:
		return c.Err()
	case sum == fixed.One():
		return nil
	case sum.IsZero():
		return fmt.Errorf("%w: expected a positive weight, got only zeros", ErrWeights)
	}
	return ws.splitter.LargestRemainder(dst, dst, fixed.One())
}

func total(c *fixed.Calc, weights []fixed.Wad) fixed.Wad {
	var sum fixed.Wad
	for _, w := range weights {
		sum = c.Add(sum, w)
	}
	return sum
}
