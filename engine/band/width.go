package band

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Verdict is what a band says about a weight, or about all weights of a portfolio.
type Verdict uint8

// Verdicts. VerdictUnspecified is the verdict of bands that are off.
const (
	VerdictUnspecified Verdict = iota
	Hold
	Rebalance
	Halt
	verdictCount
)

var verdictText = [verdictCount]string{"unspecified", "hold", "rebalance", "halt"}

// String returns the verdict in a word.
func (v Verdict) String() string {
	if v >= verdictCount {
		return "unknown verdict"
	}
	return verdictText[v]
}

// within reports a verdict that lies inside the outer band.
func (v Verdict) within() bool { return v == Hold || v == Rebalance }

// Width is the half-width of the inner (X) and the outer (Y) band, relative to the target weight; 0 < X < Y < 1.
type Width struct{ X, Y fixed.Wad }

// Points are the weights at which a verdict changes: below upper, below lower, above lower, above upper. As in the
// source, lower and upper tell the distance from the target, not the side.
type Points struct{ BUB, BLB, ALB, AUB fixed.Wad }

// Around returns the points of a target weight above zero, rounded toward zero.
func (w Width) Around(c *fixed.Calc, target fixed.Wad) Points {
	one := fixed.One()
	return Points{
		BUB: c.MulTrunc(target, c.Sub(one, w.Y)),
		BLB: c.MulTrunc(target, c.Sub(one, w.X)),
		ALB: c.MulTrunc(target, c.Add(one, w.X)),
		AUB: c.MulTrunc(target, c.Add(one, w.Y)),
	}
}

// Classify returns Hold on BLB..ALB, both included, Rebalance between a lower and an upper point, both excluded, and
// Halt from the upper points on.
func (p Points) Classify(weight fixed.Wad) Verdict {
	switch {
	case p.BLB.Cmp(weight) <= 0 && weight.Cmp(p.ALB) <= 0:
		return Hold
	case p.BUB.Less(weight) && weight.Less(p.AUB):
		return Rebalance
	}
	return Halt
}

// Judge returns the verdict on a portfolio and the index of the asset that decided it, the lowest one among equals,
// or -1 if all hold. Bands that are off give VerdictUnspecified. The slices must be parallel: otherwise ErrLength.
func (cfg *Config) Judge(widths []Width, targets, weights []fixed.Wad) (Verdict, int, error) {
	if cfg.Estimator == Off {
		return VerdictUnspecified, -1, nil
	}
	if len(widths) != len(weights) || len(targets) != len(weights) {
		return VerdictUnspecified, -1, fmt.Errorf("%w: expected a width and a target for each weight, got %d, %d and %d",
			ErrLength, len(widths), len(targets), len(weights))
	}
	var c fixed.Calc
	verdict, worst := Hold, -1
	for i, w := range weights {
		if v := cfg.judge(&c, widths[i], targets[i], w); v > verdict {
			verdict, worst = v, i
		}
	}
	if err := c.Err(); err != nil {
		return VerdictUnspecified, -1, fmt.Errorf("band: points: %w", err)
	}
	return verdict, worst, nil
}

func (cfg *Config) judge(c *fixed.Calc, w Width, target, weight fixed.Wad) Verdict {
	switch {
	case !target.IsZero():
		return w.Around(c, target).Classify(weight)
	case cfg.Dust.Less(weight):
		return Rebalance
	}
	return Hold
}
