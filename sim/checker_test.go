package sim_test

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/auction"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/surface"
	"github.com/ballast-finance/ballast/engine/target"
	"github.com/ballast-finance/ballast/sim"
)

// checker holds everything that happens in a world to its rules, and counts.
type checker struct {
	world  *sim.World
	rounds int // settled
	orders int // decisions with orders
	slices int // of one-time orders
	lots   int // closed
	fills  int // clearings that sold something
	err    error

	outcomes [32]int
}

// add adds up what two worlds saw.
func (k *checker) add(o *checker) {
	k.rounds, k.orders, k.slices = k.rounds+o.rounds, k.orders+o.orders, k.slices+o.slices
	k.lots, k.fills = k.lots+o.lots, k.fills+o.fills
	for i := range k.outcomes {
		k.outcomes[i] += o.outcomes[i]
	}
}

func (k *checker) fail(format string, args ...any) {
	if k.err == nil {
		k.err = fmt.Errorf(format, args...)
	}
}

// Stepped checks decisions and fills.
func (k *checker) Stepped(_ int64, phase cycle.Phase, out *cycle.Output) {
	if phase == cycle.Settling && k.world.Phase() == cycle.Idle {
		k.rounds++
	}
	for i := range out.Decisions {
		k.decision(&out.Decisions[i])
	}
	for i := range out.Fills {
		if f := &out.Fills[i]; f.Ordered.Less(f.Sold) {
			k.fail("portfolio %d sold %v of %v ordered", f.Portfolio, f.Sold, f.Ordered)
		}
	}
	for i := range out.Slices {
		k.slices++
		if s := &out.Slices[i]; s.Units.Less(s.Sold) {
			k.fail("portfolio %d sold %v of a slice of %v", s.Portfolio, s.Sold, s.Units)
		}
	}
	for i := range out.Notes {
		n := &out.Notes[i]
		k.outcomes[n.Outcome]++
		known := errors.Is(n.Err, fixed.ErrOverflow) || errors.Is(n.Err, surface.ErrOverflow) || // too rich
			errors.Is(n.Err, target.ErrSigma) // too young
		if n.Outcome == cycle.CrossRefused || n.Outcome == cycle.Failed && !known {
			k.fail("portfolio %d: %v: %w", n.Portfolio, n.Outcome, n.Err)
		}
	}
}

// decision holds orders to the limits: they pay for themselves, no more is sold than allowed, and the sum of the
// errors does not grow.
func (k *checker) decision(r *cycle.Record) {
	pol, st := k.world.Policy(r.Portfolio), k.world.State(r.Portfolio)
	if r.Measured {
		k.sold(r, pol, st)
	}
	if len(r.Orders) == 0 {
		return
	}
	k.orders++
	var c fixed.Calc
	var sum fixed.Wad
	for _, x := range r.Orders {
		sum = c.Add(sum, x)
	}
	if !sum.IsZero() {
		k.fail("portfolio %d: orders add up to %v", r.Portfolio, sum)
	}
	if len(pol.Limits.MinBalances)+len(pol.Limits.MaxWeights)+len(pol.Payments) == 0 {
		k.shrinks(&c, r)
	}
	if err := c.Err(); err != nil {
		k.fail("portfolio %d: %w", r.Portfolio, err)
	}
}

// sold holds all orders of an interval, slices of one-time orders included, to the largest sale.
func (k *checker) sold(r *cycle.Record, pol *cycle.Policy, st *cycle.State) {
	var c fixed.Calc
	var sold fixed.Wad
	frozen := k.world.Round().Frozen
	for _, o := range st.Orders {
		at := slices.IndexFunc(st.OneTime, func(x cycle.OneTime) bool { return x.ID == o.OneTime })
		if at >= 0 && st.OneTime[at].OutsideCap {
			continue
		}
		sold = c.Add(sold, asset.ValueDown(&c, o.Units, frozen[o.Sell].Value, k.world.Universe().At(o.Sell).Exponent))
	}
	most := r.NAV
	if !pol.Limits.MaxSell.IsZero() {
		most = c.MulDown(pol.Limits.MaxSell, r.NAV)
	}
	if most.Less(sold) || c.Err() != nil {
		k.fail("portfolio %d sells %v of %v, at most %v: %w", r.Portfolio, sold, r.NAV, most, c.Err())
	}
}

// shrinks checks that at constant prices the orders bring the weights nearer to the targets.
func (k *checker) shrinks(c *fixed.Calc, r *cycle.Record) {
	var before, after fixed.Wad
	for i, x := range r.Orders {
		e := c.Sub(r.Targets[i], r.Weights[i])
		before = c.Add(before, e.Abs())
		after = c.Add(after, c.Sub(e, c.DivTrunc(x, r.NAV)).Abs())
	}
	if c.Add(before, fixed.FromRaw(int64(4*len(r.Orders)))).Less(after) {
		k.fail("portfolio %d: errors grow from %v to %v", r.Portfolio, before, after)
	}
}

// Cleared checks the price of a clearing.
func (k *checker) Cleared(lot *auction.Lot, cl *auction.Clearing, _ fixed.Wad, _ int64) {
	k.fills++
	if cl.Price.Less(cl.Clock) || cl.Price.Less(lot.Curve.Reserve) {
		k.fail("lot %d cleared at %v, clock %v, reserve %v", lot.ID, cl.Price, cl.Clock, lot.Curve.Reserve)
	}
}

// Closed counts: what lots hold is checked by the world.
func (k *checker) Closed(*auction.Lot) { k.lots++ }

// Paid sees nothing that the ledger does not.
func (*checker) Paid(uint64, int64, cycle.Payout) {}
