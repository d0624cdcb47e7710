package sim

import (
	"fmt"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/settle"
)

// Check holds the world to its invariants: every unit has exactly one owner, escrows hold exactly what orders and
// books say, and between rounds nothing is left in them.
func (w *World) Check() error {
	if err := w.ledger.Check(); err != nil {
		return err
	}
	if err := w.checkEscrow(); err != nil {
		return err
	}
	return w.checkLots()
}

// checkEscrow compares the round's escrow with what its orders own there.
func (w *World) checkEscrow() error {
	n := w.cfg.Cycle.Universe.Len()
	owed := make([]asset.Amount, n)
	var c fixed.Calc
	for i := range w.folios {
		for k := range w.folios[i].State.Orders {
			o := &w.folios[i].State.Orders[k]
			lot := w.house.lotOf(w.round.LotOf(o.Sell, o.Buy))
			sell, buy := w.round.Owned(&c, o, lot)
			owed[o.Sell] = c.AddNat(owed[o.Sell], sell)
			owed[o.Buy] = c.AddNat(owed[o.Buy], buy)
		}
	}
	if err := c.Err(); err != nil {
		return err
	}
	for i := range owed {
		a := asset.Index(i)
		have := w.ledger.Balance(settle.Account{Kind: settle.Escrow, ID: w.round.Number}, a)
		for _, id := range w.lots() {
			have = c.AddNat(have, w.ledger.Balance(lotAccount(id), a))
		}
		have = have.Monus(w.house.deposits(&c, a))
		if have != owed[i] {
			return fmt.Errorf("%w: orders own %v of %s in escrow, it has %v",
				ErrWorld, owed[i], w.cfg.Cycle.Universe.At(a).ID, have)
		}
	}
	return c.Err()
}

// lots lists the lots of the round, open or not yet brought back, those to be opened included.
func (w *World) lots() []uint64 {
	ids := make([]uint64, 0, len(w.opening)+len(w.house.halls)+len(w.house.closed))
	for _, l := range w.opening {
		ids = append(ids, l.ID)
	}
	for _, l := range w.house.halls {
		ids = append(ids, l.lot.ID)
	}
	for i := range w.house.closed {
		ids = append(ids, w.house.closed[i].Lot.ID)
	}
	return ids
}

// deposits are what bidders have lying in the lots.
func (h *house) deposits(c *fixed.Calc, a asset.Index) asset.Amount {
	var sum asset.Amount
	for _, l := range h.halls {
		if l.lot.Buy != a {
			continue
		}
		for i := range l.bids {
			sum = c.AddNat(sum, l.bids[i].Escrow(c, l.lot.Pair))
		}
	}
	return sum
}

// checkLots holds every lot to its tranches.
func (w *World) checkLots() error {
	for _, l := range w.house.halls {
		for i := range l.lot.Tranches {
			if t := &l.lot.Tranches[i]; t.Units.Less(t.Sold) {
				return fmt.Errorf("%w: lot %d sold %v of %v", ErrWorld, l.lot.ID, t.Sold, t.Units)
			}
		}
	}
	if w.round.Phase == cycle.Idle && len(w.house.halls) > 0 {
		return fmt.Errorf("%w: %d lots are open between rounds", ErrWorld, len(w.house.halls))
	}
	return nil
}
