package fixed

import (
	"math/bits"

	"github.com/holiman/uint256"
)

// word256 is an unsigned 256-bit integer in four words, the least significant first. It is a struct and not an
// array because the compiler keeps a struct of four words in registers.
type word256 struct{ w0, w1, w2, w3 uint64 }

func (x word256) isZero() bool { return x.w0|x.w1|x.w2|x.w3 == 0 }

func (x word256) fits128() bool { return x.w2|x.w3 == 0 }

func (x word256) fits64() bool { return x.w1|x.w2|x.w3 == 0 }

// negative reads the word as two's complement.
func (x word256) negative() bool { return int64(x.w3) < 0 } //nolint:gosec // the sign bit is what is asked for

func (x word256) int() uint256.Int { return uint256.Int{x.w0, x.w1, x.w2, x.w3} }

func fromInt(i *uint256.Int) word256 { return word256{i[0], i[1], i[2], i[3]} }

func (x word256) cmp(y word256) int {
	switch {
	case x == y:
		return 0
	case x.w3 != y.w3:
		return order(x.w3 < y.w3)
	case x.w2 != y.w2:
		return order(x.w2 < y.w2)
	case x.w1 != y.w1:
		return order(x.w1 < y.w1)
	}
	return order(x.w0 < y.w0)
}

func order(less bool) int {
	if less {
		return -1
	}
	return 1
}

func (x word256) add(y word256) (word256, bool) {
	var z word256
	var carry uint64
	z.w0, carry = bits.Add64(x.w0, y.w0, 0)
	z.w1, carry = bits.Add64(x.w1, y.w1, carry)
	z.w2, carry = bits.Add64(x.w2, y.w2, carry)
	z.w3, carry = bits.Add64(x.w3, y.w3, carry)
	return z, carry != 0
}

func (x word256) sub(y word256) (word256, bool) {
	var z word256
	var borrow uint64
	z.w0, borrow = bits.Sub64(x.w0, y.w0, 0)
	z.w1, borrow = bits.Sub64(x.w1, y.w1, borrow)
	z.w2, borrow = bits.Sub64(x.w2, y.w2, borrow)
	z.w3, borrow = bits.Sub64(x.w3, y.w3, borrow)
	return z, borrow != 0
}

func (x word256) neg() word256 {
	z, _ := word256{}.sub(x)
	return z
}

func (x word256) increment() (word256, bool) { return x.add(word256{w0: 1}) }

// mulDiv returns floor(a*b/d) and whether the division left a remainder; ok is false when d is zero or the quotient
// needs more than 256 bits.
func mulDiv(a, b, d word256) (q word256, inexact, ok bool) {
	if !a.fits128() || !b.fits128() || !d.fits128() {
		return mulDivWide(a, b, d)
	}
	p := mul128(a, b)
	if d.w1 == 0 {
		if d.w0 == 0 {
			return word256{}, false, false
		}
		q, inexact = p.divWord(d.w0)
		return q, inexact, true
	}
	if p.fits128() && (p.w1 < d.w1 || p.w1 == d.w1 && p.w0 < d.w0) {
		return word256{}, !p.isZero(), true
	}
	q, inexact = p.divTwoWords(d.w1, d.w0)
	return q, inexact, true
}

// mulDivWide is mulDiv for operands of any size.
func mulDivWide(a, b, d word256) (q word256, inexact, ok bool) {
	if d.isZero() {
		return word256{}, false, false
	}
	x, y, z := a.int(), b.int(), d.int()
	var quotient uint256.Int
	if _, overflow := quotient.MulDivOverflow(&x, &y, &z); overflow {
		return word256{}, false, false
	}
	// The remainder is below d, so comparing the low 256 bits of q*d and a*b decides whether it is zero.
	var low, back uint256.Int
	low.Mul(&x, &y)
	back.Mul(&quotient, &z)
	return fromInt(&quotient), low != back, true
}

// mul128 multiplies two words of at most 128 bits.
func mul128(a, b word256) word256 {
	if a.w1|b.w1 == 0 {
		hi, lo := bits.Mul64(a.w0, b.w0)
		return word256{w0: lo, w1: hi}
	}
	h00, l00 := bits.Mul64(a.w0, b.w0)
	h01, l01 := bits.Mul64(a.w0, b.w1)
	h10, l10 := bits.Mul64(a.w1, b.w0)
	h11, l11 := bits.Mul64(a.w1, b.w1)
	w1, c1 := bits.Add64(h00, l01, 0)
	w2, c2 := bits.Add64(h01, l11, c1)
	w3 := h11 + c2
	var carry uint64
	w1, carry = bits.Add64(w1, l10, 0)
	w2, carry = bits.Add64(w2, h10, carry)
	w3 += carry
	return word256{l00, w1, w2, w3}
}
