package sim

import (
	"math/rand/v2"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/project"
)

// sybils separates the names of one bidder: a bid of desk d under its k-th name has bidder d + k*sybils.
const sybils = 1 << 32

// dustNames is the number of names under which a duster bids.
const dustNames = 24

// scheme is what a desk with a tactic bids for a lot as soon as it sees it.
func (d *desk) scheme(rnd *rand.Rand, l *hall, seen []fixed.Wad) []auction.Bid {
	switch d.Tactic {
	case Withhold:
		var c fixed.Calc
		more := c.AddNat(l.lot.Offered(l.lot.Curve.Reserve), fixed.NatOf(1))
		if c.Err() != nil {
			return nil // there is no more
		}
		return []auction.Bid{{Bidder: d.id, Quantity: more, MinFill: more, Limit: l.lot.Curve.Start}}
	case Dust:
		bids := make([]auction.Bid, dustNames)
		for k := range bids {
			bids[k] = auction.Bid{
				Bidder: d.id + uint64(k)*sybils, Quantity: fixed.NatOf(1), Limit: l.lot.Curve.Start, SameOwner: k%2 == 0,
			}
		}
		return bids
	case Extreme:
		bids := make([]auction.Bid, 1+rnd.IntN(extremeBids))
		for k := range bids {
			bids[k] = d.extreme(rnd, l, seen)
		}
		return bids
	case FairPrice, Snipe:
	}
	return nil
}

// extremeBids is the largest number of bids that an extreme desk makes at once.
const extremeBids = 5

// extreme draws a bid that no market maker would make: any part of the lot or more, at a price from the reserve to a
// million times the fair one, with any minimum and any end.
func (d *desk) extreme(rnd *rand.Rand, l *hall, seen []fixed.Wad) auction.Bid {
	var c fixed.Calc
	reserve := l.lot.Curve.Reserve
	parts := []uint64{0, 1, 500_000, 999_999, 1_000_000, 1_000_001, 3_000_000} // millionths
	part := fixed.NatOf(parts[rnd.IntN(len(parts))])
	b := auction.Bid{
		Bidder: d.id + rnd.Uint64N(3)*sybils, SameOwner: rnd.IntN(2) == 0, Limit: reserve,
		Quantity: c.MulDivNatDown(l.lot.Offered(reserve), part, fixed.NatOf(1_000_000)),
	}
	switch rnd.IntN(4) {
	case 0:
		b.Limit = c.Add(l.lot.Curve.Start, fixed.FromRaw(rnd.Int64N(1000)))
	case 1:
		fair := asset.PriceDown(&c, seen[l.lot.Sell], seen[l.lot.Buy])
		b.Limit = reserve.Max(c.MulInt(fair, 1+rnd.Int64N(1_000_000)))
	}
	if rnd.IntN(3) == 0 {
		b.MinFill = c.MulDivNatUp(b.Quantity, fixed.NatOf(rnd.Uint64N(101)), fixed.NatOf(100))
	}
	if rnd.IntN(3) == 0 {
		b.Expiry = l.lot.Clock.Last + rnd.Int64N(1000)
	}
	if c.Err() != nil {
		return auction.Bid{} // more than anybody has: the host refuses it
	}
	return b
}

// Meddler is somebody who acts on portfolios whenever the host lets him: at every row and between two pages.
type Meddler interface {
	Meddle(w *World, rnd *rand.Rand, now int64) error
}

// Griefer sends portfolios what they did not ask for: crumbs mostly, and now and then as much as they hold.
type Griefer struct{}

// Meddle makes a deposit.
func (Griefer) Meddle(w *World, rnd *rand.Rand, _ int64) error {
	id := w.pick(rnd)
	a := asset.Index(rnd.IntN(w.cfg.Cycle.Universe.Len())) //nolint:gosec // an index of the universe
	units := fixed.NatOf(rnd.Uint64N(1000))
	if rnd.IntN(10) == 0 {
		units = w.ledger.Balance(folio(id), a)
	}
	if !w.ledger.affords(a, units) {
		return nil
	}
	return w.Deposit(id, a, units)
}

// Rotator is an owner who turns his targets round at every chance, while orders are in the market as well.
type Rotator struct{ Portfolio uint64 }

// Meddle gives every asset the weight of its neighbour.
func (r Rotator) Meddle(w *World, _ *rand.Rand, _ int64) error {
	old := w.Policy(r.Portfolio)
	next := *old
	next.Target.Weights = rotated(old.Target.Weights)
	next.Target.From = rotated(old.Target.From)
	return w.Replace(r.Portfolio, &next)
}

func rotated(weights []fixed.Wad) []fixed.Wad {
	if len(weights) == 0 {
		return nil
	}
	return append(slices.Clone(weights[1:]), weights[0])
}

// Toggler pauses portfolios and lets them go on, at random.
type Toggler struct{}

// Meddle turns one portfolio off or on.
func (Toggler) Meddle(w *World, rnd *rand.Rand, _ int64) error {
	if rnd.IntN(4) != 0 {
		return nil
	}
	return w.Update(w.pick(rnd), func(st cycle.State) (cycle.State, error) {
		if st.Paused {
			return st.Resume(), nil
		}
		return st.Pause(), nil
	})
}

// Trader is an owner who never leaves his portfolio alone: one-time orders, cancellations, releases, withdrawals.
type Trader struct{ Portfolio uint64 }

// Meddle does one of these, if it can be done now.
func (t Trader) Meddle(w *World, rnd *rand.Rand, now int64) error {
	pol := w.Policy(t.Portfolio)
	k := rnd.IntN(len(pol.Assets))
	sell, buy := pol.Assets[k], pol.Assets[(k+1)%len(pol.Assets)]
	have := w.ledger.Balance(folio(t.Portfolio), sell)
	part := fixed.NatOf(1 + rnd.Uint64N(9))
	var c fixed.Calc
	some := c.MulDivNatDown(have, part, fixed.NatOf(10)) // a part of an amount
	switch rnd.IntN(6) {
	case 0:
		return w.try(t.Portfolio, func(st cycle.State) (cycle.State, error) {
			return st.AddOneTime(pol, w.cfg.Cycle.Universe, cycle.OneTime{
				ID: uint64(now) + uint64(k), Sell: sell, Buy: buy, OutsideCap: rnd.IntN(2) == 0, //nolint:gosec // positive
				Proceeds: cycle.Proceeds(rnd.IntN(2)), //nolint:gosec // zero or one
				Minimum:  fixed.NatOf(rnd.Uint64N(100)),
				Slicing:  project.Slicing{Remaining: some, Intervals: 1 + rnd.Int64N(5)},
			})
		})
	case 1:
		return w.try(t.Portfolio, func(st cycle.State) (cycle.State, error) {
			if len(st.OneTime) == 0 {
				return st, nil
			}
			return st.CancelOneTime(st.OneTime[rnd.IntN(len(st.OneTime))].ID)
		})
	case 2:
		return w.try(t.Portfolio, func(st cycle.State) (cycle.State, error) {
			if len(st.Earmarked) == 0 {
				return st, nil
			}
			e := st.Earmarked[rnd.IntN(len(st.Earmarked))]
			return st.ReleaseEarmark(e.Asset, c.MulDivNatUp(e.Amount, part, fixed.NatOf(10)))
		})
	case 3:
		if rnd.IntN(10) == 0 {
			return w.Withdraw(t.Portfolio, sell, some)
		}
	}
	return nil
}

// pick draws a portfolio.
func (w *World) pick(rnd *rand.Rand) uint64 { return 1 + rnd.Uint64N(uint64(len(w.folios))) }

// meddle lets everybody act who wants to.
func (w *World) meddle(now int64) error {
	if len(w.folios) == 0 {
		return nil
	}
	for _, m := range w.cfg.Meddlers {
		if err := m.Meddle(w, w.rnd, now); err != nil {
			return err
		}
	}
	return nil
}
