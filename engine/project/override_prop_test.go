package project_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
)

// drawWeights draws n weights that sum to exactly 1, some of them zero.
func drawWeights(t *rapid.T, n int) []fixed.Wad {
	shares := make([]fixed.Wad, n)
	for i := range shares {
		shares[i] = fixed.FromRaw(rapid.SampledFrom([]int64{0, 1, 1, 5, 1e9}).Draw(t, "share"))
	}
	shares[rapid.IntRange(0, n-1).Draw(t, "somebody")] = fixed.FromRaw(7)
	var split fixed.Splitter
	if err := split.LargestRemainder(shares, shares, fixed.One()); err != nil {
		t.Fatal(err)
	}
	return shares
}

func TestOverrideHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "assets")
		weights := drawWeights(t, n)
		nav := micro(t, 1, 1e12, "value")
		minima := make([]fixed.Wad, n)
		var c fixed.Calc
		for i := range minima {
			if rapid.Bool().Draw(t, "has a minimum") {
				share := fixed.FromBps(rapid.Int64Range(0, 7000).Draw(t, "minimum of the value"))
				minima[i] = c.Add(c.MulDown(share, nav), fixed.FromRaw(rapid.Int64Range(0, 1).Draw(t, "a bit more")))
			}
		}
		var priority []uint8
		for _, i := range rapid.Permutation(indices(n)).Draw(t, "priority") {
			priority = append(priority, uint8(i))
		}
		s := rapid.SampledFrom([]project.Strategy{project.Proportional, project.Priority}).Draw(t, "strategy")
		var ws project.Workspace
		dst := make([]fixed.Wad, n)
		active, err := project.Override(&ws, dst, weights, minima, nav, priority, s)
		if err != nil {
			t.Fatal(err)
		}
		checkOverridden(t, &c, overridden{weights, minima, dst, priority, nav, active})
		alias := append([]fixed.Wad(nil), weights...)
		if _, err := project.Override(&ws, alias, alias, minima, nav, priority, s); err != nil {
			t.Fatal(err)
		}
		for i := range alias {
			if alias[i] != dst[i] {
				t.Fatalf("in place the weights are %v, apart %v", alias, dst)
			}
		}
	})
}

type overridden struct {
	weights, minima, dst []fixed.Wad
	priority             []uint8
	nav                  fixed.Wad
	active               bool
}

// checkOverridden: the weights sum to 1; nobody gets more than the larger of target and minimum; nobody is short of a
// minimum while anybody declared later, or without need, has something; and nothing moves without a reason.
func checkOverridden(t *rapid.T, c *fixed.Calc, o overridden) {
	var sum fixed.Wad
	binding := false
	for i, w := range o.dst {
		sum = c.Add(sum, w)
		most := o.weights[i].Max(c.DivUp(o.minima[i], o.nav))
		if w.Sign() < 0 || most.Less(w) {
			t.Fatalf("asset %d: %v is more than its target %v and its minimum %v of %v",
				i, w, o.weights[i], o.minima[i], o.nav)
		}
		binding = binding || c.MulDown(o.weights[i], o.nav).Less(o.minima[i])
	}
	if sum != fixed.One() {
		t.Fatalf("the weights %v sum to %v", o.dst, sum)
	}
	if binding != o.active {
		t.Fatalf("active %v, but a minimum binds: %v", o.active, binding)
	}
	for i := range o.dst {
		if !o.active && o.dst[i] != o.weights[i] {
			t.Fatalf("asset %d moved from %v to %v without an override", i, o.weights[i], o.dst[i])
		}
	}
	short := false
	for _, i := range o.priority {
		if short && !o.dst[i].IsZero() && !o.minima[i].IsZero() {
			t.Fatalf("asset %d has %v after another was left short of its minimum", i, o.dst[i])
		}
		short = short || c.MulDown(o.dst[i], o.nav).Less(o.minima[i])
	}
	for i, w := range o.dst {
		if short && c.DivUp(o.minima[i], o.nav).Less(w) {
			t.Fatalf("asset %d has %v beyond its minimum while another is short", i, w)
		}
	}
}
