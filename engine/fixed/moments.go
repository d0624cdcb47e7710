package fixed

// Moments accumulates exact sums of samples and of their squares, so that a variance has no drift and no order: the
// same samples give the same digits, however they came and went. The zero value is empty. Samples must be below 2^95
// in raw count (3.9e10) in magnitude; beyond is ErrOverflow.
type Moments struct {
	n   int64
	sum Wad     // raw
	sq  word256 // raw^2
}

// sampleWordMax bounds a sample so that 2^32 squares fit 2^223 and n*sq fits 2^255.
const sampleWordMax = 1 << 31

// maxSamples bounds the count for the same reason.
const maxSamples = 1 << 32

func squareOf(x Wad) (word256, error) {
	a := x.Abs().raw
	if !a.fits128() || a.w1 >= sampleWordMax {
		return word256{}, ErrOverflow
	}
	return mulNat(a.low(), a.low()), nil
}

// Add takes a sample in.
func (m *Moments) Add(x Wad) error {
	sq, err := squareOf(x)
	if err != nil {
		return err
	}
	if m.n == maxSamples {
		return ErrOverflow
	}
	m.n++
	m.sum.raw, _ = m.sum.raw.add(x.raw)
	m.sq, _ = m.sq.add(sq)
	return nil
}

// Remove takes a sample out that was added before. One that cannot have been is ErrDomain, as far as that shows.
func (m *Moments) Remove(x Wad) error {
	sq, err := squareOf(x)
	if err != nil {
		return err
	}
	rest, negative := m.sq.sub(sq)
	if m.n == 0 || negative {
		return ErrDomain
	}
	m.n--
	m.sum.raw, _ = m.sum.raw.sub(x.raw)
	m.sq = rest
	return nil
}

// Count is the number of samples.
func (m *Moments) Count() int64 { return m.n }

// Mean is the mean rounded toward zero, or 0 without samples.
func (m *Moments) Mean() Wad {
	if m.n == 0 {
		return Wad{}
	}
	var c Calc
	return c.DivIntTrunc(m.sum, m.n)
}

// sampleVariance is floor((n*S2-S1^2)/(n(n-1))) in units of 1e-36, as a raw count; it needs two samples and is 0
// with fewer. Its integer square root is the standard deviation in raw counts of 1e-18.
func (m *Moments) sampleVariance() word256 {
	if m.n < 2 {
		return word256{}
	}
	n := word256{w0: uint64(m.n)}
	s1 := m.sum.Abs().raw
	scaled, _ := m.sq.mulLow(n).sub(s1.mulLow(s1))
	pairs := mulNat(n.low(), NatOf(uint64(m.n-1)))
	q, _ := scaled.div(pairs.low())
	return q
}

// SampleDeviation is the sample standard deviation isqrt((n*S2-S1^2)/(n(n-1))), rounded down; 0 with fewer than two
// samples.
func (m *Moments) SampleDeviation() Wad { return isqrt(m.sampleVariance()).Raw() }

// ZeroMeanDeviation is isqrt(scale*floor(S2/n)), the deviation about zero of a sum of scale steps; 0 without samples.
func (m *Moments) ZeroMeanDeviation(scale uint64) Wad {
	if m.n == 0 {
		return Wad{}
	}
	mean, _ := m.sq.divWord(uint64(m.n)) //nolint:gosec // not negative
	return isqrt(mean.mulLow(word256{w0: scale})).Raw()
}
