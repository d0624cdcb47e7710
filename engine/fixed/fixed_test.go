package fixed_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// TestMulDivAgainstBig compares every path of the division with math/big.
func TestMulDivAgainstBig(t *testing.T) {
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
	limit := new(big.Int).Lsh(big.NewInt(1), 255)
	for range 200_000 {
		a, b, d := draw(), draw(), draw()
		wa, _ := fixed.FromBig(a)
		wb, _ := fixed.FromBig(b)
		wd, _ := fixed.FromBig(d)
		var c, u fixed.Calc
		down, up := c.MulDivDown(wa, wb, wd), u.MulDivUp(wa, wb, wd)
		if d.Sign() == 0 {
			if c.Err() == nil || u.Err() == nil {
				t.Fatalf("%v*%v/0 gave no error", a, b)
			}
			continue
		}
		q, r := new(big.Int).DivMod(new(big.Int).Mul(a, b), d, new(big.Int))
		if (q.Cmp(limit) >= 0) != (c.Err() != nil) {
			t.Fatalf("%v*%v/%v: error %v, quotient %v", a, b, d, c.Err(), q)
		}
		if c.Err() != nil {
			continue
		}
		if down.Big().Cmp(q) != 0 {
			t.Fatalf("%v*%v/%v = %v, want %v", a, b, d, down.Big(), q)
		}
		if r.Sign() != 0 {
			q.Add(q, big.NewInt(1))
		}
		if u.Err() == nil && up.Big().Cmp(q) != 0 {
			t.Fatalf("%v*%v/%v up = %v, want %v", a, b, d, up.Big(), q)
		}
	}
}

func BenchmarkMulTrunc(b *testing.B) {
	x, _ := fixed.Parse("1234567.123456789")
	y, _ := fixed.Parse("-0.333333333333333333")
	var c fixed.Calc
	b.ReportAllocs()
	for b.Loop() {
		_ = c.MulTrunc(x, y)
	}
}

func BenchmarkDivTrunc(b *testing.B) {
	x, _ := fixed.Parse("1234567.123456789")
	y, _ := fixed.Parse("5678901.333333333333333333")
	var c fixed.Calc
	b.ReportAllocs()
	for b.Loop() {
		_ = c.DivTrunc(x, y)
	}
}

func BenchmarkMulDivWide(b *testing.B) {
	x, _ := fixed.Parse("123456700000000000000000000000000.123456789")
	var c fixed.Calc
	b.ReportAllocs()
	for b.Loop() {
		_ = c.MulDivDown(x, x, x)
	}
}
