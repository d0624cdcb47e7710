package report

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/ballast-finance/ballast/engine/fixed"
)

// Smallest and largest plot on a terminal, and the lines of it that are not canvas: title, axis, ticks, name, legend.
const (
	plotWidthMin  = 40
	plotHeightMin = 12
	plotSideMax   = 1000
	plotExtras    = 6
)

// Marks on a terminal.
const (
	markEfficient = '●'
	markDominated = '○'
	markChosen    = '◆'
	markOptimum   = '✚'
)

// FrontierPlot draws a frontier on a terminal of so many columns and lines: cost upward, tracking error to the right,
// closed forms as dotted lines. It needs a terminal that shows Unicode, and takes at least 40 columns and 12 lines.
func FrontierPlot(w io.Writer, f *Frontier, width, height int) error {
	width = min(max(width, plotWidthMin), plotSideMax)
	height = min(max(height, plotHeightMin), plotSideMax)
	out := bufio.NewWriter(w)
	note := ""
	if f.Synthetic {
		note = " (SYNTHETIC PRICES)"
	}
	put(out, cut(printable(f.Title), width-len(note)), note, "\n")
	if len(f.Points) == 0 {
		put(out, "nothing to plot: the sweep has no points\n")
	} else {
		newPlot(f, width, height).draw(out)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("%w: %w", ErrWrite, err)
	}
	return nil
}

// plot is a canvas with its two axes.
type plot struct {
	frontier *Frontier
	x, y     span
	margin   int // columns of the labels at the left
	columns  int
	lines    int
	dots     [][]byte // Braille patterns: 2 x 4 dots to a cell
	marks    [][]rune // zero: no mark
}

// span is what an axis shows, and how many cells it has.
type span struct {
	low, high float64
	cells     int
	ticks     []float64
}

func newPlot(f *Frontier, width, height int) *plot {
	var xs, ys []float64
	for i := range f.Points {
		xs = append(xs, plotX(f.Points[i].TrackingError))
		ys = append(ys, plotY(f.Points[i].CostYear))
	}
	if f.Optimum != nil {
		xs, ys = append(xs, plotX(f.Optimum.TrackingError)), append(ys, plotY(f.Optimum.CostYear))
	}
	p := &plot{frontier: f, lines: height - plotExtras}
	p.y = newSpan(ys, p.lines, max(2, p.lines/4))
	for _, t := range p.y.ticks {
		p.margin = max(p.margin, len(tickLabel(t))+2)
	}
	p.columns = width - p.margin - 1
	p.x = newSpan(xs, p.columns, max(2, p.columns/14))
	for range p.lines {
		p.dots, p.marks = append(p.dots, make([]byte, p.columns)), append(p.marks, make([]rune, p.columns))
	}
	return p
}

// plotX and plotY are the units of the axes: percent and basis points.
func plotX(w fixed.Wad) float64 { return 100 * float(w) }
func plotY(w fixed.Wad) float64 { return 1e4 * float(w) }

// newSpan fits an axis around values, with about so many round ticks.
func newSpan(values []float64, cells, ticks int) span {
	low, high := values[0], values[0]
	for _, v := range values {
		low, high = math.Min(low, v), math.Max(high, v)
	}
	room := 0.08 * (high - low)
	if room == 0 {
		room = math.Max(math.Abs(high)*0.1, 1e-6)
	}
	s := span{low: low - room, high: high + room, cells: cells}
	if low >= 0 && s.low < 0 {
		s.low = 0
	}
	step := roundStep((s.high - s.low) / float64(ticks))
	for k := math.Ceil(s.low / step); k*step <= s.high; k++ {
		s.ticks = append(s.ticks, k*step)
	}
	return s
}

// roundStep is the least of 1, 2, 2.5 and 5 times a power of ten that is not below x.
func roundStep(x float64) float64 {
	power := math.Pow10(int(math.Floor(math.Log10(x))))
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*power >= x {
			return m * power
		}
	}
	return 10 * power
}

func tickLabel(x float64) string {
	if x == 0 {
		return "0"
	}
	return strings.TrimSuffix(fmt.Sprintf("%.4g", x), ".0")
}

// at is the place of a value on an axis that is divided into so many parts per cell.
func (s span) at(x float64, parts int) int {
	return int(math.Floor((x - s.low) / (s.high - s.low) * float64(s.cells*parts)))
}

func (p *plot) draw(out *bufio.Writer) {
	for _, c := range p.frontier.Curves {
		for i := 1; i < len(c.Points); i++ {
			p.line(c.Points[i-1], c.Points[i])
		}
	}
	p.markPoints()
	labels := make(map[int]string)
	for _, t := range p.y.ticks {
		labels[p.y.at(t, 1)] = tickLabel(t)
	}
	put(out, "cost, bp a year\n")
	for line := p.lines - 1; line >= 0; line-- {
		edge := "│"
		if labels[line] != "" {
			edge = "┤"
		}
		put(out, padLeft(labels[line], p.margin-1), " ", edge, p.cells(line), "\n")
	}
	p.bottom(out)
	put(out, cut(p.legend(), p.margin+1+p.columns), "\n")
}

// cells is one line of the canvas: marks over dots.
func (p *plot) cells(line int) string {
	const braille = '\u2800'
	row := make([]rune, p.columns)
	for i := range row {
		switch {
		case p.marks[line][i] != 0:
			row[i] = p.marks[line][i]
		case p.dots[line][i] != 0:
			row[i] = braille + rune(p.dots[line][i])
		default:
			row[i] = ' '
		}
	}
	return strings.TrimRight(string(row), " ")
}

// bottom draws the axis to the right: its line, its ticks, its name.
func (p *plot) bottom(out *bufio.Writer) {
	axis := []rune(strings.Repeat("─", p.columns))
	labels := []rune(strings.Repeat(" ", p.columns+p.margin))
	for _, t := range p.x.ticks {
		i := min(p.x.at(t, 1), p.columns-1)
		axis[i] = '┬'
		label := []rune(tickLabel(t))
		start := min(p.margin+i-len(label)/2, len(labels)-len(label))
		copy(labels[start:], label)
	}
	name := "tracking error, % a year"
	put(out, strings.Repeat(" ", p.margin), "└", string(axis), "\n")
	put(out, " ", strings.TrimRight(string(labels), " "), "\n")
	put(out, padLeft(name, p.margin+1+(p.columns+utf8.RuneCountInString(name))/2), "\n")
}

// line sets the dots between two places of a closed form. What lies outside the axes is not drawn.
func (p *plot) line(from, to CurvePoint) {
	x0, y0 := plotX(from.TrackingError), plotY(from.CostYear)
	x1, y1 := plotX(to.TrackingError), plotY(to.CostYear)
	steps := min(plotSideMax, 1+max(abs(p.x.at(x1, 2)-p.x.at(x0, 2)), abs(p.y.at(y1, 4)-p.y.at(y0, 4))))
	for i := range steps + 1 {
		share := float64(i) / float64(steps)
		p.dot(p.x.at(x0+share*(x1-x0), 2), p.y.at(y0+share*(y1-y0), 4))
	}
}

// brailleBits are the dots of a cell: for each column, from the lowest to the highest.
var brailleBits = [2][4]byte{{0x40, 0x04, 0x02, 0x01}, {0x80, 0x20, 0x10, 0x08}}

func (p *plot) dot(x, y int) {
	if x >= 0 && x < 2*p.columns && y >= 0 && y < 4*p.lines {
		p.dots[y/4][x/2] |= brailleBits[x%2][y%4]
	}
}

// markPoints sets the marks, the more telling over the less.
func (p *plot) markPoints() {
	f := p.frontier
	for _, mark := range []rune{markDominated, markEfficient, markChosen} {
		for i := range f.Points {
			if v := &f.Points[i]; markOf(v) == mark {
				p.mark(v.TrackingError, v.CostYear, mark)
			}
		}
	}
	if f.Optimum != nil {
		p.mark(f.Optimum.TrackingError, f.Optimum.CostYear, markOptimum)
	}
}

func markOf(v *FrontierPoint) rune {
	switch {
	case v.Chosen:
		return markChosen
	case v.Dominated:
		return markDominated
	}
	return markEfficient
}

func (p *plot) mark(te, cost fixed.Wad, mark rune) {
	x, y := p.x.at(plotX(te), 1), p.y.at(plotY(cost), 1)
	p.marks[min(max(y, 0), p.lines-1)][min(max(x, 0), p.columns-1)] = mark
}

// legend names the marks that are there.
func (p *plot) legend() string {
	parts := []string{string(markEfficient) + " frontier"}
	has := func(mark rune) bool {
		for i := range p.frontier.Points {
			if markOf(&p.frontier.Points[i]) == mark {
				return true
			}
		}
		return false
	}
	if has(markDominated) {
		parts = append(parts, string(markDominated)+" dominated")
	}
	if has(markChosen) {
		parts = append(parts, string(markChosen)+" chosen")
	}
	if len(p.frontier.Curves) > 0 {
		parts = append(parts, "⠒ theory")
	}
	if p.frontier.Optimum != nil {
		parts = append(parts, string(markOptimum)+" its optimum")
	}
	return strings.Repeat(" ", p.margin+1) + strings.Join(parts, "  ")
}

func abs(n int) int { return max(n, -n) }
