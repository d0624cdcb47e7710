package price

import (
	"strings"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// collapse is the factor of a fall that is worth a warning. A fall is never an error: LUNA lost four fifths within
// half an hour, and 99.97 % within a day.
const collapse = 100

// checker compares neighbouring rows.
type checker struct {
	*journal

	t     *Table
	lines []int32
	opt   Options
	step  int64

	gaps, missing, longest int64 // accepted gaps, the steps that they miss, and the longest in seconds
	longestLine            int
	fillable, fillRows     int64 // gaps that forward fill closes, and the rows for that
	falls                  int64 // falls by more than collapse
}

// check looks for gaps and jumps, reports them, and returns the table with the short gaps filled.
func check(j *journal, t *Table, lines []int32, opt Options) *Table {
	c := checker{journal: j, t: t, lines: lines, opt: opt, step: t.StepSeconds()}
	for i := 1; i < t.Len(); i++ {
		distance := t.Times[i] - t.Times[i-1]
		if distance > c.step {
			c.gap(i, distance)
		}
		c.jumps(i, distance)
	}
	if c.falls > maxDefects {
		c.warn(0, "and %s", plural(c.falls-maxDefects, "more fall"))
	}
	if c.gaps > 0 {
		c.warn(c.longestLine, "%s without rows (%s of %s): time jumps there; the longest, %s, ends here",
			plural(c.gaps, "gap"), plural(c.missing, "step"), spell(c.step), spell(c.longest))
	}
	if c.fillRows == 0 {
		return t
	}
	c.warn(0, "%s in %s filled with the row before", plural(c.fillRows, "row"), plural(c.fillable, "gap"))
	return c.filled()
}

// line is the line of row i, 0 when rows have none.
func (c *checker) line(i int) int {
	if c.lines == nil {
		return 0
	}
	return int(c.lines[i])
}

// steps is the number of rows that a distance leaves out.
func (c *checker) steps(distance int64) int64 { return (distance - 1) / c.step }

func (c *checker) gap(i int, distance int64) {
	steps, limit := c.steps(distance), c.opt.gapSteps(c.step)
	switch {
	case steps <= c.opt.ForwardFill:
		c.fillable++
		c.fillRows += steps
	case steps >= limit:
		c.defect(place{line: c.line(i)}, ErrGap, "no row between %s and %s: %s or %d steps without a price, at "+
			"most %d are accepted; trading was suspended or the asset delisted: choose a range (--from, --to) "+
			"beside the gap, or --max-gap %d",
			instant(c.t.Times[i-1]), instant(c.t.Times[i]), spell(distance), steps+1, limit, steps+1)
	default:
		c.gaps++
		c.missing += steps
		if distance > c.longest {
			c.longest, c.longestLine = distance, c.line(i)
		}
	}
}

func (c *checker) jumps(i int, distance int64) {
	before, now := c.t.Row(i-1), c.t.Row(i)
	var calc fixed.Calc
	for j, p := range now {
		if q := before[j]; p.Less(q) {
			if calc.Add(p, p).Less(q) { // cheap, and true hardly ever
				c.fall(i, j)
			}
		} else if calc.Add(q, q).Cmp(p) <= 0 {
			c.rise(i, j, distance)
		}
	}
}

func (c *checker) fall(i, j int) {
	var calc fixed.Calc
	p, q := c.t.Row(i)[j], c.t.Row(i - 1)[j]
	if !calc.MulInt(p, collapse).Less(q) {
		return
	}
	if c.falls++; c.falls <= maxDefects {
		c.warn(c.line(i), "%s falls from %v to %v within %s: kept as a crash",
			c.t.Assets[j], q, p, spell(c.t.Times[i]-c.t.Times[i-1]))
	}
}

func (c *checker) rise(i, j int, distance int64) {
	var calc fixed.Calc
	p, q := c.t.Row(i)[j], c.t.Row(i - 1)[j]
	gapped := distance > c.step
	factor := c.opt.jumpFactor(gapped)
	if p.Less(calc.MulInt(q, factor)) {
		return
	}
	ratio, _, _ := strings.Cut(calc.DivDown(p, q).String(), ".")
	after := "in one step of " + spell(c.step)
	if gapped {
		after = "after a gap of " + spell(distance)
	}
	c.defect(place{c.line(i), c.t.Assets[j], []byte(p.String())}, ErrJump, "the price rises %s-fold, from %v to %v, %s: "+
		"the ticker was probably given to another asset; choose a range (--from, --to) on one side of %s",
		ratio, q, p, after, instant(c.t.Times[i]))
}

// filled repeats rows into the gaps that forward fill closes whole; a longer gap is left as it is.
func (c *checker) filled() *Table {
	rows, n := c.t.Len()+int(c.fillRows), len(c.t.Assets)
	out := *c.t
	out.Times, out.Prices = make([]int64, 0, rows), make([]fixed.Wad, 0, rows*n)
	for i, at := range c.t.Times {
		out.Times, out.Prices = append(out.Times, at), append(out.Prices, c.t.Row(i)...)
		if i+1 == c.t.Len() || c.steps(c.t.Times[i+1]-at) > c.opt.ForwardFill {
			continue
		}
		for at += c.step; at < c.t.Times[i+1]; at += c.step {
			out.Times, out.Prices = append(out.Times, at), append(out.Prices, c.t.Row(i)...)
		}
	}
	return &out
}
