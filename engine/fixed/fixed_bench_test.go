package fixed_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// operands are too many for the processor to learn: a few with one word, most with two.
func operands(b *testing.B) (x, y, z [256]fixed.Wad) {
	b.Helper()
	rnd := rand.New(rand.NewPCG(5, 6))
	var c fixed.Calc
	draw := func() fixed.Wad {
		w := c.MulInt(fixed.FromRawUint(1+rnd.Uint64N(1e12)), 1+rnd.Int64N(1e12))
		if rnd.IntN(2) == 0 {
			return w.Neg()
		}
		return w
	}
	for i := range x {
		x[i], y[i], z[i] = draw(), draw(), draw()
	}
	if err := c.Err(); err != nil {
		b.Fatal(err)
	}
	return x, y, z
}

func BenchmarkCalc(b *testing.B) {
	x, y, z := operands(b)
	for _, op := range []struct {
		name string
		run  func(c *fixed.Calc, a, b, d fixed.Wad) fixed.Wad
	}{
		{"Add", func(c *fixed.Calc, a, b, _ fixed.Wad) fixed.Wad { return c.Add(a, b) }},
		{"MulTrunc", func(c *fixed.Calc, a, b, _ fixed.Wad) fixed.Wad { return c.MulTrunc(a, b) }},
		{"DivTrunc", func(c *fixed.Calc, a, b, _ fixed.Wad) fixed.Wad { return c.DivTrunc(a, b) }},
		{"MulDown", func(c *fixed.Calc, a, b, _ fixed.Wad) fixed.Wad { return c.MulDown(a.Abs(), b.Abs()) }},
		{"MulDivDown", func(c *fixed.Calc, a, b, d fixed.Wad) fixed.Wad { return c.MulDivDown(a.Abs(), b.Abs(), d.Abs()) }},
		{"DivIntTrunc", func(c *fixed.Calc, a, _, _ fixed.Wad) fixed.Wad { return c.DivIntTrunc(a, 7) }},
		{"Sqrt", func(c *fixed.Calc, a, _, _ fixed.Wad) fixed.Wad { return c.Sqrt(a.Abs()) }},
		{"Cbrt", func(c *fixed.Calc, a, _, _ fixed.Wad) fixed.Wad { return c.Cbrt(a.Abs()) }},
		{"LnRatio", func(c *fixed.Calc, a, b, _ fixed.Wad) fixed.Wad { return c.LnRatio(a.Abs(), b.Abs()) }},
	} {
		b.Run(op.name, func(b *testing.B) {
			var c fixed.Calc
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				_ = op.run(&c, x[i&255], y[i&255], z[i&255])
				i++
			}
		})
	}
}

// BenchmarkMulTrunc and the next two always see the same operands: the least that an operation costs.
func BenchmarkMulTrunc(b *testing.B) {
	x, y := parse(b, "1234567.123456789"), parse(b, "-0.333333333333333333")
	var c fixed.Calc
	b.ReportAllocs()
	for b.Loop() {
		_ = c.MulTrunc(x, y)
	}
}

func BenchmarkDivTrunc(b *testing.B) {
	x, y := parse(b, "1234567.123456789"), parse(b, "5678901.333333333333333333")
	var c fixed.Calc
	b.ReportAllocs()
	for b.Loop() {
		_ = c.DivTrunc(x, y)
	}
}

func BenchmarkMulDivWide(b *testing.B) {
	x := parse(b, "123456700000000000000000000000000.123456789")
	var c fixed.Calc
	b.ReportAllocs()
	for b.Loop() {
		_ = c.MulDivDown(x, x, x)
	}
}

func BenchmarkParse(b *testing.B) {
	text := []byte("5238.14")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := fixed.ParseBytes(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendText(b *testing.B) {
	x, buf := parse(b, "5238.14"), make([]byte, 0, 80)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := x.AppendText(buf); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLargestRemainder8(b *testing.B) {
	weights, dst := make([]fixed.Wad, 8), make([]fixed.Wad, 8)
	for i := range weights {
		weights[i] = fixed.FromInt(int64(i*i + 3))
	}
	var s fixed.Splitter
	b.ReportAllocs()
	for b.Loop() {
		if err := s.LargestRemainder(dst, weights, fixed.One()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrefixShare(b *testing.B) {
	var c fixed.Calc
	b.ReportAllocs()
	for b.Loop() {
		_ = c.PrefixShare(fixed.NatOf(1e15), fixed.NatOf(1e9), fixed.MaxNat(), fixed.NatOf(9e17))
	}
}

func BenchmarkMoments(b *testing.B) {
	var m fixed.Moments
	x := parse(b, "0.0123")
	if m.Add(fixed.One()) != nil || m.Add(x.Neg()) != nil {
		b.Fatal("a sample was refused")
	}
	b.ReportAllocs()
	for b.Loop() {
		if m.Add(x) != nil || m.Remove(x) != nil {
			b.Fatal("a sample was refused")
		}
		_ = m.SampleDeviation()
	}
}
