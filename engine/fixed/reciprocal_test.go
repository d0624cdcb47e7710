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

func TestSplitWordsAgainstDivision(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sum, total := edgy(t, "sum"), edgy(t, "total")
		first := min(sum, edgy(t, "first"))
		second := min(sum-first, edgy(t, "second"))
		weights := []uint64{first, second, sum - first - second}
		got := make([]uint64, len(weights))
		fixed.SplitWords(got, weights, sum, total)
		var offset, before uint64
		for i, w := range weights {
			offset += w
			upTo := total // the hardware division refuses a quotient that it cannot be sure of
			if offset < sum {
				hi, lo := bits.Mul64(offset, total)
				upTo, _ = bits.Div64(hi, lo, sum)
			}
			if sum == 0 {
				upTo = 0
			}
			if got[i] != upTo-before {
				t.Fatalf("%d of %v: share %d of %d is %d, want %d", total, weights, i, sum, got[i], upTo-before)
			}
			before = upTo
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

func TestSplitNothing(t *testing.T) {
	t.Parallel()
	fixed.SplitWords(nil, nil, 0, 7)
	p := fixed.NewPrefix(fixed.Nat{}, fixed.MaxNat())
	if got := p.At(fixed.Nat{}); !got.IsZero() {
		t.Errorf("the running floor at 0 is %v", got)
	}
}

func BenchmarkSplitWords(b *testing.B) {
	weights := []uint64{100_000_000_000, 200_000_000_000, 300_000_000_000, 400_000_000_000, 500_000_000_000}
	shares := make([]uint64, len(weights))
	b.ReportAllocs()
	for b.Loop() {
		fixed.SplitWords(shares, weights, 1_500_000_000_000, 123_456_789_123)
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

// TestWholeAgainstBig compares weights with divisions of big integers, at every length of the whole.
func TestWholeAgainstBig(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := edgyNat(t, "whole")
		w := fixed.NewWhole(n)
		for _, x := range []fixed.Nat{{}, n.Monus(fixed.NatOf(1)), n, edgyNat(t, "part").Min(n)} {
			want := new(big.Int)
			if !n.IsZero() {
				want.Mul(x.Big(), fixed.One().Big())
				want.Quo(want, n.Big())
			}
			if got := w.Weight(x); !want.IsUint64() || got != want.Uint64() {
				t.Fatalf("%v of %v: got %d, want %v", x, n, got, want)
			}
		}
	})
}
