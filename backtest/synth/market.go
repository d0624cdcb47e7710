package synth

import (
	"math/rand/v2"

	"github.com/ballast-finance/ballast/engine/fixed"
)

const (
	hourSeconds = 3600
	daySeconds  = 24 * hourSeconds
	yearSeconds = 365 * daySeconds

	crashSeconds   = 36 * hourSeconds
	crashLoss      = one32 * 6 / 10 // the sum of the returns: ln 0.55
	turmoilSeconds = 10 * daySeconds
	turmoil        = 3 // times the volatility

	fallSeconds    = 6 * hourSeconds
	recoverSeconds = 60 * hourSeconds
	depth          = one32 / 10
	pullSeconds    = 3 * hourSeconds
	pegNoise       = one32 / 4000 // per row
)

// regime is a state of the market.
type regime struct {
	driftBps, volatilityBps int64 // annual
	days                    int64 // that it lasts on average
}

// regimes are calm, bull and bear.
var regimes = [...]regime{{3_000, 4_000, 60}, {15_000, 6_000, 45}, {-8_000, 7_500, 40}}

// Mixing factors and how often out of 256 draws, so that a normal draw times a factor has fat tails. The sum of
// squares, 240 + 13*4 + 3*16 = 340 of 256, is normalised away: 56,867 counts of 2^-16 make sqrt(256/340) (rounded).
const (
	doubled    = 13
	quadrupled = 3
	mixUnit    = 56_867
)

// market is the common factor and the source of all draws.
type market struct {
	bits  *rand.PCG
	step  int64
	state int

	deviation [len(regimes)]int64  // of a row, 2^-32
	drift     [len(regimes)]int64  // of a row, 2^-32
	leave     [len(regimes)]uint64 // the regime ends when 64 bits are below it

	crash, bottom, calm int // rows: the crash begins, ends, its turmoil ends
	depegged            int // row at which pegged assets fall
}

func newMarket(cfg Config) market {
	m := market{bits: rand.NewPCG(cfg.Seed, 0), step: cfg.StepSeconds}
	for k, r := range regimes {
		m.deviation[k] = rowDeviation(fixed.FromBps(r.volatilityBps), m.step)
		m.drift[k] = one32 * r.driftBps / 10_000 * m.step / yearSeconds
		m.leave[k] = ^uint64(0) / uint64(max(1, r.days*daySeconds/m.step))
	}
	m.crash = cfg.Rows * 5 / 8
	m.bottom = m.crash + m.rows(crashSeconds)
	m.calm = m.bottom + m.rows(turmoilSeconds)
	m.depegged = cfg.Rows * 3 / 8
	return m
}

// rows is how many rows some seconds take, at least one.
func (m *market) rows(seconds int64) int { return int(max(1, seconds/m.step)) }

// next draws the market's return of a row.
func (m *market) next(row int) int64 {
	if m.bits.Uint64() < m.leave[m.state] {
		m.state = (m.state + 1 + int(m.bits.Uint64()>>63)) % len(regimes)
	}
	r := m.deviation[m.state] * m.tailed() >> 16
	switch {
	case row < m.crash || row >= m.calm:
		return r + m.drift[m.state]
	case row < m.bottom:
		return r - crashLoss/int64(m.bottom-m.crash)
	}
	return turmoil * r
}

// depeg is the offset from 1 at which pegged assets aim, 2^-32.
func (m *market) depeg(row int) int64 {
	after := int64(row-m.depegged) * m.step
	switch {
	case after < 0 || after >= fallSeconds+recoverSeconds:
		return 0
	case after < fallSeconds:
		return -depth * min(after+m.step, fallSeconds) / fallSeconds
	}
	return -depth * (fallSeconds + recoverSeconds - after) / recoverSeconds
}

// tailed draws a normal number times a mixing factor, of variance one, 2^-16.
func (m *market) tailed() int64 {
	z := m.normal() * mixUnit >> 16
	switch pick := m.bits.Uint64() >> 56; {
	case pick < quadrupled:
		return 4 * z
	case pick < quadrupled+doubled:
		return 2 * z
	}
	return z
}

// normal draws a nearly normal number of variance one, 2^-16: the sum of twelve uniforms of 16 bits, which has a
// standard deviation of 2^16 counts.
func (m *market) normal() int64 {
	const half = 12 * (one16 - 1) / 2
	sum := int64(-half)
	for range 3 {
		u := m.bits.Uint64()
		sum += int64(u&0xffff) + int64(u>>16&0xffff) + int64(u>>32&0xffff) + int64(u>>48)
	}
	return sum
}
