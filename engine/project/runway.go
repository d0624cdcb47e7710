package project

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
)

// Supply is what there is to pay an asset's payments from.
type Supply struct {
	Now, PeriodSeconds int64
	Held               asset.Amount // units of the asset
	Sellable           fixed.Wad    // value of everything else that may be sold, at mid
	PerInterval        fixed.Wad    // most that one interval may sell, as value
	Haircut            fixed.Wad    // what a sale may lose against the mid, 0..1
	Price              fixed.Wad    // of the asset
	Exponent           uint8        // of the asset
}

// Runway says how long the payments of an asset can be met: up to the occurrence that is due at Due, in Months whole
// months. It is Short when that occurrence cannot be met; otherwise it is the last one that was looked at, and all are
// met.
type Runway struct {
	Due    int64
	Months int64
	Short  bool
}

// Runway finds the first occurrence of an asset's payments that cannot be met from what is held and from selling
// everything else as fast as allowed, at the mid less the haircut (spec 12.2). It is for reports: it allocates.
// ErrInput, or an error of package fixed when a sum is too large.
func (p *Plan) Runway(a asset.Index, s Supply) (Runway, error) {
	if err := p.check(); err != nil {
		return Runway{}, err
	}
	if err := s.check(); err != nil {
		return Runway{}, err
	}
	type occurrence struct {
		due    int64
		amount asset.Amount
	}
	var all []occurrence
	for i := range p.Payments {
		if p.Payments[i].Asset != a {
			continue
		}
		for k := int64(0); ; k++ {
			due, amount, ok := p.Payments[i].ahead(p.Owed[i], k)
			if !ok {
				break
			}
			all = append(all, occurrence{due, amount})
		}
	}
	slices.SortStableFunc(all, func(x, y occurrence) int { return cmp.Compare(x.due, y.due) })
	var c fixed.Calc
	var need asset.Amount
	r := Runway{Due: s.Now}
	for _, o := range all {
		need = c.AddNat(need, o.amount)
		r.Due = o.due
		if r.Short = s.by(&c, o.due).Less(need); r.Short {
			break
		}
	}
	r.Months = monthsBetween(s.Now, r.Due)
	return r, c.Err()
}

// by is what can be there when a payment is due.
func (s *Supply) by(c *fixed.Calc, due int64) asset.Amount {
	intervals := max(due-s.Now, 0) / s.PeriodSeconds
	sold := c.MulInt(s.PerInterval.Min(s.Sellable), intervals).Min(s.Sellable)
	net := c.MulDown(sold, c.Sub(fixed.One(), s.Haircut))
	return c.AddNat(s.Held, asset.UnitsDown(c, net, s.Price, s.Exponent))
}

func (s *Supply) check() error {
	switch {
	case s.Now < 0 || s.Now > TimeMax || s.PeriodSeconds < 1:
		return fmt.Errorf("%w: expected a time of 0..%d and a period of 1 or more, got %d and %d",
			ErrInput, int64(TimeMax), s.Now, s.PeriodSeconds)
	case s.Sellable.Sign() < 0 || s.PerInterval.Sign() < 0 || s.Price.Sign() <= 0 || s.Exponent > asset.MaxExponent:
		return fmt.Errorf("%w: expected values of 0 or more, a positive price and an exponent up to %d, got %+v",
			ErrInput, asset.MaxExponent, *s)
	case s.Haircut.Sign() < 0 || fixed.One().Less(s.Haircut):
		return fmt.Errorf("%w: expected a haircut of 0..1, got %v", ErrInput, s.Haircut)
	}
	return nil
}
