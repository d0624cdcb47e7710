// Package drift measures how far a portfolio is from its target. Source: spec 02 §2.1 and 11.
//
//	NAV     = sum of the values
//	weight  = value / NAV                 toward zero
//	error   = target - weight             positive: the asset must be bought
//	L1      = sum |error| / 2             the one-way turnover that would restore the target
//	L2      = sqrt(sum error^2)           every square and the root rounded down
//	MaxAbs  = largest |error|
//	MaxRel  = largest |error| / target    over the assets that have a target
//	MaxStray = largest weight             over the assets that have none
//
// An asset whose target is zero has no relative error: compare MaxStray with a dust weight instead.
//
// # Rounding
//
// Weights round toward zero, so they add up to 1 less at most one raw unit (1e-18) per asset, and an asset that is
// exactly on its target may show an error of one raw unit. Errors are exact differences.
//
// # Limits and errors
//
// Values are not negative and their sum is positive; targets are in 0..1. That the targets add up to 1 is the promise
// of package target and is not checked again. Measure keeps the slices of its report between calls: after the first
// call with a portfolio of some size nothing is allocated.
package drift
