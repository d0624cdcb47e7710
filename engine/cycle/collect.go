package cycle

import (
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/surface"
)

// collect lets a page of portfolios decide and takes what they sell into escrow.
func (ws *Workspace) collect(cfg *Config, r *Round, in *Input) error {
	if err := r.advance(in); err != nil {
		return err
	}
	if err := ws.surface.Reset(cfg.Universe.Len()); err != nil {
		return err
	}
	m := Market{Now: r.FrozeAt, Universe: cfg.Universe, Prices: r.Frozen}
	for i := range in.Portfolios {
		p := in.Portfolios[i]
		p.State = p.State.clone()
		d := ws.Decide(&p, &m)
		if d.Outcome == Ordered {
			if err := ws.commit(cfg, r, &p, d); err != nil {
				// Nothing of this portfolio has reached the books: it sits this round out, alone.
				p.State = in.Portfolios[i].State.clone()
				d.Outcome, d.Err = Failed, fmt.Errorf("portfolio %d: %w", p.ID, err)
			}
		}
		ws.slices(r, &p, d)
		ws.record(&p, d)
		ws.out.States = append(ws.out.States, p.State)
	}
	if in.LastPage {
		r.Phase = Crossing
	}
	return nil
}

// commit turns the orders of a decision into units in the books of the round.
func (ws *Workspace) commit(cfg *Config, r *Round, p *Portfolio, d *Decision) error {
	ws.crossing = p.State.Machine.Terms().Cross
	flows, err := ws.flows(p.Policy, d)
	if err != nil {
		return err
	}
	// All that can fail comes first, so that a portfolio enters the books with all its orders or with none.
	var c fixed.Calc
	ws.units = ws.units[:0]
	for i := range flows {
		a := flows[i].Sell
		value := c.MulInt(fixed.FromRawUint(flows[i].Value), quantum)
		ws.units = append(ws.units, asset.UnitsDown(&c, value, r.Frozen[a].Value, cfg.Universe.At(a).Exponent))
	}
	if err := c.Err(); err != nil {
		return err
	}
	accepted := p.sellTerms(cfg)
	list := books(r.Books)
	orders := make([]Order, 0, len(flows))
	for i := range flows {
		if ws.units[i].IsZero() {
			continue
		}
		o, err := list.place(&c, flows[i].Sell, flows[i].Buy, ws.units[i], accepted, flows[i].Crossable())
		if err != nil {
			ws.refuse(p.ID, flows[i].Sell, err)
			continue
		}
		orders = append(orders, o)
	}
	r.Books = list
	p.State.Orders = append(p.State.Orders, orders...)
	p.State.NAV, p.State.Ordered = d.Report.NAV, r.FrozeAt
	ws.escrow(r, p.ID, orders)
	return c.Err()
}

// flows pairs the sells of a decision with its buys.
func (ws *Workspace) flows(pol *Policy, d *Decision) ([]surface.Flow, error) {
	var c fixed.Calc
	ws.sells, ws.buys = ws.sells[:0], ws.buys[:0]
	for k, x := range d.Orders {
		leg := surface.Leg{Asset: pol.Assets[k], Value: micro(&c, x.Abs())}
		switch x.Sign() {
		case -1:
			ws.sells = append(ws.sells, leg)
		case 1:
			ws.buys = append(ws.buys, leg)
		}
	}
	smallest := micro(&c, pol.Limits.MinOrder)
	if err := c.Err(); err != nil {
		return nil, err
	}
	before := len(ws.surface.Flows())
	add := ws.surface.Add
	if pol.CrossingOff || !ws.crossing {
		add = ws.surface.AddUncrossed
	}
	if err := add(0, ws.sells, ws.buys, pol.Mode, smallest); err != nil {
		return nil, err
	}
	return ws.surface.Flows()[before:], nil
}

// sellTerms are the prices that the owner accepts, tighter while the portfolio recovers from a halt.
func (p *Portfolio) sellTerms(cfg *Config) terms {
	slippage := p.Policy.Limits.MaxSlippage
	if scale := p.State.Machine.Terms().ReserveScale; scale.Less(fixed.One()) {
		if slippage.IsZero() {
			slippage = cfg.Auction.Width.Cap
		}
		var c fixed.Calc // both are at most one
		slippage = c.MulDown(slippage, scale)
	}
	return terms{slippage: slippage}
}

// escrow moves the units of orders from the portfolio to the round.
func (ws *Workspace) escrow(r *Round, id uint64, orders []Order) {
	owner := settle.Account{Kind: settle.Portfolio, ID: id}
	for i := range orders {
		ws.ledger.Move(owner, r.escrow(), orders[i].Sell, orders[i].Units)
	}
}

// refuse notes that an order did not find a place.
func (ws *Workspace) refuse(id uint64, sell asset.Index, err error) {
	ws.out.Notes = append(ws.out.Notes, Note{Portfolio: id, Outcome: SliceDropped, Asset: sell, HasAsset: true, Err: err})
}

// record keeps what a decision was.
func (ws *Workspace) record(p *Portfolio, d *Decision) {
	ws.out.Notes = append(ws.out.Notes, d.Note)
	if d.Outcome == NotDue || d.Outcome == Paused || d.Outcome == Busy {
		return
	}
	rec := Record{Note: d.Note, Measured: d.Measured, NAV: d.Report.NAV, Matched: d.Matched}
	if d.Measured {
		rec.Drift, rec.L1, rec.Threshold = d.Report.MaxAbs, d.Report.L1, d.Trigger.Threshold
		rec.Weights, rec.Targets = slices.Clone(d.Report.Weights), slices.Clone(d.Stored)
	}
	if d.Outcome == Ordered {
		rec.Orders = slices.Clone(d.Orders)
	}
	ws.out.Decisions = append(ws.out.Decisions, rec)
}
