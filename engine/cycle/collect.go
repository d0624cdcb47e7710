package cycle

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
	"github.com/ballast-finance/ballast/engine/surface"
)

// collect lets a page of portfolios decide and takes what they sell into escrow.
func (ws *Workspace) collect(cfg *Config, r *Round, in *Input) error {
	if err := r.advance(in); err != nil {
		return err
	}
	n := len(in.Portfolios)
	ws.out.States, ws.out.Notes, ws.out.Decisions = make([]State, 0, n), make([]Note, 0, n), make([]Record, 0, n)
	m := Market{Now: r.FrozeAt, Universe: cfg.Universe, Prices: r.Frozen}
	for i := range in.Portfolios {
		ws.out.States = append(ws.out.States, ws.visit(cfg, r, &m, in.Portfolios[i]))
	}
	ws.placeSales(cfg, r, in)
	if in.LastPage {
		r.Phase = Crossing
	}
	return nil
}

// visit lets one portfolio decide and place its orders, and returns its state. Of a portfolio that fails nothing stays
// but the note.
func (ws *Workspace) visit(cfg *Config, r *Round, m *Market, p Portfolio) State {
	before := p.State
	p.State = before.clone()
	d := ws.Decide(&p, m)
	ws.orders = ws.orders[:0]
	if d.Outcome == Ordered {
		if err := ws.wish(cfg, r, &p, d); err != nil {
			d.Outcome, d.Err = Failed, fmt.Errorf("portfolio %d: %w", p.ID, err)
		}
	}
	if o := d.Outcome; o == Failed || o == NotDue || o == Paused || o == Busy {
		p.State = before
	} else if o == Ordered || o == Held || o == Clamped {
		ws.slices(&p, m, d)
		ws.place(cfg, r, &p, d)
	}
	ws.record(d)
	return p.State
}

// wish makes the orders of a decision. All that can fail is here, before the first of them is in a book.
func (ws *Workspace) wish(cfg *Config, r *Round, p *Portfolio, d *Decision) error {
	flows, err := ws.flows(cfg, p, d)
	if err != nil {
		return err
	}
	var c fixed.Calc
	for i := range flows {
		f := &flows[i]
		sell, buy := p.Policy.Assets[f.Sell], p.Policy.Assets[f.Buy]
		value := c.MulInt(fixed.FromRawUint(f.Value), quantum)
		units := asset.UnitsDown(&c, value, r.Frozen[sell].Value, cfg.Universe.At(sell).Exponent)
		if !units.IsZero() { // less than a base unit is not an order
			ws.orders = append(ws.orders, Order{Sell: sell, Buy: buy, Units: units, Crossable: p.crosses()})
		}
	}
	if len(ws.orders) == 0 {
		d.Outcome, d.Clamp = Clamped, d.Clamp|project.ClampMinOrder
	}
	return c.Err()
}

// flows pairs the sells of a decision with its buys, by position in the policy. The book is the portfolio's own: what
// it may hold at most must not depend on who is on the same page.
func (ws *Workspace) flows(cfg *Config, p *Portfolio, d *Decision) ([]surface.Flow, error) {
	pol := p.Policy
	var c fixed.Calc
	c.Fail(ws.surface.Reset(len(pol.Assets)))
	if pol.Mode == surface.Cheapest {
		c.Fail(ws.surface.SetCosts(ws.pairCosts(cfg, pol)))
	}
	ws.sells, ws.buys = ws.sells[:0], ws.buys[:0]
	for k, x := range d.Orders {
		leg := surface.Leg{Asset: asset.Index(k), Value: micro(&c, x.Abs())} // below MaxPositions
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
	err := ws.surface.Add(0, ws.sells, ws.buys, pol.Mode, smallest)
	return ws.surface.Flows(), err
}

// pairCosts are the costs of the pairs of a policy. Without costs all pairs are alike.
func (ws *Workspace) pairCosts(cfg *Config, pol *Policy) []uint32 {
	n := len(pol.Assets)
	ws.costs = grow(ws.costs, n*n)
	if len(cfg.PairCosts) == 0 {
		return ws.costs
	}
	for i, sell := range pol.Assets {
		for j, buy := range pol.Assets {
			ws.costs[i*n+j] = cfg.PairCosts[int(sell)*cfg.Universe.Len()+int(buy)]
		}
	}
	return ws.costs
}

// crosses reports a portfolio whose orders may cross inside.
func (p *Portfolio) crosses() bool { return !p.Policy.CrossingOff && p.State.Machine.Terms().Cross }

// slippage is the farthest below the mid that the owner sells, tighter while the portfolio recovers from a halt; 0 is
// as far as the auction goes.
func (p *Portfolio) slippage(cfg *Config) fixed.Wad {
	slippage := p.Policy.Limits.MaxSlippage
	if scale := p.State.Machine.Terms().ReserveScale; scale.Less(fixed.One()) {
		if slippage.IsZero() {
			slippage = cfg.Auction.Width.Cap
		}
		var c fixed.Calc // both are at most one
		slippage = c.MulDown(slippage, scale)
	}
	return slippage
}

// place enters the orders of a portfolio into the books and takes their units into escrow. An order that finds no place
// is noted and left out; its units stay where they are.
func (ws *Workspace) place(cfg *Config, r *Round, p *Portfolio, d *Decision) {
	st := &p.State
	slippage := p.slippage(cfg)
	owner := settle.Account{Kind: settle.Portfolio, ID: p.ID}
	list := books(r.Books)
	for _, o := range ws.orders {
		t := terms{slippage: slippage}
		if o.OneTime != 0 {
			t.limit = st.OneTime[st.oneTime(o.OneTime)].Limit
		}
		next, placed, err := list.place(o, t)
		if err != nil {
			ws.noteOn(p.ID, OrderRefused, o.Sell, err)
			continue
		}
		list = next
		st.Orders = append(st.Orders, placed)
		ws.ledger.Move(owner, r.escrow(), o.Sell, o.Units)
	}
	r.Books = list
	if len(st.Orders) > 0 {
		st.NAV, st.Ordered = d.Report.NAV, r.FrozeAt
	}
	ws.endOneTime(p.ID, st)
}

// record keeps what a decision was.
func (ws *Workspace) record(d *Decision) {
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

// ErrBook says that an order does not belong to the books of its round, or that these have no room for it.
var ErrBook = errors.New("cycle: order without a book")

// PairBook is all that the portfolios of a round sell of one asset for another, in units, and what became of it.
type PairBook struct {
	Sell, Buy asset.Index
	Lot       uint64 // the auction of what did not cross, 0 when there is none
	Done      bool   // nothing is in an auction any more, and the totals are in
	Tranches  []Tranche
	Width     fixed.Wad    // how far below the mid the lot's reserve lay at the opening
	AtMid     asset.Amount // what its units were worth at the mid of their fills; 0: not known
}

// Tranche is the part of a pair book whose sellers accept the same prices. All totals are in base units; every order
// of the tranche gets its part of each by prefix.
type Tranche struct {
	Limit     fixed.Wad // lowest pair price accepted; 0: any above the slippage
	Slippage  fixed.Wad // widest distance below the mid at the opening; 0: any that the auction has
	Units     asset.Amount
	Crossable asset.Amount // of Units, those that may cross
	Crossed   asset.Amount // of Crossable, those that did
	Received  asset.Amount // units of Buy for the crossed ones
	Sold      asset.Amount // in the auction
	Proceeds  asset.Amount // units of Buy for the sold ones
	Settled   asset.Amount // of Units, those whose orders were paid
}

// residual is what goes to auction.
func (t *Tranche) residual() asset.Amount { return t.Units.Monus(t.Crossed) }

// total adds up one number of every tranche. It cannot overflow: place keeps the sum of all units an amount, and what
// crossed or was sold is a part of it.
func (p *PairBook) total(of func(*Tranche) asset.Amount) asset.Amount {
	var c fixed.Calc
	var sum asset.Amount
	for i := range p.Tranches {
		sum = c.AddNat(sum, of(&p.Tranches[i]))
	}
	return sum
}

func unitsOf(t *Tranche) asset.Amount { return t.Units }

func soldOf(t *Tranche) asset.Amount { return t.Sold }

// residual is what the pair sends to auction.
func (p *PairBook) residual() asset.Amount { return p.total((*Tranche).residual) }

// books is the sorted list of the pair books of a round.
type books []PairBook

func (b books) find(sell, buy asset.Index) (int, bool) {
	return slices.BinarySearchFunc(b, [2]asset.Index{sell, buy}, func(x PairBook, key [2]asset.Index) int {
		return cmp.Or(cmp.Compare(x.Sell, key[0]), cmp.Compare(x.Buy, key[1]))
	})
}

// tranche finds the pair and the tranche of an order.
func (b books) tranche(o *Order) (*PairBook, *Tranche, error) {
	at, found := b.find(o.Sell, o.Buy)
	if !found || int(o.Tranche) >= len(b[at].Tranches) {
		return nil, nil, fmt.Errorf("%w: tranche %d of %d for %d", ErrBook, o.Tranche, o.Sell, o.Buy)
	}
	pair := &b[at]
	return pair, &pair.Tranches[o.Tranche], nil
}

// place adds an order to the book of its pair and returns it with its place. On an error the books are as they were;
// otherwise the list that is returned takes the place of this one.
func (b books) place(o Order, t terms) (books, Order, error) {
	at, found := b.find(o.Sell, o.Buy)
	pair := PairBook{Sell: o.Sell, Buy: o.Buy}
	if found {
		pair = b[at]
	}
	var c fixed.Calc
	if c.AddNat(pair.total(unitsOf), o.Units); c.Err() != nil {
		return b, o, fmt.Errorf("%w: %d for %d: %w", ErrBook, o.Sell, o.Buy, c.Err())
	}
	index, ok := pair.tranche(t)
	if !ok {
		return b, o, fmt.Errorf("%w: expected at most %d different limits for %d for %d",
			ErrBook, auction.MaxTranches, o.Sell, o.Buy)
	}
	tr := &pair.Tranches[index]
	o.Tranche, o.Offset, o.CrossOffset = uint8(index), tr.Units, tr.Crossable //nolint:gosec // below MaxTranches
	tr.Units = c.AddNat(tr.Units, o.Units)
	if o.Crossable {
		tr.Crossable = c.AddNat(tr.Crossable, o.Units)
	}
	if found {
		b[at] = pair
	} else {
		b = slices.Insert(b, at, pair)
	}
	return b, o, nil
}

// terms are the prices that a seller accepts.
type terms struct{ limit, slippage fixed.Wad }

// Room in a pair. The first terms get tranches of their own as they come. Who comes when these are gone gets one of
// the coarse terms that always have room, so that nobody can be shut out by others with odd terms.
const (
	coarseSteps   = 5 // slippages of 1/4, 1/16, ... and none
	exactTranches = auction.MaxTranches - coarseSteps - 1
)

// tranche finds the tranche of the terms, or makes one. Without room it takes the coarse terms below them, and for
// limits the loosest ones there are that are not looser.
func (p *PairBook) tranche(t terms) (int, bool) {
	if i, found := p.with(t); found {
		return i, true
	}
	if len(p.Tranches) < exactTranches {
		return p.open(t), true
	}
	if coarse, ok := t.coarse(); ok {
		if i, found := p.with(coarse); found {
			return i, true
		}
		return p.open(coarse), true
	}
	best := -1
	for i := range p.Tranches {
		if p.Tranches[i].covers(t) && (best < 0 || p.Tranches[best].covers(p.Tranches[i].terms())) {
			best = i
		}
	}
	return best, best >= 0
}

func (p *PairBook) with(t terms) (int, bool) {
	i := slices.IndexFunc(p.Tranches, func(x Tranche) bool { return x.terms() == t })
	return i, i >= 0
}

// open makes a tranche. Coarse terms are fewer than the room that exact ones leave.
func (p *PairBook) open(t terms) int {
	p.Tranches = append(p.Tranches, Tranche{Limit: t.limit, Slippage: t.slippage})
	return len(p.Tranches) - 1
}

// coarse returns the loosest coarse terms that are not looser. There are none for a limit, or for a slippage below the
// smallest step.
func (t terms) coarse() (terms, bool) {
	if !t.limit.IsZero() || t.slippage.IsZero() {
		return t, t.limit.IsZero()
	}
	var c fixed.Calc // a quarter of at most one
	step := fixed.One()
	for range coarseSteps {
		if step = c.DivIntTrunc(step, 4); !t.slippage.Less(step) {
			return terms{slippage: step}, true
		}
	}
	return t, false
}

func (t *Tranche) terms() terms { return terms{t.Limit, t.Slippage} }

// covers reports that whoever sells at the tranche's terms sells within the given ones.
func (t *Tranche) covers(want terms) bool {
	return !t.Limit.Less(want.limit) &&
		(want.slippage.IsZero() || !t.Slippage.IsZero() && !want.slippage.Less(t.Slippage))
}
