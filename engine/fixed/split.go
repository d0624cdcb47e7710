package fixed

import "fmt"

// PrefixShare returns the part of total that falls to the claim [offset, offset+weight) of 0..sum:
// floor((offset+weight)*total/sum) - floor(offset*total/sum). The parts of claims that tile 0..sum add up to total
// exactly; each is the floor or the ceiling of its quota; when total <= sum no part exceeds its weight. It needs no
// other claim, so it can be evaluated lazily (spec 00 §0.2). A claim that ends beyond sum is ErrDomain.
func (c *Calc) PrefixShare(offset, weight, sum, total Nat) Nat {
	end := c.AddNat(offset, weight)
	if sum.Less(end) {
		c.Fail(ErrDomain)
		return Nat{}
	}
	p := NewPrefix(sum, total)
	return p.At(end).minus(p.At(offset))
}

// Splitter divides totals by the method of largest remainders. It keeps its working space, so that repeated use
// does not allocate. The zero value is ready.
type Splitter struct{ rests, pool []word256 }

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
	if sum.IsZero() || c.Err() != nil {
		clear(dst)
		return c.Err()
	}
	left := s.floors(&c, dst, weights, sum, total)
	s.handOut(dst, left)
	return c.Err()
}

// floors sets dst to the quotas rounded down, keeps their remainders and returns what is left of the total.
func (s *Splitter) floors(c *Calc, dst, weights []Wad, sum, total Wad) (left Wad) {
	s.rests = s.rests[:0]
	if !sum.raw.fits128() || !total.raw.fits128() {
		left = total
		for i, w := range weights {
			q, r, _ := mulDiv(w.raw, total.raw, sum.raw) // q is at most the total
			dst[i] = Wad{q}
			left = c.Sub(left, dst[i])
			s.rests = append(s.rests, r)
		}
		return left
	}
	whole, part := sum.raw.low(), total.raw.low()
	p := NewPrefix(whole, part)
	rest := part
	for i, w := range weights {
		q := p.At(w.raw.low())
		dst[i] = q.Raw()
		rest = rest.Monus(q)
		r := w.raw.low().mulLow(part).minus(q.mulLow(whole)) // below 2^128, so the low halves are enough
		s.rests = append(s.rests, r.wide())
	}
	return rest.Raw()
}

// fewWeights is up to how many weights looking for the largest remainder again and again is the fastest way.
const fewWeights = 16

// handOut gives left raw units, fewer than len(dst), one each to the largest remainders.
func (s *Splitter) handOut(dst []Wad, left Wad) {
	n, _ := left.RawUint()
	if n == 0 {
		return
	}
	if len(s.rests) <= fewWeights {
		s.pick(dst, n)
		return
	}
	bar, ties := s.bar(int(n)) //nolint:gosec // fewer than the weights
	for i, r := range s.rests {
		d := r.cmp(bar)
		if d == 0 && ties > 0 {
			ties, d = ties-1, 1
		}
		if d > 0 {
			dst[i].raw, _ = dst[i].raw.increment()
		}
	}
}

// pick gives the n units one after the other.
func (s *Splitter) pick(dst []Wad, n uint64) {
	for range n { // the remainders that are not zero are more than n
		best, size := 0, word256{}
		for i := range s.rests {
			if size.cmp(s.rests[i]) < 0 {
				best, size = i, s.rests[i]
			}
		}
		s.rests[best] = word256{}
		dst[best].raw, _ = dst[best].raw.increment()
	}
}

// bar is the n-th largest remainder, n of 1..len(rests), and ties how many that are equal to it are among the n
// largest. It reads the remainders byte by byte, the most significant first, and keeps those that may still be it: a
// sort would order what nobody asks for, and here no order of the weights, nor how many are equal, makes more work.
func (s *Splitter) bar(n int) (bar word256, ties int) {
	s.pool = append(s.pool[:0], s.rests...)
	var bits word256
	for _, r := range s.pool {
		bits = bits.or(r)
	}
	for k := bits.bytes() - 1; k >= 0 && len(s.pool) > 1; k-- {
		var count [256]int32
		for _, r := range s.pool {
			count[r.byteAt(k)]++
		}
		digit := uint8(255)
		for ; n > int(count[digit]); digit-- {
			n -= int(count[digit])
		}
		kept := s.pool[:0]
		for _, r := range s.pool {
			if r.byteAt(k) == digit {
				kept = append(kept, r)
			}
		}
		s.pool = kept
	}
	return s.pool[0], n
}
