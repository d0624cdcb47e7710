package report

import (
	"fmt"
	"strings"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Sentences say in words what a round did with a portfolio and why. round is the round when it is still running: then
// orders say what they have brought so far; nil for one that is over.
func (e *Entry) Sentences(u asset.Universe, round *cycle.Round) []string {
	w := words{u: u}
	w.say("%s", w.outcome(e))
	if e.Record.Measured {
		w.measured(e)
	} else if !e.Record.NAV.IsZero() {
		w.say("Its value was %s.", e.Record.NAV.String())
	}
	if e.Record.Clamp != 0 {
		w.say("Limits acted on the orders: %s.", strings.Join(e.Record.Clamp.Reasons(), ", "))
	}
	for i := range e.Orders {
		w.order(e, &e.Orders[i], round)
	}
	if e.Settled {
		w.filled(&e.Fill)
	}
	for i := range e.Slices {
		s := &e.Slices[i]
		w.say("A slice of one-time order %d sold %v %s for %v %s; %v %s of it are left.", s.OneTime,
			s.Sold, w.id(s.Sell), s.Bought, w.id(s.Buy), s.Left, w.id(s.Sell))
	}
	for i := range e.Notes {
		w.say("%s.", w.note(&e.Notes[i]))
	}
	return w.lines
}

// words collects sentences that name assets by their denoms.
type words struct {
	u     asset.Universe
	lines []string
}

func (w *words) say(format string, args ...any) {
	w.lines = append(w.lines, fmt.Sprintf(format, args...))
}

func (w *words) id(a asset.Index) asset.ID {
	if int(a) >= w.u.Len() {
		return "?"
	}
	return w.u.At(a).ID
}

// outcome is the sentence that answers "what happened".
func (w *words) outcome(e *Entry) string {
	n := &e.Record.Note
	switch {
	case n.Outcome == cycle.Ordered && n.Reason.Fires():
		return fmt.Sprintf("Orders were placed: %v.", n.Reason)
	case n.Outcome == cycle.Ordered:
		return fmt.Sprintf("Orders were placed because a minimum balance or a cap demanded them (else: %v).", n.Reason)
	case n.Outcome == cycle.Held:
		return fmt.Sprintf("Nothing was traded: %v.", n.Reason)
	}
	return fmt.Sprintf("Nothing was traded: %s.", w.note(n))
}

// note is an outcome with its asset and its error.
func (w *words) note(n *cycle.Note) string {
	text := n.Outcome.String()
	if n.HasAsset {
		text += fmt.Sprintf(" (%s)", w.id(n.Asset))
	}
	if n.Err != nil {
		text += ": " + n.Err.Error()
	}
	return text
}

func (w *words) measured(e *Entry) {
	r := &e.Record
	against := "no threshold"
	if !r.Threshold.IsZero() {
		against = "a threshold of " + Percent(r.Threshold)
	}
	w.say("Its value was %s; the largest drift was %s, %s in all, against %s.",
		r.NAV.String(), Percent(r.Drift), Percent(r.L1), against)
	for k, a := range e.Assets {
		if k >= len(r.Weights) || k >= len(r.Targets) {
			break
		}
		line := fmt.Sprintf("%s: %s held, %s wanted", w.id(a), Percent(r.Weights[k]), Percent(r.Targets[k]))
		if k < len(r.Orders) {
			switch r.Orders[k].Sign() {
			case -1:
				line += ", sells a value of " + r.Orders[k].Abs().String()
			case 1:
				line += ", buys a value of " + r.Orders[k].String()
			}
		}
		w.say("%s.", line)
	}
}

func (w *words) order(e *Entry, o *Placed, round *cycle.Round) {
	x := &o.Order
	text := fmt.Sprintf("Order: %v %s for %s", x.Units, w.id(x.Sell), w.id(x.Buy))
	if x.OneTime != 0 {
		text += fmt.Sprintf(", a slice of one-time order %d", x.OneTime)
	}
	switch {
	case e.Settled:
		text += fmt.Sprintf("; it brought %v %s, and %v %s came back", o.Got, w.id(x.Buy), o.Unsold, w.id(x.Sell))
	case round != nil && round.LotOf(x.Sell, x.Buy) != 0:
		text += fmt.Sprintf("; it is sold in lot %d", round.LotOf(x.Sell, x.Buy))
	case round != nil:
		text += "; it is in the market"
	}
	w.say("%s.", text)
}

func (w *words) filled(f *cycle.Filled) {
	if f.Ordered.IsZero() {
		return
	}
	w.say("Of a value of %s ordered to be sold, %s was sold, %s of it inside without an auction, for %s.",
		f.Ordered.String(), f.Sold.String(), f.Crossed.String(), f.Got.String())
	switch f.Lost.Sign() {
	case 1:
		w.say("Auctions brought %s less than the oracle's prices: %s basis points of what was sold.",
			f.Lost.String(), Bps(Cost(f)))
	case -1:
		w.say("Auctions brought %s more than the oracle's prices: %s basis points of what was sold.",
			f.Lost.Abs().String(), Bps(Cost(f).Abs()))
	}
}

// Percent writes a fraction in percent, cut after four decimals.
func Percent(x fixed.Wad) string { return scaled(x, 100) + " %" }

// Bps writes a fraction in basis points, cut after four decimals.
func Bps(x fixed.Wad) string { return scaled(x, 10_000) }

// shownQuantum is four decimals.
const shownQuantum = 100_000_000_000_000

func scaled(x fixed.Wad, by int64) string {
	var c fixed.Calc
	y := c.DivIntTrunc(c.MulInt(x, by), shownQuantum)
	if y = c.MulInt(y, shownQuantum); c.Err() != nil {
		return "more than can be shown"
	}
	return y.String()
}
