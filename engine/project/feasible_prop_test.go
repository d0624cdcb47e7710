package project_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
)

const microRaw = 1_000_000_000_000

// scene is a random portfolio in a random mood.
type scene struct {
	in     project.Input
	forced bool // some asset lies outside its limits
}

// micro draws a value of lo..hi millionths with a fraction below that, or none.
func micro(t *rapid.T, lo, hi int64, label string) fixed.Wad {
	var c fixed.Calc
	v := c.MulInt(fixed.FromRaw(microRaw), rapid.Int64Range(lo, hi).Draw(t, label))
	if rapid.Bool().Draw(t, label+" has a fraction") {
		v = c.Add(v, fixed.FromRaw(rapid.Int64Range(0, microRaw-1).Draw(t, label+" fraction")))
	}
	return v
}

// drawScene draws gaps that sum to zero and wishes between zero and the gap, as the guarded controller makes them.
func drawScene(t *rapid.T) scene {
	var c fixed.Calc
	n := rapid.IntRange(2, 8).Draw(t, "assets")
	s := scene{in: project.Input{MaxSell: micro(t, 0, 4e6, "max sell"), OneTime: micro(t, 0, 1e5, "one-time")}}
	if rapid.Bool().Draw(t, "micro quanta") {
		s.in.Quantum = fixed.FromRaw(microRaw)
	}
	if rapid.Bool().Draw(t, "no cap on sells") {
		s.in.MaxSell, s.in.OneTime = fixed.Max(), fixed.Wad{}
	}
	limits, least := rapid.Bool().Draw(t, "limits"), micro(t, 0, 1e5, "min order")
	var rest fixed.Wad
	for i := range n {
		held := micro(t, 0, 1e6, "value")
		gap := c.Sub(micro(t, 0, 1e6, "target"), held)
		if i == n-1 {
			gap = rest.Neg()
			held = held.Max(gap.Neg())
		}
		rest = c.Add(rest, gap)
		part := rapid.Int64Range(0, 100).Draw(t, "percent wished")
		s.in.Raw = append(s.in.Raw, c.MulTrunc(gap, fixed.FromBps(100*part)))
		s.in.Values, s.in.Gaps = append(s.in.Values, held), append(s.in.Gaps, gap)
		s.in.MinOrders = append(s.in.MinOrders, least)
		floor, ceiling, locked := fixed.Wad{}, fixed.Max(), fixed.Wad{}
		target := c.Add(held, gap)
		if limits && rapid.Bool().Draw(t, "has a floor") {
			floor = micro(t, 0, 1e6, "floor").Min(target) // overridden targets respect minimum balances
		}
		if limits && rapid.Bool().Draw(t, "has a cap") {
			ceiling = micro(t, 0, 1e6, "cap").Max(target)
		}
		if limits && rapid.Bool().Draw(t, "has locked units") {
			locked = micro(t, 0, 1e6, "locked").Min(held)
		}
		s.forced = s.forced || held.Less(floor) || ceiling.Less(held)
		s.in.Floors, s.in.Ceilings = append(s.in.Floors, floor), append(s.in.Ceilings, ceiling)
		s.in.Locked = append(s.in.Locked, locked)
	}
	return s
}

func (s *scene) run(t *rapid.T) ([]fixed.Wad, project.Result) {
	var ws project.Workspace
	out := make([]fixed.Wad, len(s.in.Raw))
	result, err := project.Feasible(&ws, s.in, out)
	if err != nil {
		t.Fatal(err)
	}
	return out, result
}

// TestFeasibleHolds: what must always hold of the orders.
func TestFeasibleHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		out, result := s.run(t)
		var c fixed.Calc
		var sum, sold, before, after fixed.Wad
		for i, x := range out {
			held, gap, size := s.in.Values[i], s.in.Gaps[i], x.Abs()
			sum = c.Add(sum, x)
			before, after = c.Add(before, gap.Abs()), c.Add(after, c.Sub(gap, x).Abs())
			switch {
			case x.Sign() < 0:
				sold = c.Add(sold, size)
				if left := c.Sub(held, size); left.Less(c.Add(s.in.Floors[i], s.in.Locked[i])) {
					t.Fatalf("asset %d: sells %v of %v with a floor of %v and %v locked",
						i, size, held, s.in.Floors[i], s.in.Locked[i])
				}
			case x.Sign() > 0 && s.in.Ceilings[i].Less(c.Add(held, x)):
				t.Fatalf("asset %d: buys %v beyond the cap of %v", i, x, s.in.Ceilings[i])
			}
			if !x.IsZero() && size.Less(s.in.MinOrders[i]) {
				t.Fatalf("asset %d: %v is below the minimum order of %v", i, x, s.in.MinOrders[i])
			}
			if x.Sign()*gap.Sign() < 0 || gap.Abs().Less(size) {
				t.Fatalf("asset %d: the order of %v leaves 0..%v", i, x, gap)
			}
			if !s.in.Quantum.IsZero() {
				whole := c.MulInt(c.DivIntTrunc(x, microRaw), microRaw)
				if whole != x {
					t.Fatalf("asset %d: %v is no multiple of the quantum", i, x)
				}
			}
		}
		if !sum.IsZero() || sold != result.Matched || s.in.MaxSell.Less(sold) {
			t.Fatalf("sum %v, sold %v, matched %v, max sell %v", sum, sold, result.Matched, s.in.MaxSell)
		}
		if want := c.Sub(before, c.MulInt(result.Matched, 2)); after != want {
			t.Fatalf("drift went from %v to %v, want %v", before, after, want)
		}
		beyond := s.in.MaxSell != fixed.Max() && result.Matched != result.Forced &&
			c.Sub(s.in.MaxSell, s.in.OneTime).Less(result.Matched)
		if result.Matched.Less(result.Forced) || beyond {
			t.Fatalf("matched %v of %v, %v of it forced, one-time %v",
				result.Matched, s.in.MaxSell, result.Forced, s.in.OneTime)
		}
	})
}

// TestFeasibleShrinks: without forced trades and snapping no wish grows or turns, whatever the wishes are.
func TestFeasibleShrinks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		s.in.Gaps, s.in.Floors, s.in.Ceilings = nil, nil, nil
		for i := range s.in.Raw {
			if rapid.Bool().Draw(t, "any wish") {
				s.in.Raw[i] = micro(t, -2e6, 2e6, "wish")
			}
		}
		out, result := s.run(t)
		for i, x := range out {
			if x.Sign()*s.in.Raw[i].Sign() < 0 || s.in.Raw[i].Abs().Less(x.Abs()) {
				t.Fatalf("asset %d: a wish of %v became %v", i, s.in.Raw[i], x)
			}
		}
		if !result.Forced.IsZero() || result.Clamp&(project.ClampForcedBuy|project.ClampSnap) != 0 {
			t.Fatalf("got %+v", result)
		}
	})
}

// TestForcedGrowsOnlyForAReason: an order beyond its wish is forced, raised to the minimum order, or pays for a forced
// one; and a forced order is short only when max sell or everything on the other side is used up.
func TestForcedGrowsOnlyForAReason(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		out, result := s.run(t)
		var c fixed.Calc
		for i, x := range out {
			if !s.in.Raw[i].Abs().Less(x.Abs()) {
				continue
			}
			held, size := s.in.Values[i], x.Abs()
			must := c.Sub(s.in.Floors[i], held).Max(c.Sub(held, s.in.Ceilings[i]))
			raised := result.Clamp.Has(project.ClampSnap) && !c.Add(s.in.MinOrders[i], fixed.FromRaw(microRaw)).Less(size)
			pays := result.Clamp.Has(project.ClampForcedSource)
			if must.Less(size) && !raised && !pays {
				t.Fatalf("asset %d: a wish of %v became %v (%v)", i, s.in.Raw[i], x, result.Clamp)
			}
		}
		if !s.forced && result.Clamp&(project.ClampForcedBuy|project.ClampForcedSell|project.ClampForcedSource) != 0 {
			t.Fatalf("nothing is forced, and yet: %v", result.Clamp)
		}
		if !result.Clamp.Has(project.ClampForcedShort) || !s.in.MinOrders[0].IsZero() {
			return
		}
		quanta := c.MulInt(fixed.FromRaw(microRaw), int64(len(out)))
		if s.in.MaxSell != fixed.Max() && c.Sub(s.in.MaxSell, quanta).Less(result.Matched) {
			return
		}
		for _, way := range []int{-1, 1} { // one side must have given all it has
			spare := fixed.Wad{}
			for i, x := range out {
				room := c.Sub(c.Sub(s.in.Values[i], s.in.Floors[i]), s.in.Locked[i])
				if way > 0 {
					room = c.Sub(s.in.Ceilings[i], s.in.Values[i])
				}
				if s.in.Gaps[i].Sign() == way {
					spare = c.Add(spare, c.Sub(room.Min(s.in.Gaps[i].Abs()).Max(fixed.Wad{}), x.Abs()))
				}
			}
			if spare.Less(quanta) {
				return
			}
		}
		t.Fatalf("a forced trade is short (%v, %+v) though both sides could give more", out, result)
	})
}

// TestTwin: against the specification's algorithm in small integers.
func TestTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "assets")
		top := rapid.SampledFrom([]int64{20, 1e6}).Draw(t, "top")
		w := twin{maxSell: rapid.Int64Range(0, 3*top).Draw(t, "max sell")}
		for range n {
			vals := rapid.Int64Range(0, top).Draw(t, "value")
			w.vals = append(w.vals, vals)
			w.raw = append(w.raw, rapid.Int64Range(-top, top).Draw(t, "wish"))
			w.floor = append(w.floor, rapid.Int64Range(0, vals).Draw(t, "floor"))
			w.ceiling = append(w.ceiling, rapid.Int64Range(vals, 2*top).Draw(t, "cap"))
			w.least = append(w.least, rapid.Int64Range(0, top/4).Draw(t, "min order"))
		}
		s := scene{in: w.input()}
		out, _ := s.run(t)
		if want := raws(w.project()...); !slices.Equal(out, want) {
			t.Fatalf("got %v, want %v", out, want)
		}
	})
}

// TestFairness: where nothing else binds, every order of a side keeps the same fraction of its wish to one unit, and
// the side that is not short keeps everything.
func TestFairness(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var c fixed.Calc
		top := rapid.SampledFrom([]int64{10, 1e6, 1e18}).Draw(t, "top") // sums of one word, and of more
		in := project.Input{MaxSell: c.MulInt(fixed.FromRaw(rapid.Int64Range(0, top).Draw(t, "max sell")), 4)}
		sums := [2]*big.Int{new(big.Int), new(big.Int)}
		for range rapid.IntRange(2, 20).Draw(t, "assets") {
			w := fixed.FromRaw(rapid.Int64Range(-top, top).Draw(t, "wish"))
			in.Raw, in.Values = append(in.Raw, w), append(in.Values, fixed.FromRaw(top))
			sum := sums[max(w.Sign(), 0)]
			sum.Add(sum, w.Abs().Big())
		}
		s := scene{in: in}
		out, result := s.run(t)
		total := result.Matched.Big()
		for i, w := range in.Raw {
			sum := sums[max(w.Sign(), 0)]
			quota := new(big.Int).Mul(w.Abs().Big(), total)
			off := new(big.Int).Mul(out[i].Abs().Big(), sum)
			if off.Sub(off, quota).CmpAbs(sum) >= 0 && !w.IsZero() {
				t.Fatalf("asset %d: a wish of %v became %v, with %v of %v matched", i, w, out[i], total, sum)
			}
		}
	})
}

// TestOrderOfAssets: listing the assets in another order moves no order by more than one quantum (who gets the last
// unit of a tie depends on the index).
func TestOrderOfAssets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		clear(s.in.MinOrders) // dropping the smallest is decided by a unit
		out, result := s.run(t)
		n := len(out)
		order := rapid.Permutation(indices(n)).Draw(t, "order")
		moved := s
		for _, list := range []*[]fixed.Wad{
			&moved.in.Raw, &moved.in.Values, &moved.in.Gaps, &moved.in.Floors, &moved.in.Ceilings, &moved.in.Locked,
		} {
			old := *list
			*list = make([]fixed.Wad, n)
			for k, i := range order {
				(*list)[k] = old[i]
			}
		}
		other, same := moved.run(t)
		if result != same {
			t.Fatalf("got %+v and %+v", result, same)
		}
		var c fixed.Calc
		for k, i := range order {
			if fixed.FromRaw(microRaw).Less(c.Sub(other[k], out[i]).Abs()) {
				t.Fatalf("asset %d: %v, and %v in another place", i, out[i], other[k])
			}
		}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// TestMoreRoomMoreMatched: a higher cap on sells never lowers what is matched.
func TestMoreRoomMoreMatched(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		clear(s.in.MinOrders)
		s.in.MaxSell = micro(t, 0, 4e6, "max sell")
		_, less := s.run(t)
		var c fixed.Calc
		s.in.MaxSell = c.Add(s.in.MaxSell, micro(t, 0, 1e6, "more"))
		_, more := s.run(t)
		if more.Matched.Less(less.Matched) || more.Forced.Less(less.Forced) {
			t.Fatalf("matched %+v, and %+v with a higher cap", less, more)
		}
	})
}

// FuzzFeasible feeds arbitrary bytes as a scene: no panic, and the orders hold.
func FuzzFeasible(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		s := drawScene(t)
		out, _ := s.run(t)
		var c fixed.Calc
		var sum fixed.Wad
		for _, x := range out {
			sum = c.Add(sum, x)
		}
		if !sum.IsZero() {
			t.Fatalf("the orders sum to %v", sum)
		}
	}))
}
