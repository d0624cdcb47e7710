package fixed

import (
	"cmp"
	"fmt"
	"slices"
)

// PrefixShare returns the part of total that falls to the claim [offset, offset+weight) of 0..sum:
// floor((offset+weight)*total/sum) - floor(offset*total/sum). The parts of claims that tile 0..sum add up to total
// exactly; each is the floor or the ceiling of its quota; when total <= sum no part exceeds its weight. It needs no
// other claim, so it can be evaluated lazily (spec 00 §0.2). With sum = 0 there is no claim and the share is 0.
func (c *Calc) PrefixShare(offset, weight, sum, total Nat) Nat {
	if sum.IsZero() {
		return Nat{}
	}
	upper := c.MulDivNatDown(c.AddNat(offset, weight), total, sum)
	return c.SubNat(upper, c.MulDivNatDown(offset, total, sum))
}

// Splitter divides totals by the method of largest remainders. It keeps its working space, so that repeated use
// does not allocate. The zero value is ready.
type Splitter struct{ order []remainder }

type remainder struct {
	left  Wad
	index int
}

// LargestRemainder sets dst[i] to total*weights[i]/sum(weights) rounded down, and gives what is left, one raw unit
// each, to the largest remainders, ties to the lower index. The parts add up to total exactly and do not depend on
// the order of equal weights. Weights are raw counts and must not be negative; all zero gives all zero.
// len(dst) must be len(weights); dst may be weights.
func (s *Splitter) LargestRemainder(dst, weights []Wad, total Wad) error {
	var c Calc
	var sum Wad
	for _, w := range weights {
		if w.Sign() < 0 {
			return fmt.Errorf("%w: weight %v", ErrNegative, w)
		}
		sum = c.Add(sum, w)
	}
	if len(dst) != len(weights) || total.Sign() < 0 {
		return fmt.Errorf("%w: split %v over %d weights into %d parts", ErrDomain, total, len(weights), len(dst))
	}
	if sum.IsZero() {
		clear(dst)
		return c.Err()
	}
	s.order = s.order[:0]
	left := total
	for i, w := range weights {
		part, rest := c.divMod(w, total, sum)
		dst[i] = part
		left = c.Sub(left, part)
		s.order = append(s.order, remainder{rest, i})
	}
	s.handOut(dst, left)
	return c.Err()
}

// handOut gives left raw units, fewer than len(dst), one each to the largest remainders.
func (s *Splitter) handOut(dst []Wad, left Wad) {
	n, _ := left.RawUint()
	if n == 0 || n > uint64(len(dst)) {
		return
	}
	slices.SortFunc(s.order, func(a, b remainder) int {
		if d := b.left.Cmp(a.left); d != 0 {
			return d
		}
		return cmp.Compare(a.index, b.index)
	})
	for _, r := range s.order[:n] {
		dst[r.index].raw, _ = dst[r.index].raw.increment()
	}
}

// divMod returns floor(a*b/d) and the remainder on raw integers that are not negative.
func (c *Calc) divMod(a, b, d Wad) (quotient, rest Wad) {
	q, inexact, ok := mulDiv(a.raw, b.raw, d.raw)
	if !ok || q.negative() {
		c.failDivision(d)
		return Wad{}, Wad{}
	}
	if !inexact {
		return Wad{q}, Wad{}
	}
	// a*b - q*d is below d: the low 256 bits of both products are enough.
	low, back := lowProduct(a.raw, b.raw), lowProduct(q, d.raw)
	r, _ := low.sub(back)
	return Wad{q}, Wad{r}
}

// lowProduct is a*b modulo 2^256.
func lowProduct(a, b word256) word256 {
	if a.fits128() && b.fits128() {
		return mul128(a, b)
	}
	x, y := a.int(), b.int()
	x.Mul(&x, &y)
	return fromInt(&x)
}
