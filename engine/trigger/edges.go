package trigger

import "github.com/ballast-finance/ballast/engine/fixed"

// Edges sets the weights beyond which an asset's drift alone fires: below lower or above upper, each rounded toward its
// target. It looks at the same thresholds as Step would now, and leaves the state alone. It is false, with nothing set,
// for a mode that has no threshold for each asset: Always, Time, Band, and Aggregate. It is for reports.
func (cfg *Config) Edges(c *fixed.Calc, st State, in Input, targets, lower, upper []fixed.Wad) bool {
	measure := cfg.measure()
	if measure != Absolute && measure != Relative {
		return false
	}
	theta, law := cfg.theta(c, &st, &in)
	multiple := cfg.Scaling.multiple(c)
	for i, target := range targets {
		width := cfg.own(c, i, theta)
		switch {
		case law == Diffusion:
			width = cfg.Scaling.reach(c, target, theta, multiple)
		case measure == Relative && target.IsZero():
			width = cfg.Dust
		case measure == Relative:
			width = c.MulTrunc(width, target)
		}
		lower[i] = c.Sub(target, width).Max(fixed.Wad{})
		upper[i] = c.Add(target, width).Min(fixed.One())
	}
	return true
}
