package demo

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/ballast-finance/ballast/engine/fixed"
	"github.com/ballast-finance/ballast/x/rebalance/types"
)

// state is what a treasury owns at a moment.
type state struct {
	nav     fixed.Wad
	weights []fixed.Wad // by column of the market
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
		x := state{nav: parsed(r.Nav), weights: make([]fixed.Wad, len(s.market.table.Assets))}
		var c fixed.Calc
		for k, d := range s.market.denoms() {
			for j := range r.Assets {
				if r.Assets[j].Denom == d && !x.nav.IsZero() {
					x.weights[k] = c.DivDown(parsed(r.Assets[j].Value), x.nav)
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

// bps is a part of a whole in hundredths of a percent.
func bps(part, whole fixed.Wad) string {
	if whole.IsZero() {
		return "-"
	}
	var c fixed.Calc
	return fmt.Sprintf("%.1f", c.MulInt(c.DivTrunc(part, whole), 10_000).Float())
}

func percent(w fixed.Wad) string { return fmt.Sprintf("%.1f", 100*w.Float()) }

// report prints how it ended and asks the chain whether its books add up.
func (s *show) report(ctx context.Context, before []state, last uint64) error {
	after, err := s.look(ctx)
	if err != nil {
		return err
	}
	s.say("\nweights in percent, of %s", strings.Join(s.market.table.Assets, ", "))
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(w, strings.Join([]string{
		"treasury", "value before", "after", "weights before", "after", "target", "ordered", "filled %", "crossed %",
		"cost bp", "",
	}, "\t"))
	for i, t := range s.treasuries {
		a, err := s.add(ctx, t, last)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", t.label,
			whole(before[i].nav.String()), whole(after[i].nav.String()), row(before[i].weights), row(after[i].weights),
			strings.Join(s.targets(t), " "), whole(a.ordered.String()), part(a.sold, a.ordered), part(a.crossed, a.sold),
			bps(a.lost, a.sold))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for i, m := range s.makers {
		x := m.Stats()
		s.say("%s: %d bids, %d fills, bought %s, margin %s bp against its own prices",
			makerKey(i), x.Bids, x.Fills, whole(x.Taken.String()), bps(x.Margin(), fixed.One()))
	}
	return s.verdict(ctx)
}

// targets are the weights that a treasury wants, by column.
func (s *show) targets(t *treasury) []string {
	texts := shares(s.market, t.wantCash, t.wantFirst)
	for i := range texts {
		texts[i] = fmt.Sprintf("%.1f", parsed(texts[i]).Float())
	}
	return texts
}

func part(a, of fixed.Wad) string {
	if of.IsZero() {
		return "-"
	}
	var c fixed.Calc
	return percent(c.DivTrunc(a, of))
}

func row(weights []fixed.Wad) string {
	texts := make([]string, len(weights))
	for i, w := range weights {
		texts[i] = percent(w)
	}
	return strings.Join(texts, " ")
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
