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

// low is the lower half.
func (x word256) low() Nat { return Nat{x.w1, x.w0} }

// negative reads the word as two's complement.
func (x word256) negative() bool { return int64(x.w3) < 0 } //nolint:gosec // the sign bit is what is asked for

// signMask is all ones when the top bit of a word is set, else zero.
func signMask(top uint64) uint64 { return uint64(int64(top) >> 63) } //nolint:gosec // as in negative

// magnitude returns |x| and whether it is below 2^128, reading x as two's complement. It does not branch: the sign of
// an operand cannot be predicted.
func (x word256) magnitude() (m Nat, small bool) {
	s := signMask(x.w3)
	var carry uint64
	m.lo, carry = bits.Add64(x.w0^s, s&1, 0)
	m.hi, carry = bits.Add64(x.w1^s, 0, carry)
	return m, (x.w2^s)|(x.w3^s)|carry == 0
}

// negateIf returns -x when the top bit of a word is set, else x.
func (x word256) negateIf(top uint64) word256 {
	s := signMask(top)
	var carry uint64
	x.w0, carry = bits.Add64(x.w0^s, s&1, 0)
	x.w1, carry = bits.Add64(x.w1^s, 0, carry)
	x.w2, carry = bits.Add64(x.w2^s, 0, carry)
	x.w3 = x.w3 ^ s + carry
	return x
}

func (x word256) int() uint256.Int { return uint256.Int{x.w0, x.w1, x.w2, x.w3} }

func fromInt(i *uint256.Int) word256 { return word256{i[0], i[1], i[2], i[3]} }

func (x word256) cmp(y word256) int {
	switch {
	case x.w3 != y.w3:
		return order(x.w3 < y.w3)
	case x.w2 != y.w2:
		return order(x.w2 < y.w2)
	case x.w1 != y.w1:
		return order(x.w1 < y.w1)
	case x.w0 != y.w0:
		return order(x.w0 < y.w0)
	}
	return 0
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

func (x word256) leadingZeros() int {
	switch {
	case x.w3 != 0:
		return bits.LeadingZeros64(x.w3)
	case x.w2 != 0:
		return 64 + bits.LeadingZeros64(x.w2)
	case x.w1 != 0:
		return 128 + bits.LeadingZeros64(x.w1)
	}
	return 192 + bits.LeadingZeros64(x.w0)
}

// bytes is the number of bytes that x needs.
func (x word256) bytes() int { return (256 - x.leadingZeros() + 7) / 8 }

// byteAt is byte k, the least significant first; k is below 32.
func (x word256) byteAt(k int) uint8 {
	w := x.w0
	switch k >> 3 {
	case 1:
		w = x.w1
	case 2:
		w = x.w2
	case 3:
		w = x.w3
	}
	return uint8(w >> (8 * (k & 7))) //nolint:gosec // the lowest byte is what is asked for
}

func (x word256) or(y word256) word256 {
	return word256{x.w0 | y.w0, x.w1 | y.w1, x.w2 | y.w2, x.w3 | y.w3}
}

// shl is x*2^s modulo 2^256, s below 256.
func (x word256) shl(s uint) word256 {
	for ; s >= 64; s -= 64 {
		x = word256{0, x.w0, x.w1, x.w2}
	}
	s &= 63
	c := 63 - s
	return word256{x.w0 << s, x.w1<<s | x.w0>>1>>c, x.w2<<s | x.w1>>1>>c, x.w3<<s | x.w2>>1>>c}
}

func (x word256) neg() word256 {
	z, _ := word256{}.sub(x)
	return z
}

func (x word256) increment() (word256, bool) { return x.add(word256{w0: 1}) }

// mulNat is n*m.
func mulNat(n, m Nat) word256 {
	h00, l00 := bits.Mul64(n.lo, m.lo)
	if n.hi|m.hi == 0 {
		return word256{w0: l00, w1: h00}
	}
	h01, l01 := bits.Mul64(n.lo, m.hi)
	h10, l10 := bits.Mul64(n.hi, m.lo)
	h11, l11 := bits.Mul64(n.hi, m.hi)
	w1, c1 := bits.Add64(h00, l01, 0)
	w2, c2 := bits.Add64(h01, l11, c1)
	w3 := h11 + c2
	var carry uint64
	w1, carry = bits.Add64(w1, l10, 0)
	w2, carry = bits.Add64(w2, h10, carry)
	w3 += carry
	return word256{l00, w1, w2, w3}
}

// scaleUp is n*1e18.
func (n Nat) scaleUp() word256 {
	h0, l0 := bits.Mul64(n.lo, oneRaw)
	h1, l1 := bits.Mul64(n.hi, oneRaw)
	w1, carry := bits.Add64(h0, l1, 0)
	return word256{w0: l0, w1: w1, w2: h1 + carry}
}

// mulAdd is x*m+a; ok is false when it leaves 256 bits.
func (x word256) mulAdd(m, a uint64) (z word256, ok bool) {
	h0, l0 := bits.Mul64(x.w0, m)
	h1, l1 := bits.Mul64(x.w1, m)
	h2, l2 := bits.Mul64(x.w2, m)
	h3, l3 := bits.Mul64(x.w3, m)
	var carry uint64
	z.w0, carry = bits.Add64(l0, a, 0)
	z.w1, carry = bits.Add64(l1, h0, carry)
	z.w2, carry = bits.Add64(l2, h1, carry)
	z.w3, carry = bits.Add64(l3, h2, carry)
	return z, h3|carry == 0
}

// mulLow is x*y modulo 2^256.
func (x word256) mulLow(y word256) word256 {
	if x.fits128() && y.fits128() {
		return mulNat(x.low(), y.low())
	}
	a, b := x.int(), y.int()
	a.Mul(&a, &b)
	return fromInt(&a)
}

// mulDiv returns floor(a*b/d) and the remainder; ok is false when d is zero or the quotient needs more than 256 bits.
func mulDiv(a, b, d word256) (q, r word256, ok bool) {
	if d.isZero() {
		return word256{}, word256{}, false
	}
	if a.fits128() && b.fits128() && d.fits128() {
		q, rest := mulNat(a.low(), b.low()).div(d.low())
		return q, rest.wide(), true
	}
	x, y, z := a.int(), b.int(), d.int()
	var quotient uint256.Int
	if _, overflow := quotient.MulDivOverflow(&x, &y, &z); overflow {
		return word256{}, word256{}, false
	}
	q = fromInt(&quotient)
	r, _ = a.mulLow(b).sub(q.mulLow(d)) // the remainder is below d, so the low 256 bits of both products are enough
	return q, r, true
}
