package fixed_test

import (
	"math/big"
	"math/bits"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// edgy draws a word whose set bits are near its ends, where carries are lost.
func edgy(t *rapid.T, label string) uint64 {
	w := rapid.Uint64().Draw(t, label)
	shift := rapid.UintRange(0, 63).Draw(t, label+" shift")
	switch rapid.IntRange(0, 3).Draw(t, label+" kind") {
	case 0:
		return w >> shift
	case 1:
		return ^uint64(0) << shift
	case 2:
		return ^uint64(0)>>shift - w>>63
	}
	return 1<<shift + w&1
}

func edgyNat(t *rapid.T, label string) fixed.Nat {
	n := new(big.Int).SetUint64(edgy(t, label+" high"))
	if rapid.Bool().Draw(t, label+" is a word") {
		n.SetUint64(0)
	}
	n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(edgy(t, label+" low")))
	z, err := fixed.NatFromBig(n)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestWordPrefixAgainstDivision(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sum, total := max(1, edgy(t, "sum")), edgy(t, "total")
		p := fixed.NewWordPrefix(sum, total)
		for _, x := range []uint64{0, sum / 2, sum - 1, sum, min(sum, edgy(t, "x"))} {
			want := total // the hardware division refuses a quotient that it cannot be sure of
			if x < sum {
				hi, lo := bits.Mul64(x, total)
				want, _ = bits.Div64(hi, lo, sum)
			}
			if got := p.At(x); got != want {
				t.Fatalf("%d*%d/%d = %d, want %d", x, total, sum, got, want)
			}
		}
	})
}

func TestPrefixAgainstBig(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sum, total := edgyNat(t, "sum").Max(fixed.NatOf(1)), edgyNat(t, "total")
		p := fixed.NewPrefix(sum, total)
		for _, x := range []fixed.Nat{{}, sum.Monus(fixed.NatOf(1)), sum, edgyNat(t, "x").Min(sum)} {
			want := new(big.Int).Mul(x.Big(), total.Big())
			want.Div(want, sum.Big())
			if got := p.At(x); got.Big().Cmp(want) != 0 {
				t.Fatalf("%v*%v/%v = %v, want %v", x, total, sum, got, want)
			}
		}
	})
}

func TestPrefixOfNothing(t *testing.T) {
	t.Parallel()
	w := fixed.NewWordPrefix(0, 7)
	if got := w.At(0); got != 0 {
		t.Errorf("words: the running floor at 0 is %d", got)
	}
	p := fixed.NewPrefix(fixed.Nat{}, fixed.MaxNat())
	if got := p.At(fixed.Nat{}); !got.IsZero() {
		t.Errorf("the running floor at 0 is %v", got)
	}
}

func BenchmarkWordPrefix(b *testing.B) {
	p := fixed.NewWordPrefix(987_654_321_987_654_321, 123_456_789_123_456_789)
	x := uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		x += p.At(x)&1 + 1_000_003
	}
}

func BenchmarkPrefix(b *testing.B) {
	sum, _ := fixed.ParseNat("987654321987654321987654321")
	total, _ := fixed.ParseNat("123456789123456789123456789")
	p := fixed.NewPrefix(sum, total)
	b.ReportAllocs()
	for b.Loop() {
		_ = p.At(total)
	}
}
