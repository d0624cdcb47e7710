package demo

import (
	"context"
	"fmt"
	"strings"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/internal/cli/figure"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// state is what a treasury owns at a moment.
type state struct {
	nav     fixed.Wad
	values  []fixed.Wad // by column of the market
	weights []fixed.Wad // parallel to values
}

// look values all treasuries, what is in auctions included.
func (s *show) look(ctx context.Context) ([]state, error) {
	q := types.NewQueryClient(s.client())
	list := make([]state, len(s.treasuries))
	for i, t := range s.treasuries {
		r, err := q.Value(ctx, &types.QueryValueRequest{Portfolio: t.id})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.label, err)
		}
		n := len(s.market.table.Assets)
		x := state{nav: parsed(r.Nav), values: make([]fixed.Wad, n), weights: make([]fixed.Wad, n)}
		var c fixed.Calc
		for k, d := range s.market.denoms() {
			for j := range r.Assets {
				if r.Assets[j].Denom == d && !x.nav.IsZero() {
					x.values[k] = parsed(r.Assets[j].Value)
					x.weights[k] = c.DivDown(x.values[k], x.nav)
				}
			}
		}
		if err := c.Err(); err != nil {
			return nil, err
		}
		list[i] = x
	}
	return list, nil
}

// account is what trading did to a treasury.
type account struct {
	rounds                       int
	ordered, crossed, sold, lost fixed.Wad
}

// add up what the log says about a treasury.
func (s *show) add(ctx context.Context, t *treasury, last uint64) (account, error) {
	q := types.NewQueryClient(s.client())
	var a account
	var c fixed.Calc
	for round := uint64(1); round <= last; round++ {
		r, err := q.Record(ctx, &types.QueryRecordRequest{Portfolio: t.id, Round: round})
		if err != nil || r.Record.Fill == nil {
			continue // it did nothing in this round
		}
		f := r.Record.Fill
		a.rounds++
		a.ordered, a.crossed = c.Add(a.ordered, parsed(f.Ordered)), c.Add(a.crossed, parsed(f.Crossed))
		a.sold, a.lost = c.Add(a.sold, parsed(f.Sold)), c.Add(a.lost, parsed(f.Lost))
	}
	return a, c.Err()
}

// tenths is a part of a whole in tenths of a percent or of a basis point, as its unit says.
func tenths(unit func(w fixed.Wad, places int) string, part, of fixed.Wad) string {
	if of.IsZero() {
		return "-"
	}
	var c fixed.Calc
	return unit(c.DivTrunc(part, of), 1)
}

// report prints how it ended and asks the chain whether its books add up.
func (s *show) report(ctx context.Context, before []state, last uint64) error {
	after, err := s.look(ctx)
	if err != nil {
		return err
	}
	if s.opt.probe != nil {
		s.opt.probe(s, before, after)
	}
	var table, weights figure.Table
	table.Row("treasury", "value before", "after", "ordered", "filled", "crossed", "cost")
	weights.Row(append([]string{"weights, %", ""}, s.market.table.Assets...)...)
	weights.Left = 1
	for i, t := range s.treasuries {
		a, err := s.add(ctx, t, last)
		if err != nil {
			return err
		}
		table.Row(t.label, whole(before[i].nav), whole(after[i].nav), whole(a.ordered),
			tenths(figure.Percent, a.sold, a.ordered), tenths(figure.Percent, a.crossed, a.sold),
			tenths(figure.Bps, a.lost, a.sold))
		weights.Row(row(t.label, "before", before[i].weights)...)
		weights.Row(row("", "after", after[i].weights)...)
		weights.Row(row("", "target", t.targets(s.market))...)
	}
	s.say("")
	if _, err := weights.WriteTo(s.out); err != nil {
		return err
	}
	s.say("")
	if _, err := table.WriteTo(s.out); err != nil {
		return err
	}
	s.say("")
	for i, m := range s.makers {
		x := m.Stats()
		s.say("%s: %d bids, %d fills, bought %s, margin %s against its own prices",
			makerKey(i), x.Bids, x.Fills, whole(x.Taken), figure.Bps(x.Margin(), 1))
	}
	return s.verdict(ctx)
}

// row is a line of weights in percent.
func row(name, when string, weights []fixed.Wad) []string {
	cells := append(make([]string, 0, len(weights)+2), name, when)
	for _, w := range weights {
		cells = append(cells, strings.TrimSuffix(figure.Percent(w, 1), " %"))
	}
	return cells
}

// verdict asks for the invariants of all modules.
func (s *show) verdict(ctx context.Context) error {
	r, err := types.NewQueryClient(s.client()).Invariants(ctx, &types.QueryInvariantsRequest{})
	if err != nil {
		return err
	}
	if len(r.Broken) > 0 {
		s.say("\ninvariants BROKEN at height %d:", s.node.App.LastBlockHeight())
		for _, b := range r.Broken {
			s.say("  %s", b)
		}
		return fmt.Errorf("%w: %d", ErrBroken, len(r.Broken))
	}
	s.say("\ninvariants hold at height %d: every unit of every denom has exactly one owner", s.node.App.LastBlockHeight())
	return nil
}
