// Package cost says what trading costs: one trade, a rebalance of a portfolio, and a policy over a year.
//
// # One trade
//
// Model is a proportional cost, a fixed cost and the square-root law of impact (spec 08 §8.4):
//
//	cost(v) = c*v + F + Y*sigma_day*sqrt(v/depth)*v
//	marginal = c + 3/2*Y*sigma_day*sqrt(v/depth)
//
// # A rebalance
//
// Fill trades a whole portfolio at once and pays a fee on the traded notional, by one of the three conventions in use;
// a figure that depends on fees has to name its convention.
//
//	Post  V' + f*sum |w_i V' - h_i| = V   holdings become exactly w_i V'
//	Leg   d = a/(1+f) for a buy, a/(1-f) for a sell, a being the gap
//	Seq   legs in ascending order of a: sells in full, then buys as far as the cash goes
//
// Post looks for the signs of w_i V' - h_i. The left side is convex in V', so Newton's iteration from V falls to the
// root and every step can only turn buys into sells: it ends after at most one step for each asset.
//
// # A policy over a year
//
// Setting has the closed forms of spec 02 §2.3 for a weight that diffuses by s = w(1-w)*sigma a year without drift:
// variance, tracking error, turnover, frequency and cost of a band, a calendar and a proportional controller.
// HalfWidth, FixedHalfWidth and PeriodSeconds are their optima; Flatness says what a wrong band costs (Janecek and
// Shreve 2004; Altarovici, Muhle-Karbe and Soner 2015; discrete checks: Broadie, Glasserman and Kou 1997). LVF,
// FillSeconds and DecayPerBlock are the closed forms of a Dutch auction against a moving price of spec 05 §5.5
// (Moallemi and Robinson 2024).
//
// # Rounding
//
// A cost is paid in, so Model rounds up; a root in it rounds down, an impact being an estimate. Fill rounds what is
// bought down and what is sold up where one of them must pay for the other; what rounding leaves, less than three
// raw units (1e-18) for each asset, is a part of the fee, so that values and fee add up to what was there, exactly.
// Closed forms round toward zero at every step.
//
// # Errors
//
// Formulas take a fixed.Calc and leave their error there: ErrPolicy, ErrLoss, ErrDepth and those of package fixed. Fill
// returns ErrConvention, ErrFee, ErrLength, ErrValue, ErrUnfunded or fixed.ErrOverflow, and allocates nothing after the
// first call with a workspace.
package cost
