package view

import (
	"strings"
	"time"

	"github.com/ballast-finance/ballast/internal/cli/figure"
)

// room is what a frame is drawn into.
type room struct {
	palette

	width, height int
	lines         []string
}

// least is the smallest room in which something can be seen.
const (
	leastWidth  = 72
	leastHeight = 16
)

// Frame draws a scene into a room, without colours: exactly so many lines, none longer than the width.
func Frame(s *Scene, width, height int) string { return frame(s, palette{}, width, height) }

func frame(s *Scene, p palette, width, height int) string {
	if width < leastWidth || height < leastHeight {
		return cut("ballast demo: more room, please", max(width, 0))
	}
	r := &room{palette: p, width: width, height: height}
	r.clock(s)
	r.prices(s)
	r.add("")
	// Treasuries first: they get two lines each when that leaves room for the rest.
	const footer, some, all = 1, 6, 10
	free := height - len(r.lines) - footer
	below := min(max(free-2*len(s.Holders)-1, some), all)
	r.holders(s, max(free-below, 2))
	if rows := height - len(r.lines) - footer; rows > 2 {
		past := min(len(s.Past), max((rows-2)/3, 1))
		r.add("")
		r.market(s, rows-1-past)
		r.past(s, past)
	}
	for len(r.lines) < height-footer {
		r.add("")
	}
	r.footer(s)
	for i, line := range r.lines {
		r.lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(r.lines[:height], "\n")
}

func (r *room) add(line string) { r.lines = append(r.lines, line) }

// spread puts one text at the left and one at the right of a line.
func (r *room) spread(a, b string, style func(...string) string) {
	b = cut(b, r.width)
	r.add(style(left(a, r.width-len([]rune(b))) + b))
}

// clock is the line about time: that of the chain, and that of the history.
func (r *room) clock(s *Scene) {
	day := time.Unix(s.Moment, 0).UTC().Format("2006-01-02 15:04")
	a := "block " + figure.Count(int(s.Height)) + "   " + day + "   1 s is " + figure.Span(s.Speed)
	b := "waiting for the first round"
	if s.Round > 0 {
		b = "round " + figure.Count(min(s.Round, s.Rounds)) + " of " + figure.Count(s.Rounds)
		if s.Phase != "" {
			b += ", " + s.Phase
		}
	}
	if s.Ending {
		b = "ending"
	}
	r.spread(a, b, r.title.Render)
}

// prices are those of the oracle, with the direction since the beginning.
func (r *room) prices(s *Scene) {
	n := max(len(s.Prices), 1)
	each := (r.width + 1) / n
	var b strings.Builder
	for i := range s.Prices {
		p := &s.Prices[i]
		text, style := p.Asset+" "+short(p.Value), r.faint
		switch {
		case !p.Usable:
			text, style = p.Asset+" no price", r.alarm
		case p.Before.Less(p.Value):
			text, style = text+" ▲", r.good
		case p.Value.Less(p.Before):
			text, style = text+" ▼", r.over
		}
		b.WriteString(style.Render(left(text, each-1)) + " ")
	}
	r.add(strings.TrimRight(b.String(), " "))
}

// footer says how it ends.
func (r *room) footer(s *Scene) {
	a := "q ends the show"
	if s.Ending {
		a = "the table follows"
	}
	r.spread(a, s.Nodes, r.faint.Render)
}
