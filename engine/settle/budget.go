package settle

import (
	"errors"
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// ErrBudget says that a budget's configuration or a raise of its cap is not valid.
var ErrBudget = errors.New("settle: invalid budget")

// resumeParts is the part of the cap that must be back before a halted portfolio resumes: one in resumeParts.
const resumeParts = 4

// BudgetConfig is a loss budget: Cap, a fraction of the net asset value, per window. A cap of zero is no budget:
// nothing is charged and nothing halts.
type BudgetConfig struct {
	Cap           fixed.Wad
	WindowSeconds int64
}

// DefaultBudget is 1 % in 7 days.
func DefaultBudget() BudgetConfig { return BudgetConfig{fixed.FromBps(100), 7 * 86_400} }

// Validate checks the configuration.
func (cfg BudgetConfig) Validate() error {
	if cfg.Cap.Sign() < 0 || fixed.One().Less(cfg.Cap) {
		return fmt.Errorf("%w: expected a cap of 0..1, got %v", ErrBudget, cfg.Cap)
	}
	if cfg.WindowSeconds <= 0 && !cfg.Cap.IsZero() {
		return fmt.Errorf("%w: expected a window of more than 0 s, got %d", ErrBudget, cfg.WindowSeconds)
	}
	return nil
}

// Budget is the state of a loss budget. The zero value is a full one.
type Budget struct {
	Spent  fixed.Wad // of the net asset value; what is left is the cap less this
	Time   int64     // up to when it has refilled
	Halted bool
}

// Left is what may still be lost, a fraction of the net asset value; negative after a loss beyond the cap.
func (b Budget) Left(cfg BudgetConfig) fixed.Wad {
	var c fixed.Calc // both are small
	return c.Sub(cfg.Cap, b.Spent)
}

// At returns the budget at a time: refilled by Cap/WindowSeconds for every second since the last, rounded down, and no
// longer halted when a quarter of the cap is left. A time before the last changes nothing.
func (b Budget) At(cfg BudgetConfig, now int64) (Budget, error) {
	if cfg.Cap.IsZero() {
		return Budget{}, nil
	}
	if now < b.Time {
		return b, nil
	}
	var c fixed.Calc
	next := Budget{Time: now}
	elapsed := c.Sub(fixed.FromRaw(now), fixed.FromRaw(b.Time))
	refill := c.MulDivDown(cfg.Cap, elapsed, fixed.FromRaw(cfg.WindowSeconds))
	next.Spent = c.Sub(b.Spent, refill).Max(fixed.Wad{})
	enough := !c.MulInt(next.Left(cfg), resumeParts).Less(cfg.Cap)
	next.Halted = b.Halted && !enough
	if err := c.Err(); err != nil {
		return b, err
	}
	return next, nil
}

// Charge returns the budget after a settlement with a shortfall, a fraction of the net asset value; a gain is negative
// and refills at most to the cap. Beyond the cap the budget is halted.
func (b Budget) Charge(cfg BudgetConfig, now int64, shortfall fixed.Wad) (Budget, error) {
	next, err := b.At(cfg, now)
	if err != nil || cfg.Cap.IsZero() {
		return next, err
	}
	var c fixed.Calc
	next.Spent = c.Add(next.Spent, shortfall).Max(fixed.Wad{})
	if err := c.Err(); err != nil {
		return b, err
	}
	next.Halted = next.Halted || cfg.Cap.Less(next.Spent)
	return next, nil
}

// Raise returns the budget after its owner raised the cap: what was spent stays spent, and the portfolio resumes at
// once. The new cap must be larger than the old and cover what was spent. The caller stores the new configuration.
func (b Budget) Raise(cfg BudgetConfig, now int64, larger fixed.Wad) (Budget, error) {
	raised := BudgetConfig{larger, cfg.WindowSeconds}
	if err := raised.Validate(); err != nil {
		return b, err
	}
	next, err := b.At(cfg, now)
	if err != nil {
		return b, err
	}
	if least := cfg.Cap.Max(next.Spent); !least.Less(larger) {
		return b, fmt.Errorf("%w: expected a cap above %v, got %v", ErrBudget, least, larger)
	}
	next.Halted = false
	return next, nil
}

// ResumeSeconds is how long after Time a halted budget resumes by itself; zero if it is not halted.
func (b Budget) ResumeSeconds(cfg BudgetConfig) (int64, error) {
	if !b.Halted {
		return 0, nil
	}
	// Cap*t/Window, rounded down, must reach what is missing to a quarter of the cap.
	var c fixed.Calc
	enough := c.MulDivUp(cfg.Cap, fixed.FromRaw(1), fixed.FromRaw(resumeParts))
	missing := c.Sub(enough, b.Left(cfg)).Max(fixed.Wad{})
	seconds, fits := c.MulDivUp(missing, fixed.FromRaw(cfg.WindowSeconds), cfg.Cap).RawUint()
	if !fits || seconds > 1<<63-1 {
		c.Fail(fixed.ErrOverflow)
	}
	return int64(seconds), c.Err() //nolint:gosec // just checked
}

// Shortfall is what an execution lost against the mid at the block of the fill, a fraction of the net asset value,
// rounded toward zero: (sold - proceeds)/nav, with both valued at that mid. It is negative for a gain.
func Shortfall(c *fixed.Calc, sold, proceeds, nav fixed.Wad) fixed.Wad {
	return c.DivTrunc(c.Sub(sold, proceeds), nav)
}

// StaleShortfall is charged when there is no healthy mid to measure against: the worst that the reserve price allowed,
// width below the mid, of the value sold.
func StaleShortfall(c *fixed.Calc, sold, width, nav fixed.Wad) fixed.Wad {
	return c.MulDivUp(sold, width, nav)
}
