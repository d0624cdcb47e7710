package maker

import (
	"context"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/auction/types"
)

// Stats are what came of a maker's work since it started.
type Stats struct {
	Looks, Bids, Cancels, Fills, Failures int
	Taken                                 fixed.Wad // value of what it bought, at its own prices when it saw the fill
	Paid                                  fixed.Wad // value of what it paid, at the same prices
}

// Margin is what it earned, as a part of what it bought: 0 when it bought nothing.
func (s Stats) Margin() fixed.Wad {
	if s.Taken.IsZero() {
		return fixed.Wad{}
	}
	var c fixed.Calc
	return c.DivTrunc(c.Sub(s.Taken, s.Paid), s.Taken)
}

// count takes the fills in that it has not seen yet.
func (m *Maker) count(ctx context.Context, prices map[string]fixed.Wad) error {
	fills, err := m.chain.Fills(ctx, m.wallet.Address())
	if err != nil {
		return err
	}
	first := m.stats.Looks == 1 // those before the start are history
	for i := range fills {
		f := &fills[i]
		key := fillKey{f.LotId, f.BidId}
		if m.seen[key] {
			continue
		}
		m.seen[key] = true
		if !first {
			m.book(f, prices)
		}
	}
	return nil
}

// book counts a fill.
func (m *Maker) book(f *types.Fill, prices map[string]fixed.Wad) {
	m.stats.Fills++
	m.cfg.Log.Info("filled", "lot", f.LotId, "units", f.Units.String(), "payment", f.Payment.String(), "price", f.Price)
	units, err := fixed.NatFromBig(f.Units.Amount.BigInt())
	payment, err2 := fixed.NatFromBig(f.Payment.Amount.BigInt())
	if err != nil || err2 != nil {
		return // beyond what is counted
	}
	var c fixed.Calc
	taken := asset.ValueDown(&c, units, prices[f.Units.Denom], m.exponents[f.Units.Denom])
	paid := asset.ValueUp(&c, payment, prices[f.Payment.Denom], m.exponents[f.Payment.Denom])
	taken, paid = c.Add(m.stats.Taken, taken), c.Add(m.stats.Paid, paid)
	if c.Err() == nil {
		m.stats.Taken, m.stats.Paid = taken, paid
	}
}
