package view

import (
	"strconv"
	"strings"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/cli/figure"
)

// Widths of the columns about a treasury, before the bars.
const (
	nameWidth  = 13
	valueWidth = 11
	driftWidth = 6
	sparkWidth = 8
	headWidth  = nameWidth + valueWidth + driftWidth + 2 + sparkWidth + 1
	mostBar    = 18
)

// holders are the treasuries, in at most so many lines: with their weights as bars and, where there is room, in numbers
// beside the reason of the last interval.
func (r *room) holders(s *Scene, rows int) {
	n := len(s.Prices)
	each := min((r.width-headWidth)/max(n, 1), mostBar)
	var head strings.Builder
	head.WriteString(left("treasury", nameWidth) + right("value", valueWidth) + right("drift", driftWidth) +
		left("", sparkWidth+3))
	for i := range s.Prices {
		head.WriteString(left(s.Prices[i].Asset, each))
	}
	r.add(r.faint.Render(cut(strings.TrimRight(head.String(), " "), r.width)))
	rows--
	lines := 1
	if 2*len(s.Holders) <= rows {
		lines = 2
	}
	shown := min(len(s.Holders), rows/lines)
	if shown < len(s.Holders) {
		shown = max(min(shown, rows-1), 0)
	}
	for i := range s.Holders[:shown] {
		r.holder(&s.Holders[i], each)
		if lines == 2 {
			r.reason(&s.Holders[i], each)
		}
	}
	if more := len(s.Holders) - shown; more > 0 {
		r.add(r.faint.Render("and " + figure.Count(more) + " more"))
	}
}

func (r *room) holder(h *Holder, each int) {
	var line strings.Builder
	line.WriteString(left(h.Name, nameWidth-1) + " " + right(Millions(h.Value), valueWidth) +
		right(figure.Decimal(percent(h.Drift), 1), driftWidth) + " %" + " " +
		r.faint.Render(spark(h.Drifts, sparkWidth)))
	for i := range h.Weights {
		if each > 2 {
			line.WriteString(r.bar(h.Weights[i], h.Targets[i], each-1) + " ")
		}
	}
	r.add(line.String())
}

// percent is a fraction times 100.
func percent(w fixed.Wad) fixed.Wad {
	var c fixed.Calc
	return c.MulInt(w, 100)
}

// reason is the line below: what the last interval did, and the weights over their targets in percent.
func (r *room) reason(h *Holder, each int) {
	var line strings.Builder
	line.WriteString(left("  "+h.Reason, headWidth-1) + " ")
	for i := range h.Weights {
		line.WriteString(left(points(h.Weights[i])+"/"+points(h.Targets[i]), each))
	}
	r.add(r.faint.Render(cut(strings.TrimRight(line.String(), " "), r.width)))
}

// market is the auctions at the left and the purchases at the right, in so many lines.
func (r *room) market(s *Scene, rows int) {
	if rows < 2 {
		return
	}
	const gap = 2
	half := (r.width - gap) / 2
	lots, fills := r.lots(s, half, rows-1), r.fills(s, half, rows-1)
	r.add(r.faint.Render(left(lotHead(half), half)) + "  " + r.faint.Render(left("bought by", half)))
	for i := range rows - 1 {
		line := left("", half)
		if i < len(lots) {
			line = lots[i]
		}
		if i < len(fills) {
			line += "  " + fills[i]
		}
		r.add(line)
	}
}

// Widths of the columns about a lot.
const (
	pairWidth  = 10
	clockWidth = 10
	priceWidth = 11
	offWidth   = 8
	leftWidth  = 8
	bidsWidth  = 6
)

func lotHead(width int) string {
	head := left("auction", pairWidth) + right("clock", clockWidth) + right("oracle", priceWidth) +
		right("", offWidth)
	if width >= len(head)+leftWidth+bidsWidth {
		head += right("left", leftWidth) + right("bids", bidsWidth)
	}
	return head
}

func (r *room) lots(s *Scene, width, rows int) []string {
	var lines []string
	for i := range s.Lots[:min(len(s.Lots), rows)] {
		l := &s.Lots[i]
		clock, style := short(l.Clock), r.good
		switch {
		case l.Clock.IsZero():
			clock, style = "opens", r.faint
		case l.Oracle.Less(l.Clock):
			style = r.over
		}
		line := left(l.Sell+" "+l.Buy, pairWidth-1) + " " + right(clock, clockWidth) +
			right(short(l.Oracle), priceWidth) + right(off(l.Clock, l.Oracle), offWidth)
		if width >= len([]rune(line))+leftWidth+bidsWidth {
			line += right(figure.Percent(l.Left, 0), leftWidth) + right(strconv.Itoa(l.Bids), bidsWidth)
		}
		lines = append(lines, style.Render(left(line, width)))
	}
	if len(lines) == 0 {
		lines = append(lines, r.faint.Render(left("no auction runs", width)))
	}
	return lines
}

func (*room) fills(s *Scene, width, rows int) []string {
	const who, text = 7, 40 // widths of the name, and of all but the distance to the oracle's price
	lines := make([]string, 0, rows)
	for i := range s.Fills[:min(len(s.Fills), rows)] {
		f := &s.Fills[i]
		line := left(f.Who, who-1) + " " + short(f.Amount) + " " + f.Sell + " at " + short(f.Price) + " " + f.Buy
		if width >= text+offWidth+2 {
			line = left(line, width-offWidth-2) + right(off(f.Price, f.Oracle), offWidth+2)
		}
		lines = append(lines, left(line, width))
	}
	return lines
}

// past are the last rounds, the newest at the top.
func (r *room) past(s *Scene, rows int) {
	for i := range min(rows, len(s.Past)) {
		p := &s.Past[len(s.Past)-1-i]
		line := "round " + left(strconv.Itoa(p.Round), 3) + "ordered " + Millions(p.Ordered) + ", crossed " +
			Millions(p.Crossed) + ", auctioned " + Millions(p.Auctioned) + " in " +
			strconv.FormatUint(p.Lots, 10) + " lots"
		if !p.Sold.IsZero() {
			var c fixed.Calc
			line += ", cost " + figure.Bps(c.DivTrunc(p.Lost, p.Sold), 0)
		}
		r.add(cut(line, r.width))
	}
}
