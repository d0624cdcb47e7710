package fixed_test

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// TestPrefixShareTiles cuts a total along claims that fill 0..sum.
func TestPrefixShareTiles(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var c fixed.Calc
		var sum fixed.Nat
		var weights []fixed.Nat
		for range rapid.IntRange(1, 12).Draw(t, "claims") {
			w := edgyNat(t, "weight").Min(fixed.MaxNat().Monus(sum))
			weights, sum = append(weights, w), c.AddNat(sum, w)
		}
		if sum.IsZero() {
			return
		}
		total := edgyNat(t, "total")
		var offset, shared fixed.Nat
		for _, w := range weights {
			share := c.PrefixShare(offset, w, sum, total)
			lower, upper := downward(w.Big(), total.Big(), sum.Big()), upward(w.Big(), total.Big(), sum.Big())
			if share.Big().Cmp(lower) < 0 || share.Big().Cmp(upper) > 0 {
				t.Fatalf("share %v of weight %v is not within %v..%v", share, w, lower, upper)
			}
			if total.Cmp(sum) <= 0 && w.Less(share) {
				t.Fatalf("share %v is above the weight %v", share, w)
			}
			loop := new(big.Int).Sub(
				downward(new(big.Int).Add(offset.Big(), w.Big()), total.Big(), sum.Big()),
				downward(offset.Big(), total.Big(), sum.Big()))
			if share.Big().Cmp(loop) != 0 {
				t.Fatalf("share %v, the loop gives %v", share, loop)
			}
			offset, shared = c.AddNat(offset, w), c.AddNat(shared, share)
		}
		if c.Err() != nil || shared != total {
			t.Fatalf("shares add up to %v (%v), want %v", shared, c.Err(), total)
		}
	})
}

// drawSplit draws weights, many of them equal, and a total, both up to 2^128 or up to 2^250.
func drawSplit(t *rapid.T) (weights []fixed.Wad, total fixed.Wad) {
	n := rapid.IntRange(1, 80).Draw(t, "n")
	wide := rapid.Bool().Draw(t, "wide")
	narrow := func(label string) fixed.Wad {
		w := natural(t, label)
		shift := uint(200)
		if wide {
			shift = 8
		}
		w, err := fixed.FromBig(new(big.Int).Rsh(w.Big(), shift))
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	for range n {
		if len(weights) > 0 && rapid.Bool().Draw(t, "equal") {
			weights = append(weights, weights[len(weights)-1])
			continue
		}
		weights = append(weights, narrow("weight"))
	}
	return weights, narrow("total")
}

func TestLargestRemainderAgainstTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		weights, total := drawSplit(t)
		var s fixed.Splitter
		dst := make([]fixed.Wad, len(weights))
		if err := s.LargestRemainder(dst, weights, total); err != nil {
			t.Fatal(err)
		}
		want := largestRemainder(weights, total)
		for i := range dst {
			if dst[i].Big().Cmp(want[i]) != 0 {
				t.Fatalf("part %d is %v, want %v", i, dst[i].Big(), want[i])
			}
		}
		in := slices.Clone(weights)
		if err := s.LargestRemainder(in, in, total); err != nil || !slices.Equal(in, dst) {
			t.Fatalf("in place %v, want %v (%v)", in, dst, err)
		}
	})
}

// TestLargestRemainderOfMany splits over many weights that take few values, so that remainders tie at the edge.
func TestLargestRemainderOfMany(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(7, 8))
	var s fixed.Splitter
	for round := range 300 {
		weights := make([]fixed.Wad, 17+rnd.IntN(1500))
		sum, kinds, unit := uint64(0), 1+rnd.Uint64N(9), uint64(1)<<(8*rnd.Uint64N(6))
		for i := range weights {
			w := unit * (1 + rnd.Uint64N(kinds))
			weights[i], sum = fixed.FromRawUint(w), sum+w
		}
		total := fixed.FromRawUint(1 + rnd.Uint64N(sum))
		dst := make([]fixed.Wad, len(weights))
		if err := s.LargestRemainder(dst, weights, total); err != nil {
			t.Fatal(err)
		}
		for i, want := range largestRemainder(weights, total) {
			if dst[i].Big().Cmp(want) != 0 {
				t.Fatalf("round %d: part %d of %d is %v, want %v", round, i, len(dst), dst[i].Big(), want)
			}
		}
	}
}

// largestRemainder is the textbook: quotas down, then one each in the order of the remainders.
func largestRemainder(weights []fixed.Wad, total fixed.Wad) []*big.Int {
	sum := new(big.Int)
	for _, w := range weights {
		sum.Add(sum, w.Big())
	}
	parts, rests, order := make([]*big.Int, len(weights)), make([]*big.Int, len(weights)), make([]int, len(weights))
	left := total.Big()
	for i, w := range weights {
		parts[i], rests[i], order[i] = new(big.Int), new(big.Int), i
		if sum.Sign() == 0 {
			continue
		}
		parts[i].DivMod(new(big.Int).Mul(w.Big(), total.Big()), sum, rests[i])
		left.Sub(left, parts[i])
	}
	slices.SortStableFunc(order, func(i, j int) int { return rests[j].Cmp(rests[i]) })
	for _, i := range order {
		if sum.Sign() != 0 && left.Sign() > 0 {
			parts[i].Add(parts[i], big.NewInt(1))
			left.Sub(left, big.NewInt(1))
		}
	}
	return parts
}

// TestLargestRemainderIsFair checks the properties: the sum is exact and every part is its quota rounded either way.
func TestLargestRemainderIsFair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		weights, total := drawSplit(t)
		var s fixed.Splitter
		dst := make([]fixed.Wad, len(weights))
		if err := s.LargestRemainder(dst, weights, total); err != nil {
			t.Fatal(err)
		}
		var c fixed.Calc
		var sum, shared fixed.Wad
		for i := range weights {
			sum, shared = c.Add(sum, weights[i]), c.Add(shared, dst[i])
		}
		if sum.IsZero() {
			return
		}
		for i, w := range weights {
			lower, upper := c.MulDivDown(w, total, sum), c.MulDivUp(w, total, sum)
			if dst[i].Less(lower) || upper.Less(dst[i]) {
				t.Fatalf("part %v is not within %v..%v", dst[i], lower, upper)
			}
			if total.Cmp(sum) <= 0 && w.Less(dst[i]) {
				t.Fatalf("part %v is above the weight %v", dst[i], w)
			}
		}
		if shared != total || c.Err() != nil {
			t.Fatalf("parts add up to %v (%v), want %v", shared, c.Err(), total)
		}
	})
}
