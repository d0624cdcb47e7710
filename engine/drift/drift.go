package drift

import (
	"errors"
	"fmt"
	"math/bits"

	"github.com/ballast-finance/ballast/engine/fixed"
)

var (
	// ErrLength says that there is not one target for each value.
	ErrLength = errors.New("drift: lengths differ")
	// ErrNoValue says that a portfolio is worth nothing and so has no weights.
	ErrNoValue = errors.New("drift: no value")
	// ErrValue says that the value of a holding is negative.
	ErrValue = errors.New("drift: negative value")
	// ErrTarget says that a target weight is outside 0..1.
	ErrTarget = errors.New("drift: target outside 0..1")
)

// Report is the distance of one portfolio from its target at one moment. All slices are parallel, ordered by asset.
type Report struct {
	// NAV is the net asset value, in the unit of account.
	NAV fixed.Wad
	// Values are the values of the holdings, in the unit of account.
	Values []fixed.Wad
	// Weights are value/NAV, rounded toward zero.
	Weights []fixed.Wad
	// Targets are the target weights.
	Targets []fixed.Wad
	// Errors are target less weight, exactly.
	Errors []fixed.Wad
	// L1 is half the sum of the absolute errors, rounded down: the turnover, one way, that restores the target.
	L1 fixed.Wad
	// MaxAbs is the largest absolute error.
	MaxAbs fixed.Wad
	// MaxStray is the largest weight of an asset that has no target.
	MaxStray fixed.Wad

	rel, whole uint64 // the largest relative error as a fraction of raw counts; whole is zero without a target
}

// MaxRel returns the largest absolute error in parts of its target, rounded down, over the assets with a target. It
// costs a division and few triggers ask for it, so Measure keeps it as a fraction.
func (r *Report) MaxRel() fixed.Wad {
	if r.whole == 0 {
		return fixed.Wad{}
	}
	var c fixed.Calc // a target is not zero here
	return c.DivTrunc(fixed.FromRawUint(r.rel), fixed.FromRawUint(r.whole))
}

// Measure fills the report. It returns ErrNoValue when the values add up to nothing, ErrValue, ErrTarget or ErrLength
// when they are not values and weights of one portfolio, and fixed.ErrOverflow; after an error the report is not
// usable.
func Measure(r *Report, values, targets []fixed.Wad) error {
	if len(values) != len(targets) {
		return fmt.Errorf("%w: expected a target for each value, got %d values and %d targets",
			ErrLength, len(values), len(targets))
	}
	var c fixed.Calc
	nav, err := total(&c, values)
	if err != nil {
		return err
	}
	r.reset(nav, values, targets)
	var p peak
	var sum, carry uint64 // a sum beyond one word, 18 times the whole, is of targets that are not one portfolio's
	weigh := divider(nav)
	for i, v := range values {
		w := weigh.down(&c, v)
		r.Weights = append(r.Weights, fixed.FromRawUint(w))
		target, fits := targets[i].RawUint()
		if !fits || target > oneRaw {
			return fmt.Errorf("%w: expected 0..1, got %v for asset %d", ErrTarget, targets[i], i)
		}
		e := int64(target) - int64(w) //nolint:gosec // both are at most 1e18
		r.Errors = append(r.Errors, fixed.FromRaw(e))
		if sum, carry = bits.Add64(sum, magnitude(e), 0); carry != 0 {
			return fmt.Errorf("%w: expected targets that add up to 1, got more than 17", ErrTarget)
		}
		p.see(magnitude(e), target)
	}
	r.L1 = fixed.FromRawUint(sum / 2)
	p.write(r)
	return nil // no step since total can fail: weights and targets are at most 1
}

// share divides by one net asset value many times: where it fits 128 bits, by a reciprocal that is computed once.
type share struct {
	nav   fixed.Wad
	whole fixed.Whole
	short bool
}

func divider(nav fixed.Wad) share {
	var c fixed.Calc
	n := c.Nat(nav)
	if c.Err() != nil {
		return share{nav: nav}
	}
	return share{whole: fixed.NewWhole(n), short: true}
}

// down is the raw count of v/nav rounded down, for 0 <= v <= nav: it is at most 1.
func (s *share) down(c *fixed.Calc, v fixed.Wad) uint64 {
	if s.short {
		return s.whole.Weight(c.Nat(v))
	}
	w, _ := c.DivDown(v, s.nav).RawUint()
	return w
}

// L2Norm returns the root of the sum of the squared errors. It costs a product per asset and a root, and few triggers
// ask for it, so it is not a part of Measure.
func (r *Report) L2Norm(c *fixed.Calc) fixed.Wad {
	var sum fixed.Wad
	for _, e := range r.Errors {
		sum = c.Add(sum, c.MulTrunc(e, e))
	}
	return c.Sqrt(sum)
}

// oneRaw is the raw count of the weight 1. A weight fits one machine word, so what follows the division is plain
// integer arithmetic.
const oneRaw = 1_000_000_000_000_000_000

func (r *Report) reset(nav fixed.Wad, values, targets []fixed.Wad) {
	r.NAV, r.L1 = nav, fixed.Wad{}
	r.Values = append(r.Values[:0], values...)
	r.Targets = append(r.Targets[:0], targets...)
	r.Weights, r.Errors = r.Weights[:0], r.Errors[:0]
}

// total adds up the values.
func total(c *fixed.Calc, values []fixed.Wad) (fixed.Wad, error) {
	var nav fixed.Wad
	for i, v := range values {
		if v.Sign() < 0 {
			return fixed.Wad{}, fmt.Errorf("%w: expected 0 or more, got %v for asset %d", ErrValue, v, i)
		}
		nav = c.Add(nav, v)
	}
	if err := c.Err(); err != nil {
		return fixed.Wad{}, fmt.Errorf("drift: net asset value: %w", err)
	}
	if nav.IsZero() {
		return fixed.Wad{}, fmt.Errorf("%w: expected a positive net asset value, got 0 of %d assets",
			ErrNoValue, len(values))
	}
	return nav, nil
}

func magnitude(e int64) uint64 {
	if e < 0 {
		return uint64(-e)
	}
	return uint64(e)
}

// peak finds the largest errors in raw counts. Relative errors are compared as fractions, by cross-multiplying, and
// only the largest is divided: a division costs more than the rest of an asset's measurement together.
type peak struct {
	abs, stray uint64
	rel, whole uint64 // the fraction rel/whole; whole is zero until an asset with a target is seen
}

func (p *peak) see(abs, target uint64) {
	p.abs = max(p.abs, abs)
	if target == 0 {
		p.stray = max(p.stray, abs)
		return
	}
	hi, lo := bits.Mul64(abs, p.whole)
	bestHi, bestLo := bits.Mul64(p.rel, target)
	if p.whole == 0 || hi > bestHi || hi == bestHi && lo > bestLo {
		p.rel, p.whole = abs, target
	}
}

func (p *peak) write(r *Report) {
	r.MaxAbs, r.MaxStray = fixed.FromRawUint(p.abs), fixed.FromRawUint(p.stray)
	r.rel, r.whole = p.rel, p.whole
}
