package target

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Validate checks that the schedule is complete and consistent for n assets. It returns the first of ErrKind,
// ErrLength, ErrWeights, ErrPeriod, ErrFloor, ErrMultiplier, ErrExposure, ErrSigma and ErrBounds that applies.
func (s *Schedule) Validate(n int) error {
	if !s.Kind.exists() {
		return s.noKind()
	}
	if s.Kind.weighs() {
		if err := validWeights("weights", s.Weights, n); err != nil {
			return err
		}
	}
	if s.Kind.mixes() {
		if err := validWeights("weights to come from", s.From, n); err != nil {
			return err
		}
	}
	if err := s.validRule(); err != nil {
		return err
	}
	return bounds{s.Min, s.Max}.check(n)
}

// exists reports a kind that is a rule.
func (k Kind) exists() bool { return KindUnspecified < k && k <= InverseVol }

func (s *Schedule) noKind() error {
	return fmt.Errorf("%w: expected one of the kinds of package target, got %v", ErrKind, s.Kind)
}

// weighs reports a kind that uses Weights.
func (k Kind) weighs() bool { return k != BuyAndHold }

// mixes reports a kind that uses From.
func (k Kind) mixes() bool { return k == Glide || k == CPPI || k == TIPP || k == VolTarget }

// guards reports a kind with a floor.
func (k Kind) guards() bool { return k == CPPI || k == TIPP }

// watches reports a kind that looks at volatilities.
func (k Kind) watches() bool { return k == VolTarget || k == InverseVol }

func (s *Schedule) validRule() error {
	switch {
	case s.Kind == Glide && (s.Start < 0 || s.End <= s.Start):
		return fmt.Errorf("%w: expected 0 <= start < end, got %d and %d", ErrPeriod, s.Start, s.End)
	case (s.Kind.guards() || s.Kind == VolTarget) && !inUnit(s.MaxExposure):
		return fmt.Errorf("%w: expected more than 0 and at most 1, got %v", ErrExposure, s.MaxExposure)
	case s.Kind == VolTarget && s.TargetSigma.Sign() <= 0:
		return fmt.Errorf("%w: expected a positive target, got %v", ErrSigma, s.TargetSigma)
	case s.Kind.guards():
		return s.validFloor()
	}
	return nil
}

func (s *Schedule) validFloor() error {
	switch {
	case s.Floor.Sign() < 0 || s.FloorRate.Sign() < 0:
		return fmt.Errorf("%w: expected a floor and a rate of 0 or more, got %v and %v", ErrFloor, s.Floor, s.FloorRate)
	case s.Multiplier.Sign() <= 0:
		return fmt.Errorf("%w: expected more than 0, got %v", ErrMultiplier, s.Multiplier)
	case s.Kind == TIPP && (!inUnit(s.Ratchet) || s.Ratchet == fixed.One()):
		return fmt.Errorf("%w: expected a ratchet above 0 and below 1, got %v", ErrFloor, s.Ratchet)
	}
	return nil
}

// inUnit reports 0 < a <= 1.
func inUnit(a fixed.Wad) bool { return a.Sign() > 0 && a.Cmp(fixed.One()) <= 0 }

func validWeights(what string, weights []fixed.Wad, n int) error {
	if len(weights) != n {
		return fmt.Errorf("%w: expected %d %s, got %d", ErrLength, n, what, len(weights))
	}
	var c fixed.Calc
	for i, w := range weights {
		if w.Sign() < 0 {
			return fmt.Errorf("%w: %s: expected 0 or more, got %v for asset %d", ErrWeights, what, w, i)
		}
	}
	if sum := total(&c, weights); c.Err() != nil || sum != fixed.One() {
		return fmt.Errorf("%w: %s: expected a sum of exactly 1, got %v", ErrWeights, what, sum)
	}
	return nil
}

// fits checks the lists that At is about to walk: a schedule that was not validated must not take a host down.
func (s *Schedule) fits(in *Input, n int) error {
	switch {
	case !s.Kind.exists():
		return s.noKind()
	case s.Kind.weighs() && len(s.Weights) != n:
		return fmt.Errorf("%w: expected %d weights, got %d", ErrLength, n, len(s.Weights))
	case s.Kind.mixes() && len(s.From) != n:
		return fmt.Errorf("%w: expected %d weights to come from, got %d", ErrLength, n, len(s.From))
	case s.Kind == BuyAndHold && len(in.Current) != n:
		return fmt.Errorf("%w: expected %d current weights, got %d", ErrLength, n, len(in.Current))
	case s.Kind.watches() && len(in.Sigma) != n:
		return fmt.Errorf("%w: expected %d volatilities, got %d", ErrLength, n, len(in.Sigma))
	}
	return nil
}
