package fixed_test

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// signed draws a number of any length below 2^255, with many ones or many zeros: that is where carries are lost.
func signed(t *rapid.T, label string) *big.Int {
	length := rapid.UintRange(0, 255).Draw(t, label+" bits")
	n := new(big.Int)
	switch rapid.IntRange(0, 3).Draw(t, label+" kind") {
	case 0:
		n.Lsh(big.NewInt(1), length)
		n.Sub(n, big.NewInt(1))
	case 1:
		n.Lsh(big.NewInt(1), length)
		n.Rsh(n, 1)
	case 2:
		for _, w := range rapid.SliceOfN(rapid.Uint64(), 4, 4).Draw(t, label) {
			n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(w))
		}
		n.Rsh(n, 256-length)
	default:
		n.SetUint64(rapid.Uint64().Draw(t, label))
		n.Mul(n, big.NewInt(rapid.SampledFrom([]int64{1, 10, 1e18}).Draw(t, label+" scale")))
	}
	if rapid.Bool().Draw(t, label+" is negative") {
		n.Neg(n)
	}
	return n
}

func natural(t *rapid.T, label string) fixed.Wad {
	w, err := fixed.FromBig(new(big.Int).Abs(signed(t, label)))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestOperationsAgainstBig(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { compare(t, signed(t, "a"), signed(t, "b"), signed(t, "d")) })
}

// TestDivisionAgainstBig is a faster and longer run of the same on the paths of the division.
func TestDivisionAgainstBig(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	draw := func() *big.Int {
		words := make([]byte, 1+rnd.IntN(32))
		for i := range words {
			words[i] = []byte{0, 1, 0x7f, 0x80, 0xff, byte(rnd.Uint32())}[rnd.IntN(6)]
		}
		n := new(big.Int).SetBytes(words)
		return n.Rsh(n, 1)
	}
	for range 100_000 {
		a, b, d := draw(), draw(), draw()
		wa, _ := fixed.FromBig(a)
		wb, _ := fixed.FromBig(b)
		wd, _ := fixed.FromBig(d)
		var c fixed.Calc
		want, got := downward(a, b, d), c.MulDivDown(wa, wb, wd)
		if fits := want != nil && want.Cmp(limit) < 0; fits != (c.Err() == nil) || fits && got.Big().Cmp(want) != 0 {
			t.Fatalf("%v*%v/%v = %v (%v), want %v", a, b, d, got.Big(), c.Err(), want)
		}
	}
}

func TestComparisonsAgainstBig(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := signed(t, "a"), signed(t, "b")
		if rapid.Bool().Draw(t, "equal") {
			b = a
		}
		x, _ := fixed.FromBig(a)
		y, _ := fixed.FromBig(b)
		if x.Cmp(y) != a.Cmp(b) || x.Less(y) != (a.Cmp(b) < 0) || (x == y) != (a.Cmp(b) == 0) {
			t.Fatalf("Cmp(%v, %v) = %d", a, b, x.Cmp(y))
		}
		square := a.Sign() * a.Sign()
		if x.Sign() != a.Sign() || x.IsZero() != (square == 0) || x.Neg().Neg() != x || x.Abs().Sign() != square {
			t.Fatalf("signs of %v", a)
		}
		lower, upper := x.Min(y), x.Max(y)
		if upper.Less(lower) || lower != x && lower != y || x.Clamp(lower, upper) != x {
			t.Fatalf("%v..%v of %v and %v", lower, upper, x, y)
		}
		if word, fits := x.RawUint(); fits != a.IsUint64() || fits && word != a.Uint64() {
			t.Fatalf("RawUint(%v) = %d, %v", a, word, fits)
		}
	})
}

func TestNatAgainstBig(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, m, d := edgyNat(t, "n"), edgyNat(t, "m"), edgyNat(t, "d")
		a, b := n.Big(), m.Big()
		var c, e fixed.Calc
		check(t, "AddNat", c.AddNat(n, m), c.Err(), new(big.Int).Add(a, b))
		check(t, "SubNat", e.SubNat(n, m), e.Err(), new(big.Int).Sub(a, b))
		var down, up, times fixed.Calc
		word := rapid.Uint64().Draw(t, "word")
		check(t, "MulWord", times.MulWord(n, word), times.Err(), new(big.Int).Mul(a, new(big.Int).SetUint64(word)))
		check(t, "MulDivNatDown", down.MulDivNatDown(n, m, d), down.Err(), downward(a, b, d.Big()))
		check(t, "MulDivNatUp", up.MulDivNatUp(n, m, d), up.Err(), upward(a, b, d.Big()))
		if n.Cmp(m) != a.Cmp(b) || n.Less(m) != (a.Cmp(b) < 0) || n.IsZero() != (a.Sign() == 0) {
			t.Fatalf("Cmp(%v, %v) = %d", n, m, n.Cmp(m))
		}
		if n.Min(m).Cmp(n.Max(m)) > 0 || n.Monus(m).Cmp(n) > 0 || n.Monus(m).IsZero() != (a.Cmp(b) <= 0) {
			t.Fatalf("order of %v and %v", n, m)
		}
		if word, fits := n.Uint64(); fits != a.IsUint64() || fits && word != a.Uint64() {
			t.Fatalf("Uint64(%v) = %d, %v", n, word, fits)
		}
		if n.Raw().Big().Cmp(a) != 0 || n.String() != a.String() {
			t.Fatalf("%v is %v", n, a)
		}
	})
}

// check holds a natural result to an exact one, nil when the operands are outside the domain.
func check(t *rapid.T, name string, got fixed.Nat, err error, want *big.Int) {
	t.Helper()
	if fits := want != nil && want.Sign() >= 0 && want.BitLen() <= 128; fits != (err == nil) {
		t.Fatalf("%s: error %v, want %v", name, err, want)
	}
	if err == nil && got.Big().Cmp(want) != 0 {
		t.Fatalf("%s = %v, want %v", name, got, want)
	}
}

// TestRootIsTheLargest checks the definition of Root: the next number is already too large.
func TestRootIsTheLargest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x := fixed.FromRawUint(rapid.Uint64Max(1e18).Draw(t, "x"))
		n := rapid.Uint64Range(1, 10_000).Draw(t, "n")
		var c fixed.Calc
		r := c.Root(x, n)
		if fixed.One().Less(r) || x.Less(c.PowDown(r, n)) {
			t.Fatalf("%v^%d is above %v", r, n, x)
		}
		next := c.Add(r, fixed.FromRaw(1))
		if next.Cmp(fixed.One()) <= 0 && c.PowDown(next, n).Cmp(x) <= 0 {
			t.Fatalf("%v^%d is also at most %v", next, n, x)
		}
		if c.Err() != nil {
			t.Fatal(c.Err())
		}
	})
}

// TestLnRatio checks what a logarithm promises: it is odd, it grows, and near 1 it adds up.
func TestLnRatio(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) fixed.Wad {
			return fixed.FromRawUint(rapid.Uint64Range(8e17, 12e17).Draw(t, label))
		}
		a, b, d := draw("a"), draw("b"), draw("d")
		var c fixed.Calc
		if c.LnRatio(a, b) != c.LnRatio(b, a).Neg() {
			t.Fatalf("ln(%v/%v) is not odd", a, b)
		}
		if a.Less(b) && c.LnRatio(b, d).Less(c.LnRatio(a, d)) {
			t.Fatalf("ln falls between %v and %v", a, b)
		}
		sum := c.Add(c.LnRatio(a, b), c.LnRatio(b, d))
		if fixed.FromRaw(200).Less(c.Sub(sum, c.LnRatio(a, d)).Abs()) {
			t.Fatalf("ln(%v/%v) and ln(%v/%v) add up to %v", a, b, b, d, sum)
		}
	})
	for _, pair := range [][2]string{{"0", "1"}, {"1", "0"}, {"-1", "1"}, {"1", "-1"}} {
		var c fixed.Calc
		c.LnRatio(parse(t, pair[0]), parse(t, pair[1]))
		if !errors.Is(c.Err(), fixed.ErrDomain) {
			t.Errorf("ln(%s/%s): error %v, want %v", pair[0], pair[1], c.Err(), fixed.ErrDomain)
		}
	}
}

// TestMomentsAgainstBig adds and removes samples and compares with sums in integers without end.
func TestMomentsAgainstBig(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var m fixed.Moments
		samples := rapid.SliceOf(rapid.Int64()).Draw(t, "samples")
		scale := fixed.FromRaw(rapid.SampledFrom([]int64{1, 1_000, 4e9}).Draw(t, "scale"))
		var c fixed.Calc
		var kept []*big.Int
		for i, s := range samples {
			x := c.MulDivTrunc(fixed.FromRaw(s), scale, fixed.FromRaw(1))
			if err := m.Add(x); err != nil {
				t.Fatal(err)
			}
			if i%3 == 2 {
				if err := m.Remove(x); err != nil {
					t.Fatal(err)
				}
				continue
			}
			kept = append(kept, x.Big())
		}
		hold(t, &m, kept, rapid.Uint64Max(1_000).Draw(t, "steps"))
	})
}

func hold(t *rapid.T, m *fixed.Moments, samples []*big.Int, steps uint64) {
	t.Helper()
	n, s1, s2 := big.NewInt(int64(len(samples))), new(big.Int), new(big.Int)
	for _, x := range samples {
		s1.Add(s1, x)
		s2.Add(s2, new(big.Int).Mul(x, x))
	}
	mean, sample, about := new(big.Int), new(big.Int), new(big.Int)
	if len(samples) > 0 {
		mean.Quo(s1, n)
		about.Div(s2, n)
		about.Sqrt(about.Mul(about, new(big.Int).SetUint64(steps)))
	}
	if len(samples) > 1 {
		sample.Sub(new(big.Int).Mul(n, s2), new(big.Int).Mul(s1, s1))
		sample.Div(sample, new(big.Int).Mul(n, big.NewInt(int64(len(samples)-1))))
		sample.Sqrt(sample)
	}
	if m.Count() != int64(len(samples)) || m.Mean().Big().Cmp(mean) != 0 {
		t.Fatalf("mean %v of %d, want %v of %v", m.Mean(), m.Count(), mean, n)
	}
	if m.SampleDeviation().Big().Cmp(sample) != 0 || m.ZeroMeanDeviation(steps).Big().Cmp(about) != 0 {
		t.Fatalf("deviations %v and %v, want %v and %v", m.SampleDeviation(), m.ZeroMeanDeviation(steps), sample, about)
	}
}
