package cycle

import (
	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
)

// maxLead is the longest time, in intervals, before a payment at which its purchase starts.
const maxLead = 90

// reserves returns what must be held of each asset for the payments to come (spec 12.2).
func (ws *Workspace) reserves(p *Portfolio, m *Market) ([]asset.Amount, error) {
	pol := p.Policy
	ws.reserved = grow(ws.reserved, len(pol.Assets))
	if len(pol.Payments) == 0 {
		return ws.reserved, nil
	}
	p.State.matchPayments(len(pol.Payments))
	plan := project.Plan{Payments: pol.Payments, Owed: p.State.Payments}
	for k, a := range pol.Assets {
		lead, err := ws.lead(p, m, &plan, k)
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
func (ws *Workspace) lead(p *Portfolio, m *Market, plan *project.Plan, k int) (int64, error) {
	pol, a := p.Policy, p.Policy.Assets[k]
	owed, err := plan.Due(a, m.Now+maxLead*pol.PeriodSeconds)
	if err != nil || owed.IsZero() {
		return 1, err
	}
	missing := owed.Monus(p.Holdings[k])
	var c fixed.Calc
	value := asset.ValueUp(&c, missing, m.Prices[a].Value, m.Universe.At(a).Exponent)
	part := pol.Limits.MaxSell
	if part.IsZero() {
		part = fixed.One()
	}
	var nav fixed.Wad
	for _, v := range ws.values {
		nav = c.Add(nav, v)
	}
	capacity := c.MulDown(c.MulDown(part, nav), p.State.FillRatio)
	if err := c.Err(); err != nil {
		return 0, err
	}
	if capacity.IsZero() {
		return maxLead, nil
	}
	return project.LeadTime(value, capacity, maxLead)
}

// matchPayments makes the state parallel to the policy's payments.
func (st *State) matchPayments(n int) {
	for len(st.Payments) < n {
		st.Payments = append(st.Payments, project.Owed{})
	}
}

// Payout is a payment that a host makes now.
type Payout struct {
	Payment int // in Policy.Payments
	Asset   asset.Index
	Amount  asset.Amount
	Missing asset.Amount // still owed after it
	Next    project.Owed // the payment's state once the amount has arrived
}

// Payouts lists what is due now and what of it can be paid from the free units of the holdings: those that no order
// has in escrow and nobody earmarked. A host pays, and stores Next with Paid when the money has arrived. Paused
// portfolios pay as well.
func (p *Portfolio) Payouts(now int64) []Payout {
	var list []Payout
	p.State.matchPayments(len(p.Policy.Payments))
	spent := make([]asset.Amount, len(p.Policy.Assets))
	for i := range p.Policy.Payments {
		pay := &p.Policy.Payments[i]
		if pay.Due(p.State.Payments[i], now).IsZero() {
			continue
		}
		for k, a := range p.Policy.Assets {
			if a != pay.Asset {
				continue
			}
			free := p.Holdings[k].Monus(p.State.earmarked(a)).Monus(spent[k])
			amount, missing, next := pay.Pay(p.State.Payments[i], now, free)
			var c fixed.Calc // a part of the holding
			spent[k] = c.AddNat(spent[k], amount)
			list = append(list, Payout{i, a, amount, missing, next})
		}
	}
	return list
}

// Paid books a payout that arrived.
func (st *State) Paid(o Payout) { st.Payments[o.Payment] = o.Next }
