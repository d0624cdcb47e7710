package drift_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/drift"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// draw draws values of very different sizes and targets that add up to one.
func draw(t *rapid.T) (values, targets []fixed.Wad) {
	n := rapid.IntRange(1, 12).Draw(t, "n")
	var c fixed.Calc
	parts := make([]fixed.Wad, n)
	for i := range n {
		scale := rapid.SampledFrom([]int64{1, 1e9, 1e18}).Draw(t, "scale")
		values = append(values, c.MulInt(fixed.FromRawUint(rapid.Uint64Max(1e18).Draw(t, "value")), scale))
		parts[i] = fixed.FromRawUint(rapid.Uint64Max(1000).Draw(t, "part"))
	}
	values[0], parts[0] = c.Add(values[0], fixed.FromRaw(1)), c.Add(parts[0], fixed.FromRaw(1))
	targets = make([]fixed.Wad, n)
	var split fixed.Splitter
	if err := split.LargestRemainder(targets, parts, fixed.One()); err != nil {
		t.Fatal(err)
	}
	if err := c.Err(); err != nil {
		t.Fatal(err)
	}
	return values, targets
}

// figuresOf are the figures of a report that are not lists.
func figuresOf(r drift.Report) [5]fixed.Wad {
	return [5]fixed.Wad{r.NAV, r.L1, r.MaxAbs, r.MaxRel(), r.MaxStray}
}

func measure(t *rapid.T, values, targets []fixed.Wad) drift.Report {
	var r drift.Report
	if err := drift.Measure(&r, values, targets); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestMeasureAgainstRationals compares every figure with the same one worked out in fractions, rounded once at the end.
func TestMeasureAgainstRationals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values, targets := draw(t)
		r := measure(t, values, targets)
		want := twin(values, targets)
		for i := range values {
			if r.Errors[i].Big().Cmp(want.errors[i]) != 0 {
				t.Fatalf("error %d: got %v, want %v", i, r.Errors[i].Big(), want.errors[i])
			}
		}
		for _, pair := range []struct {
			name string
			got  fixed.Wad
			want *big.Int
		}{
			{"L1", r.L1, want.l1},
			{"MaxAbs", r.MaxAbs, want.abs},
			{"MaxRel", r.MaxRel(), want.rel},
			{"MaxStray", r.MaxStray, want.stray},
		} {
			if pair.got.Big().Cmp(pair.want) != 0 {
				t.Fatalf("%s: got %v, want %v", pair.name, pair.got.Big(), pair.want)
			}
		}
	})
}

type figures struct {
	errors              []*big.Int
	l1, abs, rel, stray *big.Int
}

// twin divides for every asset what Measure divides once.
func twin(values, targets []fixed.Wad) figures {
	one := fixed.One().Big()
	nav := new(big.Int)
	for _, v := range values {
		nav.Add(nav, v.Big())
	}
	f := figures{l1: new(big.Int), abs: new(big.Int), rel: new(big.Int), stray: new(big.Int)}
	for i, v := range values {
		weight := new(big.Int).Mul(v.Big(), one)
		weight.Quo(weight, nav)
		e := new(big.Int).Sub(targets[i].Big(), weight)
		f.errors = append(f.errors, e)
		abs := new(big.Int).Abs(e)
		f.l1.Add(f.l1, abs)
		f.abs = larger(f.abs, abs)
		if targets[i].IsZero() {
			f.stray = larger(f.stray, abs)
			continue
		}
		rel := new(big.Int).Mul(abs, one)
		f.rel = larger(f.rel, rel.Quo(rel, targets[i].Big()))
	}
	f.l1.Quo(f.l1, big.NewInt(2))
	return f
}

func larger(a, b *big.Int) *big.Int {
	if a.Cmp(b) < 0 {
		return b
	}
	return a
}

// TestGaugeAgainstMeasure compares the short way with the long one, also where there is an error to tell.
func TestGaugeAgainstMeasure(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values, targets := draw(t)
		i := rapid.IntRange(0, len(values)-1).Draw(t, "at")
		var c fixed.Calc
		most := fixed.MaxNat().Raw()
		switch rapid.IntRange(0, 7).Draw(t, "flaw") {
		case 0:
			values[i] = most // with any other value, more than a Nat
		case 1:
			targets[i] = fixed.FromRaw(1e18 + 1)
		case 2:
			targets[i] = fixed.FromRaw(-1)
		case 3:
			values = values[1:]
		case 4:
			clear(values)
		}
		raw := make([]fixed.Nat, len(values))
		for k, v := range values {
			raw[k] = c.Nat(v)
		}
		if err := c.Err(); err != nil {
			t.Fatal(err)
		}
		var r drift.Report
		err := drift.Measure(&r, values, targets)
		e, ok := drift.Gauge(raw, targets)
		if ok != (err == nil && r.NAV.Cmp(most) <= 0) ||
			ok && e != (drift.Extent{NAV: r.NAV, L1: r.L1, MaxAbs: r.MaxAbs}) {
			t.Fatalf("got %+v %v, want %+v %v", e, ok, r, err)
		}
	})
}

// TestMeasureBounds holds what every portfolio obeys, whatever it holds.
func TestMeasureBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values, targets := draw(t)
		r := measure(t, values, targets)
		var c fixed.Calc
		var weights, errs fixed.Wad
		for i := range values {
			weights, errs = c.Add(weights, r.Weights[i]), c.Add(errs, r.Errors[i])
		}
		slack := fixed.FromRaw(int64(len(values)))
		if fixed.One().Less(weights) || c.Add(weights, slack).Less(fixed.One()) {
			t.Fatalf("weights add up to %v", weights)
		}
		if errs.Sign() < 0 || slack.Less(errs) {
			t.Fatalf("errors add up to %v", errs)
		}
		if fixed.One().Less(r.L1) || r.L1.Less(c.DivIntTrunc(r.MaxAbs, 2)) {
			t.Fatalf("L1 %v, MaxAbs %v", r.L1, r.MaxAbs)
		}
		if r.MaxAbs.Less(r.MaxStray) || !r.MaxRel().IsZero() && r.MaxAbs.IsZero() {
			t.Fatalf("MaxAbs %v, MaxStray %v, MaxRel %v", r.MaxAbs, r.MaxStray, r.MaxRel())
		}
		// The Euclidean norm lies between the largest error and the sum of all. Its squares round down, which costs a root
		// of some raw units: at most 1e-9 for each asset.
		l2 := r.L2Norm(&c)
		lost := c.MulInt(fixed.FromRaw(1e9), int64(len(values)))
		if c.Add(l2, lost).Less(r.MaxAbs) || c.Add(c.MulInt(r.L1, 2), slack).Less(l2) {
			t.Fatalf("L2 %v, L1 %v, MaxAbs %v", l2, r.L1, r.MaxAbs)
		}
	})
}

// TestMeasureTurnsWithTheAssets lists the assets backwards: the figures stay, the lists turn.
func TestMeasureTurnsWithTheAssets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values, targets := draw(t)
		r := measure(t, values, targets)
		slices.Reverse(values)
		slices.Reverse(targets)
		back := measure(t, values, targets)
		slices.Reverse(back.Errors)
		if !slices.Equal(r.Errors, back.Errors) || figuresOf(r) != figuresOf(back) {
			t.Fatalf("%+v and backwards %+v", r, back)
		}
	})
}

// TestMeasureIsFreeOfScale multiplies every value: weights do not change.
func TestMeasureIsFreeOfScale(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values, targets := draw(t)
		r := measure(t, values, targets)
		var c fixed.Calc
		k := rapid.Int64Range(1, 1e9).Draw(t, "k")
		for i := range values {
			values[i] = c.MulInt(values[i], k)
		}
		if scaled := measure(t, values, targets); !slices.Equal(r.Weights, scaled.Weights) {
			t.Fatalf("%v, times %d: %v", r.Weights, k, scaled.Weights)
		}
	})
}

func FuzzMeasure(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		n := rapid.IntRange(0, 6).Draw(t, "n")
		wads := func(name string) []fixed.Wad {
			out := make([]fixed.Wad, n)
			for i := range out {
				var raw big.Int
				raw.SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 32).Draw(t, name))
				if rapid.Bool().Draw(t, "negative") {
					raw.Neg(&raw)
				}
				w, err := fixed.FromBig(&raw)
				if err != nil {
					w = fixed.Max()
				}
				out[i] = w
			}
			return out
		}
		var r drift.Report
		if err := drift.Measure(&r, wads("values"), wads("targets")); err != nil {
			return
		}
		if len(r.Errors) != n || r.NAV.Sign() <= 0 || r.L1.Sign() < 0 {
			t.Fatalf("%+v", r)
		}
	}))
}
