package fixed

import "errors"

var (
	// ErrOverflow says that a result does not fit its type.
	ErrOverflow = errors.New("fixed: overflow")
	// ErrDivideByZero says that a divisor was zero.
	ErrDivideByZero = errors.New("fixed: division by zero")
	// ErrNegative says that an operand had to be zero or more.
	ErrNegative = errors.New("fixed: negative operand")
	// ErrSyntax says that a text is not a number.
	ErrSyntax = errors.New("fixed: not a number")
	// ErrDomain says that an operand lies outside the domain of a function.
	ErrDomain = errors.New("fixed: outside the domain")
	// ErrEncoding says that bytes are not the encoding of a number.
	ErrEncoding = errors.New("fixed: invalid encoding")
)

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
	if (a.raw.w3^z.w3)&(b.raw.w3^z.w3)>>63 != 0 || z == leastWord {
		c.Fail(ErrOverflow)
	}
	return Wad{z}
}

// Sub returns a-b.
func (c *Calc) Sub(a, b Wad) Wad {
	z, _ := a.raw.sub(b.raw)
	if (a.raw.w3^b.raw.w3)&(a.raw.w3^z.w3)>>63 != 0 || z == leastWord {
		c.Fail(ErrOverflow)
	}
	return Wad{z}
}

// MulTrunc returns a*b rounded toward zero.
func (c *Calc) MulTrunc(a, b Wad) Wad {
	m, smallA := a.raw.magnitude()
	n, smallB := b.raw.magnitude()
	if !smallA || !smallB {
		return c.signed(a, b, One())
	}
	q, _ := mulNat(m, n).divOne()
	return Wad{q.negateIf(a.raw.w3 ^ b.raw.w3)}
}

// DivTrunc returns a/b rounded toward zero.
func (c *Calc) DivTrunc(a, b Wad) Wad {
	m, smallA := a.raw.magnitude()
	n, smallB := b.raw.magnitude()
	if !smallA || !smallB || n.IsZero() {
		return c.signed(a, One(), b)
	}
	q, _ := m.scaleUp().div(n) // below 2^188
	return Wad{q.negateIf(a.raw.w3 ^ b.raw.w3)}
}

// MulDivTrunc returns a*b/d rounded toward zero.
func (c *Calc) MulDivTrunc(a, b, d Wad) Wad { return c.signed(a, b, d) }

// MulDown returns a*b rounded down; a, b >= 0.
func (c *Calc) MulDown(a, b Wad) Wad {
	if !a.raw.fits128() || !b.raw.fits128() {
		return c.natural(a, b, One(), false)
	}
	q, _ := mulNat(a.raw.low(), b.raw.low()).divOne()
	return Wad{q}
}

// MulUp returns a*b rounded up; a, b >= 0.
func (c *Calc) MulUp(a, b Wad) Wad { return c.natural(a, b, One(), true) }

// DivDown returns a/b rounded down; a >= 0, b > 0.
func (c *Calc) DivDown(a, b Wad) Wad { return c.natural(a, One(), b, false) }

// DivUp returns a/b rounded up; a >= 0, b > 0.
func (c *Calc) DivUp(a, b Wad) Wad { return c.natural(a, One(), b, true) }

// MulDivDown returns a*b/d rounded down; a, b >= 0, d > 0. It reads its operands as raw integers or as decimals
// alike: the scale of b and d cancels.
func (c *Calc) MulDivDown(a, b, d Wad) Wad {
	if !a.raw.fits128() || !b.raw.fits128() || !d.raw.fits128() || d.IsZero() {
		return c.natural(a, b, d, false)
	}
	q, _ := mulNat(a.raw.low(), b.raw.low()).div(d.raw.low())
	if q.negative() {
		c.Fail(ErrOverflow)
	}
	return Wad{q}
}

// MulDivUp returns a*b/d rounded up; a, b >= 0, d > 0.
func (c *Calc) MulDivUp(a, b, d Wad) Wad {
	if !a.raw.fits128() || !b.raw.fits128() || !d.raw.fits128() || d.IsZero() {
		return c.natural(a, b, d, true)
	}
	q, r := mulNat(a.raw.low(), b.raw.low()).div(d.raw.low())
	if !r.IsZero() {
		q, _ = q.increment() // below 2^256: a product of two numbers below 2^128
	}
	if q.negative() {
		c.Fail(ErrOverflow)
		return Wad{}
	}
	return Wad{q}
}

// MulInt returns a*n, exactly.
func (c *Calc) MulInt(a Wad, n int64) Wad {
	m, _ := FromRaw(n).raw.magnitude()
	z, ok := a.Abs().raw.mulAdd(m.lo, 0)
	if !ok || z.negative() {
		c.Fail(ErrOverflow)
	}
	return Wad{z.negateIf(a.raw.w3 ^ uint64(n))} //nolint:gosec // the sign bit
}

// DivIntTrunc returns a/n rounded toward zero.
func (c *Calc) DivIntTrunc(a Wad, n int64) Wad {
	if n == 0 {
		c.Fail(ErrDivideByZero)
		return Wad{}
	}
	d, _ := FromRaw(n).raw.magnitude()
	q, _ := a.Abs().raw.divWord(d.lo)
	return Wad{q.negateIf(a.raw.w3 ^ uint64(n))} //nolint:gosec // the sign bit
}

// signed is a*b/d toward zero on raw integers.
func (c *Calc) signed(a, b, d Wad) Wad {
	q, _, ok := mulDiv(a.Abs().raw, b.Abs().raw, d.Abs().raw)
	if !ok || q.negative() {
		c.failDivision(d)
		return Wad{}
	}
	return Wad{q.negateIf(a.raw.w3 ^ b.raw.w3 ^ d.raw.w3)}
}

// natural is a*b/d on raw integers that are not negative.
func (c *Calc) natural(a, b, d Wad, up bool) Wad {
	if (a.raw.w3|b.raw.w3|d.raw.w3)>>63 != 0 {
		c.Fail(ErrNegative)
		return Wad{}
	}
	q, r, ok := mulDiv(a.raw, b.raw, d.raw)
	if up && ok && !r.isZero() {
		var wrapped bool
		q, wrapped = q.increment()
		ok = !wrapped
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
