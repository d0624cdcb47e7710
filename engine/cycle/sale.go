package cycle

import (
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
	"github.com/ballast-finance/ballast/engine/settle"
)

// MaxOneTime bounds the one-time orders of a portfolio that live at once.
const MaxOneTime = 8

// Proceeds says where what a one-time order brings goes.
type Proceeds uint8

// Rules. Earmarking is the default: the controller must not undo what the owner just did.
const (
	EarmarkProceeds Proceeds = iota // stays in the account, left out of the weights, until the owner releases it
	PoolProceeds                    // joins what is managed
	PayoutProceeds                  // is earmarked until the host has paid it out
)

// OneTime is an order of the owner to sell an asset for another over some intervals (spec 12.1).
type OneTime struct {
	ID         uint64
	Sell, Buy  asset.Index
	Limit      fixed.Wad // worst pair price accepted; 0: any within the owner's slippage
	Proceeds   Proceeds
	OutsideCap bool            // its slices do not count in the largest sale of an interval
	Share      fixed.Wad       // of NAV, until the first interval fixes the size; then, and with a size in units, 0
	Slicing    project.Slicing // the size in units
	Minimum    asset.Amount    // units of the smallest slice
	Cancelled  bool            // it ends when its slice in the market is settled
}

// PaymentAt is what has been done of a payment.
type PaymentAt = project.Owed

// Earmark is an amount that belongs to the portfolio but is left out of its weights.
type Earmark struct {
	Asset  asset.Index
	Amount asset.Amount
	Payout uint64 // the one-time order whose proceeds these are, while they wait to be paid out; or 0
}

// oneTime finds a one-time order, or returns -1.
func (st *State) oneTime(id uint64) int {
	return slices.IndexFunc(st.OneTime, func(o OneTime) bool { return o.ID == id })
}

// live reports an order that has a slice in this interval.
func (o *OneTime) live() bool { return !o.Cancelled && !o.Slicing.Done() }

// lock fixes sizes that are shares of NAV, and sets what the controller may not sell because one-time orders will, and
// what of the largest sale they take, as values.
func (ws *Workspace) lock(p *Portfolio, m *Market, d *Decision) error {
	st := &p.State
	ws.locked, ws.oneTime = ws.locked[:0], fixed.Wad{}
	if len(st.OneTime) == 0 {
		return nil
	}
	var c fixed.Calc
	ws.locked = grow(ws.locked, len(p.Policy.Assets))
	for i := range st.OneTime {
		o := &st.OneTime[i]
		k, found := slices.BinarySearch(p.Policy.Assets, o.Sell)
		if !found || !o.live() {
			continue
		}
		price, exponent := m.Prices[o.Sell].Value, m.Universe.At(o.Sell).Exponent
		if !o.Share.IsZero() && p.matters(k) { // else it has no price yet
			o.Slicing.Remaining = asset.UnitsDown(&c, c.MulDown(o.Share, d.Report.NAV), price, exponent)
			o.Share = fixed.Wad{}
		}
		ws.locked[k] = c.Add(ws.locked[k], asset.ValueUp(&c, o.Slicing.Remaining, price, exponent))
		slice, _, err := o.Slicing.Next(o.Minimum)
		if err != nil {
			return err
		}
		if !o.OutsideCap {
			ws.oneTime = c.Add(ws.oneTime, asset.ValueUp(&c, slice.Amount, price, exponent))
		}
	}
	return c.Err()
}

// slices makes orders of this interval's slices of a portfolio's one-time orders. They join the pair books beside the
// controller's orders and are settled at the same prices. Forced orders go before them, within the largest sale.
func (ws *Workspace) slices(p *Portfolio, m *Market, d *Decision) {
	st := &p.State
	var c fixed.Calc // the forced part is at most the largest sale
	left := c.Sub(ws.maxSell, d.Forced)
	for i := range st.OneTime {
		o := &st.OneTime[i]
		if !o.live() || !o.Share.IsZero() {
			continue
		}
		slice, next, err := o.Slicing.Next(o.Minimum)
		if err != nil {
			o.Cancelled = true
			ws.noteOn(p.ID, Failed, o.Sell, err)
			continue
		}
		o.Slicing = next
		if slice.Reason == project.SliceDropped {
			ws.noteOn(p.ID, SliceDropped, o.Sell, nil)
		}
		units := slice.Amount.Min(ws.spare(p, o.Sell))
		if !o.OutsideCap {
			units = within(&c, m, o.Sell, units, &left)
		}
		if !units.IsZero() && !units.Less(o.Minimum) {
			ws.orders = append(ws.orders, Order{
				Sell: o.Sell, Buy: o.Buy, OneTime: o.ID, Units: units, Crossable: p.crosses(),
			})
		}
	}
}

// within cuts units to what is left of the largest sale, and takes them off it.
func within(c *fixed.Calc, m *Market, a asset.Index, units asset.Amount, left *fixed.Wad) asset.Amount {
	price, exponent := m.Prices[a].Value, m.Universe.At(a).Exponent
	worth := asset.ValueUp(c, units, price, exponent)
	if left.Less(worth) {
		units = asset.UnitsDown(c, *left, price, exponent)
		worth = asset.ValueUp(c, units, price, exponent)
	}
	if c.Err() != nil {
		return asset.Amount{}
	}
	*left = c.Sub(*left, worth)
	return units
}

// spare is what the account has of an asset beyond what is earmarked and what the orders at hand take.
func (ws *Workspace) spare(p *Portfolio, a asset.Index) asset.Amount {
	k, found := slices.BinarySearch(p.Policy.Assets, a)
	if !found {
		return asset.Amount{}
	}
	free := p.Holdings[k].Monus(p.State.earmarked(a))
	for i := range ws.orders {
		if ws.orders[i].Sell == a {
			free = free.Monus(ws.orders[i].Units)
		}
	}
	return free
}

// earmarked is what the controller must leave alone of an asset.
func (st *State) earmarked(a asset.Index) asset.Amount {
	var c fixed.Calc // they lie in one account, whose balance is an amount
	var sum asset.Amount
	for i := range st.Earmarked {
		if st.Earmarked[i].Asset == a {
			sum = c.AddNat(sum, st.Earmarked[i].Amount)
		}
	}
	return sum
}

// sliceFill takes what a slice sold off its order and puts the proceeds where the owner wants them. An order that is
// not known any more leaves them earmarked.
func (ws *Workspace) sliceFill(y *tally, o *Order, x part) {
	st, c := y.st, &y.calc
	fill := SliceFill{
		Portfolio: y.filled.Portfolio, OneTime: o.OneTime, Sell: o.Sell, Buy: o.Buy, Units: o.Units,
		Sold: c.AddNat(x.crossed, x.sold), Bought: c.AddNat(x.received, x.got),
	}
	got, rule := y.worth(o.Buy, fill.Bought), EarmarkProceeds
	if at := st.oneTime(o.OneTime); at >= 0 {
		order := &st.OneTime[at]
		next, err := order.Slicing.Fill(fill.Sold)
		c.Fail(err)
		order.Slicing, fill.Left, rule = next, next.Remaining, order.Proceeds
	}
	if rule != PoolProceeds {
		mark := Earmark{Asset: o.Buy, Amount: fill.Bought}
		if rule == PayoutProceeds {
			mark.Payout = o.OneTime
		}
		st.earmark(c, mark)
		got = fixed.Wad{}
	}
	y.move(y.moved, o, y.worth(o.Sell, fill.Sold), got)
	ws.out.Slices = append(ws.out.Slices, fill)
}

// earmark adds to what is left out of the weights.
func (st *State) earmark(c *fixed.Calc, mark Earmark) {
	for i := range st.Earmarked {
		if e := &st.Earmarked[i]; e.Asset == mark.Asset && e.Payout == mark.Payout {
			e.Amount = c.AddNat(e.Amount, mark.Amount)
			return
		}
	}
	if !mark.Amount.IsZero() {
		st.Earmarked = append(st.Earmarked, mark)
	}
}

// endOneTime takes the one-time orders out that have nothing left to do and nothing in the market.
func (ws *Workspace) endOneTime(id uint64, st *State) {
	kept := st.OneTime[:0]
	for _, o := range st.OneTime {
		if !o.ended() || st.inMarket(o.ID) {
			kept = append(kept, o)
			continue
		}
		ws.noteOn(id, OneTimeEnded, o.Sell, nil)
	}
	st.OneTime = kept
}

func (o *OneTime) ended() bool { return !o.live() || o.Share.IsZero() && o.Slicing.Remaining.IsZero() }

// inMarket reports a one-time order that has a slice in the market.
func (st *State) inMarket(id uint64) bool {
	return slices.ContainsFunc(st.Orders, func(o Order) bool { return o.OneTime == id })
}

func (ws *Workspace) noteOn(id uint64, outcome Outcome, a asset.Index, err error) {
	ws.out.Notes = append(ws.out.Notes, Note{Portfolio: id, Outcome: outcome, Asset: a, HasAsset: true, Err: err})
}

// Sale is a wish to sell of somebody who has no portfolio. It joins the books of one round, beside the portfolios'
// orders and under the same rules: it may cross, it is auctioned in the same lot, it is settled at the same prices.
// What it does not sell comes back.
type Sale struct {
	ID        uint64
	Sell, Buy asset.Index
	Units     asset.Amount // in the seller's account, or in escrow while Placed
	Limit     fixed.Wad    // lowest pair price accepted; 0: any that the auction has
	Placed    bool         // it is in the books of the round
	Order     Order        // its place there
}

// SaleFill is what a round brought a sale, in base units: Sold of Units for Bought, and Refund came back.
type SaleFill struct {
	Sale         uint64
	Sell, Buy    asset.Index
	Units        asset.Amount
	Sold, Bought asset.Amount
	Refund       asset.Amount
}

func sellerAccount(id uint64) settle.Account { return settle.Account{Kind: settle.Seller, ID: id} }

// placeSales enters a page of sales into the books. One that finds no place is noted and keeps its units.
func (ws *Workspace) placeSales(cfg *Config, r *Round, in *Input) {
	ws.out.Sales = make([]Sale, 0, len(in.Sales))
	for _, s := range in.Sales {
		if !s.Placed {
			if err := ws.placeSale(cfg, r, &s); err != nil {
				ws.out.Notes = append(ws.out.Notes, Note{Outcome: OrderRefused, Sale: s.ID, Err: err})
			}
		}
		ws.out.Sales = append(ws.out.Sales, s)
	}
}

func (ws *Workspace) placeSale(cfg *Config, r *Round, s *Sale) error {
	n := cfg.Universe.Len()
	if s.Sell == s.Buy || max(int(s.Sell), int(s.Buy)) >= n || s.Units.IsZero() || s.Limit.Sign() < 0 {
		return fmt.Errorf("%w: sale %d: expected units of one of %d assets for another one, with a limit of 0 or more, "+
			"got %v of %d for %d at %v", ErrInput, s.ID, n, s.Units, s.Sell, s.Buy, s.Limit)
	}
	order := Order{Sell: s.Sell, Buy: s.Buy, Units: s.Units, Crossable: true}
	list, placed, err := books(r.Books).place(order, terms{limit: s.Limit})
	if err != nil {
		return err
	}
	r.Books, s.Placed, s.Order = list, true, placed
	ws.ledger.Move(sellerAccount(s.ID), r.escrow(), s.Sell, s.Units)
	return nil
}

// paySales gives a page of sales what they brought and what they did not sell.
func (ws *Workspace) paySales(r *Round, in *Input) error {
	ws.out.Sales = make([]Sale, 0, len(in.Sales))
	for _, s := range in.Sales {
		if s.Placed {
			if err := ws.paySale(r, &s); err != nil {
				return fmt.Errorf("sale %d: %w", s.ID, err)
			}
		}
		ws.out.Sales = append(ws.out.Sales, s)
	}
	return nil
}

func (ws *Workspace) paySale(r *Round, s *Sale) error {
	o := &s.Order
	_, t, err := books(r.Books).tranche(o)
	if err != nil {
		return err
	}
	var c fixed.Calc
	x := t.part(&c, o)
	t.Settled = c.AddNat(t.Settled, o.Units)
	fill := SaleFill{
		Sale: s.ID, Sell: o.Sell, Buy: o.Buy, Units: o.Units,
		Sold: c.AddNat(x.crossed, x.sold), Bought: c.AddNat(x.received, x.got), Refund: x.refund,
	}
	if err := c.Err(); err != nil {
		return fmt.Errorf("%w: %v units at %v: %w", ErrBook, o.Units, o.Offset, err)
	}
	ws.ledger.Move(r.escrow(), sellerAccount(s.ID), o.Sell, fill.Refund)
	ws.ledger.Move(r.escrow(), sellerAccount(s.ID), o.Buy, fill.Bought)
	ws.out.SaleFills = append(ws.out.SaleFills, fill)
	s.Units, s.Placed, s.Order = fill.Refund, false, Order{}
	return nil
}

// advanceSales checks that a page of sales continues where the one before ended, and remembers its end.
func (r *Round) advanceSales(in *Input) error {
	for i := range in.Sales {
		if id := in.Sales[i].ID; id <= r.LastSale {
			return fmt.Errorf("%w: expected a sale above %d, got %d", ErrInput, r.LastSale, id)
		}
		r.LastSale = in.Sales[i].ID
	}
	return nil
}
