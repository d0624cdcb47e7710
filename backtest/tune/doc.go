// Package tune turns an intention into settings: from a horizon, a cost, a volatility and an aversion to risk to the
// controller's gain, the threshold and where to stop, the best period, and the speed of an auction.
//
// It holds no law of its own. Gains come from package pid (spec 01 §1.5), costs and optima from package cost (spec 02
// §2.3, 05 §5.5). What has no closed form is searched: the band that waits until outer and trades back to inner is
// where cost.Setting.Band has its least objective. That objective is convex in both, so a search by thirds finds the
// least on a grid of a hundredth of a percent. Without a fixed cost per rebalance the best inner is the edge itself,
// where orders become ever smaller; then inner is half of outer.
//
// The closed forms describe one asset against the rest of the portfolio whose weight diffuses without drift. They are
// a place to begin; a sweep over history (package frontier) says what they are worth.
//
// Rounding is that of the packages asked. ErrIntent names what is out of range.
package tune
