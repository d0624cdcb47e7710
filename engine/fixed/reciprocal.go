package fixed

import "math/bits"

// Many shares of one total need one reciprocal, so it is computed once and kept: Möller and Granlund, "Improved
// division by invariant integers", IEEE Trans. Computers 60 (2011), as in divide.go.

// wordPrefix is Prefix when both numbers are words.
type wordPrefix struct {
	sum, reciprocal, total uint64 // sum normalised: its top bit is set
	shift                  uint
}

func newWordPrefix(sum, total uint64) wordPrefix {
	if sum == 0 {
		sum, total = 1, 0
	}
	shift := uint(bits.LeadingZeros64(sum))
	sum <<= shift
	return wordPrefix{sum, reciprocal2by1(sum), total, shift}
}

func (p *wordPrefix) at(x uint64) uint64 {
	hi, lo := bits.Mul64(x<<(p.shift&63), p.total) // below sum*2^64, because x is at most the sum
	q, _ := div2by1(hi, lo, p.sum, p.reciprocal)
	return q
}

// SplitWords sets dst to the shares of total that fall to weights, which add up to sum, by prefix rounding
// (spec 00 §0.2). With a sum of zero every share is zero; len(dst) must be len(weights).
func SplitWords(dst, weights []uint64, sum, total uint64) {
	p := newWordPrefix(sum, total)
	last := len(weights) - 1
	if last < 0 {
		return
	}
	var offset, before uint64
	for i, w := range weights[:last] {
		offset += w
		hi, lo := bits.Mul64(offset<<(p.shift&63), p.total) // as in at, which the compiler does not inline
		upTo, _ := div2by1(hi, lo, p.sum, p.reciprocal)
		dst[i] = upTo - before
		before = upTo
	}
	dst[last] = p.total - before // the floor at the sum is the total
}

// Prefix is the running floor x -> floor(x*total/sum) of prefix rounding (spec 00 §0.2): the share of a claim
// [offset, offset+weight) is At(offset+weight) - At(offset).
type Prefix struct {
	sum   Whole
	total Nat
	word  wordPrefix // instead of all this when both numbers are words
}

// NewPrefix prepares to split total over weights that add up to sum. With a sum of zero every share is zero.
func NewPrefix(sum, total Nat) Prefix {
	if sum.hi|total.hi == 0 || sum.IsZero() {
		return Prefix{word: newWordPrefix(sum.lo, total.lo)}
	}
	return Prefix{sum: NewWhole(sum), total: total}
}

// At returns floor(x*total/sum); x must be at most the sum, beyond the result is meaningless.
func (p *Prefix) At(x Nat) Nat {
	if p.sum.n.hi == 0 {
		return Nat{lo: p.word.at(x.lo)}
	}
	if p.total.hi == 0 {
		return Nat{lo: p.sum.part(x, p.total.lo)}
	}
	x = x.shiftedBy(p.sum.shift)
	h00, n0 := bits.Mul64(x.lo, p.total.lo)
	h01, l01 := bits.Mul64(x.lo, p.total.hi)
	h10, l10 := bits.Mul64(x.hi, p.total.lo)
	h11, l11 := bits.Mul64(x.hi, p.total.hi)
	n1, c1 := bits.Add64(h00, l01, 0)
	n2, c2 := bits.Add64(h01, l11, c1)
	n1, d1 := bits.Add64(n1, l10, 0)
	n2, d2 := bits.Add64(n2, h10, d1)
	hi, r1, r0 := p.sum.digit(h11+c2+d2, n2, n1) // the top two words are below the sum, because x is at most the sum
	lo, _, _ := p.sum.digit(r1, r0, n0)
	return Nat{hi, lo}
}

// Whole divides many parts by the same number: the weights of a portfolio.
type Whole struct {
	n          Nat // normalised: its top bit is set
	reciprocal uint64
	shift      uint
}

// NewWhole prepares to divide by n. Every weight of nothing is zero.
func NewWhole(n Nat) Whole {
	if n.IsZero() {
		return Whole{n: Nat{hi: 1 << 63}, reciprocal: ^uint64(0), shift: 127}
	}
	shift := uint(bits.LeadingZeros64(n.hi))
	if shift == 64 {
		shift += uint(bits.LeadingZeros64(n.lo))
	}
	n = n.shiftedBy(shift)
	return Whole{n: n, reciprocal: twoWordReciprocal(n.hi, n.lo), shift: shift}
}

// Weight returns the raw count of x/n rounded down; x must be at most n, beyond the result is meaningless.
func (w *Whole) Weight(x Nat) uint64 { return w.part(x, oneRaw) }

// part is floor(x*total/n), x at most n.
func (w *Whole) part(x Nat, total uint64) uint64 {
	x = x.shiftedBy(w.shift)
	h0, n0 := bits.Mul64(x.lo, total)
	h1, l1 := bits.Mul64(x.hi, total)
	n1, carry := bits.Add64(h0, l1, 0)
	q, _, _ := w.digit(h1+carry, n1, n0)
	return q
}

// digit divides u2:u1:u0 by the whole, u2:u1 below it (algorithm 5).
func (w *Whole) digit(u2, u1, u0 uint64) (q, r1, r0 uint64) {
	q, low := bits.Mul64(w.reciprocal, u2)
	low, carry := bits.Add64(low, u1, 0)
	q, _ = bits.Add64(q, u2, carry)
	r1 = u1 - q*w.n.hi
	t1, t0 := bits.Mul64(q, w.n.lo)
	r0, borrow := bits.Sub64(u0, t0, 0)
	r1, _ = bits.Sub64(r1, t1, borrow)
	r0, borrow = bits.Sub64(r0, w.n.lo, 0)
	r1, _ = bits.Sub64(r1, w.n.hi, borrow)
	q++
	if r1 >= low {
		q--
		r0, carry = bits.Add64(r0, w.n.lo, 0)
		r1, _ = bits.Add64(r1, w.n.hi, carry)
	}
	if r1 > w.n.hi || r1 == w.n.hi && r0 >= w.n.lo {
		q++
		r0, borrow = bits.Sub64(r0, w.n.lo, 0)
		r1, _ = bits.Sub64(r1, w.n.hi, borrow)
	}
	return q, r1, r0
}

// twoWordReciprocal is floor((2^192-1)/(d1:d0)) - 2^64 for d1 with its top bit set (algorithm 6).
func twoWordReciprocal(d1, d0 uint64) uint64 {
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

// shiftedBy is n*2^s modulo 2^128, s below 128.
func (n Nat) shiftedBy(s uint) Nat {
	if s >= 64 {
		return Nat{hi: n.lo << (s & 63)}
	}
	return Nat{n.hi<<(s&63) | n.lo>>1>>(63-s&63), n.lo << (s & 63)}
}
