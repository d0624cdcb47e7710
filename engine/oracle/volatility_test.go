package oracle_test

import (
	"errors"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/enginetest"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
)

// TestVolatilityProperties checks what the estimate promises whatever the prices: samples that come too soon change
// nothing, a variance has a root, and it never exceeds what a return of two in the shortest time would give.
func TestVolatilityProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cfg := oracle.VolatilityConfig{TauSeconds: 86_400, MinSeconds: 10, Winsor: fixed.FromInt(5)}
		var v oracle.Volatility
		var c fixed.Calc
		at, most := int64(0), fixed.FromInt(4*oracle.SecondsPerYear/10)
		for range rapid.IntRange(1, 40).Draw(t, "samples") {
			before := v
			at += rapid.SampledFrom([]int64{0, 9, 10, 3_600, 1 << 30}).Draw(t, "gap")
			value := fixed.FromRawUint(rapid.Uint64Min(1).Draw(t, "value"))
			if err := v.Observe(&cfg, at, value); err != nil {
				t.Fatal(err)
			}
			if at-before.Time < cfg.MinSeconds && !before.Value.IsZero() && v != before {
				t.Fatalf("a sample after %d s counted", at-before.Time)
			}
			square := c.MulDown(v.Sigma, v.Sigma)
			if v.Sigma.Sign() < 0 || v.Variance.Less(square) || most.Less(v.Variance) {
				t.Fatalf("variance %v, volatility %v", v.Variance, v.Sigma)
			}
		}
	})
}

// TestReturnsAreOdd feeds a price and its reciprocal in powers of two: their returns differ only in sign.
func TestReturnsAreOdd(t *testing.T) {
	t.Parallel()
	cfg := oracle.VolatilityConfig{TauSeconds: 86_400, MinSeconds: 1}
	var up, down oracle.Volatility
	for i, price := range []string{"1", "2", "4", "2", "8"} {
		reciprocal := []string{"1", "0.5", "0.25", "0.5", "0.125"}[i]
		if up.Observe(&cfg, int64(i)*60, enginetest.W(t, price)) != nil ||
			down.Observe(&cfg, int64(i)*60, enginetest.W(t, reciprocal)) != nil {
			t.Fatal("a price was refused")
		}
		if up.Variance != down.Variance {
			t.Errorf("variance %v of %s and %v of %s", up.Variance, price, down.Variance, reciprocal)
		}
	}
}

// TestWinsorCutsJumps lets a price jump by a half: the cut estimate believes five deviations of it.
func TestWinsorCutsJumps(t *testing.T) {
	t.Parallel()
	plain := oracle.VolatilityConfig{TauSeconds: 86_400, MinSeconds: 1, Initial: enginetest.W(t, "0.8")}
	cut := plain
	cut.Winsor = fixed.FromInt(5)
	var a, b oracle.Volatility
	for i, price := range []string{"10", "15"} {
		if a.Observe(&plain, int64(i)*3_600, enginetest.W(t, price)) != nil ||
			b.Observe(&cut, int64(i)*3_600, enginetest.W(t, price)) != nil {
			t.Fatal("a price was refused")
		}
	}
	// 0.8^2*(1 + 0.04*(25-1)) = 1.2544, and without the cut 0.64 + 0.04*(0.4^2*8766-0.64) = 56.7
	low, high := enginetest.W(t, "1.1199"), enginetest.W(t, "1.12")
	if b.Sigma.Less(low) || high.Less(b.Sigma) || a.Sigma.Less(fixed.FromInt(7)) {
		t.Errorf("volatility %v with and %v without the cut", b.Sigma, a.Sigma)
	}
	var c oracle.Volatility // a price that has never moved has no deviation to cut to
	for i, price := range []string{"1", "1", "1.001"} {
		if err := c.Observe(&oracle.VolatilityConfig{TauSeconds: 86_400, MinSeconds: 1, Winsor: fixed.FromInt(5)},
			int64(i)*3_600, enginetest.W(t, price)); err != nil {
			t.Fatal(err)
		}
	}
	if c.Sigma.IsZero() {
		t.Error("the volatility is stuck at zero")
	}
}

// TestRealisedAgainstTwin adds the squares of the window up again at every step.
func TestRealisedAgainstTwin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		window := rapid.IntRange(1, oracle.MaxReturns).Draw(t, "window")
		var r oracle.Realised
		var prices []*big.Int
		for range rapid.IntRange(1, 150).Draw(t, "steps") {
			value := fixed.FromInt(rapid.Int64Range(90, 110).Draw(t, "value"))
			if err := r.Observe(window, value); err != nil {
				t.Fatal(err)
			}
			prices = append(prices, value.Big())
		}
		sum, n := new(big.Int), int64(0)
		for i := max(1, len(prices)-window); i < len(prices); i++ {
			change := over(times(times(num(2), new(big.Int).Sub(prices[i], prices[i-1])), one),
				new(big.Int).Add(prices[i], prices[i-1]))
			sum.Add(sum, over(times(change, change), one))
			n++
		}
		want := new(big.Int)
		if n > 0 {
			want.Sqrt(times(over(times(sum, num(oracle.SecondsPerYear)), num(n*3_600)), one))
		}
		if got, err := r.Sigma(3_600); err != nil || got.Big().Cmp(want) != 0 {
			t.Fatalf("%v, %v, want %v", got.Big(), err, want)
		}
	})
}

func TestVolatilityErrors(t *testing.T) {
	t.Parallel()
	cfg := oracle.DefaultHistoryConfig().Volatility
	var v oracle.Volatility
	if err := v.Observe(&cfg, now, fixed.Wad{}); !errors.Is(err, oracle.ErrPrice) {
		t.Errorf("no price: error %v", err)
	}
	var r oracle.Realised
	for _, err := range []error{r.Observe(0, fixed.One()), r.Observe(oracle.MaxReturns+1, fixed.One())} {
		if !errors.Is(err, oracle.ErrConfig) {
			t.Errorf("window: error %v", err)
		}
	}
	if err := r.Observe(5, fixed.Max()); !errors.Is(err, oracle.ErrPrice) {
		t.Errorf("price too large: error %v", err)
	}
	if _, err := r.Sigma(0); !errors.Is(err, oracle.ErrConfig) {
		t.Errorf("no step: error %v", err)
	}
	// A window that shrinks forgets at once.
	for _, price := range []int64{10, 20, 20, 20, 20} {
		if err := r.Observe(4, fixed.FromInt(price)); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Observe(2, fixed.FromInt(20)); err != nil || r.Count != 2 || !r.Sum.IsZero() {
		t.Errorf("%d returns with a sum of %v, %v", r.Count, r.Sum, err)
	}
}
