package synth

import (
	"fmt"
	"math/bits"

	"github.com/ballast-finance/ballast/backtest/price"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Prices are counts of 1e-12 ("pico"), returns counts of 2^-32, normal draws counts of 2^-16.
const (
	pico       = 1_000_000_000_000
	rawPerPico = 1_000_000
	lowest     = 1_000_000        // pico: six significant digits are still there
	highest    = 4_000_000 * pico // one row cannot overflow from there
	one32      = 1 << 32
	one16      = 1 << 16
	digits     = 6
)

// Sample draws the bundled sample history.
func Sample() *price.Table { return draw(SampleConfig()) }

// Generate draws a history. The same configuration gives the same table on every machine.
func Generate(cfg Config) (*price.Table, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return draw(cfg), nil
}

// draw needs a valid configuration.
func draw(cfg Config) *price.Table {
	n := len(cfg.Assets)
	t := &price.Table{
		Source:    fmt.Sprintf("synthetic (seed %d)", cfg.Seed),
		Synthetic: true,
		Assets:    make([]string, n),
		Times:     make([]int64, cfg.Rows),
		Prices:    make([]fixed.Wad, 0, n*cfg.Rows),
	}
	walks := make([]walk, n)
	for j, a := range cfg.Assets {
		t.Assets[j] = a.Name
		walks[j] = newWalk(a, cfg.StepSeconds)
	}
	m := newMarket(cfg)
	for i := range t.Times {
		t.Times[i] = cfg.Start + int64(i)*cfg.StepSeconds
		common := m.next(i)
		for j := range walks {
			if i > 0 {
				walks[j].step(&m, common, i)
			}
			t.Prices = append(t.Prices, wad(rounded(walks[j].pico)))
		}
	}
	return t
}

// walk is the path of one asset.
type walk struct {
	pico   uint64
	beta   int64 // 2^-16
	own    int64 // standard deviation of a row, 2^-32
	lift   int64 // half its square: what volatility takes from growth is given back, 2^-32
	pegged bool
	offset int64 // of a pegged asset from 1, 2^-32
	pull   int64 // the part of the offset's distance from its aim that a row closes, 2^-32
}

func newWalk(a Asset, stepSeconds int64) walk {
	if a.Pegged {
		return walk{pico: pico, pegged: true, pull: min(one32, one32*stepSeconds/pullSeconds)}
	}
	var c fixed.Calc
	start, _ := c.DivIntTrunc(a.Price, rawPerPico).RawUint()
	own := rowDeviation(a.Volatility, stepSeconds)
	return walk{pico: start, beta: counts(a.Beta, one16), own: own, lift: (own >> 12) * (own >> 12) >> 9}
}

func (w *walk) step(m *market, common int64, row int) {
	if w.pegged {
		w.offset += (m.depeg(row)-w.offset)*(w.pull>>16)>>16 + pegNoise*m.normal()>>16
		w.pico = scaled(pico, w.offset)
		return
	}
	own := w.own*m.tailed()>>16 + w.lift
	w.pico = min(highest, max(lowest, scaled(w.pico, w.beta*common>>16+own)))
}

// scaled is p*(1+r), with r cut to -1/2..1/2.
func scaled(p uint64, r int64) uint64 {
	r = max(-one32/2, min(one32/2, r))
	hi, lo := bits.Mul64(p, uint64(one32+r))
	return hi<<32 | lo>>32
}

// rounded keeps six significant digits, half up.
func rounded(p uint64) uint64 {
	unit := uint64(1)
	for limit := uint64(lowest); limit <= p; limit *= 10 { // lowest is 10^digits
		unit *= 10
	}
	return (p + unit/2) / unit * unit
}

// wad turns pico into a price.
func wad(p uint64) fixed.Wad {
	var c fixed.Calc
	return c.MulInt(fixed.FromRawUint(p), rawPerPico)
}

// counts returns w as a count of 1/unit, rounded down; w is small.
func counts(w fixed.Wad, unit int64) int64 {
	var c fixed.Calc
	n, _ := c.MulDivDown(w, fixed.FromRaw(unit), fixed.One()).RawUint()
	return int64(n) //nolint:gosec // at most 10 * 2^32
}

// rowDeviation turns an annual volatility into the standard deviation of a row, as a count of 2^-32.
func rowDeviation(annual fixed.Wad, stepSeconds int64) int64 {
	var c fixed.Calc
	root := c.Sqrt(c.DivTrunc(fixed.FromInt(stepSeconds), fixed.FromInt(yearSeconds)))
	return counts(c.MulDown(annual, root), one32)
}
