package fixed_test

import (
	"errors"
	"math/big"

	"pgregory.net/rapid"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// The twin of every operation, in integers without end.

var (
	unit  = big.NewInt(1e18)
	limit = new(big.Int).Lsh(big.NewInt(1), 255)
)

// operation is an operation on three Wads and its twin, whose result is exact and rounded as the name says. The twin
// returns nil when the operands are outside its domain.
type operation struct {
	name string
	run  func(c *fixed.Calc, a, b, d fixed.Wad) fixed.Wad
	twin func(a, b, d *big.Int) *big.Int
}

var operations = []operation{
	{"Add", func(c *fixed.Calc, a, b, _ fixed.Wad) fixed.Wad { return c.Add(a, b) }, plus},
	{"Sub", func(c *fixed.Calc, a, b, _ fixed.Wad) fixed.Wad { return c.Sub(a, b) }, minus},
	{
		"MulTrunc", func(c *fixed.Calc, a, b, _ fixed.Wad) fixed.Wad { return c.MulTrunc(a, b) },
		func(a, b, _ *big.Int) *big.Int { return towardZero(a, b, unit) },
	},
	{
		"DivTrunc", func(c *fixed.Calc, a, b, _ fixed.Wad) fixed.Wad { return c.DivTrunc(a, b) },
		func(a, b, _ *big.Int) *big.Int { return towardZero(a, unit, b) },
	},
	{"MulDivTrunc", (*fixed.Calc).MulDivTrunc, towardZero},
	{
		"MulDown", func(c *fixed.Calc, a, b, _ fixed.Wad) fixed.Wad { return c.MulDown(a, b) },
		func(a, b, _ *big.Int) *big.Int { return downward(a, b, unit) },
	},
	{
		"MulUp", func(c *fixed.Calc, a, b, _ fixed.Wad) fixed.Wad { return c.MulUp(a, b) },
		func(a, b, _ *big.Int) *big.Int { return upward(a, b, unit) },
	},
	{
		"DivDown", func(c *fixed.Calc, a, b, _ fixed.Wad) fixed.Wad { return c.DivDown(a, b) },
		func(a, b, _ *big.Int) *big.Int { return downward(a, unit, b) },
	},
	{
		"DivUp", func(c *fixed.Calc, a, b, _ fixed.Wad) fixed.Wad { return c.DivUp(a, b) },
		func(a, b, _ *big.Int) *big.Int { return upward(a, unit, b) },
	},
	{"MulDivDown", (*fixed.Calc).MulDivDown, downward},
	{"MulDivUp", (*fixed.Calc).MulDivUp, upward},
	{
		"MulInt", func(c *fixed.Calc, a, b, _ fixed.Wad) fixed.Wad { return c.MulInt(a, lowInt(b.Big())) },
		func(a, b, _ *big.Int) *big.Int { return new(big.Int).Mul(a, big.NewInt(lowInt(b))) },
	},
	{
		"DivIntTrunc", func(c *fixed.Calc, a, b, _ fixed.Wad) fixed.Wad { return c.DivIntTrunc(a, lowInt(b.Big())) },
		func(a, b, _ *big.Int) *big.Int { return towardZero(a, big.NewInt(1), big.NewInt(lowInt(b))) },
	},
	{
		"Sqrt", func(c *fixed.Calc, a, _, _ fixed.Wad) fixed.Wad { return c.Sqrt(a) },
		func(a, _, _ *big.Int) *big.Int { return rootOf(2, a, unit) },
	},
	{
		"Cbrt", func(c *fixed.Calc, a, _, _ fixed.Wad) fixed.Wad { return c.Cbrt(a) },
		func(a, _, _ *big.Int) *big.Int { return rootOf(3, a, new(big.Int).Mul(unit, unit)) },
	},
}

func plus(a, b, _ *big.Int) *big.Int { return new(big.Int).Add(a, b) }

func minus(a, b, _ *big.Int) *big.Int { return new(big.Int).Sub(a, b) }

func towardZero(a, b, d *big.Int) *big.Int {
	if d.Sign() == 0 {
		return nil
	}
	z := new(big.Int).Mul(a, b)
	return z.Quo(z, d)
}

func downward(a, b, d *big.Int) *big.Int {
	if a.Sign() < 0 || b.Sign() < 0 || d.Sign() <= 0 {
		return nil
	}
	return towardZero(a, b, d)
}

func upward(a, b, d *big.Int) *big.Int {
	q := downward(a, b, d)
	if q != nil && new(big.Int).Mul(q, d).Cmp(new(big.Int).Mul(a, b)) != 0 {
		q.Add(q, big.NewInt(1))
	}
	return q
}

// rootOf finds the largest r with r^n <= a*scale by bisection.
func rootOf(n int64, a, scale *big.Int) *big.Int {
	if a.Sign() < 0 {
		return nil
	}
	target := new(big.Int).Mul(a, scale)
	lo, hi := new(big.Int), new(big.Int).Lsh(big.NewInt(1), 200)
	for lo.Cmp(hi) < 0 {
		mid := new(big.Int).Add(lo, hi)
		mid.Add(mid, big.NewInt(1)).Rsh(mid, 1)
		if new(big.Int).Exp(mid, big.NewInt(n), nil).Cmp(target) <= 0 {
			lo = mid
		} else {
			hi = mid.Sub(mid, big.NewInt(1))
		}
	}
	return lo
}

// lowInt makes the integer operand of an operation out of a number.
func lowInt(b *big.Int) int64 {
	return int64(new(big.Int).And(b, new(big.Int).SetUint64(1<<64-1)).Uint64())
}

// compare runs every operation on three numbers and holds the result to the twin's.
func compare(tb rapid.TB, a, b, d *big.Int) {
	tb.Helper()
	var w [3]fixed.Wad
	for i, n := range []*big.Int{a, b, d} {
		var err error
		if w[i], err = fixed.FromBig(n); err != nil {
			tb.Fatal(err)
		}
	}
	for _, op := range operations {
		var c fixed.Calc
		got, want := op.run(&c, w[0], w[1], w[2]), op.twin(a, b, d)
		switch fits := want != nil && want.CmpAbs(limit) < 0; {
		case !fits && c.Err() == nil:
			tb.Fatalf("%s(%v, %v, %v) = %v without an error, want %v", op.name, a, b, d, got.Big(), want)
		case want != nil && !fits && !errors.Is(c.Err(), fixed.ErrOverflow):
			tb.Fatalf("%s(%v, %v, %v): error %v, want an overflow", op.name, a, b, d, c.Err())
		case fits && c.Err() != nil:
			tb.Fatalf("%s(%v, %v, %v): error %v, want %v", op.name, a, b, d, c.Err(), want)
		case fits && got.Big().Cmp(want) != 0:
			tb.Fatalf("%s(%v, %v, %v) = %v, want %v", op.name, a, b, d, got.Big(), want)
		}
	}
}
