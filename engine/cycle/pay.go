package cycle

import (
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/settle"
)

// Closed is a lot that a host brings back. AtMid is what the units sold would have brought at the oracle's mid price
// in the blocks in which they were sold, in base units of the bought asset; zero when no healthy mid was known then.
type Closed struct {
	Lot   auction.Lot
	AtMid asset.Amount
}

// gather takes the closed lots in. When the last one is in, the round settles.
func (ws *Workspace) gather(cfg *Config, r *Round, in *Input) error {
	for i := range in.Closed {
		if err := ws.take(cfg, r, &in.Closed[i]); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(r.Books, func(p PairBook) bool { return !p.Done }) {
		r.Phase, r.Last = Settling, 0
	}
	return nil
}

// take books one closed lot and brings its units and its proceeds back to the round's escrow.
func (ws *Workspace) take(cfg *Config, r *Round, closed *Closed) error {
	lot := &closed.Lot
	at := slices.IndexFunc(r.Books, func(p PairBook) bool { return p.Lot == lot.ID && !p.Done })
	if at < 0 || lot.Status != auction.Closed || len(lot.Tranches) != len(r.Books[at].Tranches) {
		return fmt.Errorf("%w: expected a closed lot of round %d, got lot %d, %v", ErrInput, r.Number, lot.ID, lot.Status)
	}
	pair := &r.Books[at]
	var c fixed.Calc
	var proceeds asset.Amount
	var unsold asset.Amount
	for i := range lot.Tranches {
		t := &pair.Tranches[i]
		if lot.Tranches[i].Units != t.residual() {
			return fmt.Errorf("%w: lot %d sold other units than it was given", ErrInput, lot.ID)
		}
		t.Sold, t.Proceeds = lot.Tranches[i].Sold, lot.Tranches[i].Proceeds
		proceeds = c.AddNat(proceeds, t.Proceeds)
		unsold = c.AddNat(unsold, t.residual().Monus(t.Sold))
	}
	ws.ledger.Move(lotAccount(lot.ID), r.escrow(), pair.Sell, unsold)
	ws.ledger.Move(lotAccount(lot.ID), r.escrow(), pair.Buy, proceeds)
	pair.Done, pair.AtMid, pair.Brought = true, closed.AtMid, proceeds
	if err := c.Err(); err != nil {
		return err
	}
	return r.learn(cfg, pair)
}

// learn lets the width rule see how much of the lot was sold.
func (r *Round) learn(cfg *Config, pair *PairBook) error {
	var c fixed.Calc
	var sold asset.Amount
	for i := range pair.Tranches {
		sold = c.AddNat(sold, pair.Tranches[i].Sold)
	}
	total := c.DivDown(sold.Raw(), pair.residual().Raw())
	if err := c.Err(); err != nil {
		return err
	}
	next, _, err := cfg.Auction.Width.Adapt(r.spread(cfg, pair), auction.Result{Opening: pair.Opening, Total: total})
	if err != nil {
		return err
	}
	for i := range r.Spreads {
		if s := &r.Spreads[i]; s.Sell == pair.Sell && s.Buy == pair.Buy {
			s.Spread = next
			return nil
		}
	}
	r.Spreads = append(r.Spreads, PairSpread{pair.Sell, pair.Buy, next})
	return nil
}

// spread is what the width rule knows of a pair.
func (r *Round) spread(cfg *Config, pair *PairBook) auction.Spread {
	for i := range r.Spreads {
		if s := &r.Spreads[i]; s.Sell == pair.Sell && s.Buy == pair.Buy {
			return s.Spread
		}
	}
	return cfg.Auction.Width.Spread()
}

// settle pays a page of portfolios.
func (ws *Workspace) settle(cfg *Config, r *Round, in *Input) error {
	if err := r.advance(in); err != nil {
		return err
	}
	for i := range in.Portfolios {
		p := in.Portfolios[i]
		p.State = p.State.clone()
		if len(p.State.Orders) > 0 {
			if err := ws.pay(cfg, r, &p); err != nil {
				return fmt.Errorf("portfolio %d: %w", p.ID, err)
			}
		}
		ws.out.States = append(ws.out.States, p.State)
	}
	if !in.LastPage {
		return nil
	}
	for i := range r.Books {
		for k := range r.Books[i].Tranches {
			if t := &r.Books[i].Tranches[k]; t.Settled != t.Units {
				return fmt.Errorf("%w: pair %d for %d: expected orders of %v units, settled %v",
					ErrBook, r.Books[i].Sell, r.Books[i].Buy, t.Units, t.Settled)
			}
		}
	}
	r.Phase, r.Books, r.Frozen = Idle, nil, nil
	return nil
}

// part is an order's share of what became of its tranche.
type part struct {
	crossed, received asset.Amount
	sold, got         asset.Amount
	refund            asset.Amount
}

// pay gives a portfolio what its orders brought and what they did not sell, and tells the controller.
func (ws *Workspace) pay(cfg *Config, r *Round, p *Portfolio) error {
	n := len(p.Policy.Assets)
	filled := Filled{Portfolio: p.ID, Net: make([]fixed.Wad, n)}
	owner := settle.Account{Kind: settle.Portfolio, ID: p.ID}
	var c fixed.Calc
	var lost fixed.Wad
	for i := range p.State.Orders {
		o := &p.State.Orders[i]
		at, found := books(r.Books).find(o.Sell, o.Buy)
		if !found || int(o.Tranche) >= len(r.Books[at].Tranches) {
			return fmt.Errorf("%w: %d for %d", ErrBook, o.Sell, o.Buy)
		}
		pair := &r.Books[at]
		t := &pair.Tranches[o.Tranche]
		x := t.part(&c, o)
		t.Settled = c.AddNat(t.Settled, o.Units)
		bought := c.AddNat(x.received, x.got)
		ws.ledger.Move(r.escrow(), owner, o.Sell, x.refund)
		ws.ledger.Move(r.escrow(), owner, o.Buy, bought)
		if o.OneTime != 0 {
			if err := ws.oneTimeFilled(p, o, c.AddNat(x.crossed, x.sold), bought); err != nil {
				return err
			}
			continue
		}
		lost = c.Add(lost, filled.add(&c, cfg, r, p.Policy, pair, o, x))
	}
	p.State.Orders = p.State.Orders[:0]
	if err := c.Err(); err != nil {
		return err
	}
	filled.Lost = lost
	if err := ws.feed(cfg, p, &filled, lost, r.FrozeAt); err != nil {
		return err
	}
	ws.out.Fills = append(ws.out.Fills, filled)
	return nil
}

// part splits the totals of a tranche by prefix: first the crossing over the crossable units, then the auction over
// what every order has left.
func (t *Tranche) part(c *fixed.Calc, o *Order) part {
	var x part
	if o.Crossable && !t.Crossed.IsZero() {
		x.crossed = settle.Share(c, o.CrossOffset, o.Units, t.Crossable, t.Crossed)
		x.received = settle.Share(c, o.CrossOffset, o.Units, t.Crossable, t.Received)
	}
	rest := c.SubNat(o.Units, x.crossed)
	before := settle.Share(c, asset.Amount{}, o.CrossOffset, t.Crossable, t.Crossed)
	offset := c.SubNat(o.Offset, before)
	x.sold = settle.Share(c, offset, rest, t.residual(), t.Sold)
	x.got = settle.Share(c, offset, rest, t.residual(), t.Proceeds)
	x.refund = c.SubNat(rest, x.sold)
	return x
}

// Owned is what an order holds now: units not sold yet, and units bought. lot is the pair's open or closed lot, nil
// while there is none; it need not have been brought back yet. Funds in auctions count in a portfolio's value by it.
func (r *Round) Owned(c *fixed.Calc, o *Order, lot *auction.Lot) (sell, buy asset.Amount) {
	at, found := books(r.Books).find(o.Sell, o.Buy)
	if !found || int(o.Tranche) >= len(r.Books[at].Tranches) {
		return o.Units, asset.Amount{}
	}
	t := r.Books[at].Tranches[o.Tranche]
	if lot != nil && int(o.Tranche) < len(lot.Tranches) {
		t.Sold, t.Proceeds = lot.Tranches[o.Tranche].Sold, lot.Tranches[o.Tranche].Proceeds
	}
	x := t.part(c, o)
	return x.refund, c.AddNat(x.received, x.got)
}

// LotOf is the lot of a pair in this round, 0 when there is none.
func (r *Round) LotOf(sell, buy asset.Index) uint64 {
	if at, found := books(r.Books).find(sell, buy); found {
		return r.Books[at].Lot
	}
	return 0
}

// add books an order's part on the portfolio's account of the round, at the prices of the decision. It returns the
// value lost to the auction's price against the mid.
func (f *Filled) add(c *fixed.Calc, cfg *Config, r *Round, pol *Policy, pair *PairBook, o *Order, x part) fixed.Wad {
	worth := func(a asset.Index, q asset.Amount) fixed.Wad {
		return asset.ValueDown(c, q, r.Frozen[a].Value, cfg.Universe.At(a).Exponent)
	}
	crossed, sold := worth(o.Sell, x.crossed), worth(o.Sell, x.sold)
	got := worth(o.Buy, c.AddNat(x.received, x.got))
	f.Ordered = c.Add(f.Ordered, worth(o.Sell, o.Units))
	f.Crossed = c.Add(f.Crossed, crossed)
	f.Sold = c.Add(f.Sold, c.Add(crossed, sold))
	f.Got = c.Add(f.Got, got)
	if k, found := slices.BinarySearch(pol.Assets, o.Sell); found {
		f.Net[k] = c.Sub(f.Net[k], c.Add(crossed, sold))
	}
	if k, found := slices.BinarySearch(pol.Assets, o.Buy); found {
		f.Net[k] = c.Add(f.Net[k], got)
	}
	if pair.AtMid.IsZero() || x.sold.IsZero() {
		return fixed.Wad{}
	}
	short := c.Sub(pair.AtMid.Raw(), pair.Brought.Raw())
	return c.MulDivTrunc(sold, short, pair.AtMid.Raw())
}

// feed tells the controller, the bands and the loss budget what the round brought.
func (ws *Workspace) feed(cfg *Config, p *Portfolio, f *Filled, lost fixed.Wad, now int64) error {
	st := &p.State
	if st.NAV.Sign() <= 0 {
		return nil
	}
	var c fixed.Calc
	ws.realised = grow(ws.realised, len(f.Net))
	for k, v := range f.Net {
		ws.realised[k] = c.DivTrunc(v, st.NAV)
		if k < len(st.Samples) {
			st.Samples[k].Trade(&c, ws.realised[k])
		}
	}
	if err := c.Err(); err != nil {
		return err
	}
	fill, err := pid.Fill(&st.Controller, ws.realised)
	if err != nil {
		return err
	}
	f.Fill = fill
	if st.FillRatio, err = pid.MeanFill(st.FillRatio, fill, cfg.FillAlpha); err != nil {
		return err
	}
	if err := pid.Feedback(&p.Policy.Gains, &st.Controller, ws.realised); err != nil {
		return err
	}
	st.Budget, err = st.Budget.Charge(p.Policy.Budget, now, c.DivTrunc(lost, st.NAV))
	return err
}
