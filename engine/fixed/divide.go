package fixed

import "math/bits"

// Where a divisor is known beforehand, the divisions here multiply by its reciprocal: Möller and Granlund, "Improved
// division by invariant integers", IEEE Trans. Computers 60 (2011). The reciprocal of 1e18, by which nearly every
// product is divided, is a constant, those of the other powers of ten are tabled. A divisor that is used once is left
// to bits.Div64, one instruction on amd64: to find a reciprocal first cost a job of the backtester a tenth more.

const (
	oneShift      = 4
	oneNormalised = oneRaw << oneShift
	oneReciprocal = 0x2725dd1d243aba0e // floor((2^128-1)/oneNormalised) - 2^64

	// The two words of floor(2^187/1e18).
	oneBarrettHigh = 0x9392ee8e921d5d07
	oneBarrettLow  = 0x3aff322e62439fcf
)

// reciprocals[i] belongs to 10^i, normalised.
var reciprocals = func() [20]uint64 {
	var table [20]uint64
	for i, p := range tens {
		table[i] = reciprocal2by1(p << bits.LeadingZeros64(p))
	}
	return table
}()

var tens = func() [20]uint64 {
	var table [20]uint64
	table[0] = 1
	for i := 1; i < len(table); i++ {
		table[i] = 10 * table[i-1]
	}
	return table
}()

// reciprocalOf returns the reciprocal of d normalised, from the table when d is a power of ten.
func reciprocalOf(d uint64, shift uint) uint64 {
	if i := bits.Len64(d) * 1233 >> 12; tens[i] == d { // 1233/4096 = log10(2)
		return reciprocals[i]
	}
	return reciprocal2by1(d << (shift & 63))
}

// reciprocal2by1 is floor((2^128-1)/d) - 2^64 for d with its top bit set.
func reciprocal2by1(d uint64) uint64 {
	q, _ := bits.Div64(^d, ^uint64(0), d)
	return q
}

// div2by1 divides u1:u0 by d with its top bit set, u1 < d, given d's reciprocal v (algorithm 4). The first correction
// is as likely as not, so it is a mask and not a branch.
func div2by1(u1, u0, d, v uint64) (q, r uint64) {
	q, low := bits.Mul64(v, u1)
	low, carry := bits.Add64(low, u0, 0)
	q, _ = bits.Add64(q, u1, carry)
	q++
	r = u0 - q*d
	_, borrow := bits.Sub64(low, r, 0)
	q -= borrow
	r += d & -borrow
	if r >= d {
		q++
		r -= d
	}
	return q, r
}

// divOne divides by 1e18. Below 2^187, where nearly every product is, one product with the reciprocal floor(2^187/1e18)
// gives the quotient or up to two less (Barrett): the steps of divNormalised would wait for each other.
func (x word256) divOne() (q word256, r uint64) {
	if x.w3 != 0 || x.w2>>59 != 0 {
		return x.divNormalised(oneNormalised, oneReciprocal, oneShift)
	}
	hi, lo := x.w2<<5|x.w1>>59, x.w1<<5|x.w0>>59
	h00, _ := bits.Mul64(lo, oneBarrettLow)
	h01, l01 := bits.Mul64(lo, oneBarrettHigh)
	h10, l10 := bits.Mul64(hi, oneBarrettLow)
	h11, l11 := bits.Mul64(hi, oneBarrettHigh)
	sum, carry := bits.Add64(h00, l01, 0)
	q.w0, carry = bits.Add64(h01, l11, carry)
	q.w1 = h11 + carry
	_, carry = bits.Add64(sum, l10, 0)
	q.w0, carry = bits.Add64(q.w0, h10, carry)
	q.w1 += carry
	r = x.w0 - q.w0*oneRaw
	for r >= oneRaw {
		q.w0, carry = bits.Add64(q.w0, 1, 0)
		q.w1 += carry
		r -= oneRaw
	}
	return q, r
}

// divWord divides by one word that is not zero.
func (x word256) divWord(d uint64) (q word256, r uint64) {
	if x.fits64() {
		q.w0 = x.w0 / d
		return q, x.w0 - q.w0*d
	}
	if x.fits128() && x.w1 < d {
		q.w0, r = bits.Div64(x.w1, x.w0, d)
		return q, r
	}
	s := uint(bits.LeadingZeros64(d))
	return x.divNormalised(d<<(s&63), reciprocalOf(d, s), s)
}

// divNormalised divides by d>>s, where d has its top bit set and the reciprocal v. Words of the quotient that are
// known to be zero cost nothing.
func (x word256) divNormalised(d, v uint64, s uint) (q word256, r uint64) {
	s &= 63
	c := 63 - s
	if x.w3 != 0 || x.w2 >= d>>s {
		q.w3, r = div2by1(x.w3>>1>>c, x.w3<<s|x.w2>>1>>c, d, v)
		q.w2, r = div2by1(r, x.w2<<s|x.w1>>1>>c, d, v)
	} else {
		r = x.w2<<s | x.w1>>1>>c
	}
	if x.w3|x.w2 != 0 || x.w1 >= d>>s {
		q.w1, r = div2by1(r, x.w1<<s|x.w0>>1>>c, d, v)
	} else {
		r = x.w1<<s | x.w0>>1>>c
	}
	q.w0, r = div2by1(r, x.w0<<s, d, v)
	return q, r >> s
}

// div divides by d, which is not zero.
func (x word256) div(d Nat) (q word256, r Nat) {
	if d.hi == 0 {
		q, r.lo = x.divWord(d.lo)
		return q, r
	}
	if x.fits128() && x.low().Less(d) {
		return word256{}, x.low()
	}
	return x.divTwoWords(d)
}

// divTwoWords divides by d, d.hi not zero.
func (x word256) divTwoWords(d Nat) (q word256, r Nat) {
	s := uint(bits.LeadingZeros64(d.hi)) & 63
	t := divisor{top: d.hi<<s | d.lo>>1>>(63-s), shift: s}
	r = Nat{x.w2, x.w1}
	if x.w3 != 0 || !r.Less(d) {
		q.w2, r = t.digit(Nat{lo: x.w3}, x.w2, d)
		q.w1, r = t.digit(r, x.w1, d)
	}
	q.w0, r = t.digit(r, x.w0, d)
	return q, r
}

// divisor is what one needs to guess the digits of a quotient: the top word of the normalised divisor.
type divisor struct {
	top   uint64
	shift uint
}

// digit divides r:w by d, r < d: Knuth's algorithm D, whose guess from the top words is at most two too large. Only the
// top words are normalised, because shifts by a variable are slow.
func (t divisor) digit(r Nat, w uint64, d Nat) (q uint64, rest Nat) {
	s := t.shift & 63
	u1, u0 := r.hi<<s|r.lo>>1>>(63-s), r.lo<<s|w>>1>>(63-s)
	q = ^uint64(0)
	if u1 < t.top {
		q, _ = bits.Div64(u1, u0, t.top)
	}
	h0, l0 := bits.Mul64(q, d.lo)
	h1, l1 := bits.Mul64(q, d.hi)
	var borrow uint64
	rest.lo, borrow = bits.Sub64(w, l0, 0)
	rest.hi, borrow = bits.Sub64(r.lo, h0, borrow)
	over := r.hi - h1 - borrow
	rest.hi, borrow = bits.Sub64(rest.hi, l1, 0)
	over -= borrow
	for over != 0 { // negative: the guess was too large
		q--
		rest.lo, borrow = bits.Add64(rest.lo, d.lo, 0)
		rest.hi, borrow = bits.Add64(rest.hi, d.hi, borrow)
		over += borrow
	}
	return q, rest
}
