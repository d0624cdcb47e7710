package cycle

import (
	"cmp"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/band"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
)

// floors sets the value that must stay in each asset: the owner's minimum or the reserve for payments, whichever is
// larger. ws.bound says that one of them is worth more than its target.
func (ws *Workspace) floors(p *Portfolio, m *Market, d *Decision, nav fixed.Wad) error {
	pol := p.Policy
	d.Floors, ws.floored, ws.bound = grow(d.Floors, len(pol.Assets)), false, false
	if len(pol.Limits.MinBalances) == 0 && len(pol.Payments) == 0 {
		return nil
	}
	ws.floored = true
	reserves, err := ws.reserves(p, m, nav)
	if err != nil {
		return err
	}
	var c fixed.Calc
	for k, a := range pol.Assets {
		least := reserves[k]
		if len(pol.Limits.MinBalances) > 0 {
			least = least.Max(pol.Limits.MinBalances[k])
		}
		if least.IsZero() {
			continue
		}
		d.Floors[k] = asset.ValueUp(&c, least, m.Prices[a].Value, m.Universe.At(a).Exponent)
		ws.bound = ws.bound || c.MulTrunc(d.Stored[k], nav).Less(d.Floors[k])
	}
	return c.Err()
}

// limits sets the caps of this interval in value.
func (ws *Workspace) limits(pol *Policy, d *Decision, terms band.Terms) error {
	var c fixed.Calc
	nav := d.Report.NAV
	ws.maxSell = nav
	if part := pol.Limits.MaxSell; !part.IsZero() {
		ws.maxSell = c.MulDown(part, nav)
	}
	if terms.SellScale != fixed.One() {
		ws.maxSell = c.MulDown(terms.SellScale, ws.maxSell)
	}
	ws.ceilings = ws.ceilings[:0]
	for _, w := range pol.Limits.MaxWeights {
		most := fixed.Max()
		if !w.IsZero() {
			most = c.MulDown(w, nav)
		}
		ws.ceilings = append(ws.ceilings, most)
	}
	return c.Err()
}

// forced reports an asset below its floor or above its cap: that is mended even while the trigger rests.
func (ws *Workspace) forced(d *Decision) bool {
	if !ws.floored && len(ws.ceilings) == 0 {
		return false
	}
	for k, v := range d.Report.Values {
		if v.Less(d.Floors[k]) || k < len(ws.ceilings) && ws.ceilings[k].Less(v) {
			return true
		}
	}
	return false
}

// MaxLead is the longest time, in intervals, before a payment at which its purchase starts.
const MaxLead = 90

// reserves returns what must be held of each asset for the payments to come (spec 12.2).
func (ws *Workspace) reserves(p *Portfolio, m *Market, nav fixed.Wad) ([]asset.Amount, error) {
	pol := p.Policy
	ws.reserved = grow(ws.reserved, len(pol.Assets))
	if len(pol.Payments) == 0 {
		return ws.reserved, nil
	}
	p.State.matchPayments(len(pol.Payments))
	plan := project.Plan{Payments: pol.Payments, Owed: p.State.Payments}
	for k, a := range pol.Assets {
		lead, err := p.lead(m, &plan, k, nav)
		if err != nil {
			return nil, err
		}
		if ws.reserved[k], err = plan.Reserve(a, m.Now, pol.PeriodSeconds, lead); err != nil {
			return nil, err
		}
	}
	return ws.reserved, nil
}

// lead is the number of intervals in which what is missing for an asset's payments can be bought.
func (p *Portfolio) lead(m *Market, plan *project.Plan, k int, nav fixed.Wad) (int64, error) {
	pol, a := p.Policy, p.Policy.Assets[k]
	owed, err := plan.Due(a, m.Now+MaxLead*pol.PeriodSeconds)
	if err != nil || owed.IsZero() {
		return 1, err
	}
	missing := owed.Monus(p.Holdings[k].Monus(p.State.earmarked(a)))
	var c fixed.Calc
	value := asset.ValueUp(&c, missing, m.Prices[a].Value, m.Universe.At(a).Exponent)
	capacity := p.capacity(&c, nav)
	if err := c.Err(); err != nil {
		return 0, err
	}
	return project.LeadTime(value, capacity, MaxLead)
}

// capacity is the value that an interval is expected to sell at most.
func (p *Portfolio) capacity(c *fixed.Calc, nav fixed.Wad) fixed.Wad {
	part := p.Policy.Limits.MaxSell
	if part.IsZero() {
		part = fixed.One()
	}
	return c.MulDown(c.MulDown(part, nav), p.State.FillRatio)
}

// Runway says how long the payments in the asset at place k of the policy can be met (spec 12.2): from what is free of
// it now, and by selling everything that is not of it, nav less value, as fast as the portfolio does, at the widest
// reserve. ok is false when nothing is owed in it, or its price is not known. It is for reports: it allocates.
func (p *Portfolio) Runway(
	k int, m *Market, nav, value, widest fixed.Wad,
) (r project.Runway, ok bool, err error) {
	pol, a := p.Policy, p.Policy.Assets[k]
	p.State.matchPayments(len(pol.Payments))
	plan := project.Plan{Payments: pol.Payments, Owed: p.State.Payments}
	owes := slices.ContainsFunc(pol.Payments, func(y project.Payment) bool { return y.Asset == a })
	if !owes || m.Prices[a].Value.Sign() <= 0 {
		return r, false, nil
	}
	if most := pol.Limits.MaxSlippage; !most.IsZero() {
		widest = widest.Min(most)
	}
	var c fixed.Calc
	s := project.Supply{
		Now: m.Now, PeriodSeconds: pol.PeriodSeconds, Held: p.Holdings[k].Monus(p.State.earmarked(a)),
		Sellable: c.Sub(nav, value).Max(fixed.Wad{}), PerInterval: p.capacity(&c, nav), Haircut: widest,
		Price: m.Prices[a].Value, Exponent: m.Universe.At(a).Exponent,
	}
	if err := c.Err(); err != nil {
		return r, false, err
	}
	r, err = plan.Runway(a, s)
	return r, err == nil, err
}

// matchPayments makes the state parallel to the policy's payments.
func (st *State) matchPayments(n int) {
	for len(st.Payments) < n {
		st.Payments = append(st.Payments, project.Owed{})
	}
	st.Payments = st.Payments[:n]
}

// Payout is a payment that is due.
type Payout struct {
	Payment int // in Policy.Payments
	Asset   asset.Index
	Amount  asset.Amount // to pay now
	Missing asset.Amount // still owed after it
	Next    project.Owed // the payment's state once the amount has arrived
}

// Payouts lists what is due now, by due time and then in the order of the policy, and what of it can be paid from the
// free units of the holdings: those that no order has in escrow and nobody earmarked. A host pays, and stores what
// Paid returns when the money has arrived. Paused portfolios pay as well. Payments that are held are left out and get
// nothing set aside: their recipients cannot be paid.
func (p *Portfolio) Payouts(now int64, held ...int) []Payout {
	owed := slices.Clone(p.State.Payments)
	for len(owed) < len(p.Policy.Payments) {
		owed = append(owed, project.Owed{})
	}
	var order []int
	for i := range p.Policy.Payments {
		if !slices.Contains(held, i) && !p.Policy.Payments[i].Due(owed[i], now).IsZero() {
			order = append(order, i)
		}
	}
	at := func(i int) int64 {
		due, _ := p.Policy.Payments[i].Schedule.Due(owed[i].Number)
		return due
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(at(i), at(j)) })
	spent := make([]asset.Amount, len(p.Policy.Assets))
	var list []Payout
	for _, i := range order {
		pay := &p.Policy.Payments[i]
		k, found := slices.BinarySearch(p.Policy.Assets, pay.Asset)
		if !found || k >= len(p.Holdings) {
			continue
		}
		free := p.Holdings[k].Monus(p.State.earmarked(pay.Asset)).Monus(spent[k])
		amount, missing, next := pay.Pay(owed[i], now, free)
		var c fixed.Calc // a part of the holding
		spent[k] = c.AddNat(spent[k], amount)
		list = append(list, Payout{i, pay.Asset, amount, missing, next})
	}
	return list
}

// Note says what became of a payout.
func (o Payout) Note(portfolio uint64) Note {
	outcome := PaymentMade
	if o.Amount.IsZero() {
		outcome = PaymentShort
	}
	return Note{Portfolio: portfolio, Outcome: outcome, Asset: o.Asset, HasAsset: true}
}
