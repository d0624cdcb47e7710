package sim

import (
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// work is what a row starts: meddlers act, payments are made, the round goes on as far as the row's pages last.
func (w *World) work(now int64) error {
	if err := w.meddle(now); err != nil {
		return err
	}
	if err := w.payments(now); err != nil {
		return err
	}
	if err := w.finish(now); err != nil {
		return err
	}
	if w.round.Phase == cycle.Crossing {
		if err := w.cross(now); err != nil {
			return err
		}
	}
	if err := w.openLots(now); err != nil {
		return err
	}
	if w.round.Phase != cycle.Collecting && (w.resting || !w.cfg.Cycle.Due(&w.round, now)) {
		return nil
	}
	if err := w.pages(now); err != nil {
		return err
	}
	if w.round.Phase == cycle.Crossing && !w.cfg.LateCrossing {
		return w.cross(now + w.cfg.Cycle.Auction.Pace.BlockSeconds)
	}
	return nil
}

// pages steps through the portfolios of a phase, as many pages as a row has.
func (w *World) pages(now int64) error {
	for page := 0; w.cfg.PagesPerRow == 0 || page < w.cfg.PagesPerRow; page++ {
		if page > 0 {
			if err := w.meddle(now); err != nil {
				return err
			}
		}
		to := min(w.cursor+w.cfg.PageSize, len(w.folios))
		if err := w.step(now, w.cursor, to); err != nil {
			return err
		}
		if w.cursor = to; to == len(w.folios) {
			w.cursor = 0
			return nil
		}
	}
	return nil
}

// cross lets flows meet in a later block than the freeze; the lots open a block later.
func (w *World) cross(now int64) error {
	w.height++
	w.openAt = now
	if w.cfg.LateCrossing {
		w.openAt += w.cfg.Cycle.Auction.Pace.BlockSeconds
	}
	return w.step(now, 0, 0)
}

// step makes one step of the cycle with a page of portfolios and does what its output says.
func (w *World) step(now int64, from, to int) error {
	page := w.folios[from:to]
	w.load(page)
	in := cycle.Input{
		Now: now, Height: w.height, Prices: w.feed.prices, Portfolios: page,
		LastPage: to == len(w.folios), Closed: w.house.closed,
	}
	if w.round.Phase != cycle.Auctioning {
		in.Closed = nil
	}
	phase := w.round.Phase
	next, out, err := cycle.Step(&w.ws, &w.cfg.Cycle, w.round, in)
	if err != nil {
		return err
	}
	if err := w.ledger.Apply(out.Transfers); err != nil {
		return err
	}
	for i := range out.States {
		page[i].State = out.States[i]
	}
	w.round = next
	w.opening = append(w.opening, out.Lots...)
	if in.Closed != nil {
		w.house.closed = nil
	}
	w.watch.Stepped(now, phase, &out)
	return nil
}

// load reads what the portfolios of a page hold now.
func (w *World) load(page []cycle.Portfolio) {
	for i := range page {
		p := &page[i]
		p.Holdings = p.Holdings[:0]
		for _, a := range p.Policy.Assets {
			p.Holdings = append(p.Holdings, w.ledger.Balance(folio(p.ID), a))
		}
	}
}

// openLots opens the lots that are due.
func (w *World) openLots(now int64) error {
	if now < w.openAt {
		return nil
	}
	for _, lot := range w.opening {
		seen := func(latency int64) []fixed.Wad { return w.seen(now, latency) }
		if err := w.house.open(lot, now, seen); err != nil {
			return err
		}
	}
	w.opening = nil
	return nil
}

// finish brings closed lots back and settles the round when they are all there.
func (w *World) finish(now int64) error {
	if w.round.Phase == cycle.Auctioning && len(w.house.closed) > 0 {
		w.height++
		if err := w.step(now, 0, 0); err != nil {
			return err
		}
	}
	if w.round.Phase != cycle.Settling {
		return nil
	}
	w.height++
	return w.pages(now)
}

// reanchor gives a lot that a halt has frozen the prices of now, or says why it cannot.
func (w *World) reanchor(lot *auction.Lot, now int64) error {
	return w.cfg.Cycle.Reanchor(&w.round, lot, w.feed.prices, now)
}

// payments makes the scheduled payments that are due.
func (w *World) payments(now int64) error {
	for i := range w.folios {
		p := &w.folios[i]
		if len(p.Policy.Payments) == 0 {
			continue
		}
		w.load(w.folios[i : i+1])
		for _, o := range p.Payouts(now) {
			if err := w.ledger.Move(folio(p.ID), outside, o.Asset, o.Amount); err != nil {
				return err
			}
			p.State = p.State.Paid(o)
			w.watch.Paid(p.ID, now, o)
		}
	}
	return nil
}
