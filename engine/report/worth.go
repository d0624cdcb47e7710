package report

import (
	"cmp"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/project"
)

// Owned is what a portfolio owns of an asset.
type Owned struct {
	Asset    asset.Index
	Free     asset.Amount // in its account
	InMarket asset.Amount // in the round: not sold yet, or bought and not paid yet
	Value    fixed.Wad    // of both, rounded down
}

// Worth is what a portfolio owns and what that is worth at the last good prices.
type Worth struct {
	NAV     fixed.Wad
	Healthy bool // every price of an asset that is owned may be used now
	Assets  []Owned
}

// Runway says how long the payments in an asset can be met.
type Runway struct {
	project.Runway

	Asset asset.Index
}

// Runways looks at every asset that something is owed in. widest is the widest that a reserve price may lie below the
// mid. An asset without a price is left out.
func (w *Worth) Runways(m *cycle.Market, p *cycle.Portfolio, widest fixed.Wad) ([]Runway, error) {
	var list []Runway
	for k, a := range p.Policy.Assets {
		if int(a) >= len(m.Prices) {
			continue
		}
		r, ok, err := p.Runway(k, m, w.NAV, w.at(a).Value, widest)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, Runway{r, a})
		}
	}
	return list, nil
}

// Value adds up a portfolio: the assets of its policy, and what its orders have in the market. lot returns the open or
// closed lot of a pair, or nil.
func Value(
	r *cycle.Round, m *cycle.Market, p *cycle.Portfolio, lot func(sell, buy asset.Index) (*auction.Lot, error),
) (Worth, error) {
	w := Worth{Healthy: true}
	for k, a := range p.Policy.Assets {
		if k < len(p.Holdings) {
			w.at(a).Free = p.Holdings[k]
		}
	}
	var c fixed.Calc
	for i := range p.State.Orders {
		o := &p.State.Orders[i]
		open, err := lot(o.Sell, o.Buy)
		if err != nil {
			return Worth{}, err
		}
		left, got := r.Owned(&c, o, open)
		sell := w.at(o.Sell)
		sell.InMarket = c.AddNat(sell.InMarket, left)
		buy := w.at(o.Buy)
		buy.InMarket = c.AddNat(buy.InMarket, got)
	}
	for i := range w.Assets {
		x := &w.Assets[i]
		units := c.AddNat(x.Free, x.InMarket)
		if units.IsZero() || int(x.Asset) >= min(len(m.Prices), m.Universe.Len()) {
			continue
		}
		price := &m.Prices[x.Asset]
		w.Healthy = w.Healthy && price.Status == oracle.StatusOK && price.Value.Sign() > 0
		if price.Value.Sign() > 0 {
			x.Value = asset.ValueDown(&c, units, price.Value, m.Universe.At(x.Asset).Exponent)
			w.NAV = c.Add(w.NAV, x.Value)
		}
	}
	return w, c.Err()
}

// at finds the line of an asset, or makes one in its place.
func (w *Worth) at(a asset.Index) *Owned {
	at, found := slices.BinarySearchFunc(w.Assets, a, func(x Owned, a asset.Index) int { return cmp.Compare(x.Asset, a) })
	if !found {
		w.Assets = slices.Insert(w.Assets, at, Owned{Asset: a})
	}
	return &w.Assets[at]
}
