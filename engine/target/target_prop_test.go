package target_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/target"
)

const oneRaw = 1_000_000_000_000_000_000

// mix draws n weights that add up to 1; some are zero.
func mix(t *rapid.T, n int, name string) []fixed.Wad {
	parts := make([]fixed.Wad, n)
	for i := range parts {
		parts[i] = fixed.FromRawUint(rapid.Uint64Max(9).Draw(t, name))
	}
	parts[n-1] = fixed.FromRawUint(rapid.Uint64Range(1, oneRaw).Draw(t, name))
	var split fixed.Splitter
	if err := split.LargestRemainder(parts, parts, fixed.One()); err != nil {
		t.Fatal(err)
	}
	return parts
}

// limits draws bounds that some weights can keep.
func limits(t *rapid.T, n int) (lo, hi []fixed.Wad) {
	inside := mix(t, n, "inside")
	var c fixed.Calc
	for _, w := range inside {
		lo = append(lo, c.MulTrunc(w, fixed.FromRawUint(rapid.Uint64Max(oneRaw).Draw(t, "lo"))))
		room := c.Sub(fixed.One(), w)
		hi = append(hi, c.Add(w, c.MulTrunc(room, fixed.FromRawUint(rapid.Uint64Max(oneRaw).Draw(t, "hi")))))
	}
	return lo, hi
}

func sum(weights []fixed.Wad) fixed.Wad {
	var c fixed.Calc
	var s fixed.Wad
	for _, w := range weights {
		s = c.Add(s, w)
	}
	return s
}

// TestBoundAgainstRationals compares the rounds of settling with a slow twin that looks for the common factor itself.
func TestBoundAgainstRationals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "n")
		raw := make([]fixed.Wad, n)
		for i := range raw {
			raw[i] = fixed.FromRawUint(rapid.OneOf(rapid.Just(uint64(0)), rapid.Uint64Max(20), rapid.Uint64()).Draw(t, "raw"))
		}
		lo, hi := limits(t, n)
		var ws target.Workspace
		got := make([]fixed.Wad, n)
		if err := target.Bound(&ws, got, raw, lo, hi); err != nil {
			t.Fatal(err)
		}
		if want := bounded(raw, lo, hi); !slices.Equal(got, want) {
			t.Fatalf("raw %v in %v..%v: got %v, want %v", raw, lo, hi, got, want)
		}
		for i, w := range got {
			if w.Less(lo[i]) || hi[i].Less(w) {
				t.Fatalf("weight %d is %v, outside %v..%v", i, w, lo[i], hi[i])
			}
		}
		if sum(got) != fixed.One() {
			t.Fatalf("%v adds up to %v", got, sum(got))
		}
	})
}

// bounded walks over every factor at which a weight meets a bound, finds the two between which clamp(factor*raw) adds
// up to 1, and interpolates. Fractions are exact; they are rounded once, by largest remainders.
func bounded(raw, lo, hi []fixed.Wad) []fixed.Wad {
	one := new(big.Rat).SetInt64(oneRaw)
	at := func(factor *big.Rat) ([]*big.Rat, *big.Rat) {
		parts, total := make([]*big.Rat, len(raw)), new(big.Rat)
		for i := range raw {
			w := new(big.Rat).Mul(factor, rational(raw[i]))
			if l := rational(lo[i]); w.Cmp(l) < 0 {
				w = l
			}
			if h := rational(hi[i]); w.Cmp(h) > 0 {
				w = h
			}
			parts[i] = w
			total.Add(total, w)
		}
		return parts, total
	}
	factors := []*big.Rat{new(big.Rat)}
	for i := range raw {
		if raw[i].Sign() > 0 {
			down, up := new(big.Rat), new(big.Rat)
			factors = append(factors, down.Quo(rational(lo[i]), rational(raw[i])), up.Quo(rational(hi[i]), rational(raw[i])))
		}
	}
	slices.SortFunc(factors, func(a, b *big.Rat) int { return a.Cmp(b) })
	before := factors[0]
	for _, factor := range factors {
		parts, total := at(factor)
		if total.Cmp(one) < 0 {
			before = factor
			continue
		}
		_, least := at(before)
		if least.Cmp(total) < 0 { // straight between the two
			step := new(big.Rat).Sub(factor, before)
			step.Mul(step, new(big.Rat).Quo(new(big.Rat).Sub(one, least), new(big.Rat).Sub(total, least)))
			parts, _ = at(step.Add(step, before))
		}
		return rounded(parts)
	}
	// All that have a raw weight are at their upper bounds: the others share what is left by room.
	parts, total := at(factors[len(factors)-1])
	missing, room := new(big.Rat).Sub(one, total), new(big.Rat)
	for i := range parts {
		room.Add(room, new(big.Rat).Sub(rational(hi[i]), parts[i]))
	}
	for i := range parts {
		more := new(big.Rat).Sub(rational(hi[i]), parts[i])
		parts[i] = new(big.Rat).Add(parts[i], more.Mul(more, new(big.Rat).Quo(missing, room)))
	}
	return rounded(parts)
}

func rational(w fixed.Wad) *big.Rat { return new(big.Rat).SetInt(w.Big()) }

// rounded rounds down and gives the missing raw units to the largest remainders, the first of equal ones first.
func rounded(parts []*big.Rat) []fixed.Wad {
	out := make([]fixed.Wad, len(parts))
	rest := make([]*big.Rat, len(parts))
	var c fixed.Calc
	left := fixed.One()
	for i, p := range parts {
		floor := new(big.Int).Quo(p.Num(), p.Denom())
		out[i], _ = fixed.FromBig(floor)
		rest[i] = new(big.Rat).Sub(p, new(big.Rat).SetInt(floor))
		left = c.Sub(left, out[i])
	}
	for ; left.Sign() > 0; left = c.Sub(left, fixed.FromRaw(1)) {
		best := 0
		for i := range rest {
			if rest[i].Cmp(rest[best]) > 0 {
				best = i
			}
		}
		out[best] = c.Add(out[best], fixed.FromRaw(1))
		rest[best] = new(big.Rat).SetInt64(-1)
	}
	return out
}

// TestAtAddsUpToOne draws a schedule of every kind: weights are never negative and never a raw unit short.
func TestAtAddsUpToOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "n")
		s := schedule(t, n)
		in := target.Input{
			Now: rapid.Int64Range(0, 1e10).Draw(t, "now"), NAV: fixed.FromRawUint(rapid.Uint64Min(1).Draw(t, "nav")),
			Current: mix(t, n, "current"),
		}
		for range n {
			in.Sigma = append(in.Sigma, fixed.FromRawUint(rapid.Uint64Range(1, 4*oneRaw).Draw(t, "sigma")))
		}
		var ws target.Workspace
		dst := make([]fixed.Wad, n)
		if _, err := target.At(&ws, s, target.State{}, in, dst); err != nil {
			t.Fatal(err)
		}
		for i, w := range dst {
			if w.Sign() < 0 || len(s.Min) > 0 && w.Less(s.Min[i]) || len(s.Max) > 0 && s.Max[i].Less(w) {
				t.Fatalf("%v: %v outside the bounds", s.Kind, dst)
			}
		}
		if sum(dst) != fixed.One() {
			t.Fatalf("%v: %v adds up to %v", s.Kind, dst, sum(dst))
		}
	})
}

func schedule(t *rapid.T, n int) *target.Schedule {
	wad := func(name string, most uint64) fixed.Wad {
		return fixed.FromRawUint(rapid.Uint64Range(1, most).Draw(t, name))
	}
	s := &target.Schedule{
		Kind:    target.Kind(rapid.IntRange(int(target.ConstantMix), int(target.InverseVol)).Draw(t, "kind")),
		Weights: mix(t, n, "weights"), From: mix(t, n, "from"),
		Start: rapid.Int64Range(0, 1e10).Draw(t, "start"),
		Floor: wad("floor", 2*oneRaw), FloorRate: wad("rate", oneRaw), Multiplier: wad("multiplier", 10*oneRaw),
		MaxExposure: wad("exposure", oneRaw), Ratchet: wad("ratchet", oneRaw-1), TargetSigma: wad("target", 2*oneRaw),
	}
	s.End = s.Start + rapid.Int64Range(1, 1e9).Draw(t, "length")
	if rapid.Bool().Draw(t, "bounded") {
		s.Min, s.Max = limits(t, n)
	}
	if err := s.Validate(n); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestFloorNeverFalls walks a TIPP through random values: its floor never falls, and at or below the floor
// nothing is risked.
func TestFloorNeverFalls(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := schedule(t, 2)
		s.Kind, s.Min, s.Max = target.TIPP, nil, nil
		s.Weights, s.From = []fixed.Wad{fixed.One(), {}}, []fixed.Wad{{}, fixed.One()}
		var ws target.Workspace
		var st target.State
		var last fixed.Wad
		var c fixed.Calc
		dst := make([]fixed.Wad, 2)
		now := int64(0)
		for range 20 {
			now += rapid.Int64Range(0, 1e7).Draw(t, "step")
			nav := fixed.FromRawUint(rapid.Uint64Range(1, 9*oneRaw).Draw(t, "nav"))
			var err error
			if st, err = target.At(&ws, s, st, target.Input{Now: now, NAV: nav}, dst); err != nil {
				t.Fatal(err)
			}
			floor := s.FloorAt(&c, st, now)
			if floor.Less(last) || floor.Less(c.MulTrunc(s.Ratchet, nav)) {
				t.Fatalf("floor %v after %v at value %v", floor, last, nav)
			}
			if nav.Cmp(floor) <= 0 && !dst[0].IsZero() || s.MaxExposure.Less(dst[0]) {
				t.Fatalf("exposure %v at value %v over floor %v", dst[0], nav, floor)
			}
			last = floor
		}
	})
}

// TestExposureRisesWithValue is why a CPPI buys after a rise and sells after a fall.
func TestExposureRisesWithValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := schedule(t, 2)
		s.Kind, s.Min, s.Max = target.CPPI, nil, nil
		s.Weights, s.From = []fixed.Wad{fixed.One(), {}}, []fixed.Wad{{}, fixed.One()}
		var ws target.Workspace
		risky := func(nav uint64) fixed.Wad {
			dst := make([]fixed.Wad, 2)
			if _, err := target.At(&ws, s, target.State{}, target.Input{NAV: fixed.FromRawUint(nav)}, dst); err != nil {
				t.Fatal(err)
			}
			return dst[0]
		}
		// A value of some raw units cannot be split into parts finer than its own rounding.
		low := rapid.Uint64Range(oneRaw/1000, 2*oneRaw).Draw(t, "low")
		high := rapid.Uint64Range(low, 4*oneRaw).Draw(t, "high")
		var c fixed.Calc
		if c.Add(risky(high), fixed.FromRaw(10_000)).Less(risky(low)) {
			t.Fatalf("exposure %v at %d and %v at %d", risky(low), low, risky(high), high)
		}
	})
}

// TestGlideStaysBetween checks that no weight leaves the interval between its start and its end, but for the raw units
// that make the sum exact, and that none turns back.
func TestGlideStaysBetween(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := schedule(t, 4)
		s.Kind, s.Min, s.Max = target.Glide, nil, nil
		var ws target.Workspace
		early, late := make([]fixed.Wad, 4), make([]fixed.Wad, 4)
		first := rapid.Int64Range(s.Start-10, s.End+10).Draw(t, "first")
		second := rapid.Int64Range(first, s.End+10).Draw(t, "second")
		if _, err := target.At(&ws, s, target.State{}, target.Input{Now: first}, early); err != nil {
			t.Fatal(err)
		}
		if _, err := target.At(&ws, s, target.State{}, target.Input{Now: second}, late); err != nil {
			t.Fatal(err)
		}
		var c fixed.Calc
		slack := fixed.FromRaw(5)
		for i := range early {
			from, to := s.From[i], s.Weights[i]
			if late[i].Less(c.Sub(from.Min(to), slack)) || c.Add(from.Max(to), slack).Less(late[i]) {
				t.Fatalf("%v is not between %v and %v", late[i], from, to)
			}
			if c.Add(c.Sub(early[i], to).Abs(), slack).Less(c.Sub(late[i], to).Abs()) {
				t.Fatalf("%v and later %v on the way from %v to %v", early[i], late[i], from, to)
			}
		}
	})
}

func FuzzBound(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		n := rapid.IntRange(0, 5).Draw(t, "n")
		wads := func(name string) []fixed.Wad {
			out := make([]fixed.Wad, rapid.IntRange(max(0, n-1), n+1).Draw(t, name))
			for i := range out {
				out[i] = fixed.FromRaw(rapid.Int64().Draw(t, name))
			}
			return out
		}
		var ws target.Workspace
		dst := make([]fixed.Wad, n)
		if err := target.Bound(&ws, dst, wads("raw"), wads("lo"), wads("hi")); err == nil && sum(dst) != fixed.One() {
			t.Fatalf("%v adds up to %v", dst, sum(dst))
		}
	}))
}
