package fixed

import "math/bits"

// A hardware division of two words by one costs as much as ten products, so the divisions here multiply by a
// reciprocal: Möller and Granlund, "Improved division by invariant integers", IEEE Trans. Computers 60 (2011).
// The reciprocals of the powers of ten, by which nearly every product is divided, are tabled.

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
	return reciprocal2by1(d << shift)
}

// seeds[i] is the first guess at the reciprocal of a word whose top nine bits are 256+i.
var seeds = func() [256]uint16 {
	var table [256]uint16
	for i := range table {
		table[i] = uint16((1<<19 - 3<<8) / (256 + i)) //nolint:gosec // at most 2045
	}
	return table
}()

// reciprocal2by1 is floor((2^128-1)/d) - 2^64 for d with its top bit set: a table of 11 bits and three Newton steps
// (algorithm 3).
func reciprocal2by1(d uint64) uint64 {
	d40 := d>>24 + 1
	v0 := uint64(seeds[d>>55-256])
	v1 := v0<<11 - v0*v0*d40>>40 - 1
	v2 := v1<<13 + v1*(1<<60-v1*d40)>>47
	e := (v2>>1)&-(d&1) - v2*(d>>1+d&1)
	hi, _ := bits.Mul64(v2, e)
	v3 := v2<<31 + hi>>1
	hi, lo := bits.Mul64(v3, d)
	_, carry := bits.Add64(lo, d, 0)
	return v3 - hi - d - carry
}

// div2by1 divides u1:u0 by d with its top bit set, u1 < d, given d's reciprocal v (algorithm 4).
func div2by1(u1, u0, d, v uint64) (q, r uint64) {
	q1, q0 := bits.Mul64(v, u1)
	q0, carry := bits.Add64(q0, u0, 0)
	q1, _ = bits.Add64(q1, u1, carry)
	q1++
	r = u0 - q1*d
	if r > q0 {
		q1--
		r += d
	}
	if r >= d {
		q1++
		r -= d
	}
	return q1, r
}

// divWord divides by one word that is not zero.
func (x word256) divWord(d uint64) (q word256, inexact bool) {
	if x.fits64() {
		q.w0 = x.w0 / d
		return q, q.w0*d != x.w0
	}
	s := uint(bits.LeadingZeros64(d)) //nolint:gosec // 0..63
	v := reciprocalOf(d, s)
	d <<= s
	c := 63 - s
	var r uint64
	switch {
	case x.w3 != 0:
		q.w3, r = div2by1(x.w3>>1>>c, x.w3<<s|x.w2>>1>>c, d, v)
		q.w2, r = div2by1(r, x.w2<<s|x.w1>>1>>c, d, v)
	case x.w2 != 0:
		q.w2, r = div2by1(x.w2>>1>>c, x.w2<<s|x.w1>>1>>c, d, v)
	default:
		r = x.w1 >> 1 >> c
	}
	if x.w3 != 0 {
		q.w1, r = div2by1(r, x.w1<<s|x.w0>>1>>c, d, v)
		q.w0, r = div2by1(r, x.w0<<s, d, v)
		return q, r != 0
	}
	q.w1, r = div2by1(r, x.w1<<s|x.w0>>1>>c, d, v)
	q.w0, r = div2by1(r, x.w0<<s, d, v)
	return q, r != 0
}

// reciprocal3by2 is floor((2^192-1)/(d1:d0)) - 2^64 for d1 with its top bit set (algorithm 6).
func reciprocal3by2(d1, d0 uint64) uint64 {
	v := reciprocal2by1(d1)
	p := d1*v + d0
	if p < d0 {
		v--
		if p >= d1 {
			v--
			p -= d1
		}
		p -= d1
	}
	t1, t0 := bits.Mul64(v, d0)
	p += t1
	if p < t1 {
		v--
		if p > d1 || p == d1 && t0 >= d0 {
			v--
		}
	}
	return v
}

// div3by2 divides u2:u1:u0 by d1:d0 with the top bit of d1 set and u2:u1 < d1:d0, given the reciprocal v
// (algorithm 5).
func div3by2(u2, u1, u0, d1, d0, v uint64) (q, r1, r0 uint64) {
	q, low := bits.Mul64(v, u2)
	low, carry := bits.Add64(low, u1, 0)
	q, _ = bits.Add64(q, u2, carry)
	r1 = u1 - q*d1
	t1, t0 := bits.Mul64(q, d0)
	r0, borrow := bits.Sub64(u0, t0, 0)
	r1, _ = bits.Sub64(r1, t1, borrow)
	r0, borrow = bits.Sub64(r0, d0, 0)
	r1, _ = bits.Sub64(r1, d1, borrow)
	q++
	if r1 >= low {
		q--
		r0, carry = bits.Add64(r0, d0, 0)
		r1, _ = bits.Add64(r1, d1, carry)
	}
	if r1 > d1 || r1 == d1 && r0 >= d0 {
		q++
		r0, borrow = bits.Sub64(r0, d0, 0)
		r1, _ = bits.Sub64(r1, d1, borrow)
	}
	return q, r1, r0
}

// divTwoWords divides by d1:d0, d1 not zero.
func (x word256) divTwoWords(d1, d0 uint64) (q word256, inexact bool) {
	s := uint(bits.LeadingZeros64(d1)) //nolint:gosec // 0..63
	c := 63 - s
	d1, d0 = d1<<s|d0>>1>>c, d0<<s
	v := reciprocal3by2(d1, d0)
	hi, mid := x.w3>>1>>c, x.w3<<s|x.w2>>1>>c
	if x.w3 != 0 {
		q.w2, hi, mid = div3by2(hi, mid, x.w2<<s|x.w1>>1>>c, d1, d0, v)
	} else {
		hi, mid = mid, x.w2<<s|x.w1>>1>>c
	}
	q.w1, hi, mid = div3by2(hi, mid, x.w1<<s|x.w0>>1>>c, d1, d0, v)
	q.w0, hi, mid = div3by2(hi, mid, x.w0<<s, d1, d0, v)
	return q, hi|mid != 0
}
