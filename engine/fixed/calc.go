package fixed

// Calc runs a formula and keeps its first error. The zero value is ready; it must not be shared.
type Calc struct{ err error }

// Err returns the first error of the formula, or nil.
func (c *Calc) Err() error { return c.err }

// Fail makes err the error of the formula unless it already has one.
func (c *Calc) Fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// Add returns a+b.
func (c *Calc) Add(a, b Wad) Wad {
	z, _ := a.raw.add(b.raw)
	if an := a.raw.negative(); an == b.raw.negative() && z.negative() != an {
		c.Fail(ErrOverflow)
	}
	return Wad{z}
}

// Sub returns a-b.
func (c *Calc) Sub(a, b Wad) Wad {
	z, _ := a.raw.sub(b.raw)
	if an := a.raw.negative(); an != b.raw.negative() && z.negative() != an {
		c.Fail(ErrOverflow)
	}
	return Wad{z}
}

// MulTrunc returns a*b rounded toward zero.
func (c *Calc) MulTrunc(a, b Wad) Wad { return c.signed(a, b, One()) }

// DivTrunc returns a/b rounded toward zero.
func (c *Calc) DivTrunc(a, b Wad) Wad { return c.signed(a, One(), b) }

// MulDivTrunc returns a*b/d rounded toward zero.
func (c *Calc) MulDivTrunc(a, b, d Wad) Wad { return c.signed(a, b, d) }

// MulDown returns a*b rounded down; a, b >= 0.
func (c *Calc) MulDown(a, b Wad) Wad { return c.natural(a, b, One(), false) }

// MulUp returns a*b rounded up; a, b >= 0.
func (c *Calc) MulUp(a, b Wad) Wad { return c.natural(a, b, One(), true) }

// DivDown returns a/b rounded down; a >= 0, b > 0.
func (c *Calc) DivDown(a, b Wad) Wad { return c.natural(a, One(), b, false) }

// DivUp returns a/b rounded up; a >= 0, b > 0.
func (c *Calc) DivUp(a, b Wad) Wad { return c.natural(a, One(), b, true) }

// MulDivDown returns a*b/d rounded down; a, b >= 0, d > 0. It reads its operands as raw integers or as decimals
// alike: the scale of b and d cancels.
func (c *Calc) MulDivDown(a, b, d Wad) Wad { return c.natural(a, b, d, false) }

// MulDivUp returns a*b/d rounded up; a, b >= 0, d > 0.
func (c *Calc) MulDivUp(a, b, d Wad) Wad { return c.natural(a, b, d, true) }

// MulInt returns a*n, exactly.
func (c *Calc) MulInt(a Wad, n int64) Wad { return c.signed(a, FromRaw(n), FromRaw(1)) }

// DivIntTrunc returns a/n rounded toward zero.
func (c *Calc) DivIntTrunc(a Wad, n int64) Wad { return c.signed(a, FromRaw(1), FromRaw(n)) }

// signed is a*b/d toward zero on raw integers.
func (c *Calc) signed(a, b, d Wad) Wad {
	negative := a.raw.negative() != b.raw.negative() != d.raw.negative()
	q, _, ok := mulDiv(a.Abs().raw, b.Abs().raw, d.Abs().raw)
	if !ok || q.negative() {
		c.failDivision(d)
		return Wad{}
	}
	if negative {
		q = q.neg()
	}
	return Wad{q}
}

// natural is a*b/d on raw integers that are not negative.
func (c *Calc) natural(a, b, d Wad, up bool) Wad {
	if a.raw.negative() || b.raw.negative() || d.raw.negative() {
		c.Fail(ErrNegative)
		return Wad{}
	}
	q, inexact, ok := mulDiv(a.raw, b.raw, d.raw)
	if up && inexact {
		q, _ = q.increment()
	}
	if !ok || q.negative() {
		c.failDivision(d)
		return Wad{}
	}
	return Wad{q}
}

func (c *Calc) failDivision(d Wad) {
	if d.IsZero() {
		c.Fail(ErrDivideByZero)
		return
	}
	c.Fail(ErrOverflow)
}
