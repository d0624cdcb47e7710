package cost_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/fixed"
)

const oneRaw = 1_000_000_000_000_000_000

// market is a rebalance to be filled.
type market struct {
	fee          fixed.Wad
	held, wanted []fixed.Wad
}

// draw draws holdings of very different sizes, some of them hardly away from what is wanted, and sometimes new cash.
func draw(t *rapid.T) market {
	n := rapid.IntRange(1, 8).Draw(t, "n")
	var c fixed.Calc
	m := market{fee: fixed.FromRawUint(rapid.OneOf(rapid.Uint64Max(oneRaw/50), rapid.Uint64Max(oneRaw-1)).Draw(t, "fee"))}
	parts := make([]fixed.Wad, n)
	value := fixed.FromRawUint(rapid.Uint64Max(1000).Draw(t, "cash"))
	scale := rapid.SampledFrom([]int64{1, 1e9, 1e18}).Draw(t, "scale")
	for i := range n {
		h := rapid.OneOf(rapid.Just(uint64(0)), rapid.Uint64Max(10), rapid.Uint64Max(2e18)).Draw(t, "held")
		m.held = append(m.held, c.MulInt(fixed.FromRawUint(h), scale))
		value = c.Add(value, m.held[i])
		parts[i] = c.MulInt(fixed.FromRawUint(rapid.Uint64Max(1000).Draw(t, "part")), scale)
		if rapid.Bool().Draw(t, "little to trade") {
			parts[i] = c.Add(m.held[i], fixed.FromRawUint(rapid.Uint64Max(3).Draw(t, "little")))
		}
	}
	parts[0] = c.Add(parts[0], fixed.FromRaw(1))
	m.wanted = make([]fixed.Wad, n)
	var split fixed.Splitter
	if err := split.LargestRemainder(m.wanted, parts, value); err != nil {
		t.Fatal(err)
	}
	if err := c.Err(); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m market) fill(t *rapid.T, conv cost.Convention) ([]fixed.Wad, cost.Filled) {
	var ws cost.Workspace
	dst := make([]fixed.Wad, len(m.held))
	f, err := cost.Fill(&ws, conv, m.fee, m.held, m.wanted, dst)
	if err != nil {
		t.Fatal(err)
	}
	return dst, f
}

func total(values []fixed.Wad) fixed.Wad {
	var c fixed.Calc
	var s fixed.Wad
	for _, v := range values {
		s = c.Add(s, v)
	}
	return s
}

func convention(t *rapid.T) cost.Convention {
	return rapid.SampledFrom([]cost.Convention{cost.Post, cost.Leg, cost.Seq}).Draw(t, "convention")
}

// TestFillConserves holds for every convention: nothing is created, nothing is lost, nothing is owed, and the fee is
// the one that was promised.
func TestFillConserves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m, conv := draw(t), convention(t)
		dst, f := m.fill(t, conv)
		var c fixed.Calc
		if c.Add(total(dst), f.Fee) != total(m.wanted) {
			t.Fatalf("%v: %v and the fee %v of %v", conv, total(dst), f.Fee, total(m.wanted))
		}
		for _, v := range dst {
			if v.Sign() < 0 {
				t.Fatalf("%v: %v", conv, dst)
			}
		}
		promised := c.MulUp(f.Traded, m.fee)
		slack := fixed.FromRaw(int64(3 * len(dst)))
		if c.Add(f.Fee, slack).Less(promised) || c.Add(promised, slack).Less(f.Fee) {
			t.Fatalf("%v: fee %v on %v traded at %v", conv, f.Fee, f.Traded, m.fee)
		}
		if m.fee.IsZero() && !slices.Equal(dst, m.wanted) {
			t.Fatalf("%v: free of fees got %v, want %v", conv, dst, m.wanted)
		}
	})
}

// TestFeeRisesWithItsRate compares two rates on the same rebalance.
func TestFeeRisesWithItsRate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m, conv := draw(t), convention(t)
		_, low := m.fill(t, conv)
		rate, _ := m.fee.RawUint()
		m.fee = fixed.FromRawUint(rapid.Uint64Range(rate, oneRaw-1).Draw(t, "higher"))
		if _, high := m.fill(t, conv); high.Fee.Less(low.Fee) {
			t.Fatalf("%v: fee %v, at a higher rate %v", conv, low.Fee, high.Fee)
		}
	})
}

// TestPostAgainstBisection finds the value after fees by trying values, and the holdings from it.
func TestPostAgainstBisection(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := draw(t)
		got, _ := m.fill(t, cost.Post)
		value := total(m.wanted).Big()
		if value.Sign() == 0 {
			return
		}
		after := bisect(m, value)
		for i, w := range m.wanted {
			want := new(big.Int).Mul(w.Big(), after)
			if want.Quo(want, value); got[i].Big().Cmp(want) != 0 {
				t.Fatalf("%v of %v at %v: got %v, want %v", m.held, m.wanted, m.fee, got, want)
			}
		}
	})
}

// bisect returns the largest whole V' with V' + fee*sum |w_i V' - h_i| <= V, in exact arithmetic.
func bisect(m market, value *big.Int) *big.Int {
	fits := func(after *big.Int) bool {
		sum := new(big.Int)
		for i, w := range m.wanted {
			gap := new(big.Int).Mul(w.Big(), after)
			gap.Sub(gap, new(big.Int).Mul(m.held[i].Big(), value))
			sum.Add(sum, gap.Abs(gap))
		}
		sum.Mul(sum, m.fee.Big())
		one := big.NewInt(oneRaw)
		left := new(big.Int).Mul(after, value)
		left.Mul(left, one).Add(left, sum)
		right := new(big.Int).Mul(value, value)
		return left.Cmp(right.Mul(right, one)) <= 0
	}
	lo, hi := new(big.Int), new(big.Int).Add(value, big.NewInt(1))
	for one := big.NewInt(1); new(big.Int).Sub(hi, lo).Cmp(one) > 0; {
		mid := new(big.Int).Add(lo, hi)
		if mid.Rsh(mid, 1); fits(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// TestLegAgainstFractions works every leg out in fractions; a leg rounds once or, where a sale was cut, twice.
func TestLegAgainstFractions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := draw(t)
		got, _ := m.fill(t, cost.Leg)
		fee, one := new(big.Rat).SetFrac(m.fee.Big(), big.NewInt(oneRaw)), big.NewRat(1, 1)
		kept, price := new(big.Rat).Sub(one, fee), new(big.Rat).Add(one, fee)
		cash := new(big.Rat).SetInt(total(m.wanted).Big())
		cash.Sub(cash, new(big.Rat).SetInt(total(m.held).Big()))
		wish, after := new(big.Rat), make([]*big.Rat, len(got))
		for i := range got {
			have := new(big.Rat).SetInt(m.held[i].Big())
			gap := new(big.Rat).Sub(new(big.Rat).SetInt(m.wanted[i].Big()), have)
			if gap.Sign() > 0 {
				wish.Add(wish, gap)
				continue
			}
			sold := new(big.Rat).Quo(new(big.Rat).Neg(gap), kept)
			if sold.Cmp(have) > 0 {
				sold = have
			}
			cash.Add(cash, new(big.Rat).Mul(sold, kept))
			after[i] = new(big.Rat).Sub(have, sold)
		}
		for i := range got {
			if after[i] == nil {
				have := new(big.Rat).SetInt(m.held[i].Big())
				spent := new(big.Rat).Sub(new(big.Rat).SetInt(m.wanted[i].Big()), have)
				spent.Mul(spent, cash).Quo(spent, wish)
				after[i] = have.Add(have, spent.Quo(spent, price))
			}
			// A cut sale raises up to a raw unit too little for each asset, which the buys share.
			short := new(big.Rat).Sub(after[i], new(big.Rat).SetInt(got[i].Big()))
			if short.Sign() < 0 || short.Cmp(big.NewRat(int64(2+len(got)), 1)) >= 0 {
				t.Fatalf("%v of %v at %v: asset %d is %v short", m.held, m.wanted, m.fee, i, short)
			}
		}
	})
}

// TestSeqSellsFirst checks the order: what is overweight ends exactly where it was wanted, and the buys are served in
// ascending order, so that after the first that the cash does not reach nothing is bought.
func TestSeqSellsFirst(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := draw(t)
		got, _ := m.fill(t, cost.Seq)
		var c fixed.Calc
		order := make([]int, len(got))
		for i := range order {
			order[i] = i
		}
		gap := func(i int) fixed.Wad { return c.Sub(m.wanted[i], m.held[i]) }
		slices.SortStableFunc(order, func(i, j int) int { return gap(i).Cmp(gap(j)) })
		short := false
		for _, i := range order {
			switch {
			case gap(i).Sign() <= 0 && got[i] != m.wanted[i]:
				t.Fatalf("asset %d is overweight: got %v, want %v", i, got[i], m.wanted[i])
			case gap(i).Sign() > 0 && short && got[i] != m.held[i]:
				t.Fatalf("asset %d was bought after the cash was gone: got %v, want %v", i, got[i], m.held[i])
			case got[i].Less(m.held[i].Min(m.wanted[i])) || m.held[i].Max(m.wanted[i]).Less(got[i]):
				t.Fatalf("asset %d: %v is not between %v and %v", i, got[i], m.held[i], m.wanted[i])
			}
			short = short || got[i] != m.wanted[i]
		}
	})
}

// TestFillTurnsWithTheAssets lists the assets backwards. Only Seq may care, where gaps are equal.
func TestFillTurnsWithTheAssets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := draw(t)
		conv := rapid.SampledFrom([]cost.Convention{cost.Post, cost.Leg}).Draw(t, "convention")
		there, f := m.fill(t, conv)
		slices.Reverse(m.held)
		slices.Reverse(m.wanted)
		back, g := m.fill(t, conv)
		slices.Reverse(back)
		if !slices.Equal(there, back) || f != g {
			t.Fatalf("%v: %v %+v, backwards %v %+v", conv, there, f, back, g)
		}
	})
}

// TestPostIsFreeOfScale multiplies all values: what is traded multiplies, but for rounding.
func TestPostIsFreeOfScale(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := draw(t)
		small, _ := m.fill(t, cost.Post)
		var c fixed.Calc
		k := rapid.Int64Range(2, 1e6).Draw(t, "k")
		for i := range m.held {
			m.held[i], m.wanted[i] = c.MulInt(m.held[i], k), c.MulInt(m.wanted[i], k)
		}
		large, _ := m.fill(t, cost.Post)
		for i := range small {
			low := c.MulInt(small[i], k)
			if large[i].Less(low) || c.Add(low, fixed.FromRaw(3*k)).Less(large[i]) {
				t.Fatalf("%v, times %d: %v", small, k, large)
			}
		}
	})
}

func FuzzFill(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		wads := func(name string) []fixed.Wad {
			out := make([]fixed.Wad, rapid.IntRange(2, 3).Draw(t, name))
			for i := range out {
				var raw big.Int
				raw.SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 31).Draw(t, name))
				out[i], _ = fixed.FromBig(&raw)
			}
			return out
		}
		held, wanted, dst := wads("held"), wads("wanted"), make([]fixed.Wad, 2)
		var ws cost.Workspace
		fee := fixed.FromRaw(rapid.Int64().Draw(t, "fee"))
		conv := cost.Convention(rapid.Uint8Max(4).Draw(t, "convention"))
		filled, err := cost.Fill(&ws, conv, fee, held, wanted, dst)
		var c fixed.Calc
		if err == nil && c.Add(total(dst), filled.Fee) != total(wanted) {
			t.Fatalf("%v and the fee %v of %v", dst, filled.Fee, wanted)
		}
	}))
}
