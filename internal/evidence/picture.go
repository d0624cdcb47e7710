package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// picture is a line chart as SVG: readable in a light and a dark page, with no script.
type picture struct {
	title, unit string
	curves      []curve
	stops       []int64 // moments at which the last curve's policy had stopped
}

type curve struct {
	name   string
	times  []int64
	values []float64
}

func (c *curve) add(at int64, v float64) {
	c.times = append(c.times, at)
	c.values = append(c.values, v)
}

const (
	width, height         = 860, 380
	left, right, top, low = 56, 16, 44, 36
	ticks                 = 5
	maxPoints             = 500
)

var colours = []string{"#c0392b", "#7f8c8d", "#2471a3", "#1e8449"}

// write draws the picture into a file.
func (p *picture) write(path string) error {
	from, to := p.curves[0].times[0], p.curves[0].times[len(p.curves[0].times)-1]
	most := 100.0
	for i := range p.curves {
		first := p.curves[i].values[0]
		for k := range p.curves[i].values {
			p.curves[i].values[k] *= 100 / first
			most = math.Max(most, p.curves[i].values[k])
		}
	}
	x := func(t int64) float64 { return left + float64(t-from)/float64(to-from)*(width-left-right) }
	y := func(v float64) float64 { return height - low - v/most*(height-top-low) }
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="12" `)
	fmt.Fprintf(&b, `viewBox="0 0 %d %d">`+"\n", width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", width, height)
	fmt.Fprintf(&b, `<text x="%d" y="18" font-size="14" fill="#222222">%s (%s)</text>`+"\n", left, p.title, p.unit)
	for _, s := range p.stops {
		b.WriteString(`<line stroke="#f5b041" stroke-opacity="0.35" stroke-width="2" `)
		fmt.Fprintf(&b, `x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>`+"\n", x(s), x(s), top, height-low)
	}
	for i := range ticks + 1 {
		v := most * float64(i) / ticks
		at := from + (to-from)*int64(i)/ticks
		fmt.Fprintf(&b, `<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#dddddd"/>`+"\n", left, width-right, y(v), y(v))
		fmt.Fprintf(&b, `<text x="%d" y="%.1f" text-anchor="end" fill="#444444">%.0f</text>`+"\n", left-6, y(v)+4, v)
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle" fill="#444444">%s</text>`+"\n",
			math.Min(x(at), width-40), height-14, time.Unix(at, 0).UTC().Format("2 Jan 06"))
	}
	for i := range p.curves {
		colour := colours[i%len(colours)]
		p.curves[i].line(&b, colour, x, y)
		fmt.Fprintf(&b, `<text x="%d" y="36" fill="%s">%s</text>`+"\n", left+i*180, colour, p.curves[i].name)
	}
	b.WriteString("</svg>\n")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // a folder of documents
		return err
	}
	return os.WriteFile(path, []byte(b.String()), 0o644) //nolint:gosec // a document
}

// line draws one curve, thinned.
func (c *curve) line(b *strings.Builder, colour string, x func(int64) float64, y func(float64) float64) {
	step := max(1, len(c.times)/maxPoints)
	b.WriteString(`<polyline fill="none" stroke-width="1.5" stroke="` + colour + `" points="`)
	for i := 0; i < len(c.times); i += step {
		fmt.Fprintf(b, "%.1f,%.1f ", x(c.times[i]), y(c.values[i]))
	}
	b.WriteString(`"/>` + "\n")
}
