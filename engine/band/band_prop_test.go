package band_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/fixed"
)

const one = 1_000_000_000_000_000_000

func weight(t *rapid.T, label string) fixed.Wad {
	return fixed.FromRaw(rapid.Int64Range(0, one).Draw(t, label))
}

// observed is one day as a test remembers it.
type observed struct{ day, pre, post int64 }

func history(t *rapid.T) ([]observed, *band.Samples) {
	n := rapid.IntRange(0, 80).Draw(t, "days")
	all := make([]observed, 0, n)
	var s band.Samples
	var c fixed.Calc
	day := int64(0)
	for range n {
		day += rapid.SampledFrom([]int64{1, 1, 1, 1, 2, 5}).Draw(t, "step")
		pre := rapid.Int64Range(0, one).Draw(t, "pre")
		trade := rapid.SampledFrom([]int64{0, 0, one / 100, -one / 50}).Draw(t, "trade")
		if err := s.Record(day, fixed.FromRaw(pre)); err != nil {
			t.Fatal(err)
		}
		s.Trade(&c, fixed.FromRaw(trade))
		all = append(all, observed{day, pre, pre + trade})
	}
	return all, &s
}

// TestSamplesAgainstBig compares ring and estimators with a list and big integers.
func TestSamplesAgainstBig(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all, s := history(t)
		days := rapid.Int64Range(1, 60).Draw(t, "horizon")
		last := all[max(0, len(all)-band.Capacity):]
		var changes []*big.Int
		for i := 1; i < len(last); i++ {
			if last[i].day == last[i-1].day+1 {
				changes = append(changes, big.NewInt(last[i].pre-last[i-1].post))
			}
		}
		levels := make([]*big.Int, 0, band.Window)
		for _, o := range all[max(0, len(all)-band.Window):] {
			levels = append(levels, big.NewInt(o.pre))
		}
		for _, test := range []struct {
			estimator band.Estimator
			n         int
			want      *big.Int
		}{
			{band.Levels, len(levels), levelsTwin(levels)},
			{band.Increments, len(changes), incrementsTwin(changes, days)},
			{band.Robust, len(changes), robustTwin(changes, days)},
		} {
			got, n, err := s.Deviation(test.estimator, days)
			if err != nil || n != test.n || got.Big().Cmp(test.want) != 0 {
				t.Fatalf("%v: got %v of %d, %v; want %v of %d", test.estimator, got.Big(), n, err, test.want, test.n)
			}
		}
	})
}

// levelsTwin is the two-pass deviation about the mean: n*sum(n*x-sum)^2/n^2 over n-1.
func levelsTwin(xs []*big.Int) *big.Int {
	n := big.NewInt(int64(len(xs)))
	if len(xs) < 2 {
		return new(big.Int)
	}
	sum, squares := new(big.Int), new(big.Int)
	for _, x := range xs {
		sum.Add(sum, x)
	}
	for _, x := range xs {
		d := new(big.Int).Mul(x, n)
		d.Sub(d, sum)
		squares.Add(squares, d.Mul(d, d))
	}
	pairs := new(big.Int).Mul(n, n)
	pairs.Mul(pairs, new(big.Int).Sub(n, big.NewInt(1)))
	return squares.Sqrt(squares.Quo(squares, pairs))
}

func incrementsTwin(ds []*big.Int, days int64) *big.Int {
	squares := new(big.Int)
	for _, d := range ds {
		squares.Add(squares, new(big.Int).Mul(d, d))
	}
	squares.Quo(squares, big.NewInt(max(1, int64(len(ds)))))
	return squares.Sqrt(squares.Mul(squares, big.NewInt(days)))
}

func robustTwin(ds []*big.Int, days int64) *big.Int {
	if len(ds) == 0 {
		return new(big.Int)
	}
	var abs []*big.Int
	for _, d := range ds {
		abs = append(abs, new(big.Int).Abs(d))
	}
	slices.SortFunc(abs, (*big.Int).Cmp)
	median := new(big.Int).Add(abs[(len(abs)-1)/2], abs[len(abs)/2])
	median.Rsh(median, 1)
	median.Mul(median, big.NewInt(14_826)).Quo(median, big.NewInt(10_000))
	root := new(big.Int).Mul(big.NewInt(days), new(big.Int).Mul(big.NewInt(one), big.NewInt(one)))
	root.Sqrt(root)
	return median.Mul(median, root).Quo(median, big.NewInt(one))
}

// TestRingForgets: a ring that took many samples in is as good as one that took only the last ones.
func TestRingForgets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all, long := history(t)
		var short band.Samples
		var c fixed.Calc
		for _, o := range all[max(0, len(all)-band.Capacity):] {
			if err := short.Record(o.day, fixed.FromRaw(o.pre)); err != nil {
				t.Fatal(err)
			}
			short.Trade(&c, fixed.FromRaw(o.post-o.pre))
		}
		for _, e := range []band.Estimator{band.Levels, band.Increments, band.Robust} {
			got, n, _ := long.Deviation(e, 5)
			want, m, _ := short.Deviation(e, 5)
			if got != want || n != m {
				t.Fatalf("%v: %v of %d, fresh ring %v of %d", e, got, n, want, m)
			}
		}
	})
}

func drawConfig(t *rapid.T) band.Config {
	cfg := band.Default()
	cfg.Estimator = band.Estimator(rapid.IntRange(1, int(band.NoTrade)).Draw(t, "estimator"))
	minX := rapid.Int64Range(one/1_000, one/10).Draw(t, "least x")
	maxX := rapid.Int64Range(minX, one/2).Draw(t, "largest x")
	cfg.MinX, cfg.MaxX = fixed.FromRaw(minX), fixed.FromRaw(maxX)
	cfg.MaxY = fixed.FromRaw(rapid.Int64Range(maxX+1, one-1).Draw(t, "largest y"))
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	return cfg
}

// TestWidthHoldsItsOrder: whatever was sampled, 0 < x < y < 1 and x is within its limits, so the four points are in
// order and the target itself holds.
func TestWidthHoldsItsOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg := drawConfig(t)
		_, s := history(t)
		target := weight(t, "target")
		w, err := cfg.Width(s, target, weight(t, "half-width"))
		if err != nil {
			t.Fatal(err)
		}
		if w.X.Sign() <= 0 || w.Y.Cmp(w.X) <= 0 || !w.Y.Less(fixed.One()) {
			t.Fatalf("widths %v and %v", w.X, w.Y)
		}
		if w != cfg.Default && (w.X.Less(cfg.MinX) || cfg.MaxX.Less(w.X) || cfg.MaxY.Less(w.Y)) {
			t.Fatalf("widths %v and %v leave their limits", w.X, w.Y)
		}
		var c fixed.Calc
		p := w.Around(&c, target)
		if p.BLB.Less(p.BUB) || target.Less(p.BLB) || p.ALB.Less(target) || p.AUB.Less(p.ALB) || p.BUB.Sign() < 0 {
			t.Fatalf("points out of order: %v %v %v %v around %v", p.BUB, p.BLB, p.ALB, p.AUB, target)
		}
		if got := p.Classify(target); got != band.Hold {
			t.Fatalf("the target itself: %v", got)
		}
	})
}

// TestWidthsGrow: a larger deviation or a larger no-trade region never narrows a band.
func TestWidthsGrow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg := drawConfig(t)
		target := fixed.FromRaw(rapid.Int64Range(one/10_000, one).Draw(t, "target"))
		sd, half := weight(t, "sd"), weight(t, "half-width")
		narrow, err := cfg.Spread(target, sd, half)
		if err != nil {
			t.Fatal(err)
		}
		wide, err := cfg.Spread(target, sd.Max(weight(t, "larger sd")), half.Max(weight(t, "larger half-width")))
		if err != nil || wide.X.Less(narrow.X) || wide.Y.Less(narrow.Y) {
			t.Fatalf("narrowed from %v to %v, %v", narrow, wide, err)
		}
	})
}

// TestVerdictGrows: farther from the target on the same side is never a milder verdict.
func TestVerdictGrows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		target := weight(t, "target")
		x := rapid.Int64Range(1, one-2).Draw(t, "x")
		w := band.Width{X: fixed.FromRaw(x), Y: fixed.FromRaw(rapid.Int64Range(x+1, one-1).Draw(t, "y"))}
		var c fixed.Calc
		p := w.Around(&c, target)
		a, b := weight(t, "a"), weight(t, "b")
		near, far := a, b
		if b.Less(a) == (target.Cmp(a.Min(b)) <= 0) {
			near, far = b, a
		}
		sameSide := target.Cmp(a.Min(b)) <= 0 || a.Max(b).Cmp(target) <= 0
		if sameSide && p.Classify(far) < p.Classify(near) {
			t.Fatalf("%v is %v, %v is %v around %v", far, p.Classify(far), near, p.Classify(near), target)
		}
	})
}

// TestJudgeOrder: the order of the assets does not matter, and the verdict is that of the worst asset alone.
func TestJudgeOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg := band.Default()
		n := rapid.IntRange(1, 6).Draw(t, "assets")
		order := rapid.Permutation(numbers(n)).Draw(t, "order")
		targets, weights := make([]fixed.Wad, n), make([]fixed.Wad, n)
		widths, same := make([]band.Width, n), make([]band.Width, n)
		worst := band.Hold
		for i := range n {
			targets[i] = fixed.FromRaw(rapid.Int64Range(0, one/int64(n)).Draw(t, "target"))
			weights[i] = fixed.FromRaw(rapid.Int64Range(0, one/int64(n)).Draw(t, "weight"))
			widths[i], same[i] = cfg.Default, cfg.Default
			v, _, err := cfg.Judge(same[i:i+1], targets[i:i+1], weights[i:i+1])
			if err != nil {
				t.Fatal(err)
			}
			worst = max(worst, v)
		}
		shuffledTargets, shuffledWeights := make([]fixed.Wad, n), make([]fixed.Wad, n)
		for i, j := range order {
			shuffledTargets[i], shuffledWeights[i] = targets[j], weights[j]
		}
		v, asset, err := cfg.Judge(widths, targets, weights)
		if err != nil || v != worst || (asset < 0) != (v == band.Hold) {
			t.Fatalf("got %v by %d, %v; want %v", v, asset, err, worst)
		}
		if u, _, err := cfg.Judge(widths, shuffledTargets, shuffledWeights); err != nil || u != v {
			t.Fatalf("shuffled: %v, %v; want %v", u, err, v)
		}
	})
}

func numbers(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// TestMachineIsNeverSilent walks at random: a change of phase has a cause, a halt ends by one of its four exits only
// and never on a bad price, a halted portfolio has no terms, and what did not happen leaves the phase alone.
func TestMachineIsNeverSilent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg := band.Default()
		var m band.Machine
		now := int64(0)
		for range rapid.IntRange(1, 120).Draw(t, "steps") {
			now += rapid.SampledFrom([]int64{60, hour, 8 * hour, day, 3 * day}).Draw(t, "after")
			o := drawObservation(t, now)
			next, e := m.Next(&cfg, o)
			if e.From != m.Phase || e.To != next.Phase || e.Cause == band.CauseNone && e.From != e.To {
				t.Fatalf("from %v to %v with event %v", m, next, e)
			}
			if m.Phase == band.Halted && next.Phase != band.Halted {
				exits := []band.Cause{band.Reentered, band.MoveConfirmed, band.Released, band.Retargeted}
				if !slices.Contains(exits, e.Cause) || o.Tripped || !o.Healthy && !o.Retargeted {
					t.Fatalf("left a halt by %v on %+v", e, o)
				}
			}
			if next.Phase == band.Halted && (next.Terms() != band.Terms{} || next.Effective(o.Verdict) != band.Halt) {
				t.Fatalf("a halted portfolio may trade: %v", next.Terms())
			}
			if again, f := m.Next(&cfg, o); again != next || f != e {
				t.Fatal("the same observation twice gave two answers")
			}
			m = next
		}
	})
}

func drawObservation(t *rapid.T, now int64) band.Observation {
	rare := func(label string) bool { return rapid.IntRange(0, 9).Draw(t, label) == 0 }
	return band.Observation{
		Now:        now,
		Verdict:    rapid.SampledFrom([]band.Verdict{band.Hold, band.Rebalance, band.Halt}).Draw(t, "verdict"),
		Healthy:    !rare("not healthy"),
		Tripped:    rare("tripped"),
		Confirmed:  !rare("doubtful"),
		Retargeted: rare("retargeted"),
		Release:    rapid.SampledFrom([]band.Release{0, 0, 0, 0, 0, 0, band.Granted, band.Refused}).Draw(t, "release"),
	}
}

// TestHaltEnds: with healthy, confirming samples every halt ends, inside or outside of the band.
func TestHaltEnds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg := band.Default()
		m := band.Machine{
			Phase: band.Halted, Resume: rapid.SampledFrom([]band.Phase{band.Converging, band.Armed}).Draw(t, "resume"),
		}
		o := band.Observation{Healthy: true, Confirmed: true, Verdict: rapid.SampledFrom(
			[]band.Verdict{band.Hold, band.Rebalance, band.Halt}).Draw(t, "verdict")}
		for range 26 {
			o.Now += hour
			if m, _ = m.Next(&cfg, o); m.Phase != band.Halted {
				return
			}
		}
		t.Fatalf("still halted after %d s", o.Now)
	})
}

// TestRoots: scaling 1 by a root shows the root itself, and it is that of package fixed.
func TestRoots(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var c fixed.Calc
		ratio := fixed.FromRawUint(rapid.Uint64().Draw(t, "ratio"))
		if rapid.Bool().Draw(t, "small") {
			ratio = fixed.FromRawUint(rapid.Uint64Range(0, 1<<20).Draw(t, "raw"))
		}
		if got, want := band.SquareRoot.Scale(&c, fixed.One(), ratio, fixed.One()), c.Sqrt(ratio); got != want {
			t.Fatalf("square root of %v: %v, want %v", ratio, got, want)
		}
		if got, want := band.CubeRoot.Scale(&c, fixed.One(), ratio, fixed.One()), c.Cbrt(ratio); got != want {
			t.Fatalf("cube root of %v: %v, want %v", ratio, got, want)
		}
		if c.Err() != nil {
			t.Fatal(c.Err())
		}
	})
}
