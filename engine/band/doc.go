// Package band draws four points around a target weight and says whether a weight may stay (Hold), should be brought
// back (Rebalance) or is so far out that something is wrong (Halt). It also holds what follows a halt, as a state
// machine. Source: spec 02 §2.3, §2.5 and §2.6.
//
//	BUB = W(1-y)   BLB = W(1-x)   target W   ALB = W(1+x)   AUB = W(1+y)        0 < x < y < 1
//	 ---- Halt ---|-- Rebalance --|------ Hold ------|-- Rebalance --|--- Halt ----
//
// ALB and BLB belong to Hold, AUB and BUB to Halt. A portfolio halts if one asset does, holds if all do.
//
// # Widths
//
// With sd the deviation of a weight, estimated from the last 30 daily samples (Samples):
//
//	x = clamp(k1*sd/W, max(MinX, h/W), MaxX)      h = half-width of the no-trade region (package cost)
//	y = min(max(k2*sd/W, Ratio*x), MaxY)
//
//	Levels      sd = sample deviation of the weight itself
//	Increments  sd = sqrt(H * mean d^2), d = weight of today less weight after yesterday's trades
//	Robust      sd = 1.4826 * median|d| * sqrt(H)
//	NoTrade     sd = 0, so that x is h/W within its limits
//	Static      x and y are given
//
// Levels feeds back on itself: wide bands let a weight drift, and drift widens the bands. Increments leaves the
// portfolio's own trades out, and is the default. A day without a sample is left out, never repeated: an increment
// across it is not a daily one and does not count. Below WarmUp samples the given widths hold.
// A width may follow the market's volatility instead: Config.Scale times what an Exponent makes of it, or Config.Spread
// with a deviation of cost.Diffusion times Horizon.
//
// # States
//
//	Converging -> Armed      all weights are inside the outer band
//	Armed -> Halted          a weight is outside of it
//	Halted -> Armed          all weights were inside for m samples (or what the halt interrupted)
//	Halted -> Recovery       prices confirmed the move for T, or a release with price bounds
//	Recovery -> Armed        all weights are inside
//	any -> Halted            a breaker opens
//	any -> Converging        the target is changed
//
// A breaker halts a Converging portfolio too, and as the outer bound is not armed there, m healthy samples are enough
// to go on converging. On a sample whose prices are not healthy no verdict counts. Every change of phase comes with an
// Event that names its cause. While Halted no sample is taken, so the bands stay as they were (Machine.Frozen).
//
// # Rounding
//
// Points, widths and deviations round toward zero; sums over samples are exact, so no history leaves a trace.
//
// # Limits and errors
//
// Weights and targets are in 0..1. A target of zero has no relative width: such an asset is held up to Config.Dust and
// otherwise rebalanced, it never halts. ErrConfig, ErrWeight and ErrLength say what was wrong.
package band
