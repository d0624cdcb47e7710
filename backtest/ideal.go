package backtest

import (
	"context"
	"fmt"
	"slices"

	"github.com/ballast-finance/ballast/engine/asset"
	"github.com/ballast-finance/ballast/engine/cost"
	"github.com/ballast-finance/ballast/engine/cycle"
	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/engine/oracle"
	"github.com/ballast-finance/ballast/engine/pid"
	"github.com/ballast-finance/ballast/engine/trigger"
)

// ideal runs one treasury against a market that fills everything at the close.
//
// The order of operations is that of spec "backtest jobs": on the first row the whole capital buys the target and
// pays the fee, which is no rebalance; on every later row the holdings are valued, the policy decides, orders trade
// at the row's prices, and the row's NAV is the value after fees.
type ideal struct {
	cfg    *Config
	holder *Holder
	folio  cycle.Portfolio
	plain  bool // only the figures are asked for, and Glance may find them
	market cycle.Market
	ws     cycle.Workspace
	fill   cost.Workspace
	log    *log
	before []fixed.Wad // values before a trade
	wanted []fixed.Wad
	after  []fixed.Wad
	net    []fixed.Wad // realised change per asset
	shift  []fixed.Wad // the same over NAV
}

func newIdeal(cfg *Config, holder *Holder, u asset.Universe, pol *cycle.Policy, l *log) *ideal {
	n := len(pol.Assets)
	return &ideal{
		cfg: cfg, holder: holder, log: l, plain: cfg.Brief && pol.Plain(),
		folio:  cycle.Portfolio{ID: 1, Policy: pol, Holdings: make([]asset.Amount, n), State: cycle.NewState(n)},
		market: cycle.Market{Universe: u, Prices: make([]oracle.Price, u.Len())},
		before: make([]fixed.Wad, n), wanted: make([]fixed.Wad, n), after: make([]fixed.Wad, n),
		shift: make([]fixed.Wad, n), net: make([]fixed.Wad, n),
	}
}

// run plays all rows. columns[i] is the column of the table that holds asset i of the universe.
func (r *ideal) run(ctx context.Context, columns []int) error {
	t := r.cfg.Table
	if r.cfg.Brief {
		r.log.known = r.cfg.Mix.of(t, columns, r.folio.Policy)
	}
	for i := range r.market.Prices {
		r.market.Prices[i].Status = oracle.StatusOK
	}
	for row := range t.Len() {
		prices, market := t.Row(row), r.market.Prices
		for i, column := range columns {
			market[i].Value = prices[column]
		}
		r.market.Now = t.Times[row]
		var err error
		if row == 0 {
			err = r.start()
		} else {
			err = r.step()
		}
		if err != nil {
			return fmt.Errorf("%w: row %d (%s): %w", ErrRun, row+1, stamp(t.Times[row]), err)
		}
		if err := r.cfg.tick(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

// start turns the capital into the target.
func (r *ideal) start() error {
	var c fixed.Calc
	pol := r.folio.Policy
	r.folio.State.Trigger = trigger.Started(r.market.Now)
	if len(r.holder.Holdings) > 0 {
		for k, units := range r.holder.Holdings {
			r.folio.Holdings[k] = asset.UnitsDown(&c, units, fixed.One(), r.exponent(k))
		}
	} else {
		for k, w := range pol.Target.Weights {
			r.wanted[k] = c.MulDown(w, r.holder.Capital)
		}
		if _, err := cost.Fill(&r.fill, r.cfg.Convention, r.cfg.Fee, r.before, r.wanted, r.after); err != nil {
			return err
		}
		r.hold(&c, r.after)
	}
	nav := r.value(&c)
	if err := c.Err(); err != nil {
		return err
	}
	return r.log.first(r.market.Now, r.market.Prices, r.before, nav)
}

// step values, decides, trades and takes the row's NAV.
func (r *ideal) step() error {
	if r.plain {
		if e, rests := r.ws.Glance(&r.folio, &r.market); rests {
			return r.log.rest(r.market.Now, r.market.Prices, &e)
		}
	}
	d := r.ws.Decide(&r.folio, &r.market)
	if d.Err != nil {
		return d.Err
	}
	if d.Active() {
		return r.trade(d)
	}
	nav := d.Report.NAV
	var values []fixed.Wad
	if !d.Measured {
		var c fixed.Calc
		if nav = r.value(&c); c.Err() != nil {
			return c.Err()
		}
		values = r.before
	}
	return r.log.row(r.market.Now, r.market.Prices, seenOf(d), nav, values)
}

// trade fills the orders of a decision at once.
func (r *ideal) trade(d *cycle.Decision) error {
	var c fixed.Calc
	for k, x := range d.Orders {
		r.wanted[k] = c.Add(d.Report.Values[k], x)
	}
	filled, err := cost.Fill(&r.fill, r.cfg.Convention, r.cfg.Fee, d.Report.Values, r.wanted, r.after)
	if err != nil {
		return err
	}
	r.hold(&c, r.after)
	nav := c.Sub(d.Report.NAV, filled.Fee)
	t := trade{nav: d.Report.NAV, ordered: d.Matched, fill: fixed.One()}
	for k := range r.shift {
		change := c.Sub(r.after[k], d.Report.Values[k])
		if change.Sign() < 0 {
			t.sold = c.Sub(t.sold, change)
		} else {
			t.got = c.Add(t.got, change)
		}
		r.net[k], r.shift[k] = change, c.DivTrunc(change, d.Report.NAV)
	}
	if err := c.Err(); err != nil {
		return err
	}
	if err := pid.Feedback(&r.folio.Policy.Gains, &r.folio.State.Controller, r.shift); err != nil {
		return err
	}
	if err := r.log.row(r.market.Now, r.market.Prices, seenOf(d), nav, r.after); err != nil {
		return err
	}
	if !r.cfg.Brief {
		t.net = slices.Clone(r.net)
	}
	return r.log.trade(t)
}

func (r *ideal) exponent(k int) uint8 { return r.market.Universe.At(r.folio.Policy.Assets[k]).Exponent }

// hold sets the holdings that are worth the values, rounded down to base units.
func (r *ideal) hold(c *fixed.Calc, values []fixed.Wad) {
	for k, a := range r.folio.Policy.Assets {
		r.folio.Holdings[k] = asset.UnitsDown(c, values[k], r.market.Prices[a].Value, r.exponent(k))
	}
}

// value is the value of the holdings; it leaves the parts in r.before.
func (r *ideal) value(c *fixed.Calc) fixed.Wad {
	var nav fixed.Wad
	for k, a := range r.folio.Policy.Assets {
		r.before[k] = asset.ValueDown(c, r.folio.Holdings[k], r.market.Prices[a].Value, r.exponent(k))
		nav = c.Add(nav, r.before[k])
	}
	return nav
}
