package view

import (
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/cli/figure"
)

// palette are the styles of the parts. The zero palette draws plain text.
type palette struct{ title, faint, good, over, under, alarm lipgloss.Style }

// colours is the palette of a terminal: the sixteen colours that every terminal has, as its owner set them.
func colours() palette {
	colour := func(code string) lipgloss.Style { return lipgloss.NewStyle().Foreground(lipgloss.Color(code)) }
	return palette{
		title: lipgloss.NewStyle().Bold(true), faint: lipgloss.NewStyle().Faint(true), good: colour("2"),
		over: colour("3"), under: colour("6"), alarm: colour("1").Bold(true),
	}
}

// left fills a text up to a width, or cuts it.
func left(text string, width int) string {
	text = cut(text, width)
	return text + strings.Repeat(" ", width-lipgloss.Width(text))
}

// right is left with the text at the right.
func right(text string, width int) string {
	text = cut(text, width)
	return strings.Repeat(" ", width-lipgloss.Width(text)) + text
}

// cut shortens a text without styles to a width.
func cut(text string, width int) string {
	text = figure.Printable(text)
	if lipgloss.Width(text) <= width {
		return text
	}
	letters := []rune(text)
	for len(letters) > 0 && lipgloss.Width(string(letters))+1 > width {
		letters = letters[:len(letters)-1]
	}
	if width < 1 {
		return ""
	}
	return string(letters) + "…"
}

// eighths are a cell's parts, from the left.
var eighths = [...]string{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"}

const perCell = 8

// bar draws a weight with its target in it. The bar's end is twice the target, so that the mark stands still while the
// weight moves towards it; what is more than that ends in an arrow.
func (p palette) bar(weight, target fixed.Wad, width int) string {
	full := 2 * target.Float()
	if full == 0 {
		full = 1
	}
	cells := weight.Float() / full * float64(width)
	style := p.good
	switch {
	case cells > float64(width)*(0.5+near):
		style = p.over
	case cells < float64(width)*(0.5-near):
		style = p.under
	}
	filled := min(int(cells*perCell+0.5), width*perCell)
	row := []rune(strings.Repeat("█", filled/perCell) + eighths[filled%perCell])
	for len(row) < width {
		row = append(row, ' ')
	}
	if cells > float64(width) {
		row[width-1] = '▶'
	}
	if !target.IsZero() && width > 2 {
		row[width/2] = '│'
	}
	return style.Render(string(row))
}

// near is how much of its target's bar a weight may be off, and still be drawn as there.
const near = 0.05

// levels are heights.
var levels = []rune("▁▂▃▄▅▆▇█")

// spark draws values as heights, the last ones when there are more than fit.
func spark(values []fixed.Wad, width int) string {
	values = values[max(len(values)-width, 0):]
	most := 0.0
	for _, v := range values {
		most = max(most, v.Float())
	}
	row := make([]rune, len(values))
	for i, v := range values {
		level := 0
		if most > 0 {
			level = int(v.Float() / most * float64(len(levels)-1))
		}
		row[i] = levels[level]
	}
	return left(string(row), width)
}

// short writes a price or an amount in few characters: four digits that count.
func short(w fixed.Wad) string {
	const most = 8
	places := 0
	for bound := fixed.FromInt(1000); w.Less(bound) && !w.IsZero() && places < most; places++ {
		var c fixed.Calc
		bound = c.DivIntTrunc(bound, 10)
	}
	return figure.Decimal(w, places)
}

// Millions writes a value in few characters.
func Millions(w fixed.Wad) string {
	var c fixed.Calc
	const million = 1_000_000
	text := figure.Decimal(c.DivIntTrunc(w, million), 2)
	if c.Err() != nil {
		return w.String()
	}
	return text + " M"
}

// off is how far a price is from another one: -12 bp.
func off(price, from fixed.Wad) string {
	if from.IsZero() || price.IsZero() {
		return "-"
	}
	var c fixed.Calc
	text := figure.Bps(c.DivTrunc(c.Sub(price, from), from), 0)
	if c.Err() != nil {
		return "-"
	}
	if from.Less(price) && text != "0 bp" {
		text = "+" + text
	}
	return text
}

// points is a fraction in percent, without its sign.
func points(w fixed.Wad) string {
	return strings.TrimSuffix(figure.Percent(w, 0), " %")
}
