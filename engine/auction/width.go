package auction

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// Width is the rule that sets how far above and below the oracle's price a lot starts and ends (spec 05 §5.2).
// Widths are fractions of the price.
type Width struct {
	Base   fixed.Wad // width without any uncertainty
	Factor fixed.Wad // z, how many standard deviations to cover
	Cap    fixed.Wad // widest allowed, below 1
	// MaxAgeSeconds is the oldest price that may open a lot.
	MaxAgeSeconds int64
}

// Validate checks 0 <= Base <= Cap < 1, Factor >= 0 and MaxAgeSeconds >= 0.
func (w Width) Validate() error {
	switch {
	case w.Base.Sign() < 0 || w.Cap.Less(w.Base) || !w.Cap.Less(fixed.One()):
		return fmt.Errorf("%w: expected 0 <= base <= cap < 1, got %v and %v", ErrWidth, w.Base, w.Cap)
	case w.Factor.Sign() < 0 || w.MaxAgeSeconds < 0:
		return fmt.Errorf("%w: expected a factor and an age of 0 or more, got %v and %d s",
			ErrWidth, w.Factor, w.MaxAgeSeconds)
	}
	return nil
}

// Anchor is what the oracle knows about a pair when a lot opens.
type Anchor struct {
	Mid        fixed.Wad // pair price
	Confidence fixed.Wad // relative
	Sigma      fixed.Wad // annual volatility of the pair price
	AgeSeconds int64     // of the price
	// DelaySeconds is the time from now to the first clearing.
	DelaySeconds int64
	Healthy      bool // quorum, no breaker
}

// check refuses what must not open a lot.
func (w Width) check(a Anchor) error {
	switch {
	case !a.Healthy:
		return fmt.Errorf("%w: the oracle is not healthy", ErrStale)
	case a.AgeSeconds > w.MaxAgeSeconds:
		return fmt.Errorf("%w: expected an age of at most %d s, got %d s", ErrStale, w.MaxAgeSeconds, a.AgeSeconds)
	case a.AgeSeconds < 0 || a.DelaySeconds < 0 || a.DelaySeconds > MaxDurationSeconds:
		return fmt.Errorf("%w: expected an age of 0 s or more and a delay of 0..%d s, got %d s and %d s",
			ErrWidth, MaxDurationSeconds, a.AgeSeconds, a.DelaySeconds)
	case a.Mid.Sign() <= 0 || a.Confidence.Sign() < 0 || a.Sigma.Sign() < 0:
		return fmt.Errorf("%w: expected a price above 0, a confidence and a volatility of 0 or more, got %v, %v, %v",
			ErrWidth, a.Mid, a.Confidence, a.Sigma)
	}
	return nil
}

// Alpha is the width around an anchor, base + z*sqrt(confidence^2 + sigma^2*age/year), uncapped, every step rounded
// down. Base is that of the Spread, or the rule's own.
func (w Width) Alpha(c *fixed.Calc, base fixed.Wad, a Anchor) fixed.Wad {
	age := c.Add(fixed.FromRaw(a.AgeSeconds), fixed.FromRaw(a.DelaySeconds))
	drift := c.MulDivDown(c.MulDown(a.Sigma, a.Sigma), age, fixed.FromRaw(oracle.SecondsPerYear))
	spread := c.Sqrt(c.Add(c.MulDown(a.Confidence, a.Confidence), drift))
	return c.Add(base, c.MulDown(w.Factor, spread))
}

// Range is where a lot starts and ends.
type Range struct {
	Start, Reserve           fixed.Wad // prices, rounded up
	StartWidth, ReserveWidth fixed.Wad // fractions of the mid price
	// Capped says that the rule's cap, and Bound that the owners' slippage, cut a width: a host reports both.
	Capped, Bound bool
}

// Range sets start and reserve around an anchor: mid*(1+width) and mid*(1-width), rounded up for the seller. The
// width of the reserve is at most maxSlippage, the largest that an owner of the lot accepts; owners who accept less
// have a tranche of their own. ErrStale means that the lot must not open.
func (w Width) Range(s Spread, a Anchor, maxSlippage fixed.Wad) (Range, error) {
	if err := w.check(a); err != nil {
		return Range{}, err
	}
	if maxSlippage.Sign() < 0 {
		return Range{}, fmt.Errorf("%w: expected a slippage of 0 or more, got %v", ErrWidth, maxSlippage)
	}
	var c fixed.Calc
	start, reserve := w.Alpha(&c, s.Start, a), w.Alpha(&c, s.Reserve, a)
	r := Range{Capped: w.Cap.Less(start.Max(reserve))}
	r.StartWidth = start.Min(w.Cap)
	r.ReserveWidth = reserve.Min(w.Cap)
	r.Bound = maxSlippage.Less(r.ReserveWidth)
	r.ReserveWidth = r.ReserveWidth.Min(maxSlippage)
	r.Start = c.MulUp(a.Mid, c.Add(fixed.One(), r.StartWidth))
	r.Reserve = c.MulUp(a.Mid, c.Sub(fixed.One(), r.ReserveWidth))
	if err := c.Err(); err != nil {
		return Range{}, fmt.Errorf("%w: around %v: %w", ErrWidth, a.Mid, err)
	}
	return r, nil
}

// Spread is the memory of the width rule for a pair: the base widths in use, and how many auctions in a row sold less
// than half. Width.Spread gives the first.
type Spread struct {
	Start, Reserve fixed.Wad
	Thin           uint8
}

// Spread is the state without experience: the rule's base on both sides.
func (w Width) Spread() Spread { return Spread{Start: w.Base, Reserve: w.Base} }

// Change is a set of reasons why a Spread differs from the one before; 0 means that it does not. A host logs every
// change.
type Change uint8

// The reasons.
const (
	// StartWidened says that the opening batch sold more than half: the start was too low.
	StartWidened Change = 1 << iota
	// ReserveWidened says that two auctions in a row sold less than half: the reserve was too high.
	ReserveWidened
	// Narrowed says that neither was so and a width went a tenth of its way back to the base.
	Narrowed
)

// String lists the reasons.
func (ch Change) String() string {
	switch ch {
	case 0:
		return "unchanged"
	case StartWidened:
		return "start widened"
	case ReserveWidened:
		return "reserve widened"
	case StartWidened | ReserveWidened:
		return "start and reserve widened"
	case Narrowed:
		return "narrowed"
	}
	return fmt.Sprintf("change %d", uint8(ch))
}

// Result is what the width rule learns from an auction: the parts of the units on offer, 0 to 1, that the opening batch
// and that the whole auction sold.
type Result struct{ Opening, Total fixed.Wad }

// ResultOf is the result of a closed lot whose Tally has the opening part. What sold in total is measured on the units
// that were for sale down to the reserve: a seller's own limit above it says nothing about the reserve, and would let
// anybody widen a pair's by offers that nobody takes. A lot without such units has a total of 1, which widens nothing.
func ResultOf(l *Lot, opening fixed.Wad) Result {
	var c fixed.Calc // cannot fail: the units are those of a lot
	var units, sold asset.Amount
	for i := range l.Tranches {
		if t := &l.Tranches[i]; !l.Curve.Reserve.Less(t.Limit) {
			units, sold = c.AddNat(units, t.Units), c.AddNat(sold, t.Sold)
		}
	}
	if units.IsZero() {
		return Result{Opening: opening, Total: fixed.One()}
	}
	return Result{Opening: opening, Total: c.DivDown(sold.Raw(), units.Raw())}
}

// thinRow is the number of thin auctions in a row that widen the reserve.
const thinRow = 2

// Adapt learns from an auction: a start that sold more than half at once widens by a quarter, a reserve that twice in
// a row sold less than half as well, both up to the cap; otherwise both go a tenth of their way back to the base.
func (w Width) Adapt(s Spread, r Result) (Spread, Change, error) {
	if err := checkResult(r); err != nil {
		return s, 0, err
	}
	half := fixed.FromBps(5000)
	next := s
	next.Thin = 0
	if r.Total.Less(half) {
		next.Thin = min(s.Thin, thinRow-1) + 1
	}
	var c fixed.Calc
	widenStart, widenReserve := half.Less(r.Opening), next.Thin == thinRow
	if widenStart {
		next.Start = w.widen(&c, s.Start)
	}
	if widenReserve {
		next.Reserve = w.widen(&c, s.Reserve)
	}
	if !widenStart && !widenReserve {
		next.Start, next.Reserve = w.narrow(&c, s.Start), w.narrow(&c, s.Reserve)
	}
	if err := c.Err(); err != nil {
		return s, 0, fmt.Errorf("%w: adapting %v and %v: %w", ErrWidth, s.Start, s.Reserve, err)
	}
	return next, changeOf(s, next, widenStart || widenReserve), nil
}

func checkResult(r Result) error {
	for _, part := range []fixed.Wad{r.Opening, r.Total} {
		if part.Sign() < 0 || fixed.One().Less(part) {
			return fmt.Errorf("%w: expected parts of 0..1, got %v and %v", ErrWidth, r.Opening, r.Total)
		}
	}
	return nil
}

func changeOf(before, after Spread, widened bool) Change {
	var ch Change
	if before.Start != after.Start {
		ch |= StartWidened
	}
	if before.Reserve != after.Reserve {
		ch |= ReserveWidened
	}
	if ch != 0 && !widened {
		return Narrowed
	}
	return ch
}

// widen is min(cap, width*1.25), rounded down.
func (w Width) widen(c *fixed.Calc, width fixed.Wad) fixed.Wad {
	return c.MulTrunc(width, fixed.FromBps(12_500)).Min(w.Cap)
}

// narrow is base + (width-base)*0.9, rounded toward the base.
func (w Width) narrow(c *fixed.Calc, width fixed.Wad) fixed.Wad {
	return c.Add(w.Base, c.MulTrunc(c.Sub(width, w.Base), fixed.FromBps(9000)))
}

// Steps is the number of steps of one block from start to reserve: patience is nearly free, so as many as the window
// has blocks. It fails with ErrWindow, naming the number that is needed, when these would fall faster than maxDecay,
// the logarithmic decay per block that a loss budget allows (spec 05 §5.5): then take a larger budget, a narrower
// range or a longer window. The logarithm is exact to the last digits for ratios that a cap of 0.2 allows.
func Steps(start, reserve, maxDecay fixed.Wad, windowSeconds, blockSeconds int64) (uint64, error) {
	if maxDecay.Sign() <= 0 || blockSeconds <= 0 || windowSeconds < 0 || start.Less(reserve) {
		return 0, fmt.Errorf("%w: expected a decay and a block time above 0 and a falling price, got %v, %d s, %v to %v",
			ErrCurve, maxDecay, blockSeconds, start, reserve)
	}
	var c fixed.Calc
	needed, _ := c.MulDivUp(c.LnRatio(start, reserve), fixed.FromRaw(1), maxDecay).RawUint() // the series is below 5
	if err := c.Err(); err != nil {
		return 0, fmt.Errorf("%w: steps from %v to %v with a decay of %v: %w", ErrCurve, start, reserve, maxDecay, err)
	}
	steps := uint64(windowSeconds / blockSeconds) //nolint:gosec // not negative
	if steps < max(needed, 1) {
		return 0, fmt.Errorf("%w: expected at least %d blocks, got %d", ErrWindow, max(needed, 1), steps)
	}
	return steps, nil
}
