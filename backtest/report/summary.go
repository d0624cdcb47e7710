package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ballast-finance/ballast/backtest"
)

// Widths of the table on a terminal.
const (
	terminalColumns = 80
	labelColumns    = 18
	unitColumns     = 10
	gapColumns      = 1 // between two treasuries, at least
	roomyColumns    = 2 // more, where there is room
)

// Summary writes the key figures as a table of at most 80 columns: one column per treasury, in blocks when there are
// more than fit, then the auctions in a line and the warnings.
func Summary(w io.Writer, r *backtest.Result) error {
	out := bufio.NewWriter(w)
	synthetic := ""
	if r.Synthetic {
		synthetic = " (SYNTHETIC PRICES)"
	}
	put(out, "period    ", stamp(r.From), " to ", stamp(r.To), " UTC, ", count(r.Rows), " rows of ",
		duration(r.StepSeconds), "\n")
	put(out, "prices    ", printable(r.Source), synthetic, "\n")
	put(out, "market    ", printable(r.Market), "\n")
	for block := r.Treasuries; len(block) > 0; {
		n, width := fitting(block)
		put(out, "\n")
		table(out, block[:n], width)
		block = block[n:]
	}
	if line := auctionLine(r.Auctions); line != "" {
		put(out, "\nauctions  ", line, "\n")
	}
	for i, warning := range r.Warnings {
		if i == 0 {
			put(out, "\n")
		}
		put(out, wrapped("warning   ", printable(warning)))
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("%w: %w", ErrWrite, err)
	}
	return nil
}

// fitting says how many treasuries stand side by side, and how wide their columns are. Figures need their width; names
// take what is left.
func fitting(all []backtest.Treasury) (int, int) {
	room := terminalColumns - labelColumns - unitColumns
	figure, name := 0, 0
	for i := range all {
		figure = max(figure, gapColumns+figureWidth(&all[i]))
		name = max(name, gapColumns+utf8.RuneCountInString(printable(all[i].Name)))
	}
	n := min(len(all), max(1, room/figure))
	return n, min(room/n, max(figure, name)+roomyColumns)
}

// figureWidth is what the figures of a treasury need.
func figureWidth(t *backtest.Treasury) int {
	width := 0
	for _, f := range figures {
		width = max(width, utf8.RuneCountInString(f.of(t)))
	}
	return width
}

func table(out *bufio.Writer, all []backtest.Treasury, width int) {
	put(out, strings.Repeat(" ", labelColumns+unitColumns))
	for i := range all {
		put(out, padLeft(cut(printable(all[i].Name), width-gapColumns), width))
	}
	put(out, "\n")
	for _, f := range figures {
		if f.Group != "" {
			put(out, f.Group, "\n")
		}
		put(out, padRight(" "+f.Label, labelColumns), padRight(f.Unit, unitColumns))
		for i := range all {
			put(out, padLeft(f.of(&all[i]), width))
		}
		put(out, "\n")
	}
}

// auctionLine tells how the lots ended. Prices of different pairs do not add up, so the middle one speaks for them.
func auctionLine(all []backtest.Auction) string {
	if len(all) == 0 {
		return ""
	}
	var edges []float64
	whole := 0
	for i := range all {
		switch a := &all[i]; {
		case a.Sold.Sign() <= 0:
			continue
		case !a.Sold.Less(a.Units):
			whole++
		}
		edges = append(edges, float(all[i].Edge))
	}
	noun := "lots"
	if len(all) == 1 {
		noun = "lot"
	}
	line := fmt.Sprintf("%s %s: %s sold out, %s in part, %s unsold", count(len(all)), noun, count(whole),
		count(len(edges)-whole), count(len(all)-len(edges)))
	if len(edges) > 0 {
		slices.Sort(edges)
		line += fmt.Sprintf("; median %s bp over mid", grouped(1e4*edges[len(edges)/2], 1))
	}
	return line
}

// printable replaces what could move the cursor or change the colours of a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}

// cut shortens a text to a number of runes.
func cut(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	return string([]rune(text)[:max(width-1, 0)]) + "…"
}

func padLeft(text string, width int) string {
	return strings.Repeat(" ", max(width-utf8.RuneCountInString(text), 0)) + text
}

func padRight(text string, width int) string {
	return text + strings.Repeat(" ", max(width-utf8.RuneCountInString(text), 0))
}

// wrapped breaks a text between words, with a label before its first line.
func wrapped(label, text string) string {
	var b strings.Builder
	line := label
	for word := range strings.FieldsSeq(text) {
		if utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > terminalColumns && line != label {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line = strings.Repeat(" ", len(label))
		}
		if strings.TrimSpace(line) != "" && !strings.HasSuffix(line, "  ") {
			line += " "
		}
		line += word
	}
	b.WriteString(line + "\n")
	return b.String()
}
