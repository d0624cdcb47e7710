package cycle

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/settle"
)

// gather takes the closed lots in. When the last one is in, the round settles.
func (ws *Workspace) gather(cfg *Config, r *Round, in *Input) error {
	for i := range in.Closed {
		if err := ws.take(cfg, r, &in.Closed[i]); err != nil {
			return err
		}
	}
	r.closeBooks()
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
	for i := range lot.Tranches {
		t, x := &pair.Tranches[i], &lot.Tranches[i]
		if x.Units != t.residual() || x.Units.Less(x.Sold) || x.Sold.IsZero() && !x.Proceeds.IsZero() {
			return fmt.Errorf("%w: lot %d, tranche %d: expected at most %v units sold, got %v of %v for %v",
				ErrInput, lot.ID, i, t.residual(), x.Sold, x.Units, x.Proceeds)
		}
		t.Sold, t.Proceeds = x.Sold, x.Proceeds
	}
	sold, residual := pair.total(soldOf), pair.residual()
	if closed.Opening.Sign() < 0 || fixed.One().Less(closed.Opening) {
		return fmt.Errorf("%w: lot %d: expected that the opening sold a part of 0..1, got %v",
			ErrInput, lot.ID, closed.Opening)
	}
	for i := range pair.Tranches {
		ws.ledger.Move(lotAccount(lot.ID), r.escrow(), pair.Buy, pair.Tranches[i].Proceeds)
	}
	ws.ledger.Move(lotAccount(lot.ID), r.escrow(), pair.Sell, residual.Monus(sold))
	pair.Done, pair.AtMid = true, closed.AtMid
	return r.learn(cfg, pair, auction.ResultOf(lot, closed.Opening))
}

// learn lets the width rule see how much of a lot was sold.
func (r *Round) learn(cfg *Config, pair *PairBook, sold auction.Result) error {
	next, _, err := cfg.Auction.Width.Adapt(r.spread(cfg, pair), sold)
	if err != nil {
		return err
	}
	at, found := r.findSpread(pair)
	switch usual := next == cfg.Auction.Width.Spread(); {
	case found && usual:
		r.Spreads = slices.Delete(r.Spreads, at, at+1)
	case found:
		r.Spreads[at].Spread = next
	case !usual:
		r.Spreads = slices.Insert(r.Spreads, at, PairSpread{pair.Sell, pair.Buy, next})
	}
	return nil
}

// spread is what the width rule knows of a pair.
func (r *Round) spread(cfg *Config, pair *PairBook) auction.Spread {
	if at, found := r.findSpread(pair); found {
		return r.Spreads[at].Spread
	}
	return cfg.Auction.Width.Spread()
}

func (r *Round) findSpread(pair *PairBook) (int, bool) {
	return slices.BinarySearchFunc(r.Spreads, pair, func(s PairSpread, p *PairBook) int {
		return cmp.Or(cmp.Compare(s.Sell, p.Sell), cmp.Compare(s.Buy, p.Buy))
	})
}

// AssetClearing is what a closed lot says about the price of an asset.
type AssetClearing struct {
	Asset    asset.Index
	Clearing oracle.Clearing
}

// ClearingOf turns a closed lot into a report on the asset that it sold (spec 06 §6.6): its pair price times the price
// of the asset that was paid, both rounded down; the mid is the sold asset's price at the opening, open, and the volume
// what was paid, in the unit of account. now are the prices at the close. It is false when nothing was sold, or when
// one of the prices that it needs is not healthy.
//
// Only the sold asset learns. To read the same trade as a price of the asset that was paid would use the sold asset's
// own price, so that one sale moved both in opposite directions, and a lone pair could walk away from the market
// with nobody else looking; whoever pays in an asset has not offered it to the highest bidder.
func ClearingOf(u asset.Universe, lot *auction.Lot, open, now []oracle.Price) (AssetClearing, bool) {
	e, err := lot.Evidence()
	if err != nil || e.Sold.IsZero() || max(int(lot.Sell), int(lot.Buy)) >= min(len(open), len(now), u.Len()) {
		return AssetClearing{}, false
	}
	if !healthy(&open[lot.Sell]) || !healthy(&now[lot.Buy]) {
		return AssetClearing{}, false
	}
	var c fixed.Calc
	paid := now[lot.Buy].Value
	clearing := oracle.Clearing{
		Time: lot.Clock.Last, Price: c.MulDown(e.Price, paid), Mid: open[lot.Sell].Value,
		Volume: asset.ValueDown(&c, e.Proceeds, paid, u.At(lot.Buy).Exponent),
		Owners: e.Bidders, AtReserve: e.AtReserve, SameOwner: e.SameOwner,
	}
	return AssetClearing{lot.Sell, clearing}, c.Err() == nil
}

// settle pays a page of portfolios.
func (ws *Workspace) settle(cfg *Config, r *Round, in *Input) error {
	if err := r.advance(in); err != nil {
		return err
	}
	ws.out.States = make([]State, 0, len(in.Portfolios))
	for i := range in.Portfolios {
		p := in.Portfolios[i]
		if len(p.State.Orders) > 0 {
			p.State = p.State.clone()
			if err := ws.pay(cfg, r, &p, in.Now); err != nil {
				return fmt.Errorf("portfolio %d: %w", p.ID, err)
			}
		}
		ws.out.States = append(ws.out.States, p.State)
	}
	if err := ws.paySales(r, in); err != nil || !in.LastPage {
		return err
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
	_, known, err := books(r.Books).tranche(o)
	if err != nil {
		return o.Units, asset.Amount{}
	}
	t := *known
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

// pay gives a portfolio what its orders brought and what they did not sell, and tells its state. The units do not
// depend on what the state makes of them: a controller that cannot learn starts anew.
func (ws *Workspace) pay(cfg *Config, r *Round, p *Portfolio, now int64) error {
	owner := settle.Account{Kind: settle.Portfolio, ID: p.ID}
	n := len(p.Policy.Assets)
	ws.moved = grow(ws.moved, n)
	y := tally{r: r, cfg: cfg, pol: p.Policy, st: &p.State, moved: ws.moved}
	y.filled = Filled{Portfolio: p.ID, Net: make([]fixed.Wad, n)}
	for i := range p.State.Orders {
		o := &p.State.Orders[i]
		pair, t, err := books(r.Books).tranche(o)
		if err != nil {
			return err
		}
		var c fixed.Calc
		x := t.part(&c, o)
		t.Settled = c.AddNat(t.Settled, o.Units)
		if err := c.Err(); err != nil {
			return fmt.Errorf("%w: %v units at %v: %w", ErrBook, o.Units, o.Offset, err)
		}
		ws.ledger.Move(r.escrow(), owner, o.Sell, x.refund)
		ws.ledger.Move(r.escrow(), owner, o.Buy, x.received)
		ws.ledger.Move(r.escrow(), owner, o.Buy, x.got)
		y.value(pair, t, o, x)
		if o.OneTime == 0 {
			y.own(o, x)
		} else {
			ws.sliceFill(&y, o, x)
		}
	}
	p.State.Orders = nil
	ws.out.Notes = append(ws.out.Notes, Note{Portfolio: p.ID, Outcome: Settled})
	if err := ws.feed(&y, now); err != nil {
		pid.Reset(&p.State.Controller)
		ws.out.Notes = append(ws.out.Notes, Note{Portfolio: p.ID, Outcome: Failed, Err: err})
	}
	ws.endOneTime(p.ID, &p.State)
	ws.out.Fills = append(ws.out.Fills, y.filled)
	return nil
}

// tally is what the orders of one portfolio brought, valued at the prices of the decision. An error in its arithmetic
// is looked at once, at the end.
type tally struct {
	r      *Round
	cfg    *Config
	pol    *Policy
	st     *State
	calc   fixed.Calc
	filled Filled
	atMid  fixed.Wad   // value of what auctions sold, at the mids of their fills
	got    fixed.Wad   // value of what they brought for it
	stale  fixed.Wad   // charged to the loss budget for fills whose mid nobody knew
	moved  []fixed.Wad // value that all orders gave or brought to what is managed, per asset of the policy
	acted  bool        // the controller had orders
}

// worth is the value of units at the freeze.
func (y *tally) worth(a asset.Index, q asset.Amount) fixed.Wad {
	return asset.ValueDown(&y.calc, q, y.r.Frozen[a].Value, y.cfg.Universe.At(a).Exponent)
}

// value measures what the auction's price cost an order (spec 12.3): the mids of its fills less the price, or the worst
// that the reserve allowed when a mid is not known. What crossed inside cost nothing.
func (y *tally) value(pair *PairBook, t *Tranche, o *Order, x part) {
	if x.sold.IsZero() {
		return
	}
	c, sold := &y.calc, y.worth(o.Sell, x.sold)
	y.atMid = c.Add(y.atMid, sold)
	if pair.AtMid.IsZero() {
		width := pair.Width
		if !t.Slippage.IsZero() {
			width = width.Min(t.Slippage)
		}
		brought := c.MulDown(sold, c.Sub(fixed.One(), width))
		y.got, y.stale = c.Add(y.got, brought), c.Add(y.stale, c.Sub(sold, brought))
		return
	}
	// The mids are known for the pair. What they say about a tranche goes by its units.
	atMid := c.MulDivDown(pair.AtMid.Raw(), t.Sold.Raw(), pair.total(soldOf).Raw())
	if atMid.IsZero() {
		y.got = c.Add(y.got, sold)
		return
	}
	y.got = c.Add(y.got, c.MulDivDown(sold, t.Proceeds.Raw(), atMid))
}

// own books an order of the controller.
func (y *tally) own(o *Order, x part) {
	c, f := &y.calc, &y.filled
	crossed, sold := y.worth(o.Sell, x.crossed), y.worth(o.Sell, x.sold)
	got := c.Add(y.worth(o.Buy, x.received), y.worth(o.Buy, x.got))
	given := c.Add(crossed, sold)
	y.acted = true
	f.Ordered, f.Crossed = c.Add(f.Ordered, y.worth(o.Sell, o.Units)), c.Add(f.Crossed, crossed)
	f.Sold, f.Got = c.Add(f.Sold, given), c.Add(f.Got, got)
	y.move(f.Net, o, given, got)
	y.move(y.moved, o, given, got)
}

// move adds to the values per asset what an order gave and brought.
func (y *tally) move(values []fixed.Wad, o *Order, given, got fixed.Wad) {
	if k, found := slices.BinarySearch(y.pol.Assets, o.Sell); found {
		values[k] = y.calc.Sub(values[k], given)
	}
	if k, found := slices.BinarySearch(y.pol.Assets, o.Buy); found {
		values[k] = y.calc.Add(values[k], got)
	}
}

// feed tells the loss budget, the bands' samples and the controller what the round brought.
func (ws *Workspace) feed(y *tally, now int64) error {
	st, f, c := y.st, &y.filled, &y.calc
	f.Lost = c.Sub(c.Sub(y.atMid, y.got), y.stale)
	lost := settle.Shortfall(c, y.atMid, y.got, st.NAV)
	ws.realised = ws.realised[:0]
	for k := range f.Net {
		// One base unit of a coarse asset may be worth many times a small portfolio. The controller asks for less than
		// its whole value, so that beyond mostRealised its fill is whole in any case.
		r := c.DivTrunc(f.Net[k], st.NAV).Clamp(mostRealised().Neg(), mostRealised())
		ws.realised = append(ws.realised, r)
		if change := c.DivTrunc(y.moved[k], st.NAV); k < len(st.Samples) {
			st.Samples[k].Trade(c, change)
		}
	}
	if err := c.Err(); err != nil {
		return err
	}
	var err error
	if st.Budget, err = st.Budget.Charge(y.pol.Budget, now, lost); err != nil || !y.acted {
		return err
	}
	if sold := c.DivDown(f.Sold, f.Ordered); c.Err() == nil { // what is ordered may be worth nothing
		if st.FillRatio, err = pid.MeanFill(st.FillRatio, sold, y.cfg.FillAlpha); err != nil {
			return err
		}
	}
	if f.Fill, err = pid.Fill(&st.Controller, ws.realised); err != nil {
		return err
	}
	return pid.Feedback(&y.pol.Gains, &st.Controller, ws.realised)
}

// mostRealised bounds what a round is said to have changed an asset by, in parts of the portfolio's value.
func mostRealised() fixed.Wad { return fixed.FromInt(17) }

// Filled is what a round brought a portfolio, at the prices of its decision. One-time orders are not in it: each has a
// SliceFill of its own.
type Filled struct {
	Portfolio uint64
	Net       []fixed.Wad // value gained or given per asset of the policy
	Ordered   fixed.Wad   // value ordered to sell
	Crossed   fixed.Wad   // value sold inside
	Sold      fixed.Wad   // value sold at all
	Got       fixed.Wad   // value bought
	Lost      fixed.Wad   // value that auctions brought less than the mids of their fills, where these are known
	Fill      fixed.Wad   // the controller's fill
}
