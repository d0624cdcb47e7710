package auction_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// drawCurve draws any curve, from a few steps to those that rounding just allows.
func drawCurve(t *rapid.T) (auction.Curve, bool) {
	var c fixed.Calc
	reserve := fixed.FromRawUint(rapid.Uint64Range(1, 1<<62).Draw(t, "reserve"))
	bits := rapid.Uint64Range(1, 62).Draw(t, "bits")
	width := fixed.FromRawUint(rapid.Uint64Range(0, 1<<bits).Draw(t, "width"))
	bits = rapid.Uint64Range(1, 24).Draw(t, "scale")
	steps := rapid.Uint64Range(1, 1<<bits).Draw(t, "steps")
	curve, err := auction.NewCurve(auction.Curve{
		Kind:    rapid.SampledFrom([]auction.Kind{auction.Linear, auction.Exponential}).Draw(t, "kind"),
		Reserve: reserve, Start: c.Add(reserve, width), Steps: steps, StepSeconds: 1,
		BucketSteps: rapid.Uint64Range(0, min(steps, 5)).Draw(t, "bucket"),
	})
	return curve, err == nil
}

// TestCurveFalls: from the start to the reserve, never up, also between neighbouring steps.
func TestCurveFalls(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		curve, ok := drawCurve(r)
		if !ok {
			return
		}
		end := curve.DurationSeconds()
		if curve.Price(0) != curve.Start || curve.Price(end) != curve.Reserve || curve.Price(end-1).Less(curve.Reserve) {
			r.Fatalf("%+v: from %v to %v", curve, curve.Price(0), curve.Price(end))
		}
		first := rapid.Int64Range(0, end).Draw(r, "second")
		last := curve.Price(first)
		for second := first + 1; second < first+20; second++ {
			price := curve.Price(second)
			if last.Less(price) || price.Less(curve.Reserve) {
				r.Fatalf("%+v: %v at %d after %v", curve, price, second, last)
			}
			last = price
		}
	})
}

// TestFirstAtOrBelowIsFirst checks the second it names and the one before.
func TestFirstAtOrBelowIsFirst(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		curve, ok := drawCurve(r)
		if !ok {
			return
		}
		var c fixed.Calc
		price := curve.Price(rapid.Int64Range(0, curve.DurationSeconds()).Draw(r, "near"))
		price = c.Add(price, fixed.FromRaw(rapid.Int64Range(-2, 2).Draw(r, "off")))
		second, reached := curve.FirstAtOrBelow(price)
		if reached == price.Less(curve.Reserve) {
			r.Fatalf("%v with reserve %v: reached is %t", price, curve.Reserve, reached)
		}
		if reached && (price.Less(curve.Price(second)) || second > 0 && !price.Less(curve.Price(second-1))) {
			r.Fatalf("%v: %d is not the first second", price, second)
		}
	})
}
